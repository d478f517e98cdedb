//! The report folder: what is in it, and how it is put there.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{NOW, Sandbox, fixture};

/// Every area, in the order of the contract.
const AREAS: [&str; 14] = [
    "media",
    "media_db",
    "admin_users",
    "admin_roles",
    "api",
    "layout",
    "widgets",
    "cms_content",
    "design",
    "extensions",
    "retired",
    "indexes",
    "timezone",
    "migration",
];

/// The files of a report with these and an inventory of each area, in order.
fn with_inventories(files: &[&str]) -> Vec<String> {
    let mut files: Vec<String> = files.iter().map(|it| (*it).to_owned()).collect();
    files.extend(AREAS.iter().map(|it| format!("inventory/{it}.csv")));
    files.sort();
    files
}

#[test]
fn the_demo_finds_every_kind_of_trouble() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&format!("demo --out report --now {NOW}"));
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("Report: report"), "{}", run.out);
    let mut rules: Vec<String> =
        sandbox.findings("report").iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect();
    rules.sort();
    rules.dedup();
    let expected: Vec<String> = magegap::area::ALL
        .iter()
        .flat_map(|it| it.rules())
        .map(|it| it.code.to_owned())
        // A demo unpacked by root can hold nothing that cannot be read.
        .filter(|it| !["media.unreadable", "layout.file-missing", "media_db.deprecated"].contains(&it.as_str()))
        .collect();
    for rule in expected {
        assert!(rules.contains(&rule), "{rule} is not shown by the demo");
    }
}

#[test]
fn the_same_stores_and_time_give_the_same_bytes() {
    let sandbox = Sandbox::new();
    for folder in ["one", "two"] {
        sandbox.run(&format!("demo --out {folder} --now {NOW} --threads 7"));
    }
    let (one, two) = (sandbox.files("one"), sandbox.files("two"));
    assert_eq!(
        one.keys().map(|it| it.display().to_string()).collect::<Vec<_>>(),
        with_inventories(&["findings.csv", "findings.json", "index.html"])
    );
    assert!(one == two, "two runs differ");
}

#[test]
fn no_secret_of_a_store_is_in_any_output() {
    let sandbox = Sandbox::new();
    assert!(fixture("demo/m1.sql").contains("planted-secret-") && fixture("demo/m2.sql").contains("planted-secret-"));
    let run = sandbox.run("demo --out report -v");
    for (name, bytes) in sandbox.files("report") {
        assert!(!String::from_utf8_lossy(&bytes).contains("planted-secret"), "{}", name.display());
    }
    assert!(!run.out.contains("planted-secret") && !run.err.contains("planted-secret"));
}

#[test]
fn a_report_is_replaced_as_a_whole() {
    let sandbox = Sandbox::new();
    sandbox.run("demo --out report");
    sandbox.run("demo --out report --formats csv");
    let files: Vec<_> = sandbox.files("report").into_keys().map(|it| it.display().to_string()).collect();
    assert_eq!(files, with_inventories(&["findings.csv"]));
    assert_eq!(sandbox.strays(&["report"]), Vec::<String>::new());
}

#[test]
fn a_failed_run_leaves_the_old_report_alone() {
    let sandbox = Sandbox::new();
    sandbox.run(&format!("demo --out report --now {NOW}"));
    let before = sandbox.files("report");
    sandbox.write("templates/index.html", "{{ page.nonsense }}");
    let said = sandbox.run("demo --out report --templates templates").refused();
    assert!(said.contains("cannot fill the report template index.html"), "{said}");
    assert!(sandbox.files("report") == before, "the old report was touched");
    assert_eq!(sandbox.strays(&["report", "templates"]), Vec::<String>::new());
}

