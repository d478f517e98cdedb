//! Options, help and the smaller commands.

use std::path::Path;

use crate::support::{NOW, Sandbox, fixture};

#[test]
fn help_shows_examples_and_exit_statuses() {
    let run = Sandbox::new().run("audit --help");
    assert_eq!(run.status, 0);
    for text in ["Examples:", "--m1-db <SRC>", "--fail-on <SEVERITY>", "Exit status: 0"] {
        assert!(run.out.contains(text), "{text} is not in {}", run.out);
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let sandbox = Sandbox::new();
    let list = sandbox.run("rules").out;
    assert!(list.lines().any(|it| it.starts_with("admin_users.more-rights") && it.contains("blocker")), "{list}");
    assert!(sandbox.run("rules media").out.lines().all(|it| it.starts_with("media.")));
    let one = sandbox.run("rules media.moved").out;
    for heading in ["What it means", "Why it matters", "How it is detected", "What to do", "Source"] {
        assert!(one.contains(heading), "{one}");
    }
    assert!(sandbox.run("rules media.nonsense").refused().contains("there is no rule or area `media.nonsense`"));
}

#[test]
fn the_rules_page_is_what_the_constants_say() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let expected = magegap::commands::rules::documentation();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == expected, "run with UPDATE=1 to write docs/rules.md anew");
}

#[test]
fn what_each_area_needs_is_documented() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/needs.md");
    let expected = magegap::commands::needs::documentation();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == expected, "run with UPDATE=1 to write docs/needs.md anew");
}

#[test]
fn completions_and_manual_pages_are_made() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run("completions bash").out.contains("_magegap"));
    assert!(sandbox.run("man").out.contains(".TH magegap"));
    assert!(sandbox.run("man audit").out.contains("m1\\-db"));
    assert!(sandbox.run("man nonsense").refused().contains("no command"));
}

#[test]
fn areas_that_do_not_exist_are_refused() {
    let said = Sandbox::new().run("demo --only medai").refused();
    assert!(
        said.contains(
            "there is no area `medai`; there are media, media_db, admin_users, admin_roles, api, layout, widgets, cms_content, design, extensions, retired, indexes, timezone, migration"
        ),
        "{said}"
    );
    assert!(Sandbox::new().run("demo --only media --skip media").refused().contains("both"));
}

#[test]
fn an_area_that_is_named_must_be_checked() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.write("m2.sql", fixture("demo/m2.sql"));
    let run = sandbox.run("audit --m1-db m1.sql --m2-db m2.sql --only media --out report");
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.out.contains("no Magento 1 media folder was given"), "{}", run.out);
    // Not named, it is just not checked.
    let run = sandbox.run("audit --m1-db m1.sql --m2-db m2.sql --out report --fail-on never");
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(run.out.contains("media        not-checked"), "{}", run.out);
}

#[test]
fn the_gate_decides_the_status() {
    let sandbox = Sandbox::new();
    for (limit, status) in [("blocker", 1), ("high", 1), ("info", 1), ("never", 0)] {
        assert_eq!(sandbox.run(&format!("demo --out report --fail-on {limit}")).status, status, "{limit}");
    }
    assert_eq!(sandbox.run("demo --out report").status, 0, "a demo has done what it should");
    sandbox.media("media", "a.jpg\ttext\ta\n");
    assert_eq!(sandbox.run("audit --m1-media media --out report").status, 0, "medium is below high");
    assert_eq!(sandbox.run("audit --m1-media media --out report --fail-on medium").status, 1);
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let sandbox = Sandbox::new();
    assert!(!sandbox.run("demo --out report").out.contains('\u{1b}'));
    assert!(sandbox.run("demo --out report --color always").out.contains("\u{1b}[1m"));
    assert_eq!(sandbox.run("demo --out report -q").out, "");
}

