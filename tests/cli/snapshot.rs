//! Snapshots: a store that is carried over in a file gives what the store itself gives.

use std::fs;
use std::io::{Read, Write};

use crate::support::{NOW, Sandbox, fixture};

const M1: &str = "--m1 m1-root --m1-db m1.sql --m1-media m1-media";
const M2: &str = "--m2 m2-root --m2-db m2.sql --m2-media m2-media";

fn audit(sandbox: &Sandbox, sides: &str, out: &str) -> String {
    let run = sandbox.run(&format!("audit {sides} --fail-on never --now {NOW} --out {out}"));
    assert_eq!(run.status, 0, "{}", run.err);
    fs::read_to_string(sandbox.path(out).join("findings.csv")).unwrap()
}

fn taken() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    for (side, source) in [("m1", M1), ("m2", M2)] {
        let run = sandbox.run(&format!("snapshot --side {side} {source} --now {NOW} --out {side}.snapshot"));
        assert_eq!(run.status, 0, "{}", run.err);
    }
    sandbox
}

#[test]
fn stores_and_snapshots_of_them_give_the_same_findings() {
    let sandbox = taken();
    let live = audit(&sandbox, &format!("{M1} {M2}"), "live");
    assert!(live.len() > 10_000);
    let same = |sides: &str, out: &str| {
        let found = audit(&sandbox, sides, out);
        assert!(found == live, "{}", similar::TextDiff::from_lines(live.as_str(), &found).unified_diff());
    };
    same("--m1-snapshot m1.snapshot --m2-snapshot m2.snapshot", "both");
    same(&format!("--m1-snapshot m1.snapshot {M2}"), "old");
    same(&format!("{M1} --m2-snapshot m2.snapshot"), "new");
    let ahead = audit(&sandbox, M1, "ahead");
    let found = audit(&sandbox, "--m1-snapshot m1.snapshot", "ahead");
    assert!(found == ahead, "{}", similar::TextDiff::from_lines(ahead.as_str(), &found).unified_diff());
    // Not only the findings: figures, tables and cards as well, but for the names of the inputs.
    let area = |out: &str| {
        let text = fs::read_to_string(sandbox.path(out).join("findings.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["areas"].as_array().unwrap()[1..].to_vec()
    };
    assert_eq!(area("both"), area("live"));
}

#[test]
fn a_snapshot_holds_no_secret_and_only_its_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = taken();
    for name in ["m1.snapshot", "m2.snapshot"] {
        let path = sandbox.path(name);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(memchr::memmem::find(&bytes, b"planted-secret-"), None, "{name}");
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_snapshot_says_what_was_not_read() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let run = sandbox.run("snapshot --side m1 --m1-media m1-media --out m1.snapshot");
    assert_eq!(run.status, 0, "{}", run.err);
    let words = "Not in it: store views, admin users and roles, ";
    assert!(
        run.out.contains(words) && run.out.matches("since no Magento 1 database was given").count() == 1,
        "{}",
        run.out
    );
    let run = sandbox.run("audit --m1-snapshot m1.snapshot --m2-media m2-media --out report --fail-on never --verbose");
    assert_eq!(run.status, 0, "{}", run.err);
    let found = sandbox.findings("report");
    assert!(found.iter().all(|it| it.starts_with("media.")), "{found:?}");
    // What was given and could not be read is a failure, then and later.
    let dump = fs::read(sandbox.path("m1.sql")).unwrap();
    sandbox.write("cut.sql", &dump[..dump.len() / 2]);
    let run = sandbox.run("snapshot --side m1 --m1-db cut.sql --out cut.snapshot");
    assert_eq!(run.status, 2, "{}", run.out);
    assert_eq!(sandbox.run("audit --m1-snapshot cut.snapshot --out report2 --fail-on never").status, 2);
}

#[test]
fn a_newer_a_broken_and_a_foreign_snapshot_are_refused() {
    let sandbox = taken();
    let refused = |name: &str| {
        let run = sandbox.run(&format!("audit --m1-snapshot {name} --out report"));
        assert!(!sandbox.path("report").exists());
        run.refused()
    };
    assert!(refused("m2.snapshot").contains("were the sides swapped?"));
    assert!(refused("nowhere").contains("there is no snapshot nowhere"));
    assert!(refused("m1.sql").contains("is no snapshot of magegap"));
    let whole = fs::read(sandbox.path("m1.snapshot")).unwrap();
    for end in [0, 300, whole.len() / 2, whole.len() - 2048] {
        sandbox.write("cut", &whole[..end]);
        let said = refused("cut");
        assert!(said.contains("cannot use cut as a snapshot"), "{said}");
    }
    let hash = memchr::memmem::find(&whole, b"PAR1").unwrap() + 5000;
    let mut damaged = whole;
    damaged[hash] ^= 0xFF;
    sandbox.write("damaged", &damaged);
    assert!(refused("damaged").contains("is damaged"));
    // A newer one is whole, and says what it is.
    let mut newer = tar::Builder::new(Vec::new());
    let facts = r#"{"schema":"magegap.snapshot/2","tool":"9.0.0","all":"else"}"#;
    let sums = format!("{}  facts.json\n", blake3::hash(facts.as_bytes()));
    for (name, text) in [("facts.json", facts), ("B3SUMS", &sums)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        newer.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    sandbox.write("newer", newer.into_inner().unwrap());
    let said = refused("newer");
    assert!(said.contains("was taken by magegap 9.0.0") && said.contains("use the newer program"), "{said}");
}

#[test]
fn a_snapshot_of_more_or_less_than_is_asked_for_makes_no_finding() {
    let sandbox = Sandbox::new();
    let list = "wysiwyg/a.jpg\ttext\ta\nimport/b.csv\ttext\tb\ncatalog/product/cache/c.jpg\ttext\tc\n\
                import/link\tlink\t../wysiwyg/a.jpg\n";
    sandbox.media("old", list);
    sandbox.media("new", &list.replace("cache/c.jpg", "cache/d.jpg"));
    sandbox.write("less.toml", "[scan]\nexclude = [\"import/\"]\n");
    let take = |side: &str, folder: &str, more: &str, out: &str| {
        let run = sandbox.run(&format!("snapshot --side {side} --{side}-media {folder} --out {out} {more}"));
        assert_eq!(run.status, 0, "{}", run.err);
    };
    take("m1", "old", "--include-generated", "old.all");
    take("m1", "old", "", "old.some");
    take("m2", "new", "--config less.toml", "new.less");
    let found = |arguments: &str| {
        let run = sandbox.run(&format!("audit {arguments} --only media --fail-on never --out report --verbose"));
        assert_eq!(run.status, 0, "{}", run.err);
        sandbox.findings("report").into_iter().filter(|it| !it.contains("htaccess")).collect::<Vec<_>>()
    };
    let live = found("--m1-media old --m2-media new");
    assert_eq!(live, ["media.generated catalog/product/cache info", "media.symlink import/link info"]);
    assert_eq!(found("--m1-snapshot old.all --m2-media new"), live);
    assert_eq!(found("--m1-snapshot old.some --m2-media new --include-generated"), live);
    let all = found("--m1-snapshot old.all --m2-media new --include-generated");
    assert!(all.contains(&"media.moved catalog/product/cache/c.jpg medium".to_owned()), "{all:?}");
    // What one side was limited to, the other is.
    let less = ["media.generated catalog/product/cache info"];
    assert_eq!(found("--m1-media old --m2-snapshot new.less"), less);
    assert_eq!(found("--m1-snapshot old.some --m2-snapshot new.less"), less);
    assert_eq!(found("--m1-snapshot old.some --m2-media new --config less.toml"), less);
}

#[test]
fn an_input_is_never_written_over() {
    let sandbox = taken();
    let refused = |arguments: &str| sandbox.run(arguments).refused();
    assert!(refused("snapshot --side m1 --m1-db m1.sql --out ./m1.sql").contains("m1.sql is an input"));
    assert!(refused("audit --m1-snapshot m1.snapshot --out m1.snapshot").contains("m1.snapshot is an input"));
    // Only a snapshot gives way to a snapshot.
    sandbox.write("notes.txt", "mine");
    for place in ["notes.txt", "m1-media", "/dev/null"] {
        let said = refused(&format!("snapshot --side m1 --m1-media m1-media --out {place}"));
        assert!(said.contains("is there already, and is no snapshot") || said.contains("is an input"), "{said}");
    }
    assert_eq!(fs::read_to_string(sandbox.path("notes.txt")).unwrap(), "mine");
    assert!(refused(&format!("audit {M1} --out report --cache report/cache")).contains("--cache"));
    assert!(refused(&format!("audit {M1} --out report --cache notes.txt")).contains("is not a folder"));
}

#[test]
fn a_snapshot_is_taken_of_one_store() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let refused = |arguments: &str| sandbox.run(&format!("snapshot {arguments} --out x.snapshot")).refused();
    assert!(refused(&format!("--side m1 {M1} {M2}")).contains("takes no Magento 2 options"));
    assert!(refused("--side m2").contains("no Magento 2 store was given"));
    assert!(refused(&format!("--side m2 {M1}")).contains("takes no Magento 1 options"));
    assert!(refused("--side m1 --m1-snapshot y").contains("not of a snapshot"));
    assert!(refused("--side m1 --m1-db m2.sql").contains("swapped"));
    assert!(sandbox.run("snapshot --side m1 --m1-media m1-media --out m1-media/x").refused().contains("is audited"));
    assert_eq!(sandbox.strays(&["m1.sql", "m1-media", "m1-root", "m2.sql", "m2-media", "m2-root"]), [""; 0]);
}

#[test]
fn the_same_store_and_time_give_the_same_snapshot_by_members_that_have_their_places() {
    let sandbox = taken();
    sandbox.run(&format!("snapshot --side m1 {M1} --now {NOW} --out again.snapshot"));
    let bytes = |name: &str| fs::read(sandbox.path(name)).unwrap();
    assert!(bytes("again.snapshot") == bytes("m1.snapshot"));
    let file = fs::File::open(sandbox.path("m1.snapshot")).unwrap();
    let mut archive = tar::Archive::new(file);
    let names: Vec<String> =
        archive.entries().unwrap().map(|it| it.unwrap().path().unwrap().display().to_string()).collect();
    assert_eq!(
        names,
        [
            "facts.json",
            "references/part-00000.parquet",
            "media/part-00000.parquet",
            "generated/part-00000.parquet",
            "B3SUMS"
        ]
    );
}

#[test]
fn a_run_that_is_killed_loses_no_work_and_the_next_one_is_right() {
    let sandbox = Sandbox::new();
    let line = |number| format!("catalog/product/f/i/file{number}.jpg\tpicture\tseed{number} 2000\n");
    let list = (0..3000).map(line).collect::<Vec<_>>().concat();
    sandbox.media("old", &list);
    sandbox.media("new", &list.replace("\tseed777 ", "\tother "));
    // What was changed just now is not remembered.
    let touch = |name: &str| {
        let all = sandbox.path(name).join("catalog/product/f/i");
        let past = std::time::SystemTime::now() - std::time::Duration::from_hours(1);
        for entry in fs::read_dir(all).unwrap() {
            fs::File::options().write(true).open(entry.unwrap().path()).unwrap().set_modified(past).unwrap();
        }
    };
    touch("old");
    touch("new");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let arguments = ["audit", "--m1-media", "old", "--m2-media", "new", "--out", "report", "--io-limit", "1"];
    let journal = || {
        let files = fs::read_dir(sandbox.cache()).into_iter().flatten();
        files.map(|it| it.unwrap().metadata().unwrap().len()).sum::<u64>()
    };
    let mut killed = sandbox.command(&arguments).spawn().unwrap();
    // 12 MB are read in as many seconds, and what was read is written down each second.
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        if journal() > 1000 {
            break;
        }
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(!sandbox.path("report").exists());
    let run = sandbox.run("audit --m1-media old --m2-media new --out report");
    assert_eq!(run.status, 1, "{}", run.err);
    let expected = sandbox.findings("report");
    assert!(expected.contains(&"media.changed catalog/product/f/i/file777.jpg medium".to_owned()), "{expected:?}");
    // A journal with any end is as good.
    for cache in fs::read_dir(sandbox.cache()).unwrap() {
        let path = cache.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.len() > 50_000, "{}", bytes.len());
        fs::write(&path, &bytes[..bytes.len() - 7]).unwrap();
        fs::File::options().append(true).open(&path).unwrap().write_all(b"torn").unwrap();
    }
    sandbox.run("audit --m1-media old --m2-media new --out again");
    assert_eq!(sandbox.findings("again"), expected);
}

#[test]
fn a_change_that_keeps_size_and_time_is_seen_by_a_run_that_remembers() {
    let sandbox = Sandbox::new();
    for side in ["old", "new"] {
        sandbox.media(side, "wysiwyg/a.jpg\ttext\tone\nwysiwyg/b.jpg\ttext\ttwo\n");
    }
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let audit = |out: &str| {
        sandbox.run(&format!("audit --m1-media old --m2-media new --fail-on never --out {out}"));
        sandbox.findings(out).into_iter().filter(|it| it.contains("changed")).collect::<Vec<_>>()
    };
    assert_eq!(audit("first"), [""; 0]);
    assert_eq!(audit("second"), [""; 0]);
    let path = sandbox.path("new/wysiwyg/b.jpg");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, "TWO").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(audit("third"), ["media.changed wysiwyg/b.jpg medium"]);
}

