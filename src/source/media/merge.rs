//! What the paths, sizes and known hashes of two listings tell: one pass over both, in which
//! nothing is kept of files that are known to be equal.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::io;

use super::about::Unreadable;
use super::cache::Cache;
use super::digest::Digest;
use super::fate::{Compared, Fate, Found, Item, PartTally, item};
use super::listing::{File, Listing};
use super::settle::Changed;
use super::twins::{self, Difference};
use super::{Compare, Scan};
use crate::pair::{Pair, Side};
use crate::source::interrupt;

/// A pair of which one file can be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    /// Of which side it is.
    pub(super) side: Side,
    pub(super) at: u32,
    /// The hash and the size of the other one.
    pub(super) digest: Digest,
    pub(super) size: Option<u64>,
}

/// Files by what the listings alone tell.
#[derive(Default)]
pub(super) struct Merged {
    /// Of the same path and size, both to be read: their places.
    pub(super) both: Vec<(u32, u32)>,
    /// Of the same path and size, of which one side is to be read and the hash of the other is known.
    pub(super) one: Vec<Half>,
    /// Of the same path, and not equal.
    pub(super) uneven: Vec<(Found, Found)>,
    /// Of the same path, and nobody knows.
    pub(super) unknown: Vec<(Found, Found)>,
    pub(super) only_m1: Vec<Found>,
    pub(super) only_m2: Vec<Found>,
    pub(super) unicode_twins: Vec<(Found, Found)>,
    pub(super) case_twins: Vec<(Found, Found)>,
    pub(super) specials: Vec<(Vec<u8>, Pair<Option<Found>>)>,
    pub(super) hidden: Pair<u64>,
    /// Of the hidden ones, those that can be read: their places.
    pub(super) hidden_places: Pair<Vec<u32>>,
    pub(super) parts: BTreeMap<Vec<u8>, PartTally>,
    /// What the listings themselves tell of scripts and of what could not be read.
    pub(super) scripts: Pair<Vec<Box<[u8]>>>,
    pub(super) unreadable: Pair<Vec<Unreadable>>,
    /// Marks of pairs that an earlier run has read, of which the hash may be wanted.
    pub(super) remembered: Vec<(u32, u64)>,
    /// Pairs that were compared by their paths alone, or their sizes.
    pub(super) unproven: u64,
}

impl Merged {
    pub(super) fn of(
        listings: &Pair<Listing>,
        is_m2_known: bool,
        compared: Compared,
        scan: &Scan,
        cache: &Cache,
    ) -> io::Result<Self> {
        let part = (Vec::new(), PartTally::default());
        let mut merger = Merger { merged: Self::default(), listings, is_m2_known, compared, scan, cache, part };
        let algorithm = Some(compared.algorithm());
        let (mut m1, mut m2) = (listings.m1.cursor(algorithm)?, listings.m2.cursor(algorithm)?);
        let (mut has_m1, mut has_m2) = (m1.advance()?, m2.advance()?);
        let mut count = 0_u64;
        while has_m1 || has_m2 {
            count += 1;
            if count.is_multiple_of(1024) {
                interrupt::check()?;
            }
            let order = match (has_m1, has_m2) {
                (true, true) => m1.file().order(&m2.file()),
                (true, false) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let found = Pair { m1: order.is_le().then(|| m1.file()), m2: order.is_ge().then(|| m2.file()) };
            for side in Side::BOTH {
                if let Some(file) = found.of(side) {
                    merger.note(side, file);
                }
            }
            merger.take(found);
            if order.is_le() {
                has_m1 = m1.advance()?;
            }
            if order.is_ge() {
                has_m2 = m2.advance()?;
            }
        }
        merger.close_part();
        let mut told = merger.merged;
        told.parts.remove(&b""[..]);
        told.unicode_twins = told.take_twins(Difference::Form);
        told.case_twins = told.take_twins(Difference::Case);
        Ok(told)
    }

    /// Takes the twins out of the files that have no partner.
    fn take_twins(&mut self, difference: Difference) -> Vec<(Found, Found)> {
        let pairs = twins::pairs(difference, &self.only_m1, &self.only_m2);
        if pairs.is_empty() {
            return Vec::new();
        }
        let taken = Pair {
            m1: pairs.iter().map(|it| it.0).collect::<HashSet<_>>(),
            m2: pairs.iter().map(|it| it.1).collect::<HashSet<_>>(),
        };
        let twins = pairs.iter().map(|(one, other)| (self.only_m1[*one].clone(), self.only_m2[*other].clone()));
        let twins = twins.collect();
        let without = |files: &mut Vec<Found>, taken: &HashSet<usize>| {
            let mut at = 0;
            files.retain(|_| {
                at += 1;
                !taken.contains(&(at - 1))
            });
        };
        without(&mut self.only_m1, &taken.m1);
        without(&mut self.only_m2, &taken.m2);
        twins
    }
}

struct Merger<'a> {
    merged: Merged,
    listings: &'a Pair<Listing>,
    is_m2_known: bool,
    compared: Compared,
    scan: &'a Scan,
    cache: &'a Cache,
    /// The part that the last file was in, with what was counted of it since.
    part: (Vec<u8>, PartTally),
}

