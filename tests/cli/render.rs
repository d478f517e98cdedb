//! `magegap report`: a report rendered again from its findings.json.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use calamine::{Reader, Xlsx};
use clap::ValueEnum;
use magegap::report::{Audience, Format};

use crate::support::{NOW, Sandbox};

/// Every format.
const ALL: &str = "html,csv,json,xlsx,md,junit";

fn demo() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&format!("demo --out report --now {NOW} -q --formats {ALL}"));
    assert_eq!(run.status, 0, "{}", run.err);
    sandbox
}

/// Every reader.
const READERS: &str = "developer,verifier,manager,merchant";

#[test]
fn a_report_of_any_format_and_reader_is_replaced_by_the_next_one() {
    let sandbox = demo();
    let formats = Format::value_variants().iter().map(|it| it.to_possible_value().unwrap().get_name().to_owned());
    let readers: Vec<&str> = Audience::value_variants().iter().map(|it| it.code()).collect();
    assert_eq!(readers.join(","), READERS);
    for format in formats {
        assert!(ALL.split(',').any(|it| it == format), "{format} is not tried by these tests");
        for reader in &readers {
            for _ in 0..2 {
                let arguments = format!("report report --out {format} --formats {format} --audience {reader}");
                let run = sandbox.run(&arguments);
                assert_eq!(run.status, 0, "{arguments}: {}", run.err);
            }
        }
    }
}

/// A configuration of an agency.
fn agency(sandbox: &Sandbox) {
    sandbox.write("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>");
    let report = "language = \"de\"\naccent = \"#7a1f5c\"\nlogo = \"logo.svg\"\nagency = \"Umzug & Söhne\"\n";
    sandbox.write("agency.toml", format!("[report]\n{report}"));
}

#[test]
fn every_format_is_rendered_again_byte_by_byte_from_one_file() {
    let sandbox = demo();
    let alone = sandbox.write("sent.json", fs::read(sandbox.path("report/findings.json")).unwrap());
    for input in ["report", "report/findings.json", alone.to_str().unwrap()] {
        let run = sandbox.run_with(&["report", input, "--out", "again", "--formats", ALL], &[]);
        assert_eq!(run.status, 0, "{}", run.err);
        assert!(run.out.contains("Report: again"), "{}", run.out);
        assert!(sandbox.files("report") == sandbox.files("again"), "{input} is rendered otherwise");
    }
}

#[test]
fn every_reader_language_and_look_is_rendered_again_byte_by_byte() {
    let sandbox = Sandbox::new();
    agency(&sandbox);
    let readers = format!("--formats {ALL} --audience {READERS} -q");
    assert_eq!(sandbox.run(&format!("demo --out report --now {NOW} --config agency.toml {readers}")).status, 0);
    assert_eq!(sandbox.run(&format!("report report --out again {readers}")).status, 0);
    assert!(sandbox.files("report") == sandbox.files("again"));
    let names: Vec<String> = sandbox.files("again").keys().map(|it| it.display().to_string()).collect();
    for name in ["index.html", "verifier.html", "manager.html", "merchant.html", "merchant.csv"] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
    // The next run, for other readers, takes the pages away that nobody has asked for.
    assert_eq!(sandbox.run("report again --out again --audience manager -q").status, 0);
    let names = sandbox.files("again");
    assert!(!names.keys().any(|it| it.ends_with("merchant.csv") || it.ends_with("manager.html")), "{:?}", names.keys());
}

#[test]
fn the_first_reader_has_the_index_and_each_page_leads_to_the_others() {
    let sandbox = demo();
    sandbox.run("report report --out pages --audience manager,merchant,manager -q");
    let files = sandbox.files("pages");
    let page = |name: &str| String::from_utf8(files[Path::new(name)].clone()).unwrap();
    assert!(page("index.html").contains("<body class=\"manager\">"));
    assert!(page("index.html").contains("<a href=\"merchant.html\">For merchants</a>"));
    assert!(page("merchant.html").contains("<a href=\"index.html\">For project managers</a>"));
    assert!(!files.contains_key(Path::new("manager.html")));
}

