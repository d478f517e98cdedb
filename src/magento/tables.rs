//! Which of a database's tables make a Magento store, and of which kind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::pair::Side;

/// Tables of which every Magento 1 store has at least one, and no Magento 2 store any.
const OF_M1: &[&str] = &["admin_role", "core_resource", "core_store"];

/// Tables of which every Magento 2 store has at least one, and no Magento 1 store any.
const OF_M2: &[&str] = &["authorization_role", "store_website", "patch_list"];

/// Tables of both platforms: they tell a store from a single forgotten table.
const OF_BOTH: &[&str] = &[
    "admin_user",
    "catalog_category_entity",
    "catalog_product_entity",
    "cms_block",
    "cms_page",
    "core_config_data",
    "customer_entity",
    "eav_attribute",
    "eav_entity_type",
    "widget_instance",
];

/// Tables of Magento 1's own modules, 1.6 to 20.18 (`config.xml`, install and upgrade scripts).
static CORE_OF_M1: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("m1_tables.csv").lines().skip(1).collect());

/// Beginnings of further names: value tables, flat tables by store, caches, Enterprise, and what the
/// migration tool makes.
const BEGINNINGS_OF_M1: [&str; 4] = ["catalog_category_flat_", "catalog_product_flat_", "enterprise_", "m2_cl_"];

/// Tables that its scripts name in parts, or make when they are needed.
const FURTHER_OF_M1: &str = "core_cache core_cache_option core_cache_tag core_directory_storage core_file_storage \
    core_resource catalog_category_entity_gallery catalog_product_entity_gallery catalog_product_entity_group_price \
    catalog_product_entity_media_gallery catalog_product_entity_media_gallery_value catalog_product_entity_tier_price \
    catalog_category_entity_url_key catalog_product_entity_url_key";

/// Entities whose values lie in a table for each type.
const ENTITIES_OF_M1: [&str; 5] = [
    "catalog_category_entity_",
    "catalog_product_entity_",
    "customer_address_entity_",
    "customer_entity_",
    "eav_entity_",
];

/// Columns of Magento 1's own tables, as 1.9.4.5 has them.
static COLUMNS_OF_M1: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| include_str!("m1_columns.csv").lines().skip(1).filter_map(|it| it.split_once(',')).collect());

/// Tables of Magento Open Source 2.2, 2.3 and 2.4 after their installation, and those that are made
/// when they are needed.
static CORE_OF_M2: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("m2_tables.csv").lines().skip(1).collect());

/// Beginnings of further names: Commerce, and what indexers make.
const BEGINNINGS_OF_M2: [&str; 6] = [
    "catalog_category_flat_",
    "catalog_category_product_index_store",
    "catalog_product_flat_",
    "magento_",
    "sequence_",
    "staging_",
];

/// How tables and views of Magento 2's own indexers begin.
const INDEXED_OF_M2: [&str; 9] = [
    "catalog_",
    "cataloginventory_",
    "catalogpermissions_",
    "catalogrule_",
    "catalogsearch_",
    "customer_",
    "design_config_",
    "inventory",
    "targetrule_",
];

/// Tables that have another name in Magento 2 (the migration tool's own map).
static RENAMED: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| include_str!("renamed_tables.csv").lines().skip(1).filter_map(|it| it.split_once(',')).collect());

/// The columns of one of Magento 1's own tables; none for other tables.
pub fn columns_of_m1(table: &str) -> Option<impl Iterator<Item = &'static str>> {
    COLUMNS_OF_M1.get(table).map(|it| it.split(' '))
}

/// The name that a table of Magento 1 has in Magento 2.
pub fn renamed(table: &str) -> &str {
    RENAMED.get(table).copied().unwrap_or(table)
}

