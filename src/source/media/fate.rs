//! What became of files, and how that was told.

use super::Compare;
use super::about::Tally;
use super::digest::{Algorithm, Digest};
use super::listing::{File, Listing};
use crate::pair::Pair;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// At the same path, with other content.
    Changed,
    /// In Magento 2 under a name that differs in Unicode normal form.
    UnicodeTwin,
    /// In Magento 2 under a name that differs in letter case.
    CaseTwin,
    /// In Magento 2 at another path, which no file of Magento 1 has.
    Moved,
    /// Not in Magento 2.
    Missing,
    /// In Magento 2 only.
    Extra,
    /// Nobody knows: something unreadable is in the way.
    Unknown,
}

/// A file that has no equal at its path.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its path below the media folder.
    pub path: Box<[u8]>,
    /// Its size in bytes; none if it is not known.
    pub size: Option<u64>,
    /// Where it stands in its tree, if it can be read.
    pub(super) at: Option<u32>,
    /// The hash of its content, where that is known.
    pub(super) digest: Option<Digest>,
}

impl Found {
    pub(super) fn of(file: &File<'_>) -> Self {
        Self {
            path: file.path.into(),
            size: file.size,
            at: file.at.and_then(|it| u32::try_from(it).ok()),
            digest: file.digest,
        }
    }

    pub(super) fn place(&self) -> Option<usize> {
        self.at.map(|it| it as usize)
    }
}

/// A file that is not the same on both sides.
#[derive(Clone, Debug)]
pub struct Item {
    /// What became of it.
    pub fate: Fate,
    /// The file of Magento 1.
    pub m1: Option<Found>,
    /// The file of Magento 2: the one at its path, its twin, or where it was moved.
    pub m2: Option<Found>,
    /// For a missing file: where in Magento 2 its content lies all the same, at another file's place.
    pub elsewhere: Option<Box<[u8]>>,
    /// For a twin: whether the contents are equal, if they were compared.
    pub has_same_content: Option<bool>,
}

pub(super) fn item(fate: Fate, m1: Option<Found>, m2: Option<Found>) -> Item {
    Item { fate, m1, m2, elsewhere: None, has_same_content: None }
}

/// A file that is judged by its content on its own account.
#[derive(Clone, Debug, Default)]
pub struct Special {
    /// Its path below the media folder.
    pub path: Vec<u8>,
    /// The hashes of its contents, where it is there and can be read.
    pub hashes: Pair<Option<blake3::Hash>>,
    /// Whether it is there.
    pub is_there: Pair<bool>,
}

/// Files of one part of the folder, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartTally {
    /// Everything that Magento 1 has there.
    pub m1: Tally,
    /// Everything that Magento 2 has there.
    pub m2: Tally,
    /// Of Magento 1's: the same in Magento 2.
    pub same: Tally,
    /// Of Magento 1's: with other content.
    pub changed: Tally,
    /// Of Magento 1's: under a twin's name, or moved.
    pub elsewhere: Tally,
    /// Of Magento 1's: missing.
    pub missing: Tally,
    /// Of Magento 1's: not compared.
    pub unknown: Tally,
    /// Of Magento 2's: without partner.
    pub extra: Tally,
}

/// How the files of two listings can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// By their bytes, or by hashes of this kind.
    Content(Algorithm),
    /// By their sizes, since that was asked for.
    Size,
    /// By their sizes, since a listing has no hashes, or none of a kind that can be had of the other side.
    NoHashes,
}

impl Compared {
    pub(super) fn of(listings: &Pair<Listing>, compare: Compare) -> Self {
        if compare == Compare::Size {
            return Self::Size;
        }
        let others = listings.m2.algorithms();
        let common = listings.m1.algorithms().into_iter().find(|it| others.contains(it));
        common.map_or(Self::NoHashes, Self::Content)
    }

    pub(super) const fn algorithm(self) -> Algorithm {
        match self {
            Self::Content(algorithm) => algorithm,
            // What is judged on its own account is judged by a hash of this kind.
            Self::Size | Self::NoHashes => Algorithm::Blake3,
        }
    }

    /// Whether contents were compared, so that a verdict is certain.
    pub const fn is_by_content(self) -> bool {
        matches!(self, Self::Content(_))
    }
}