#[test]
fn a_table_prefix_is_found_or_given_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let prefixed = |name: &str| {
        fixture(name)
            .replace("TABLE IF EXISTS `", "TABLE IF EXISTS `mg_")
            .replace("CREATE TABLE `", "CREATE TABLE `mg_")
            .replace("INSERT INTO `", "INSERT INTO `mg_")
            .replace("AFTER INSERT ON `", "AFTER INSERT ON `mg_")
    };
    for (name, text) in [("m1.sql", fixture("demo/m1.sql")), ("m2.sql", fixture("demo/m2.sql"))] {
        sandbox.write(name, text);
        sandbox.write(&format!("p-{name}"), prefixed(&format!("demo/{name}")));
    }
    sandbox.run(&format!("audit --m1-db m1.sql --m2-db m2.sql --out plain --now {NOW}"));
    sandbox.run(&format!("audit --m1-db p-m1.sql --m2-db p-m2.sql --out found --now {NOW}"));
    sandbox.run(&format!(
        "audit --m1-db p-m1.sql --m1-prefix mg_ --m2-db p-m2.sql --m2-prefix mg_ --out given --now {NOW}"
    ));
    let plain = sandbox.findings("plain");
    assert!(plain.len() > 10);
    assert_eq!(sandbox.findings("found"), plain);
    assert_eq!(sandbox.findings("given"), plain);
    let said = sandbox.run("audit --m1-db p-m1.sql --m1-prefix xx_ --out other").refused();
    assert!(said.contains("with the prefix `xx_`; there are tables with the prefix `mg_`"), "{said}");
}

#[test]
fn the_configuration_file_gives_sides_matches_and_limits() {
    let sandbox = Sandbox::new();
    sandbox.write("stores/m1.sql", fixture("demo/m1.sql"));
    sandbox.write("stores/m2.sql", fixture("demo/m2.sql"));
    sandbox.write(
        "stores/audit.toml",
        "[m1]\ndb = \"m1.sql\"\n[m2]\ndb = \"m2.sql\"\n[match.users]\n\"=1+1\" = \"deploybot\"\n[limits]\nstale_days = 100000\n[report]\ntitle = \"T <i>\"\n",
    );
    let run = sandbox.run("audit --config stores/audit.toml --out report");
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    let found = sandbox.findings("report");
    assert!(
        !found.iter().any(|it| it.contains("admin_users.missing '=1+1") || it.contains("admin_users.extra")),
        "{found:?}"
    );
    assert!(!found.iter().any(|it| it.starts_with("admin_users.stale a")), "{found:?}");
    let page = String::from_utf8(sandbox.files("report").remove(std::path::Path::new("index.html")).unwrap()).unwrap();
    assert!(page.contains("<h1>T &lt;i&gt;</h1>"));
}

#[test]
fn a_configuration_file_nearby_does_not_mix_with_what_was_typed() {
    let sandbox = Sandbox::new();
    sandbox.write("magegap.toml", "[m1]\ndatabase = \"shop\"\nprefix = \"xx_\"\npassword_file = \"nowhere\"\n");
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    assert_eq!(sandbox.run("audit --m1-db m1.sql --out report").status, 1);
    assert_eq!(sandbox.run("demo --out demo").status, 0);
}

#[test]
fn the_doctor_tells_what_can_be_read() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.media("media", "a.jpg\ttext\ta\n");
    let run = sandbox.run("doctor --m1-db m1.sql --m1-media media -v");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    for text in [
        "ok    admin_user: 12 rows",
        "ok    media folder: media",
        "note  extensions will be checked in part: no Magento 1 installation folder was given: modules are known by",
        "(add --m1 ROOT)",
        "not given: the audit will be an assessment",
        "\nReady in part\n",
    ] {
        assert!(run.out.contains(text), "{text} is not in {}", run.out);
    }
    assert!(!sandbox.run("doctor --m1-db m1.sql").out.contains("admin_user: 12 rows"), "tables are shown with -v only");
    let run = sandbox.run("doctor --m1-db mysql://u@127.0.0.1:1/d");
    assert_eq!(run.status, 2);
    assert_eq!(run.out.matches("cannot connect").count(), 1, "{}", run.out);
    assert!(run.out.contains("FLAW  cannot connect") && run.out.ends_with("\nNot ready\n"), "{}", run.out);
}

