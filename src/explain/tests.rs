use super::*;
use crate::area;
use crate::finding::Rule;

fn rule(code: &str) -> &'static Rule {
    area::ALL.iter().flat_map(|it| it.rules()).find(|it| it.code == code).unwrap()
}

fn told(code: &str, subject: &str, m1: &str, map: &MigrationMap) -> String {
    let mut findings = [rule(code).finding(subject).m1(m1)];
    explain(&mut findings, map);
    findings[0].detail.to_string()
}

fn own() -> MigrationMap {
    let mut map = MigrationMap::default();
    map.take_map(
        "map.xml",
        "<map><source><document_rules><ignore><document>acme_post</document></ignore></document_rules><field_rules>\
         <transform><field>sales_flat_order.created_at</field><handler class=\"\\Migration\\Handler\\Timezone\">\
         <param name=\"offset\" value=\"5\"/></handler></transform></field_rules></source></map>",
    )
    .unwrap();
    map.take_classes("class-map.xml", "<classmap><rename><from>acme/season</from><to/></rename></classmap>").unwrap();
    map
}

#[test]
fn every_rule_that_is_explained_exists() {
    // A code that no area has would never be met.
    let source = include_str!("../explain.rs");
    let known: Vec<&str> = area::ALL.iter().flat_map(|it| it.rules()).map(|it| it.code).collect();
    let codes = source
        .split('"')
        .filter(|it| area::ALL.iter().any(|area| it.strip_prefix(area.name()).is_some_and(|it| it.starts_with('.'))));
    let codes: Vec<&str> = codes.collect();
    assert!(codes.len() > 20, "{codes:?}");
    for code in codes {
        assert!(known.contains(&code), "{code}");
    }
}

#[test]
fn the_tools_own_rules_explain_what_nobody_can_help() {
    let stock = MigrationMap::stock();
    let cases = [
        ("admin_users.missing", "marta", "the migration tool's own map.xml ignores the document admin_user"),
        (
            "layout.missing",
            "category:4",
            "the migration tool's own map.xml sets it to NULL by the handler SetValueAttributeCondition on catalog_category_entity_text.value",
        ),
        (
            "layout.missing",
            "cms_page:home",
            "the migration tool's own map.xml ignores the field cms_page.layout_update_xml",
        ),
        (
            "widgets.wrong-theme",
            "widget:A",
            "the migration tool's own map.xml changes widget_instance.theme_id by the handler SetValue (3)",
        ),
        (
            "timezone.setting",
            "setting:default",
            "the migration tool's own settings.xml ignores general/locale/timezone",
        ),
        ("timezone.shifted", "column:sales_order.created_at", ""),
        ("extensions.data-left", "table:acme_post", ""),
        ("media.moved", "a.jpg", ""),
    ];
    for (code, subject, why) in cases {
        assert_eq!(told(code, subject, "", stock), why, "{code} {subject}");
    }
}

#[test]
fn an_operators_rules_are_called_theirs() {
    let map = own();
    assert_eq!(
        told("extensions.data-left", "table:acme_post", "", &map),
        "your map.xml ignores the document acme_post"
    );
    assert_eq!(
        told("extensions.attribute-class-lost", "attribute:a/b", "source acme/season", &map),
        "your class-map.xml maps acme/season to nothing"
    );
    assert_eq!(
        told("timezone.shifted", "column:sales_order.created_at", "", &map),
        "your map.xml changes sales_flat_order.created_at by the handler Timezone (5)"
    );
    assert_eq!(told("admin_users.missing", "marta", "", &map), "", "the operator's map says nothing of it");
}
