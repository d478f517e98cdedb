//! What a role of Magento 1 may do (`Mage_Admin_Model_Acl`, `Mage_Api_Model_Acl`).

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use super::map::{ADMIN, SOAP};
use crate::magento::versions::Platform;

/// The resource whose permission means everything.
pub const ALL: &str = "all";

/// What a role may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Whether nothing is forbidden.
    pub everything: bool,
    /// Every resource that is allowed, and exists. Empty if everything is.
    pub allowed: BTreeSet<String>,
    /// Those of them that have no rule of their own, and are allowed because an ancestor is.
    pub inherited: BTreeSet<String>,
    /// Resources that rules allow and that no longer exist.
    pub gone: BTreeSet<String>,
}

/// Which of the two access lists of Magento 1 a role is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The administration: `all` is the root, below which a denial holds.
    Admin,
    /// SOAP and XML-RPC: `Mage_Api_Model_Session::isAllowed` asks for `all` first, so it wins over any denial.
    Soap,
}

/// The resources of a store, as its roles and its release tell them.
#[derive(Clone, Debug)]
pub struct Resources {
    list: List,
    known: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Resources {
    /// The resources that exist in a store with these roles.
    pub fn of(list: List, roles: &[&Rules], platform: &Platform) -> Self {
        let map = match list {
            List::Admin => &*ADMIN,
            List::Soap => &*SOAP,
        };
        let mut last_listed: BTreeMap<&str, u64> = BTreeMap::new();
        for rules in roles {
            for resource in rules.resources() {
                let saved = last_listed.entry(resource).or_default();
                *saved = rules.saved.max(*saved);
            }
        }
        // A module that was removed leaves its rules behind. Its resources are
        // those that no release has and a role that was saved later does not list.
        let last_saved = roles.iter().filter(|it| it.is_full()).map(|it| it.saved).max().unwrap_or(0);
        let is_gone = |resource: &str, listed: u64| map.find(resource).is_none() && listed < last_saved;
        let (gone, listed): (Vec<_>, Vec<_>) =
            last_listed.into_iter().partition(|(resource, listed)| is_gone(resource, *listed));
        let owned = |(resource, _): (&str, u64)| resource.to_owned();
        let mut known: BTreeSet<String> = listed.into_iter().map(owned).collect();
        match platform.community() {
            Some(version) => known.extend(map.stock_of(&version, platform.edition).map(str::to_owned)),
            // Roles that list everything say what there is; a resource that none of them lists
            // cannot be told from one that this release does not have.
            None if last_saved > 0 => {}
            None => known.extend(map.stock_of_all().map(str::to_owned)),
        }
        known.remove(ALL);
        Self { list, known, gone: gone.into_iter().map(owned).collect() }
    }

    /// What a role with these rules may do.
    pub fn rights(&self, rules: &Rules) -> Rights {
        let all = rules.own(ALL) == Some(true);
        let mut rights = Rights {
            gone: self.gone.iter().filter(|it| rules.own(it) == Some(true)).cloned().collect(),
            ..Rights::default()
        };
        if all && self.list == List::Soap {
            rights.everything = true;
            return rights;
        }
        for resource in &self.known {
            let own = rules.own(resource);
            if own.or_else(|| ancestors(resource).find_map(|it| rules.own(it))).unwrap_or(all) {
                rights.allowed.insert(resource.clone());
                if own.is_none() {
                    rights.inherited.insert(resource.clone());
                }
            }
        }
        rights.everything = !self.known.is_empty() && rights.allowed.len() == self.known.len();
        if all && self.known.is_empty() {
            rights.everything = true;
        }
        if rights.everything {
            rights.allowed.clear();
            rights.inherited.clear();
        }
        rights
    }
}

/// The ancestors of a resource, the nearest first: ids are paths.
fn ancestors(resource: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(resource), |it| Some(it.rsplit_once('/')?.0)).skip(1)
}
