//! Whole audits against a server.

use std::path::Path;

use assert_cmd::Command;

use crate::server::{PASSWORD, Server, fixture};

const NOW: &str = "2026-11-22T03:00:00Z";

/// Runs an audit; returns its status, what it printed, and findings.csv.
fn audit(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let out = folder.join("report");
    let output = Command::cargo_bin("magegap")
        .unwrap()
        .current_dir(folder)
        .env("MAGEGAP_M1_DB_PASSWORD", PASSWORD)
        .env("MAGEGAP_M2_DB_PASSWORD", PASSWORD)
        .args(["audit", "--out", "report", "--now", NOW])
        .args(arguments)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let findings = std::fs::read_to_string(out.join("findings.csv")).unwrap_or_default();
    (output.status.code().unwrap(), said, findings)
}

#[test]
fn server_and_dump_give_the_same_findings_byte_for_byte() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    for side in ["m1", "m2"] {
        let dump = fixture(&format!("demo/{side}.sql"));
        server.load(side, &dump);
        std::fs::write(folder.path().join(format!("{side}.sql")), dump).unwrap();
    }
    let only = ["--skip", "media"];
    let (status, said, of_dump) =
        audit(folder.path(), &[&["--m1-db", "m1.sql", "--m2-db", "m2.sql"], &only[..]].concat());
    assert_eq!(status, 1, "{said}");
    let (status, said, of_server) =
        audit(folder.path(), &[&["--m1-db", &server.url("m1"), "--m2-db", &server.url("m2")], &only[..]].concat());
    assert_eq!(status, 1, "{said}");
    let mut reader = csv::Reader::from_reader(of_dump.as_bytes());
    let rules: Vec<String> = reader.records().map(|it| it.unwrap()[1].to_owned()).collect();
    for area in ["admin_users.", "admin_roles.", "api."] {
        assert!(rules.iter().filter(|it| it.starts_with(area)).count() > 5, "{area}");
    }
    assert_eq!(of_server, of_dump);
    let by_socket = format!("mysql://audit@localhost/m1?socket={}", server.socket().display());
    let (_, said, mixed) = audit(folder.path(), &[&["--m1-db", &by_socket, "--m2-db", "m2.sql"], &only[..]].concat());
    assert_eq!(mixed, of_dump, "{said}");
}

