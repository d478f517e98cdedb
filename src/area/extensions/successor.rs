//! What takes a module's place in Magento 2.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Modules;
use crate::magento::modules::successors;

/// Modules of Magento 2, as far as they are known.
pub(super) struct New<'a> {
    /// By lower-case name, with the state; none if no installation tells.
    listed: Option<BTreeMap<String, (&'a str, bool)>>,
    /// Modules that the database tells of, by lower-case name.
    hinted: BTreeMap<String, &'a str>,
    /// Packages of Composer, by the lower-case names of the modules that they usually hold.
    packages: BTreeMap<String, &'a str>,
}

/// Modules that a `setup_module` has at least which lists them all.
const ALL_MODULES: usize = 50;

/// What takes a module's place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict<'a> {
    /// Magento 2 does it itself.
    InCore(&'a str),
    /// A module is there. With its score where only the names are alike.
    Present { name: &'a str, is_on: bool, score: Option<f64> },
    /// One is known, and is not there.
    NotPresent(&'a str),
    /// Its function was taken out, and nothing is to be put in its place.
    Gone(&'a str),
    /// Nothing is known: it is the shop's own, or rare.
    Custom,
}

impl<'a> New<'a> {
    pub(super) fn of(modules: Option<&'a Modules>) -> Self {
        let code = modules.and_then(|it| it.code.get()).filter(|it| !it.modules.is_empty());
        let listed: Option<BTreeMap<String, (&str, bool)>> = code.map(|it| {
            let modules = it.modules.iter();
            modules.map(|it| (it.name.to_ascii_lowercase(), (it.name.as_str(), it.is_active))).collect()
        });
        let known = modules.and_then(|it| it.setups.get());
        // Before 2.3 every module that is switched on has a row there; later ones keep the old rows, and add
        // none for modules that declare their tables.
        let is_old = modules.is_some_and(|it| !it.has_patch_list);
        let is_list = |it: &&BTreeMap<String, String>| is_old && it.len() >= ALL_MODULES;
        let listed = listed.or_else(|| {
            let setups = known.filter(is_list)?.keys();
            Some(setups.map(|it| (it.to_ascii_lowercase(), (it.as_str(), true))).collect())
        });
        let packages = code.into_iter().flat_map(|it| it.packages.keys());
        let packages = packages.filter_map(|it| Some((module_of_package(it)?, it.as_str()))).collect();
        let setups = known.into_iter().flat_map(BTreeMap::keys);
        let patched = modules.map(|it| &it.patched).into_iter().flat_map(BTreeSet::iter);
        let hinted = setups.chain(patched).map(|it| (it.to_ascii_lowercase(), it.as_str())).collect();
        Self { listed, hinted, packages }
    }

    /// The package that holds a module by its name, whether or not the module is set up.
    pub(super) fn package(&self, name: &str) -> Option<&'a str> {
        self.packages.get(&name.to_ascii_lowercase()).copied()
    }

    /// Whether what is not found is not there.
    pub(super) fn is_complete(&self) -> bool {
        self.listed.is_some()
    }

    /// A module by its name, whatever its case, and whether it is switched on.
    pub(super) fn module(&self, name: &str) -> Option<(&'a str, bool)> {
        let name = name.to_ascii_lowercase();
        match &self.listed {
            Some(listed) => listed.get(&name).copied(),
            None => self.hinted.get(&name).map(|it| (*it, true)),
        }
    }

    fn names(&self) -> impl Iterator<Item = (&'a str, bool)> {
        let listed = self.listed.iter().flat_map(|it| it.values().copied());
        let hinted = self.hinted.values().filter(|_| self.listed.is_none()).map(|it| (*it, true));
        listed.chain(hinted)
    }

    /// What takes the place of a module of Magento 1, by the list and by its name.
    fn verdict(&self, m1: &str) -> Verdict<'a> {
        let known = successors::find(m1);
        let present = |name: &str| {
            let (name, is_on) = self.module(name)?;
            Some(Verdict::Present { name, is_on, score: None })
        };
        if let Some(known) = known {
            return match present(&known.m2).or_else(|| present(m1)) {
                Some(present) if !known.is_in_core() => present,
                _ if known.is_in_core() => Verdict::InCore(&known.m2),
                _ if known.is_gone() => Verdict::Gone(&known.note),
                _ => Verdict::NotPresent(&known.m2),
            };
        }
        present(m1).unwrap_or(Verdict::Custom)
    }

    /// What takes the place of each module: where a name tells nothing, the one whose name is most alike,
    /// each of Magento 2's once.
    pub(super) fn verdicts(&self, m1: &[&str]) -> Vec<Verdict<'a>> {
        let mut verdicts: Vec<Verdict<'a>> = m1.iter().map(|it| self.verdict(it)).collect();
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for verdict in &verdicts {
            if let Verdict::Present { name, .. } = verdict {
                taken.insert(name);
            }
        }
        let mut alike: Vec<(f64, usize, &'a str, bool)> = Vec::new();
        for (at, name) in m1.iter().enumerate().filter(|(at, _)| verdicts[*at] == Verdict::Custom) {
            let scored = self.names().map(|(other, is_on)| (successors::similarity(name, other), at, other, is_on));
            alike.extend(scored.filter(|(score, ..)| *score >= successors::ALIKE));
        }
        alike.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| (one.1, one.2).cmp(&(other.1, other.2))));
        for (score, at, name, is_on) in alike {
            if verdicts[at] == Verdict::Custom && taken.insert(name) {
                verdicts[at] = Verdict::Present { name, is_on, score: Some(score) };
            }
        }
        verdicts
    }
}

/// The module that a package usually holds: `acme/module-blog-pro` to `acme_blogpro`.
fn module_of_package(package: &str) -> Option<String> {
    let (vendor, name) = package.split_once('/')?;
    let name = ["module-", "magento2-", "magento-", "m2-"].iter().find_map(|it| name.strip_prefix(it)).unwrap_or(name);
    Some(format!("{}_{}", vendor.replace('-', ""), name.replace('-', "")).to_ascii_lowercase())
}

impl Verdict<'_> {
    /// Whether the shop has what it needs. A name that is alike is a guess, and no proof.
    pub(super) const fn is_there(&self) -> bool {
        matches!(self, Self::InCore(_) | Self::Gone(_) | Self::Present { is_on: true, score: None, .. })
    }

    /// The word of the inventory.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::InCore(_) => "in core now",
            Self::Present { score: Some(_), .. } => "perhaps present",
            Self::Present { is_on: true, .. } => "present",
            Self::Present { is_on: false, .. } => "switched off",
            Self::NotPresent(_) => "not present",
            Self::Gone(_) => "nothing to replace",
            Self::Custom => "custom",
        }
    }

    /// The module of Magento 2, if any is known.
    pub(super) const fn name(&self) -> &str {
        match self {
            Self::InCore(name) | Self::NotPresent(name) | Self::Present { name, .. } => name,
            Self::Gone(_) | Self::Custom => "",
        }
    }

    /// How sure the match is, from 0 to 1, where it is a guess.
    pub(super) fn score(&self) -> String {
        match self {
            Self::Present { score: Some(score), .. } => format!("{score:.2}"),
            _ => String::new(),
        }
    }
}
