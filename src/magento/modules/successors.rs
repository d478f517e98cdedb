//! What takes the place of an extension of Magento 1: a list of widespread ones, and names that are alike.
//!
//! The list is of names of modules, as their public packages and repositories declare them. A vendor
//! may have ended a product since: what matters is whether this store has the module.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A line of the list.
#[derive(Debug, Deserialize)]
pub struct Successor {
    m1: String,
    /// The module of Magento 2; `core` for something that is no module; empty if there is none.
    pub m2: String,
    kind: String,
    /// What is to be known about it.
    pub note: String,
}

impl Successor {
    /// Whether Magento 2 does the same without any extension.
    pub fn is_in_core(&self) -> bool {
        self.kind == "core"
    }

    /// Whether there is none.
    pub fn is_gone(&self) -> bool {
        self.kind == "gone"
    }
}

static LIST: LazyLock<BTreeMap<String, Successor>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("successors.csv").as_slice())
        .deserialize()
        .map(|it: Result<Successor, _>| it.expect("successors.csv is well-formed; a test reads it"))
        .map(|it| (it.m1.to_ascii_lowercase(), it))
        .collect()
});

/// Vendors that have another name in Magento 2.
const VENDORS: [(&str, &str); 6] = [
    ("aw", "aheadworks"),
    ("tm", "swissup"),
    ("avs", "firegento"),
    ("cryozonic", "stripeintegration"),
    ("nexcessnet", "nexcess"),
    ("shipperhq", "shipperhq"),
];

/// What is known of an extension of Magento 1.
pub fn find(m1: &str) -> Option<&'static Successor> {
    LIST.get(&m1.to_ascii_lowercase())
}

/// How much a name of Magento 2 is like one of Magento 1: from 0 to 1, and 0 unless the vendors are
/// the same.
pub fn similarity(m1: &str, m2: &str) -> f64 {
    let (one, other) = (m1.to_ascii_lowercase(), m2.to_ascii_lowercase());
    if one == other {
        return 1.0;
    }
    let (Some((vendor, name)), Some((other_vendor, other_name))) = (one.split_once('_'), other.split_once('_')) else {
        return 0.0;
    };
    let vendor = VENDORS.iter().find(|(old, _)| *old == vendor).map_or(vendor, |(_, new)| new);
    if vendor != other_vendor {
        return 0.0;
    }
    // `CatalogExt` and `CatalogExtension`: a name that only goes on.
    let (short, long) = if name.len() < other_name.len() { (name, other_name) } else { (other_name, name) };
    let goes_on = short.len() >= 5 && long.starts_with(short);
    let alike = strsim::normalized_damerau_levenshtein(name, other_name);
    if goes_on { alike.max(ALIKE) } else { alike }
}

/// The least similarity that is worth telling.
pub const ALIKE: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widespread_extensions_have_their_successors() {
        assert!(LIST.len() >= 60);
        assert_eq!(find("ebizmarts_magemonkey").unwrap().m2, "Ebizmarts_MailChimp");
        assert!(find("Lesti_Fpc").unwrap().is_in_core() && find("Phoenix_Moneybookers").unwrap().is_gone());
        for it in LIST.values() {
            assert!(it.is_gone() || it.m2 == "core" || it.m2.contains('_'), "{it:?}");
            assert!(["core", "module", "gone"].contains(&it.kind.as_str()), "{it:?}");
        }
    }

    #[test]
    fn names_are_alike_only_within_a_vendor() {
        assert!((similarity("Acme_Blog", "acme_blog") - 1.0).abs() < f64::EPSILON);
        assert!(similarity("Acme_CatalogExt", "Acme_CatalogExtension") >= ALIKE);
        assert!(similarity("AW_Advancednewsletter", "Aheadworks_AdvancedReports") < ALIKE);
        assert!(similarity("Acme_StoreLocator", "Acme_StoreCredit") < ALIKE);
        assert!(similarity("AW_Advancedreports", "Aheadworks_AdvancedReports") > ALIKE);
        assert!(similarity("Acme_Blog", "Acme_Shipping") < ALIKE);
        assert!(similarity("Acme_Blog", "Other_Blog") < f64::EPSILON);
    }
}
