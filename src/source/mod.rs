//! All input: files, databases and the environment are read here and nowhere else.
#![expect(clippy::disallowed_methods, reason = "this is the module that reads")]

pub mod demo;
pub mod dump;
pub mod installation;
pub mod interrupt;
pub mod media;
pub mod server;
pub mod tables;

use std::io;
use std::path::Path;

/// The text of a small file.
pub(crate) fn text_file(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// A variable of the environment.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The time.
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Whether there is a folder at `path`.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Whether there is anything at `path`.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a folder is empty; fails if it cannot be listed.
pub(crate) fn first_entry(path: &Path) -> io::Result<bool> {
    Ok(std::fs::read_dir(path)?.next().is_none())
}
