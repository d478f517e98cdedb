//! Access rights: what a role's rules mean on each platform, and what the
//! rights of Magento 1 are called in Magento 2.
//!
//! Both platforms store one rule for every resource that they knew when the
//! role was saved, and both let a resource without a rule take the right of its
//! nearest ancestor that has one (`Zend_Acl`, `Magento\Framework\Acl`). So a
//! missing row is not a denial, and what counts is always the effective right.

pub mod expected;
pub mod m1;
pub mod m2;
pub mod map;
mod meaning;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The rules of one role as they are stored (`admin_rule`, `api_rule`, `authorization_rule`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    permissions: BTreeMap<String, bool>,
    /// All rules in their order; none in snapshots by older versions.
    #[serde(default)]
    rows: Vec<(String, bool)>,
    /// The middle one of the rules' ids. Saving a role deletes its rules and
    /// writes new ones, so of two roles the greater one was saved later, even
    /// if single rows were added to the other by hand.
    saved: u64,
}

impl Rules {
    /// Rules of rows: id, resource, whether it is allowed. Of two rows about
    /// one resource the one of the higher id wins.
    pub fn new(rows: impl IntoIterator<Item = (u64, String, bool)>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by_key(|(id, ..)| *id);
        let saved = rows.get(rows.len() / 2).map_or(0, |(id, ..)| *id);
        let rows: Vec<(String, bool)> = rows.into_iter().map(|(_, resource, allows)| (resource, allows)).collect();
        Self { permissions: rows.iter().cloned().collect(), rows, saved }
    }

    /// What the role's own rule says of a resource, if there is one.
    pub fn own(&self, resource: &str) -> Option<bool> {
        self.permissions.get(resource).copied()
    }

    /// All rules in their order: a resource, and whether it is allowed.
    pub fn rows(&self) -> impl Iterator<Item = (&str, bool)> {
        let by_resource = self.permissions.iter().filter(|_| self.rows.is_empty());
        let by_resource = by_resource.map(|(resource, allows)| (resource.as_str(), *allows));
        self.rows.iter().map(|(resource, allows)| (resource.as_str(), *allows)).chain(by_resource)
    }

    /// Whether the order of the rules is known.
    fn has_order(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Every resource that has a rule, in byte order.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.permissions.keys().map(String::as_str)
    }

    /// Every resource that is allowed by a rule of its own.
    pub fn allowed(&self) -> impl Iterator<Item = &str> {
        self.permissions.iter().filter(|(_, allows)| **allows).map(|(resource, _)| resource.as_str())
    }

    /// Whether anything is denied by a rule of its own.
    pub fn denies_any(&self) -> bool {
        self.permissions.values().any(|allows| !allows)
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.permissions.is_empty()
    }

    /// Whether the rules were written by Magento for all resources at once,
    /// and not by hand for some. Every release has more resources than this.
    fn is_full(&self) -> bool {
        self.permissions.len() >= 100
    }
}

impl<'a> FromIterator<(&'a str, bool)> for Rules {
    /// Rules in the order in which they were written.
    fn from_iter<I: IntoIterator<Item = (&'a str, bool)>>(rules: I) -> Self {
        Self::new((1..).zip(rules).map(|(id, (resource, allows))| (id, resource.to_owned(), allows)))
    }
}
