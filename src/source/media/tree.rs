//! The files of one media folder, in memory.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File as OpenFile;
use std::io;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Stat};

use super::digest::{Algorithm, Digest};
use super::listing::File;
use crate::text;

/// What names a state of a file on this machine: device, inode, size and the times of the last
/// change of its content and of its inode, all in one mark.
///
/// The time of the inode is there for a change that keeps the size and puts the time of the content
/// back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stamp([u8; 16]);

impl Stamp {
    pub(super) fn of(state: &State) -> Self {
        let numbers = [state.device, state.inode, state.size];
        let times = [state.modified.0, state.modified.1, state.changed.0, state.changed.1];
        let mut bytes = [0; 56];
        let parts = numbers.map(u64::to_le_bytes).into_iter().chain(times.map(i64::to_le_bytes));
        for (to, part) in bytes.chunks_exact_mut(8).zip(parts) {
            to.copy_from_slice(&part);
        }
        let hash = blake3::hash(&bytes);
        Self(std::array::from_fn(|at| hash.as_bytes()[at]))
    }

    pub(super) const fn number(self) -> u128 {
        u128::from_le_bytes(self.0)
    }
}

/// What the file system tells of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    device: u64,
    inode: u64,
    pub(super) size: u64,
    /// Seconds since 1970 and nanoseconds: of the content.
    pub(super) modified: (i64, i64),
    /// Of the inode.
    pub(super) changed: (i64, i64),
    pub(super) is_file: bool,
}

impl State {
    /// The file `name` of a folder; a link is not followed.
    pub(super) fn at(folder: BorrowedFd<'_>, name: &OsStr) -> io::Result<Self> {
        Ok(Self::of(&rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    /// An open file.
    pub(super) fn of_file(file: &OpenFile) -> io::Result<Self> {
        Ok(Self::of(&rustix::fs::fstat(file)?))
    }

    fn of(stat: &Stat) -> Self {
        // Their types differ from platform to platform.
        #[expect(clippy::cast_possible_wrap, reason = "nanoseconds are less than a thousand million")]
        let time = |seconds: i64, nanoseconds: u64| (seconds, nanoseconds as i64);
        Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: time(stat.st_mtime, stat.st_mtime_nsec),
            changed: time(stat.st_ctime, stat.st_ctime_nsec),
            is_file: FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile,
        }
    }
}

/// A size that is not known: no file has it.
const UNKNOWN: u64 = u64::MAX;

/// Where a file's path stands, its size, and what names it on this machine.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name: u64,
    size: u64,
    /// Milliseconds since 1970.
    modified: i64,
    stamp: Stamp,
    length: u16,
    /// Whether its text is not its bytes.
    is_odd: bool,
}

/// Hashes that came with a listing, by file.
#[derive(Debug)]
pub(super) struct Digests {
    pub(super) algorithm: Algorithm,
    of_files: Vec<Option<Digest>>,
}

/// The files of a media folder, by their paths below it, in the order of their texts.
///
/// Paths lie in one buffer, so that two million of them cost little more than their own bytes.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The folder, if its files can be read.
    pub(super) root: Option<PathBuf>,
    names: Vec<u8>,
    entries: Vec<Entry>,
    /// Hashes that came with the listing, in the order of the files.
    pub(super) digests: Vec<Digests>,
}

impl Tree {
    /// A folder of which no file was found yet.
    pub(super) fn of_folder(root: &Path) -> Self {
        Self { root: Some(root.to_owned()), ..Self::default() }
    }

    /// Adds a file of a folder.
    pub(super) fn add(&mut self, path: &[u8], state: &State) {
        let modified = state.modified.0.saturating_mul(1000).saturating_add(state.modified.1 / 1_000_000);
        self.push(path, Some(state.size), modified, Stamp::of(state));
    }

    /// Adds a file of a listing, with its hashes in the order of the algorithms.
    pub(super) fn add_listed(&mut self, path: &[u8], size: Option<u64>, digests: &[(Algorithm, Digest)]) {
        self.push(path, size, 0, Stamp([0; 16]));
        for (algorithm, _) in digests {
            if !self.digests.iter().any(|it| it.algorithm == *algorithm) {
                self.digests.push(Digests { algorithm: *algorithm, of_files: vec![None; self.entries.len() - 1] });
            }
        }
        for known in &mut self.digests {
            let own = digests.iter().find(|(algorithm, _)| *algorithm == known.algorithm);
            known.of_files.push(own.map(|(_, digest)| *digest));
        }
    }