/// What the report says of each area: its status, and why.
fn states(folder: &Path) -> Vec<(String, String, String)> {
    let report = std::fs::read_to_string(folder.join("report/findings.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
    let areas = report["areas"].as_array().unwrap().iter();
    areas.map(|it| (text(it, "name"), text(it, "status"), text(it, "reason"))).collect()
}

/// Rule, severity, subject and scope of each finding.
fn keys(findings: &str) -> Vec<[String; 4]> {
    let mut reader = csv::Reader::from_reader(findings.as_bytes());
    reader.records().map(|it| it.unwrap()).map(|it| [1, 3, 7, 8].map(|at| it[at].to_owned())).collect()
}

#[test]
fn an_empty_table_of_a_server_is_believed_and_that_of_a_dump_is_not() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    server.load("m1", fixture("demo/m1.sql"));
    std::fs::write(folder.path().join("m2.sql"), fixture("demo/m2.sql")).unwrap();
    let dump = |name: &str| {
        let mut program = std::process::Command::new("mariadb-dump");
        let program = program.args(["--no-defaults", "-uroot", "-S"]).arg(server.socket());
        let output = program.args(["--skip-ssl", "m1"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(folder.path().join(name), output.stdout).unwrap();
    };
    let said_of = |m1: &[&str]| {
        let (_, said, findings) = audit(folder.path(), &[m1, &["--m2-db", "m2.sql", "--skip", "media"]].concat());
        assert!(!findings.is_empty(), "{said}");
        (states(folder.path()), findings)
    };
    dump("whole.sql");
    let (of_dump, findings) = said_of(&["--m1-db", "whole.sql"]);
    let (of_server, same) = said_of(&["--m1-db", &server.url("m1")]);
    assert_eq!((of_server, same), (of_dump.clone(), findings), "of a whole store both say the same");
    // Cron jobs that were done, or were left out: a dump may have been made without them.
    server.sql("USE m1; DELETE FROM cron_schedule");
    dump("stripped.sql");
    let (of_server, live) = said_of(&["--m1-db", &server.url("m1")]);
    let (of_stripped, same) = said_of(&["--m1-db", "stripped.sql"]);
    // Whether nothing shows that an extension is used is not known of the dump.
    assert_eq!(keys(&same), keys(&live), "the findings are the same");
    let differing: Vec<&str> =
        of_server.iter().zip(&of_stripped).filter(|(one, other)| one != other).map(|(it, _)| it.0.as_str()).collect();
    assert_eq!(differing, ["extensions"], "who reads the table cron_schedule");
    let believed =
        "Magento 1 database: the table cron_schedule has no rows, although its CREATE TABLE says that there were some";
    assert!(of_stripped.iter().filter(|it| it.2.contains(believed)).count() == 1, "{of_stripped:?}");
    assert_eq!(of_server, of_dump);
    // A snapshot keeps which of them was read.
    for (source, states, findings) in [(&*server.url("m1"), &of_server, &live), ("stripped.sql", &of_stripped, &same)] {
        let taken = Command::cargo_bin("magegap")
            .unwrap()
            .current_dir(folder.path())
            .env("MAGEGAP_M1_DB_PASSWORD", PASSWORD)
            .args(["snapshot", "--side", "m1", "--m1-db", source, "--out", "m1.snapshot"])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&taken.stdout).into_owned();
        assert_eq!(told.contains("cron_schedule"), source == "stripped.sql", "{told}");
        assert_eq!(taken.status.code(), Some(if source == "stripped.sql" { 2 } else { 0 }), "{told}");
        let (of_snapshot, found) = said_of(&["--m1-snapshot", "m1.snapshot"]);
        assert_eq!((&of_snapshot, &found), (states, findings), "{source}");
    }
}

/// A dump whose tables have a prefix.
fn prefixed(dump: &str, prefix: &str) -> String {
    let mut text = dump.to_owned();
    for words in [
        "DROP TABLE IF EXISTS `",
        "CREATE TABLE `",
        "LOCK TABLES `",
        "INSERT INTO `",
        "AFTER INSERT ON `",
        "ALTER TABLE `",
    ] {
        text = text.replace(words, &format!("{words}{prefix}"));
    }
    text
}

#[test]
fn a_table_prefix_on_either_side_changes_nothing() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let (m1, m2) = (fixture("demo/m1.sql"), fixture("demo/m2.sql"));
    std::fs::write(folder.path().join("m1.sql"), &m1).unwrap();
    std::fs::write(folder.path().join("m2.sql"), &m2).unwrap();
    std::fs::write(folder.path().join("p1.sql"), prefixed(&m1, "mg_")).unwrap();
    std::fs::write(folder.path().join("p2.sql"), prefixed(&m2, "shop2_")).unwrap();
    server.load("p1", prefixed(&m1, "mg_"));
    server.load("p2", prefixed(&m2, "shop2_"));
    let (_, _, plain) = audit(folder.path(), &["--m1-db", "m1.sql", "--m2-db", "m2.sql", "--skip", "media"]);
    assert!(plain.lines().count() > 30);
    for (m1, m2) in [("p1.sql", "p2.sql"), ("m1.sql", "p2.sql"), (&*server.url("p1"), &*server.url("p2"))] {
        let (_, said, found) = audit(folder.path(), &["--m1-db", m1, "--m2-db", m2, "--skip", "media"]);
        assert_eq!(found, plain, "{m1} {m2}: {said}");
    }
}

/// Magento 2's demo store as an older release would have it: what that release does not have is gone.
fn older(dump: &str, tables: &[&str], columns: &[(&str, &str)]) -> String {
    let mut text = dump.to_owned();
    for table in tables {
        let begin = text.find(&format!("--\n-- Table structure for table `{table}`")).unwrap();
        let end = begin + text[begin..].find("UNLOCK TABLES;\n").unwrap();
        text.replace_range(begin..end, "");
    }
    for (table, column) in columns {
        text = text.replace(
            "UNLOCK TABLES;\n\n/*!40101 SET SQL_MODE=@OLD",
            &format!("UNLOCK TABLES;\nALTER TABLE `{table}` DROP COLUMN `{column}`;\n\n/*!40101 SET SQL_MODE=@OLD"),
        );
    }
    text
}

#[test]
fn older_schemas_of_magento_2_give_the_same_findings_save_where_their_rights_differ() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m1.sql"), fixture("demo/m1.sql")).unwrap();
    let m2 = fixture("demo/m2.sql");
    server.load("m2", &m2);
    server.load("m23", older(&m2, &["jwt_auth_revoked"], &[("oauth_token", "created_at")]));
    server.load(
        "m22",
        older(
            &m2,
            &["jwt_auth_revoked", "patch_list"],
            &[("cms_page", "layout_update_selected"), ("admin_user", "lock_expires")],
        ),
    );
    let of = |database: &str, hint: &str| {
        let (_, said, found) =
            audit(folder.path(), &["--m1-db", "m1.sql", "--m2-db", &server.url(database), "--skip", "media"]);
        let json = std::fs::read_to_string(folder.path().join("report/findings.json")).unwrap();
        assert!(json.contains(hint), "{database}: {said}");
        let mut reader = csv::Reader::from_reader(found.as_bytes());
        let rows = reader.records().map(|it| it.unwrap());
        // Rights are those of the release, so their lists and counts may differ; locks came with 2.1's last releases.
        let lines = rows.map(|it| format!("{} {} {}", &it[1], &it[7], &it[3])).filter(|it| !it.contains("locked"));
        lines.collect::<Vec<_>>()
    };
    let newest = of("m2", "2.4.4 or later");
    assert_eq!(of("m23", "2.3.4 to 2.3.7"), newest);
    assert_eq!(of("m22", "2.0 to 2.2"), newest);
}

