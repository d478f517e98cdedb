//! What Magento 1 keeps of media in its database, against both folders.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::path::Path;

use super::MediaOptions;
use crate::error::Error;
use crate::facts::store::MediaSource;
use crate::facts::stored::{StoredFile, StoredMedia};
use crate::known::Known;
use crate::magento::media_folders;
use crate::pair::Pair;
use crate::progress::Progress;
use crate::source::interrupt;
use crate::source::media::{About, Listing, Named, Scan, look_up};

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

/// Compares what Magento 1 keeps in its database, if anything, with both folders.
pub(super) fn read(
    of_m1: &Known<StoredMedia>,
    sources: &Pair<Option<&Known<MediaSource>>>,
    options: &MediaOptions,
    progress: &Progress,
) -> Result<Option<StoredComparison>, Error> {
    let files = of_m1.get().and_then(|it| it.files.as_deref()).filter(|it| !it.is_empty());
    let Some(files) = files else { return Ok(None) };
    let sources = sources.map(|it| it.and_then(Known::get));
    match compare(files, &sources, options, progress) {
        Ok(found) => Ok(Some(found)),
        Err(_) if interrupt::is_asked() => Err(Error::Interrupted),
        // A folder that cannot be listed is said to be so where it is listed first.
        Err(_) => Ok(None),
    }
}

/// A folder with all that it has, generated files as well.
struct Whole<'a> {
    source: &'a MediaSource,
    /// One of what is compared, one of what is generated, or both in one.
    listings: Vec<Listing>,
    about: About,
    scan: Scan,
}

impl<'a> Whole<'a> {
    fn of(source: &'a MediaSource, options: &MediaOptions, progress: &Progress) -> io::Result<Option<Self>> {
        let scan = options.scan_of_everything();
        let (listings, about) = match source {
            MediaSource::Folder(root) => {
                let listing = Listing::of_folder(root, &scan, &progress.count("listing Magento 1 media"))?;
                let about = listing.about.clone();
                (vec![listing], about)
            }
            MediaSource::List(path) => match list(path, &scan)? {
                Some(listing) => (vec![listing], About::default()),
                None => return Ok(None),
            },
            MediaSource::Snapshot(media) => media.everything(&scan)?,
        };
        Ok(Some(Self { source, listings, about, scan }))
    }

    /// What is there under these names, each with the size that it should have.
    fn look_up(&self, files: &[(&[u8], u64)], bar: &indicatif::ProgressBar) -> io::Result<Vec<Named>> {
        if let MediaSource::Folder(root) = self.source {
            return look_up(root, files, &self.scan, bar);
        }
        let mut found = vec![Named::NotThere; files.len()];
        for listing in &self.listings {
            for (known, here) in found.iter_mut().zip(listing.look_up(files)?) {
                if matches!(known, Named::NotThere) || matches!(here, Named::Is(_)) {
                    *known = here;
                }
            }
        }
        Ok(found)
    }

    /// All files, with their sizes, by their paths.
    fn files(&self) -> io::Result<BTreeMap<Vec<u8>, u64>> {
        let mut files = BTreeMap::new();
        for listing in &self.listings {
            listing.each(|path, size| _ = files.insert(path.to_vec(), size.unwrap_or_default()))?;
        }
        Ok(files)
    }
}