#[test]
fn the_doctor_says_what_the_audit_will_say() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.write("m2.sql", fixture("demo/m2.sql"));
    sandbox.write("stripped.sql", fixture("demo/m2.sql").replace("INSERT INTO `theme`", "-- INSERT INTO `theme`"));
    let all =
        "media_db, admin_users, admin_roles, api, layout, widgets, cms_content, retired, indexes, timezone, migration";
    let run = sandbox.run("doctor --m2-db m2.sql");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("Areas, as far as Magento 2 goes") && run.out.contains(all), "{}", run.out);
    for (m2, status) in [("m2.sql", 0), ("stripped.sql", 2)] {
        let doctor = sandbox.run(&format!("doctor --m1-db m1.sql --m2-db {m2}"));
        assert_eq!(doctor.status, status, "{}{}", doctor.out, doctor.err);
        sandbox.run(&format!("audit --m1-db m1.sql --m2-db {m2} --fail-on never --no-cache --out report"));
        let report = String::from_utf8(sandbox.files("report").remove(Path::new("findings.json")).unwrap()).unwrap();
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        for area in report["areas"].as_array().unwrap() {
            let name = area["name"].as_str().unwrap();
            let said = match area["status"].as_str().unwrap() {
                "checked" => "will be checked",
                "partial" => "will be checked in part",
                _ => "will not be checked",
            };
            let areas = doctor.out.split_once("Areas\n").unwrap().1;
            let line = areas.lines().find(|it| it.split([' ', ',']).any(|word| word == name)).unwrap();
            let is_it = line.contains(&format!("{said}:")) || line.ends_with(said);
            assert!(is_it, "{name}: {} and {line}", area["status"]);
        }
    }
}

#[test]
fn each_cause_is_told_once_and_no_sum_is_made_of_what_nobody_measured() {
    let sandbox = Sandbox::new();
    sandbox.media("old", "a.jpg\ttext\ta\n");
    let run = sandbox
        .run("audit --m1-db mysql://u@127.0.0.1:1/d --m1-media old --m2-db mysql://u@127.0.0.1:1/e --out report");
    assert_eq!(run.status, 2);
    assert_eq!(run.out.matches("cannot connect").count(), 2, "{}", run.out);
    assert!(run.out.contains("all areas: cannot connect to the Magento 1 database"), "{}", run.out);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    let page = String::from_utf8(sandbox.files("report").remove(Path::new("index.html")).unwrap()).unwrap();
    let foot = page.split("<tfoot>").nth(1).unwrap().split("</tfoot>").next().unwrap();
    assert!(foot.contains(">?<") && !foot.contains(">0<"), "{foot}");
}

#[test]
fn one_media_folder_for_both_sides_is_said_and_a_shop_in_its_place_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.media("media", "a.jpg\ttext\ta\n");
    let run =
        sandbox.run("audit --m1-media media --m2-media media --only media --fail-on never --no-cache --out report");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.err.contains("media is the media folder of both sides"), "{}", run.err);
    sandbox.media("shop", "app/Mage.php\ttext\t<?php\nmedia/a.jpg\ttext\ta\n");
    sandbox.media("web", "index.php\ttext\t<?php\nmedia/a.jpg\ttext\ta\n");
    for folder in ["shop", "web"] {
        let run = sandbox.run(&format!("audit --m1-media {folder} --out refused"));
        assert_eq!(run.status, 2, "{}{}", run.out, run.err);
        let says = format!("is the folder of the shop itself: its media folder is {folder}/media");
        assert!(run.err.contains(&says), "{}", run.err);
    }
}

#[test]
fn code_that_cannot_be_read_is_no_code_that_is_not_there() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.media(
        "m1",
        "app/etc/local.xml\ttext\t<config/>\napp/etc/modules/Acme_Blog.xml\tlink\tAcme_Blog.xml\n\
         app/code/core/x.php\ttext\t<?php\n",
    );
    let run = sandbox.run("audit --m1 m1 --m1-db m1.sql --only extensions --fail-on never --out report");
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.out.contains("Magento 1 installation: app/etc/modules/Acme_Blog.xml cannot be read"), "{}", run.out);
    let run = sandbox.run("audit --m1 m1 --m1-db m1.sql --only extensions --fail-on never --accept-gaps --out report");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
}

