//! Versions and editions, and what tells them.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A version such as `2.4.3-p2` or `1.9.4.5`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(Vec<u32>);

impl Version {
    /// Reads a version; what follows its numbers is not part of it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let (numbers, patch) = match text.split_once("-p") {
            Some((numbers, patch)) => (numbers, patch.parse().ok()),
            None => (text.split(['-', '+']).next().unwrap_or(text), None),
        };
        let mut parts: Vec<u32> = numbers.split('.').map(|it| it.parse().ok()).collect::<Option<_>>()?;
        if let Some(patch) = patch {
            parts.resize(3, 0);
            parts.push(patch);
        }
        Some(Self(parts))
    }

    /// The first number: 1 or 2.
    pub fn major(&self) -> u32 {
        self.0.first().copied().unwrap_or(0)
    }
}

/// What is known of a store's platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// The version, if it is known exactly.
    pub version: Option<String>,
    /// What is known of the version otherwise: `1.9.3.0 to 1.9.3.2`, `2.4.0 or later`.
    pub version_hint: Option<String>,
    /// The number that its maker gives the release, where that is not the number of the Magento that it is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The edition.
    pub edition: Option<Edition>,
    /// Modules that are switched on; none if that is not known. Magento 2 only.
    pub modules: Option<Vec<String>>,
}

impl Platform {
    /// The version in numbers, if it is known exactly.
    pub fn exact(&self) -> Option<Version> {
        Version::parse(self.version.as_deref()?)
    }

    /// The version, by the number of the community's release that it is made of.
    pub fn community(&self) -> Option<Version> {
        let mut version = self.exact()?;
        if let (Some(Edition::Enterprise), [1, minor, ..]) = (self.edition, version.0.as_mut_slice())
            && *minor >= 10
        {
            *minor -= 5;
        }
        Some(version)
    }

    /// The oldest and the newest version that it may be; none is no limit.
    ///
    /// Enterprise 1.10 to 1.14 and Mage-OS count on their own: they are told as the numbers of what
    /// they are made of.
    pub fn range(&self) -> (Option<Version>, Option<Version>) {
        if self.edition == Some(Edition::MageOs) {
            return (Version::parse("2.4.6"), None);
        }
        if let Some(version) = self.community() {
            return (Some(version.clone()), Some(version));
        }
        let hint = self.version_hint.as_deref().unwrap_or_default();
        if let Some((from, to)) = hint.split_once(" to ") {
            return (Version::parse(from), Version::parse(to));
        }
        match hint.split_once(" or later") {
            Some((from, _)) => (Version::parse(from), None),
            None => (Version::parse(hint), Version::parse(hint)),
        }
    }

    /// What one source tells, completed by what another does.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            version_hint: if self.exact().is_some() { None } else { self.version_hint.or(other.version_hint) },
            version: self.version.or(other.version),
            release: self.release.or(other.release),
            edition: self.edition.or(other.edition),
            modules: self.modules.or(other.modules),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.version, &self.version_hint) {
            (Some(version), _) => f.write_str(version)?,
            (None, Some(hint)) => f.write_str(hint)?,
            (None, None) => f.write_str("unknown version")?,
        }
        if let Some(edition) = self.edition {
            write!(f, ", {edition}")?;
        }
        match &self.release {
            Some(release) => write!(f, " {release}"),
            None => Ok(()),
        }
    }
}

/// Who made it, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edition {
    /// Magento 1 Community.
    Community,
    /// Magento 1 Enterprise.
    Enterprise,
    /// `OpenMage`, the community's continuation of Magento 1.
    OpenMage,
    /// Maho, a successor of `OpenMage`.
    Maho,
    /// Magento Open Source 2.
    OpenSource,
    /// Adobe Commerce 2.
    Commerce,
    /// Mage-OS, the community's distribution of Magento 2.
    MageOs,
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Community => "Community",
            Self::Enterprise => "Enterprise",
            Self::OpenMage => "OpenMage",
            Self::Maho => "Maho",
            Self::OpenSource => "Open Source",
            Self::Commerce => "Commerce",
            Self::MageOs => "Mage-OS",
        })
    }
}

