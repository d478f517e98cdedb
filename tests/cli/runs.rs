//! The second run and those after it: what is new, what is fixed, what the runs tell together.

use std::fs;
use std::io::Read;

use calamine::{Reader as _, Xlsx};

use crate::decisions::{AUDIT, audit, json, store, trouble, waived};
use crate::support::{NOW, Sandbox, fixture};

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
    sandbox.run("report report --out book --formats xlsx -q");
    let mut book: Xlsx<_> = calamine::open_workbook(sandbox.path("book/report.xlsx")).unwrap();
    let runs = book.worksheet_range("From run to run").unwrap();
    let media: Vec<String> = runs.rows().filter(|row| row[1] == *"Media files").map(|row| row[5].to_string()).collect();
    assert_eq!(media, ["4", "4", "2"], "medium ones of each run");
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

#[test]
fn what_got_worse_or_was_waived_before_is_new_and_stays_new_until_it_is_dealt_with() {
    let sandbox = store();
    let accept = |until: &str| {
        format!(
            "[[decision]]\nrule = \"media.missing\"\nsubject = \"old/**\"\ndecision = \"accept\"\nreason = \"x\"\n{until}"
        )
    };
    sandbox.write("magegap.toml", accept(""));
    audit(&sandbox, "");
    keep(&sandbox, "first.json");
    // The decision is over.
    sandbox.write("magegap.toml", accept("until = 2020-01-01\n"));
    let gate = "audit --m1-media m1 --m2-media m2 --out report --formats csv,json,html --fail-on medium:new --baseline";
    let run = sandbox.run(&format!("{gate} first.json"));
    assert_eq!(run.status, 1, "{}", run.out);
    let before = |key: &str| json(&sandbox)["baseline"][key].as_u64().unwrap();
    assert_eq!((before("new"), before("reopened"), before("worse"), before("known")), (2, 2, 0, 2));
    assert_eq!(trouble(&sandbox), ["expired"]);
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("2 of the new ones were waived before.") && page.contains("New: 2 findings"));
    // A failure does not pass by being repeated.
    keep(&sandbox, "second.json");
    let run = sandbox.run(&format!("{gate} second.json"));
    assert_eq!((run.status, before("new"), before("failed")), (1, 2, 2), "{}", run.out);
    sandbox.write("magegap.toml", accept(""));
    assert_eq!(sandbox.run(&format!("{gate} second.json")).status, 0);
    // What was milder is new, and a decision that waives it is told.
    let mild = fs::read_to_string(sandbox.path("first.json")).unwrap();
    sandbox.write(
        "mild.json",
        mild.replace("\"severity\":\"medium\"", "\"severity\":\"low\"")
            .replace("\"low\":0,\"medium\":2", "\"low\":2,\"medium\":0"),
    );
    let mut mild: serde_json::Value = serde_json::from_str(&mild).unwrap();
    for it in mild["findings"].as_array_mut().unwrap() {
        it["severity"] = "low".into();
    }
    mild["areas"][0]["counts"] = serde_json::json!({ "blocker": 0, "high": 0, "medium": 0, "low": 2, "info": 0 });
    mild["verdict"]["failing"] = 0.into();
    mild["verdict"]["exit"] = 0.into();
    sandbox.write("mild.json", mild.to_string());
    let run = sandbox.run(&format!("{gate} mild.json"));
    assert_eq!((run.status, before("new"), before("worse")), (1, 2, 2), "{}{}", run.out, run.err);
    assert_eq!(trouble(&sandbox), ["worse"]);
    assert_eq!(waived(&sandbox).len(), 2);
}

#[test]
fn what_other_settings_do_not_find_is_not_fixed_and_the_same_gaps_hide_no_fix() {
    let sandbox = store();
    sandbox.write("m2/wysiwyg/a.jpg", "b.jpg, but");
    sandbox.write("m1/wysiwyg/a.jpg", "a.jpg, and");
    audit(&sandbox, "");
    keep(&sandbox, "content.json");
    audit(&sandbox, "--baseline content.json --compare size");
    let (new, _, fixed, unchecked) = since(&sandbox);
    assert_eq!((new, fixed, unchecked), (0, vec![], vec!["wysiwyg/a.jpg".to_owned()]));
    // A folder that is left out for good hides nothing else.
    sandbox.write("magegap.toml", "[scan]\nexclude = [\"wysiwyg/**\"]\n");
    audit(&sandbox, "");
    keep(&sandbox, "part.json");
    sandbox.write("m2/old/c.jpg", "old/c.jpg");
    audit(&sandbox, "--baseline part.json");
    assert_eq!(since(&sandbox), (0, 1, vec!["old/c.jpg".to_owned()], vec![]));
}