#[test]
fn a_folder_with_other_things_in_it_is_not_overwritten() {
    let sandbox = Sandbox::new();
    sandbox.write("thesis/chapter.txt", "years of work");
    let said = sandbox.run("demo --out thesis").refused();
    assert!(said.contains("holds no report, but chapter.txt"), "{said}");
    assert!(sandbox.path("thesis/chapter.txt").exists());
    sandbox.run("demo --out report");
    sandbox.write("report/notes.txt", "mine");
    assert!(sandbox.run("demo --out report").refused().contains("holds a report, and also notes.txt"));
    sandbox.write("mine/summary.md", "my own");
    assert!(sandbox.run("demo --out mine").refused().contains("holds no report, but summary.md"));
    fs::remove_file(sandbox.path("report/notes.txt")).unwrap();
    sandbox.write("report/inventory/notes.xlsx", "mine");
    assert!(sandbox.run("demo --out report").refused().contains("and also inventory/notes.xlsx"));
    // A page that has the name of a reader's, and no report beside it, may be anybody's.
    sandbox.write("site/manager.html", "<!DOCTYPE html><title>Ours</title>");
    assert!(sandbox.run("demo --out site").refused().contains("holds no report, but manager.html"));
    sandbox.write("file", "x");
    assert!(sandbox.run("demo --out file").refused().contains("is not a folder"));
    fs::create_dir(sandbox.path("empty")).unwrap();
    assert_eq!(sandbox.run("demo --out empty").status, 0, "an empty folder is as good as none");
}

#[test]
fn a_template_of_ones_own_replaces_the_built_in_one() {
    let sandbox = Sandbox::new();
    sandbox.write("templates/index.html", "<p>{{ page.total }} {{ page.report.title }}</p>");
    sandbox.run("demo --out report --templates templates");
    let total = sandbox.findings("report").len();
    let page = String::from_utf8_lossy(&sandbox.files("report")[Path::new("index.html")]).into_owned();
    assert_eq!(page, format!("<p>{total} What Magento 2 still lacks</p>"));
    assert!(sandbox.run("demo --out report --templates .").refused().contains("has none of base.html, index.html"));
}

#[test]
fn findings_csv_is_what_the_contract_says() {
    let sandbox = Sandbox::new();
    sandbox.run(&format!("demo --out report --now {NOW}"));
    let text = String::from_utf8(sandbox.files("report")[Path::new("findings.csv")].clone()).unwrap();
    assert!(text.starts_with(
        "fingerprint,rule,area,severity,state,trend,confidence,subject,scope,m1,m2,detail,used_by,action,points\r\n"
    ));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|it| it.unwrap()).collect();
    let severities = ["blocker", "high", "medium", "low", "info"];
    let areas = AREAS;
    let place = |row: &csv::StringRecord| {
        (
            severities.iter().position(|it| *it == &row[3]).unwrap(),
            areas.iter().position(|it| *it == &row[2]).unwrap(),
            row[1].to_owned(),
            row[7].trim_start_matches('\'').as_bytes().to_vec(),
        )
    };
    assert!(rows.iter().map(place).is_sorted(), "the order is that of the contract");
    for row in &rows {
        let hash = blake3::hash(format!("{}\0{}\0{}", &row[1], row[7].trim_start_matches('\''), &row[8]).as_bytes());
        assert_eq!(&row[0], &hash.to_hex()[..16], "{row:?}");
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "a formula: {row:?}");
    }
    let formula = rows.iter().find(|it| it[7].contains("=1+1") && &it[2] == "admin_users").unwrap();
    assert_eq!(&formula[7], "'=1+1");
}

#[test]
fn findings_json_has_the_exact_texts() {
    let sandbox = Sandbox::new();
    sandbox.run(&format!("demo --out report --now {NOW}"));
    let json: serde_json::Value = serde_json::from_slice(&sandbox.files("report")[Path::new("findings.json")]).unwrap();
    assert_eq!(json["schema"], "magegap.findings/1");
    assert_eq!((json["mode"].as_str(), json["generated"].as_str()), (Some("verification"), Some(NOW)));
    let findings = json["findings"].as_array().unwrap();
    assert!(findings.iter().any(|it| it["subject"] == "=1+1"));
    let area = &json["areas"][2];
    assert_eq!((area["name"].as_str(), area["status"].as_str()), (Some("admin_users"), Some("checked")));
    let high = findings.iter().filter(|it| it["area"] == "admin_users" && it["severity"] == "high").count();
    assert_eq!(area["counts"]["high"].as_u64(), Some(high as u64));
    assert!(json["rules"].as_array().unwrap().iter().any(|it| it["code"] == "media.moved" && it["action"].is_string()));
}