#[test]
fn the_merchants_sheet_asks_about_every_open_finding_that_needs_an_answer() {
    let sandbox = demo();
    sandbox.run("report report --out pages --audience merchant -q");
    let text = fs::read(sandbox.path("pages/merchant.csv")).unwrap();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").expect("a mark for spreadsheets");
    let mut reader = csv::Reader::from_reader(text);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(sandbox.path("report/findings.json")).unwrap()).unwrap();
    let steps: BTreeMap<&str, &str> = json["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["code"].as_str().unwrap(), it["step"].as_str().unwrap()))
        .collect();
    let to_decide: BTreeSet<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["severity"] != "info" && steps[it["rule"].as_str().unwrap()] == "decide")
        .map(|it| it["fingerprint"].as_str().unwrap())
        .collect();
    let asked: BTreeSet<&str> =
        rows.iter().filter(|it| &it[0] == "What needs your decision").map(|it| &it[5]).collect();
    assert!(asked.len() > 5 && asked == to_decide, "{asked:?} {to_decide:?}");
    let page = fs::read_to_string(sandbox.path("pages/index.html")).unwrap();
    assert!(!page.contains("media.missing"), "no code of a rule is shown to a merchant");
}

#[test]
fn a_report_speaks_the_language_it_is_asked_for() {
    let sandbox = Sandbox::new();
    agency(&sandbox);
    sandbox.run(&format!("demo --out report --now {NOW} --config agency.toml --formats html,json,md,xlsx -q"));
    let page = fs::read_to_string(sandbox.path("report/index.html")).unwrap();
    assert!(page.contains("<html lang=\"de\">") && page.contains("22. November 2026, 03:00 UTC"), "{}", &page[..900]);
    assert!(page.contains("--accent: #7a1f5c") && page.contains("src=\"data:image&#x2f;svg+xml;base64,"));
    assert!(page.contains("Umzug &amp; Söhne"));
    assert!(fs::read_to_string(sandbox.path("report/summary.md")).unwrap().contains("## Offene Befunde"));
    let book: Xlsx<_> = calamine::open_workbook(sandbox.path("report/report.xlsx")).unwrap();
    assert!(book.sheet_names().contains(&"Mediendateien".to_owned()), "{:?}", book.sheet_names());
    // The option wins over the file, and the same report can be had in the other language.
    sandbox.run("report report --out english --language en -q");
    assert!(fs::read_to_string(sandbox.path("english/index.html")).unwrap().contains("<html lang=\"en\">"));
    assert!(fs::read_to_string(sandbox.path("english/index.html")).unwrap().contains("22 November 2026, 03:00 UTC"));
}

#[test]
fn a_report_is_dressed_when_it_is_rendered_again() {
    let sandbox = demo();
    agency(&sandbox);
    sandbox.run("report report --out dressed --config agency.toml --formats html,json -q");
    let page = fs::read_to_string(sandbox.path("dressed/index.html")).unwrap();
    assert!(page.contains("<html lang=\"de\">") && page.contains("Umzug &amp; Söhne") && page.contains("#7a1f5c"));
    // What it does not name stays as the audit had it, and the next one has all of it.
    assert!(page.contains("Teehaus Lindenblatt"));
    sandbox.run("report dressed --out again --formats html,json -q");
    assert!(sandbox.files("dressed") == sandbox.files("again"));
}

#[test]
fn the_only_report_that_names_people_is_not_written_over_by_one_that_does_not() {
    let sandbox = demo();
    let before = sandbox.files("report");
    let err = sandbox.run("report report --out report --redact").refused();
    assert!(err.contains("name another folder for the redacted report"), "{err}");
    assert!(before == sandbox.files("report"));
    let run = sandbox.run("report report --out shared --redact");
    assert!(run.err.contains("without MAGEGAP_REDACT_KEY"), "{}", run.err);
    let run = sandbox.run("report shared --out shared --redact");
    assert!(run.status == 0 && run.err.contains("unreadable in it already"), "{}", run.err);
}

#[test]
fn effort_is_a_range_by_a_rate_that_can_be_set() {
    let sandbox = demo();
    let hours = |more: &str| {
        sandbox.run(&format!("report report --out effort --formats html,md -q --audience manager {more}"));
        let page = fs::read_to_string(sandbox.path("effort/index.html")).unwrap();
        let (_, text) = page.split_once("What is open is ").unwrap();
        let numbers = text.split_once(" hours.").unwrap().0.to_owned();
        assert!(fs::read_to_string(sandbox.path("effort/summary.md")).unwrap().contains(&numbers));
        numbers
    };
    let usual = hours("");
    sandbox.write("dear.toml", "[effort]\nminutes_per_point = [60, 240]\n");
    let dear = hours("--config dear.toml");
    let numbers = |text: &str| -> Vec<f64> {
        text.split(|it: char| !it.is_ascii_digit() && it != '.').filter_map(|it| it.parse().ok()).collect()
    };
    let (usual, dear) = (numbers(&usual), numbers(&dear));
    let double: Vec<f64> = usual.iter().skip(1).map(|it| it * 2.0).collect();
    assert!(usual[1] < usual[2] && double == dear[1..] && usual[..1] == dear[..1], "{usual:?} {dear:?}");
}

