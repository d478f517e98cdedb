//! `magegap report`: a report rendered again from its findings.json.

use std::fs;

use crate::support::{NOW, Sandbox};

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&format!("demo --out report --now {NOW} -q"));
    assert_eq!(run.status, 0, "{}", run.err);
    sandbox
}

#[test]
fn every_format_is_rendered_again_byte_by_byte_from_one_file() {
    let sandbox = demo();
    let alone = sandbox.write("sent.json", fs::read(sandbox.path("report/findings.json")).unwrap());
    for input in ["report", "report/findings.json", alone.to_str().unwrap()] {
        let run = sandbox.run_with(&["report", input, "--out", "again"], &[]);
        assert_eq!(run.status, 0, "{}", run.err);
        assert!(run.out.contains("Report: again"), "{}", run.out);
        assert!(sandbox.files("report") == sandbox.files("again"), "{input} is rendered otherwise");
    }
}

#[test]
fn a_report_is_rendered_again_into_its_own_folder_and_never_loses_what_it_is_made_of() {
    let sandbox = demo();
    let before = sandbox.files("report");
    let err = sandbox.run("report report --out report --formats html,csv").refused();
    assert!(err.contains("add json to --formats"), "{err}");
    assert!(before == sandbox.files("report"));
    assert_eq!(sandbox.run("report report --out report -q").status, 0);
    assert!(before == sandbox.files("report"));
    assert!(sandbox.strays(&["report"]).is_empty());
}

#[test]
fn a_file_that_is_no_report_is_refused_with_the_reason() {
    let sandbox = demo();
    let text = fs::read_to_string(sandbox.path("report/findings.json")).unwrap();
    let cases = [
        ("empty", String::new(), "is no findings.json of magegap"),
        ("other", "{\"findings\":[]}".to_owned(), "is no findings.json of magegap: missing field `schema`"),
        ("cut", text[..text.len() / 2].to_owned(), "is cut: EOF"),
        ("newer", text.replace("findings/1", "findings/2"), "reads magegap.findings/1"),
        ("foreign", text.replace("magegap.findings/1", "sarif/1"), "is a sarif/1"),
        ("typed", text.replacen("\"rules\":[", "\"rules\":[7,", 1), "is damaged: invalid type: integer `7`"),
        ("outside", text.replacen("{\"name\":\"media\",", "{\"name\":\"../../media\",", 1), "is no name of an area"),
        ("counted", text.replacen("\"blocker\":", "\"blocker\":9", 1), "open findings of severity blocker, and says 9"),
        ("unruled", text.replacen("\"rule\":\"media.", "\"rule\":\"mania.", 1), "is of no known rule"),
    ];
    for (name, content, reason) in cases {
        assert_ne!(content, text, "{name}");
        sandbox.write(&format!("{name}.json"), content);
        let err = sandbox.run(&format!("report {name}.json --out again")).refused();
        assert!(err.contains(reason), "{name}: {err}");
        assert!(!sandbox.path("again").exists(), "{name}");
    }
    let err = sandbox.run("report nowhere.json --out again").refused();
    assert!(err.contains("cannot read nowhere.json"), "{err}");
}
