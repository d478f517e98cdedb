use super::*;

fn module(files: &[(&str, &str)]) -> Module {
    let mut module = Module { name: "Acme_Blog".to_owned(), ..Module::default() };
    for (file, xml) in files {
        module.take(file, xml).unwrap();
    }
    module
}

#[test]
fn a_declaration_tells_pool_state_and_dependencies() {
    let xml = "<?xml version=\"1.0\"?><config><modules><A_One><active>true</active><codePool> local\n</codePool>\
               <depends><Mage_Core/><B_Two/></depends></A_One><C_Off><active>false</active></C_Off></modules></config>";
    let found = declarations(xml).unwrap();
    assert_eq!((found[0].name.as_str(), found[0].pool.as_str(), found[0].is_active), ("A_One", "local", Some(true)));
    assert_eq!(found[0].depends, ["Mage_Core", "B_Two"]);
    assert_eq!(found[1].is_active, Some(false));
    let states = |active: &str| {
        declarations(&format!("<config><modules><A_B>{active}</A_B></modules></config>")).unwrap()[0].is_active
    };
    assert_eq!(
        ["<active>yes</active>", "<active>off</active>", "<active/>", ""].map(states),
        [Some(true), Some(false), Some(false), None]
    );
    assert_eq!(declarations("<config>\n<a></config>").unwrap_err(), "it is not well-formed XML at line 2");
}

#[test]
fn a_configuration_tells_what_a_module_touches() {
    let config = "<config><modules><Acme_Blog><version>0.9.3</version></Acme_Blog></modules><global>\
        <models><acme_blog><class>Acme_Blog_Model</class></acme_blog>\
        <acme_blog_resource><class>R</class><entities><post><table>acme_blog_post</table></post></entities></acme_blog_resource>\
        <catalog><rewrite><product>Acme_Blog_Model_Product</product></rewrite></catalog>\
        <catalog_resource><rewrite><product_collection>Acme_Blog_Model_C</product_collection></rewrite></catalog_resource></models>\
        <blocks><catalog><rewrite><product_view>Acme_Blog_Block_V</product_view></rewrite></catalog></blocks>\
        <resources><acme_blog_setup><setup><module>Acme_Blog</module></setup></acme_blog_setup><acme_blog_read/></resources>\
        <events><sales_order_place_after><observers><x><class>acme_blog/o</class><method>go</method></x></observers></sales_order_place_after></events></global>\
        <frontend><routers><b><args><frontName>blog</frontName></args></b></routers>\
        <layout><updates><b><file>acme/blog.xml</file></b></updates></layout></frontend>\
        <admin><routers><adminhtml><args><modules><a before=\"Mage_Adminhtml\">Acme_Blog_Adminhtml</a></modules></args></adminhtml></routers></admin>\
        <crontab><jobs><acme_blog_publish><schedule><cron_expr>0 8 * * *</cron_expr></schedule><run><model>acme_blog/cron::run</model></run></acme_blog_publish></jobs></crontab>\
        <default><carriers><acme_zone><active>1</active></acme_zone></carriers>\
        <web><unsecure><acme_flag>1</acme_flag></unsecure></web></default></config>";
    let it = module(&[("config.xml", config)]);
    assert_eq!(it.version, "0.9.3");
    let rewrites: Vec<String> = it.rewrites.iter().map(|it| format!("{} {} {}", it.kind, it.alias, it.class)).collect();
    assert_eq!(
        rewrites,
        [
            "model catalog/product Acme_Blog_Model_Product",
            "resource model catalog/product_collection Acme_Blog_Model_C",
            "block catalog/product_view Acme_Blog_Block_V",
        ]
    );
    assert_eq!(it.observers, ["global sales_order_place_after (acme_blog/o::go)"]);
    assert_eq!((it.routers, it.layout_files), (vec!["frontend blog".to_owned()], vec!["acme/blog.xml".to_owned()]));
    let job = &it.crons[0];
    assert_eq!([&job.code, &job.schedule, &job.run], ["acme_blog_publish", "0 8 * * *", "acme_blog/cron::run"]);
    assert_eq!(it.controllers, ["Acme_Blog_Adminhtml beside Mage_Adminhtml"]);
    let one = |it: BTreeSet<String>| it.into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(
        [it.groups, it.tables, it.setups, it.settings].map(one),
        [
            "acme_blog acme_blog_resource",
            "acme_blog_post",
            "acme_blog_setup",
            "carriers/acme_zone web/unsecure/acme_flag"
        ]
    );
}

