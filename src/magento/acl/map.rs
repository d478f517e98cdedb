//! What the rights of Magento 1 are called in Magento 2.
//!
//! Magento has no such map: the tables beside this file are this project's
//! work. `confidence` is `exact` where both mean the same, `close` where
//! Magento 2 divides things otherwise, `none` where the feature is gone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fixedbitset::FixedBitSet;
use serde::Deserialize;

use super::m1::{self, Rights, release_of};
use super::m2::Resources;
use crate::magento::versions::{Edition, Version};

/// Rights of the administration.
pub static ADMIN: LazyLock<Map> = LazyLock::new(|| Map::read(include_bytes!("acl_map.csv")));

/// Rights of SOAP and XML-RPC users.
pub static SOAP: LazyLock<Map> = LazyLock::new(|| Map::read(include_bytes!("soap_map.csv")));

/// Rights of REST roles.
pub static REST: LazyLock<Vec<RestTarget>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("rest_map.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("rest_map.csv is well-formed; a test reads it")
});

/// How well a right of Magento 2 answers to one of Magento 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// Both mean the same.
    Exact,
    /// Magento 2 divides things otherwise.
    Close,
    /// There is none.
    None,
}

/// What becomes of one right of Magento 1.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// The resource of Magento 1.
    pub m1_id: String,
    /// Its title in Magento 1's administration.
    pub m1_title: String,
    #[serde(default)]
    m1_edition: String,
    m1_releases: String,
    m2_ids: String,
    #[serde(default)]
    m2_recommended: String,
    #[serde(default)]
    m2_routes: String,
    /// How well the target fits.
    #[serde(rename = "confidence")]
    pub fit: Fit,
    /// What is to be known about it.
    pub note: String,
}

/// What becomes of one right of a REST role: a resource, for a type of user, and an operation.
#[derive(Clone, Debug, Deserialize)]
pub struct RestTarget {
    /// The resource.
    #[serde(rename = "m1_resource")]
    pub resource: String,
    /// `admin`, `customer` or `guest`.
    #[serde(rename = "m1_user_type")]
    pub user_type: String,
    /// `create`, `retrieve`, `update` or `delete`.
    pub operation: String,
    m2_ids: String,
    m2_routes: String,
    /// How well the target fits.
    #[serde(rename = "confidence")]
    pub fit: Fit,
    /// What is to be known about it.
    pub note: String,
}

/// Words of the web API that stand where a resource does, and are none
/// (`webapi.xml`): a customer's own data, and everybody.
const NO_RESOURCES: [&str; 2] = ["self", "anonymous"];

fn ids(cell: &str) -> impl Iterator<Item = &str> {
    cell.split_whitespace().filter(|it| !NO_RESOURCES.contains(it))
}

fn routes(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|it| !it.is_empty())
}

impl Target {
    /// Resources of Magento 2 that allow the same.
    pub fn m2_ids(&self) -> impl Iterator<Item = &str> {
        ids(&self.m2_ids)
    }

    /// Further resources of newer releases that Magento 1's right covered, and that are worth allowing.
    pub fn m2_recommended(&self) -> impl Iterator<Item = &str> {
        ids(&self.m2_recommended)
    }

    /// REST routes of Magento 2 that replace the calls.
    pub fn m2_routes(&self) -> impl Iterator<Item = &str> {
        routes(&self.m2_routes)
    }
}

impl RestTarget {
    /// Resources of Magento 2 that allow the same.
    pub fn m2_ids(&self) -> impl Iterator<Item = &str> {
        ids(&self.m2_ids)
    }

    /// REST routes of Magento 2 that replace the calls.
    pub fn m2_routes(&self) -> impl Iterator<Item = &str> {
        routes(&self.m2_routes)
    }
}

/// All rights of one access list of Magento 1, each with its target.
#[derive(Debug)]
pub struct Map {
    targets: BTreeMap<String, Target>,
    /// Releases whose resources are known.
    releases: Vec<&'static str>,
}

