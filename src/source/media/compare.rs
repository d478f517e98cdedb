//! Two listings, compared.

use std::collections::BTreeMap;
use std::io;

use super::about::{About, Tally, Unreadable};
use super::cache::Cache;
use super::content::by_content;
use super::digest::{Algorithm, Digest};
use super::listing::{File, Listing};
use super::merge::{Merged, by_listing};
use super::reading::{Settling, specials};
use super::settle::CHANGED;
use super::throttle::Throttle;
use super::{Compare, Scan};
use crate::pair::{Pair, Side};
use crate::progress::Progress;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// At the same path, with other content.
    Changed,
    /// In Magento 2 under a name that differs in Unicode normal form.
    UnicodeTwin,
    /// In Magento 2 under a name that differs in letter case.
    CaseTwin,
    /// In Magento 2 at another path, which no file of Magento 1 has.
    Moved,
    /// Not in Magento 2.
    Missing,
    /// In Magento 2 only.
    Extra,
    /// Nobody knows: something unreadable is in the way.
    Unknown,
}

/// A file that has no equal at its path.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its path below the media folder.
    pub path: Box<[u8]>,
    /// Its size in bytes; none if it is not known.
    pub size: Option<u64>,
    /// Where it stands in its tree, if it can be read.
    pub(super) at: Option<u32>,
    /// The hash of its content, where that is known.
    pub(super) digest: Option<Digest>,
}

impl Found {
    pub(super) fn of(file: &File<'_>) -> Self {
        Self {
            path: file.path.into(),
            size: file.size,
            at: file.at.and_then(|it| u32::try_from(it).ok()),
            digest: file.digest,
        }
    }

    pub(super) fn place(&self) -> Option<usize> {
        self.at.map(|it| it as usize)
    }
}

/// A file that is not the same on both sides.
#[derive(Clone, Debug)]
pub struct Item {
    /// What became of it.
    pub fate: Fate,
    /// The file of Magento 1.
    pub m1: Option<Found>,
    /// The file of Magento 2: the one at its path, its twin, or where it was moved.
    pub m2: Option<Found>,
    /// For a missing file: where in Magento 2 its content lies all the same, at another file's place.
    pub elsewhere: Option<Box<[u8]>>,
    /// For a twin: whether the contents are equal, if they were compared.
    pub has_same_content: Option<bool>,
}

pub(super) fn item(fate: Fate, m1: Option<Found>, m2: Option<Found>) -> Item {
    Item { fate, m1, m2, elsewhere: None, has_same_content: None }
}

/// A file that is judged by its content on its own account.
#[derive(Clone, Debug, Default)]
pub struct Special {
    /// Its path below the media folder.
    pub path: Vec<u8>,
    /// The hashes of its contents, where it is there and can be read.
    pub hashes: Pair<Option<blake3::Hash>>,
    /// Whether it is there.
    pub is_there: Pair<bool>,
}

/// Files of one part of the folder, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartTally {
    /// Everything that Magento 1 has there.
    pub m1: Tally,
    /// Everything that Magento 2 has there.
    pub m2: Tally,
    /// Of Magento 1's: the same in Magento 2.
    pub same: Tally,
    /// Of Magento 1's: with other content.
    pub changed: Tally,
    /// Of Magento 1's: under a twin's name, or moved.
    pub elsewhere: Tally,
    /// Of Magento 1's: missing.
    pub missing: Tally,
    /// Of Magento 1's: not compared.
    pub unknown: Tally,
    /// Of Magento 2's: without partner.
    pub extra: Tally,
}

/// How the files of two listings can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// By their bytes, or by hashes of this kind.
    Content(Algorithm),
    /// By their sizes, since that was asked for.
    Size,
    /// By their sizes, since a listing has no hashes, or none of a kind that can be had of the other side.
    NoHashes,
}

impl Compared {
    fn of(listings: &Pair<Listing>, compare: Compare) -> Self {
        if compare == Compare::Size {
            return Self::Size;
        }
        let others = listings.m2.algorithms();
        let common = listings.m1.algorithms().into_iter().find(|it| others.contains(it));
        common.map_or(Self::NoHashes, Self::Content)
    }

    pub(super) const fn algorithm(self) -> Algorithm {
        match self {
            Self::Content(algorithm) => algorithm,
            // What is judged on its own account is judged by a hash of this kind.
            Self::Size | Self::NoHashes => Algorithm::Blake3,
        }
    }

    /// Whether contents were compared, so that a verdict is certain.
    pub const fn is_by_content(self) -> bool {
        matches!(self, Self::Content(_))
    }
}

/// What two media folders have in common, and what not.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The folders, apart from their files.
    pub folders: Pair<About>,
    /// Whether Magento 2's folder was given, or is known to be empty.
    pub is_m2_known: bool,
    /// Every file that is not the same on both sides, Magento 1's first, in path order.
    pub items: Vec<Item>,
    /// Files that are judged on their own account.
    pub specials: Vec<Special>,
    /// Files that begin like a script, in path order.
    pub scripts: Pair<Vec<Box<[u8]>>>,
    /// What could not be read, in path order, listing and content.
    pub unreadable: Pair<Vec<Unreadable>>,
    /// Pairs of which the contents were to be compared, and a list has no hash.
    pub unproven: u64,
    /// Files of each side that something in the way on the other hides.
    pub hidden: Pair<u64>,
    /// Counts by part of the folder.
    pub parts: BTreeMap<Vec<u8>, PartTally>,
    /// How files were told apart.
    pub compared: Option<Compared>,
    /// How they were to be told apart.
    pub compare: Compare,
    /// Whether both folders could be read, so that bytes were compared.
    pub are_bytes_compared: bool,
    /// What was walked.
    scan: Option<Scan>,
}