#[test]
fn a_checkout_and_a_dump_are_a_store() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    let code = "app/etc/modules/Acme_Blog.xml\ttext\t<config><modules><Acme_Blog><active>true</active>\
                <codePool>local</codePool></Acme_Blog></modules></config>\n\
                app/code/local/Acme/Blog/etc/config.xml\ttext\t<config/>\n";
    sandbox.media("checkout", &format!("app/Mage.php\ttext\t<?php\n{code}"));
    let module = "extensions.missing module:Acme_Blog medium".to_owned();
    let run =
        sandbox.run("audit --m1 checkout --m1-db m1.sql --only extensions,admin_users --fail-on never --out report");
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let found = sandbox.findings("report");
    assert!(found.contains(&module) && found.iter().any(|it| it.starts_with("admin_users.missing")), "{found:?}");
    // Without a database the code is audited all the same, whether none is known or none answers.
    let run = sandbox.run("doctor --m1 checkout");
    assert!(run.out.contains("its database is not known (give it with --m1-db)"), "{}", run.out);
    assert!(run.out.contains("extensions will be checked in part"), "{}", run.out);
    let settings = "app/etc/local.xml\ttext\t<config><global><resources><default_setup><connection><host>127.0.0.1:1</host>\
                    <username>u</username><dbname>d</dbname></connection></default_setup></resources></global></config>\n";
    sandbox.media("installed", &format!("{settings}{code}"));
    for (folder, status) in [("checkout", 0), ("installed", 2)] {
        let run = sandbox.run(&format!("audit --m1 {folder} --fail-on never --no-cache --out report"));
        assert_eq!(run.status, status, "{}{}", run.out, run.err);
        assert!(sandbox.findings("report").contains(&module), "{folder}: {}", run.out);
    }
}

#[test]
fn a_doctor_takes_a_side_or_both() {
    assert_eq!(Sandbox::new().run("doctor").status, 2);
}

#[test]
fn media_can_be_included_and_excluded_by_pattern() {
    let sandbox = Sandbox::new();
    sandbox.media("media", "import/a.csv\ttext\ta\nwysiwyg/b.jpg\ttext\tb\ncss/c.css\ttext\tc\n");
    let missing = |configuration: &str, options: &str| {
        sandbox.write("magegap.toml", configuration);
        sandbox.run(&format!("audit --m1-media media --only media --out report {options}"));
        sandbox.findings("report").into_iter().filter(|it| it.contains(".missing")).collect::<Vec<_>>()
    };
    assert_eq!(missing("[scan]\nexclude = [\"import/**\"]\n", ""), ["media.missing wysiwyg/b.jpg medium"]);
    assert_eq!(missing("[scan]\ninclude = [\"import/**\"]\n", ""), ["media.missing import/a.csv medium"]);
    assert_eq!(missing("[scan]\nexclude = [\"import/\"]\n", ""), ["media.missing wysiwyg/b.jpg medium"]);
    assert_eq!(missing("", "--include-generated").len(), 3);
    assert_eq!(missing("[scan]\ninclude = [\"import/\"]\n", ""), ["media.missing import/a.csv medium"]);
    // What is left out is said, and Magento 2's own files are still seen.
    sandbox.media("new", "import/.htaccess\ttext\tx\n.htaccess\ttext\tx\ncustomer\tlink\t/srv/customer\n");
    sandbox.write("magegap.toml", "[scan]\nexclude = [\"import/**\"]\n");
    let run = sandbox.run("audit --m1-media media --m2-media new --out report");
    assert!(run.out.contains("[scan] leaves media files out: exclude = import/**"), "{}", run.out);
    let gone: Vec<String> = sandbox.findings("report").into_iter().filter(|it| it.contains("htaccess")).collect();
    assert_eq!(
        gone,
        ["downloadable", "theme_customization"].map(|it| format!("media.htaccess-missing {it}/.htaccess high"))
    );
}

#[test]
fn the_environment_of_commerce_cloud_tells_the_database_that_the_files_do_not() {
    use base64::Engine as _;
    let sandbox = Sandbox::new();
    let json = r#"{"database":[{"host":"127.0.0.1","port":1,"path":"main","username":"user","password":"geheim"}]}"#;
    let value = base64::engine::general_purpose::STANDARD.encode(json);
    sandbox.write("new/composer.json", r#"{"require":{"magento/magento-cloud-metapackage":">=2.4.6 <2.4.7"}}"#);
    let computed = "<?php return ['db' => ['connection' => ['default' => json_decode(getenv('DB'))]]];";
    for env in [None, Some(computed)] {
        env.map(|it| sandbox.write("new/app/etc/env.php", it));
        let run = sandbox.run_with(&["doctor", "--m2", "new"], &[("MAGENTO_CLOUD_RELATIONSHIPS", &value)]);
        assert!(run.out.contains("cannot connect to the Magento 2 database at 127.0.0.1:1/main"), "{}", run.out);
        assert!(run.out.contains("version: 2.4.6 or later, Commerce") && !run.out.contains("geheim"), "{}", run.out);
    }
}
