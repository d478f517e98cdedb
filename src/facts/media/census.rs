//! What is noted of all files of both media folders, while they pass by once.
//!
//! Of a file that there is nothing to say of, nothing is kept.

use std::collections::{BTreeMap, HashMap};
use std::io;

use fixedbitset::FixedBitSet;

use crate::facts::Snapshot;
use crate::facts::references::{self, References};
use crate::magento::{htaccess, media_folders};
use crate::pair::{Pair, Side};
use crate::source::media::{self, Likeness, Listing, Tally};

/// What is noted of the files.
#[derive(Debug, Default)]
pub struct Census {
    /// Files without content, in path order.
    pub empty: Pair<Vec<Box<[u8]>>>,
    /// Files with the name of a program, in path order.
    pub programs: Pair<Vec<Box<[u8]>>>,
    /// Files with a name that a database cannot keep, in path order.
    pub bad_names: Pair<Vec<Box<[u8]>>>,
    /// Files that Magento numbered because a file of the name was there, of its size: how many there
    /// are, and how large each, by the first of them.
    pub copies: BTreeMap<Box<[u8]>, Pair<Tally>>,
    /// Files of Magento 2 that its media gallery does not know, by folder.
    pub unindexed: BTreeMap<&'static str, Tally>,
    /// Which of the paths that a side refers to are there, by folder: a bit for each.
    there: Pair<Pair<FixedBitSet>>,
    /// For paths that are referred to and are not in a folder: the file there with a name that means
    /// the same.
    alike: Pair<HashMap<Box<[u8]>, media::Alike>>,
}

impl Census {
    /// Whether a side's folder has a file that something refers to, at just this path.
    pub fn has(&self, side: Side, facts: &Pair<Snapshot>, path: &[u8]) -> bool {
        Side::BOTH.into_iter().any(|of| {
            let place = facts.of(of).references.get().and_then(|it| it.place(path));
            place.is_some_and(|it| self.there.of(of).of(side).contains(it))
        })
    }

    /// Whether a side's folder has any file that its own database refers to.
    pub(super) fn is_used(&self, side: Side) -> bool {
        self.there.of(side).of(side).count_ones(..) > 0
    }

    /// The file of a side's folder whose name means the same as a path that is referred to and is not
    /// there.
    pub fn alike(&self, side: Side, path: &[u8]) -> Option<(&[u8], Likeness)> {
        self.alike.of(side).get(path).map(|(file, likeness)| (&**file, *likeness))
    }
}

/// Takes the census of both folders.
///
/// # Errors
///
/// If a listing cannot be read.
pub(super) fn take(listings: &Pair<Listing>, is_m2_known: bool, sides: &Pair<Snapshot>) -> io::Result<Census> {
    let mut taking = Taking::new(sides);
    for side in Side::BOTH {
        listings.of(side).each(|path, size| taking.note(side, path, size))?;
    }
    taking.finish(listings, is_m2_known)
}

/// A census that is being taken.
struct Taking<'a> {
    references: Pair<Option<&'a References>>,
    assets: Option<&'a [u64]>,
    census: Census,
    /// Where the last search among the paths that a side refers to has ended, by folder.
    hints: Pair<Pair<usize>>,
    families: Pair<Families>,
}

impl<'a> Taking<'a> {
    fn new(facts: &'a Pair<Snapshot>) -> Self {
        let references = facts.as_ref().map(|it| it.references.get());
        let bits = |of: Option<&References>| {
            let bits = || FixedBitSet::with_capacity(of.map_or(0, References::places));
            Pair { m1: bits(), m2: bits() }
        };
        let census = Census { there: references.map(bits), ..Census::default() };
        let assets = references.m2.and_then(|it| it.assets.as_deref()).filter(|it| !it.is_empty());
        Self { references, assets, census, hints: Pair::default(), families: Pair::default() }
    }

    /// What was noted, once all files have passed by.
    fn finish(mut self, listings: &Pair<Listing>, is_m2_known: bool) -> io::Result<Census> {
        for side in Side::BOTH {
            for (first, tally) in std::mem::take(self.families.of_mut(side)).finish() {
                *self.census.copies.entry(first).or_default().of_mut(side) = tally;
            }
        }
        // What Magento 1 refers to is asked of its own folder alone.
        let askers = Pair { m1: &[Side::M1, Side::M2][..], m2: &[Side::M2][..] };
        for side in Side::BOTH {
            if listings.of(side).is_empty() || side == Side::M2 && !is_m2_known {
                continue;
            }
            let mut lost: Vec<&[u8]> = Vec::new();
            for &of in *askers.of(side) {
                let Some(references) = self.references.of(of) else { continue };
                let there = self.census.there.of(of).of(side);
                lost.extend(there.zeroes().map(|place| references.path_at(place)));
            }
            let alike = listings.of(side).alike(&lost)?;
            let found = lost.iter().zip(alike).filter_map(|(path, it)| Some(((*path).into(), it?)));
            *self.census.alike.of_mut(side) = found.collect();
        }
        Ok(self.census)
    }

