//! Decisions of people about findings, from run to run.

use std::fs;

use calamine::{Reader, Xlsx};

use crate::support::{NOW, Sandbox};

/// Four files that are missing, one of them in a folder of its own, and one that blocks.
fn store() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["wysiwyg/a.jpg", "wysiwyg/b.jpg", "old/c.jpg", "old/deep/d.jpg", "plain.jpg"] {
        sandbox.write(&format!("m1/{name}"), name);
    }
    sandbox.write("m2/plain.jpg", "plain.jpg");
    for folder in ["", "customer/", "downloadable/", "import/", "theme_customization/"] {
        sandbox.write(&format!("m2/{folder}.htaccess"), "the new shop's own");
    }
    sandbox
}

const AUDIT: &str = "audit --m1-media m1 --m2-media m2 --out report --formats csv,json,html,md,junit --fail-on medium";

/// Runs the audit; its status, and what it prints.
fn audit(sandbox: &Sandbox, more: &str) -> (i32, String) {
    let now = if more.contains("--now") { String::new() } else { format!("--now {NOW}") };
    let run = sandbox.run(&format!("{AUDIT} {now} {more}"));
    assert!(run.status < 2, "{}{}", run.out, run.err);
    (run.status, run.out)
}

fn json(sandbox: &Sandbox) -> serde_json::Value {
    serde_json::from_slice(&fs::read(sandbox.path("report/findings.json")).unwrap()).unwrap()
}

/// Subjects of waived findings.
fn waived(sandbox: &Sandbox) -> Vec<String> {
    let json = json(sandbox);
    let waived = json["findings"].as_array().unwrap().iter().filter(|it| it["state"] == "waived");
    waived.map(|it| it["subject"].as_str().unwrap().to_owned()).collect()
}

fn trouble(sandbox: &Sandbox) -> Vec<String> {
    let json = json(sandbox);
    let decisions = json["decisions"].as_array().unwrap().iter();
    decisions.map(|it| it["trouble"].as_str().unwrap_or("none").to_owned()).collect()
}

#[test]
fn a_decision_waives_what_it_names_until_its_day() {
    let sandbox = store();
    assert_eq!(audit(&sandbox, "").0, 1);
    let fingerprint = json(&sandbox)["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let first = json(&sandbox)["findings"][0]["subject"].as_str().unwrap().to_owned();
    sandbox.write(
        "magegap.toml",
        format!(
            "[[decision]]\nfingerprint = \"{fingerprint}\"\ndecision = \"done-by-hand\"\nreason = \"on the CDN\"\n\n\
             [[decision]]\nrule = \"media.missing\"\nsubject = \"old/**\"\ndecision = \"will-not-migrate\"\n\
             reason = \"nobody needs it\"\nby = \"J. Smith\"\nuntil = 2026-12-31\nticket = \"SHOP-1\"\n"
        ),
    );
    let (status, out) = audit(&sandbox, "");
    assert_eq!(status, 1, "wysiwyg/b.jpg is open: {out}");
    let mut expected = vec![first, "old/c.jpg".to_owned(), "old/deep/d.jpg".to_owned()];
    expected.sort();
    expected.dedup();
    assert_eq!(waived(&sandbox), expected);
    assert_eq!(trouble(&sandbox), ["none", "none"]);
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("The next decision ends on 31 December 2026."));
    let junit = fs::read_to_string(sandbox.path("report/junit.xml")).unwrap();
    assert!(junit.contains("waived: will-not-migrate, nobody needs it"), "{junit}");
    assert!(fs::read_to_string(sandbox.path("report/findings.csv")).unwrap().contains(",waived,"));
    sandbox.run("report report --out book --formats xlsx,html --audience merchant -q");
    let mut book: Xlsx<_> = calamine::open_workbook(sandbox.path("book/report.xlsx")).unwrap();
    let sheet = book.worksheet_range("Decisions").unwrap();
    let reasons: Vec<String> = sheet.rows().skip(1).map(|row| row[2].to_string()).collect();
    assert_eq!(reasons, ["on the CDN", "nobody needs it"]);
    let merchant = fs::read_to_string(sandbox.path("book/index.html")).unwrap();
    assert!(merchant.contains("What was decided") && merchant.contains("nobody needs it"));
    // They are not done, and not gone: a day later than the last they are open again.
    let (_, out) = audit(&sandbox, "--now 2027-01-01T00:00:00Z --skip layout");
    assert!(out.contains("its day is over"), "{out}");
    assert_eq!(waived(&sandbox).len(), 1);
    assert_eq!(trouble(&sandbox), ["none", "expired"]);
}