#[test]
fn a_template_that_nobody_asks_for_is_a_mistake() {
    let sandbox = demo();
    sandbox.write("own/report.css", "body { color: red }");
    sandbox.write("own/mananger.html", "<p>");
    let err = sandbox.run("report report --out again --templates own").refused();
    assert!(err.contains("has mananger.html, which is none of base.html"), "{err}");
}

#[test]
fn an_area_that_was_not_checked_as_a_whole_has_no_share() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let share = |arguments: &str, area: &str| {
        sandbox.run(&format!("audit {arguments} --out shares -q --formats json"));
        let json: serde_json::Value =
            serde_json::from_slice(&fs::read(sandbox.path("shares/findings.json")).unwrap()).unwrap();
        json["areas"].as_array().unwrap().iter().find(|it| it["name"] == area).unwrap()["done"].clone()
    };
    let both = "--m1-db m1.sql --m1-media m1-media --m2-db m2.sql --m2-media m2-media";
    let users = share(both, "admin_users");
    assert!(users["done"].as_u64() < users["of"].as_u64(), "{users}");
    assert!(share("--m1-db m1.sql --m1-media m1-media --m2-media m2-media", "admin_users").is_null());
    assert!(share("--m1-db m1.sql", "admin_users").is_null(), "nothing is done before the migration");
    let same = share("--m1-media m1-media --m2-media m1-media", "media");
    assert_eq!(same["done"], same["of"], "{same}");
}

#[test]
fn a_look_that_is_none_is_refused_before_anything_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write("logo.txt", "no picture");
    sandbox.write("large.png", [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 400_000]].concat());
    let cases = [
        ("accent = \"red; } body { display: none\"", "is no colour such as"),
        ("logo = \"logo.txt\"", "is no PNG, JPEG, WebP, GIF or SVG"),
        ("logo = \"large.png\"", "has more than"),
        ("logo = \"nowhere.png\"", "nowhere.png"),
        ("language = \"fr\"", "fr"),
        ("[effort]\nminutes_per_point = [60, 30]", "is no range such as [30, 120]"),
    ];
    for (line, reason) in cases {
        sandbox.write("wrong.toml", format!("[report]\n{line}\n"));
        let err = sandbox.run("demo --out report --config wrong.toml").refused();
        assert!(err.contains(reason), "{line}: {err}");
        assert!(!sandbox.path("report").exists(), "{line}");
    }
}

#[test]
fn a_report_is_rendered_again_into_its_own_folder_and_never_loses_what_it_is_made_of() {
    let sandbox = demo();
    let before = sandbox.files("report");
    let err = sandbox.run("report report --out report --formats html,csv").refused();
    assert!(err.contains("add json to --formats"), "{err}");
    assert!(before == sandbox.files("report"));
    assert_eq!(sandbox.run(&format!("report report --out report -q --formats {ALL}")).status, 0);
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
        ("styled", text.replacen("\"accent\":null", "\"accent\":\"red}*{}\"", 1), "the accent is no colour"),
        ("drawn", text.replacen("\"logo\":null", "\"logo\":\"http://x/y.png\"", 1), "the logo is no picture"),
        ("spoken", text.replacen("\"language\":\"en\"", "\"language\":\"xx\"", 1), "unknown variant `xx`"),
        ("praised", text.replacen("\"exit\":1", "\"exit\":0", 1), "the verdict is not that of the findings"),
        ("belittled", text.replacen("\"failing\":", "\"failing\":1", 1), "findings fail the run, and the verdict says"),
        (
            "overdone",
            text.replacen("\"done\":{\"done\":", "\"done\":{\"done\":9", 1),
            "more things done than there are",
        ),
        ("named", text.replacen("\"fingerprint\":\"", "\"fingerprint\":\"x", 1), "is no fingerprint"),
        ("magical", text.replacen("\"kind\":\"database\"", "\"kind\":\"magic\"", 1), "is no kind of input"),
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

/// A store whose names try to be markup of every format.
fn hostile() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["](http:evil)|x`y`.jpg", "<!--.jpg", "]]>&.jpg", "plain.jpg"] {
        sandbox.write(&format!("m1/wysiwyg/{name}"), name);
    }
    sandbox.write("m2/wysiwyg/plain.jpg", "plain.jpg");
    sandbox.write("m2/wysiwyg/](http:evil)|x`y`.php", "<?php");
    sandbox
}

