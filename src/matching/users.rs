//! Admin users: by `[match.users]`, by username, by e-mail address.

use std::collections::BTreeMap;

use super::{Pairing, Partners};
use crate::facts::Accounts;
use crate::text::fold;

/// How two users were found to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `[match.users]` says so.
    Override,
    /// They have the same username.
    Username,
    /// They have the same e-mail address.
    Email,
}

impl How {
    /// The word that the inventory uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Override => "[match.users]",
            Self::Username => "username",
            Self::Email => "e-mail",
        }
    }
}

/// Partners of Magento 1's users.
pub fn pair_off(m1: &Accounts, m2: &Accounts, overrides: &BTreeMap<String, String>) -> Partners<How> {
    let overrides: BTreeMap<String, String> = overrides.iter().map(|(one, other)| (fold(one), fold(other))).collect();
    let order: Vec<usize> = (0..m1.users.len()).collect();
    let mut pairing = Pairing::new(m2.users.len());
    let username = |at: usize| fold(&m2.users[at].username);
    pairing.by_key(How::Override, &order, &|at| overrides.get(&fold(&m1.users[at].username)).cloned(), &username);
    pairing.by_key(How::Username, &order, &|at| Some(fold(&m1.users[at].username)), &username);
    pairing.by_key(How::Email, &order, &|at| Some(fold(&m1.users[at].email)), &|at| fold(&m2.users[at].email));
    pairing.partners
}
