//! `magegap decide`: a decision written to a file, of which all else stays as it is.

use std::path::Path;

use jiff::civil::Date;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::cli::DecideArgs;
use crate::commands::{World, printed};
use crate::decision::{self, Day, Decision, Index};
use crate::error::Error;
use crate::report;
use crate::settings;
use crate::source;
use crate::text::visible;

pub(super) fn run(args: &DecideArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let path = &args.file;
    let decision = wanted(args, world.now.to_zoned(jiff::tz::TimeZone::UTC).date())?;
    let about = args.report.as_deref().map(|it| about(&decision, it)).transpose()?;
    let before = if source::exists(path) {
        source::text_file(path).map_err(|source| Error::Read { path: path.clone(), source })?
    } else {
        String::new()
    };
    let known = settings::decisions(&before, path)?;
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
    let about = about.map_or(String::new(), |it| format!(" ({it} of the report's findings)"));
    let (place, aim) = (visible(&new.place), new.aim());
    printed(writeln!(world.out, "{place}: {}, {}{about}", visible(&aim), new.verdict.code()))?;
    Ok(0)
}

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

/// How many findings of a report it is about.
fn about(decision: &Decision, report: &Path) -> Result<usize, Error> {
    let findings = report::read(&report::findings_of(report))?.findings;
    let decisions = std::slice::from_ref(decision);
    let index = Index::of(decisions);
    let is_about =
        |it: &&report::Entry| !index.about(&it.rule, &it.subject, &it.scope, || it.fingerprint.clone()).is_empty();
    match findings.iter().filter(is_about).count() {
        0 => {
            let aim = decision.aim();
            Err(Error::usage(format!("no finding of {} is what {} names", report.display(), visible(&aim))))
        }
        count => Ok(count),
    }
}

/// The decision as a table.
fn table(args: &DecideArgs) -> Table {
    let mut table = Table::new();
    let DecideArgs { fingerprint, rule, subject, scope, decision, reason, by, until, ticket, .. } = args;
    let texts = [
        ("fingerprint", fingerprint.as_deref()),
        ("rule", rule.as_deref()),
        ("subject", subject.as_deref()),
        ("scope", scope.as_deref()),
        ("decision", Some(decision.code())),
        ("reason", Some(reason.as_str())),
        ("by", by.as_deref()),
        ("until", until.as_deref()),
        ("ticket", ticket.as_deref()),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            table.insert(key, value(text));
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

/// The text with the decision in the place of one.
fn replaced(before: &str, at: usize, args: &DecideArgs, path: &Path) -> Result<String, Error> {
    let wrong = |line: usize, why: &str| Error::usage(format!("{} line {line}: {why}", path.display()));
    let mut document: DocumentMut = before
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(decision::line_of(before, error.span()), error.message()))?;
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
        old.insert(&key, item);
    }
    let after = document.to_string();
    Ok(if before.contains("\r\n") { after.replace("\r\n", "\n").replace('\n', "\r\n") } else { after })
}