#[test]
fn without_magento_2_the_report_is_an_assessment() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.media("media", "a.jpg\ttext\ta\n.htaccess\ttext\tx\n");
    let run = sandbox.run("audit --m1-db m1.sql --m1-media media --out report");
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(run.out.contains("items of work ahead"), "{}", run.out);
    let found = sandbox.findings("report");
    assert!(found.contains(&"media.missing a.jpg medium".to_owned()), "{found:?}");
    assert!(found.contains(&"admin_users.missing marta high".to_owned()), "{found:?}");
    assert!(!found.iter().any(|it| it.contains("htaccess")), "{found:?}");
    let json: serde_json::Value = serde_json::from_slice(&sandbox.files("report")[Path::new("findings.json")]).unwrap();
    assert_eq!(json["mode"], "assessment");
}

#[test]
fn an_empty_magento_2_media_folder_lacks_everything() {
    let sandbox = Sandbox::new();
    sandbox.media("old", "a.jpg\ttext\ta\nb.jpg\ttext\tb\n");
    fs::create_dir(sandbox.path("new")).unwrap();
    let run = sandbox.run("audit --m1-media old --m2-media new --only media --out report");
    assert_eq!(run.status, 1, "Magento 2's own .htaccess files are gone: {}", run.out);
    let missing =
        sandbox.findings("report").into_iter().filter(|it| it.starts_with("media.missing")).collect::<Vec<_>>();
    assert_eq!(missing, ["media.missing a.jpg medium", "media.missing b.jpg medium"]);
}

#[test]
fn a_side_that_was_not_given_is_not_taken_for_empty() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.media("old", "a.jpg\ttext\ta\n");
    sandbox.media("new", "a.jpg\ttext\ta\n.htaccess\ttext\tx\n");
    let run = sandbox.run("audit --m1-db m1.sql --m1-media old --m2-media new --out report --fail-on never");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("admin_users  partial"), "{}", run.out);
    assert!(!sandbox.findings("report").iter().any(|it| it.starts_with("admin_users.missing")));
}

#[test]
fn hostile_texts_of_a_store_stay_texts() {
    let sandbox = Sandbox::new();
    let dump = fixture("demo/m1.sql").replace("'marta'", "'<script>alert(1)</script>\\n\u{1b}[2J'");
    sandbox.write("m1.sql", dump);
    sandbox.media("media", "%3Cimg src=x onerror=alert(1)%3E.jpg\ttext\ta\n");
    let run = sandbox.run("audit --m1-db m1.sql --m1-media media --out report -v");
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
    let files = sandbox.files("report");
    let page = String::from_utf8_lossy(&files[Path::new("index.html")]).into_owned();
    assert!(!page.contains("<script>alert") && !page.contains("<img") && !page.contains('\u{1b}'));
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;")
            || page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "the text is shown"
    );
}

#[test]
fn a_version_is_told_by_tables_of_this_very_name() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    for (name, expected) in [
        ("jwt_auth_revoked", "2.4.4 or later"),
        ("tfa_user_config", "2.4.0 to 2.4.3"),
        ("msp_tfa_user_config", "2.3.4 to 2.3.7"),
    ] {
        let dump = fixture("demo/m2.sql").replace("jwt_auth_revoked", name);
        for (prefix, dump) in
            [("", dump.clone()), ("x_", dump.replace("TABLE `", "TABLE `x_").replace("INTO `", "INTO `x_"))]
        {
            sandbox.write("m2.sql", dump);
            sandbox.run("audit --m1-db m1.sql --m2-db m2.sql --only admin_users --out report");
            let json: serde_json::Value =
                serde_json::from_slice(&sandbox.files("report")[Path::new("findings.json")]).unwrap();
            assert_eq!(json["stores"]["m2"]["platform"], expected, "{prefix}{name}");
        }
    }
}