#[test]
fn what_is_unused_or_too_broad_is_said() {
    let sandbox = store();
    let decision = |aim: &str| format!("[[decision]]\n{aim}\ndecision = \"accept\"\nreason = \"so it is\"\n");
    let text = [
        decision("rule = \"media.missing\"\nsubject = \"nowhere.jpg\""),
        decision("rule = \"admin_users.missing\"\nsubject = \"jane\""),
        decision("rule = \"media.missing\"\nsubject = \"**\""),
    ];
    sandbox.write("decisions.toml", text.join("\n"));
    let (status, out) = audit(&sandbox, "--decisions decisions.toml");
    assert_eq!(status, 0, "{out}");
    assert_eq!(trouble(&sandbox), ["unused", "unknown", "broad"]);
    assert!(out.contains("decision decisions.toml line 13 (media.missing **): it takes everything"), "{out}");
    assert!(out.contains("are waived by decisions"), "{out}");
}

#[test]
fn a_pattern_waives_no_blocker() {
    let sandbox = Sandbox::new();
    let decision = |subject: &str| {
        format!(
            "[[decision]]\nrule = \"media.htaccess-copied\"\nsubject = \"{subject}\"\ndecision = \"accept\"\nreason = \"x\"\n"
        )
    };
    sandbox.write("decisions.toml", decision(".ht*"));
    let run = |sandbox: &Sandbox| {
        sandbox.run(&format!("demo --out report -q --now {NOW} --decisions decisions.toml --formats json"));
    };
    run(&sandbox);
    assert_eq!((waived(&sandbox), trouble(&sandbox)), (vec![], vec!["blocker".to_owned()]));
    sandbox.write("decisions.toml", decision(".htaccess"));
    run(&sandbox);
    assert_eq!((waived(&sandbox), trouble(&sandbox)), (vec![".htaccess".to_owned()], vec!["none".to_owned()]));
}

#[test]
fn a_redacted_report_tells_not_who_decided_nor_about_whom() {
    let sandbox = Sandbox::new();
    sandbox.run(&format!("demo --out report -q --now {NOW} --formats json"));
    let json = json(&sandbox);
    let of_user = json["findings"].as_array().unwrap().iter().find(|it| it["subject"] == "agentur_alt").unwrap();
    let fingerprint = of_user["fingerprint"].as_str().unwrap().to_owned();
    let decision = |aim: &str| {
        format!(
            "[[decision]]\n{aim}\ndecision = \"accept\"\nreason = \"jonas.k said so\"\nby = \"Jane Roe <jane@roe.example>\"\n"
        )
    };
    let text = [
        decision(&format!("fingerprint = \"{fingerprint}\"")),
        decision("rule = \"admin_users.missing\"\nsubject = \"agentur_alt\""),
    ];
    sandbox.write("decisions.toml", text.concat());
    sandbox.run(&format!("demo --out before -q --now {NOW} --decisions decisions.toml"));
    fs::copy(sandbox.path("before/findings.json"), sandbox.path("before.json")).unwrap();
    let run = sandbox.run(&format!(
        "demo --out report -q --now {NOW} --decisions decisions.toml --baseline before.json --skip admin_users --redact"
    ));
    assert_eq!(run.status, 0, "{}", run.err);
    sandbox.run(&format!("demo --out whole -q --now {NOW} --decisions decisions.toml --redact"));
    for folder in ["report", "whole"] {
        for (path, bytes) in sandbox.files(folder) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for name in ["Jane Roe", "roe.example", &fingerprint] {
                assert!(!text.contains(name), "{name} is in {folder}/{}", path.display());
            }
        }
    }
    // Who worked in the shop is known where its users were looked at.
    let page = fs::read_to_string(sandbox.path("whole/findings.json")).unwrap();
    assert!(!page.contains("jonas.k") && !page.contains("agentur_alt"));
    assert_eq!(sandbox.run("report whole --out again -q").status, 0);
}