#[test]
fn ctrl_c_ends_within_a_second_leaves_no_report_and_keeps_what_was_read() {
    let sandbox = Sandbox::new();
    for side in ["old", "new"] {
        let folder = sandbox.path(side).join("wysiwyg");
        fs::create_dir_all(&folder).unwrap();
        for number in 0..200 {
            fs::write(folder.join(format!("{number}.jpg")), vec![b'x'; 100_000]).unwrap();
        }
    }
    std::thread::sleep(std::time::Duration::from_millis(2100));
    // 40 MB at 4 MB a second.
    let arguments = ["audit", "--m1-media", "old", "--m2-media", "new", "--out", "report", "--io-limit", "4"];
    let mut command = sandbox.command(&arguments);
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let started = std::time::Instant::now();
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(started.elapsed() < std::time::Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: interrupted; nothing was written\n");
    assert_eq!(sandbox.strays(&["old", "new"]), [""; 0]);
    let journal = fs::read_dir(sandbox.cache()).unwrap().next().unwrap().unwrap();
    assert!(journal.metadata().unwrap().len() > 100);
}

#[test]
fn a_second_run_of_snapshots_finds_what_the_first_one_has_found() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    for side in ["m1", "m2"] {
        let run = sandbox.run(&format!(
            "snapshot --side {side} --{side}-db {side}.sql --{side}-media {side}-media --out {side}.snapshot --now {NOW} --quiet"
        ));
        assert_eq!(run.status, 0, "{}", run.err);
    }
    let findings = |night: u32| {
        let run = sandbox.run(&format!(
            "audit --m1-snapshot m1.snapshot --m2-snapshot m2.snapshot --history nights --now 2026-11-{night}T03:00:00Z \
             --fail-on never --out report --quiet"
        ));
        assert_eq!(run.status, 0, "{}", run.err);
        sandbox.findings("report")
    };
    assert_eq!(findings(22), findings(23));
}

#[test]
fn a_snapshot_of_the_first_version_is_read_as_the_store_itself() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let packed = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/snapshots/first-version.m1.gz");
    let mut snapshot = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(packed).unwrap()).read_to_end(&mut snapshot).unwrap();
    sandbox.write("m1.snapshot", snapshot);
    let live = audit(&sandbox, "--m1-db m1.sql", "live");
    assert!(live.len() > 10_000);
    assert_eq!(audit(&sandbox, "--m1-snapshot m1.snapshot", "carried"), live);
}

#[test]
fn a_snapshot_in_the_place_of_a_dump_names_the_option_for_it() {
    let sandbox = Sandbox::new();
    sandbox.write("m1.sql", fixture("demo/m1.sql"));
    assert_eq!(sandbox.run("snapshot --side m1 --m1-db m1.sql --out m1.snapshot").status, 0);
    let said = sandbox.run("audit --m1-db m1.snapshot --out report").refused();
    assert!(said.contains("give it as --m1-snapshot, and not as --m1-db"), "{said}");
}
