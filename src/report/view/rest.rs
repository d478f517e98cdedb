//! Rows beyond those that stand in the page: data that its script shows as they are scrolled to.
//!
//! A browser takes a minute for a table of 100,000 rows, and a second for the same as data.

use serde::Serialize;

use super::area::{clipped, columns};
use super::{Catalogue, ROWS, standing};
use crate::report::{Entry, Report};
use crate::text;

/// The rows of a rule that its page has as data.
#[derive(Clone, Serialize)]
pub(super) struct Rest {
    /// How many.
    count: usize,
    /// `{"same": […], "rows": [[…], …]}`: a row has its fingerprint, how it stands, the place of its decision, and the
    /// cells of the columns in their order. What all rows have in common stands in `same`, and not in them.
    json: String,
}

/// What goes into pages beyond their tables, by the rule.
#[derive(Default)]
pub(crate) struct Rests(std::collections::BTreeMap<String, Rest>);

impl Rests {
    /// As many rows as `room` bytes hold, those of the worst findings first.
    pub(crate) fn of(report: &Report, words: &Catalogue<'_>, mut room: usize) -> Self {
        let mut rules: Vec<(&str, &[&Entry])> =
            report.rules.iter().map(|it| (&*it.code, words.entries(&it.code))).filter(|it| it.1.len() > ROWS).collect();
        rules.sort_by_key(|(_, entries)| entries[0].severity);
        let mut rests = Self::default();
        for (code, entries) in rules {
            let Some(rest) = rest(entries, words, room) else { continue };
            room -= rest.json.len().min(room);
            rests.0.insert(code.to_owned(), rest);
        }
        rests
    }

    pub(super) fn rule(&self, code: &str) -> Option<&Rest> {
        self.0.get(code)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.0.values().map(|it| it.count).sum()
    }
}

impl Rest {
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// The rows of a rule after those of its table, as many as there is room for.
fn rest(entries: &[&Entry], words: &Catalogue<'_>, room: usize) -> Option<Rest> {
    let columns: Vec<&str> =
        ["standing", "decision", "severity", "subject"].into_iter().chain(columns(entries)).collect();
    let cells = |entry: &Entry| -> Vec<String> {
        let cell = |column: &&str| match *column {
            "standing" => standing(entry).to_owned(),
            "decision" => entry.decision.map_or_else(String::new, |it| it.to_string()),
            "severity" => entry.severity.code().to_owned(),
            "confidence" => words.word("confidence", entry.confidence.code()),
            "subject" => text::visible(&entry.subject).into_owned(),
            "scope" => text::visible(&entry.scope).into_owned(),
            "m1" => text::visible(&clipped(entry.m1.as_deref().unwrap_or("–"))).into_owned(),
            "m2" => text::visible(&clipped(entry.m2.as_deref().unwrap_or("–"))).into_owned(),
            "detail" => text::visible(&clipped(&entry.detail)).into_owned(),
            _ => text::visible(&clipped(&entry.used_by)).into_owned(),
        };
        columns.iter().map(cell).collect()
    };
    let mut same: Vec<Option<String>> = cells(entries.get(ROWS)?).into_iter().map(Some).collect();
    for entry in &entries[ROWS..] {
        if same.iter().all(Option::is_none) {
            break;
        }
        for (same, own) in same.iter_mut().zip(cells(entry)) {
            if same.as_ref().is_some_and(|it| *it != own) {
                *same = None;
            }
        }
    }
    let mut json = format!("{{\"same\":{},\"rows\":[", harmless(&same));
    let mut count = 0;
    for entry in &entries[ROWS..] {
        let own = cells(entry).into_iter().zip(&same).filter(|(_, same)| same.is_none()).map(|it| it.0);
        let row: Vec<String> = std::iter::once(entry.fingerprint.clone()).chain(own).collect();
        let row = harmless(&row);
        if json.len() + row.len() + 3 > room {
            break;
        }
        if count > 0 {
            json.push(',');
        }
        json.push_str(&row);
        count += 1;
    }
    json.push_str("]}");
    (count > 0).then_some(Rest { count, json })
}

/// JSON that cannot end the element in which it stands (HTML 4.12.1.3).
fn harmless<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts are JSON").replace('<', "\\u003c")
}
