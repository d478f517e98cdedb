//! The media folders of both sides, compared.
//!
//! Other than all facts these are not of one side alone: which files have to be
//! read depends on what the other side has.

use std::io;
use std::path::Path;

use crate::error::Error;
use crate::known::{Known, Lack};
use crate::magento::{htaccess, media_folders};
use crate::pair::{Pair, Side};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::source::interrupt;
use crate::source::media::{Comparison, Policy, Scan, Tree};
use crate::store::Store;

/// What paths below a media folder mean to Magento.
pub(crate) const POLICY: Policy = Policy {
    is_left_out: media_folders::is_left_out,
    is_left_out_file: media_folders::is_left_out_file,
    is_special: htaccess::is_htaccess,
    has_executable_name: media_folders::has_executable_name,
    has_script_head: media_folders::has_script_head,
    part: media_folders::part,
};

/// The media folders of both sides.
#[derive(Debug)]
pub struct MediaFacts {
    /// Whether each side's folder is known. In an assessment Magento 2's is: it has nothing.
    pub known: Pair<Known<()>>,
    /// What they have in common, if at least Magento 1's is known.
    pub comparison: Option<Comparison>,
}

impl MediaFacts {
    /// Nothing is known, for this reason.
    pub fn unknown(why: &str) -> Self {
        let lack = || Known::Not(Lack::NotGiven(why.to_owned()));
        Self { known: Pair { m1: lack(), m2: lack() }, comparison: None }
    }
}

/// Lists both media folders at once and compares them.
///
/// # Panics
///
/// If listing a folder panics: a mistake in this crate.
pub fn compare(
    stores: &Pair<Option<Store>>,
    is_assessment: bool,
    settings: &Settings,
    progress: &Progress,
) -> Result<MediaFacts, Error> {
    let scan = Scan {
        policy: POLICY,
        compare: settings.compare,
        include_generated: settings.include_generated,
        include: settings.include.clone(),
        exclude: settings.exclude.clone(),
        threads: settings.threads,
    };
    let roots = stores.as_ref().map(|store| store.as_ref().map(|it| it.media.clone()));
    let list = |side: Side| match roots.of(side) {
        None => Known::Is(Tree::default()),
        Some(Known::Not(lack)) => Known::Not(lack.clone()),
        Some(Known::Is(root)) => {
            let bar = progress.count(&format!("listing {side} media"));
            Tree::list(root, &scan, &bar).map_or_else(|error| Known::Not(unreadable(side, root, &error)), Known::Is)
        }
    };
    let (m1, m2) = std::thread::scope(|scope| {
        let other = scope.spawn(|| list(Side::M2));
        (list(Side::M1), other.join().expect("a panic there is one here"))
    });
    if interrupt::is_asked() {
        return Err(Error::Interrupted);
    }
    let state = |tree: &Known<Tree>| match tree {
        Known::Is(_) => Known::Is(()),
        Known::Not(lack) => Known::Not(lack.clone()),
    };
    let mut facts = MediaFacts { known: Pair { m1: state(&m1), m2: state(&m2) }, comparison: None };
    let Known::Is(m1) = m1 else { return Ok(facts) };
    let is_m2_known = is_assessment || m2.get().is_some();
    let m2 = if let Known::Is(tree) = m2 { tree } else { Tree::default() };
    match Comparison::of(Pair { m1, m2 }, is_m2_known, &scan, progress) {
        Ok(comparison) => facts.comparison = Some(comparison),
        Err(_) if interrupt::is_asked() => return Err(Error::Interrupted),
        Err(error) => {
            let why = format!("the media folders cannot be compared: {error}");
            facts.known.m1 = Known::Not(Lack::Failed(why));
        }
    }
    Ok(facts)
}

fn unreadable(side: Side, root: &Path, error: &io::Error) -> Lack {
    Lack::Failed(format!("cannot read the {side} media folder {}: {error}", root.display()))
}