    fn push(&mut self, path: &[u8], size: Option<u64>, modified: i64, stamp: Stamp) {
        let length =
            u16::try_from(path.len()).expect("the kernel refuses longer paths, and so do lists (`foreign::LONGEST`)");
        let is_odd = !text::is_path_plain(path);
        let entry =
            Entry { name: self.names.len() as u64, size: size.unwrap_or(UNKNOWN), modified, stamp, length, is_odd };
        self.entries.push(entry);
        self.names.extend_from_slice(path);
    }

    /// Puts the files in order.
    pub(super) fn sort(&mut self) {
        if self.digests.is_empty() {
            let names = std::mem::take(&mut self.names);
            self.entries.sort_unstable_by(|one, other| order(&names, one, other));
            self.names = names;
            return;
        }
        let mut places: Vec<usize> = (0..self.entries.len()).collect();
        places.sort_by(|one, other| order(&self.names, &self.entries[*one], &self.entries[*other]));
        self.entries = places.iter().map(|at| self.entries[*at]).collect();
        for digests in &mut self.digests {
            digests.of_files = places.iter().map(|at| digests.of_files[*at]).collect();
        }
    }

    /// Gives files other names; returns how many.
    pub(super) fn rename(&mut self, names: &HashMap<Vec<u8>, Vec<u8>>) -> u64 {
        let mut renamed = 0;
        for at in 0..self.entries.len() {
            let Some(name) = names.get(self.path(at)) else { continue };
            let length = u16::try_from(name.len()).expect("it is the name of a file");
            let entry = &mut self.entries[at];
            (entry.name, entry.length) = (self.names.len() as u64, length);
            entry.is_odd = !text::is_path_plain(name);
            self.names.extend_from_slice(name);
            renamed += 1;
        }
        self.sort();
        renamed
    }

    /// Leaves out what another one has as well; both are in order.
    pub(super) fn without(&mut self, other: &Self) {
        let names = std::mem::take(&mut self.names);
        let mut at = 0;
        self.entries.retain(|it| {
            let own = (name(&names, it), it.is_odd);
            let of_other = |at: usize| (other.path(at), other.entries[at].is_odd);
            while at < other.len() && text::path_order(of_other(at), own).is_lt() {
                at += 1;
            }
            at == other.len() || of_other(at).0 != own.0
        });
        self.names = names;
    }

    /// The first path that stands there twice, once they are in order.
    pub(super) fn repeated(&self) -> Option<&[u8]> {
        let name = |it: &Entry| name(&self.names, it);
        self.entries.windows(2).find(|it| name(&it[0]) == name(&it[1])).map(|it| name(&it[0]))
    }

    /// How many files there are.
    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// The path of a file below the root.
    pub(super) fn path(&self, at: usize) -> &[u8] {
        name(&self.names, &self.entries[at])
    }

    /// The size of a file in bytes; none if it is not known.
    pub(super) fn size(&self, at: usize) -> Option<u64> {
        Some(self.entries[at].size).filter(|it| *it != UNKNOWN)
    }

    /// What names the state of a file that was listed.
    pub(super) fn stamp(&self, at: usize) -> Stamp {
        self.entries[at].stamp
    }

    /// When a file was changed, in milliseconds since 1970.
    pub(super) fn modified(&self, at: usize) -> i64 {
        self.entries[at].modified
    }

    pub(super) fn file(&self, at: usize, algorithm: Option<Algorithm>) -> File<'_> {
        let entry = &self.entries[at];
        let digests = self.digests.iter().find(|it| Some(it.algorithm) == algorithm);
        File {
            path: name(&self.names, entry),
            is_odd: entry.is_odd,
            size: self.size(at),
            at: self.root.is_some().then_some(at),
            digest: digests.and_then(|it| it.of_files[at]),
            is_script: false,
            error: None,
        }
    }
}

fn name<'a>(names: &'a [u8], entry: &Entry) -> &'a [u8] {
    let start = usize::try_from(entry.name).expect("names lie in memory");
    &names[start..start + entry.length as usize]
}

fn order(names: &[u8], one: &Entry, other: &Entry) -> std::cmp::Ordering {
    text::path_order((name(names, one), one.is_odd), (name(names, other), other.is_odd))
}