/// Releases of Magento 1 whose resources were read from their source; 19 and 20 are `OpenMage`.
const RELEASES: [&str; 7] = ["1.6.2.0", "1.7.0.2", "1.8.1.0", "1.9.0.1", "1.9.3.1", "19.5.3", "20.18.0"];

impl Map {
    fn read(bytes: &[u8]) -> Self {
        let targets: Vec<Target> = csv::Reader::from_reader(bytes)
            .deserialize()
            .collect::<Result<_, _>>()
            .expect("the map is well-formed; a test reads it");
        let has = |release: &&str| targets.iter().any(|it| it.m1_releases.split(' ').any(|listed| listed == *release));
        Self {
            releases: RELEASES.into_iter().filter(has).collect(),
            targets: targets.into_iter().map(|it| (it.m1_id.clone(), it)).collect(),
        }
    }

    /// What becomes of a right.
    pub fn find(&self, m1_id: &str) -> Option<&Target> {
        self.targets.get(m1_id)
    }

    /// Every right, by its id.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.values()
    }

    /// The resources of a release.
    pub(super) fn stock_of(&self, version: &Version, edition: Option<Edition>) -> impl Iterator<Item = &str> {
        let release = release_of(version, edition, &self.releases);
        let is_enterprise = edition == Some(Edition::Enterprise);
        let is_of = move |it: &&Target| match release {
            Some(release) => it.m1_releases.split(' ').any(|listed| listed == release),
            // Older than all that are known.
            None => self.is_in_all(it),
        };
        self.targets()
            .filter(move |it| (is_enterprise && it.m1_edition == "EE") || is_of(it))
            .map(|it| it.m1_id.as_str())
    }

    /// The resources that every release has.
    pub(super) fn stock_of_all(&self) -> impl Iterator<Item = &str> {
        self.targets().filter(|it| self.is_in_all(it)).map(|it| it.m1_id.as_str())
    }

    fn is_in_all(&self, target: &Target) -> bool {
        target.m1_releases.split(' ').filter(|it| !it.is_empty()).count() == self.releases.len()
    }
}

/// Why a right of Magento 1 is not part of what is expected of Magento 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoTarget {
    /// The feature does not exist in Magento 2.
    Retired,
    /// Only Adobe Commerce has the feature.
    CommerceOnly,
    /// It belongs to an extension, whose successor decides.
    Extension,
}

impl NoTarget {
    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Retired => "Magento 2 has no such feature",
            Self::CommerceOnly => "only Adobe Commerce has the feature",
            Self::Extension => "rights of extensions, which their successors define",
        }
    }
}

/// What a role or a credential has to be allowed in Magento 2, to do what it could do in Magento 1.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Whether that is everything: nothing that is allowed is too much.
    pub everything: bool,
    /// Resources of Magento 2 that must be allowed, with their parents.
    pub ids: FixedBitSet,
    /// Those of them that rest on a close fit alone.
    pub close: FixedBitSet,
    /// Resources that are worth allowing, or do no harm, and are not asked for.
    pub recommended: FixedBitSet,
    /// Rights of Magento 1 that have no target, and why.
    pub without_target: Vec<(String, NoTarget)>,
}

impl Expected {
    /// Nothing, among these resources.
    pub fn nothing(resources: &Resources) -> Self {
        let none = FixedBitSet::with_capacity(resources.len());
        Self {
            everything: false,
            ids: none.clone(),
            close: none.clone(),
            recommended: none,
            without_target: Vec::new(),
        }
    }

    /// What an admin role's rights are in Magento 2.
    pub fn of_admin(rights: &Rights, resources: &Resources) -> Self {
        let mut expected = Self::by_map(&ADMIN, rights, resources);
        // For people who log in: an integration has no business with it.
        expected.recommended.union_with(&resources.two_factor());
        expected
    }

