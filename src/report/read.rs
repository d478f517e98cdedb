//! `findings.json` read again. The file may have come by mail: nothing in it is
//! trusted that names a file or counts something.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::baseline::Past;
use super::json::v1::Received;
use super::look::is_data_url;
use super::sentence::sentence;
use super::{Entry, Report, SCHEMA, is_color};
use crate::area::{About, Card};
use crate::error::Error;
use crate::finding::{Severity, Trend};
use crate::language::Language;
use crate::text::visible;

/// What tells the file from others, whatever else is in it.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Reads a report from its `findings.json`.
///
/// # Errors
/// If the file cannot be read, is none of magegap's, is of a version that this one does not know, or is damaged.
pub fn read(path: &Path) -> Result<Report, Error> {
    let text = crate::source::text_file(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    parse(&text).map_err(|why| Error::usage(format!("{} {why}", path.display())))
}

fn parse(text: &str) -> Result<Report, String> {
    // A hundred megabytes are read once: what else it may be is asked where it is no report.
    let mut report: Report = match serde_json::from_str(text) {
        Ok(Received(report)) => report,
        Err(error) => return Err(head(text).err().unwrap_or_else(|| format!("is damaged: {error}"))),
    };
    if report.schema != SCHEMA {
        head(text)?;
    }
    check(&report).map_err(|why| format!("is damaged: {why}"))?;
    let is_older = report.areas.iter().flat_map(|it| &it.cards).all(|it| it.about.is_empty());
    if is_older {
        report.areas.iter_mut().flat_map(|it| &mut it.cards).for_each(about_its_title);
    }
    // What the file says of itself is not what a terminal prints.
    report.verdict.sentence = sentence(&report, Language::En);
    Ok(report)
}

/// The subjects of a card of an older report, which names them by its titles alone: a subject, or a subject and its
/// scope in parentheses.
fn about_its_title(card: &mut Card) {
    for title in std::iter::once(&card.title).chain(&card.also) {
        card.about.push(About { subject: title.clone(), scope: None });
        if let Some((subject, scope)) = title.strip_suffix(')').and_then(|it| it.rsplit_once(" (")) {
            card.about.push(About { subject: subject.to_owned(), scope: Some(scope.to_owned()) });
        }
    }
}

/// Whether a text says that it is a report of this version.
fn head(text: &str) -> Result<(), String> {
    let head: Head = serde_json::from_str(text).map_err(|error| {
        if error.is_eof() && !text.trim().is_empty() {
            format!("is cut: {error}")
        } else {
            format!("is no findings.json of magegap: {error}")
        }
    })?;
    if head.schema == SCHEMA {
        return Ok(());
    }
    let family = SCHEMA.rsplit_once('/').map_or(SCHEMA, |(family, _)| family);
    let is_ours = head.schema.strip_prefix(family).is_some_and(|it| it.starts_with('/'));
    let schema = visible(&head.schema).into_owned();
    Err(if is_ours {
        format!("is a {schema}, and this magegap reads {SCHEMA}: render it with the magegap that wrote it")
    } else {
        format!("is a {schema}, and no {SCHEMA}")
    })
}

/// Whether its parts fit together, as every format relies on.
fn check(report: &Report) -> Result<(), String> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
    for area in &report.areas {
        let name = visible(&area.name).into_owned();
        // It is also the name of a file.
        if !is_name(&area.name) {
            return Err(format!("{name:?} is no name of an area"));
        }
        if report.areas.iter().filter(|it| it.name == area.name).count() > 1 {
            return Err(format!("the area {name} is there twice"));
        }
        let inventory = &area.inventory;
        if inventory.rows.iter().any(|it| it.len() != inventory.columns.len()) {
            return Err(format!("a row of the inventory of {name} has not as many cells as there are columns"));
        }
        if area.picture.iter().any(|it| it.bars.iter().any(|bar| bar.values.len() != it.parts.len())) {
            return Err(format!("a bar of the picture of {name} has not as many values as there are parts"));
        }
        if area
            .picture
            .iter()
            .flat_map(|it| &it.bars)
            .any(|it| it.values.iter().try_fold(0, |sum: u64, it| sum.checked_add(*it)).is_none())
        {
            return Err(format!("a bar of the picture of {name} is too long"));
        }
        if area.done.is_some_and(|it| !it.is_possible()) {
            return Err(format!("{name} has more things done than there are"));
        }
        for severity in Severity::ALL {
            let open = report.findings.iter().filter(|it| it.is_open() && it.area == area.name);
            let open = open.filter(|it| it.severity == severity).count();
            let said = area.counts.get(&severity).copied().unwrap_or_default();
            if open != said {
                return Err(format!("{name} has {open} open findings of severity {severity}, and says {said}"));
            }
        }
    }
    let areas: BTreeSet<&str> = report.areas.iter().map(|it| &*it.name).collect();
    if let Some(rule) = report.rules.iter().find(|it| !areas.contains(&*it.area)) {
        return Err(format!("the rule {} is of no area", visible(&rule.code)));
    }
    let rules: BTreeMap<&str, &str> = report.rules.iter().map(|it| (&*it.code, &*it.area)).collect();
    if let Some(entry) = report.findings.iter().find(|it| rules.get(&*it.rule) != Some(&&*it.area)) {
        return Err(format!("the finding {} is of no known rule", visible(&entry.fingerprint)));
    }
    let is_decided = |it: &Entry| it.decision.is_none_or(|it| (it as usize) < report.decisions.len());
    if let Some(entry) = report.findings.iter().find(|it| {
        !is_decided(it) || it.is_open() != it.decision.is_none_or(|at| !report.decisions[at as usize].decision.waives())
    }) {
        return Err(format!("nothing decides the finding {}", visible(&entry.fingerprint)));
    }
    if let Some(entry) = report.findings.iter().find(|it| !is_fingerprint(&it.fingerprint)) {
        return Err(format!("{:?} is no fingerprint", visible(&entry.fingerprint)));
    }
    let mut fingerprints = BTreeSet::new();
    // They are anchors of the page.
    if let Some(entry) = report.findings.iter().find(|it| !fingerprints.insert(&it.fingerprint)) {
        return Err(format!("the finding {} is there twice", visible(&entry.fingerprint)));
    }
    if report.look.accent.as_deref().is_some_and(|it| !is_color(it)) {
        return Err("the accent is no colour".to_owned());
    }
    if report.look.logo.as_deref().is_some_and(|it| !is_data_url(it)) {
        return Err("the logo is no picture".to_owned());
    }
    let stores = [Some(&report.stores.m1), report.stores.m2.as_ref()];
    let kinds = ["database", "media", "snapshot", "installation"];
    if let Some(it) =
        stores.into_iter().flatten().flat_map(|it| &it.inputs).find(|it| !kinds.contains(&it.kind.as_str()))
    {
        return Err(format!("{:?} is no kind of input", visible(&it.kind)));
    }
    if report.generated.parse::<jiff::Timestamp>().is_err() {
        return Err("its time is none".to_owned());
    }
    if !report.minutes_per_point.is_possible() {
        return Err("what a point costs is no range of minutes".to_owned());
    }
    for run in &report.history {
        run.check().map_err(|why| format!("a run of its history is none: {why}"))?;
    }
    baseline(report)?;
    verdict(report)
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Whether what has come and gone fits what is there.
fn baseline(report: &Report) -> Result<(), String> {
    let is_time = |it: &str| it.parse::<jiff::Timestamp>().is_ok();
    let Some(before) = &report.baseline else { return Ok(()) };
    if !is_time(&before.generated) {
        return Err("the time of its baseline is none".to_owned());
    }
    let count = |trend: Trend| report.findings.iter().filter(|it| it.is_work() && it.trend == trend.code()).count();
    if (before.new, before.known) != (count(Trend::New), count(Trend::Known)) {
        return Err("it counts other new and known findings than it has".to_owned());
    }
    if before.reopened.saturating_add(before.worse).saturating_add(before.failed) > report.findings.len() {
        return Err("it counts more findings than it has".to_owned());
    }
    let mut names: BTreeSet<String> = report.findings.iter().map(|it| it.fingerprint.clone()).collect();
    let mut gone = before.fixed.iter().chain(&before.unchecked).chain(&before.waived_gone);
    // What is left of two people's names may be the same.
    let mut is_twice = |it: &'_ Past| !names.insert(it.fingerprint.clone()) && !report.is_redacted;
    match gone.find(|it| !is_fingerprint(&it.fingerprint) || is_twice(it)) {
        Some(it) => Err(format!("{:?} is no finding that is gone", visible(&it.fingerprint))),
        None => Ok(()),
    }
}

/// Whether the verdict is that of the findings.
fn verdict(report: &Report) -> Result<(), String> {
    let verdict = &report.verdict;
    let failing = report.findings.iter().filter(|it| it.fails(verdict)).count();
    if failing != verdict.failing {
        return Err(format!("{failing} findings fail the run, and the verdict says {}", verdict.failing));
    }
    let is_right = match verdict.exit {
        0 => failing == 0,
        1 => failing > 0,
        2 => true,
        _ => false,
    };
    if !is_right {
        return Err("the verdict is not that of the findings".to_owned());
    }
    Ok(())
}
