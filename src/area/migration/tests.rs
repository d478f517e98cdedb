use std::collections::BTreeMap;

use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::configuration::Configuration;
use crate::facts::design::ConfigValue;
use crate::facts::tables::{Table, TableFacts, Trigger};
use crate::facts::{Snapshot, StoreView};
use crate::known::Known;
use crate::magento::migration::MigrationMap;
use crate::matching::Judgement;

/// Tables as `name rows`, and values as `scope scope_id path value`.
fn side(tables: &[&str], values: &[&str]) -> Snapshot {
    let table = |it: &&str| {
        let (name, rows) = it.split_once(' ').unwrap();
        (name.to_owned(), Table { rows: rows.parse().ok(), ..Table::default() })
    };
    let value = |it: &&str| {
        let cells: Vec<&str> = it.splitn(4, ' ').collect();
        ConfigValue {
            scope: cells[0].to_owned(),
            scope_id: cells[1].parse().unwrap(),
            path: cells[2].to_owned(),
            value: cells[3].to_owned(),
        }
    };
    let store = StoreView { id: 2, code: "de".to_owned(), name: String::new(), is_active: true, website: 2 };
    Snapshot {
        tables: Known::Is(TableFacts { tables: tables.iter().map(table).collect(), ..TableFacts::default() }),
        configuration: Known::Is(Configuration {
            values: values.iter().map(value).collect(),
            websites: BTreeMap::from([(2, "b2b".to_owned())]),
            ..Configuration::default()
        }),
        stores: Known::Is(vec![store]),
        ..Snapshot::empty()
    }
}

fn found(m1: Snapshot, m2: Option<Snapshot>, map: &str) -> Vec<String> {
    let is_assessment = m2.is_none();
    let mut facts = facts(m1, m2);
    facts.is_assessment = is_assessment;
    if !map.is_empty() {
        let mut own = MigrationMap::default();
        own.take_map("map.xml", map).unwrap();
        facts.migration = Some(own);
    }
    lines(&outcome(&Migration, &facts, &Judgement::default()).findings)
}

#[test]
fn change_logs_triggers_and_backups_are_left_over() {
    let mut m1 = side(&["m2_cl_customer_entity 4", "customer_entity x"], &[]);
    let trigger = |name: &str, is_of_migration| Trigger {
        name: name.to_owned(),
        table: "customer_entity".to_owned(),
        is_of_migration,
    };
    if let Known::Is(tables) = &mut m1.tables {
        tables.triggers = vec![trigger("trg_customer_entity_after_insert", true), trigger("audit_customers", false)];
    }
    let m2 = side(&["migration_backup_eav_attribute 140", "acme 3"], &[]);
    assert_eq!(
        found(m1, Some(m2), ""),
        [
            "leftover m2_cl_customer_entity low",
            "leftover migration_backup_eav_attribute low",
            "leftover trg_customer_entity_after_insert low",
        ]
    );
}

#[test]
fn only_what_the_operator_added_and_what_has_data_is_ignored_data() {
    let map = "<map><source><document_rules><ignore><document>acme_post</document></ignore><ignore><document>acme_empty</document></ignore>\
        <ignore><document>admin_user</document></ignore><ignore><document>gone</document></ignore></document_rules>\
        <field_rules><ignore><field>sales_flat_order.acme_zone</field></ignore><ignore><field>sales_flat_quote.acme_zone</field></ignore>\
        <ignore><field>cms_page.layout_update_xml</field></ignore></field_rules></source></map>";
    let m1 = || {
        let mut m1 =
            side(&["acme_post 6", "acme_empty 0", "admin_user 15", "sales_flat_order x", "sales_flat_quote x"], &[]);
        if let Known::Is(tables) = &mut m1.tables {
            tables.tables.get_mut("sales_flat_order").unwrap().filled_columns.push("acme_zone".to_owned());
        }
        m1
    };
    assert_eq!(
        found(m1(), Some(side(&[], &[])), map),
        ["ignored-data acme_post medium", "ignored-data sales_flat_order.acme_zone medium"]
    );
    assert_eq!(found(m1(), Some(side(&[], &[])), ""), Vec::<String>::new());
}

#[test]
fn settings_hurt_by_being_carried_over_changed_or_dropped() {
    let m1 = || {
        side(
            &[],
            &[
                "default 0 admin/captcha/enable 1",
                "default 0 web/unsecure/base_url http://shop.example/",
                "stores 2 catalog/seo/category_url_suffix /",
                "websites 2 web/secure/base_url https://b2b.example/",
            ],
        )
    };
    let m2 = side(&[], &["default 0 admin/captcha/enable 1", "stores 2 catalog/seo/category_url_suffix ./"]);
    assert_eq!(
        found(m1(), Some(m2), ""),
        [
            "setting admin/captcha/enable medium",
            "setting catalog/seo/category_url_suffix medium",
            "setting web/secure/base_url medium",
        ]
    );
    let right = side(
        &[],
        &[
            "default 0 admin/captcha/enable 0",
            "stores 2 catalog/seo/category_url_suffix /",
            "websites 2 web/secure/base_url https://new.b2b.example/",
        ],
    );
    assert_eq!(found(m1(), Some(right), ""), Vec::<String>::new());
    // No suffix at all, against what is built in; and a suffix that Enterprise kept without its dot.
    let suffix = |m1: &[&str], m2: &[&str]| found(side(&[], m1), Some(side(&[], m2)), "");
    let changed = ["setting catalog/seo/product_url_suffix medium"];
    let path = |value: &str| format!("default 0 catalog/seo/product_url_suffix {value}");
    assert_eq!(suffix(&[&path("")], &[]), changed);
    assert_eq!(suffix(&[], &[&path(".htm")]), changed);
    assert_eq!(suffix(&[&path("html")], &[&path(".html")]), Vec::<String>::new());
    assert_eq!(suffix(&[], &[]), Vec::<String>::new());
    assert_eq!(found(m1(), None, ""), ["setting admin/captcha/enable medium", "setting web/secure/base_url medium"]);
}