/// Compares the files in Magento 1's database with the files of both folders.
///
/// A symbolic link within Magento 1's folder is resolved by its text: its synchronisation follows them.
fn compare(
    files: &[StoredFile],
    sources: &Pair<Option<&MediaSource>>,
    options: &MediaOptions,
    progress: &Progress,
) -> io::Result<StoredComparison> {
    let mut found = StoredComparison::default();
    let bar = progress.items("comparing media in the database", files.len() as u64);
    if let Some(source) = sources.m2 {
        found.on_disk.m2 = in_m2(files, source, options, &bar)?;
    }
    let Some(source) = sources.m1 else { return Ok(found) };
    let Some(whole) = Whole::of(source, options, progress)? else { return Ok(found) };
    let real: Vec<Vec<u8>> = files.iter().map(|it| whole.about.resolved(&it.path)).collect();
    let is_linked = |(at, path): (usize, &Vec<u8>)| (*path != files[at].path).then_some(at);
    found.behind_links = real.iter().enumerate().filter_map(is_linked).collect();
    let wanted: Vec<(&[u8], u64)> = real.iter().zip(files).map(|(path, it)| (path.as_slice(), it.size)).collect();
    found.on_disk.m1 = Some(whole.look_up(&wanted, &bar)?);
    let is_stored = |path: &[u8]| files.binary_search_by(|it| it.path.as_slice().cmp(path)).is_ok();
    // A folder that is linked to is stored as a folder of its own.
    let is_folder = |path: &[u8]| {
        let inside = [path, b"/"].concat();
        let at = files.partition_point(|it| it.path < inside);
        files.get(at).is_some_and(|it| it.path.starts_with(&inside))
    };
    let on_disk = whole.files()?;
    let all = on_disk.keys().chain(whole.about.links.iter().map(|it| &it.path));
    found.not_stored = all.filter(|it| !is_stored(it) && !is_folder(it)).cloned().collect();
    found.not_stored.sort();
    found.content_at = content_elsewhere(files, &found, &whole, &on_disk, &bar)?;
    bar.finish_and_clear();
    Ok(found)
}

/// What Magento 2's folder has under the names of stored files.
fn in_m2(
    files: &[StoredFile],
    source: &MediaSource,
    options: &MediaOptions,
    bar: &indicatif::ProgressBar,
) -> io::Result<Option<Vec<Named>>> {
    let wanted: Vec<(&[u8], u64)> = files.iter().map(|it| (it.path.as_slice(), it.size)).collect();
    let listing = match source {
        MediaSource::Folder(root) => return look_up(root, &wanted, &options.scan_of_everything(), bar).map(Some),
        MediaSource::List(path) => match list(path, &options.scan_of_everything())? {
            Some(listing) => listing,
            None => return Ok(None),
        },
        MediaSource::Snapshot(media) => media.listing(&options.scan_of_everything())?,
    };
    let mut found = listing.look_up(&wanted)?;
    for (named, file) in found.iter_mut().zip(files) {
        if *named == Named::NotThere && media_folders::is_in_left_out(&file.path) {
            *named = Named::NotLookedAt;
        }
    }
    Ok(Some(found))
}

/// A list of files, if its hashes are of the kind that stored files have: else it tells of no content.
fn list(path: &Path, scan: &Scan) -> io::Result<Option<Listing>> {
    Ok(Some(Listing::of_list(path, scan)?).filter(Listing::has_hashes_of_snapshots))
}

/// Where the content of stored files lies whose own file is not there, or is another: names were cut,
/// or merged with others by the database.
fn content_elsewhere(
    files: &[StoredFile],
    found: &StoredComparison,
    whole: &Whole<'_>,
    on_disk: &BTreeMap<Vec<u8>, u64>,
    bar: &indicatif::ProgressBar,
) -> io::Result<BTreeMap<usize, Vec<u8>>> {
    let known = found.on_disk.m1.as_deref().unwrap_or_default();
    let is_lost = |(at, it): &(usize, &StoredFile)| known.get(*at) != Some(&Named::Is(it.hash.into())) && it.size > 0;
    let lost: Vec<(usize, &StoredFile)> = files.iter().enumerate().filter(is_lost).collect();
    let sizes: HashSet<u64> = lost.iter().map(|(_, it)| it.size).collect();
    let candidates: Vec<(&[u8], u64)> = found
        .not_stored
        .iter()
        .filter_map(|path| Some((path.as_slice(), *on_disk.get(path)?)))
        .filter(|(_, size)| sizes.contains(size))
        .collect();
    let contents = whole.look_up(&candidates, bar)?;
    let mut places: HashMap<[u8; 32], &[u8]> = HashMap::new();
    for (content, (path, _)) in contents.iter().zip(&candidates) {
        if let Named::Is(hash) = content {
            places.entry(*hash.as_bytes()).or_insert(*path);
        }
    }
    Ok(lost.into_iter().filter_map(|(at, it)| Some((at, places.get(&it.hash)?.to_vec()))).collect())
}
