//! One media tree, walked.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use walkdir::WalkDir;

use super::{Scan, twins};
use crate::source::interrupt;

/// Files and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    /// How many files.
    pub files: u64,
    /// How many bytes they hold together.
    pub bytes: u64,
}

impl Tally {
    /// Counts one more file.
    pub fn add(&mut self, size: u64) {
        self.files += 1;
        self.bytes += size;
    }
}

/// A symbolic link. It is never followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it lies.
    pub path: Vec<u8>,
    /// What it points to, as it is written.
    pub target: Vec<u8>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it lies.
    pub path: Vec<u8>,
    /// What the file system says.
    pub why: String,
    /// Whether it is a folder, so that nobody knows what lies below it.
    pub is_folder: bool,
}

/// Where a file's path stands, its size, and what names it on this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    name: usize,
    length: u32,
    pub(super) size: u64,
}

/// The files of a media folder, by their paths below it, in byte order.
///
/// Paths lie in one buffer, so that two million of them cost little more than
/// their own bytes.
#[derive(Debug, Default)]
pub struct Tree {
    pub(super) root: PathBuf,
    names: Vec<u8>,
    entries: Vec<Entry>,
    /// Symbolic links, in path order.
    pub links: Vec<Link>,
    /// What could not be read, in path order.
    pub unreadable: Vec<Unreadable>,
    /// What was only counted, by the folder or file name on account of which.
    pub left_out: BTreeMap<Vec<u8>, Tally>,
    /// Files with the name of a program in folders that are only counted, in path order.
    pub left_out_programs: Vec<Vec<u8>>,
}

impl Tree {
    /// Walks the tree below `root`. Only the root itself may be a link.
    pub fn list(root: &Path, scan: &Scan, bar: &ProgressBar) -> io::Result<Self> {
        // What cannot be listed at all is no tree with a flaw, but no tree.
        std::fs::read_dir(root)?;
        let mut tree = Self { root: root.to_owned(), ..Self::default() };
        let mut counted: Option<(usize, Vec<u8>)> = None;
        let mut bytes = 0;
        let mut excluded: Option<usize> = None;
        for entry in WalkDir::new(root).follow_links(false).min_depth(1) {
            interrupt::check()?;
            let entry = match entry {
                Ok(entry) => entry,
                // What is left out by a pattern may be as unreadable as it likes.
                Err(error) if excluded.is_some_and(|depth| error.depth() >= depth) => continue,
                Err(error) => {
                    tree.note_failure(root, &error);
                    continue;
                }
            };
            let path = below(root, entry.path());
            if counted.as_ref().is_some_and(|(depth, _)| entry.depth() <= *depth) {
                counted = None;
            }
            if excluded.is_some_and(|depth| entry.depth() <= depth) {
                excluded = None;
            }
            let kind = entry.file_type();
            // Below an excluded folder only what is judged on its own account is seen.
            if !kind.is_dir() && excluded.is_some() && !(scan.policy.is_special)(&path) {
                continue;
            }
            if kind.is_dir() {
                if excluded.is_none() && scan.is_excluded(&path) {
                    excluded = Some(entry.depth());
                }
                if counted.is_none() && !scan.include_generated && (scan.policy.is_left_out)(&path) {
                    tree.left_out.entry(path.clone()).or_default();
                    counted = Some((entry.depth(), path));
                }
                continue;
            }
            if kind.is_symlink() {
                if counted.is_none() && scan.is_wanted(&path) {
                    let target = std::fs::read_link(entry.path()).map(|it| it.into_os_string().into_vec());
                    tree.links.push(Link { path, target: target.unwrap_or_default() });
                }
                continue;
            }
            let metadata = match entry.metadata() {
                Ok(metadata) => metadata,
                Err(error) => {
                    tree.note_failure(root, &error);
                    continue;
                }
            };
            bytes += metadata.size();
            tree.add(path, &metadata, counted.as_ref().map(|(_, folder)| folder.as_slice()), scan);
            bar.inc(1);
            if bar.position().is_multiple_of(1024) {
                bar.set_prefix(format!(", {}", crate::text::bytes(bytes)));
            }
        }
        tree.sort();
        bar.finish_and_clear();
        Ok(tree)
    }