/// A widget, a theme of the shop's own, a title, and an extension's table.
const OF_BOTH: &str = "SET time_zone='+00:00';\n\
    CREATE TABLE design_change (design_change_id int, store_id int, design text, date_from date, date_to date);\n\
    CREATE TABLE core_config_data (scope text, scope_id int, path text, value text);\n\
    CREATE TABLE widget_instance_page (page_id int, instance_id int, page_group text, layout_handle text, block_reference text, page_template text);\n\
    CREATE TABLE widget_instance_page_layout (page_id int, layout_update_id int);\n\
    CREATE TABLE cms_page (page_id int, identifier text, is_active int, layout_update_xml text, content text, creation_time timestamp NULL, \
     custom_layout_update_xml text, root_template text, page_layout text, custom_root_template text, custom_theme text, custom_theme_from date, custom_theme_to date);\n\
    CREATE TABLE cms_page_store (page_id int, store_id int);\n\
    CREATE TABLE cms_block (block_id int, identifier text, is_active int, content text, creation_time timestamp NULL);\n\
    CREATE TABLE cms_block_store (block_id int, store_id int);\n\
    CREATE TABLE newsletter_template (template_id int, template_code text, template_text text);\n\
    CREATE TABLE eav_entity_type (entity_type_id int, entity_type_code text);\n\
    CREATE TABLE customer_entity (entity_id int, created_at timestamp);\n\
    INSERT INTO customer_entity VALUES (1,'2024-02-03 04:05:06');\n\
    CREATE TABLE acme_blog_post (post_id int, title text);\n\
    INSERT INTO acme_blog_post VALUES (1,'Tea');\n\
    CREATE TABLE eav_attribute (attribute_id int, entity_type_id int, attribute_code text, backend_type text, source_model text, backend_model text, frontend_input text);\n\
    INSERT INTO eav_entity_type VALUES (3,'catalog_category'),(4,'catalog_product');\n\
    INSERT INTO eav_attribute VALUES (41,3,'name','varchar',NULL,NULL,NULL),(71,4,'name','varchar',NULL,NULL,NULL);\n\
    CREATE TABLE catalog_category_entity (entity_id int, created_at timestamp NULL);\n\
    INSERT INTO catalog_category_entity VALUES (1,NULL);\n\
    CREATE TABLE catalog_product_entity (entity_id int, sku text, created_at timestamp NULL);\n\
    CREATE TABLE catalog_product_option (option_id int, type text);\n\
    CREATE TABLE customer_address_entity (entity_id int, created_at timestamp NULL);\n\
    CREATE TABLE review (review_id int, created_at timestamp NULL);\n\
    CREATE TABLE newsletter_subscriber (subscriber_id int, change_status_at timestamp NULL);\n\
    CREATE TABLE sales_payment_transaction (transaction_id int, created_at timestamp NULL);\n\
    INSERT INTO widget_instance_page_layout VALUES (1,1);\n\
    INSERT INTO core_config_data VALUES ('default',0,'design/head/default_title','T');\n";

/// Where either platform keeps what refers to media files.
const OF_MEDIA: &str = "CREATE TABLE catalog_product_entity_media_gallery (value_id int, entity_id int, value text);\n\
    CREATE TABLE catalog_product_entity_media_gallery_value (value_id int, store_id int, disabled int);\n\
    CREATE TABLE catalog_product_entity_media_gallery_value_to_entity (value_id int, entity_id int);\n\
    CREATE TABLE customer_entity_varchar (attribute_id int, entity_id int, value text);\n\
    CREATE TABLE customer_address_entity_varchar (attribute_id int, entity_id int, value text);\n\
    CREATE TABLE downloadable_link (product_id int, link_file text, sample_file text);\n\
    CREATE TABLE downloadable_sample (product_id int, sample_file text);\n\
    CREATE TABLE core_variable_value (variable_id int, html_value text);\n\
    CREATE TABLE variable_value (variable_id int, html_value text);\n";

/// What is Magento 2's alone.
const OF_THE_REST_OF_M2: &str = "CREATE TABLE indexer_state (indexer_id text, status text);\n\
    CREATE TABLE mview_state (view_id text, mode text, version_id int);\n\
    CREATE TABLE setup_module (module text);\n\
    INSERT INTO setup_module VALUES ('Magento_Backend'),('Magento_Store');\n\
    INSERT INTO indexer_state VALUES ('catalog_product_price','valid');\n";