/// Versions by the code of their setup resource.
type Setups = Vec<(String, String)>;

/// Setup versions of each Magento 1 release.
static M1_SETUPS: LazyLock<Vec<(String, Setups)>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_bytes!("m1_setup_versions.csv").as_slice());
    let codes = reader.headers().expect("the file has a header; a test reads it").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("m1_setup_versions.csv is well-formed; a test reads it");
            let setups = codes.iter().zip(record.iter()).skip(1);
            (record[0].to_owned(), setups.map(|(code, version)| (code.to_owned(), version.to_owned())).collect())
        })
        .collect()
});

/// What the rows of `core_resource` (code, version) tell of a Magento 1 store.
///
/// Releases that changed no setup cannot be told apart, so the answer is a range; so it is for one that is not in the table,
/// by the nearest ones that are.
pub fn m1_from_setups(setups: &[(String, String)]) -> Platform {
    let installed = |code: &str| setups.iter().find(|(it, _)| it == code).map_or("", |(_, version)| version.as_str());
    let fits = |release: &&(String, Setups)| release.1.iter().all(|(code, version)| installed(code) == version);
    let mut releases: Vec<&str> = M1_SETUPS.iter().filter(fits).map(|(version, _)| version.as_str()).collect();
    releases.sort_by_key(|it| Version::parse(it));
    let hint = match (releases.first(), releases.last()) {
        (Some(first), Some(last)) if first == last => Some((*first).to_owned()),
        (Some(first), Some(last)) => Some(format!("{first} to {last}")),
        _ => m1_between(installed),
    };
    let is_enterprise = setups.iter().any(|(code, _)| code.starts_with("enterprise_"));
    let edition = is_enterprise.then_some(Edition::Enterprise);
    Platform { version_hint: hint, edition, ..Platform::default() }
}

/// The newest release of which no setup is newer than what is installed, and the oldest of which none is older.
fn m1_between<'a>(installed: impl Fn(&str) -> &'a str) -> Option<String> {
    let fits = |is: fn(Ordering) -> bool| {
        let installed = &installed;
        let setup = move |(code, version): &(String, String)| {
            let (own, of_release) = (Version::parse(installed(code)), Version::parse(version));
            // Where a release has no such setup an older store has none, either.
            (own.is_some() || of_release.is_none()) && is(of_release.cmp(&own))
        };
        let releases = M1_SETUPS.iter().filter(move |(_, setups)| setups.iter().all(setup));
        releases.filter_map(|(version, _)| Version::parse(version).map(|it| (it, version.as_str())))
    };
    let (_, from) = fits(Ordering::is_le).max()?;
    Some(match fits(Ordering::is_ge).min() {
        Some((_, to)) => format!("{from} to {to}"),
        None => format!("{from} or later"),
    })
}

/// A data patch that 2.4.7 brought, when the OTP window of two-factor authentication got an upper limit.
const PATCH_OF_2_4_7: &str = "Magento\\TwoFactorAuth\\Setup\\Patch\\Data\\UpdateOtpWindow";

