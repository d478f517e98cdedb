//! What a role of Magento 2 may do.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fixedbitset::FixedBitSet;
use serde::Deserialize;

use super::Rules;
use super::meaning::{self, ERAS, Ground, Meaning, Row, Said};
use crate::magento::versions::{Edition, Platform, Version};

/// The resource whose permission means everything.
pub const ALL: &str = "Magento_Backend::all";

/// The root of all other resources, which every limited role is allowed.
pub const ROOT: &str = "Magento_Backend::admin";

/// A right without which an administrator of 2.4.0 and later cannot set up
/// two-factor authentication, and so cannot log in (magento2#29884).
const TWO_FACTOR: &str = "Magento_TwoFactorAuth::tfa";

/// A resource that Magento declares.
#[derive(Debug, Deserialize)]
struct Stock {
    id: String,
    title: String,
    parent: String,
    /// The modules that declare it, any of them.
    module: String,
    edition: String,
    releases: String,
    /// The version before which it hangs below another one, and that one.
    moved: String,
}

impl Stock {
    fn is_in(&self, release: &str) -> bool {
        self.releases.split(' ').any(|it| it == release)
    }
}

/// Every resource of Magento's `acl.xml` files, 2.1.0 to 2.4.7 and Commerce.
static STOCK: LazyLock<Vec<Stock>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("m2_acl.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("m2_acl.csv is well-formed; a test reads it")
});

static PLACES: LazyLock<BTreeMap<&'static str, usize>> =
    LazyLock::new(|| STOCK.iter().enumerate().map(|(place, it)| (it.id.as_str(), place)).collect());

/// Parents by era and place; a resource below nothing is a root.
static PARENTS: LazyLock<[Vec<Option<usize>>; ERAS.len() + 1]> = LazyLock::new(|| {
    std::array::from_fn(|era| {
        let parent = |it: &Stock| match it.moved.split_once(' ') {
            Some((before, parent)) if ERAS.iter().skip(era).any(|it| *it == before) => PLACES.get(parent).copied(),
            _ => PLACES.get(it.parent.as_str()).copied(),
        };
        STOCK.iter().map(parent).collect()
    })
});

/// What lies below each place, and the place itself, by era.
static SUBTREES: LazyLock<[Vec<FixedBitSet>; ERAS.len() + 1]> = LazyLock::new(|| {
    std::array::from_fn(|era| {
        let mut trees = vec![FixedBitSet::with_capacity(STOCK.len()); STOCK.len()];
        for place in 0..STOCK.len() {
            trees[place].insert(place);
            for above in ancestors(place, era) {
                trees[above].insert(place);
            }
        }
        trees
    })
});

/// Places by era, each after the one that it hangs below.
static FROM_THE_TOP: LazyLock<[Vec<usize>; ERAS.len() + 1]> = LazyLock::new(|| {
    std::array::from_fn(|era| {
        let mut places: Vec<usize> = (0..STOCK.len()).collect();
        places.sort_by_key(|&it| ancestors(it, era).count());
        places
    })
});

/// Releases whose resources were read from their source.
const RELEASES: [&str; 17] = [
    "2.1.0", "2.1.18", "2.2.0", "2.2.5", "2.3.0", "2.3.5", "2.3.7", "2.3.7-p3", "2.4.0", "2.4.1", "2.4.2", "2.4.3",
    "2.4.3-p3", "2.4.4", "2.4.5", "2.4.6", "2.4.7-p3",
];

/// Modules that shops often leave out or switch off, by how their names begin, besides all of other
/// vendors: only a rule, or the list of modules, tells that they are there.
const OPTIONAL: [&str; 6] = [
    "Magento_Adobe",
    "Magento_Analytics",
    "Magento_Braintree",
    "Magento_GoogleShoppingAds",
    "Magento_Inventory",
    "Magento_LoginAsCustomer",
];

/// The releases with known resources that a store may be: all from the newest that is not newer
/// than its oldest possible version, to its newest possible version.
fn releases_of(platform: &Platform) -> &'static [&'static str] {
    let (from, to) = platform.range();
    let is_before = |release: &str, limit: &Option<Version>| {
        limit.as_ref().is_none_or(|limit| Version::parse(release).is_some_and(|it| it <= *limit))
    };
    let end = RELEASES.iter().filter(|it| is_before(it, &to)).count().max(1);
    let begin = match &from {
        // Nothing is known: the two that stores are migrated to.
        None => end - 2.min(end),
        Some(_) => RELEASES.iter().filter(|it| is_before(it, &from)).count().clamp(1, end) - 1,
    };
    &RELEASES[begin..end]
}