impl Merger<'_> {
    /// Counts a file, and takes what its listing says of it.
    fn note(&mut self, side: Side, file: &File<'_>) {
        // Where sizes alone are asked for, scripts are told of neither side.
        if file.is_script && self.compared != Compared::Size {
            self.merged.scripts.of_mut(side).push(file.path.into());
        }
        if let Some(why) = file.error {
            // A snapshot keeps the words of the error alone.
            let has_changed = why == Changed.to_string();
            let unreadable =
                Unreadable { path: file.path.to_vec(), why: why.to_owned(), is_folder: false, has_changed };
            self.merged.unreadable.of_mut(side).push(unreadable);
        }
        if !(self.scan.policy.is_special)(file.path) {
            let part = self.part(file.path);
            let tally = if side == Side::M1 { &mut part.m1 } else { &mut part.m2 };
            tally.add(file.size.unwrap_or_default());
        }
    }

    /// The counts of the part that a file is in. Files of a part mostly follow one another.
    fn part(&mut self, path: &[u8]) -> &mut PartTally {
        let part = (self.scan.policy.part)(path);
        if self.part.0 != part {
            self.close_part();
            self.part.0 = part.to_vec();
        }
        &mut self.part.1
    }

    fn close_part(&mut self) {
        let (part, tally) = std::mem::take(&mut self.part);
        let known = self.merged.parts.entry(part).or_default();
        for (known, new) in [(&mut known.m1, tally.m1), (&mut known.m2, tally.m2), (&mut known.unknown, tally.unknown)]
        {
            known.files += new.files;
            known.bytes = known.bytes.saturating_add(new.bytes);
        }
    }

    fn take(&mut self, found: Pair<Option<File<'_>>>) {
        let path = found.m1.as_ref().or(found.m2.as_ref()).map(|it| it.path).unwrap_or_default();
        if (self.scan.policy.is_special)(path) {
            self.merged.specials.push((path.to_vec(), found.map(|it| it.as_ref().map(Found::of))));
            return;
        }
        match found {
            Pair { m1: Some(one), m2: Some(other) } => self.pair(&one, &other),
            Pair { m1: Some(file), m2: None } if !self.is_m2_known => self.merged.only_m1.push(Found::of(&file)),
            Pair { m1: Some(file), m2: None } if self.listings.m2.about.blind_spot(path) => {
                self.merged.hidden.m1 += 1;
                self.merged.hidden_places.m1.extend(file.at.map(place));
                self.part(path).unknown.add(file.size.unwrap_or_default());
            }
            Pair { m1: Some(file), m2: None } => self.merged.only_m1.push(Found::of(&file)),
            Pair { m1: None, m2: Some(file) } if self.listings.m1.about.blind_spot(path) => {
                self.merged.hidden.m2 += 1;
                self.merged.hidden_places.m2.extend(file.at.map(place));
            }
            Pair { m1: None, m2: Some(file) } => self.merged.only_m2.push(Found::of(&file)),
            Pair { m1: None, m2: None } => {}
        }
    }

    fn pair(&mut self, one: &File<'_>, other: &File<'_>) {
        if let (Some(size), Some(other_size)) = (one.size, other.size)
            && size != other_size
        {
            self.merged.uneven.push((Found::of(one), Found::of(other)));
            return;
        }
        if !self.compared.is_by_content() {
            self.merged.unproven += 1;
            return;
        }
        match (one.at, one.digest, other.at, other.digest) {
            (Some(i), _, Some(j), _) => self.readable(i, j, one, other),
            (_, Some(digest), _, Some(of_other)) => {
                if digest != of_other {
                    self.merged.uneven.push((Found::of(one), Found::of(other)));
                }
            }
            (Some(i), _, _, Some(digest)) => {
                self.merged.one.push(Half { side: Side::M1, at: place(i), digest, size: other.size });
            }
            (_, Some(digest), Some(j), _) => {
                self.merged.one.push(Half { side: Side::M2, at: place(j), digest, size: one.size });
            }
            _ if one.error.is_some() || other.error.is_some() => {
                self.merged.unknown.push((Found::of(one), Found::of(other)));
            }
            _ => self.merged.unproven += 1,
        }
    }

    /// A pair that can be read, unless an earlier run has done so.
    fn readable(&mut self, i: usize, j: usize, one: &File<'_>, other: &File<'_>) {
        let trees = Pair { m1: self.listings.m1.readable(), m2: self.listings.m2.readable() };
        let (Some(m1), Some(m2)) = (trees.m1, trees.m2) else { return };
        let known =
            if self.scan.compare == Compare::Content { self.cache.pair(m1.stamp(i), m2.stamp(j)) } else { None };
        let Some(known) = known else {
            self.merged.both.push((place(i), place(j)));
            return;
        };
        if !known.is_equal {
            self.merged.uneven.push((Found::of(one), Found::of(other)));
            return;
        }
        for (side, tree, at, is_script) in
            [(Side::M1, m1, i, known.is_script[0]), (Side::M2, m2, j, known.is_script[1])]
        {
            if is_script {
                self.merged.scripts.of_mut(side).push(tree.path(at).into());
            }
        }
        self.merged.remembered.push((place(j), known.mark));
    }
}

/// The place of a file that is in memory.
fn place(at: usize) -> u32 {
    u32::try_from(at).expect("no machine has the memory for so many files")
}

/// Everything that paths and sizes tell.
pub(super) fn by_listing(merged: &mut Merged) -> Vec<Item> {
    let pairs = |fate, pairs: Vec<(Found, Found)>| pairs.into_iter().map(move |(i, j)| item(fate, Some(i), Some(j)));
    let mut items: Vec<Item> = pairs(Fate::Changed, std::mem::take(&mut merged.uneven)).collect();
    items.extend(pairs(Fate::Unknown, std::mem::take(&mut merged.unknown)));
    items.extend(pairs(Fate::UnicodeTwin, std::mem::take(&mut merged.unicode_twins)));
    items.extend(pairs(Fate::CaseTwin, std::mem::take(&mut merged.case_twins)));
    items
}