#[test]
fn the_first_night_says_that_there_is_nothing_to_compare_with() {
    let sandbox = store();
    let night = |day: u8| {
        let run = format!(
            "audit --m1-media m1 --m2-media m2 --out report --fail-on medium:new --history nights --now 2026-11-{day}T03:00:00Z"
        );
        let run = sandbox.run(&run);
        (run.status, run.out)
    };
    let (status, out) = night(20);
    assert!(status == 1 && out.contains("no earlier run to compare with"), "{out}");
    let (status, out) = night(21);
    assert!(status == 0 && out.contains("0 new, 0 fixed"), "{out}");
    let rights = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(sandbox.path("nights/findings.json")).unwrap().permissions(),
    );
    assert_eq!(rights & 0o077, 0, "it names people");
}

#[test]
fn who_answers_for_what_is_named_by_area_and_rule() {
    let sandbox = Sandbox::new();
    sandbox.write("magegap.toml", "[owners]\nmedia = \"Ann Ops\"\n\"media.changed\" = \"Bob Shop\"\n");
    let demo = format!("demo --out report -q --now {NOW} --config magegap.toml --formats html,json,xlsx,junit");
    sandbox.run(&format!("{demo} --audience manager"));
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("Ann Ops") && page.contains("Owner: <bdi>Bob Shop</bdi>"), "decisions are awaited of Bob");
    assert!(fs::read_to_string(sandbox.path("report/junit.xml")).unwrap().contains("value=\"Ann Ops\""));
    let mut book: Xlsx<_> = calamine::open_workbook(sandbox.path("report/report.xlsx")).unwrap();
    let summary = book.worksheet_range("Summary").unwrap();
    assert!(summary.rows().any(|row| row.iter().any(|it| *it == "Ann Ops")));
    sandbox.run(&format!("{demo} --redact"));
    for (path, bytes) in sandbox.files("report") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("Ann Ops") && !text.contains("Bob Shop"), "{}", path.display());
    }
    sandbox.write("magegap.toml", "[owners]\nmedias = \"Ann\"\n");
    let err = sandbox.run(&demo).refused();
    assert!(err.contains("[owners] names \"medias\", which is neither an area nor a rule"), "{err}");
}

#[test]
fn waived_findings_beyond_the_cases_are_skipped_tests_too() {
    let sandbox = store();
    for number in 0..1_200 {
        sandbox.write(&format!("m1/many/{number}.jpg"), number.to_string());
    }
    sandbox.write(
        "magegap.toml",
        "[[decision]]\nrule = \"media.missing\"\nsubject = \"many/*\"\ndecision = \"accept\"\nreason = \"x\u{FFFE}y\"\n",
    );
    audit(&sandbox, "");
    let junit = fs::read_to_string(sandbox.path("report/junit.xml")).unwrap();
    let more = junit.split_once(" more, waived\"").unwrap().1;
    assert!(more.split_once("</testcase>").unwrap().0.contains("<skipped"), "{more}");
    assert!(!junit.contains('\u{FFFE}'), "XML has no such character");
    // Rows that are data in the page are waived there, too.
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    let data = page.split_once("class=\"rest\">").unwrap().1;
    assert_eq!(data.split_once("</script>").unwrap().0.matches(",\"waived\",\"0\",").count(), 1_000);
}

#[test]
fn a_report_whose_parts_do_not_fit_together_is_no_baseline() {
    let sandbox = store();
    audit(&sandbox, "--history nights");
    audit(&sandbox, "--history nights --now 2026-11-29T00:00:00Z");
    let whole = json(&sandbox);
    let broken = |change: fn(&mut serde_json::Value)| {
        let mut it = whole.clone();
        change(&mut it);
        sandbox.write("broken.json", it.to_string());
        sandbox.run(&format!("{AUDIT} --baseline broken.json")).refused()
    };
    for (err, reason) in [
        (broken(|it| it["baseline"]["new"] = 99_999.into()), "other new and known findings"),
        (broken(|it| it["minutes_per_point"]["low"] = u32::MAX.into()), "no range of minutes"),
        (broken(|it| it["history"][0]["waived"] = u64::MAX.into()), "counts more than there can be"),
        (broken(|it| it["areas"][0]["done"]["points_done"] = 1_000_000.into()), "more things done than there are"),
        (broken(|it| it["areas"][0]["effort"]["open"] = (-1).into()), "no number of points"),
    ] {
        assert!(err.contains("is damaged") && err.contains(reason), "{err}");
    }
}