/// What a role may do.
#[derive(Clone, Debug)]
pub struct Granted {
    /// Whether nothing is forbidden.
    pub everything: bool,
    /// Whether that is so although no rule says it: none denies anything either.
    pub is_open: bool,
    /// What is allowed in whatever version it may be.
    pub surely: FixedBitSet,
    /// What is allowed in some version that it may be; holds `surely`.
    pub possibly: FixedBitSet,
    /// What a rule of its own allows, with parents: what somebody ticked.
    pub ticked: FixedBitSet,
}

/// The resources of a store, as its roles and its release tell them. Places
/// are the same in every set made of it.
#[derive(Clone, Debug)]
pub struct Resources {
    /// Resources that rules name and Magento does not declare: those of extensions, after Magento's.
    foreign: Vec<String>,
    /// By era: what exists and has no rule in any role, and all that lies below it.
    below_unlisted: [FixedBitSet; ERAS.len() + 1],
    /// What exists and has no rule in any role.
    unlisted: FixedBitSet,
    /// Which exist in this store.
    declared: FixedBitSet,
    /// Which some role has a rule for.
    listed: FixedBitSet,
    /// Whether some role was saved with a rule for every resource that there was.
    has_full: bool,
    /// All that the rules may mean.
    meanings: Vec<Meaning>,
}

impl Resources {
    /// The resources of a store with these roles.
    pub fn of(roles: &[&Rules], platform: &Platform) -> Self {
        let mut resources = Self::of_release(platform);
        let mut foreign: Vec<String> = roles
            .iter()
            .flat_map(|it| it.resources())
            .filter(|it| !PLACES.contains_key(it))
            .map(str::to_owned)
            .collect();
        foreign.sort_unstable();
        foreign.dedup();
        resources.foreign = foreign;
        resources.has_full = roles.iter().any(|it| it.is_full());
        resources.declared.grow(resources.len());
        resources.listed.grow(resources.len());
        let possible = possible(platform);
        for resource in roles.iter().flat_map(|it| it.resources()) {
            // Rules of modules that are gone stay behind, and Magento passes them over.
            let is_there =
                |it: &usize| resources.has_module(*it, platform) && (*it >= STOCK.len() || possible.contains(*it));
            if let Some(place) = resources.find(resource).filter(is_there) {
                resources.listed.insert(place);
                resources.declared.insert(place);
            }
        }
        let mut unlisted = resources.declared.clone();
        unlisted.difference_with(&resources.listed);
        unlisted.set(PLACES[ALL], false);
        resources.below_unlisted = std::array::from_fn(|era| {
            let mut below = unlisted.clone();
            for tree in unlisted.ones().filter_map(|it| SUBTREES[era].get(it)) {
                below.union_with(tree);
            }
            below
        });
        resources.unlisted = unlisted;
        resources
    }

    /// The resources of the Magento 2 that a store will be migrated to, of which nothing is known.
    pub fn of_successor(m1: &Platform) -> Self {
        let edition = (m1.edition == Some(Edition::Enterprise)).then_some(Edition::Commerce);
        let newest = RELEASES.last().map(|it| (*it).to_owned());
        let platform = Platform { version: newest, edition, ..Platform::default() };
        Self::of_release(&platform)
    }

    fn of_release(platform: &Platform) -> Self {
        let releases = releases_of(platform);
        let is_there = |it: &Stock| match &platform.modules {
            Some(modules) => it.module.split(' ').any(|it| modules.iter().any(|on| on == it)),
            None => it.id.starts_with("Magento_") && !OPTIONAL.iter().any(|optional| it.id.starts_with(optional)),
        };
        let is_declared = |it: &Stock| match it.edition.as_str() {
            "commerce" => platform.edition == Some(Edition::Commerce),
            _ => is_there(it) && releases.iter().all(|release| it.is_in(release)),
        };
        let declared = STOCK.iter().enumerate().filter(|(_, it)| is_declared(it)).map(|(place, _)| place);
        let mut set = FixedBitSet::with_capacity(STOCK.len());
        set.extend(declared);
        let listed = FixedBitSet::with_capacity(STOCK.len());
        let meanings = meaning::meanings(platform);
        let below_unlisted = Default::default();
        Self {
            foreign: Vec::new(),
            below_unlisted,
            unlisted: FixedBitSet::new(),
            declared: set,
            listed,
            has_full: false,
            meanings,
        }
    }

    /// Whether a module that declares the resource is switched on, as far as that is known.
    fn has_module(&self, place: usize, platform: &Platform) -> bool {
        let own = self.id(place).split_once("::").map_or("", |(module, _)| module);
        let modules = STOCK.get(place).map_or(own, |it| &it.module);
        platform.modules.as_ref().is_none_or(|on| modules.split(' ').any(|it| on.iter().any(|on| on == it)))
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        STOCK.len() + self.foreign.len()
    }

