//! Which of a database's tables make a Magento store, and of which kind.

use std::collections::BTreeMap;

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