#[test]
fn a_failure_passes_neither_by_a_night_that_skips_it_nor_by_another_limit() {
    let sandbox = store();
    let night = |day: u8, more: &str| {
        let run = format!(
            "audit --m1-media m1 --m2-media m2 --out report --formats json --history nights --now 2026-11-{day}T03:00:00Z {more}"
        );
        sandbox.run(&run).status
    };
    let new = "--fail-on medium:new";
    night(10, "--fail-on never");
    sandbox.write("m1/later.jpg", "later.jpg");
    assert_eq!([night(11, new), night(12, new)], [1, 1]);
    assert_eq!(night(13, &format!("{new} --skip media")), 2, "nothing was looked at");
    assert_eq!(night(14, "--fail-on never"), 0);
    assert_eq!(night(15, new), 1, "it is neither fixed nor decided");
    sandbox.write(
        "magegap.toml",
        "[[decision]]\nrule = \"media.missing\"\nsubject = \"later.jpg\"\ndecision = \"accept\"\nreason = \"x\"\n",
    );
    assert_eq!(night(16, new), 0);
}

#[test]
fn what_less_or_otherwise_was_looked_at_for_stays_unchecked_until_a_run_looks() {
    let sandbox = store();
    sandbox.write("m2/wysiwyg/a.jpg", "b.jpg, but");
    sandbox.write("m1/wysiwyg/a.jpg", "a.jpg, and");
    let night = |day: u8, more: &str| {
        let run = format!("{AUDIT} --history nights --now 2026-11-{day}T03:00:00Z {more}");
        let run = sandbox.run(&run);
        assert_eq!(run.status == 2, more.contains("--skip"), "{}{}", run.out, run.err);
        if day == 10 { (0, 0, vec![], vec![]) } else { since(&sandbox) }
    };
    night(10, "");
    let changed = vec!["wysiwyg/a.jpg".to_owned()];
    for (day, more) in [(11, "--compare size"), (12, "--compare size"), (13, "--skip media"), (14, "--compare size")] {
        let (new, _, fixed, unchecked) = night(day, more);
        assert!(new == 0 && fixed.is_empty() && unchecked.contains(&changed[0]), "{day}: {fixed:?} {unchecked:?}");
    }
    sandbox.write("part.toml", "[scan]\nexclude = [\"wysiwyg/**\"]\n");
    for day in [15, 16] {
        let (new, _, fixed, unchecked) = night(day, "--config part.toml");
        assert!(new == 0 && fixed.is_empty() && unchecked.len() == 2, "{day}: {fixed:?} {unchecked:?}");
    }
    assert_eq!(night(17, ""), (0, 4, vec![], vec![]));
    // A run that is compared with another report loses nothing of the history.
    keep(&sandbox, "whole.json");
    night(18, "--skip media");
    night(19, "--skip media --baseline whole.json");
    assert_eq!(night(20, ""), (0, 4, vec![], vec![]));
    sandbox.write("m2/wysiwyg/a.jpg", "a.jpg, and");
    assert_eq!(night(21, ""), (0, 3, changed, vec![]));
}

