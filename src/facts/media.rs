//! The media folders of both sides, compared.
//!
//! Other than all facts these are not of one side alone: which files have to be
//! read depends on what the other side has.

use std::io;
use std::path::Path;

use crate::error::Error;
use crate::known::Known;
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

/// Lists both media folders at once and compares them. `None` if Magento 1's is not known.
///
/// # Panics
///
/// If listing a folder panics: a mistake in this crate.
pub fn compare(
    stores: &Pair<Option<Store>>,
    is_assessment: bool,
    settings: &Settings,
    progress: &Progress,
) -> Result<Option<Comparison>, Error> {
    let root = |side| stores.of(side).as_ref().and_then(|it| it.media.get()).map(std::path::PathBuf::as_path);
    let roots = Pair { m1: root(Side::M1), m2: root(Side::M2) };
    let Some(m1) = roots.m1 else { return Ok(None) };
    let scan = Scan {
        policy: POLICY,
        compare: settings.compare,
        include_generated: settings.include_generated,
        include: settings.include.clone(),
        exclude: settings.exclude.clone(),
        threads: settings.threads,
    };
    let list = |side: Side, root: &Path| {
        let bar = progress.count(&format!("listing {side} media"));
        Tree::list(root, &scan, &bar).map_err(|source| failed(side, root, source))
    };
    let (m1_tree, m2_tree) = std::thread::scope(|scope| {
        let other = scope.spawn(|| roots.m2.map_or(Ok(Tree::default()), |root| list(Side::M2, root)));
        let one = list(Side::M1, m1);
        (one, other.join().expect("a panic there is one here"))
    });
    let trees = Pair { m1: m1_tree?, m2: m2_tree? };
    let is_m2_known = is_assessment || roots.m2.is_some();
    let compared = Comparison::of(trees, is_m2_known, &scan, progress);
    compared.map(Some).map_err(|source| failed(Side::M1, m1, source))
}

fn failed(side: Side, root: &Path, source: io::Error) -> Error {
    if interrupt::is_asked() {
        return Error::Interrupted;
    }
    Error::Media { side, path: root.to_owned(), source }
}

/// Whether each side's folder is known. In an assessment Magento 2's is: it has nothing.
pub fn known(stores: &Pair<Option<Store>>, empty: &Known<()>) -> Pair<Known<()>> {
    stores.as_ref().map(|store| match store {
        Some(store) => match &store.media {
            Known::Is(_) => Known::Is(()),
            Known::Not(lack) => Known::Not(lack.clone()),
        },
        None => empty.clone(),
    })
}
