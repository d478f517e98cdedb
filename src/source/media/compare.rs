//! Two listings, compared.

use std::collections::BTreeMap;
use std::io;

use super::about::{About, Unreadable};
use super::cache::Cache;
use super::content::by_content;
use super::fate::{Compared, Fate, Item, PartTally, Special, item};
use super::listing::Listing;
use super::merge::{Merged, by_listing};
use super::reading::{Settling, specials};
use super::throttle::Throttle;
use super::{Compare, Scan};
use crate::pair::{Pair, Side};
use crate::progress::Progress;

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
