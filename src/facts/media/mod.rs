//! The media folders of both sides, compared.
//!
//! Other than all facts these are not of one side alone: which files have to be
//! read depends on what the other side has.

mod census;
pub mod doubt;
mod stored;

use std::io;
use std::path::{Path, PathBuf};

pub use census::{Census, is_bad_name};
pub use stored::StoredComparison;

use self::doubt::Doubt;
use crate::error::Error;
use crate::facts::Snapshot;
use crate::facts::store::{MediaSource, Store};
use crate::known::{Known, Lack};
use crate::magento::{htaccess, media_folders};
use crate::pair::{Pair, Side};
use crate::parallel::at_once;
use crate::progress::Progress;
use crate::source::interrupt;
use crate::source::media::{Compare, Comparison, Listing, Patterns, Policy, Scan, settle_doubt, settle_replaced_names};

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
    /// What was noted of all their files.
    pub census: Census,
    /// Magento 1's stored files against both folders; none if there are none.
    pub stored: Option<StoredComparison>,
    /// What a snapshot or a list of files does not tell.
    pub gaps: Vec<String>,
    /// Why a folder may be another one than the media folder.
    pub doubts: Vec<Doubt>,
    /// Whether Magento 2's folder would have its `.htaccess` files: a bucket serves none.
    pub is_htaccess_known: bool,
}

impl MediaFacts {
    /// Nothing is known, for this reason.
    pub fn unknown(why: &str) -> Self {
        let lack = || Known::Not(Lack::NotGiven(why.to_owned()));
        Self::of(Pair { m1: lack(), m2: lack() })
    }

    /// What will be known of the folders, before a file of them is looked at.
    pub fn foreseen(stores: &Pair<Option<Store>>, is_known_without: Side) -> Self {
        let sources = stores.as_ref().map(|it| it.as_ref().map(|store| &store.media));
        let state = |side: Side| match sources.of(side) {
            Some(Known::Not(lack)) => Known::Not(lack.clone()),
            None if side != is_known_without => Known::Not(Lack::NotGiven(format!("no {side} store was given"))),
            Some(Known::Is(_)) | None => Known::Is(()),
        };
        let mut scan = MediaOptions::of_list().scan();
        let doubt = |side: Side| match sources.of(side) {
            // That it cannot be read is told by whoever reads it.
            Some(Known::Is(MediaSource::Folder(path))) => doubt::of_folder(side, path).ok().flatten(),
            _ => None,
        };
        let doubts = Side::BOTH.into_iter().filter_map(doubt).collect();
        Self { gaps: gaps(&sources, &mut scan), doubts, ..Self::of(Pair { m1: state(Side::M1), m2: state(Side::M2) }) }
    }

    fn of(known: Pair<Known<()>>) -> Self {
        Self {
            known,
            comparison: None,
            census: Census::default(),
            stored: None,
            gaps: Vec::new(),
            doubts: Vec::new(),
            is_htaccess_known: true,
        }
    }

    /// Without a list that turned out to be of something else.
    fn without_list(mut self, side: Side, sources: &Pair<Option<&Known<MediaSource>>>) -> Self {
        if let Some(Known::Is(MediaSource::List(path))) = sources.of(side) {
            *self.known.of_mut(side) = Known::Not(Lack::Failed(doubt::refusal(side, path)));
            self.comparison = None;
        }
        self
    }

    /// Why a folder that would look complete may be another one than the media folder.
    pub fn doubt_gaps(&self) -> impl Iterator<Item = &Doubt> {
        self.doubts.iter().filter(|it| it.is_gap)
    }

    /// Compares two listings of media folders.
    ///
    /// # Errors
    ///
    /// If a listing or a folder cannot be read at all, or the run is interrupted.
    pub fn compare(
        listings: &Pair<Listing>,
        is_m2_known: bool,
        sides: &Pair<Snapshot>,
        scan: &Scan,
        progress: &Progress,
    ) -> io::Result<Self> {
        // Neither needs the other, and either goes through all files.
        let (comparison, census) = at_once(
            || Comparison::of(listings, is_m2_known, scan, progress),
            || census::take(listings, is_m2_known, sides),
        );
        let (comparison, census) = (comparison?, census?);
        let facts = Self::of(Pair { m1: Known::Is(()), m2: Known::Is(()) });
        Ok(Self { comparison: Some(comparison), census, ..facts })
    }
}