/// Orders and what belongs to them; Magento 2 has dropped the word `flat`.
fn of_sales(prefix: &str) -> String {
    let quote = if prefix == "sales_" { "quote" } else { "sales_flat_quote" };
    let dated = ["order_grid", "order_status_history", "invoice", "shipment", "creditmemo"];
    let mut all =
        dated.map(|it| format!("CREATE TABLE {prefix}{it} (entity_id int, created_at timestamp NULL);\n")).concat();
    for (table, columns) in [
        (format!("{prefix}order"), "entity_id int, created_at timestamp NULL, shipping_method text"),
        (format!("{prefix}order_item"), "item_id int, order_id int, product_options text, created_at timestamp NULL"),
        (quote.to_owned(), "entity_id int, created_at timestamp NULL"),
        (format!("{quote}_item"), "item_id int, created_at timestamp NULL"),
    ] {
        writeln!(all, "CREATE TABLE {table} ({columns});").unwrap();
    }
    all
}

/// A small store of each platform with these users: `username role`.
fn dumps(sandbox: &Sandbox, name: &str, users: &[(&str, &str)]) {
    let roles = ["Administrators", "Sales & Returns", "Каталог"];
    let role = |name: &str| roles.iter().position(|it| *it == name).unwrap() + 1;
    let mut m1 =
        "CREATE TABLE admin_user (user_id int, username text, email text, is_active int, logdate timestamp, created timestamp);\n\
        CREATE TABLE admin_role (role_id int, parent_id int, role_type text, user_id int, role_name text);\n\
        CREATE TABLE admin_rule (rule_id int, role_id int, resource_id text, permission text);\n\
        INSERT INTO admin_rule VALUES (1,1,'all','allow'),(2,2,'all','deny');\n"
            .to_owned();
    for (at, name) in roles.iter().enumerate() {
        writeln!(m1, "INSERT INTO admin_role VALUES ({},0,'G',0,'{name}');", at + 1).unwrap();
    }
    for (at, (user, of)) in users.iter().enumerate() {
        let (id, parent) = (at + 1, role(of));
        writeln!(m1, "INSERT INTO admin_user VALUES ({id},'{user}','{user}@shop.example',1,'2026-11-01 00:00:00','2020-01-01 00:00:00');")
            .unwrap();
        writeln!(m1, "INSERT INTO admin_role VALUES ({},{parent},'U',{id},'{user}');", id + 100).unwrap();
    }
    let m2 = m1
        .replace("admin_role (role_id int,", "authorization_role (user_type text, role_id int,")
        .replace("INTO admin_role VALUES (", "INTO authorization_role VALUES ('2',")
        .replace("admin_rule", "authorization_rule")
        .replace("'all'", "'Magento_Backend::all'");
    let mut both = format!("{OF_BOTH}{OF_MEDIA}");
    for kind in ["category", "product"] {
        for (name, column) in [("text", "text"), ("varchar", "text"), ("datetime", "datetime"), ("int", "int")] {
            writeln!(both, "CREATE TABLE catalog_{kind}_entity_{name} (attribute_id int, store_id int, entity_id int, value {column});").unwrap();
        }
    }
    let both = both.as_str();
    let m1 = m1
        + both
        + &of_sales("sales_flat_")
        + "CREATE TABLE core_store (store_id int, code text, name text, is_active int, website_id int);\n\
           CREATE TABLE core_website (website_id int, code text);\n\
           INSERT INTO core_website VALUES (0,'admin'),(1,'base');\n\
           CREATE TABLE core_layout_link (layout_update_id int, store_id int, package text, theme text);\n\
           CREATE TABLE cron_schedule (job_code text);\n\
           CREATE TABLE api_session (user_id int, logdate timestamp NULL);\n\
           CREATE TABLE sales_flat_order_payment (method text);\n\
           CREATE TABLE sales_recurring_profile (profile_id int, state text);\n\
           CREATE TABLE core_layout_update (layout_update_id int, handle text, xml text);\n\
           INSERT INTO core_layout_update VALUES (1,'default','<reference name=\"left\"/>');\n\
           INSERT INTO cms_page VALUES (1,'home',1,'<reference name=\"left\"><remove name=\"x\"/></reference>','{{widget type=\"cms/widget_block\" block_id=\"1\"}}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);\n\
           CREATE TABLE core_email_template (template_id int, template_code text, template_text text);\n\
           INSERT INTO cms_page_store VALUES (1,0);\n\
           CREATE TABLE widget_instance (instance_id int, instance_type text, title text, store_ids text, package_theme text, widget_parameters text);\n\
           INSERT INTO core_store VALUES (0,'admin','A',1,0),(1,'default','D',1,1);\n\
           INSERT INTO core_layout_link VALUES (1,0,'acme','default');\n\
           INSERT INTO eav_attribute VALUES (71,4,'acme_origin','int','acme_blog/source',NULL,NULL);\n\
           INSERT INTO widget_instance VALUES (1,'cms/widget_block','Promo','0','acme/default',NULL);\n\
           INSERT INTO widget_instance_page VALUES (1,1,'all_pages','default','left',NULL);\n\
           INSERT INTO core_config_data VALUES ('default',0,'design/package/name','acme');\n\
           INSERT INTO design_change VALUES (1,1,'acme/advent','2026-11-01','2026-12-24');\n";
    let m2 = m2
        + both
        + &of_sales("sales_")
        + OF_THE_REST_OF_M2
        + "CREATE TABLE store (store_id int, code text, name text, is_active int, website_id int);\n\
           CREATE TABLE store_website (website_id int, code text);\n\
           INSERT INTO store_website VALUES (0,'admin'),(1,'base');\n\
           CREATE TABLE layout_link (layout_update_id int, store_id int);\n\
           CREATE TABLE layout_update (layout_update_id int, handle text, xml text);\n\
           INSERT INTO layout_update VALUES (1,'default','<body/>');\n\
           INSERT INTO eav_attribute VALUES (31,4,'acme_origin','int','Acme\\\\Blog\\\\Model\\\\Source',NULL,NULL);\n\
           INSERT INTO cms_page VALUES (4,'home',1,'<referenceContainer name=\"sidebar.main\"><referenceBlock name=\"x\" remove=\"true\"/></referenceContainer>','{{widget type=\"Magento\\\\Cms\\\\Block\\\\Widget\\\\Block\" block_id=\"1\"}}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);\n\
           CREATE TABLE email_template (template_id int, template_code text, template_text text);\n\
           INSERT INTO cms_page_store VALUES (4,0);\n\
           CREATE TABLE theme (theme_id int, theme_path text, area text);\n\
           CREATE TABLE widget_instance (instance_id int, instance_type text, title text, store_ids text, theme_id int, widget_parameters text);\n\
           INSERT INTO store VALUES (0,'admin','A',1,0),(1,'default','D',1,1);\n\
           INSERT INTO layout_link VALUES (1,0);\n\
           INSERT INTO theme VALUES (2,'Magento/luma','frontend'),(4,'Acme/shop','frontend');\n\
           INSERT INTO widget_instance VALUES (9,'Magento\\\\Cms\\\\Block\\\\Widget\\\\Block','Promo','0',4,NULL);\n\
           INSERT INTO widget_instance_page VALUES (1,9,'all_pages','default','sidebar.main',NULL);\n\
           INSERT INTO core_config_data VALUES ('default',0,'design/theme/theme_id','4');\n\
           INSERT INTO design_change VALUES (1,1,'4','2026-11-01','2026-12-24');\n";
    // A program that calls by SOAP, and the integration that replaces it.
    let m1 = m1
        + "CREATE TABLE api_user (user_id int, username text, email text, is_active int);\n\
           CREATE TABLE api_role (role_id int, parent_id int, role_type text, user_id int, role_name text);\n\
           CREATE TABLE api_rule (rule_id int, role_id int, resource_id text, api_permission text);\n\
           CREATE TABLE core_resource (code varchar(50), version varchar(50));\n\
           CREATE TABLE admin_assert (assert_id int);\n\
           INSERT INTO api_user VALUES (1,'erp_sync','it@erp.example',1);\n\
           INSERT INTO api_role VALUES (1,0,'G',0,'ERP'),(2,1,'U',1,'ERP');\n\
           INSERT INTO api_rule VALUES (1,1,'cart','deny'),(2,1,'all','allow');\n\
           INSERT INTO core_resource VALUES ('core_setup','1.6.0.2'),('catalog_setup','1.6.0.0.8'),('sales_setup','1.6.0.4'),\
           ('admin_setup','1.6.1.0'),('cms_setup','1.6.0.0'),('customer_setup','1.6.1.0'),('eav_setup','1.6.0.0');\n";
    let m2 = m2
        + "CREATE TABLE integration (integration_id int, name text, email text, status int, consumer_id int, setup_type int);\n\
           CREATE TABLE oauth_consumer (entity_id int, name text);\n\
           CREATE TABLE oauth_token (entity_id int, consumer_id int, admin_id int, customer_id int, type text, revoked int);\n\
           INSERT INTO integration VALUES (7,'ERP order sync','it@erp.example',1,3,0);\n\
           INSERT INTO oauth_consumer VALUES (3,'Integration7');\n\
           INSERT INTO oauth_token VALUES (1,3,NULL,NULL,'access',0),(2,NULL,NULL,9,'access',0);\n\
           INSERT INTO authorization_role VALUES ('1',500,0,'U',7,'17');\n\
           INSERT INTO authorization_rule VALUES (500,500,'Magento_Backend::all','allow');\n";
    sandbox.write(&format!("{name}-m1.sql"), m1);
    sandbox.write(&format!("{name}-m2.sql"), m2);
}

