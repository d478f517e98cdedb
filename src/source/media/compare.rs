//! Two media trees, merged.

use std::collections::BTreeMap;
use std::io;

use super::content::{Settling, by_content, specials};
use super::list::{Tally, Tree, Unreadable};
use super::merge::{Merged, by_size};
use super::{Compare, Scan};
use crate::pair::Pair;
use crate::progress::Progress;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// At the same path, with the same content.
    Same,
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
    /// Nobody knows: a link or something unreadable is in the way, or one of
    /// the trees was not given.
    Unknown,
}

/// A file that is not the same on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// What became of it.
    pub fate: Fate,
    /// The file in Magento 1's tree.
    pub m1: Option<usize>,
    /// The file in Magento 2's tree: the one at its path, its twin, or where it was moved.
    pub m2: Option<usize>,
    /// For a missing file: where in Magento 2 its content lies all the same.
    pub elsewhere: Option<Elsewhere>,
    /// For a twin: whether the contents are equal, if they were compared.
    pub has_same_content: Option<bool>,
}

/// A file of Magento 2 with the content that is looked for, and a partner of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere(pub usize);

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

/// Files of one part of the tree, by what became of them.
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

/// What two media trees have in common, and what not.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The trees, as they were listed.
    pub trees: Pair<Tree>,
    /// Whether Magento 2's tree was given, or is known to be empty.
    pub is_m2_known: bool,
    /// Every file that is not the same on both sides, Magento 1's first, in path order.
    pub items: Vec<Item>,
    /// Files that are judged on their own account.
    pub specials: Vec<Special>,
    /// Files that begin like a script.
    pub scripts: Pair<Vec<usize>>,
    /// What could not be read, in path order, listing and content.
    pub unreadable: Pair<Vec<Unreadable>>,
    /// Files of each side that something in the way on the other hides.
    pub hidden: Pair<u64>,
    /// Counts by part of the tree.
    pub parts: BTreeMap<Vec<u8>, PartTally>,
    /// How files were told apart.
    pub compare: Compare,
    /// What was walked.
    scan: Option<Scan>,
}

impl Comparison {
    /// Compares two trees. Without Magento 2's nothing is missing: nobody knows.
    pub fn of(trees: Pair<Tree>, is_m2_known: bool, scan: &Scan, progress: &Progress) -> io::Result<Self> {
        let mut merged = if is_m2_known { Merged::of(&trees, scan) } else { Merged::default() };
        let mut comparison = Self {
            is_m2_known,
            compare: scan.compare,
            scan: Some(scan.clone()),
            hidden: merged.hidden,
            ..Self::default()
        };
        let total = trees.m1.entries().chain(trees.m2.entries()).map(|it| it.size).sum();
        let bar = progress.bytes("comparing media files", total);
        let mut settling = Settling::new(&trees, scan, &bar)?;
        comparison.specials = specials(&mut settling, &merged.specials);
        if !is_m2_known {
            merged.only_m1 = (0..trees.m1.len()).collect();
        }
        comparison.items =
            if scan.compare == Compare::Size { by_size(&merged) } else { by_content(&mut settling, &merged)? };
        if !is_m2_known {
            comparison.items.clear();
        }
        comparison.unreadable = settling.unreadable;
        comparison.scripts = settling.scripts;
        bar.finish_and_clear();
        comparison.finish(trees, scan);
        Ok(comparison)
    }

    /// Whether a file at this path would have been compared: it is in no folder that is only counted,
    /// and no pattern leaves it out.
    pub fn is_about(&self, path: &[u8]) -> bool {
        self.scan.as_ref().is_none_or(|scan| scan.is_about(path))
    }

    fn finish(&mut self, trees: Pair<Tree>, scan: &Scan) {
        let path = |item: &Item| match (item.m1, item.m2) {
            (Some(at), _) => (false, trees.m1.path(at).to_vec()),
            (None, Some(at)) => (true, trees.m2.path(at).to_vec()),
            (None, None) => unreachable!("an item is about a file"),
        };
        self.items.sort_by_cached_key(path);
        for (found, tree) in [(&mut self.unreadable.m1, &trees.m1), (&mut self.unreadable.m2, &trees.m2)] {
            found.extend(tree.unreadable.iter().cloned());
            found.sort_by(|one, other| one.path.cmp(&other.path));
            found.dedup_by(|one, other| one.path == other.path);
        }
        self.scripts.m1.sort_unstable();
        self.scripts.m2.sort_unstable();
        self.parts = self.count(&trees, scan);
        self.trees = trees;
    }

    /// Counts every file once, by what became of it.
    fn count(&self, trees: &Pair<Tree>, scan: &Scan) -> BTreeMap<Vec<u8>, PartTally> {
        let settled = if self.is_m2_known { Fate::Same } else { Fate::Unknown };
        let mut fates = Pair { m1: vec![settled; trees.m1.len()], m2: vec![settled; trees.m2.len()] };
        for item in &self.items {
            if let Some(at) = item.m1 {
                fates.m1[at] = item.fate;
            }
            if let Some(at) = item.m2 {
                fates.m2[at] = item.fate;
            }
        }
        let is_counted = |path: &[u8]| !(scan.policy.is_special)(path);
        let mut parts: BTreeMap<Vec<u8>, PartTally> = BTreeMap::new();
        let mut part_of = |path: &[u8], count: &dyn Fn(&mut PartTally)| {
            let part = (scan.policy.part)(path);
            if !parts.contains_key(part) {
                parts.insert(part.to_vec(), PartTally::default());
            }
            count(parts.get_mut(part).expect("just put there"));
        };
        for at in (0..trees.m1.len()).filter(|&at| is_counted(trees.m1.path(at))) {
            let (path, size) = (trees.m1.path(at), trees.m1.size(at));
            let is_hidden = fates.m1[at] == Fate::Same && trees.m2.blind_spot(path);
            part_of(path, &|part| {
                part.m1.add(size);
                match fates.m1[at] {
                    _ if is_hidden => &mut part.unknown,
                    Fate::Same => &mut part.same,
                    Fate::Changed => &mut part.changed,
                    Fate::UnicodeTwin | Fate::CaseTwin | Fate::Moved => &mut part.elsewhere,
                    Fate::Missing => &mut part.missing,
                    Fate::Extra | Fate::Unknown => &mut part.unknown,
                }
                .add(size);
            });
        }
        for at in (0..trees.m2.len()).filter(|&at| is_counted(trees.m2.path(at))) {
            let (path, size) = (trees.m2.path(at), trees.m2.size(at));
            part_of(path, &|part| {
                part.m2.add(size);
                if fates.m2[at] == Fate::Extra {
                    part.extra.add(size);
                }
            });
        }
        parts
    }
}