    /// Whether there is none, which never happens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of a resource.
    pub fn find(&self, id: &str) -> Option<usize> {
        let stock = PLACES.get(id).copied();
        stock.or_else(|| Some(STOCK.len() + self.foreign.binary_search_by(|it| it.as_str().cmp(id)).ok()?))
    }

    /// The resource at a place.
    pub fn id(&self, place: usize) -> &str {
        STOCK.get(place).map_or_else(|| self.foreign[place - STOCK.len()].as_str(), |it| &it.id)
    }

    /// The resources of a set, in byte order of what Magento declares, then those of extensions.
    pub fn ids<'a>(&'a self, set: &'a FixedBitSet) -> impl Iterator<Item = &'a str> {
        set.ones().map(|place| self.id(place))
    }

    /// Whether this store has the resource, as far as its roles and its release tell.
    pub fn is_declared(&self, place: usize) -> bool {
        self.declared.contains(place)
    }

    /// Whether the resource is one of an extension.
    pub fn is_foreign(&self, place: usize) -> bool {
        // What a newer release of Magento declares is not an extension's.
        place >= STOCK.len() && !self.id(place).starts_with("Magento_")
    }

    /// Whether any role has a rule for it.
    pub fn is_listed(&self, place: usize) -> bool {
        self.listed.contains(place)
    }

    /// Whether the module of the resource may not be installed: roles have a rule for everything
    /// that there was, and none for it.
    pub fn may_be_absent(&self, place: usize) -> bool {
        self.has_full && !self.is_listed(place)
    }

    /// The titles of the resource and of all above it, from the top: where to find it in the form of a role.
    pub fn path(&self, place: usize) -> String {
        let title = |place: usize| STOCK.get(place).map_or_else(|| self.id(place), |it| it.title.as_str());
        let mut titles: Vec<&str> = self.ancestors(place).filter(|&it| STOCK[it].id != ROOT).map(title).collect();
        titles.reverse();
        titles.push(title(place));
        titles.join(" › ")
    }

    /// Whether only Adobe Commerce has the resource.
    pub(super) fn is_commerce_only(id: &str) -> bool {
        PLACES.get(id).is_some_and(|&place| STOCK[place].edition == "commerce")
    }

    /// The resource, or what guards the same in a release that does not have it yet: its nearest
    /// ancestor that is there. None for a feature of another edition.
    pub(super) fn nearest_declared(&self, id: &str) -> Option<usize> {
        let place = self.find(id)?;
        if self.is_declared(place) || Self::is_commerce_only(id) {
            return self.is_declared(place).then_some(place);
        }
        self.ancestors(place).find(|&it| self.is_declared(it) && STOCK[it].id != ROOT)
    }

    /// Magento's own resources that exist in this store.
    pub fn stock(&self) -> FixedBitSet {
        let mut stock = self.declared.clone();
        stock.remove_range(STOCK.len()..self.len().max(STOCK.len()));
        for root in [ALL, ROOT] {
            stock.set(PLACES[root], false);
        }
        stock
    }

    /// A set with every ancestor of what is in it: the administration shows nothing without them.
    pub fn with_parents(&self, set: &FixedBitSet) -> FixedBitSet {
        let mut all = set.clone();
        all.grow(self.len());
        for place in set.ones() {
            all.extend(self.ancestors(place));
        }
        all
    }

    /// The ancestors of one of Magento's resources in the newest release that it may be, the nearest first.
    fn ancestors(&self, place: usize) -> impl Iterator<Item = usize> + use<> {
        ancestors(place, self.meanings.last().map_or(ERAS.len(), |it| it.era))
    }

    /// How many resources lie above one.
    pub fn depth(&self, place: usize) -> usize {
        self.ancestors(place).count()
    }

