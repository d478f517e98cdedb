//! Media files, who uses them, and media in the database, with real folders and dumps.

use std::path::Path;

use crate::support::Sandbox;

/// A store with a page that shows files, and a table of an extension; `m1` or `m2` has its own tables besides.
fn dump(content: &str, more: &str) -> String {
    format!(
        "CREATE TABLE core_config_data (scope text, scope_id int, path text, value text);\n\
         INSERT INTO core_config_data VALUES ('default',0,'general/locale/code','en_US');\n\
         CREATE TABLE eav_entity_type (entity_type_id int, entity_type_code text);\n\
         CREATE TABLE eav_attribute (attribute_id int, entity_type_id int, attribute_code text, backend_type text, frontend_input text);\n\
         INSERT INTO eav_entity_type VALUES (4,'catalog_product');\n\
         INSERT INTO eav_attribute VALUES (71,4,'name','varchar','text');\n\
         CREATE TABLE catalog_product_entity (entity_id int, sku text);\n\
         CREATE TABLE cms_page (page_id int, identifier text, is_active int, content text, layout_update_xml text, custom_layout_update_xml text);\n\
         INSERT INTO cms_page VALUES (1,'home',1,'{content}',NULL,NULL);\n{more}"
    )
}

const M1: &str = "CREATE TABLE core_store (store_id int, code text, name text, is_active int);\n\
                  INSERT INTO core_store VALUES (0,'admin','Admin',1),(1,'default','Shop',1);\n\
                  CREATE TABLE core_resource (code text, version text);\n";
const M2: &str = "CREATE TABLE store (store_id int, code text, name text, is_active int);\n\
                  INSERT INTO store VALUES (0,'admin','Admin',1),(1,'default','Shop',1);\n\
                  CREATE TABLE store_website (website_id int, code text);\n";

#[test]
fn a_filter_makes_no_reference_broken() {
    let sandbox = Sandbox::new();
    let text = "{{media url=\"wysiwyg/a.jpg\"}}{{media url=\"promo/b.jpg\"}}";
    sandbox.write("m1.sql", dump(text, M1));
    sandbox.write("m2.sql", dump(text, M2));
    let files = "wysiwyg/a.jpg\ttext\ta\npromo/b.jpg\ttext\tb\n";
    sandbox.media("old", files);
    sandbox.media("new", files);
    for filter in ["exclude = [\"wysiwyg/**\"]", "include = [\"promo/**\"]"] {
        sandbox.write(
            "magegap.toml",
            format!(
                "[m1]\ndb = \"m1.sql\"\nmedia = \"old\"\n[m2]\ndb = \"m2.sql\"\nmedia = \"new\"\n[scan]\n{filter}\n"
            ),
        );
        sandbox.run("audit --config magegap.toml --only media --fail-on never --out report");
        let found = sandbox.findings("report");
        // Magento 2's own files are looked for whatever the filter says.
        assert!(found.contains(&"media.htaccess-missing .htaccess high".to_owned()), "{filter}: {found:?}");
        assert!(!found.iter().any(|it| it.contains("reference") || it.contains(".jpg")), "{filter}: {found:?}");
    }
}

#[test]
fn a_folder_that_is_not_the_media_folder_is_doubted() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", dump("{{media url=\"wysiwyg/a.jpg\"}}", M1));
    sandbox.write("m2.sql", dump("", M2));
    sandbox.media("right", "wysiwyg/a.jpg\ttext\ta\n");
    sandbox.media("wrong", "src/main.c\ttext\tc\n");
    std::fs::create_dir(sandbox.path("unmounted")).unwrap();
    let empty = "media folder is empty: is it the right one, and is it mounted?";
    let foreign = "lies where Magento keeps media (catalog, wysiwyg and so on): is it the right one?";
    for (m1, m2, says) in [
        ("right", "right", None),
        // Nothing is missing of what Magento 1 does not have.
        ("unmounted", "right", Some(format!("media: the Magento 1 {empty}"))),
        ("wrong", "wrong", None),
        ("wrong", "right", Some(format!("media: nothing in the Magento 1 media folder {foreign}"))),
        // Everything is missing of a Magento 2 that does not have it, which is no gap.
        ("right", "unmounted", Some(format!("The Magento 2 {empty}"))),
        ("right", "wrong", Some(format!("Nothing in the Magento 2 media folder {foreign}"))),
    ] {
        let inputs = format!("--m1-db m1.sql --m1-media {m1} --m2-db m2.sql --m2-media {m2}");
        let run = sandbox.run(&format!("audit {inputs} --only media --fail-on never --no-cache --out report"));
        let json = String::from_utf8(sandbox.files("report").remove(Path::new("findings.json")).unwrap()).unwrap();
        let said = run.out + &json;
        assert_eq!(said.contains(empty) || said.contains(foreign), says.is_some(), "{m1} {m2}: {said}");
        let Some(says) = says else { continue };
        assert!(said.contains(&says), "{says}: {said}");
        let doctor = sandbox.run(&format!("doctor {inputs}")).out.to_lowercase();
        assert!(doctor.contains(says.trim_start_matches("media: ").to_lowercase().as_str()), "{m1} {m2}: {doctor}");
    }
}