#[test]
fn a_wrong_decision_stops_the_run_before_it_starts() {
    let sandbox = store();
    let rule = "rule = \"media.missing\"\nsubject = \"a\"\n";
    let cases = [
        (format!("{rule}decision = \"accept\""), "missing field `reason`"),
        (format!("{rule}decision = \"accept\"\nreason = \" \""), "has no reason"),
        (format!("{rule}decision = \"maybe\"\nreason = \"x\""), "unknown variant `maybe`"),
        (format!("{rule}decision = \"later\"\nreason = \"x\""), "is `later`, and has no `until`"),
        (format!("{rule}decision = \"accept\"\nreason = \"x\"\nuntil = \"soon\""), "is no day such as 2026-12-31"),
        (format!("{rule}decision = \"accept\"\nreason = \"x\"\nwho = \"me\""), "unknown field `who`"),
        ("decision = \"accept\"\nreason = \"x\"".to_owned(), "names neither a fingerprint nor a rule"),
        (
            "rule = \"media.gone\"\ndecision = \"accept\"\nreason = \"x\"".to_owned(),
            "the rule \"media.gone\", which there is not",
        ),
        (
            "fingerprint = \"12\"\ndecision = \"accept\"\nreason = \"x\"".to_owned(),
            "the fingerprint \"12\", which is none",
        ),
        (
            "rule = \"media.missing\"\nsubject = \"[a\"\ndecision = \"accept\"\nreason = \"x\"".to_owned(),
            "has a wrong subject",
        ),
    ];
    for (text, reason) in cases {
        sandbox.write("decisions.toml", format!("# our decisions\n\n[[decision]]\n{text}\n"));
        let err = sandbox.run(&format!("{AUDIT} --decisions decisions.toml")).refused();
        assert!(err.contains("decisions.toml line ") && err.contains(reason), "{text}: {err}");
        assert!(!sandbox.path("report").exists(), "{text}");
    }
    let err = sandbox.run(&format!("{AUDIT} --decisions nowhere.toml")).refused();
    assert!(err.contains("cannot read nowhere.toml"), "{err}");
}

#[test]
fn a_decision_is_added_and_the_file_keeps_its_comments() {
    let sandbox = store();
    let before = "# Ours, by hand.\n[report]\nclient = \"Example\" # as on the invoice\n\n# agreed on the phone\n[[decision]]\n\
                  rule = \"media.missing\" # one file\nsubject = \"old/c.jpg\"\ndecision = \"accept\"\nreason = \"gone\"\n";
    sandbox.write("magegap.toml", before);
    let decide = |arguments: &[&str]| {
        let all: Vec<&str> = ["decide", "--decision", "accept", "--reason", "not in use \"any more\""]
            .into_iter()
            .chain(arguments.iter().copied())
            .collect();
        sandbox.run_with(&all, &[])
    };
    let run =
        decide(&["--rule", "media.missing", "--subject", "wysiwyg/*.jpg", "--by", "Ann", "--until", "2026-12-31"]);
    assert_eq!(
        (run.status, run.out.as_str()),
        (0, "magegap.toml line 12: media.missing wysiwyg/*.jpg, accept\n"),
        "{}",
        run.err
    );
    let after = fs::read_to_string(sandbox.path("magegap.toml")).unwrap();
    assert!(after.starts_with(before), "{after}");
    audit(&sandbox, "");
    assert_eq!(waived(&sandbox), ["old/c.jpg", "wysiwyg/a.jpg", "wysiwyg/b.jpg"]);
    // What cannot be heeded is not written.
    for (arguments, reason) in [
        (
            &["--rule", "media.missing", "--subject", "old/c.jpg"][..],
            "has decided about media.missing old/c.jpg already",
        ),
        (&["--rule", "media.gone"], "which there is not"),
        (&["--fingerprint", "xyz"], "which is none"),
        (&["--rule", "media.missing", "--until", "tomorrow"], "is no day"),
    ] {
        let err = decide(arguments).refused();
        assert!(err.contains(reason), "{err}");
    }
    assert_eq!(fs::read_to_string(sandbox.path("magegap.toml")).unwrap(), after);
    // A file that is not there is made.
    assert_eq!(decide(&["--file", "own.toml", "--rule", "media.missing", "--subject", "a"]).status, 0);
    assert!(fs::read_to_string(sandbox.path("own.toml")).unwrap().starts_with("[[decision]]"));
}

