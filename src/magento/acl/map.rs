//! What the rights of Magento 1 are called in Magento 2.
//!
//! Magento has no such map: the tables beside this file are this project's
//! work. `confidence` is `exact` where both mean the same, `close` where
//! Magento 2 divides things otherwise, `none` where the feature is gone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

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

/// The list of releases whose resources are known that a version belongs to: the newest that is not newer.
fn release_of(version: &Version, edition: Option<Edition>, releases: &[&'static str]) -> Option<&'static str> {
    let is_openmage = edition == Some(Edition::OpenMage);
    // OpenMage reports itself as 1.9.4.5, and has its own list.
    let version = match version.major() {
        1 if is_openmage => Version::parse("19.5.3")?,
        _ => version.clone(),
    };
    let parsed = releases.iter().filter_map(|it| Some((Version::parse(it)?, *it)));
    let mut fitting: Vec<_> = parsed.filter(|(it, _)| *it <= version).collect();
    fitting.sort();
    fitting.pop().map(|(_, name)| name)
}