#[test]
fn junit_has_a_case_for_each_finding_and_fails_by_the_limit_of_the_run() {
    let sandbox = demo();
    for (limit, status) in [("blocker", 1), ("info", 1), ("never", 0)] {
        let run = sandbox.run(&format!("demo --out report --formats junit,json --fail-on {limit} -q"));
        assert_eq!(run.status, status);
        let text = fs::read_to_string(sandbox.path("report/junit.xml")).unwrap();
        let json: serde_json::Value =
            serde_json::from_slice(&fs::read(sandbox.path("report/findings.json")).unwrap()).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let count = |name: &str| document.descendants().filter(|it| it.has_tag_name(name)).count();
        assert_eq!(count("failure") as u64, json["verdict"]["failing"].as_u64().unwrap(), "{limit}");
        let findings = json["findings"].as_array().unwrap().len();
        assert_eq!(count("testcase"), findings + json["areas"].as_array().unwrap().len());
        assert_eq!(document.root_element().attribute("failures").unwrap(), count("failure").to_string());
    }
}

#[test]
fn what_could_not_be_checked_is_an_error_in_junit_and_said_in_the_summary() {
    let sandbox = Sandbox::new();
    sandbox.write("m1/a.jpg", "a");
    let run = sandbox.run(
        "audit --m1-media m1 --m2-media m1 --m1-db mysql://nobody@127.0.0.1:1/x --out report --formats junit,md \
         --skip layout",
    );
    assert_eq!(run.status, 2, "{}", run.out);
    let junit = fs::read_to_string(sandbox.path("report/junit.xml")).unwrap();
    let document = roxmltree::Document::parse(&junit).unwrap();
    let coverage = |area: &str| {
        let is_case =
            |it: &roxmltree::Node<'_, '_>| it.has_tag_name("testcase") && it.attribute("classname") == Some(area);
        let case = document.descendants().find(is_case)?;
        Some(case.children().find(roxmltree::Node::is_element).map_or("success", |it| it.tag_name().name()).to_owned())
    };
    assert_eq!(coverage("admin_users").as_deref(), Some("error"), "{junit}");
    assert_eq!(coverage("layout"), None, "nobody asked for it");
    let summary = fs::read_to_string(sandbox.path("report/summary.md")).unwrap();
    // A blank line within a table would end it.
    let lines: Vec<&str> = summary.lines().collect();
    for at in (0..lines.len()).filter(|at| lines[*at].starts_with("|---")) {
        assert!(lines[at - 1].starts_with("| ") && lines[at + 1].starts_with("| "), "{}", lines[at..at + 3].join("\n"));
    }
    assert!(summary.contains("**Incomplete.**"), "{summary}");
    assert!(summary.contains("Admin users, Admin roles and rights, API credentials, Widgets, "), "{summary}");
    // The next run takes the folder for a report, though none of the usual files is in it.
    assert_eq!(sandbox.run("audit --m1-media m1 --m2-media m1 --out report --fail-on never --formats junit").status, 0);
    assert_eq!(sandbox.run("audit --m1-media m1 --m2-media m1 --out report --fail-on never --formats md").status, 0);
    assert_eq!(sandbox.files("report").len(), 1);
}