/// Keeps the report of a run for later ones.
fn keep(sandbox: &Sandbox, name: &str) {
    fs::copy(sandbox.path("report/findings.json"), sandbox.path(name)).unwrap();
}

fn since(sandbox: &Sandbox) -> (u64, u64, Vec<String>, Vec<String>) {
    let json = json(sandbox);
    let names = |key: &str| {
        let all = json["baseline"][key].as_array().unwrap().iter();
        all.map(|it| it["subject"].as_str().unwrap().to_owned()).collect()
    };
    let count = |key: &str| json["baseline"][key].as_u64().unwrap();
    (count("new"), count("known"), names("fixed"), names("unchecked"))
}

#[test]
fn a_second_run_knows_what_is_new_fixed_and_not_checked() {
    let sandbox = store();
    audit(&sandbox, "");
    keep(&sandbox, "first.json");
    // One file is copied, and another is missed from now on.
    sandbox.write("m2/old/c.jpg", "old/c.jpg");
    sandbox.write("m1/later.jpg", "later.jpg");
    let (status, out) = audit(&sandbox, "--baseline first.json");
    assert_eq!(since(&sandbox), (1, 3, vec!["old/c.jpg".to_owned()], vec![]));
    assert!(status == 1 && out.contains(": 1 new, 1 fixed."), "{out}");
    let csv = fs::read_to_string(sandbox.path("report/findings.csv")).unwrap();
    assert!(
        csv.contains(",open,new,certain,later.jpg,") && csv.contains(",open,known,certain,wysiwyg/a.jpg,"),
        "{csv}"
    );
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("Fixed: 1 finding is not found any more"));
    keep(&sandbox, "second.json");
    // What nobody looks for is not fixed; what a filter leaves out neither.
    sandbox.write("part.toml", "[scan]\nexclude = [\"wysiwyg/**\"]\n");
    audit(&sandbox, "--baseline second.json --config part.toml");
    let (new, _, fixed, unchecked) = since(&sandbox);
    assert_eq!((new, fixed, unchecked), (0, vec![], vec!["wysiwyg/a.jpg".to_owned(), "wysiwyg/b.jpg".to_owned()]));
    // The same as before is all known, and a report that is rendered again says the same.
    audit(&sandbox, "--baseline second.json");
    assert_eq!(since(&sandbox), (0, 4, vec![], vec![]));
    sandbox.run("report report --out again --formats csv,json,html,md,junit -q");
    assert!(sandbox.files("report") == sandbox.files("again"));
}

#[test]
fn the_run_may_fail_by_what_is_new_alone() {
    let sandbox = store();
    audit(&sandbox, "");
    keep(&sandbox, "first.json");
    let gate = |sandbox: &Sandbox| {
        let run = sandbox.run(
            "audit --m1-media m1 --m2-media m2 --out report --formats csv,json,html,md,junit --fail-on medium:new --baseline first.json",
        );
        (run.status, fs::read_to_string(sandbox.path("report/junit.xml")).unwrap().matches("<failure").count())
    };
    assert_eq!(gate(&sandbox), (0, 0), "four are open, and known");
    sandbox.write("m1/later.jpg", "later.jpg");
    assert_eq!(gate(&sandbox), (1, 1));
    let err = sandbox.run("audit --m1-media m1 --m2-media m2 --out report --fail-on high:new").refused();
    assert!(err.contains("needs a --baseline"), "{err}");
}

