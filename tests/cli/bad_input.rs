//! What cannot be audited is refused in words that say what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::{NOW, Run, Sandbox, fixture};

fn stores() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    sandbox.write("m2.sql", fixture("demo/m2.sql"));
    sandbox
}

/// Runs an audit that must be refused and must leave nothing behind.
fn refused(sandbox: &Sandbox, arguments: &str) -> String {
    let said = sandbox.run(&format!("audit {arguments} --out report")).refused();
    assert!(!sandbox.path("report").exists(), "a report was written: {said}");
    let strays = fs::read_dir(sandbox.path("."))
        .unwrap()
        .filter(|it| it.as_ref().unwrap().file_name().to_string_lossy().starts_with(".magegap"));
    assert_eq!(strays.count(), 0, "something was left behind");
    said
}

#[test]
fn without_magento_1_there_is_nothing_to_do() {
    let said = refused(&stores(), "--m2-db m2.sql");
    assert!(said.contains("no Magento 1 store was given") && said.contains("--m1-db"), "{said}");
}

#[test]
fn swapped_sides_are_noticed() {
    let said = refused(&stores(), "--m1-db m2.sql --m2-db m1.sql");
    assert!(said.contains("was given as Magento 1, but it is a Magento 2 store: were the sides swapped?"), "{said}");
    let said = refused(&stores(), "--m1-db m2.sql");
    assert!(said.contains("swapped"), "{said}");
    let said = refused(&stores(), "--m1-db m1.sql --m2-db m1.sql");
    assert!(said.contains("was given as Magento 2, but it is a Magento 1 store"), "{said}");
}

#[test]
fn folders_that_are_no_installation_are_refused() {
    let sandbox = stores();
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.write("wordpress/wp-config.php", "<?php");
    sandbox.write("new/app/etc/env.php", "<?php return [];");
    assert!(refused(&sandbox, "--m1 empty").contains("it has none of app/etc/local.xml"));
    assert!(refused(&sandbox, "--m1 wordpress").contains("is not a Magento 1 installation"));
    assert!(refused(&sandbox, "--m1 new").contains("so it is a Magento 2 installation"));
    assert!(refused(&sandbox, "--m1 nowhere").contains("cannot read nowhere"));
    assert!(refused(&sandbox, "--m1-db m1.sql --m2 empty").contains("it has none of app/etc/env.php"));
    assert!(refused(&sandbox, "--m1-media nowhere").contains("does not exist"));
    assert!(refused(&sandbox, "--m1-media m1.sql").contains("is not a folder"));
}

#[test]
fn files_that_are_no_dump_are_refused() {
    let sandbox = stores();
    sandbox.write("letter.sql", "Dear customer,\nthis isn't a dump; it's a letter.\n");
    sandbox.write("empty.sql", "");
    sandbox.write("other.sql", "CREATE TABLE wp_posts (id int);\nINSERT INTO wp_posts VALUES (1);\n");
    sandbox.write("picture.sql.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assert!(
        refused(&sandbox, "--m1-db letter.sql").contains("is not an SQL dump: no CREATE TABLE and no INSERT is in it")
    );
    assert!(refused(&sandbox, "--m1-db empty.sql").contains("is not an SQL dump: it is empty"));
    assert!(refused(&sandbox, "--m1-db other.sql").contains("it has no table of a Magento store"));
    assert!(refused(&sandbox, "--m1-db picture.sql.gz").contains("cannot read the Magento 1 dump picture.sql.gz: "));
    assert!(refused(&sandbox, "--m1-db nowhere.sql").contains("there is no dump nowhere.sql"));
    fs::create_dir(sandbox.path("folder")).unwrap();
    assert!(refused(&sandbox, "--m1-db folder").contains("it is a folder without .sql files"));
    sandbox.write("two/monday.sql", fixture("demo/m1.sql"));
    sandbox.write("two/tuesday.sql", fixture("demo/m1.sql"));
    assert!(refused(&sandbox, "--m1-db two").contains("they are two dumps; name the one that is meant"));
}

