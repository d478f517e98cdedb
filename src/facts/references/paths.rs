//! Many paths in little room: one after the other, each once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Texts by number, in one piece of memory: a string of its own for each would cost twice as much.
#[derive(Clone, Debug, Default)]
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

    /// The numbers of the texts in the order of their bytes.
    pub(super) fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len()).collect();
        order.sort_unstable_by(|one, other| self.get(*one).cmp(self.get(*other)));
        order
    }
}

/// Texts that can be found by their bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Sorted {
    texts: Texts,
    order: Vec<u32>,
}

impl Sorted {
    /// Texts in order, and the place of each by its number.
    pub(super) fn of(texts: Texts) -> (Self, Vec<u32>) {
        let order = texts.order();
        let mut place = vec![0; order.len()];
        for (new, old) in (0..).zip(&order) {
            place[*old as usize] = new;
        }
        (Self { texts, order }, place)
    }

    /// The text at a place.
    pub(super) fn get(&self, place: u32) -> &[u8] {
        self.texts.get(self.order[place as usize])
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The place of a text that is asked for after others that are mostly before it: the search
    /// goes on where the last one ended.
    pub(super) fn find_from(&self, text: &[u8], hint: &mut usize) -> Option<u32> {
        let is_before = |at: usize| self.texts.get(self.order[at]) < text;
        let mut low = if *hint < self.len() && is_before(*hint) { *hint } else { 0 };
        let mut step = 1;
        let mut high = if low == 0 { (*hint + 1).min(self.len()) } else { low };
        // Each step is twice as long as the one before, as most texts are near.
        while high < self.len() && is_before(high) {
            low = high;
            high = (high + step).min(self.len());
            step *= 2;
        }
        let at = low + self.order[low..high].partition_point(|it| self.texts.get(*it) < text);
        *hint = at;
        (at < self.len() && self.get(u32::try_from(at).ok()?) == text).then(|| u32::try_from(at).ok()).flatten()
    }

    /// The place of a text.
    pub(super) fn find(&self, text: &[u8]) -> Option<u32> {
        let place = self.order.binary_search_by(|it| self.texts.get(*it).cmp(text)).ok()?;
        u32::try_from(place).ok()
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
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_kept_once_and_found_in_order() {
        let mut interner = Interner::default();
        let numbers: Vec<_> = ["b", "a", "b", ""].iter().map(|it| interner.number(it.as_bytes())).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(0), Some(2)]);
        let (sorted, place) = Sorted::of(interner.texts);
        assert_eq!([0, 1, 2].map(|it| sorted.get(it)), [&b""[..], b"a", b"b"]);
        assert_eq!(place, [2, 1, 0]);
        assert_eq!(["a", "b", "c"].map(|it| sorted.find(it.as_bytes())), [Some(1), Some(2), None]);
    }

    proptest! {
        #[test]
        fn what_is_found_from_anywhere_is_what_is_found(
            texts in vec("[abc]{0,3}", 0..40),
            asked in vec(("[abc]{0,3}", any::<bool>()), 0..40),
        ) {
            let mut interner = Interner::default();
            for text in &texts {
                interner.number(text.as_bytes());
            }
            let (sorted, _) = Sorted::of(interner.texts);
            let mut hint = 0;
            for (text, is_anew) in asked {
                if is_anew {
                    hint = 0;
                }
                prop_assert_eq!(sorted.find_from(text.as_bytes(), &mut hint), sorted.find(text.as_bytes()));
            }
        }
    }
}
