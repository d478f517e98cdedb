//! Media folders: what is in them, and what two of them have in common.
//!
//! A [`Listing`] is one side: a folder that was walked, a snapshot, or the output of another
//! program. [`Comparison::of`] merges two of them and reads the files that only their content can
//! tell apart. This module knows files; what a path means to Magento is told to it by a [`Policy`].

mod about;
mod beneath;
mod cache;
mod compare;
mod content;
mod digest;
mod doubt;
mod fate;
mod foreign;
mod list;
mod listing;
pub mod manifest;
mod merge;
mod named;
mod patterns;
mod reading;
mod replaced;
mod settle;
#[cfg(test)]
mod tests;
mod throttle;
mod tree;
mod twins;

use std::path::PathBuf;

pub use about::{About, Link, Tally, Unreadable};
pub use compare::Comparison;
pub use doubt::settle_doubt;
pub use fate::{Compared, Fate, Found, Item, PartTally, Special};
pub use foreign::looks_like_list;
pub use listing::Listing;
pub use named::{Named, look_up};
pub use patterns::Patterns;
pub use replaced::settle_replaced_names;
pub use twins::{Alike, Difference as Likeness};

/// What is to be known of a path beyond its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether a folder is only counted.
    pub is_left_out: fn(&[u8]) -> bool,
    /// Whether a file is only counted, by its own name.
    pub is_left_out_file: fn(&[u8]) -> bool,
    /// Whether a file is looked at even in a folder that is left out, and always
    /// by its content.
    pub is_special: fn(&[u8]) -> bool,
    /// Whether a file is a program by its name.
    pub has_executable_name: fn(&[u8]) -> bool,
    /// Whether a file is a program by its first bytes.
    pub has_script_head: fn(&[u8]) -> bool,
    /// The part of the tree that a path is counted in.
    pub part: fn(&[u8]) -> &[u8],
}

/// How files at the same path are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compare {
    /// By size, then byte by byte; files without partner by hash.
    #[default]
    Content,
    /// By size alone: quick, and blind to changes that keep it.
    Size,
    /// By the hashes of all files.
    Hash,
}

impl Compare {
    /// What it does, for the report.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Content => "files of the same path and size were compared byte by byte",
            Self::Size => {
                "files were compared by path and size only (--compare size): changes that keep the size, \
                 moved files and scripts under harmless names were not looked for"
            }
            Self::Hash => "files were compared by their BLAKE3 hashes, and every file was hashed",
        }
    }
}

/// What is walked and read, and how.
#[derive(Clone, Debug)]
pub struct Scan {
    /// What paths mean.
    pub policy: Policy,
    /// How files are told apart.
    pub compare: Compare,
    /// Compare generated folders, too.
    pub include_generated: bool,
    /// Paths to look at; everything if there is none.
    pub include: globset::GlobSet,
    /// Paths to leave out.
    pub exclude: globset::GlobSet,
    /// What a snapshot was limited to: paths to look at, and paths to leave out.
    pub limits: Vec<[globset::GlobSet; 2]>,
    /// Threads that read files.
    pub threads: usize,
    /// Bytes that may be read in a second.
    pub io_limit: Option<u64>,
    /// Where it is kept what earlier runs have read.
    pub cache: Option<PathBuf>,
}

impl Scan {
    /// Whether a file is to be looked at at all. One that is judged on its own account always is.
    fn is_wanted(&self, path: &[u8]) -> bool {
        let includes = self.limits.iter().map(|[include, _]| include).chain([&self.include]);
        (self.policy.is_special)(path)
            || includes.into_iter().all(|it| it.is_empty() || matches(it, path)) && !self.is_excluded(path)
    }

    /// Whether a path, or a folder that it lies in, is left out by a pattern.
    fn is_outside(&self, path: &[u8]) -> bool {
        let mut folders = memchr::memchr_iter(b'/', path).map(|end| &path[..end]);
        !self.is_wanted(path) || !(self.policy.is_special)(path) && folders.any(|it| self.is_excluded(it))
    }

    /// On account of which folder or name a file is only counted, if it is.
    fn account<'a>(&self, path: &'a [u8]) -> Option<&'a [u8]> {
        if self.include_generated || (self.policy.is_special)(path) {
            return None;
        }
        let mut folders = memchr::memchr_iter(b'/', path).map(|end| &path[..end]);
        let name = path.rsplit(|it| *it == b'/').next().unwrap_or(path);
        let folder = folders.find(|it| (self.policy.is_left_out)(it));
        folder.or_else(|| (self.policy.is_left_out_file)(path).then_some(name))
    }

    /// Whether a file is compared.
    fn is_about(&self, path: &[u8]) -> bool {
        let mut folders = memchr::memchr_iter(b'/', path).map(|end| &path[..end]);
        let is_left_out =
            folders.any(|it| self.is_excluded(it) || !self.include_generated && (self.policy.is_left_out)(it));
        let is_left_out_file = !self.include_generated && (self.policy.is_left_out_file)(path);
        self.is_wanted(path) && !is_left_out && !is_left_out_file
    }

    /// Whether a file or a whole folder is left out by a pattern.
    fn is_excluded(&self, path: &[u8]) -> bool {
        let excludes = self.limits.iter().map(|[_, exclude]| exclude).chain([&self.exclude]);
        excludes.into_iter().any(|it| matches(it, path))
    }
}

fn matches(patterns: &globset::GlobSet, path: &[u8]) -> bool {
    use std::os::unix::ffi::OsStrExt;
    patterns.is_match(std::path::Path::new(std::ffi::OsStr::from_bytes(path)))
}