/// How media files are found, read and compared.
#[derive(Clone, Debug)]
pub struct MediaOptions {
    /// How media files are told apart.
    pub compare: Compare,
    /// Whether generated media folders are compared.
    pub include_generated: bool,
    /// Which media paths are looked at.
    pub patterns: Patterns,
    /// Threads that read media files.
    pub threads: usize,
    /// Bytes of media files that are read in a second at the most.
    pub io_limit: Option<u64>,
    /// Where it is kept what was read of media files.
    pub cache: Option<PathBuf>,
}

impl MediaOptions {
    /// How a list of files is counted.
    fn of_list() -> Self {
        Self {
            compare: Compare::Content,
            include_generated: true,
            patterns: Patterns::default(),
            threads: 1,
            io_limit: None,
            cache: None,
        }
    }

    /// How media folders are walked and read.
    pub(super) fn scan(&self) -> Scan {
        let [include, exclude] = self.patterns.sets();
        Scan {
            policy: POLICY,
            compare: self.compare,
            include_generated: self.include_generated,
            include,
            exclude,
            limits: Vec::new(),
            threads: self.threads,
            io_limit: self.io_limit,
            cache: self.cache.clone(),
        }
    }

    /// How a folder is walked with all that it has.
    pub(super) fn scan_of_everything(&self) -> Scan {
        let [include, exclude] = Patterns::default().sets();
        Scan { include_generated: true, include, exclude, ..self.scan() }
    }
}

/// Lists both media folders at once and compares them, with what the databases tell.
///
/// # Errors
///
/// If the run is interrupted.
pub fn read(
    stores: &Pair<Option<Store>>,
    sides: &Pair<Snapshot>,
    is_assessment: bool,
    options: &MediaOptions,
    progress: &Progress,
) -> Result<MediaFacts, Error> {
    let mut scan = options.scan();
    let sources = stores.as_ref().map(|it| it.as_ref().map(|store| &store.media));
    let mut gaps = gaps(&sources, &mut scan);
    let list = |side: Side| match sources.of(side) {
        None => Known::Is(Listing::default()),
        Some(Known::Not(lack)) => Known::Not(lack.clone()),
        Some(Known::Is(source)) => {
            let listing = listing(side, source, &scan, progress);
            listing.map_or_else(|error| Known::Not(unreadable(side, source, &error)), Known::Is)
        }
    };
    let (m1, m2) = at_once(|| list(Side::M1), || list(Side::M2));
    if interrupt::is_asked() {
        return Err(Error::Interrupted);
    }
    let state = |listing: &Known<Listing>| match listing {
        Known::Is(_) => Known::Is(()),
        Known::Not(lack) => Known::Not(lack.clone()),
    };
    let known = Pair { m1: state(&m1), m2: state(&m2) };
    let is_m2_known = is_assessment || m2.get().is_some();
    let facts = match m1 {
        Known::Not(_) => MediaFacts::of(known),
        Known::Is(m1) => {
            let m2 = if let Known::Is(listing) = m2 { listing } else { Listing::default() };
            let mut listings = Pair { m1, m2 };
            gaps.extend(Side::BOTH.into_iter().filter_map(|side| doubtful_root(side, &sources, &listings)));
            gaps.extend(
                Side::BOTH
                    .into_iter()
                    .filter_map(|side| Some(format!("the list of {side} {}", listings.of(side).remark.as_ref()?))),
            );
            let compared = settle_doubt(&mut listings)
                .and_then(|()| settle_replaced_names(&mut listings))
                .map(|replaced| gaps.extend(replaced_names(replaced)))
                .and_then(|()| MediaFacts::compare(&listings, is_m2_known, sides, &scan, progress));
            match compared {
                Ok(facts) => {
                    let is_served = |media: &Comparison| media.specials.iter().any(|it| it.is_there.m2);
                    let is_list = |side: Side| matches!(sources.of(side), Some(Known::Is(MediaSource::List(_))));
                    let is_htaccess_known = !is_list(Side::M2) || facts.comparison.as_ref().is_none_or(is_served);
                    if !is_htaccess_known {
                        gaps.push(
                            "the list of Magento 2 names no .htaccess file, as that of a bucket: whether Magento 2's own are \
                             there is not known"
                                .to_owned(),
                        );
                    }
                    let is_folder = |side: Side| matches!(sources.of(side), Some(Known::Is(_)));
                    // Of a part nothing is known of the rest.
                    let is_all = scan.include.is_empty() && scan.exclude.is_empty();
                    let doubted = Side::BOTH.into_iter().filter(|it| is_all && is_folder(*it));
                    let doubt = |side: Side| {
                        let comparison = facts.comparison.as_ref()?;
                        doubt::of_files(side, listings.of(side), &facts.census, comparison, sides)
                    };
                    let (lists, doubts): (Vec<(Side, Doubt)>, Vec<_>) = doubted
                        .filter_map(|side| Some((side, doubt(side)?)))
                        .partition(|(side, it)| it.is_foreign && is_list(*side));
                    let doubts = doubts.into_iter().map(|(_, it)| it).collect();
                    let facts = MediaFacts { known, doubts, is_htaccess_known, ..facts };
                    lists.iter().fold(facts, |facts, (side, _)| facts.without_list(*side, &sources))
                }
                Err(_) if interrupt::is_asked() => return Err(Error::Interrupted),
                Err(error) => {
                    let why = format!("the media folders cannot be compared: {error}");
                    MediaFacts::of(Pair { m1: Known::Not(Lack::Failed(why)), ..known })
                }
            }
        }
    };
    let of_database = stored::read(&sides.m1.stored, &sources, options, progress)?;
    Ok(MediaFacts { stored: of_database, gaps, ..facts })
}