#[test]
fn no_secret_is_asked_for_shown_logged_or_left_in_a_temporary_file() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let temporary = folder.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    for side in ["m1", "m2"] {
        let dump = fixture(&format!("demo/{side}.sql"));
        assert!(dump.matches("planted-secret-").count() > 15, "{side}");
        server.load(side, &dump);
        std::fs::write(folder.path().join(format!("{side}.sql")), dump).unwrap();
    }
    server.sql("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1");
    let dumps = ["m1.sql".to_owned(), "m2.sql".to_owned()];
    for [m1, m2] in [dumps, [server.url("m1"), server.url("m2")]] {
        let output = Command::cargo_bin("magegap")
            .unwrap()
            .current_dir(folder.path())
            .env("MAGEGAP_M1_DB_PASSWORD", PASSWORD)
            .env("MAGEGAP_M2_DB_PASSWORD", PASSWORD)
            .env("TMPDIR", &temporary)
            .env("XDG_CACHE_HOME", temporary.join("cache"))
            .args(["audit", "-v", "--out", "report", "--m1-db", &m1, "--m2-db", &m2])
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let mut texts = vec![("the terminal".to_owned(), said)];
        let mut folders = vec![folder.path().join("report"), temporary.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    texts.push((path.display().to_string(), std::fs::read(path).unwrap()));
                }
            }
        }
        assert!(texts.len() > 6, "{texts:?}");
        for (name, text) in texts {
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains("planted-secret") && !text.contains(PASSWORD), "{name} of {m1}");
        }
    }
    let asked = server
        .sql("SELECT argument FROM mysql.general_log WHERE argument LIKE 'SELECT%FROM%' AND user_host LIKE 'audit%'");
    assert!(asked.contains("api_user") && asked.contains("oauth_token"), "{asked}");
    for column in ["password", "api_key", "key", "secret", "token", "rp_token", "verifier", "sessid"] {
        assert!(!asked.contains(&format!("`{column}`")), "{column}: {asked}");
    }
    assert!(!asked.replace("COUNT(*)", "").contains('*'), "{asked}");
}

