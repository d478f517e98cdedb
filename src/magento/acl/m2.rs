//! What a role of Magento 2 may do (`Magento\Authorization\Model\Acl\Loader\Rule`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fixedbitset::FixedBitSet;
use serde::Deserialize;

use super::Rules;
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
}

impl Stock {
    fn is_in(&self, release: &str) -> bool {
        self.releases.split(' ').any(|it| it == release)
    }
}

/// Every resource of Magento's `acl.xml` files, 2.1.0 to 2.4.6 and Commerce.
static STOCK: LazyLock<Vec<Stock>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("m2_acl.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("m2_acl.csv is well-formed; a test reads it")
});

static PLACES: LazyLock<BTreeMap<&'static str, usize>> =
    LazyLock::new(|| STOCK.iter().enumerate().map(|(place, it)| (it.id.as_str(), place)).collect());

/// Parents by place; a resource below nothing is a root.
static PARENTS: LazyLock<Vec<Option<usize>>> =
    LazyLock::new(|| STOCK.iter().map(|it| PLACES.get(it.parent.as_str()).copied()).collect());

/// Releases whose resources were read from their source.
const RELEASES: [&str; 12] =
    ["2.1.0", "2.1.18", "2.2.0", "2.3.0", "2.3.7", "2.3.7-p3", "2.4.0", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.4.6"];

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

/// What a resource without a rule of its own means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Missing {
    /// It takes the right of its nearest ancestor that has a rule: up to 2.4.4 (magento2#37620, magento2#35365).
    Inherits,
    /// The same, but one that no role at all has a rule for is denied to each
    /// role that denies anything: 2.4.6-p1, beginning between 2.4.5 and 2.4.6.
    DeniedIfUnlisted,
    /// It is denied to each role that denies anything: in or after the 2.4.7 line.
    Denied,
}

/// The most and the least that a missing rule may allow, as far as the version is known.
fn missing(platform: &Platform) -> (Missing, Missing) {
    let version = |text: &str| Version::parse(text).expect("a literal");
    let (from, to) = platform.range();
    let generous = match &from {
        Some(from) if *from >= version("2.4.8") => Missing::Denied,
        Some(from) if *from >= version("2.4.6") => Missing::DeniedIfUnlisted,
        _ => Missing::Inherits,
    };
    let strict = match &to {
        Some(to) if *to < version("2.4.5") => Missing::Inherits,
        Some(to) if *to < version("2.4.7") => Missing::DeniedIfUnlisted,
        _ => Missing::Denied,
    };
    (generous, strict)
}

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
    /// Which exist in this store.
    declared: FixedBitSet,
    /// Which some role has a rule for.
    listed: FixedBitSet,
    /// Whether some role was saved with a rule for every resource that there was.
    has_full: bool,
    missing: (Missing, Missing),
}

impl Resources {
    /// The resources of a store with these roles.
    pub fn of(roles: &[&Rules], platform: &Platform) -> Self {
        let mut resources = Self::of_release(platform, missing(platform));
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
        for resource in roles.iter().flat_map(|it| it.resources()) {
            // Rules of modules that are gone stay behind, and Magento passes them over.
            if let Some(place) = resources.find(resource).filter(|&it| resources.has_module(it, platform)) {
                resources.listed.insert(place);
                resources.declared.insert(place);
            }
        }
        resources
    }

    /// The resources of the Magento 2 that a store will be migrated to, of which nothing is known.
    pub fn of_successor(m1: &Platform) -> Self {
        let edition = (m1.edition == Some(Edition::Enterprise)).then_some(Edition::Commerce);
        let newest = RELEASES.last().map(|it| (*it).to_owned());
        let platform = Platform { version: newest, edition, ..Platform::default() };
        Self::of_release(&platform, (Missing::Inherits, Missing::Denied))
    }

    fn of_release(platform: &Platform, missing: (Missing, Missing)) -> Self {
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
        Self { foreign: Vec::new(), declared: set, listed, has_full: false, missing }
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
        let mut titles: Vec<&str> = ancestors(place).filter(|&it| STOCK[it].id != ROOT).map(title).collect();
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
        ancestors(place).find(|&it| self.is_declared(it) && STOCK[it].id != ROOT)
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
            all.extend(ancestors(place));
        }
        all
    }

    /// Why a resource without a rule of its own may be allowed or not.
    pub fn doubt(&self) -> &'static str {
        match self.missing {
            (Missing::Inherits, Missing::Inherits) => {
                "without a rule of its own, and of an extension, so that it is not known what it hangs below"
            }
            (Missing::Inherits, _) => {
                "without a rule of its own, whose meaning depends on the version: up to 2.4.4 it is allowed with what is above it, in newer ones it is denied"
            }
            (Missing::DeniedIfUnlisted | Missing::Denied, _) => {
                "without a rule of its own, whose meaning depends on the version: in 2.4.6 it is allowed with what is above it, in newer ones it is denied"
            }
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
        let possibly = self.effective(rules, self.missing.0, true);
        let surely = self.effective(rules, self.missing.1, false);
        // A right of an extension that no rule of the role names may be denied or not; one that is denied is.
        let denied = |place: usize| place >= STOCK.len() && rules.own(self.id(place)) == Some(false);
        let everything = rules.own(ALL) == Some(true) && !rules.denies_any()
            || (self.stock().is_subset(&surely) && !self.declared.ones().any(denied));
        let is_open = everything && rules.own(ALL) != Some(true) && !rules.denies_any();
        Granted { everything, is_open, surely, possibly, ticked: self.with_parents(&ticked) }
    }

    fn effective(&self, rules: &Rules, missing: Missing, is_generous: bool) -> FixedBitSet {
        let all = rules.own(ALL) == Some(true);
        let own: Vec<Option<bool>> = (0..self.len()).map(|place| rules.own(self.id(place))).collect();
        let is_limited = rules.denies_any();
        let is_allowed = |place: usize| {
            if let Some(own) = own[place] {
                return own;
            }
            let is_denied = match missing {
                Missing::Inherits => false,
                Missing::DeniedIfUnlisted => is_limited && !self.is_listed(place),
                Missing::Denied => is_limited,
            };
            if is_denied {
                return false;
            }
            if place >= STOCK.len() {
                // Where it hangs is not known: at the root it would take the root's right.
                return own[PLACES[ROOT]].unwrap_or(all) && (is_generous || !is_limited);
            }
            ancestors(place).find_map(|it| own[it]).unwrap_or(all)
        };
        let mut set = FixedBitSet::with_capacity(self.len());
        set.extend(
            self.declared.ones().filter(|&it| STOCK.get(it).is_none_or(|it| it.id != ALL)).filter(|&it| is_allowed(it)),
        );
        set
    }
}

/// The ancestors of one of Magento's resources, the nearest first.
fn ancestors(place: usize) -> impl Iterator<Item = usize> {
    let parent = |place: usize| PARENTS.get(place).copied().flatten();
    std::iter::successors(parent(place), move |&it| parent(it))
}