#[test]
fn a_dump_cut_anywhere_ends_with_status_2() {
    let sandbox = stores();
    let whole = fixture("demo/m1.sql");
    let mut with_report = 0;
    let places = (0..whole.len() - " on 2026-11-20  3:00:00\n".len()).step_by(397).chain([whole.len() - 25]);
    for end in places.filter(|it| whole.is_char_boundary(*it)) {
        sandbox.write("cut.sql", &whole[..end]);
        let run = sandbox.run(&format!("audit --m1-db cut.sql --m2-db m2.sql --out report --now {NOW}"));
        assert_eq!(run.status, 2, "cut at {end}: {}{}", run.out, run.err);
        assert!(!run.err.contains("panicked"), "cut at {end}: {}", run.err);
        if sandbox.path("report").exists() {
            with_report += 1;
            assert!(run.out.contains("is cut off at byte"), "cut at {end}: {}", run.out);
            // What is not there is not absent: no user of Magento 2 is extra for want of Magento 1's.
            let found = sandbox.findings("report");
            let is_behind = |table: &str| end > whole.find(&format!("ALTER TABLE `{table}` ENABLE KEYS")).unwrap();
            let may_be = |it: &&String| match it.split_once('.').unwrap().0 {
                "api" if it.contains("extra") => is_behind("oauth_consumer"),
                "api" => is_behind("api_user"),
                // Magento 2's own, which is whole.
                "indexes" => true,
                _ => is_behind("admin_user"),
            };
            assert!(found.iter().all(|it| may_be(&it)), "cut at {end}: {found:?}");
            fs::remove_dir_all(sandbox.path("report")).unwrap();
        } else {
            assert!(run.err.contains("cut off") || run.err.contains("not an SQL dump"), "cut at {end}: {}", run.err);
        }
    }
    assert!(with_report > 10, "complete tables before the cut are still reported");
}

/// Runs the program as somebody who may not read everything: root may.
fn run_as_nobody(sandbox: &Sandbox, arguments: &str) -> Run {
    fs::set_permissions(sandbox.path("."), fs::Permissions::from_mode(0o777)).unwrap();
    let program = sandbox.path("magegap");
    fs::copy(assert_cmd::cargo::cargo_bin("magegap"), &program).unwrap();
    let is_root = fs::read_to_string("/proc/self/status").unwrap().contains("Uid:\t0\t");
    let mut command = if is_root { Command::new("setpriv") } else { Command::new(&program) };
    if is_root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
    }
    command.current_dir(sandbox.path(".")).args(arguments.split_whitespace());
    // Another test that starts a program at this moment holds the copy open for a while (ETXTBSY).
    loop {
        let is_busy = match command.output() {
            Err(error) => error.kind() == std::io::ErrorKind::ExecutableFileBusy,
            Ok(output) if String::from_utf8_lossy(&output.stderr).contains("Text file busy") => true,
            Ok(output) => return Run::of(output),
        };
        assert!(is_busy, "the program can be started");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn lock(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
}

#[test]
fn a_folder_without_rights_is_refused() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("locked")).unwrap();
    lock(&sandbox.path("locked"));
    let said = run_as_nobody(&sandbox, "audit --m1-media locked --out report").refused();
    assert!(
        said.contains("cannot read the Magento 1 media folder locked") && said.contains("Permission denied"),
        "{said}"
    );
    assert!(!sandbox.path("report").exists());
    let said = run_as_nobody(&sandbox, "audit --m1 locked --out report").refused();
    assert!(said.contains("cannot read locked") && said.contains("Permission denied"), "{said}");
    fs::create_dir(sandbox.path("place")).unwrap();
    fs::set_permissions(sandbox.path("place"), fs::Permissions::from_mode(0o555)).unwrap();
    let said = run_as_nobody(&sandbox, "demo --out place/report").refused();
    assert!(said.contains("cannot write place/report"), "{said}");
}

