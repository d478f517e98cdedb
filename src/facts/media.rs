//! The media folders of both sides, compared.
//!
//! Other than all facts these are not of one side alone: which files have to be
//! read depends on what the other side has.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::path::Path;

use crate::error::Error;
use crate::facts::stored::{StoredFile, StoredMedia};
use crate::known::{Known, Lack};
use crate::magento::{htaccess, media_folders};
use crate::pair::{Pair, Side};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::source::interrupt;
use crate::source::media::{Comparison, Named, Policy, Scan, Tree, look_up};
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
    /// Magento 1's stored files against both folders; none if there are none.
    pub stored: Option<StoredComparison>,
}

/// Files in Magento 1's database against the media folders.
#[derive(Debug, Default)]
pub struct StoredComparison {
    /// What lies in each folder under the name of each stored file, in the order of the stored files;
    /// none if the folder is not known.
    pub on_disk: Pair<Option<Vec<Named>>>,
    /// Files and links of Magento 1's folder that are not stored, in path order. None if it is not known.
    pub not_stored: Vec<Vec<u8>>,
    /// For a stored file that is not on Magento 1's disk as it is stored: a file there with its content.
    pub content_at: BTreeMap<usize, Vec<u8>>,
    /// Stored files that Magento 1's folder has behind a symbolic link, which nobody copies.
    pub behind_links: BTreeSet<usize>,
}

impl MediaFacts {
    /// Nothing is known, for this reason.
    pub fn unknown(why: &str) -> Self {
        let lack = || Known::Not(Lack::NotGiven(why.to_owned()));
        Self { known: Pair { m1: lack(), m2: lack() }, comparison: None, stored: None }
    }

    /// Compares what Magento 1 keeps in its database, if anything, with both folders.
    ///
    /// # Errors
    ///
    /// If the run is interrupted.
    pub fn compare_stored(
        &mut self,
        of_m1: &Known<StoredMedia>,
        stores: &Pair<Option<Store>>,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<(), Error> {
        let files = of_m1.get().and_then(|it| it.files.as_deref()).filter(|it| !it.is_empty());
        let Some(files) = files else { return Ok(()) };
        match compare_stored(files, stores, settings, progress) {
            Ok(found) => self.stored = Some(found),
            Err(_) if interrupt::is_asked() => return Err(Error::Interrupted),
            // A folder that cannot be listed is said to be so where it is listed first.
            Err(_) => self.stored = None,
        }
        Ok(())
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
    let mut facts = MediaFacts { known: Pair { m1: state(&m1), m2: state(&m2) }, comparison: None, stored: None };
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

/// Compares the files in Magento 1's database with the files of both folders.
///
/// A symbolic link within Magento 1's folder is resolved by its text: its synchronisation follows them.
fn compare_stored(
    files: &[StoredFile],
    stores: &Pair<Option<Store>>,
    settings: &Settings,
    progress: &Progress,
) -> io::Result<StoredComparison> {
    let root = |side: Side| stores.of(side).as_ref().and_then(|it| it.media.get());
    let mut found = StoredComparison::default();
    let everything = Scan {
        policy: POLICY,
        compare: settings.compare,
        include_generated: true,
        include: globset::GlobSet::empty(),
        exclude: globset::GlobSet::empty(),
        threads: settings.threads,
    };
    let tree = match root(Side::M1) {
        Some(root) => Some(Tree::list(root, &everything, &progress.count("listing Magento 1 media"))?),
        None => None,
    };
    let bar = progress.items("comparing media in the database", files.len() as u64);
    for side in Side::BOTH {
        let Some(root) = root(side) else { continue };
        let real: Vec<Vec<u8>> = files
            .iter()
            .map(|it| match (&tree, side) {
                (Some(tree), Side::M1) => tree.resolved(&it.path),
                _ => it.path.clone(),
            })
            .collect();
        if side == Side::M1 {
            let is_linked = |(at, path): (usize, &Vec<u8>)| (*path != files[at].path).then_some(at);
            found.behind_links = real.iter().enumerate().filter_map(is_linked).collect();
        }
        let wanted: Vec<(&[u8], u64)> = real.iter().zip(files).map(|(path, it)| (path.as_slice(), it.size)).collect();
        *found.on_disk.of_mut(side) = Some(look_up(root, &wanted, settings.threads, &bar)?);
    }
    let (Some(tree), Some(root)) = (tree, root(Side::M1)) else { return Ok(found) };
    let is_stored = |path: &[u8]| files.binary_search_by(|it| it.path.as_slice().cmp(path)).is_ok();
    // A folder that is linked to is stored as a folder of its own.
    let is_folder = |path: &[u8]| {
        let inside = [path, b"/"].concat();
        let at = files.partition_point(|it| it.path < inside);
        files.get(at).is_some_and(|it| it.path.starts_with(&inside))
    };
    let all = (0..tree.len()).map(|at| tree.path(at)).chain(tree.links.iter().map(|it| it.path.as_slice()));
    found.not_stored = all.filter(|it| !is_stored(it) && !is_folder(it)).map(<[u8]>::to_vec).collect();
    found.not_stored.sort();
    found.content_at = content_elsewhere(files, &found, &tree, root, settings.threads, &bar)?;
    bar.finish_and_clear();
    Ok(found)
}

/// Where the content of stored files lies whose own file is not there, or is another: names were cut,
/// or merged with others by the database.
fn content_elsewhere(
    files: &[StoredFile],
    found: &StoredComparison,
    tree: &Tree,
    root: &Path,
    threads: usize,
    bar: &indicatif::ProgressBar,
) -> io::Result<BTreeMap<usize, Vec<u8>>> {
    let on_disk = found.on_disk.m1.as_deref().unwrap_or_default();
    let is_lost = |(at, it): &(usize, &StoredFile)| on_disk.get(*at) != Some(&Named::Is(it.hash.into())) && it.size > 0;
    let lost: Vec<(usize, &StoredFile)> = files.iter().enumerate().filter(is_lost).collect();
    let sizes: HashSet<u64> = lost.iter().map(|(_, it)| it.size).collect();
    let candidates: Vec<(&[u8], u64)> = found
        .not_stored
        .iter()
        .filter_map(|path| Some((path.as_slice(), tree.size(tree.find(path)?))))
        .filter(|(_, size)| sizes.contains(size))
        .collect();
    let contents = look_up(root, &candidates, threads, bar)?;
    let mut places: HashMap<[u8; 32], &[u8]> = HashMap::new();
    for (content, (path, _)) in contents.iter().zip(&candidates) {
        if let Named::Is(hash) = content {
            places.entry(*hash.as_bytes()).or_insert(*path);
        }
    }
    Ok(lost.into_iter().filter_map(|(at, it)| Some((at, places.get(&it.hash)?.to_vec()))).collect())
}

fn unreadable(side: Side, root: &Path, error: &io::Error) -> Lack {
    Lack::Failed(format!("cannot read the {side} media folder {}: {error}", root.display()))
}