#[test]
fn a_baseline_that_is_none_or_another_stores_is_refused_before_anything_is_written() {
    let sandbox = store();
    sandbox.demo_stores();
    sandbox.run(&format!("demo --out demo --now {NOW} -q"));
    fs::copy(sandbox.path("demo/findings.json"), sandbox.path("demo.json")).unwrap();
    sandbox.run("report demo --out redacted --redact -q");
    sandbox.write("cut.json", &fs::read(sandbox.path("demo.json")).unwrap()[..5000]);
    let dump = fs::read_to_string(sandbox.path("m1.sql")).unwrap();
    sandbox.write(
        "other.sql",
        dump.replace("(1,'default',1,1,'Deutsch'", "(1,'fr',1,1,'Deutsch'")
            .replace("(2,'en',1,1,'English'", "(2,'it',1,1,'English'"),
    );
    let both = "--m2-db m2.sql --m2-media m2-media";
    for (stores, baseline, reason) in [
        (format!("--m1-db m1.sql {both}"), "cut.json", "is cut"),
        (format!("--m1-db m1.sql {both}"), "nowhere.json", "cannot read nowhere.json"),
        (format!("--m1-db m1.sql {both}"), "redacted/findings.json", "its findings have other names"),
        ("--m1-db m1.sql".to_owned(), "demo.json", "the baseline is a report of verification"),
        (format!("--m1-db other.sql {both}"), "demo.json", "is of another store"),
    ] {
        let err = sandbox.run(&format!("audit {stores} --out report --baseline {baseline}")).refused();
        assert!(err.contains(reason), "{baseline}: {err}");
        assert!(!sandbox.path("report").exists(), "{baseline}");
    }
    assert_eq!(sandbox.run(&format!("audit --m1-db m1.sql {both} --out report --baseline demo.json -q")).status, 1);
}

#[test]
fn a_history_is_the_next_runs_baseline_and_draws_the_trend() {
    let sandbox = store();
    let night = |day: u8, more: &str| {
        let run = format!("{AUDIT} --now 2026-11-{day}T03:00:00Z --history nights {more}");
        let run = sandbox.run(&run);
        assert!(run.status < 2, "{}{}", run.out, run.err);
        json(&sandbox)
    };
    let first = night(20, "");
    assert!(first["baseline"].is_null() && first["history"].as_array().unwrap().len() == 1);
    // A fix, and a new gap.
    sandbox.write("m2/old/c.jpg", "old/c.jpg");
    sandbox.write("m1/later.jpg", "later.jpg");
    night(21, "");
    assert_eq!(since(&sandbox), (1, 3, vec!["old/c.jpg".to_owned()], vec![]));
    // Another scope: what is left out is not fixed.
    sandbox.write("part.toml", "[scan]\nexclude = [\"wysiwyg/**\"]\n");
    let third = night(22, "--config part.toml");
    assert_eq!(since(&sandbox).3.len(), 2);
    let status = |run: usize| third["history"][run]["areas"][0]["status"].as_str().unwrap().to_owned();
    assert_eq!([status(0), status(1), status(2)], ["checked", "checked", "partial"]);
    let lines = fs::read_to_string(sandbox.path("nights/history.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 3);
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("From run to run") && page.contains("22 November 2026 *"), "the third run has gaps");
    // What a run had not looked for is not new when the next one finds it.
    let fourth = night(23, "");
    assert_eq!(since(&sandbox), (0, 4, vec![], vec![]), "{}", fourth["verdict"]["sentence"]);
    // A trend goes on in time.
    let err = sandbox.run(&format!("{AUDIT} --now 2026-11-23T03:00:00Z --history nights")).refused();
    assert!(err.contains("nights has a run of 2026-11-23T03:00:00Z"), "{err}");
    assert_eq!(fs::read_to_string(sandbox.path("nights/history.jsonl")).unwrap().lines().count(), 4);
    sandbox.run("report report --out again --formats csv,json,html,md,junit -q");
    assert!(sandbox.files("report") == sandbox.files("again"));
    // A part of it that is gone is not taken for a beginning.
    for (gone, reason) in [("findings.json", "has lost its findings.json"), ("history.jsonl", "and no history.jsonl")] {
        fs::rename(sandbox.path(&format!("nights/{gone}")), sandbox.path("aside")).unwrap();
        let err = sandbox.run(&format!("{AUDIT} --history nights")).refused();
        assert!(err.contains(reason), "{err}");
        fs::rename(sandbox.path("aside"), sandbox.path(&format!("nights/{gone}"))).unwrap();
    }
    // What it cannot read it does not write over.
    sandbox.write("nights/history.jsonl", "{\"schema\":\"other\"}\n");
    let err = sandbox.run(&format!("{AUDIT} --history nights")).refused();
    assert!(err.contains("history.jsonl line 1 is no run of magegap"), "{err}");
    let err = sandbox.run(&format!("{AUDIT} --history m1/nights")).refused();
    assert!(err.contains("which is audited"), "{err}");
}