#[test]
fn what_cannot_be_read_stops_nothing_and_is_told() {
    let sandbox = Sandbox::new();
    let list = "a.jpg\ttext\ta\nlocked.jpg\ttext\tb\nfolder/c.jpg\ttext\tc\nz.jpg\ttext\tz\n";
    sandbox.media("old", list);
    sandbox.media("new", &list.replace("z.jpg\ttext\tz", "y.jpg\ttext\tother"));
    lock(&sandbox.path("new/locked.jpg"));
    lock(&sandbox.path("new/folder"));
    let run = run_as_nobody(&sandbox, "audit --m1-media old --m2-media new --only media --out report");
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    let found = sandbox.findings("report");
    let found: Vec<&String> = found.iter().filter(|it| !it.contains("htaccess")).collect();
    // Of the file behind the locked folder nobody knows whether it is missing.
    assert_eq!(
        found,
        [
            "media.unreadable folder high",
            "media.unreadable locked.jpg high",
            "media.missing z.jpg medium",
            "media.extra y.jpg info"
        ]
    );
}

#[test]
fn a_broken_configuration_is_named_by_key_and_line_and_never_quoted() {
    let sandbox = stores();
    sandbox.write("magegap.toml", "[m1]\ndb = \"mysql://u:geheim@h/d\"\n[scan]\ntreads = 4\n");
    let said = refused(&sandbox, "--m1-db m1.sql");
    assert!(said.contains("magegap.toml line 4") && said.contains("treads") && !said.contains("geheim"), "{said}");
    sandbox.write("magegap.toml", "m1 = \"mysql://u:geheim@h/d\"\n");
    let said = refused(&sandbox, "--m1-db m1.sql");
    assert!(said.contains("line 1") && !said.contains("geheim"), "{said}");
    sandbox.write("magegap.toml", "[m1]\npassword = \"geheim\"\n");
    let said = refused(&sandbox, "--m1-db m1.sql");
    assert!(said.contains("line 2") && !said.contains("geheim"), "{said}");
}

#[test]
fn a_bad_database_address_is_refused_without_showing_it() {
    let sandbox = stores();
    for address in
        ["mysql://:geheim@h/d", "mysql://u:geheim@h", "postgres://u:geheim@h/d", "mysql://u:geheim@h/d?ssl-mode=x"]
    {
        let said = refused(&sandbox, &format!("--m1-db {address}"));
        assert!(!said.contains("geheim"), "{said}");
    }
}

#[test]
fn a_server_that_does_not_answer_fails_its_area_and_the_others_still_run() {
    let sandbox = stores();
    sandbox.media("media", "a.jpg\ttext\ta\n");
    let run = sandbox.run("audit --m1-db mysql://u:geheim@127.0.0.1:1/shop --m1-media media --out report");
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains("warning: the password in --m1-db can be seen by everybody"), "{}", run.err);
    assert!(run.out.contains("cannot connect to the Magento 1 database at 127.0.0.1:1/shop"), "{}", run.out);
    assert_eq!(sandbox.findings("report"), ["media.missing a.jpg medium"]);
    for (name, bytes) in sandbox.files("report") {
        assert!(!String::from_utf8_lossy(&bytes).contains("geheim"), "{}", name.display());
    }
}

#[test]
fn a_run_that_looked_at_nothing_has_not_passed() {
    let sandbox = stores();
    let dump = fixture("demo/m1.sql");
    let stripped: String = dump
        .split("INSERT INTO `admin_")
        .enumerate()
        .map(|(at, part)| match at {
            0 => part.to_owned(),
            _ => part.split_once(";\n").unwrap().1.to_owned(),
        })
        .collect();
    sandbox.write("stripped.sql", stripped);
    let run = sandbox.run(
        "audit --m1-db stripped.sql --skip media_db,api,layout,widgets,cms_content,design,extensions,retired,indexes,timezone,migration --out report",
    );
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(
        run.out.contains("the tables admin_user, admin_role have no rows, although they had some")
            && run.out.contains("Nothing could be checked"),
        "{}",
        run.out
    );
    // The other areas have been checked, and the run is not whole all the same, unless that is known.
    for (flag, status) in [("", 2), ("--accept-gaps", 0)] {
        let run = sandbox.run(&format!("audit --m1-db stripped.sql --fail-on never {flag} --out report"));
        assert_eq!(run.status, status, "{}", run.out);
        let says = "because the input is not whole: Admin users, Admin roles and rights";
        assert!(run.out.contains(says), "{}", run.out);
        assert_eq!(run.err.contains("--accept-gaps lets it pass"), flag.is_empty(), "{}", run.err);
    }
    fs::create_dir(sandbox.path("unmounted")).unwrap();
    let run = sandbox.run("audit --m1-media unmounted --out report");
    assert!(run.out.contains("is empty: is it the right one, and is it mounted?"), "{}", run.out);
}

