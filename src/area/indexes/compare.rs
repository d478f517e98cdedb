//! The state of each indexer.

use super::rules;
use crate::area::{Column, Kind, Outcome, Table};
use crate::facts::indexers::Indexer;
use crate::text;

/// Changes that may wait without anybody being told.
const LARGE: u64 = 1_000;

pub(super) fn compare(indexers: &[Indexer]) -> Outcome {
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    for it in indexers {
        let mode = if it.is_scheduled { "by schedule" } else { "on save" };
        if it.status != "valid" {
            let mut detail = format!("updates {mode}");
            if let Some(updated) = &it.updated {
                detail = format!("since {updated}, {detail}");
            }
            outcome.findings.push(rules::INVALID.finding(it.id.as_str()).m2(it.status.as_str()).detail(detail));
        }
        if let Some(backlog) = it.backlog.filter(|it| *it > LARGE) {
            let waiting = text::count(backlog, "change waits", "changes wait");
            outcome.findings.push(rules::BACKLOG.finding(it.id.as_str()).m2(waiting));
        }
        let backlog = it.backlog.map_or(String::new(), |it| it.to_string());
        let updated = it.updated.clone().unwrap_or_default();
        outcome.inventory.rows.push(vec![it.id.clone(), it.status.clone(), mode.to_owned(), updated, backlog]);
    }
    let valid = indexers.iter().filter(|it| it.status == "valid").count();
    let count = text::count(indexers.len() as u64, "indexer", "indexers");
    outcome.summary = vec![format!("{valid} of {count} are valid.")];
    outcome
}

fn table() -> Table {
    let column = |name, title, kind| Column::new(name, title, kind);
    Table {
        columns: vec![
            column("indexer", "Indexer", Kind::Text),
            column("status", "Status", Kind::Text),
            column("mode", "Updates", Kind::Text),
            column("updated", "Since (UTC)", Kind::Text),
            column("backlog", "Changes that wait", Kind::Number),
        ],
        rows: Vec::new(),
    }
}
