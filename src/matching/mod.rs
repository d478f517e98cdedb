//! What of one side is what of the other.
//!
//! Natural keys, never row ids. One to one, in passes, and the first pass that
//! fits wins; what the operator says under `[match]` comes before all of them
//! (docs/decisions/0004 and 0007).

pub mod credentials;
mod judgement;
pub mod roles;
#[cfg(test)]
mod tests;
pub mod users;
pub mod widgets;

use std::collections::{BTreeMap, BTreeSet};

pub use self::judgement::Judgement;
use crate::finding::Confidence;
use crate::text::fold;

/// Whether two scopes have a store view in common.
pub fn is_shared(one: &str, other: &str) -> bool {
    one == "all" || other == "all" || one.split(',').any(|code| other.split(',').any(|it| it == code))
}

/// Partners by place: how they were found, and the place of the other.
pub type Partners<How> = BTreeMap<usize, Partner<How>>;

/// The other one of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Partner<How> {
    /// How it was found.
    pub how: How,
    /// Its place in Magento 2.
    pub place: usize,
    /// How sure it is.
    pub confidence: Confidence,
}

/// Pairs that are being made: each place is taken once.
#[derive(Debug)]
struct Pairing<How> {
    partners: Partners<How>,
    taken: Vec<bool>,
}

impl<How: Copy> Pairing<How> {
    fn new(m2_count: usize) -> Self {
        Self { partners: BTreeMap::new(), taken: vec![false; m2_count] }
    }

    fn pair(&mut self, place: usize, how: How, other: usize, confidence: Confidence) {
        self.taken[other] = true;
        self.partners.insert(place, Partner { how, place: other, confidence });
    }

    fn is_free(&self, place: usize) -> bool {
        !self.partners.contains_key(&place)
    }

    /// Pairs whatever has the same key: the first of Magento 1 with the first of Magento 2. Where
    /// several have it on one side, that is a guess.
    fn by_key(
        &mut self,
        how: How,
        order: &[usize],
        wanted: &dyn Fn(usize) -> Option<String>,
        key: &dyn Fn(usize) -> String,
    ) {
        let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for other in (0..self.taken.len()).rev().filter(|it| !self.taken[*it]) {
            free.entry(key(other)).or_default().push(other);
        }
        let wanted: Vec<(usize, String)> = order
            .iter()
            .filter(|it| self.is_free(**it))
            .filter_map(|&it| Some((it, wanted(it).filter(|it| !it.is_empty())?)))
            .collect();
        let mut competing: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, key) in &wanted {
            *competing.entry(key).or_default() += 1;
        }
        let several: BTreeSet<String> =
            free.iter().filter(|(_, of)| of.len() > 1).map(|(key, _)| key.clone()).collect();
        for (place, key) in &wanted {
            let Some(other) = free.get_mut(key).and_then(Vec::pop) else { continue };
            let is_one = competing[key.as_str()] == 1 && !several.contains(key);
            self.pair(*place, how, other, if is_one { Confidence::Certain } else { Confidence::Guess });
        }
    }
}

/// Entries of a `[match]` table that name nothing on one side, or the same partner twice.
pub fn unused(
    table: &str,
    noun: &str,
    overrides: &BTreeMap<String, String>,
    is_there: [&dyn Fn(&str) -> bool; 2],
) -> Vec<String> {
    let mut by_partner: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (one, other) in overrides {
        by_partner.entry(fold(other)).or_default().push(one);
    }
    let twice = by_partner.into_iter().filter(|(_, of)| of.len() > 1).map(|(other, of)| {
        let of = of.join(", ");
        format!("[match.{table}] gives \"{other}\" to {of}: each {noun} has one partner, and only one of them got it")
    });
    let sides =
        overrides.iter().flat_map(|(one, other)| [("Magento 1", is_there[0], one), ("Magento 2", is_there[1], other)]);
    sides
        .filter(|(_, is_there, name)| !is_there(name))
        .map(|(side, _, name)| format!("[match.{table}] names \"{name}\", and {side} has no such {noun}"))
        .chain(twice)
        .collect()
}