    fn note(&mut self, side: Side, path: &[u8], bytes: Option<u64>) {
        for of in Side::BOTH {
            let Some(references) = self.references.of(of) else { continue };
            let hint = self.hints.of_mut(of).of_mut(side);
            if let Some(place) = references.place_from(path, hint) {
                self.census.there.of_mut(of).of_mut(side).insert(place);
            }
        }
        let census = &mut self.census;
        if bytes == Some(0) && !htaccess::is_htaccess(path) {
            census.empty.of_mut(side).push(path.into());
        }
        if media_folders::has_executable_name(path) {
            census.programs.of_mut(side).push(path.into());
        }
        if is_bad_name(path) {
            census.bad_names.of_mut(side).push(path.into());
        }
        if let Some(size) = bytes
            && path.starts_with(b"catalog/product/")
        {
            self.families.of_mut(side).file(path, size);
        }
        if let Some(assets) = self.assets
            && side == Side::M2
            && let Some(folder) = media_folders::gallery_folder(path)
            && assets.binary_search(&references::mark(path)).is_err()
        {
            census.unindexed.entry(folder).or_default().add(bytes.unwrap_or_default());
        }
    }
}

/// Whether a name is not UTF-8, has control characters, or is longer than a column.
pub fn is_bad_name(path: &[u8]) -> bool {
    path.len() > 255
        || path.iter().any(|it| !(b' '..=b'~').contains(it))
            && std::str::from_utf8(path).map_or(true, |text| text.chars().any(char::is_control))
}

/// Files and the numbered ones that belong to them, folder by folder: all files of a folder follow
/// one another, but for those of its subfolders.
#[derive(Debug, Default)]
struct Families {
    /// The folders on the way to the current one.
    folders: Vec<Folder>,
    found: Vec<(Box<[u8]>, Tally)>,
}

/// A folder, and its files that have no number, in order.
#[derive(Debug, Default)]
struct Folder {
    path: Vec<u8>,
    names: Vec<u8>,
    files: Vec<Family>,
    /// Whether the order of the listing is not that of the bytes: some name is not its own text.
    is_odd: bool,
}

#[derive(Debug)]
struct Family {
    /// Where its name ends among the names.
    end: usize,
    size: u64,
    copies: u64,
}

impl Folder {
    fn name(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.files[at - 1].end };
        &self.names[start..self.files[at].end]
    }

    fn find(&self, name: &[u8]) -> Option<usize> {
        if self.is_odd {
            return (0..self.files.len()).find(|at| self.name(*at) == name);
        }
        let (mut low, mut high) = (0, self.files.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.name(middle) < name { low = middle + 1 } else { high = middle }
        }
        (low < self.files.len() && self.name(low) == name).then_some(low)
    }
}

impl Families {
    fn file(&mut self, path: &[u8], size: u64) {
        let end = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
        let (folder, name) = path.split_at(end);
        while self.folders.last().is_some_and(|last| !folder.starts_with(&last.path)) {
            self.close();
        }
        if self.folders.last().is_none_or(|last| last.path != folder) {
            self.folders.push(Folder { path: folder.to_vec(), ..Folder::default() });
        }
        let Some(folder) = self.folders.last_mut() else { return };
        match media_folders::without_number(path) {
            // The first of a family comes before the numbered ones: a dot is less than an underscore.
            Some(first) => {
                if let Some(at) = folder.find(&first[end..])
                    && folder.files[at].size == size
                {
                    folder.files[at].copies += 1;
                }
            }
            None if size > 0 => {
                folder.is_odd |= !folder.files.is_empty() && folder.name(folder.files.len() - 1) > name;
                folder.names.extend_from_slice(name);
                folder.files.push(Family { end: folder.names.len(), size, copies: 0 });
            }
            None => {}
        }
    }

    fn close(&mut self) {
        let Some(folder) = self.folders.pop() else { return };
        for (at, family) in folder.files.iter().enumerate().filter(|(_, it)| it.copies > 0) {
            let tally = Tally { files: family.copies, bytes: family.copies.saturating_mul(family.size) };
            self.found.push(([&*folder.path, folder.name(at)].concat().into(), tally));
        }
    }

    fn finish(mut self) -> Vec<(Box<[u8]>, Tally)> {
        while !self.folders.is_empty() {
            self.close();
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The families of these paths: the first of each, and how many numbered ones it has.
    fn families(paths: &[&str]) -> Vec<(String, u64)> {
        let mut paths = paths.to_vec();
        paths.sort_unstable();
        let mut families = Families::default();
        for path in paths {
            families.file(path.as_bytes(), 5);
        }
        let told = families.finish().into_iter();
        told.map(|(first, tally)| (String::from_utf8_lossy(&first).into_owned(), tally.files)).collect()
    }

    #[test]
    fn a_number_belongs_to_the_name_of_a_file_and_not_of_its_folder() {
        assert_eq!(families(&["a/x.jpg", "a/x_1.jpg", "a/x_2.jpg"]), [("a/x.jpg".to_owned(), 2)]);
        assert_eq!(families(&["s/e/old_100.d/abc", "w/slider_1.2/LICENSE", "_1.jpg", "a/_1.jpg"]), []);
    }

    proptest! {
        #[test]
        fn no_names_end_the_program(paths in proptest::collection::vec("[ab_./0-9]{0,12}", 0..30)) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            for (first, copies) in families(&paths) {
                prop_assert!(copies > 0 && paths.contains(&first.as_str()));
            }
            for path in paths {
                let folder = path.rfind('/').map_or("", |at| &path[..=at]);
                let first = media_folders::without_number(path.as_bytes());
                prop_assert!(first.is_none_or(|it| it.starts_with(folder.as_bytes()) && it.len() > folder.len()));
            }
        }
    }
}
