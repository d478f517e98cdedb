//! `magegap decide`: a decision written to a file, of which all else stays as it is.

use std::path::Path;

use jiff::civil::Date;
use toml_edit::{ArrayOfTables, Datetime, DocumentMut, Item, Table, Value, value};

use crate::cli::DecideArgs;
use crate::commands::{World, printed};
use crate::decision::{self, Day, Decision, Index};
use crate::error::Error;
use crate::finding::Severity;
use crate::report::{self, Entry};
use crate::settings;
use crate::source;
use crate::text::visible;

pub(super) fn run(args: &DecideArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let path = &args.file;
    let decision = wanted(args, world.now.to_zoned(jiff::tz::TimeZone::UTC).date())?;
    let before = if source::exists(path) {
        source::text_file(path).map_err(|source| Error::Read { path: path.clone(), source })?
    } else {
        String::new()
    };
    let known = settings::decisions(&before, path)?;
    let about = args.report.as_deref().map(|it| about(&decision, &known, it)).transpose()?;
    let after = match known.iter().position(|it| it.is_about_the_same(&decision)) {
        Some(at) if args.replace => replaced(&before, at, args, path)?,
        Some(at) => {
            let (place, aim) = (&known[at].place, visible(&known[at].aim()).into_owned());
            return Err(Error::usage(format!(
                "{place} has decided about {aim} already: --replace puts this decision in its place"
            )));
        }
        None => added(&before, args),
    };
    // What is written is what the next run reads.
    let written = settings::decisions(&after, path).map_err(|_| {
        Error::usage(format!(
            "{} has its decisions in one list, and not as [[decision]]: write it by hand",
            path.display()
        ))
    })?;
    let Some(new) = written.iter().find(|it| it.is_about_the_same(&decision)) else {
        return Err(Error::usage(format!("{} would not hold the decision", path.display())));
    };
    source::replace_file(path, after.as_bytes()).map_err(|source| Error::Write { path: path.clone(), source })?;
    if new.takes_everything() {
        world.warn("it takes everything that the rule finds, now and later");
    }
    let count = about.as_ref().map_or(String::new(), |it| format!(" ({} of the report's findings)", it.findings));
    for (count, why) in about.iter().flat_map(|it| [(it.blockers, BLOCKERS), (it.overruled, OVERRULED)]) {
        if count > 0 {
            world.warn(&format!("{count} of them {why}"));
        }
    }
    let (place, aim) = (visible(&new.place), new.aim());
    printed(writeln!(world.out, "{place}: {}, {}{count}", visible(&aim), new.verdict.code()))?;
    Ok(0)
}

/// Why a decision does nothing about findings that it names.
const BLOCKERS: &str = "are blockers, which no pattern waives: name each by fingerprint or subject";
const OVERRULED: &str = "are decided already: the decision that stands before it counts";

/// The decision that the command line asks for.
fn wanted(args: &DecideArgs, today: Date) -> Result<Decision, Error> {
    let DecideArgs { fingerprint, rule, subject, scope, decision, reason, by, until, ticket, .. } = args.clone();
    let until = until.map(Day::Text);
    let table = decision::Table { fingerprint, rule, subject, scope, decision, reason, by, until, ticket };
    let decision = Decision::new(table, String::new()).map_err(|why| Error::usage(format!("the decision {why}")))?;
    if let Some(until) = decision.until.filter(|it| *it < today) {
        return Err(Error::usage(format!("the decision ends on {until}, which is over")));
    }
    Ok(decision)
}

/// What a decision is about in a report.
struct About {
    findings: usize,
    /// Those that are blockers, and not named by their subject.
    blockers: usize,
    /// Those that other decisions are about.
    overruled: usize,
}

