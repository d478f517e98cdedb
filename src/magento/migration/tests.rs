use super::*;

const MAP: &str = "<?xml version=\"1.0\"?>\n<map><source><document_rules>\
    <ignore><document>acme_blog_post</document></ignore><ignore><document> tmp_* </document></ignore>\
    <rename><document>core_store</document><to>store</to></rename></document_rules>\
    <field_rules><ignore><field>sales_flat_order.acme_zone</field></ignore>\
    <transform><field>sales_flat_order.created_at</field><handler class=\"\\Migration\\Handler\\Timezone\">\
    <param name=\"offset\" value=\"-5\"/></handler></transform></field_rules></source>\
    <destination><document_rules><ignore><document>acme_new</document></ignore></document_rules></destination></map>";

#[test]
fn what_an_operator_ignores_is_told_from_what_the_tool_ignores() {
    let mut map = MigrationMap::default();
    map.take_map("map.xml", MAP).unwrap();
    assert!(
        map.ignores_document("acme_blog_post") && map.ignores_document("tmp_1") && !map.ignores_document("acme_new")
    );
    assert!(map.ignores_field("sales_flat_order.acme_zone"));
    assert!(
        map.adds_document("acme_blog_post")
            && map.adds_document("tmp_1")
            && map.adds_field("sales_flat_order.acme_zone")
    );
    assert!(!map.adds_document("admin_user") && !map.adds_document("core_store"));
    let handler = &map.handlers("sales_flat_order.created_at")[0];
    assert_eq!((handler.name.as_str(), handler.params["offset"].as_str()), ("Timezone", "-5"));
    let stock = MigrationMap::stock();
    assert!(stock.ignores_document("admin_user") && stock.ignores_document("catalog_product_flat_3"));
    assert!(stock.ignores_field("cms_page.layout_update_xml") && stock.ignores_setting("web/cookie/cookie_domain"));
    assert!(!stock.ignores_document("customer_group") && !stock.is_own());
}

#[test]
fn classes_and_settings_are_read() {
    let mut map = MigrationMap::default();
    map.take_classes(
        "class-map.xml",
        "<classmap><rename><from>a/b</from><to/></rename><rename><from>c/d</from><to>C\\D</to></rename></classmap>",
    )
    .unwrap();
    map.take_settings("settings.xml", "<settings><key><ignore><path>web/*/x</path></ignore></key></settings>").unwrap();
    assert_eq!([map.class("a/b"), map.class("c/d"), map.class("e/f")], [Some(""), Some(r"C\D"), None]);
    assert!(map.ignores_setting("web/secure/x") && !map.ignores_setting("web/secure/y"));
    assert_eq!(map.files, ["class-map.xml", "settings.xml"]);
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let mut map = MigrationMap::default();
    assert!(map.take_map("map.xml", "<classmap/>").unwrap_err().contains("does not begin with <map>"));
    assert_eq!(map.take_map("map.xml", "<map>\n<source></map>").unwrap_err(), "it is not well-formed XML at line 2");
    assert!(map.files.is_empty());
}