#[test]
fn an_installation_folder_gives_the_database_and_its_prefix() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    server.load("shop", prefixed(&fixture("demo/m1.sql"), "mg_"));
    let xml = format!(
        "<config><global><resources><db><table_prefix><![CDATA[mg_]]></table_prefix></db><default_setup><connection>\
         <host><![CDATA[127.0.0.1:{}]]></host><username>audit</username><password><![CDATA[{PASSWORD}]]></password>\
         <dbname>shop</dbname></connection></default_setup></resources></global></config>",
        server.port
    );
    let etc = folder.path().join("old/app/etc");
    std::fs::create_dir_all(&etc).unwrap();
    std::fs::write(etc.join("local.xml"), xml).unwrap();
    let (status, said, findings) = audit(folder.path(), &["--m1", "old"]);
    assert_eq!(status, 1, "{said}");
    assert!(findings.contains("admin_users.missing,admin_users,high,open,,certain,marta"), "{said}");
    assert!(said.contains("media        not-checked"), "{said}");
    for entry in ["index.html", "findings.json", "findings.csv"] {
        let text = std::fs::read_to_string(folder.path().join("report").join(entry)).unwrap();
        assert!(!text.contains(PASSWORD) && !text.contains("planted-secret"), "{entry}");
    }
}

#[test]
fn localhost_is_a_socket_as_it_is_to_php() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    server.load("shop", fixture("demo/m1.sql"));
    let etc = folder.path().join("old/app/etc");
    std::fs::create_dir_all(&etc).unwrap();
    let xml = |user: &str| {
        format!(
            "<config><global><resources><default_setup><connection><host>localhost:1</host><username>{user}</username>\
             <password>{PASSWORD}</password><dbname>shop</dbname></connection></default_setup></resources></global></config>"
        )
    };
    let doctor = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("magegap").unwrap();
        command
            .current_dir(folder.path())
            .env("MYSQL_UNIX_PORT", server.socket())
            .env("MAGEGAP_M1_DB_PASSWORD", PASSWORD);
        let output = command.arg("doctor").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    std::fs::write(etc.join("local.xml"), xml("audit")).unwrap();
    let socket = server.socket().display().to_string();
    let in_host = format!("mysql://audit@{}/shop", socket.replace('/', "%2F"));
    for arguments in [["--m1", "old"], ["--m1-db", "mysql://audit@localhost/shop"], ["--m1-db", &in_host]] {
        let said = doctor(&arguments);
        assert!(said.contains("ok    database: MariaDB"), "{arguments:?}: {said}");
    }
    // What else was tried is named with the answer that says most.
    std::fs::write(etc.join("local.xml"), xml("nobody")).unwrap();
    let said = doctor(&["--m1", "old"]);
    assert!(
        said.contains(&format!("cannot connect to the Magento 1 database at {socket}/shop: Access denied")),
        "{said}"
    );
    assert!(said.contains("Tried as well, since PHP takes localhost for a socket: localhost:1/shop ("), "{said}");
}

#[test]
fn swapped_databases_are_noticed() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    server.load("m1", fixture("demo/m1.sql"));
    server.load("m2", fixture("demo/m2.sql"));
    server.sql("CREATE DATABASE nothing");
    let (status, said, _) = audit(folder.path(), &["--m1-db", &server.url("m2"), "--m2-db", &server.url("m1")]);
    assert!(status == 2 && said.contains("swapped"), "{said}");
    let (status, said, _) = audit(folder.path(), &["--m1-db", &server.url("nothing")]);
    assert!(status == 2 && said.contains("no table of a Magento store"), "{said}");
}