    /// Why a resource may be allowed or not.
    pub fn doubt(&self) -> &'static str {
        if self.meanings.len() < 2 {
            "without a rule of its own, and of an extension, so that it is not known what it hangs below"
        } else if self.meanings.iter().any(|it| !it.denies_unlisted) {
            "which depends on the version: up to 2.4.4 a right without a rule is allowed with what is above it, in newer ones it may be denied"
        } else {
            "which depends on the version: from some release of 2.4.6 on a rule counts for everything below, and the last one wins"
        }
    }

    /// What everybody needs to log in where two-factor authentication is on, with parents.
    pub fn two_factor(&self) -> FixedBitSet {
        let mut set = FixedBitSet::with_capacity(self.len());
        set.extend(self.find(TWO_FACTOR).filter(|&it| self.is_declared(it)));
        self.with_parents(&set)
    }

    /// What a role with these rules may do.
    pub fn granted(&self, rules: &Rules) -> Granted {
        let mut ticked = FixedBitSet::with_capacity(self.len());
        ticked.extend(rules.allowed().filter(|it| *it != ALL).filter_map(|it| self.find(it)));
        let rows = self.existing_rows(rules);
        let mut possibly = FixedBitSet::with_capacity(self.len());
        let mut surely = FixedBitSet::with_capacity(self.len());
        surely.insert_range(..);
        for &meaning in &self.meanings {
            let said = Said::by(&rows, meaning, self);
            let allowed = self.effective(&said, meaning);
            let mut at_least = allowed.clone();
            let mut at_most = allowed;
            for place in STOCK.len()..self.len() {
                // Where it hangs is not known: at the root it would take the root's right.
                let of_root = said.own(PLACES[ROOT]).unwrap_or(said.otherwise);
                at_most.set(place, said.own(place).unwrap_or(of_root));
                at_least.set(place, said.own(place).unwrap_or(of_root && !said.is_limited));
            }
            at_most.intersect_with(&self.declared);
            at_least.intersect_with(&self.declared);
            possibly.union_with(&at_most);
            surely.intersect_with(&at_least);
        }
        // A right of an extension that no rule of the role names may be denied or not; one that is denied is.
        let denied = |place: usize| place >= STOCK.len() && rules.own(self.id(place)) == Some(false);
        let everything = rules.own(ALL) == Some(true) && !rules.denies_any()
            || (self.stock().is_subset(&surely) && !self.declared.ones().any(denied));
        let is_open = everything && rules.own(ALL) != Some(true) && !rules.denies_any();
        Granted { everything, is_open, surely, possibly, ticked: self.with_parents(&ticked) }
    }

    /// A role's rules by places, in their order. Those of resources that do not exist are passed over.
    fn existing_rows(&self, rules: &Rules) -> Vec<Row> {
        let row = |(id, allows): (&str, bool)| {
            let place = self.find(id).filter(|&it| self.is_declared(it) || id == ALL)?;
            Some(Row { place, allows, is_everything: id == ALL })
        };
        let mut rows: Vec<Row> = rules.rows().filter_map(row).collect();
        if !rules.has_order() {
            // A form saves what lies above first.
            rows.sort_by_key(|it| self.depth(it.place));
        }
        rows
    }

    /// Which of Magento's own resources are allowed: each takes what is said of the nearest at or above it.
    fn effective(&self, said: &Said, meaning: Meaning) -> FixedBitSet {
        let mut set = FixedBitSet::with_capacity(self.len());
        for &place in &FROM_THE_TOP[meaning.era] {
            let above = PARENTS[meaning.era][place].map_or(said.otherwise, |it| set.contains(it));
            set.set(place, said.own(place).unwrap_or(above));
        }
        set.set(PLACES[ALL], false);
        set
    }
}

impl Ground for Resources {
    fn unlisted(&self, meaning: Meaning) -> &FixedBitSet {
        if meaning.is_laminas { &self.below_unlisted[meaning.era] } else { &self.unlisted }
    }

    fn lists_any(&self) -> bool {
        self.listed.ones().any(|it| it != PLACES[ALL])
    }

    fn subtree(&self, place: usize, era: usize) -> Option<&FixedBitSet> {
        SUBTREES[era].get(place)
    }

    fn places(&self) -> usize {
        self.len()
    }
}

/// The modules that declare one of Magento's resources.
#[cfg(test)]
pub(super) fn modules_of(id: &str) -> Vec<String> {
    let modules = PLACES.get(id).map(|&place| STOCK[place].module.as_str()).unwrap_or_default();
    modules.split_whitespace().map(str::to_owned).collect()
}

/// Which of Magento's resources a store may have, by its version and edition.
fn possible(platform: &Platform) -> FixedBitSet {
    let releases = releases_of(platform);
    let is_version_known = platform.range().0.is_some();
    let may_be = |it: &Stock| match it.edition.as_str() {
        "commerce" => !matches!(platform.edition, Some(Edition::OpenSource | Edition::MageOs)),
        // What others bundle can be had apart.
        _ if !it.id.starts_with("Magento_") || !is_version_known => true,
        _ => releases.iter().any(|release| it.is_in(release)),
    };
    STOCK.iter().enumerate().filter(|(_, it)| may_be(it)).map(|(place, _)| place).collect()
}

/// The ancestors of one of Magento's resources, the nearest first.
fn ancestors(place: usize, era: usize) -> impl Iterator<Item = usize> {
    let parent = move |place: usize| PARENTS[era].get(place).copied().flatten();
    std::iter::successors(parent(place), move |&it| parent(it))
}