fn about(decision: &Decision, known: &[Decision], report: &Path) -> Result<About, Error> {
    let entries = report::read(&report::findings_of(report))?.findings;
    let others: Vec<Decision> = known.iter().filter(|it| !it.is_about_the_same(decision)).cloned().collect();
    let (own, others) = (Index::of(std::slice::from_ref(decision)), Index::of(&others));
    let is_in = |index: &Index<'_>, it: &Entry| {
        !index.about(&it.rule, &it.subject, &it.scope, || it.fingerprint.clone()).is_empty()
    };
    let entries: Vec<&Entry> = entries.iter().filter(|it| is_in(&own, it)).collect();
    if entries.is_empty() {
        let aim = decision.aim();
        return Err(Error::usage(format!("no finding of {} is what {} names", report.display(), visible(&aim))));
    }
    let is_blocker = |it: &&&Entry| it.severity == Severity::Blocker && !decision.names(&it.subject);
    Ok(About {
        findings: entries.len(),
        blockers: entries.iter().filter(is_blocker).count(),
        overruled: entries.iter().filter(|it| is_in(&others, it)).count(),
    })
}

/// A text as a string on one line: its line ends are the text's, whatever those of the file are.
fn quoted(text: &str) -> Value {
    let quoted = serde_json::to_string(text).expect("a text is JSON").replace('\u{7f}', "\\u007f");
    quoted.parse().unwrap_or_else(|_| text.into())
}

/// The decision as a table.
fn table(args: &DecideArgs) -> Table {
    let mut table = Table::new();
    let DecideArgs { fingerprint, rule, subject, scope, decision, reason, by, until, ticket, .. } = args;
    let until = until.as_deref().map(|it| it.parse::<Datetime>().map_or_else(|_| quoted(it), Value::from));
    let quoted = |it: &Option<String>| it.as_deref().map(quoted);
    let values = [
        ("fingerprint", quoted(fingerprint)),
        ("rule", quoted(rule)),
        ("subject", quoted(subject)),
        ("scope", quoted(scope)),
        ("decision", Some(decision.code().into())),
        ("reason", quoted(&Some(reason.clone()))),
        ("by", quoted(by)),
        ("until", until),
        ("ticket", quoted(ticket)),
    ];
    for (key, it) in values {
        if let Some(it) = it {
            table.insert(key, value(it));
        }
    }
    table
}

/// The text with the decision behind it: nothing of what was written before is touched.
fn added(before: &str, args: &DecideArgs) -> String {
    let mut document = DocumentMut::new();
    let mut decisions = ArrayOfTables::new();
    decisions.push(table(args));
    document.insert("decision", Item::ArrayOfTables(decisions));
    let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let last = if before.is_empty() || before.ends_with('\n') { "" } else { end };
    let gap = if before.trim().is_empty() { "" } else { end };
    format!("{before}{last}{gap}{}", document.to_string().replace('\n', end))
}

/// The text with the decision in the place of one. Comments stay, also those within its table.
fn replaced(before: &str, at: usize, args: &DecideArgs, path: &Path) -> Result<String, Error> {
    let wrong = |line: usize, why: &str| Error::usage(format!("{} line {line}: {why}", path.display()));
    let (mark, text) = before.strip_prefix(MARK).map_or(("", before), |it| (MARK, it));
    let has_crlf = text.contains("\r\n");
    if has_crlf && text.matches('\n').count() != text.matches("\r\n").count() {
        return Err(wrong(1, "its lines end in two ways: change the decision by hand"));
    }
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(decision::line_of(text, error.span()), error.message()))?;
    let old = document.get_mut("decision").and_then(Item::as_array_of_tables_mut).and_then(|it| it.get_mut(at));
    let Some(old) = old else {
        return Err(wrong(1, "its decisions are no [[decision]] tables: write this one by hand"));
    };
    let new = table(args);
    let keys: Vec<String> = old.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys.iter().filter(|it| !new.contains_key(it)) {
        old.remove(key);
    }
    for (key, item) in new {
        match (old.get_mut(&key).and_then(Item::as_value_mut), item) {
            (Some(old), Item::Value(mut new)) => {
                *new.decor_mut() = old.decor().clone();
                *old = new;
            }
            (_, item) => {
                old.insert(&key, item);
            }
        }
    }
    let after = document.to_string().replace("\r\n", "\n");
    Ok(format!("{mark}{}", if has_crlf { after.replace('\n', "\r\n") } else { after }))
}

/// The mark with which some programs begin files of UTF-8.
const MARK: &str = "\u{FEFF}";