/// Installation folders with an extension that has a successor of the same name.
fn installations(sandbox: &Sandbox) {
    sandbox.media(
        "m1",
        "app/etc/local.xml\ttext\t<config/>\n\
         app/etc/modules/Acme_Blog.xml\ttext\t<config><modules><Acme_Blog><active>true</active><codePool>local</codePool></Acme_Blog></modules></config>\n\
         app/code/local/Acme/Blog/etc/config.xml\ttext\t<config><global><models><acme_blog_resource><entities><post><table>acme_blog_post</table></post></entities></acme_blog_resource></models></global></config>\n\
         app/design/frontend/base/default/layout/page.xml\ttext\t<layout/>\nindex.php\ttext\t<?php\nshell/indexer.php\ttext\t<?php\n",
    );
    sandbox.media(
        "m2",
        "app/etc/env.php\ttext\t<?php return [];\n\
         app/etc/config.php\ttext\t<?php return ['modules' => ['Magento_Store' => 1, 'Magento_Backend' => 1, 'Acme_Blog' => 1]];\n\
         app/design/frontend/Acme/shop/registration.php\ttext\t<?php register('frontend/Acme/shop');\nvendor/autoload.php\ttext\t<?php\n",
    );
}

const OWN: &str = ".htaccess\ttext\town\ncustomer/.htaccess\ttext\town\ndownloadable/.htaccess\ttext\town\n\
    import/.htaccess\ttext\town\ntheme_customization/.htaccess\ttext\town\n";

