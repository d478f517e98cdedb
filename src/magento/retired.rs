//! Tables of Magento 1 that Magento 2 has no use for, and what they were for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::versions::Version;

/// What a table is for that Magento 2 has no use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A feature that Magento 2 does not have: rows may be the merchant's data.
    Gone,
    /// A log or a queue.
    Log,
    /// Sessions of visitors.
    Session,
    /// An index, a cache, or what is computed from other tables.
    Derived,
}

/// A table that Magento 2 has no use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
    /// What it is for.
    pub class: Class,
    /// The feature, as findings name it; empty for derived tables.
    pub feature: &'static str,
    /// The feature, for people.
    pub title: &'static str,
    /// Rows that the installation itself makes.
    pub installed: u64,
    /// Whose setup makes it (`core_resource.code`), and from which version on; empty where that is not known.
    setup: (&'static str, &'static str),
}

/// Rows that are there without anybody having used the feature (data scripts of `Mage_Dataflow`
/// and of `Mage_Admin`, 1.6 and later).
const INSTALLED: [(&str, u64); 4] =
    [("dataflow_profile", 6), ("dataflow_profile_history", 6), ("permission_block", 2), ("permission_variable", 15)];

static TABLES: LazyLock<BTreeMap<&'static str, Retired>> = LazyLock::new(|| {
    let lines = include_str!("retired.csv").lines().skip(1);
    let table = |line: &'static str| {
        let mut cells = line.split(',');
        let (table, class) = (cells.next()?, cells.next()?);
        let class = match class {
            "gone" => Class::Gone,
            "log" => Class::Log,
            "session" => Class::Session,
            _ => Class::Derived,
        };
        let installed = INSTALLED.iter().find(|(it, _)| *it == table).map_or(0, |(_, rows)| *rows);
        let feature = cells.next()?;
        let setup = (cells.next()?, cells.next()?);
        Some((table, Retired { class, feature, title: cells.next()?, installed, setup }))
    };
    lines.filter_map(table).collect()
});

/// Beginnings and ends of tables that indexers and flat catalogs make; only for names that begin
/// like Magento's own, so that an extension's `…_tmp` is not taken for one.
const DERIVED_BEGINNINGS: [&str; 4] =
    ["catalog_product_flat_", "catalog_category_flat_", "catalog_product_index_", "catalog_category_product_index"];
const DERIVED_ENDS: [&str; 3] = ["_idx", "_tmp", "_cl"];

/// What a table of Magento 1, named without prefix, was for; none if Magento 2 has a use for it.
pub fn of(table: &str) -> Option<Retired> {
    if let Some(found) = TABLES.get(table) {
        return Some(*found);
    }
    let is_derived = DERIVED_BEGINNINGS.iter().any(|it| table.starts_with(it))
        || (DERIVED_ENDS.iter().any(|it| table.ends_with(it))
            && (super::tables::is_of_m1(table)
                || ["catalog_", "cataloginventory_", "catalogrule_", "catalogsearch_"]
                    .iter()
                    .any(|it| table.starts_with(it))));
    is_derived.then_some(Retired { class: Class::Derived, feature: "", title: "", installed: 0, setup: ("", "") })
}

/// Tables of features that are gone that a store has whose setups are of these versions.
pub fn expected(setups: &BTreeMap<String, String>) -> impl Iterator<Item = &'static str> {
    let is_made = |(code, since): (&str, &str)| {
        let version = setups.get(code).and_then(|it| Version::parse(it));
        version.is_some_and(|it| Version::parse(since).is_some_and(|since| it >= since))
    };
    TABLES.iter().filter(move |(_, it)| is_made(it.setup)).map(|(table, _)| *table)
}

/// Every feature, with the tables of it.
pub fn features() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (table, it) in TABLES.iter().filter(|(_, it)| it.class != Class::Derived) {
        found.entry(it.feature).or_default().push(table);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_known_by_its_name_before_any_pattern() {
        let class = |table: &str| of(table).map(|it| it.class);
        assert_eq!(class("poll_vote"), Some(Class::Gone));
        assert_eq!(class("log_url_info"), Some(Class::Log));
        assert_eq!(class("core_session"), Some(Class::Session));
        for table in ["catalog_product_flat_12", "catalog_category_flat_store_3", "catalog_product_index_price_tmp"] {
            assert_eq!(class(table), Some(Class::Derived), "{table}");
        }
        assert_eq!(class("enterprise_url_rewrite_category_cl"), Some(Class::Derived));
        for table in ["acme_import_tmp", "acme_blog_idx", "customer_entity", "sales_flat_order", "admin_user"] {
            assert_eq!(class(table), None, "{table}");
        }
    }

    #[test]
    fn a_store_has_the_tables_of_its_setups() {
        let of = |code: &str, version: &str| -> Vec<&str> {
            expected(&BTreeMap::from([(code.to_owned(), version.to_owned())])).collect()
        };
        assert_eq!(of("poll_setup", "1.6.0.1"), ["poll", "poll_answer", "poll_store", "poll_vote"]);
        assert_eq!(of("admin_setup", "1.6.1.1"), ["admin_assert"]);
        assert_eq!(of("admin_setup", "1.6.1.2"), ["admin_assert", "permission_block", "permission_variable"]);
        assert!(of("poll_setup", "0.7.2").is_empty() && of("sales_setup", "1.6.0.11").is_empty());
    }

    #[test]
    fn every_feature_has_a_code_and_a_title() {
        assert!(features().len() > 20);
        for (table, it) in TABLES.iter() {
            let is_code = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
            assert!(it.class == Class::Derived || (is_code(it.feature) && !it.title.is_empty()), "{table}");
        }
        assert!(INSTALLED.iter().all(|(table, _)| TABLES.contains_key(table)));
    }
}