impl Comparison {
    /// Compares two listings. Without Magento 2's nothing is missing: nobody knows.
    ///
    /// # Errors
    ///
    /// If a listing or a folder cannot be read at all, or the run is interrupted.
    pub fn of(listings: &Pair<Listing>, is_m2_known: bool, scan: &Scan, progress: &Progress) -> io::Result<Self> {
        let compared = Compared::of(listings, scan.compare);
        let roots = listings.as_ref().map(|it| it.readable().and_then(|it| it.root.as_deref()));
        let cache = Cache::open(scan.cache.as_deref(), [roots.m1, roots.m2]);
        let mut merged = Merged::of(listings, is_m2_known, compared, scan, &cache)?;
        let bar = progress.bytes("comparing media files", 0);
        let throttle = Throttle::new(scan.io_limit);
        let mut settling = Settling::new(listings, compared, scan, &cache, &throttle, &bar)?;
        let found = std::mem::take(&mut merged.specials);
        let mut comparison = Self {
            folders: listings.as_ref().map(|it| it.about.clone()),
            is_m2_known,
            compared: Some(compared),
            compare: scan.compare,
            are_bytes_compared: roots.m1.is_some() && roots.m2.is_some(),
            hidden: merged.hidden,
            unproven: if compared.is_by_content() { merged.unproven } else { 0 },
            specials: specials(&mut settling, &found),
            parts: std::mem::take(&mut merged.parts),
            scan: Some(scan.clone()),
            ..Self::default()
        };
        comparison.items = if compared.is_by_content() {
            by_content(&mut settling, &mut merged)?
        } else {
            // Programs are looked for even where contents cannot be compared.
            if compared == Compared::NoHashes {
                settling.heads()?;
            }
            let mut items = by_listing(&mut merged);
            items.extend(merged.only_m1.drain(..).map(|it| item(Fate::Missing, Some(it), None)));
            items.extend(merged.only_m2.drain(..).map(|it| item(Fate::Extra, None, Some(it))));
            items
        };
        if !is_m2_known {
            comparison.items.clear();
        }
        comparison.unreadable = settling.unreadable;
        comparison.scripts = settling.scripts;
        for side in Side::BOTH {
            comparison.unreadable.of_mut(side).append(merged.unreadable.of_mut(side));
            comparison.scripts.of_mut(side).append(merged.scripts.of_mut(side));
        }
        bar.finish_and_clear();
        cache.close();
        comparison.finish(scan);
        Ok(comparison)
    }

    /// Whether a file at this path would have been compared: it is in no folder that is only counted,
    /// and no pattern leaves it out.
    pub fn is_about(&self, path: &[u8]) -> bool {
        self.scan.as_ref().is_none_or(|scan| scan.is_about(path))
    }

    /// Whether a file could not be read because it changed meanwhile.
    pub fn has_changed(it: &Unreadable) -> bool {
        it.why == CHANGED
    }

    fn finish(&mut self, scan: &Scan) {
        self.items.sort_by_cached_key(|item| {
            let own = item.m1.as_ref().or(item.m2.as_ref());
            (item.m1.is_none(), own.map(|it| it.path.clone()))
        });
        for side in Side::BOTH {
            let found = self.unreadable.of_mut(side);
            found.extend(self.folders.of(side).unreadable.iter().cloned());
            found.sort_by(|one, other| one.path.cmp(&other.path));
            found.dedup_by(|one, other| one.path == other.path);
            let scripts = self.scripts.of_mut(side);
            scripts.sort_unstable();
            scripts.dedup();
        }
        self.count(scan);
    }

    /// Counts what became of files: all that is said of none is the same.
    fn count(&mut self, scan: &Scan) {
        for part in self.parts.values_mut() {
            if self.is_m2_known {
                part.same = part.m1;
                part.same.files -= part.unknown.files;
                part.same.bytes -= part.unknown.bytes;
            } else {
                part.unknown = part.m1;
            }
        }
        for item in &self.items {
            if let Some(file) = &item.m1 {
                let size = file.size.unwrap_or_default();
                let Some(part) = self.parts.get_mut((scan.policy.part)(&file.path)) else { continue };
                part.same.remove(size);
                match item.fate {
                    Fate::Changed => &mut part.changed,
                    Fate::UnicodeTwin | Fate::CaseTwin | Fate::Moved => &mut part.elsewhere,
                    Fate::Missing => &mut part.missing,
                    Fate::Extra | Fate::Unknown => &mut part.unknown,
                }
                .add(size);
            } else if let Some(file) = &item.m2
                && let Some(part) = self.parts.get_mut((scan.policy.part)(&file.path))
            {
                part.extra.add(file.size.unwrap_or_default());
            }
        }
    }
}