#[test]
fn a_finding_of_fewer_store_views_is_the_same_unless_both_are_there() {
    let sandbox = Sandbox::new();
    let demo = |more: &str| {
        let run = sandbox.run(&format!("demo --out report -q --now {NOW} --formats json {more}"));
        assert!(run.status < 2, "{}", run.err);
        json(&sandbox)
    };
    let report = demo("");
    let of_views = |it: &&serde_json::Value| it["scope"].as_str().is_some_and(|it| it.contains(','));
    let whole = report["findings"].as_array().unwrap().iter().find(of_views).unwrap().clone();
    let (rule, subject) = (whole["rule"].as_str().unwrap(), whole["subject"].as_str().unwrap());
    // The earlier report had it for one more store view.
    let mut wider = report.clone();
    let scope = format!("{},more", whole["scope"].as_str().unwrap());
    for it in
        wider["findings"].as_array_mut().unwrap().iter_mut().filter(|it| it["fingerprint"] == whole["fingerprint"])
    {
        it["scope"] = scope.clone().into();
        it["fingerprint"] = "00000000000000aa".into();
    }
    sandbox.write("wider.json", wider.to_string());
    let now = demo("--baseline wider.json");
    assert_eq!(
        (now["baseline"]["new"].as_u64(), now["baseline"]["fixed"].as_array().unwrap().len()),
        (Some(0), 0),
        "{rule} {subject}"
    );
    // The earlier report had both: one of them is gone.
    let mut both = report.clone();
    let mut other = whole.clone();
    other["scope"] = scope.into();
    other["fingerprint"] = "00000000000000aa".into();
    both["findings"].as_array_mut().unwrap().push(other);
    let area = both["areas"].as_array_mut().unwrap().iter_mut().find(|it| it["name"] == whole["area"]).unwrap();
    let count = &mut area["counts"][whole["severity"].as_str().unwrap()];
    *count = (count.as_u64().unwrap() + 1).into();
    both["verdict"]["failing"] = (both["verdict"]["failing"].as_u64().unwrap()
        + u64::from(whole["severity"] == "high" || whole["severity"] == "blocker"))
    .into();
    sandbox.write("both.json", both.to_string());
    let now = demo("--baseline both.json");
    assert_eq!(
        (now["baseline"]["new"].as_u64(), now["baseline"]["fixed"].as_array().unwrap().len()),
        (Some(0), 1),
        "{rule} {subject}"
    );
}

#[test]
fn a_history_that_cannot_be_written_stops_the_run_before_it_reads() {
    let sandbox = store();
    fs::create_dir_all(sandbox.path("nights/lock")).unwrap();
    let err = sandbox.run(&format!("{AUDIT} --history nights")).refused();
    assert!(err.contains("cannot write nights/lock"), "{err}");
    assert!(!sandbox.path("report").exists());
}

#[test]
fn a_history_of_the_first_version_goes_on() {
    let sandbox = Sandbox::new();
    sandbox.write("old/wysiwyg/a.jpg", "a\n");
    sandbox.write("old/b.jpg", "b\n");
    sandbox.write("new/c.jpg", "b\n");
    let mut findings = String::new();
    let packed =
        fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/reports/first-version.json.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut findings).unwrap();
    sandbox.write("nights/findings.json", findings);
    sandbox.write("nights/history.jsonl", fixture("reports/first-version.jsonl"));
    let run = sandbox.run(
        "audit --m1-media old --m2-media new --only media --history nights --now 2026-11-22T03:00:00Z --fail-on low:new \
         --out report --quiet",
    );
    assert_eq!(run.status, 0, "nothing is new: {}", run.err);
    assert_eq!(since(&sandbox), (0, 7, vec![], vec![]));
    assert_eq!(json(&sandbox)["history"].as_array().unwrap().len(), 2);
}

#[test]
fn findings_json_is_as_its_schema_says() {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let sandbox = Sandbox::new();
    let decisions = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/decisions.toml");
    let mut last = serde_json::Value::Null;
    for (night, more) in [(21, "--skip media"), (22, "--compare size --only media,layout"), (23, "--skip migration")] {
        let run = sandbox.run(&format!(
            "demo --out report -q --now 2026-11-{night}T03:00:00Z --history nights --decisions {decisions} {more}"
        ));
        assert_eq!(run.status, 0, "{}", run.err);
        last = json(&sandbox);
        let wrong: Vec<String> =
            schema.iter_errors(&last).map(|it| format!("{}: {it}", it.instance_path())).take(5).collect();
        assert_eq!(wrong, [""; 0], "night {night}");
    }
    // What nobody has written yet would not be missed: each thing that can be there was.
    for path in ["/baseline/unchecked/0", "/history/1/areas/0/effort", "/decisions/0", "/areas/0/picture/bars/0"] {
        assert!(last.pointer(path).is_some(), "{path}");
    }
    last["areas"][0]["titel"] = "renamed".into();
    assert!(!schema.is_valid(&last));
}