/// The files of a side.
fn listing(side: Side, source: &MediaSource, scan: &Scan, progress: &Progress) -> io::Result<Listing> {
    match source {
        MediaSource::Folder(root) => Listing::of_folder(root, scan, &progress.count(&format!("listing {side} media"))),
        MediaSource::List(path) => Listing::of_list(path, scan),
        MediaSource::Snapshot(media) => media.listing(scan),
    }
}

/// What the sources do not tell; what is compared is what all of them have.
fn gaps(sources: &Pair<Option<&Known<MediaSource>>>, scan: &mut Scan) -> Vec<String> {
    let mut gaps = Vec::new();
    for side in Side::BOTH {
        match sources.of(side) {
            Some(Known::Is(MediaSource::Snapshot(media))) => {
                if scan.include_generated && !media.include_generated {
                    scan.include_generated = false;
                    gaps.push(format!(
                        "generated folders are not compared: the snapshot of {side} was taken without --include-generated"
                    ));
                }
                if let Some(words) = media.patterns().words() {
                    scan.limits.push(media.patterns().sets());
                    gaps.push(format!("the snapshot of {side} is not of all media: {words}"));
                }
            }
            Some(Known::Is(MediaSource::List(_))) => gaps.push(format!(
                "a list of files was given of {side}: links, scripts under harmless names, whose .htaccess files they are and \
                 what cannot be read is not known of it"
            )),
            _ => {}
        }
    }
    gaps
}

/// A list of which all files lie in one folder may have been made above the media folder.
fn doubtful_root(side: Side, sources: &Pair<Option<&Known<MediaSource>>>, listings: &Pair<Listing>) -> Option<String> {
    let is_list = matches!(sources.of(side), Some(Known::Is(MediaSource::List(_))));
    let folder = listings.of(side).only_folder().ok().flatten().filter(|_| is_list)?;
    if media_folders::is_of_magento(&folder) {
        return None;
    }
    Some(format!(
        "all files of the list of {side} lie in {}: if that is not below the media folder, make the list inside of it",
        crate::text::path(&folder)
    ))
}

/// Words for names of lists that stand for others.
fn replaced_names(replaced: Pair<u64>) -> Vec<String> {
    let words = |side: Side| {
        let count = *replaced.of(side);
        (count > 0).then(|| {
            format!(
                "in {} of the list of {side} rclone replaced bytes that are not UTF-8: they were matched by what is left",
                crate::text::count(count, "name", "names")
            )
        })
    };
    Side::BOTH.into_iter().filter_map(words).collect()
}

/// How many files a list names, once all of it was read.
///
/// # Errors
///
/// If it cannot be read, or is no list.
pub fn count_list(path: &Path) -> io::Result<u64> {
    Ok(Listing::of_list(path, &MediaOptions::of_list().scan())?.about.files)
}

fn unreadable(side: Side, source: &MediaSource, error: &io::Error) -> Lack {
    Lack::Failed(match source {
        MediaSource::Folder(path) => format!("cannot read the {side} media folder {}: {error}", path.display()),
        MediaSource::List(path) => format!("cannot read {} as a list of {side} media: {error}", path.display()),
        MediaSource::Snapshot(_) => format!("cannot read the media of the {side} snapshot: {error}"),
    })
}
