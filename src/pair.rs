//! The two sides of a migration, and a value of each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the two stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The Magento 1 store, which is left.
    M1,
    /// The Magento 2 store, its successor.
    M2,
}

impl Side {
    /// Both sides, in report order.
    pub const BOTH: [Self; 2] = [Self::M1, Self::M2];

    /// The word that options, files and columns use: `m1` or `m2`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::M1 => "m1",
            Self::M2 => "m2",
        }
    }

    /// The side that this one is compared with.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::M1 => Self::M2,
            Self::M2 => Self::M1,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::M1 => "Magento 1",
            Self::M2 => "Magento 2",
        })
    }
}

/// The same thing, seen on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair<T> {
    /// What Magento 1 has.
    pub m1: T,
    /// What Magento 2 has.
    pub m2: T,
}

impl<T> Pair<T> {
    /// The value of one side.
    pub const fn of(&self, side: Side) -> &T {
        match side {
            Side::M1 => &self.m1,
            Side::M2 => &self.m2,
        }
    }

    /// The value of one side, to be changed.
    pub const fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::M1 => &mut self.m1,
            Side::M2 => &mut self.m2,
        }
    }

    /// Both values, borrowed.
    pub const fn as_ref(&self) -> Pair<&T> {
        Pair { m1: &self.m1, m2: &self.m2 }
    }

    /// The same function applied to both values.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair { m1: f(self.m1), m2: f(self.m2) }
    }
}
