//! Files of a media folder in a snapshot: tables, one for each part of the folder.
//!
//! `sql/` has queries over them, which say in SQL what [`Comparison`](super::Comparison) does.

mod read;
mod write;

pub(super) use read::Cursor;
pub use read::Manifest;
pub use write::{Target, write};

use serde::{Deserialize, Serialize};

/// Which columns there are, and what they mean.
const SCHEMA_VERSION: u32 = 1;

/// Files of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartAbout {
    /// Its name in the snapshot.
    pub name: String,
    /// How many files.
    pub files: u64,
    /// The text of the first path.
    pub first: String,
    /// The text of the last path.
    pub last: String,
}

/// The names of the columns.
mod column {
    pub(super) const PATH: &str = "path";
    pub(super) const PATH_RAW: &str = "path_raw";
    pub(super) const KIND: &str = "kind";
    pub(super) const SIZE: &str = "size";
    pub(super) const MODIFIED: &str = "mtime";
    pub(super) const HASH: &str = "hash";
    pub(super) const ERROR: &str = "error";
}

/// The kinds of files.
mod kind {
    pub(super) const FILE: &str = "file";
    /// A file that begins like a script.
    pub(super) const SCRIPT: &str = "script";
}
