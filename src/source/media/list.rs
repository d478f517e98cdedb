//! One media folder, walked.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use indicatif::ProgressBar;
use rustix::fs::{Mode, OFlags};
use walkdir::{DirEntry, WalkDir};

use super::Scan;
use super::about::{About, Link, Unreadable};
use super::digest::{Algorithm, Digest};
use super::listing::{Doubt, Listing};
use super::tree::{State, Tree};
use crate::source::interrupt;

/// Files after which the progress bar is moved: the clock costs as much as a file.
const STEP: u64 = 1024;

/// A folder that is being walked, or a list of its files that is being read.
pub(super) struct Walk<'a> {
    root: &'a Path,
    scan: &'a Scan,
    tree: Tree,
    about: About,
}

impl Listing {
    /// Walks the folder `root`. Only the root itself may be a link.
    pub fn of_folder(root: &Path, scan: &Scan, bar: &ProgressBar) -> io::Result<Self> {
        // What cannot be listed at all is no folder with a flaw, but no folder.
        std::fs::read_dir(root)?;
        let tree = Tree::of_folder(root);
        let mut walk = Walk { root, scan, tree, about: About::default() };
        let mut counted: Option<(usize, Vec<u8>)> = None;
        let (mut files, mut bytes) = (0_u64, 0);
        let mut excluded: Option<usize> = None;
        let mut folder = OpenFolder::default();
        for entry in WalkDir::new(root).follow_links(false).min_depth(1) {
            interrupt::check()?;
            let entry = match entry {
                Ok(entry) => entry,
                // What is left out by a pattern may be as unreadable as it likes.
                Err(error) if excluded.is_some_and(|depth| error.depth() >= depth) => continue,
                Err(error) => {
                    walk.note_failure(&error);
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
            if !kind.is_dir() && excluded.is_some() && !(scan.policy.is_special)(path) {
                continue;
            }
            if kind.is_dir() {
                if excluded.is_none() && scan.is_excluded(path) {
                    excluded = Some(entry.depth());
                }
                if counted.is_none() && !scan.include_generated && (scan.policy.is_left_out)(path) {
                    walk.about.left_out.entry(path.to_vec()).or_default();
                    counted = Some((entry.depth(), path.to_vec()));
                }
                continue;
            }
            if kind.is_symlink() {
                if counted.is_none() && scan.is_wanted(path) {
                    let target = std::fs::read_link(entry.path()).map(|it| it.into_os_string().into_vec());
                    walk.about.links.push(Link { path: path.to_vec(), target: target.unwrap_or_default() });
                }
                continue;
            }
            let state = match folder.state(&entry) {
                Ok(state) => state,
                Err(error) => {
                    walk.note(entry.path(), &error);
                    continue;
                }
            };
            bytes = u64::saturating_add(bytes, state.size);
            walk.add(path, &state, counted.as_ref().map(|(_, folder)| folder.as_slice()));
            files += 1;
            if files % STEP == 0 {
                bar.inc(STEP);
                bar.set_prefix(format!(", {}", crate::text::bytes(bytes)));
            }
        }
        bar.finish_and_clear();
        Ok(Self::of_tree(walk.tree, walk.about))
    }
}

/// The folder that the walk is in, open: a file is found in it at once, and not on the whole way
/// from the root.
#[derive(Default)]
struct OpenFolder(Option<(Vec<u8>, OwnedFd)>);

impl OpenFolder {
    fn state(&mut self, entry: &DirEntry) -> io::Result<State> {
        let path = entry.path().as_os_str().as_bytes();
        let parent = &path[..memchr::memrchr(b'/', path).unwrap_or_default()];
        let fd = match &mut self.0 {
            Some((path, fd)) if path == parent => fd,
            other => {
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
                let fd = rustix::fs::open(OsStr::from_bytes(parent), flags, Mode::empty())?;
                &mut other.insert((parent.to_vec(), fd)).1
            }
        };
        State::at(fd.as_fd(), entry.file_name())
    }
}

impl<'a> Walk<'a> {
    /// A list of files that another program made.
    pub(super) fn of_list(scan: &'a Scan) -> Self {
        Self { root: Path::new(""), scan, tree: Tree::default(), about: About::default() }
    }

    /// Adds a file of a list.
    pub(super) fn add_listed(&mut self, path: &[u8], size: Option<u64>, digests: &[(Algorithm, Digest)]) {
        let Self { scan, about, tree, .. } = self;
        let is_special = (scan.policy.is_special)(path);
        if is_special || scan.is_about(path) {
            tree.add_listed(path, size, digests);
            return;
        }
        if let Some(account) = scan.account(path).filter(|_| !scan.is_outside(path)) {
            about.count(scan, account, path, size.unwrap_or_default());
        }
    }

    /// Adds a link of a list.
    pub(super) fn add_listed_link(&mut self, path: &[u8], target: Vec<u8>) {
        if self.scan.is_wanted(path) && self.scan.account(path).is_none() {
            self.about.links.push(Link { path: path.to_vec(), target });
        }
    }

    /// The listing of a list.
    pub(super) fn finish_list(self, doubt: Doubt) -> io::Result<Listing> {
        let listing = Listing::of_tree(self.tree, self.about);
        match listing.repeated() {
            Some(path) => Err(io::Error::other(format!("it names {} twice", crate::text::path(path)))),
            None => Ok(listing.doubted(doubt)),
        }
    }

    fn add(&mut self, path: &[u8], state: &State, counted: Option<&[u8]>) {
        let Self { scan, about, tree, .. } = self;
        let policy = &scan.policy;
        let is_special = (policy.is_special)(path);
        if !scan.is_wanted(path) {
            return;
        }
        if !state.is_file {
            // A socket or a pipe among scratch files is nobody's loss.
            if counted.is_some() {
                return;
            }
            let why = "it is neither a file nor a folder".to_owned();
            about.unreadable.push(Unreadable { path: path.to_vec(), why, is_folder: false, has_changed: false });
            return;
        }
        if let Some(folder) = counted.filter(|_| !is_special) {
            about.count(scan, folder, path, state.size);
            return;
        }
        if !scan.include_generated && (policy.is_left_out_file)(path) {
            let name = path.rsplit(|&it| it == b'/').next().unwrap_or(path).to_vec();
            about.left_out.entry(name).or_default().add(state.size);
            return;
        }
        tree.add(path, state);
    }

    fn note_failure(&mut self, error: &walkdir::Error) {
        if let (Some(path), Some(cause)) = (error.path(), error.io_error()) {
            self.note(path, cause);
        }
    }

    /// Notes that something could not be read.
    fn note(&mut self, path: &Path, cause: &io::Error) {
        // Gone since its folder was read: a live shop moves.
        if cause.kind() == io::ErrorKind::NotFound {
            return;
        }
        let is_folder = path.symlink_metadata().is_ok_and(|it| it.is_dir());
        self.about.unreadable.push(Unreadable {
            path: below(self.root, path).to_vec(),
            why: cause.to_string(),
            is_folder,
            has_changed: false,
        });
    }
}

/// The bytes of a path below `root`. The walk makes paths of the root by adding to it, so that none
/// has to be taken apart.
fn below<'a>(root: &Path, path: &'a Path) -> &'a [u8] {
    let (root, path) = (root.as_os_str().as_bytes(), path.as_os_str().as_bytes());
    let below = path.strip_prefix(root).unwrap_or(path);
    below.strip_prefix(b"/").unwrap_or(below)
}