    /// What the rights of a SOAP or XML-RPC role are in Magento 2.
    pub fn of_soap(rights: &Rights, resources: &Resources) -> Self {
        if !rights.everything {
            return Self::by_map(&SOAP, rights, resources);
        }
        // All that SOAP can call is far less than all that Magento 2 has.
        let all = Rights { allowed: SOAP.targets().map(|it| it.m1_id.clone()).collect(), ..Rights::default() };
        Self { everything: true, without_target: Vec::new(), ..Self::by_map(&SOAP, &all, resources) }
    }

    fn by_map(map: &Map, rights: &Rights, resources: &Resources) -> Self {
        let mut expected = Self::nothing(resources);
        let mut exact = expected.ids.clone();
        if rights.everything {
            expected.everything = true;
            expected.ids = resources.stock();
            return expected;
        }
        for m1_id in rights.allowed.iter().filter(|it| *it != m1::ALL) {
            match map.find(m1_id) {
                None => expected.without_target.push((m1_id.clone(), NoTarget::Extension)),
                Some(target) => {
                    expected.add(m1_id, target.m2_ids(), target.fit, &mut exact, resources);
                    let recommended = target.m2_recommended().filter_map(|it| resources.find(it));
                    for place in recommended.filter(|&it| resources.is_declared(it)) {
                        expected.recommended.insert(place);
                    }
                }
            }
        }
        expected.finish(&exact, resources)
    }

    /// What the rights of REST roles for administrators are in Magento 2: resource and operation.
    pub fn of_rest<'a>(rules: impl Iterator<Item = (&'a str, Option<&'a str>)>, resources: &Resources) -> Self {
        let mut expected = Self::nothing(resources);
        let mut exact = expected.ids.clone();
        for (resource, operation) in rules {
            let Some(operation) = operation.filter(|_| resource != m1::ALL) else {
                if resource == m1::ALL {
                    expected.everything = true;
                    // Everything of REST, which is less than everything.
                    for target in REST.iter().filter(|it| it.user_type == "admin") {
                        expected.add("", target.m2_ids(), target.fit, &mut exact, resources);
                    }
                    expected.without_target.clear();
                }
                continue;
            };
            let name = format!("{resource}/{operation}");
            match REST.iter().find(|it| it.resource == resource && it.operation == operation && it.user_type == "admin")
            {
                Some(target) => expected.add(&name, target.m2_ids(), target.fit, &mut exact, resources),
                None => expected.without_target.push((name, NoTarget::Extension)),
            }
        }
        expected.finish(&exact, resources)
    }

    fn add<'a>(
        &mut self,
        m1_id: &str,
        m2_ids: impl Iterator<Item = &'a str>,
        fit: Fit,
        exact: &mut FixedBitSet,
        resources: &Resources,
    ) {
        let places: Vec<(&str, Option<usize>)> = m2_ids
            // A release that lacks the resource guards the same by what is above it.
            .map(|m2_id| (m2_id, resources.nearest_declared(m2_id)))
            .collect();
        for place in places.iter().filter_map(|(_, place)| *place) {
            self.ids.insert(place);
            if fit == Fit::Exact {
                exact.insert(place);
            }
        }
        // No id at all with a fit is what everybody may do in Magento 2 without any right.
        let is_lost = !places.is_empty() && places.iter().all(|(_, place)| place.is_none());
        if fit == Fit::None || is_lost {
            let is_commerce = places.iter().any(|(m2_id, _)| Resources::is_commerce_only(m2_id));
            let why = if is_commerce { NoTarget::CommerceOnly } else { NoTarget::Retired };
            self.without_target.push((m1_id.to_owned(), why));
        }
    }

    fn finish(mut self, exact: &FixedBitSet, resources: &Resources) -> Self {
        self.ids = resources.with_parents(&self.ids);
        self.close.clone_from(&self.ids);
        self.close.difference_with(&resources.with_parents(exact));
        self.without_target.sort();
        self.without_target.dedup();
        self
    }
}