#[test]
fn a_dump_is_looked_at_even_if_no_area_asks_for_it() {
    let sandbox = stores();
    sandbox.media("media", "a.jpg\ttext\ta\n");
    assert!(refused(&sandbox, "--m1-db m2.sql --m1-media media --only media").contains("swapped"));
    let whole = fixture("demo/m1.sql");
    sandbox.write("cut.sql", &whole[..whole.len() / 2]);
    let run = sandbox.run("audit --m1-db cut.sql --m1-media media --only media --out report");
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.out.contains("is cut off at byte"), "{}", run.out);
}

#[test]
fn one_bad_input_does_not_hide_the_others() {
    let sandbox = stores();
    sandbox.media("media", "a.jpg\ttext\ta\n");
    sandbox.write("bad.sql.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let run = sandbox.run("audit --m1-db bad.sql.gz --m1-media media --out report");
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert_eq!(sandbox.findings("report"), ["media.missing a.jpg medium"]);
    let run = sandbox.run("audit --m1-db bad.sql.gz --m1-media media --only media --out report");
    assert!(run.status == 2 && run.out.contains("cannot read the Magento 1 dump"), "{}", run.out);
    sandbox.write("new/app/etc/env.php", "<?php return ['db' => ['table_prefix' => '']];");
    fs::create_dir_all(sandbox.path("new/pub")).unwrap();
    std::os::unix::fs::symlink("/nowhere/media", sandbox.path("new/pub/media")).unwrap();
    let run = sandbox.run("audit --m1-media media --m2 new --only media --out report");
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.out.contains("is there, and cannot be opened as a folder"), "{}", run.out);
}

#[test]
fn a_report_does_not_go_where_the_shop_shows_it() {
    let sandbox = stores();
    sandbox.media("media", "a.jpg\ttext\ta\n");
    let said = sandbox.run("audit --m1-db m1.sql --m1-media media --out media/sub/report").refused();
    assert!(said.contains("lies in media, which is audited"), "{said}");
}

#[test]
fn a_pipe_without_a_writer_is_refused_and_not_waited_for() {
    let sandbox = stores();
    assert!(Command::new("mkfifo").arg(sandbox.path("pipe")).status().unwrap().success());
    let said = refused(&sandbox, "--m1-db pipe");
    assert!(said.contains("it is a pipe, and nobody writes into it"), "{said}");
}

#[test]
fn a_folder_with_a_number_and_a_dot_in_its_name_is_audited() {
    let sandbox = Sandbox::new();
    sandbox.write("old/catalog/product/s/e/old_100.d/abc", "x");
    sandbox.write("new/x", "x");
    let run = sandbox.run("audit --m1-media old --m2-media new --fail-on never --out report --quiet");
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(sandbox.findings("report").iter().any(|it| it.contains("catalog/product/s/e/old_100.d/abc")));
}

#[test]
fn a_host_that_gives_no_second_thread_gets_the_same_report() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let program = sandbox.write("program", fs::read(assert_cmd::cargo::cargo_bin!("magegap")).unwrap());
    for path in [sandbox.path("."), program.clone()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let findings = |limit: &str, report: &str| {
        let run = format!(
            "{limit} && exec \"$0\" audit --m1-db m1.sql --m1-media m1-media --m2-db m2.sql --m2-media m2-media \
             --now {NOW} --fail-on never --no-cache --quiet --out {report}"
        );
        let mut command = Command::new("setpriv");
        // Nobody else has this id, so that the limit is this process's alone; threads count as processes.
        command.args(["--reuid", "65432", "--regid", "65432", "--clear-groups", "bash", "-c", &run]).arg(&program);
        let run = Run::of(command.current_dir(sandbox.path(".")).env("HOME", "/").output().unwrap());
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
        sandbox.findings(report)
    };
    let usual = findings("true", "usual");
    // Threads are not wanted all at once: each of them may be the first that is not given.
    for threads in 1..=8 {
        assert_eq!(findings(&format!("ulimit -u {threads}"), &format!("with-{threads}")), usual, "{threads}");
    }
}
