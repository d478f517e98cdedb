//! Files opened beneath a root, whatever stands there by now.
//!
//! A media folder can be written by the web server, and an audit often runs as
//! root: between listing a file and opening it, somebody may have put a link in
//! its place. The kernel is asked to follow none.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

/// A folder beneath which files are opened.
#[derive(Debug)]
pub(super) struct Root(OwnedFd);

impl Root {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// Opens a regular file for reading.
    pub(super) fn file(&self, path: &[u8]) -> io::Result<(File, Metadata)> {
        let path = Path::new(OsStr::from_bytes(path));
        // A named pipe must not make us wait for its writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = File::from(self.beneath(path, flags)?);
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no longer a file"));
        }
        Ok((file, metadata))
    }

    #[cfg(target_os = "linux")]
    fn beneath(&self, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        use rustix::fs::ResolveFlags;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match rustix::fs::openat2(&self.0, path, flags, Mode::empty(), resolve) {
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
        let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let mut here: Option<OwnedFd> = None;
        for step in path.parent().into_iter().flat_map(Path::components) {
            let next = rustix::fs::openat(here.as_ref().unwrap_or(&self.0), step.as_os_str(), folder, Mode::empty())?;
            here = Some(next);
        }
        Ok(rustix::fs::openat(here.as_ref().unwrap_or(&self.0), name, flags, Mode::empty())?)
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
        for path in ["a/link", "b/file"] {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW;
            assert!(root.step_by_step(Path::new(path), flags).is_err(), "{path}, step by step");
        }
        assert!(root.step_by_step(Path::new("a/file"), OFlags::RDONLY).is_ok());
    }
}
