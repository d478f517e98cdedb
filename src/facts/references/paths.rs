//! Many paths in little room: one after the other, each once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Serialize};

/// Texts by number, in one piece of memory: a string of its own for each would cost twice as much.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn get(&self, at: u32) -> &[u8] {
        let at = at as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// Adds a text; none if there is no room for more: the offsets are 32 bits.
    pub(super) fn push(&mut self, text: &[u8]) -> Option<u32> {
        let end = u32::try_from(self.bytes.len() + text.len()).ok()?;
        let at = u32::try_from(self.ends.len()).ok()?;
        self.bytes.extend_from_slice(text);
        self.ends.push(end);
        Some(at)
    }

    /// The texts in the order of their bytes, and the new number of each old one.
    pub(super) fn sorted(&self) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.len()).collect();
        order.sort_unstable_by(|one, other| self.get(*one).cmp(self.get(*other)));
        let mut sorted =
            Self { bytes: Vec::with_capacity(self.bytes.len()), ends: Vec::with_capacity(self.ends.len()) };
        let mut place = vec![0; order.len()];
        for (new, old) in (0..).zip(order) {
            sorted.push(self.get(old));
            place[old as usize] = new;
        }
        (sorted, place)
    }

    /// The number of a text; these have to be sorted.
    pub(super) fn find(&self, text: &[u8]) -> Option<u32> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// Texts of which each is kept once.
#[derive(Debug, Default)]
pub(super) struct Interner {
    pub(super) texts: Texts,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &[u8]) -> Option<u32> {
        let Self { texts, numbers, hasher } = self;
        let hash = hasher.hash_one(text);
        if let Some(number) = numbers.find(hash, |it| texts.get(*it) == text) {
            return Some(*number);
        }
        let number = texts.push(text)?;
        numbers.insert_unique(hash, number, |it| hasher.hash_one(texts.get(*it)));
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_once_and_found_in_order() {
        let mut interner = Interner::default();
        let numbers: Vec<_> = ["b", "a", "b", ""].iter().map(|it| interner.number(it.as_bytes())).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(0), Some(2)]);
        let (sorted, place) = interner.texts.sorted();
        assert_eq!((0..sorted.len()).map(|it| sorted.get(it)).collect::<Vec<_>>(), [&b""[..], b"a", b"b"]);
        assert_eq!(place, [2, 1, 0]);
        assert_eq!(["a", "b", "c"].map(|it| sorted.find(it.as_bytes())), [Some(1), Some(2), None]);
    }
}