#[test]
fn names_of_a_store_are_no_markup_in_the_summary_nor_in_junit() {
    let sandbox = hostile();
    let run = sandbox.run("audit --m1-media m1 --m2-media m2 --out report --formats junit,md --fail-on low");
    assert_eq!(run.status, 1, "{}", run.err);
    let summary = fs::read_to_string(sandbox.path("report/summary.md")).unwrap();
    assert!(summary.contains("`` wysiwyg/](http:evil)\\|x`y`.php ``"), "{summary}");
    let junit = fs::read_to_string(sandbox.path("report/junit.xml")).unwrap();
    let document = roxmltree::Document::parse(&junit).unwrap();
    let names: Vec<&str> = document.descendants().filter_map(|it| it.attribute("name")).collect();
    for name in ["wysiwyg/](http:evil)|x`y`.jpg", "wysiwyg/<!--.jpg", "wysiwyg/]]>&.jpg"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

#[test]
fn the_workbook_has_every_finding_once_and_no_formula() {
    let sandbox = Sandbox::new();
    sandbox.write("m1/=cmd|' !A1.jpg", "a");
    sandbox.write("m1/@sum.jpg", "b");
    sandbox.write("m1/wysiwyg/plain.jpg", "c");
    sandbox.write("m2/wysiwyg/plain.jpg", "c");
    sandbox.run("audit --m1-media m1 --m2-media m2 --out report --formats csv,xlsx");
    let mut book: Xlsx<_> = calamine::open_workbook(sandbox.path("report/report.xlsx")).unwrap();
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert_eq!(formulas.used_cells().count(), 0, "{name}");
    }
    let sheet = book.worksheet_range("Media files").unwrap();
    let subjects: Vec<String> = sheet.rows().skip(1).map(|row| row[2].to_string()).collect();
    assert!(
        subjects.contains(&"=cmd|' !A1.jpg".to_owned()) && subjects.contains(&"@sum.jpg".to_owned()),
        "{subjects:?}"
    );

    sandbox.run("demo --out demo --formats csv,html,xlsx -q");
    let mut book: Xlsx<_> = calamine::open_workbook(sandbox.path("demo/report.xlsx")).unwrap();
    let mut fingerprints = Vec::new();
    for name in &book.sheet_names()[1..] {
        let sheet = book.worksheet_range(name).unwrap();
        fingerprints.extend(sheet.rows().skip(1).filter(|it| it.len() > 14).map(|row| row[14].to_string()));
    }
    fingerprints.sort();
    let csv = fs::read(sandbox.path("demo/findings.csv")).unwrap();
    let mut expected: Vec<String> =
        csv::Reader::from_reader(csv.as_slice()).records().map(|it| it.unwrap()[0].to_owned()).collect();
    expected.sort();
    assert_eq!(fingerprints, expected);
    let summary = book.worksheet_range("Summary").unwrap();
    let (sums, areas): (Vec<_>, Vec<_>) = summary.rows().partition(|row| row[0] == *"All areas");
    let totals = [sums, areas]
        .map(|rows| -> f64 { rows.iter().flat_map(|row| &row[2..7]).filter_map(calamine::DataType::as_f64).sum() });
    assert_eq!(totals.map(|it| it.to_string()), [expected.len().to_string(), expected.len().to_string()]);
}

#[test]
fn a_redacted_report_names_nobody_in_any_format_and_is_the_same_from_both_commands() {
    let sandbox = demo();
    let formats = format!("--formats {ALL} --audience {READERS} --redact -q");
    assert_eq!(sandbox.run(&format!("demo --out redacted --now {NOW} {formats}")).status, 0);
    assert_eq!(sandbox.run(&format!("report report --out again {formats}")).status, 0);
    assert!(sandbox.files("redacted") == sandbox.files("again"));
    assert_eq!(sandbox.run(&format!("report redacted --out again {formats}")).status, 0, "once more is no more");
    assert!(sandbox.files("redacted") == sandbox.files("again"));
    let people = ["jonas.k", "катя", "agentur_alt", "Alte Agentur", "Deploy Bot", "@lindenblatt.example", "kobayashi"];
    for (path, bytes) in sandbox.files("redacted") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for name in people {
            assert!(!text.contains(name), "{name} is in {}", path.display());
        }
    }
    let mut book: Xlsx<_> = calamine::open_workbook(sandbox.path("redacted/report.xlsx")).unwrap();
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).unwrap();
        for cell in sheet.used_cells().map(|it| it.2.to_string()) {
            assert!(!people.iter().any(|it| cell.contains(it)), "{cell}");
        }
    }
    for page in ["index.html", "manager.html", "summary.md"] {
        let text = fs::read_to_string(sandbox.path("redacted").join(page)).unwrap();
        assert!(text.contains("are redacted in this report"), "{page} does not say so");
    }
    let run = |key: &str| {
        let arguments = ["report", "report", "--out", "keyed", "--redact", "-q"];
        assert_eq!(sandbox.run_with(&arguments, &[("MAGEGAP_REDACT_KEY", key)]).status, 0);
        fs::read(sandbox.path("keyed/findings.json")).unwrap()
    };
    assert!(run("one") == run("one") && run("one") != run("other"));
    // Findings that name nobody keep their names.
    let plain = sandbox.findings("report");
    let redacted = sandbox.findings("redacted");
    assert_eq!(plain.len(), redacted.len());
    assert!(
        redacted.iter().filter(|it| it.starts_with("media.")).eq(plain.iter().filter(|it| it.starts_with("media.")))
    );
}
