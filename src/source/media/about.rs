//! What is known of a media folder besides its files: links, what could not be read, and what is only
//! counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Scan;
use crate::text;

/// Files and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many files.
    pub files: u64,
    /// How many bytes they hold together.
    pub bytes: u64,
}

impl Tally {
    /// Counts one more file.
    pub const fn add(&mut self, size: u64) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(size);
    }

    /// Takes a file out of the count.
    pub(super) const fn remove(&mut self, size: u64) {
        self.files -= 1;
        self.bytes = self.bytes.saturating_sub(size);
    }
}

/// A symbolic link. It is never followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it lies.
    #[serde(with = "text::as_path")]
    pub path: Vec<u8>,
    /// What it points to, as it is written.
    #[serde(with = "text::as_path")]
    pub target: Vec<u8>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Where it lies.
    #[serde(with = "text::as_path")]
    pub path: Vec<u8>,
    /// What the file system says.
    pub why: String,
    /// Whether it is a folder, so that nobody knows what lies below it.
    pub is_folder: bool,
    /// Whether it only changed while it was read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_changed: bool,
}

/// What is known of a media folder besides its files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct About {
    /// Files that are compared.
    pub files: u64,
    /// Symbolic links, in path order.
    pub links: Vec<Link>,
    /// What could not be listed, in path order.
    pub unreadable: Vec<Unreadable>,
    /// What was only counted, by the folder or file name on account of which.
    #[serde(with = "text::as_path_keys")]
    pub left_out: BTreeMap<Vec<u8>, Tally>,
    /// Files with the name of a program in folders that are only counted, in path order.
    #[serde(with = "text::as_paths")]
    pub left_out_programs: Vec<Vec<u8>>,
}

impl About {
    /// Counts a file that is not compared, on account of a folder or a name.
    pub(super) fn count(&mut self, scan: &Scan, account: &[u8], path: &[u8], size: u64) {
        self.left_out.entry(account.to_vec()).or_default().add(size);
        if path.starts_with(account) && (scan.policy.has_executable_name)(path) {
            self.left_out_programs.push(path.to_vec());
        }
    }

    /// What of it is to be looked at.
    pub(super) fn limited(mut self, scan: &Scan) -> Self {
        self.links.retain(|it| !scan.is_outside(&it.path));
        self.unreadable.retain(|it| !scan.is_outside(&it.path));
        self.left_out_programs.retain(|it| !scan.is_outside(it));
        self.left_out.retain(|it, _| !scan.is_outside(it));
        self
    }

    pub(super) fn sort(&mut self) {
        self.links.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self.unreadable.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self.left_out_programs.sort_unstable();
    }

    /// Where a path leads through the links of this folder, by what is written in them; the path
    /// itself where one leads out of the folder.
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

/// Where a link leads, with what follows it; none if that is outside of the folder.
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
