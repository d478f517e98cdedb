//! What is known, and why something is not.

use serde::{Deserialize, Serialize};

/// Why something is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lack {
    /// The input that would tell it was not given.
    NotGiven(String),
    /// The input was given, and does not hold it.
    NotThere(String),
    /// The input was given, and holds only a part of it: a dump that was made without some rows.
    NotWhole(String),
    /// The input was given, and could not be read.
    Failed(String),
}

impl Lack {
    /// The reason, for people.
    pub fn why(&self) -> &str {
        match self {
            Self::NotGiven(why) | Self::NotThere(why) | Self::NotWhole(why) | Self::Failed(why) => why,
        }
    }

    /// Whether the input was given, and does not hold it.
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::NotThere(_))
    }

    /// Whether the input was given, and rows that were there are not in it.
    pub const fn is_not_whole(&self) -> bool {
        matches!(self, Self::NotWhole(_))
    }

    /// Whether something that was given could not be read.
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

/// Something, or why it is not known. Never an empty something in its place:
/// what nobody looked at must not look clean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Known<T> {
    /// It is known.
    Is(T),
    /// It is not.
    Not(Lack),
}

impl<T> Known<T> {
    /// It, if it is known.
    pub const fn get(&self) -> Option<&T> {
        match self {
            Self::Is(it) => Some(it),
            Self::Not(_) => None,
        }
    }

    /// Why it is not known.
    pub const fn lack(&self) -> Option<&Lack> {
        match self {
            Self::Is(_) => None,
            Self::Not(lack) => Some(lack),
        }
    }

    /// Something made of it, if it is known.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Is(it) => Known::Is(f(it)),
            Self::Not(lack) => Known::Not(lack),
        }
    }
}