/// What the tables of a Magento 2 store tell, and the patches in its `patch_list`. No row says the version, and single
/// modules may have been left out: what is not there says nothing of the newest versions.
pub fn m2_from_tables(
    has_table: impl Fn(&str) -> bool,
    has_column: impl Fn(&str, &str) -> bool,
    patches: &[String],
) -> Platform {
    let hint = if patches.iter().any(|it| it == PATCH_OF_2_4_7) {
        "2.4.7 or later"
    } else if has_table("admin_adobe_ims_webapi") {
        "2.4.5 or later"
    } else if has_table("jwt_auth_revoked") {
        "2.4.4 or later"
    } else if has_table("tfa_user_config") {
        "2.4.0 to 2.4.3"
    } else if has_column("cms_page", "layout_update_selected") {
        "2.3.4 to 2.3.7"
    } else if has_table("patch_list") {
        "2.3.0 to 2.3.3"
    } else {
        "2.0 to 2.2"
    };
    let is_commerce = has_table("staging_update") || has_column("catalog_product_entity", "row_id");
    let edition = is_commerce.then_some(Edition::Commerce);
    Platform { version_hint: Some(hint.to_owned()), edition, ..Platform::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_they_were_released() {
        let order = ["2.1.18", "2.3.4", "2.3.4-p2", "2.4.3", "2.4.3-p1", "2.4.4", "2.4.10"]
            .map(|it| Version::parse(it).unwrap());
        assert!(order.is_sorted());
        assert_eq!(Version::parse("2.4.x-dev"), None);
    }

    #[test]
    fn a_hint_is_a_range() {
        let range = |hint: &str| {
            let platform = Platform { version_hint: Some(hint.to_owned()), ..Platform::default() };
            let (from, to) = platform.range();
            (from.map(|it| it.0), to.map(|it| it.0))
        };
        assert_eq!(range("2.4.4 or later"), (Some(vec![2, 4, 4]), None));
        assert_eq!(range("2.4.0 to 2.4.3"), (Some(vec![2, 4, 0]), Some(vec![2, 4, 3])));
        assert_eq!(range("1.4.2.0"), (Some(vec![1, 4, 2, 0]), Some(vec![1, 4, 2, 0])));
        assert_eq!(range(""), (None, None));
        let of = |version: &str, edition| {
            let platform =
                Platform { version: Some(version.to_owned()), edition: Some(edition), ..Platform::default() };
            platform.range()
        };
        assert_eq!(of("1.12.0.2", Edition::Enterprise).0, Version::parse("1.7.0.2"));
        assert_eq!(of("1.7.0.2", Edition::Community).0, Version::parse("1.7.0.2"));
        assert_eq!(of("2.0.0", Edition::MageOs), (Version::parse("2.4.6"), None));
    }

    #[test]
    fn patches_and_tables_tell_the_newest_versions_apart() {
        let hint = |tables: &[&str], patches: &[&str]| {
            let patches: Vec<String> = patches.iter().map(|it| (*it).to_owned()).collect();
            m2_from_tables(|it| tables.contains(&it), |_, _| false, &patches).version_hint.unwrap()
        };
        assert_eq!(hint(&["jwt_auth_revoked", "patch_list"], &[]), "2.4.4 or later");
        assert_eq!(hint(&["jwt_auth_revoked", "admin_adobe_ims_webapi"], &[]), "2.4.5 or later");
        assert_eq!(hint(&["jwt_auth_revoked"], &[PATCH_OF_2_4_7]), "2.4.7 or later");
    }

    #[test]
    fn setups_of_a_release_give_its_range() {
        let of = |version: &str| {
            let setups = &M1_SETUPS.iter().find(|(it, _)| it == version).unwrap().1;
            m1_from_setups(setups).version_hint
        };
        assert_eq!(of("1.7.0.2").as_deref(), Some("1.7.0.0 to 1.7.0.2"));
        assert_eq!(of("1.4.2.0").as_deref(), Some("1.4.2.0"));
        // A release that is not in the table lies between two that are.
        let mut setups = M1_SETUPS.iter().find(|(it, _)| it == "1.9.3.2").unwrap().1.clone();
        setups.iter_mut().filter(|(code, _)| code == "core_setup").for_each(|(_, it)| "1.6.0.7".clone_into(it));
        assert_eq!(m1_from_setups(&setups).version_hint.as_deref(), Some("1.9.3.2 to 1.9.3.10"));
        for (_, version) in &mut setups {
            "9.9".clone_into(version);
        }
        assert_eq!(m1_from_setups(&setups).version_hint.as_deref(), Some("1.9.4.5 or later"));
        assert_eq!(m1_from_setups(&[("core_setup".to_owned(), "9".to_owned())]).version_hint, None);
    }
}
