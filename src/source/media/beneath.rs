//! Files opened beneath a root, whatever stands there by now.
//!
//! A media folder can be written by the web server, and an audit often runs as
//! root: between listing a file and opening it, somebody may have put a link in
//! its place. The kernel is asked to follow none.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};

use super::tree::State;

/// A folder beneath which files are opened.
#[derive(Debug)]
pub(super) struct Root {
    fd: OwnedFd,
    /// Tells it from all other roots of this run.
    number: u64,
}

/// A folder below a root, open.
struct Folder {
    root: u64,
    path: Vec<u8>,
    fd: OwnedFd,
}

static ROOTS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The folders that this thread has opened files in last: files are mostly asked for folder by
    /// folder, from two roots by turns, and the way to a folder costs as much as the file.
    static FOLDERS: RefCell<[Option<Folder>; 2]> = const { RefCell::new([None, None]) };
}

/// How folders are opened: only to find files in them.
const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

impl Root {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let fd = rustix::fs::open(path, FOLDER, Mode::empty())?;
        Ok(Self { fd, number: ROOTS.fetch_add(1, Ordering::Relaxed) })
    }

    /// Opens a regular file for reading, and tells its state.
    pub(super) fn file(&self, path: &[u8]) -> io::Result<(File, State)> {
        let file = self.open_file(path)?;
        let state = State::of_file(&file)?;
        if !state.is_file {
            return Err(io::Error::other("it is no longer a file"));
        }
        Ok((file, state))
    }

    /// Opens what was listed as a file for reading.
    pub(super) fn open_file(&self, path: &[u8]) -> io::Result<File> {
        // A named pipe must not make us wait for its writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let Some(end) = memchr::memrchr(b'/', path) else {
            return Ok(rustix::fs::openat(&self.fd, OsStr::from_bytes(path), flags, Mode::empty())?.into());
        };
        let (folder, name) = (&path[..end], OsStr::from_bytes(&path[end + 1..]));
        FOLDERS.with_borrow_mut(|folders| {
            let is_here = |it: &Folder| it.root == self.number && it.path == folder;
            if let Some(at) = folders.iter().position(|it| it.as_ref().is_some_and(is_here)) {
                folders.swap(0, at);
            } else {
                let fd = self.beneath(Path::new(OsStr::from_bytes(folder)), FOLDER)?;
                folders.swap(0, 1);
                folders[0] = Some(Folder { root: self.number, path: folder.to_vec(), fd });
            }
            let folder = folders[0].as_ref().ok_or(io::ErrorKind::NotFound)?;
            // One step, and no link at its end: there is no way out.
            Ok(rustix::fs::openat(&folder.fd, name, flags, Mode::empty())?.into())
        })
    }

    #[cfg(target_os = "linux")]
    fn beneath(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        use rustix::fs::ResolveFlags;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match rustix::fs::openat2(&self.fd, path, flags, Mode::empty(), resolve) {
            // Kernels before 5.6, and sandboxes that filter the call.
            Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => self.step_by_step(path, flags),
            other => Ok(other?),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn beneath(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        self.step_by_step(path, flags)
    }

    /// Goes down folder by folder, following no link at any step.
    fn step_by_step(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidInput.into()) };
        let step = |from: &OwnedFd, name: &OsStr, flags: OFlags| {
            rustix::fs::openat(from, name, flags | OFlags::NOFOLLOW, Mode::empty()).map_err(|error| {
                // A link is no folder, but there may be one behind it.
                let state = rustix::fs::statat(from, name, AtFlags::SYMLINK_NOFOLLOW);
                let is_link = |mode: u32| FileType::from_raw_mode(mode) == FileType::Symlink;
                if state.is_ok_and(|it| is_link(it.st_mode)) { rustix::io::Errno::LOOP } else { error }
            })
        };
        let mut here: Option<OwnedFd> = None;
        for part in path.parent().into_iter().flat_map(Path::components) {
            // A path of a database may be anything.
            if !matches!(part, Component::Normal(_)) {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            here = Some(step(here.as_ref().unwrap_or(&self.fd), part.as_os_str(), FOLDER)?);
        }
        Ok(step(here.as_ref().unwrap_or(&self.fd), name, flags)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_is_followed_on_the_way_or_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let at = |it: &str| folder.path().join(it);
        std::fs::create_dir_all(at("root/a")).unwrap();
        std::fs::write(at("secret"), "s").unwrap();
        std::fs::write(at("root/a/file"), "f").unwrap();
        std::os::unix::fs::symlink(at("secret"), at("root/a/link")).unwrap();
        std::os::unix::fs::symlink(at("root/a"), at("root/b")).unwrap();
        let root = Root::open(&at("root")).unwrap();
        assert!(root.file(b"a/file").is_ok());
        for path in ["a/link", "b/file", "../secret", "a"] {
            assert!(root.file(path.as_bytes()).is_err(), "{path}");
        }
        // What a link hides is not what is not there.
        let a_loop = Some(rustix::io::Errno::LOOP.raw_os_error());
        let number = io::Error::raw_os_error;
        assert_eq!(number(&root.file(b"b/file").unwrap_err()), a_loop);
        assert_eq!(number(&root.file(b"a/link").unwrap_err()), a_loop);
        assert_eq!(root.file(b"a/file/x").unwrap_err().kind(), io::ErrorKind::NotADirectory);
        let step_by_step = |path: &str| root.step_by_step(Path::new(path), OFlags::RDONLY);
        for path in ["a/link", "b/file"] {
            assert_eq!(number(&step_by_step(path).unwrap_err()), a_loop, "{path}, step by step");
        }
        assert_eq!(step_by_step("a/file/x").unwrap_err().kind(), io::ErrorKind::NotADirectory);
        assert!(step_by_step("a/file").is_ok());
    }
}