/// Whether a table, named without prefix, is one of Magento 2's own.
pub fn is_of_m2(table: &str) -> bool {
    CORE_OF_M2.contains(table)
        || BEGINNINGS_OF_M2.iter().any(|it| table.starts_with(it))
        // Change logs, replicas and temporary tables of indexers.
        || (["_cl", "_replica", "_idx", "_tmp"].iter().any(|it| table.ends_with(it))
            && INDEXED_OF_M2.iter().any(|it| table.starts_with(it)))
        || (table.starts_with("sequence_") || table.starts_with("inventory_stock_") || table.starts_with("catalogsearch_fulltext_scope"))
}

/// Whether a table, named without prefix, is one of Magento 1's own.
pub fn is_of_m1(table: &str) -> bool {
    let is_type = |it: &str| matches!(it, "datetime" | "decimal" | "int" | "text" | "varchar");
    CORE_OF_M1.contains(table)
        || BEGINNINGS_OF_M1.iter().any(|it| table.starts_with(it))
        || FURTHER_OF_M1.split_ascii_whitespace().any(|it| it == table)
        || ENTITIES_OF_M1.iter().any(|it| table.strip_prefix(it).is_some_and(is_type))
}

/// The tables of one store among those of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// What stands before the name of each of its tables.
    pub prefix: String,
    /// The platform.
    pub side: Side,
    /// How many tables that a store has were found.
    pub tables: usize,
}

/// The stores whose tables are among `names`, the fullest first.
///
/// A prefix is only known by its tables, and a database may hold several
/// stores, or one and the copy of some of its tables.
pub fn stores<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Store> {
    let mut found: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for name in names {
        for (kind, marks) in [OF_M1, OF_M2, OF_BOTH].into_iter().enumerate() {
            for mark in marks {
                if let Some(prefix) = name.strip_suffix(mark) {
                    found.entry(prefix).or_default()[kind] += 1;
                }
            }
        }
    }
    let mut stores: Vec<Store> = found
        .into_iter()
        .filter(|(_, [m1, m2, _])| m1 + m2 > 0)
        .map(|(prefix, [m1, m2, both])| Store {
            prefix: prefix.to_owned(),
            side: if m1 >= m2 { Side::M1 } else { Side::M2 },
            tables: m1.max(m2) + both,
        })
        .collect();
    stores.sort_by(|one, other| other.tables.cmp(&one.tables).then_with(|| one.prefix.cmp(&other.prefix)));
    stores
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Vec<(String, Side)> {
        stores(names.iter().copied()).into_iter().map(|it| (it.prefix, it.side)).collect()
    }

    #[test]
    fn tables_of_extensions_are_told_from_magentos_own() {
        for own in
            ["admin_user", "catalog_product_flat_2", "catalog_category_entity_text", "core_cache", "tag_relation"]
        {
            assert!(is_of_m1(own), "{own}");
        }
        for foreign in ["acme_blog_post", "oldvendor_promo_banner", "core_acme_log", "customer_entity_loyalty"] {
            assert!(!is_of_m1(foreign), "{foreign}");
        }
        assert!(is_of_m2("catalog_product_price_cl") && is_of_m2("sequence_order_1") && !is_of_m2("acme_import_tmp"));
        assert!(CORE_OF_M1.len() > 300);
    }

    #[test]
    fn a_store_is_known_by_its_tables_whatever_their_prefix() {
        assert_eq!(found(&["core_store", "admin_user"]), [(String::new(), Side::M1)]);
        assert_eq!(found(&["mg_authorization_role", "mg_admin_user"]), [("mg_".to_owned(), Side::M2)]);
        assert_eq!(found(&["wp_posts", "admin_user"]), []);
    }

    #[test]
    fn the_fullest_of_several_stores_comes_first() {
        let names = ["bak_core_store", "core_store", "admin_user", "cms_page", "new_store_website", "new_admin_user"];
        assert_eq!(
            found(&names),
            [(String::new(), Side::M1), ("new_".to_owned(), Side::M2), ("bak_".to_owned(), Side::M1)]
        );
    }
}
