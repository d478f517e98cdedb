//! What the paths and sizes of two trees tell.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Scan;
use super::compare::{Fate, Item};
use super::list::Tree;
use super::twins::{self, Difference};
use crate::pair::Pair;

/// Files by what the paths alone tell.
#[derive(Default)]
pub(super) struct Merged {
    /// At the same path, of the same size.
    pub(super) even: Vec<(usize, usize)>,
    /// At the same path, of different sizes.
    pub(super) uneven: Vec<(usize, usize)>,
    pub(super) only_m1: Vec<usize>,
    pub(super) only_m2: Vec<usize>,
    pub(super) unicode_twins: Vec<(usize, usize)>,
    pub(super) case_twins: Vec<(usize, usize)>,
    pub(super) specials: Vec<(Vec<u8>, Pair<Option<usize>>)>,
    pub(super) hidden: Pair<u64>,
}

impl Merged {
    pub(super) fn of(trees: &Pair<Tree>, scan: &Scan) -> Self {
        let mut merged = Self::default();
        let (m1, m2) = (&trees.m1, &trees.m2);
        let (mut at1, mut at2) = (0, 0);
        while at1 < m1.len() || at2 < m2.len() {
            let order = match (at1 < m1.len(), at2 < m2.len()) {
                (true, true) => m1.path(at1).cmp(m2.path(at2)),
                (true, false) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let path = if order == Ordering::Greater { m2.path(at2) } else { m1.path(at1) };
            let found = Pair { m1: order.is_le().then_some(at1), m2: order.is_ge().then_some(at2) };
            if (scan.policy.is_special)(path) {
                merged.specials.push((path.to_vec(), found));
            } else {
                match found {
                    Pair { m1: Some(i), m2: Some(j) } if m1.size(i) == m2.size(j) => merged.even.push((i, j)),
                    Pair { m1: Some(i), m2: Some(j) } => merged.uneven.push((i, j)),
                    Pair { m1: Some(_), m2: None } if m2.blind_spot(path) => merged.hidden.m1 += 1,
                    Pair { m1: Some(i), m2: None } => merged.only_m1.push(i),
                    Pair { m1: None, m2: Some(_) } if m1.blind_spot(path) => merged.hidden.m2 += 1,
                    Pair { m1: None, m2: Some(j) } => merged.only_m2.push(j),
                    Pair { m1: None, m2: None } => unreachable!("one of the two is taken"),
                }
            }
            at1 += usize::from(order.is_le());
            at2 += usize::from(order.is_ge());
        }
        merged.unicode_twins = merged.take_twins(trees, Difference::Form);
        merged.case_twins = merged.take_twins(trees, Difference::Case);
        merged
    }

    /// Takes the twins out of the files that have no partner.
    fn take_twins(&mut self, trees: &Pair<Tree>, difference: Difference) -> Vec<(usize, usize)> {
        let pairs = twins::pairs(
            difference,
            self.only_m1.iter().map(|&at| (at, trees.m1.path(at))).peekable(),
            self.only_m2.iter().map(|&at| (at, trees.m2.path(at))),
        );
        let taken = Pair {
            m1: pairs.iter().map(|it| it.0).collect::<HashSet<_>>(),
            m2: pairs.iter().map(|it| it.1).collect::<HashSet<_>>(),
        };
        self.only_m1.retain(|it| !taken.m1.contains(it));
        self.only_m2.retain(|it| !taken.m2.contains(it));
        pairs
    }
}

pub(super) fn item(fate: Fate, m1: Option<usize>, m2: Option<usize>) -> Item {
    Item { fate, m1, m2, elsewhere: None, has_same_content: None }
}

/// Everything that paths and sizes tell.
pub(super) fn by_size(merged: &Merged) -> Vec<Item> {
    let pairs = |fate, pairs: &[(usize, usize)]| {
        pairs.iter().map(move |&(i, j)| item(fate, Some(i), Some(j))).collect::<Vec<_>>()
    };
    let mut items = pairs(Fate::Changed, &merged.uneven);
    items.extend(pairs(Fate::UnicodeTwin, &merged.unicode_twins));
    items.extend(pairs(Fate::CaseTwin, &merged.case_twins));
    items.extend(merged.only_m1.iter().map(|&at| item(Fate::Missing, Some(at), None)));
    items.extend(merged.only_m2.iter().map(|&at| item(Fate::Extra, None, Some(at))));
    items
}