    fn add(&mut self, path: Vec<u8>, metadata: &Metadata, counted: Option<&[u8]>, scan: &Scan) {
        let policy = &scan.policy;
        let is_special = (policy.is_special)(&path);
        if !scan.is_wanted(&path) {
            return;
        }
        if !metadata.is_file() {
            // A socket or a pipe among scratch files is nobody's loss.
            if counted.is_some() {
                return;
            }
            let why = "it is neither a file nor a folder".to_owned();
            self.unreadable.push(Unreadable { path, why, is_folder: false });
            return;
        }
        if let Some(folder) = counted.filter(|_| !is_special) {
            self.left_out.get_mut(folder).expect("entered with the folder").add(metadata.size());
            if (policy.has_executable_name)(&path) {
                self.left_out_programs.push(path);
            }
            return;
        }
        if !scan.include_generated && (policy.is_left_out_file)(&path) {
            let name = path.rsplit(|&it| it == b'/').next().unwrap_or(&path).to_vec();
            self.left_out.entry(name).or_default().add(metadata.size());
            return;
        }
        let length = u32::try_from(path.len()).expect("a path has a few thousand bytes at the most");
        self.entries.push(Entry { name: self.names.len(), length, size: metadata.size() });
        self.names.extend_from_slice(&path);
    }

    fn note_failure(&mut self, root: &Path, error: &walkdir::Error) {
        let Some(path) = error.path() else { return };
        let Some(cause) = error.io_error() else { return };
        // Gone since its folder was read: a live shop moves.
        if cause.kind() == io::ErrorKind::NotFound {
            return;
        }
        let is_folder = path.symlink_metadata().is_ok_and(|it| it.is_dir());
        self.unreadable.push(Unreadable { path: below(root, path), why: cause.to_string(), is_folder });
    }

    fn sort(&mut self) {
        let names = std::mem::take(&mut self.names);
        let name = |it: &Entry| &names[it.name..it.name + it.length as usize];
        self.entries.sort_unstable_by(|one, other| name(one).cmp(name(other)));
        self.names = names;
        self.links.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self.unreadable.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self.left_out_programs.sort_unstable();
    }

    /// How many files there are to compare.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no file to compare.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The path of a file below the root.
    pub fn path(&self, at: usize) -> &[u8] {
        self.name(&self.entries[at])
    }

    fn name(&self, entry: &Entry) -> &[u8] {
        &self.names[entry.name..entry.name + entry.length as usize]
    }

    /// The size of a file in bytes.
    pub fn size(&self, at: usize) -> u64 {
        self.entries[at].size
    }

    /// The file at a path.
    pub fn find(&self, path: &[u8]) -> Option<usize> {
        let at = self.entries.partition_point(|it| self.name(it) < path);
        (at < self.len() && self.path(at) == path).then_some(at)
    }

    /// Where a path leads through the links of this tree, by what is written in them; the path
    /// itself where one leads out of the tree.
    pub fn resolved(&self, path: &[u8]) -> Vec<u8> {
        let mut path = path.to_vec();
        for _ in 0..MOST_LINKS {
            let ends = memchr::memchr_iter(b'/', &path).chain([path.len()]);
            let link = ends.filter_map(|end| {
                let at = self.links.binary_search_by(|it| it.path.as_slice().cmp(&path[..end])).ok()?;
                Some((end, &self.links[at]))
            });
            let Some((end, link)) = link.min_by_key(|(end, _)| *end) else { break };
            let Some(next) = led(&link.path, &link.target, &path[end..]) else { break };
            path = next;
        }
        path
    }

    /// For each path the file whose name differs from it in letter case or Unicode form alone.
    pub fn alike(&self, paths: &[&[u8]]) -> Vec<Option<(usize, twins::Difference)>> {
        twins::alike(self, paths)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// What makes it impossible to know whether there is a file at `path`: a
    /// link or an unreadable folder on the way to it.
    pub fn blind_spot(&self, path: &[u8]) -> bool {
        if self.links.is_empty() && self.unreadable.is_empty() {
            return false;
        }
        memchr::memchr_iter(b'/', path).chain([path.len()]).any(|end| {
            let spot = &path[..end];
            self.links.binary_search_by(|it| it.path.as_slice().cmp(spot)).is_ok()
                || self.unreadable.binary_search_by(|it| it.path.as_slice().cmp(spot)).is_ok()
        })
    }
}

/// More links than lead anywhere.
const MOST_LINKS: usize = 8;

/// Where a link leads, with what follows it; none if that is outside of the tree.
fn led(link: &[u8], target: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
    if target.starts_with(b"/") {
        return None;
    }
    let mut parts: Vec<&[u8]> = link.split(|it| *it == b'/').collect();
    parts.pop();
    for part in target.split(|it| *it == b'/').chain(rest.split(|it| *it == b'/')) {
        match part {
            b"" | b"." => {}
            b".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join(&b'/'))
}

/// The bytes of a path below `root`.
fn below(root: &Path, path: &Path) -> Vec<u8> {
    path.strip_prefix(root).unwrap_or(path).as_os_str().as_bytes().to_vec()
}