#[test]
fn where_the_work_was_done_right_nothing_is_found() {
    let sandbox = Sandbox::new();
    dumps(&sandbox, "done", &[("marta", "Administrators"), ("jonas", "Sales & Returns"), ("катя", "Каталог")]);
    let files = "catalog/product/a/b/ab.jpg\tpicture\tx 900\nwysiwyg/größe 100%25.png\tpicture\ty 800\nfavicon/default/f.ico\ttext\tz\n";
    sandbox.media("old", &format!("{files}.htaccess\ttext\told rules\ncatalog/product/cache/1/a.jpg\ttext\tc\n"));
    sandbox.media("new", &format!("{files}{OWN}"));
    installations(&sandbox);
    let run = sandbox.run(
        "audit --m1 m1 --m2 m2 --m1-db done-m1.sql --m2-db done-m2.sql --m1-media old --m2-media new --out report \
         --now 2026-11-22 --fail-on low",
    );
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("PASS Nothing is missing"), "{}", run.out);
    assert_eq!(sandbox.findings("report"), ["media.generated catalog/product/cache info"]);
}

#[test]
fn two_clean_stores_have_no_findings() {
    let sandbox = Sandbox::new();
    dumps(&sandbox, "clean", &[("admin", "Administrators")]);
    sandbox.media("old", ".htaccess\ttext\told rules\ndhl/logo.jpg\tpicture\tl 9166\n");
    sandbox.media("new", &format!("{OWN}dhl/logo.jpg\tpicture\tl 9166\n"));
    installations(&sandbox);
    let run = sandbox.run("audit --m1 m1 --m2 m2 --m1-db clean-m1.sql --m2-db clean-m2.sql --m1-media old --m2-media new --out report --now 2026-11-22 --fail-on info");
    assert_eq!((run.status, sandbox.findings("report")), (0, Vec::new()), "{}", run.out);
}