#[test]
fn what_an_extension_shows_is_used() {
    let sandbox = Sandbox::new();
    let banners = "CREATE TABLE acme_banner (id int, image text, api_key text);\n\
                   INSERT INTO acme_banner VALUES (1,'promo/b.jpg','planted-secret-of-an-extension');\n";
    sandbox.write("m1.sql", dump("", &format!("{M1}{banners}")));
    sandbox.write("m2.sql", dump("", M2));
    sandbox.media("old", "promo/b.jpg\ttext\tb\npromo/c.jpg\ttext\tc\n");
    sandbox.media("new", "x/own\ttext\to\n");
    sandbox.run(
        "audit --m1-db m1.sql --m1-media old --m2-db m2.sql --m2-media new --only media --fail-on never --out report",
    );
    let found = sandbox.findings("report");
    assert!(found.contains(&"media.missing-used promo/b.jpg high".to_owned()), "{found:?}");
    assert!(found.contains(&"media.missing promo/c.jpg medium".to_owned()), "{found:?}");
    let report = sandbox.files("report");
    assert!(!report.values().any(|it| String::from_utf8_lossy(it).contains("planted-secret")));
}

/// A row of the storage: folder, name, content.
fn stored(rows: &[(&str, &str, &str)]) -> String {
    let rows: Vec<String> = (1..)
        .zip(rows)
        .map(|(id, (folder, name, content))| {
            let hex: Vec<String> = content.bytes().map(|it| format!("{it:02x}")).collect();
            let folder = if folder.is_empty() { "NULL".to_owned() } else { format!("'{folder}'") };
            format!("({id},0x{},'{name}',1,{folder})", hex.concat())
        })
        .collect();
    format!(
        "CREATE TABLE core_directory_storage (directory_id int, name text, path text);\n\
         CREATE TABLE core_file_storage (file_id int, content longblob, filename text, directory_id int, directory text);\n\
         INSERT INTO core_file_storage VALUES {};\n\
         INSERT INTO core_config_data VALUES ('default',0,'system/media_storage_configuration/media_storage','1');\n",
        rows.join(",")
    )
}