#[test]
fn access_controls_are_paths_and_what_is_magentos_own_is_only_passed() {
    let adminhtml = "<config><acl><resources><admin><children><acme_blog><title>B</title><children><posts/></children></acme_blog>\
        <system><children><config><children><acme_blog/></children></config></children></system></children></admin></resources></acl></config>";
    let api = "<config><api><acl><resources><acme_blog><title>B</title><post><list/></post></acme_blog></resources></acl></api></config>";
    let widgets = "<widgets><a type=\"acme_blog/latest\"/></widgets>";
    let system = "<config><sections><acme_blog><groups><general/></groups></acme_blog></sections></config>";
    let rest = "<config><api2><resources><acme_post><type>acme_post</type></acme_post></resources></api2></config>";
    assert!(module(&[("api2.xml", rest)]).rest.contains("acme_post"));
    let it = module(&[("adminhtml.xml", adminhtml), ("api.xml", api), ("widget.xml", widgets), ("system.xml", system)]);
    assert!(it.has_resource("admin/acme_blog/posts") && it.has_resource("admin/system/config/acme_blog"));
    assert!(!it.has_resource("admin/system") && !it.has_resource("admin") && !it.has_resource("admin/other"));
    assert!(it.api_acl.contains("acme_blog/post/list") && it.widgets.contains("acme_blog/latest"));
    assert!(it.settings.contains("acme_blog/general"));
}

#[test]
fn setup_scripts_tell_what_they_made() {
    let mut it = module(&[]);
    it.take_script(
        "$i->addAttribute('catalog_product', \"acme_season\", ['type' => 'int', 'label' => 'My Season_x']);",
    );
    assert_eq!(it.names.into_iter().collect::<Vec<_>>(), ["acme_season", "catalog_product", "int", "label", "type"]);
    assert!(is_stock_attribute("special_price") && !is_stock_attribute("brand"));
}

#[test]
fn classes_are_told_apart_by_their_owner() {
    for own in [
        "catalog/product_attribute_source_layout",
        "eav/entity_attribute_source_table",
        "enterprise_giftcard/source_type",
        "Mage_Catalog_Model_X",
    ] {
        assert!(is_stock_class(own), "{own}");
    }
    assert!(!is_stock_class("acme_catalogext/source_season") && !is_stock_class("Acme_X_Model_Y"));
    assert_eq!(module_of_class(r"Acme\Blog\Model\Source\Season").as_deref(), Some("Acme_Blog"));
    assert_eq!(
        ["acme_blog/source", "Acme_Blog_Model_Source", r"Acme\Blog", ""].map(module_of_class),
        [None, None, None, None]
    );
    assert_eq!(
        overridden_class("app/code/local/Mage/Catalog/Model/Product/Url.php").as_deref(),
        Some("Mage_Catalog_Model_Product_Url")
    );
    for path in [
        "app/code/local/Acme/Blog/Model/Post.php",
        "app/code/local/Mage/Catalog/controllers/ProductController.php",
        "app/code/local/Mage/Catalog/sql/s/install-1.php",
    ] {
        assert_eq!(overridden_class(path), None, "{path}");
    }
    assert_eq!(name_of_setup("oldvendor_promo_setup"), "Oldvendor_Promo");
    assert!(
        is_stock_setup("catalog_setup") && is_stock_setup("enterprise_rma_setup") && !is_stock_setup("acme_blog_setup")
    );
}

#[test]
fn encoded_files_are_known_by_their_heads() {
    let ion = b"<?php //004fb\nif(!extension_loaded(\"ionCube Loader\")){";
    assert_eq!(encoder(ion), Some("ionCube"));
    assert_eq!(encoder(b"<?php @Zend;\n3074;"), Some("Zend Guard"));
    assert_eq!(encoder(b"<?php class Acme_Blog_Model_Post {}"), None);
}

#[test]
fn a_tree_without_end_is_cut() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(60_000), close.repeat(60_000));
    let mut it = module(&[]);
    it.take(
        "api.xml",
        &format!("<config><api><acl><resources>{}</resources></acl></api></config>", deep("<a>", "</a>")),
    )
    .unwrap();
    it.take(
        "adminhtml.xml",
        &format!("<config><acl><resources>{}</resources></acl></config>", deep("<a><children>", "</children></a>")),
    )
    .unwrap();
    assert!(it.api_acl.len() < 40 && it.acl.len() < 40);
}
