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
    let only = ["--only", "admin_users"];
    let (status, said, of_dump) =
        audit(folder.path(), &[&["--m1-db", "m1.sql", "--m2-db", "m2.sql"], &only[..]].concat());
    assert_eq!(status, 1, "{said}");
    let (status, said, of_server) =
        audit(folder.path(), &[&["--m1-db", &server.url("m1"), "--m2-db", &server.url("m2")], &only[..]].concat());
    assert_eq!(status, 1, "{said}");
    assert!(of_dump.lines().count() > 10);
    assert_eq!(of_server, of_dump);
    let by_socket = format!("mysql://audit@localhost/m1?socket={}", server.socket().display());
    let (_, said, mixed) = audit(folder.path(), &[&["--m1-db", &by_socket, "--m2-db", "m2.sql"], &only[..]].concat());
    assert_eq!(mixed, of_dump, "{said}");
}

#[test]
fn an_installation_folder_gives_the_database_and_its_prefix() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let prefixed = fixture("demo/m1.sql").replace("`admin_", "`mg_admin_").replace("`core_", "`mg_core_");
    server.load("shop", &prefixed);
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
