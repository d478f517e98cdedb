//! Decisions of people about findings, from run to run.

use std::fs;

use calamine::{Reader, Xlsx};

use crate::support::{NOW, Sandbox};

/// Four files that are missing, in two folders, and one that is there.
pub(crate) fn store() -> Sandbox {
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

pub(crate) const AUDIT: &str =
    "audit --m1-media m1 --m2-media m2 --out report --formats csv,json,html,md,junit --fail-on medium";

/// Runs the audit; its status, and what it prints.
pub(crate) fn audit(sandbox: &Sandbox, more: &str) -> (i32, String) {
    let now = if more.contains("--now") { String::new() } else { format!("--now {NOW}") };
    let run = sandbox.run(&format!("{AUDIT} {now} {more}"));
    assert!(run.status < 2, "{}{}", run.out, run.err);
    (run.status, run.out)
}

pub(crate) fn json(sandbox: &Sandbox) -> serde_json::Value {
    serde_json::from_slice(&fs::read(sandbox.path("report/findings.json")).unwrap()).unwrap()
}

/// Subjects of waived findings.
pub(crate) fn waived(sandbox: &Sandbox) -> Vec<String> {
    let json = json(sandbox);
    let waived = json["findings"].as_array().unwrap().iter().filter(|it| it["state"] == "waived");
    waived.map(|it| it["subject"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn trouble(sandbox: &Sandbox) -> Vec<String> {
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

#[test]
fn a_decision_is_renewed_and_nothing_else_in_the_file_is_touched() {
    let sandbox = store();
    let decide = |arguments: &str| sandbox.run(&format!("decide --file own.toml --reason again {arguments}"));
    // A file of another system, with nothing but comments.
    sandbox.write("own.toml", "# ours\r\n# agreed on the phone");
    let later = "--rule media.missing --subject old/c.jpg --decision later --until";
    assert_eq!(decide(&format!("{later} 2099-01-01")).status, 0);
    let before = fs::read_to_string(sandbox.path("own.toml")).unwrap();
    assert!(before.starts_with("# ours\r\n# agreed on the phone\r\n\r\n[[decision]]\r\n"), "{before:?}");
    let err = decide(&format!("{later} 2099-02-01")).refused();
    assert!(err.contains("own.toml line 4 has decided about media.missing old/c.jpg already: --replace"), "{err}");
    assert_eq!(decide(&format!("{later} 2099-02-01 --replace")).status, 0);
    let after = fs::read_to_string(sandbox.path("own.toml")).unwrap();
    assert_eq!(after, before.replace("2099-01-01", "2099-02-01"));
    // What people wrote within its table stays.
    let noted = "[[decision]]\n# who: Ann\nrule = \"media.missing\" # all\nsubject = \"z\"\ndecision = \"later\"\nreason = \"x\" # why\n\
                 until = 2099-01-01 # a date\n";
    sandbox.write("noted.toml", format!("\u{FEFF}{noted}"));
    let run = sandbox.run("decide --file noted.toml --rule media.missing --subject z --decision later --reason y --until 2099-02-01 --replace");
    assert_eq!(run.status, 0, "{}", run.err);
    let text = fs::read_to_string(sandbox.path("noted.toml")).unwrap();
    assert_eq!(text, format!("\u{FEFF}{}", noted.replace("\"x\"", "\"y\"").replace("2099-01-01", "2099-02-01")));
    // A text of two lines is one.
    let two = ["decide", "--file", "own.toml", "--rule", "media.missing", "--subject", "two", "--decision", "accept"];
    let run = sandbox.run_with(&two.into_iter().chain(["--reason", "one\ntwo"]).collect::<Vec<_>>(), &[]);
    assert_eq!(run.status, 0, "{}", run.err);
    let text = fs::read_to_string(sandbox.path("own.toml")).unwrap();
    assert!(text.contains("reason = \"one\\ntwo\"\r\n"), "{text}");
    sandbox.write("own.toml", &after);
    // Nothing but a file is written.
    std::os::unix::fs::symlink("nowhere.toml", sandbox.path("link.toml")).unwrap();
    for (file, reason) in [("link.toml", "a link that leads to none"), ("m1", "cannot read m1")] {
        let err =
            sandbox.run(&format!("decide --file {file} --rule media.missing --subject a --decision accept --reason x"));
        let err = err.refused();
        assert!(err.contains(reason), "{err}");
    }
    assert!(sandbox.path("link.toml").is_symlink());
    // What is over, empty, or said of other things is not written.
    let subject = "--rule media.missing --subject";
    for (arguments, reason) in [
        (format!("{later} 2020-01-01 --replace"), "ends on 2020-01-01, which is over"),
        (format!("{subject}= --decision accept"), "has a wrong subject: it is empty"),
        (format!("{subject} a --decision lift"), "is `lift`, which is said of extensions"),
        (format!("{subject} a --decision accept --until 2099-01-01T10:00"), "is no day"),
    ] {
        let err = decide(&arguments).refused();
        assert!(err.contains(reason), "{err}");
    }
    assert_eq!(fs::read_to_string(sandbox.path("own.toml")).unwrap(), after);
    // A file that a run would refuse is not added to.
    for (text, reason) in [
        ("[reports]\n", "unknown field `reports`"),
        ("decision = [{ rule = \"media.missing\", decision = \"accept\", reason = \"x\" }]\n", "write it by hand"),
    ] {
        sandbox.write("own.toml", text);
        let err = decide(&format!("{subject} a --decision accept")).refused();
        assert!(err.contains(reason), "{err}");
        assert_eq!(fs::read_to_string(sandbox.path("own.toml")).unwrap(), text);
    }
}

#[test]
fn a_decision_about_a_report_is_about_something_in_it() {
    let sandbox = store();
    audit(&sandbox, "");
    let decide = |subject: &str| {
        let subject = ["--subject", subject, "--report", "report"];
        let all = ["decide", "--rule", "media.missing", "--decision", "accept", "--reason", "x"];
        sandbox.run_with(&all.into_iter().chain(subject).collect::<Vec<_>>(), &[])
    };
    let run = decide("old/**");
    assert!(run.status == 0 && run.out.contains("(2 of the report's findings)"), "{}{}", run.out, run.err);
    let run = decide("old/c.jpg");
    assert!(run.err.contains("1 of them are decided already"), "{}", run.err);
    sandbox.run(&format!("demo --out demo -q --now {NOW} --formats json"));
    let run = sandbox.run(
        "decide --file own.toml --rule media.htaccess-copied --subject .ht* --decision accept --reason x --report demo",
    );
    assert!(run.err.contains("1 of them are blockers, which no pattern waives"), "{}", run.err);
    let err = decide("Old/**").refused();
    assert!(err.contains("no finding of report is what media.missing Old/** names"), "{err}");
}

#[test]
fn the_first_decision_counts_and_the_others_are_told_why_they_do_not() {
    let sandbox = store();
    audit(&sandbox, "");
    let json = json(&sandbox);
    let c = json["findings"].as_array().unwrap().iter().find(|it| it["subject"] == "old/c.jpg").unwrap();
    let fingerprint = c["fingerprint"].as_str().unwrap();
    let decision = |aim: &str, until: &str| {
        format!("[[decision]]\n{aim}\ndecision = \"accept\"\nreason = \"so it is\"\nuntil = {until}\n")
    };
    let exact = format!("fingerprint = \"{fingerprint}\"");
    let text = [
        decision(&exact, "2026-01-01"),
        decision("rule = \"media.missing\"\nsubject = \"old/**\"", "2026-11-24"),
        decision(&exact, "2099-01-01"),
    ];
    sandbox.write("decisions.toml", text.concat());
    let (_, out) = audit(&sandbox, "--decisions decisions.toml");
    assert_eq!(waived(&sandbox), ["old/c.jpg", "old/deep/d.jpg"]);
    assert_eq!(trouble(&sandbox), ["expired", "ending", "overruled"], "{out}");
    // A renewal behind what is over counts.
    sandbox.write("decisions.toml", [&text[0][..], &text[2]].concat());
    audit(&sandbox, "--decisions decisions.toml");
    assert_eq!(
        (waived(&sandbox), trouble(&sandbox)),
        (vec!["old/c.jpg".to_owned()], vec!["expired".to_owned(), "none".to_owned()])
    );
    // Nobody knows of a finding that nobody looked for.
    sandbox.write("decisions.toml", decision("fingerprint = \"00000000000000aa\"", "2099-01-01"));
    let (_, out) = audit(&sandbox, "--decisions decisions.toml");
    assert_eq!(trouble(&sandbox), ["unknown"], "{out}");
}

#[test]
fn a_subject_that_looks_like_a_pattern_is_itself() {
    let sandbox = store();
    sandbox.write("m1/old/[a]*.jpg", "odd");
    sandbox.write("m1/old/b.jpg", "even");
    sandbox.write(
        "magegap.toml",
        "[[decision]]\nrule = \"media.missing\"\nsubject = 'old/[a]*.jpg'\ndecision = \"accept\"\nreason = \"x\"\n",
    );
    audit(&sandbox, "");
    assert_eq!(waived(&sandbox), ["old/[a]*.jpg"]);
}

#[test]
fn what_is_put_off_is_not_done_and_what_stays_behind_does_not_count() {
    let sandbox = Sandbox::new();
    let users = |decision: &str| {
        let table = format!("[[decision]]\nrule = \"admin_users.missing\"\n{decision}\nreason = \"x\"\n");
        sandbox.write("decisions.toml", if decision.is_empty() { String::new() } else { table });
        sandbox.run(&format!("demo --out report -q --now {NOW} --decisions decisions.toml --formats json"));
        let json = json(&sandbox);
        let area = json["areas"].as_array().unwrap().iter().find(|it| it["name"] == "admin_users").unwrap().clone();
        let (done, effort) = (&area["done"], &area["effort"]);
        let count = |it: &serde_json::Value| it.as_u64().unwrap();
        // Points have twentieths.
        let twentieths = |it: &serde_json::Value| format!("{:.0}", it.as_f64().unwrap() * 20.0).parse::<u64>().unwrap();
        (count(&done["done"]), count(&done["of"]), twentieths(&effort["open"]), twentieths(&effort["later"]))
    };
    let (done, of, open, later) = users("");
    assert!(done < of && open > 0 && later == 0);
    let put_off = users("decision = \"later\"\nuntil = 2099-01-01");
    assert_eq!((put_off.0, put_off.1), (done, of), "nothing is done by being put off");
    assert!(put_off.2 < open && put_off.3 > 0);
    let left = users("decision = \"will-not-migrate\"");
    assert!(left.0 == done && left.1 < of && left.3 == 0, "{left:?}");
    let by_hand = users("decision = \"done-by-hand\"");
    assert!(by_hand.0 > done && by_hand.1 == of, "{by_hand:?}");
}

#[test]
fn what_becomes_of_an_extension_makes_its_points_and_asks_nobody_again() {
    let sandbox = Sandbox::new();
    let run = |verdict: &str| {
        let table = format!("[[decision]]\nrule = \"extensions.missing\"\ndecision = \"{verdict}\"\nreason = \"x\"\n");
        sandbox.write("decisions.toml", if verdict.is_empty() { String::new() } else { table });
        sandbox.run(&format!(
            "demo --out report -q --now {NOW} --decisions decisions.toml --formats json,html --audience merchant,manager"
        ));
        let json = json(&sandbox);
        let area = json["areas"].as_array().unwrap().iter().find(|it| it["name"] == "extensions").unwrap().clone();
        let pages = ["report/index.html", "report/manager.html"];
        let text = pages.map(|it| fs::read_to_string(sandbox.path(it)).unwrap());
        let section = |text: &str| {
            let (_, after) = text.split_once("<section id=\"deci").unwrap();
            after.split_once("\n<section id=").map_or(after, |it| it.0).to_owned()
        };
        let is_asked = text.map(|it| section(&it).contains("Decide whether it is needed, and what replaces it."));
        (area["effort"]["open"].as_f64().unwrap(), is_asked)
    };
    let (undecided, is_asked) = run("");
    assert_eq!(is_asked, [true, true]);
    let missing =
        json(&sandbox)["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "extensions.missing").count();
    for (verdict, points) in [("lift", 3.0), ("replace", 5.0), ("rewrite", 7.0), ("drop", 0.0)] {
        let (open, is_asked) = run(verdict);
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let expected = undecided - (7.0 - points) * missing as f64;
        assert!((open - expected).abs() < 0.01, "{verdict}: {open} of {undecided}");
        assert_eq!(is_asked, [false, false], "{verdict}");
    }
}