#[test]
fn the_database_is_compared_with_both_folders() {
    let sandbox = Sandbox::new();
    let rows = stored(&[
        ("", "root.jpg", "root"),
        ("wysiwyg", "same.jpg", "same"),
        ("wysiwyg", "other.jpg", "database"),
        ("wysiwyg", "smile????.jpg", "smile"),
        ("wysiwyg", "only.jpg", "only here"),
        // Another file with its content is no place where it is looked for.
        ("wysiwyg", "moved.jpg", "far"),
        ("wysiwyg/linked", "far.jpg", "far"),
    ]);
    sandbox.write("m1.sql", dump("", &format!("{M1}{rows}")));
    let setting =
        "INSERT INTO core_config_data VALUES ('default',0,'system/media_storage_configuration/media_storage','1');\n";
    sandbox.write("m2.sql", dump("", &format!("{M2}{setting}")));
    sandbox.media(
        "old",
        "root.jpg\ttext\troot\nwysiwyg/same.jpg\ttext\tsame\nwysiwyg/other.jpg\ttext\tfolder\n\
         wysiwyg/smile%F0%9F%98%80.jpg\ttext\tsmile\nwysiwyg/linked\tlink\t../real\nreal/far.jpg\ttext\tfar\n",
    );
    sandbox.media("new", "root.jpg\ttext\troot\n");
    sandbox.run("audit --m1-db m1.sql --m1-media old --m2-db m2.sql --m2-media new --only media_db --fail-on never --out report");
    let found = sandbox.findings("report");
    assert_eq!(
        found,
        [
            "media_db.mode-carried system/media_storage_configuration/media_storage blocker",
            "media_db.lost wysiwyg/linked/far.jpg high",
            "media_db.lost wysiwyg/moved.jpg high",
            "media_db.lost wysiwyg/only.jpg high",
            "media_db.lost wysiwyg/other.jpg high",
            "media_db.disk-differs wysiwyg/other.jpg medium",
            "media_db.not-on-disk wysiwyg/moved.jpg medium",
            "media_db.not-on-disk wysiwyg/only.jpg medium",
            "media_db.not-on-disk wysiwyg/smile????.jpg medium",
            "media_db.not-stored real low",
            "media_db.not-stored wysiwyg low",
            "media_db.in-use system/media_storage_configuration/media_storage info",
        ]
    );
    let csv = String::from_utf8(sandbox.files("report").remove(std::path::Path::new("findings.csv")).unwrap()).unwrap();
    assert!(csv.contains("its content is that of wysiwyg/smile😀.jpg"), "{csv}");
    // In the assessment it is work ahead.
    sandbox.run("audit --m1-db m1.sql --m1-media old --only media_db --fail-on never --out ahead");
    assert!(
        sandbox
            .findings("ahead")
            .contains(&"media_db.in-use system/media_storage_configuration/media_storage high".to_owned())
    );
}

#[test]
fn what_magento_2_serves_from_its_database_is_not_missing() {
    let sandbox = Sandbox::new();
    let text = "{{media url=\"wysiwyg/a.jpg\"}}";
    let rows = stored(&[("wysiwyg", "a.jpg", "aaa")]);
    sandbox.write("m1.sql", dump(text, &format!("{M1}{rows}")));
    let rows = rows
        .replace("core_directory_storage", "media_storage_directory_storage")
        .replace("core_file_storage", "media_storage_file_storage");
    sandbox.write("m2.sql", dump(text, &format!("{M2}{rows}")));
    sandbox.media("old", "wysiwyg/a.jpg\ttext\taaa\n");
    sandbox.media("new", "x/own\ttext\to\n");
    sandbox.run("audit --m1-db m1.sql --m1-media old --m2-db m2.sql --m2-media new --only media,media_db --fail-on never --out report");
    let found = sandbox.findings("report");
    assert!(!found.iter().any(|it| it.contains("a.jpg")), "{found:?}");
    assert!(found.iter().any(|it| it.starts_with("media_db.deprecated ")), "{found:?}");
}

#[test]
fn a_dump_without_the_stored_files_is_not_taken_for_a_store_without_any() {
    let sandbox = Sandbox::new();
    let rows = stored(&[("wysiwyg", "a.jpg", "aaa")]);
    let structure = rows.lines().filter(|it| !it.starts_with("INSERT INTO core_file_storage"));
    let structure: Vec<&str> =
        structure.chain(["INSERT INTO core_directory_storage VALUES (1,'wysiwyg',NULL);"]).collect();
    sandbox.write("m1.sql", dump("", &format!("{M1}{}\n", structure.join("\n"))));
    let run = sandbox.run("audit --m1-db m1.sql --only media_db --fail-on never --out report");
    assert!(run.out.contains("core_file_storage has no rows, as in a dump without them"), "{}{}", run.out, run.err);
    // Without its table, that of the folders tells that it was left out.
    let no_table: Vec<&str> = structure.into_iter().filter(|it| !it.contains("core_file_storage")).collect();
    sandbox.write("m1.sql", dump("", &format!("{M1}{}\n", no_table.join("\n"))));
    let run = sandbox.run("audit --m1-db m1.sql --only media_db --fail-on never --out report");
    assert!(run.out.contains("there is no table core_file_storage"), "{}{}", run.out, run.err);
}
