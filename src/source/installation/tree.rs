//! The files of an installation, and what of them cannot be read: that must not look like what is not there.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use walkdir::{DirEntry, WalkDir};

use crate::text;

/// The folder of an installation.
pub(super) struct Tree<'a> {
    pub(super) root: &'a Path,
    /// What could not be read, by its path, and why.
    unread: Mutex<BTreeMap<String, String>>,
}

/// More files than any folder of code has.
const MOST_FILES: usize = 500_000;

/// More bytes than any file of code has.
const MOST_BYTES: u64 = 16 << 20;

/// The most that is told of what cannot be read.
const MOST_TOLD: usize = 20;

impl<'a> Tree<'a> {
    pub(super) const fn new(root: &'a Path) -> Self {
        Self { root, unread: Mutex::new(BTreeMap::new()) }
    }

    /// What could not be read, and why.
    pub(super) fn unread(self) -> Vec<String> {
        let unread = self.unread.into_inner().unwrap_or_else(PoisonError::into_inner);
        let rest = unread.len().saturating_sub(MOST_TOLD);
        let mut told: Vec<String> =
            unread.into_iter().take(MOST_TOLD).map(|(path, why)| format!("{path} {why}")).collect();
        if rest > 0 {
            told.push(format!("{rest} more files and folders cannot be read"));
        }
        told
    }

    /// Whether anything could not be read so far.
    pub(super) fn is_unread(&self, path: &Path) -> bool {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&self.below(path))
    }

    fn tell(&self, path: &Path, why: String) {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).insert(self.below(path), why);
    }

    /// Tells what a walk through a folder did not see. A link that leads nowhere hides nothing.
    pub(super) fn tell_walk(&self, error: walkdir::Error, folder: &Path) {
        let path = error.path().unwrap_or(folder).to_owned();
        if let Some(error) = error.into_io_error() {
            self.told(&path, Err::<(), _>(error));
        }
    }

    /// Something of a path; none if it is not there. That it cannot be read is told.
    fn told<T>(&self, path: &Path, found: io::Result<T>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
            Err(error) => {
                self.tell(path, format!("cannot be read: {}", text::visible(&error.to_string())));
                None
            }
        }
    }

    /// Whether there is a folder.
    pub(super) fn is_folder(&self, path: &Path) -> bool {
        self.told(path, std::fs::metadata(path)).is_some_and(|it| it.is_dir())
    }

    /// Whether there is a file.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        self.told(path, std::fs::metadata(path)).is_some_and(|it| it.is_file())
    }

    /// The text of a file of code; none if it is not there, or is no file.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        let about = self.told(path, std::fs::metadata(path))?;
        if !about.is_file() {
            return None;
        }
        if about.len() > MOST_BYTES {
            self.tell(path, format!("was not read: it has more than {}", text::bytes(MOST_BYTES)));
            return None;
        }
        let bytes = self.told(path, std::fs::read(path))?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The beginning of a file; nothing if it is not there.
    pub(super) fn head(&self, path: &Path) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        let read = std::fs::File::open(path).and_then(|mut it| it.read(&mut bytes));
        bytes.truncate(self.told(path, read).unwrap_or(0));
        bytes
    }

    /// Whether two files have the same text.
    pub(super) fn is_same(&self, one: &Path, other: &Path) -> bool {
        let length = |path: &Path| self.told(path, std::fs::metadata(path)).map(|it| it.len());
        if length(one) != length(other) {
            return false;
        }
        match (self.text(one), self.text(other)) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }

    /// What lies in a folder, in order; nothing if it is not there.
    pub(super) fn entries(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = self.told(folder, std::fs::read_dir(folder)).into_iter().flatten();
        let mut found: Vec<PathBuf> = entries.filter_map(|it| self.told(folder, it)).map(|it| it.path()).collect();
        found.sort();
        found
    }

    /// The folders in a folder.
    pub(super) fn folders(&self, folder: &Path) -> Vec<PathBuf> {
        self.entries(folder).into_iter().filter(|it| self.is_folder(it)).collect()
    }

    /// The files in a folder whose names end so.
    pub(super) fn files(&self, folder: &Path, ending: &str) -> Vec<PathBuf> {
        self.entries(folder).into_iter().filter(|it| it.extension().is_some_and(|it| it == ending)).collect()
    }

    /// Where links may lead: into the installation, and into a `.modman` above it, where modman keeps the modules that it
    /// links into a root below its own folder.
    fn ground(&self) -> Option<Vec<PathBuf>> {
        let root = self.root.canonicalize().ok()?;
        let modman = root.ancestors().skip(1).take(3).map(|it| it.join(".modman")).find(|it| it.is_dir());
        let modman = modman.and_then(|it| it.canonicalize().ok());
        Some([root].into_iter().chain(modman).collect())
    }

    /// Files below a folder, in order. Links are followed as far as they stay in the installation: tools such as modman
    /// make folders of modules of them.
    pub(super) fn files_below(&self, folder: &Path, flaws: &mut Vec<String>) -> Vec<PathBuf> {
        let Some(ground) = self.ground() else { return Vec::new() };
        if !self.is_folder(folder) {
            return Vec::new();
        }
        let mut outside = Vec::new();
        let mut found = Vec::new();
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        let stays = |entry: &DirEntry| {
            let real = entry.path_is_symlink().then(|| entry.path().canonicalize());
            let is_on_ground = |it: &PathBuf| ground.iter().any(|place| it.starts_with(place));
            let is_inside = real.is_none_or(|it| it.as_ref().is_ok_and(is_on_ground));
            if !is_inside {
                outside.push(self.below(entry.path()));
            }
            is_inside
        };
        for entry in walk.filter_entry(stays) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => found.push(entry.into_path()),
                Ok(_) => {}
                Err(error) if error.loop_ancestor().is_some() => {
                    let path = self.below(error.path().unwrap_or(folder));
                    flaws.push(format!("{path}: it is a link in a circle"));
                }
                Err(error) => self.tell_walk(error, folder),
            }
            if found.len() >= MOST_FILES {
                self.tell(folder, format!("was not read as a whole: only its first {MOST_FILES} files"));
                break;
            }
        }
        let words = "a link that leads out of the installation was not followed";
        flaws.extend(outside.into_iter().map(|it| format!("{it}: {words}")));
        found
    }

    /// A path below the installation, as reports show it.
    pub(super) fn below(&self, path: &Path) -> String {
        text::path(path.strip_prefix(self.root).unwrap_or(path).as_os_str().as_bytes())
    }
}

/// The name of a file or folder.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
