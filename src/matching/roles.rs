//! Roles: by `[match.roles]`, by name, by the rights that overlap.

use std::collections::BTreeMap;

use super::{Pairing, Partners};
use crate::facts::Accounts;
use crate::finding::Confidence;
use crate::text::fold;

/// From which overlap on two roles are likely to be the same.
const OVERLAP: f64 = 0.5;

/// How two roles were found to be the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    /// `[match.roles]` says so.
    Override,
    /// They have the same name.
    Name,
    /// Their rights overlap.
    Rights {
        /// Rights of both by rights of either (Jaccard).
        overlap: f64,
        /// Users of Magento 1's role whose partners are in Magento 2's.
        shared: usize,
    },
}

impl How {
    /// The words that the inventory uses.
    pub fn words(self) -> String {
        match self {
            Self::Override => "[match.roles]".to_owned(),
            Self::Name => "name".to_owned(),
            Self::Rights { overlap, .. } => format!("rights ({overlap:.2})"),
        }
    }
}

/// Partners of Magento 1's roles. `overlap` tells how much of the rights of two roles is the same.
pub fn pair_off(
    m1: &Accounts,
    m2: &Accounts,
    users: &Partners<super::users::How>,
    overrides: &BTreeMap<String, String>,
    overlap: &dyn Fn(usize, usize) -> f64,
) -> Partners<How> {
    let overrides: BTreeMap<String, String> = overrides.iter().map(|(one, other)| (fold(one), fold(other))).collect();
    let order: Vec<usize> = (0..m1.roles.len()).collect();
    let mut pairing = Pairing::new(m2.roles.len());
    let name = |at: usize| fold(&m2.roles[at].name);
    pairing.by_key(How::Override, &order, &|at| overrides.get(&fold(&m1.roles[at].name)).cloned(), &name);
    pairing.by_key(How::Name, &order, &|at| Some(fold(&m1.roles[at].name)), &name);
    let shared = shared_users(m1, m2, users);
    let mut candidates: Vec<(f64, usize, usize, usize)> = Vec::new();
    for place in order.into_iter().filter(|&it| pairing.is_free(it)) {
        for other in (0..m2.roles.len()).filter(|&it| !pairing.taken[it]) {
            let overlap = overlap(place, other);
            if overlap >= OVERLAP {
                candidates.push((overlap, shared.get(&(place, other)).copied().unwrap_or(0), place, other));
            }
        }
    }
    // The greatest overlap first; of equal ones the one with more users in common.
    candidates.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)).then((one.2, one.3).cmp(&(other.2, other.3)))
    });
    for at in 0..candidates.len() {
        let (overlap, shared, place, other) = candidates[at];
        if !pairing.is_free(place) || pairing.taken[other] {
            continue;
        }
        let is_rival = |it: &&(f64, usize, usize, usize)| {
            let is_as_good = it.0.total_cmp(&overlap).is_eq() && it.1 == shared;
            is_as_good && ((it.2 == place) != (it.3 == other)) && pairing.is_free(it.2) && !pairing.taken[it.3]
        };
        let has_rival =
            candidates[at..].iter().take_while(|it| it.0.total_cmp(&overlap).is_eq()).any(|it| is_rival(&it));
        let confidence = if has_rival { Confidence::Guess } else { Confidence::Likely };
        pairing.pair(place, How::Rights { overlap, shared }, other, confidence);
    }
    pairing.partners
}

/// How many users of a role have their partner in a role of Magento 2.
fn shared_users(m1: &Accounts, m2: &Accounts, users: &Partners<super::users::How>) -> BTreeMap<(usize, usize), usize> {
    let mut shared = BTreeMap::new();
    for (&at, partner) in users {
        let before = m1.users[at].role.and_then(|it| m1.role_place(it));
        let now = m2.users[partner.place].role.and_then(|it| m2.role_place(it));
        if let (Some(before), Some(now)) = (before, now) {
            *shared.entry((before, now)).or_default() += 1;
        }
    }
    shared
}
