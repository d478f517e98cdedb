//! What goes wrong with a server is told, and never looks like an empty store.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use magegap::pair::Side;
use magegap::source::server::{Address, Server as Live, Tls};
use magegap::source::tables::{Read, ReadError, Tables};
use secrecy::SecretString;

use crate::server::{Server, fixture};

const USERS: Read = Read::table("admin_user").columns(&["user_id", "username"]);

fn refusal(address: &Address) -> String {
    Live::open(address, Side::M1).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_refused_connection_says_whose_and_what_to_do() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    let wrong = Address { password: Some(SecretString::from("geheim")), ..server.address("m1") };
    let said = refusal(&wrong);
    assert!(said.contains("Magento 1 database at 127.0.0.1") && said.contains("MAGEGAP_M1_DB_PASSWORD"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
    let said = refusal(&server.address("nowhere"));
    assert!(said.contains("Unknown database") && said.contains("Check the name of the database"), "{said}");
    let said = refusal(&Address { tls: Tls::Required, ..server.address("m1") });
    assert!(said.contains("TLS"), "{said}");
    server.sql("CREATE USER blind@'%' IDENTIFIED BY 'x'");
    let said =
        refusal(&Address { user: "blind".to_owned(), password: Some(SecretString::from("x")), ..server.address("m1") });
    assert!(said.contains("GRANT SELECT"), "{said}");
}

#[test]
fn a_login_that_is_not_known_here_and_an_authority_that_is_not_there_are_named() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server.sql("INSTALL SONAME 'auth_ed25519'; CREATE USER ed@'%' IDENTIFIED VIA ed25519 USING PASSWORD('x')");
    let of_user = Address { user: "ed".to_owned(), password: Some(SecretString::from("x")), ..server.address("m1") };
    let said = refusal(&of_user);
    assert!(said.contains("this user logs in by client_ed25519, which is not known here"), "{said}");
    let said = refusal(&Address { tls: Tls::VerifyCa, tls_ca: Some("/nowhere.pem".into()), ..server.address("m1") });
    assert!(said.contains("the authority /nowhere.pem (ssl-ca) cannot be read"), "{said}");
}

#[test]
fn a_port_where_no_server_or_another_one_listens_is_told() {
    let server = Server::start();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut address = Address { port: silent.local_addr().unwrap().port(), ..server.address("m1") };
    address.limits.connect = Duration::from_millis(400);
    let begun = Instant::now();
    assert!(refusal(&address).contains("did not answer"), "{}", refusal(&address));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let web = TcpListener::bind("127.0.0.1:0").unwrap();
    address.port = web.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for connection in web.incoming().take(2) {
            let _ = connection.and_then(|mut it| it.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\nnot for you"));
        }
    });
    let said = refusal(&address);
    assert!(said.contains("is not a MySQL or MariaDB server"), "{said}");
}

#[test]
fn a_missing_grant_is_no_missing_table() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server.sql("CREATE USER some@'%' IDENTIFIED BY 'x'; GRANT SELECT ON m1.admin_role TO some@'%'");
    let address = Address { user: "some".to_owned(), password: Some(SecretString::from("x")), ..server.address("m1") };
    let mut live = Live::open(&address, Side::M1).unwrap();
    let outcome = live.read(&[USERS], &mut |_, _| panic!("no row may be seen")).pop().unwrap();
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains("GRANT SELECT ON `m1`.`admin_user`"), "{said}");
}

#[test]
fn a_user_who_may_read_some_columns_is_enough() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server.sql("CREATE USER least@'%' IDENTIFIED BY 'x'; GRANT SELECT (user_id, username) ON m1.admin_user TO least@'%'; GRANT SELECT ON m1.admin_role TO least@'%'");
    let address = Address { user: "least".to_owned(), password: Some(SecretString::from("x")), ..server.address("m1") };
    let mut live = Live::open(&address, Side::M1).unwrap();
    let mut count = 0;
    assert_eq!(live.read(&[USERS], &mut |_, _| count += 1), [Ok(())]);
    assert_eq!(count, 12);
}

#[test]
fn a_column_that_the_user_may_not_read_is_not_one_that_is_not_there() {
    const LOCKS: Read = Read::table("admin_user").columns(&["user_id"]).optional(&["logdate", "lock_expires"]);
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server
        .sql("CREATE USER least@'%' IDENTIFIED BY 'x'; GRANT SELECT (user_id, username) ON m1.admin_user TO least@'%'");
    let address = Address { user: "least".to_owned(), password: Some(SecretString::from("x")), ..server.address("m1") };
    let mut live = Live::open(&address, Side::M1).unwrap();
    // Magento 1 has no column lock_expires: that one is not hidden.
    let outcome = live.read(&[LOCKS], &mut |_, _| panic!("no row may be seen")).pop().unwrap();
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains("may not read the column logdate of the table admin_user"), "{said}");
    assert!(said.ends_with("GRANT SELECT (`logdate`) ON `m1`.`admin_user` TO that user"), "{said}");
}

#[test]
fn a_view_in_the_place_of_a_table_is_read_and_is_no_table_of_the_store() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server.sql(
        "USE m1; RENAME TABLE admin_user TO real_user; \
         CREATE VIEW admin_user AS SELECT user_id, username, email, is_active FROM real_user; CREATE VIEW of_nobody AS SELECT 1 AS one",
    );
    let mut live = Live::open(&server.address("m1"), Side::M1).unwrap();
    let mut count = 0;
    assert_eq!(live.read(&[USERS], &mut |_, _| count += 1), [Ok(())]);
    assert_eq!(count, 12);
    assert!(!live.schema().table_names().any(|it| it == "admin_user" || it == "of_nobody"));
    // A database of views alone, whose tables are in another one.
    server.sql("CREATE DATABASE audited");
    let tables = server.sql(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'm1' AND TABLE_TYPE = 'BASE TABLE'",
    );
    for table in tables.lines() {
        server.sql(&format!("CREATE VIEW audited.`{table}` AS SELECT * FROM m1.`{table}`"));
    }
    let live = Live::open(&server.address("audited"), Side::M1).unwrap();
    assert!(live.schema().table_names().any(|it| it == "core_store"));
}

#[test]
fn a_server_that_dies_half_way_fails_what_it_did_not_give() {
    let mut server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    let mut live = Live::open(&server.address("m1"), Side::M1).unwrap();
    server.kill();
    let outcomes = live.read(&[USERS, USERS], &mut |_, _| {});
    for outcome in outcomes {
        let Err(ReadError::Failed { table, cause }) = outcome else { panic!("a dead server gave an answer") };
        assert_eq!(table, "admin_user");
        assert!(!cause.is_empty());
    }
}

#[test]
fn no_setting_of_a_server_leaves_rows_out_or_ends_an_idle_connection() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server
        .sql("SET GLOBAL sql_select_limit=3, GLOBAL wait_timeout=1, GLOBAL max_join_size=2, GLOBAL sql_big_selects=0");
    let mut live = Live::open(&server.address("m1"), Side::M1).unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    let mut count = 0;
    assert_eq!(live.read(&[USERS], &mut |_, _| count += 1), [Ok(())]);
    assert_eq!(count, 12);
}

#[test]
fn one_moment_is_seen_and_nothing_can_be_written() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    server.sql("GRANT ALL ON *.* TO audit@'%'");
    let mut live = Live::open(&server.address("m1"), Side::M1).unwrap();
    server.sql("USE m1; DELETE FROM admin_user WHERE user_id > 3");
    let mut count = 0;
    live.read(&[USERS], &mut |_, _| count += 1);
    assert_eq!(count, 12, "the snapshot is of the moment of connecting");
    let is_read_only = server.sql("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_is_read_only = 1");
    assert_eq!(is_read_only, "1", "the transaction of the audit is read-only");
}
