//! Indexers of Magento 2 (`Magento_Indexer`, `Magento\Framework\Mview`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader, lack_of};
use super::ground::Ground;
use crate::known::{Known, Lack};
use crate::pair::Side;
use crate::source::tables::{CellError, Read, ReadError, Row, Tables, Tally};

/// An indexer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexer {
    /// Its id (`indexer.xml`).
    pub id: String,
    /// `valid`, `invalid` or `working`.
    pub status: String,
    /// When the status changed, in UTC.
    pub updated: Option<String>,
    /// Whether it runs by schedule, from a change log.
    pub is_scheduled: bool,
    /// Changes that it has not taken from its log; none if there is no log.
    pub backlog: Option<u64>,
}

const STATES: Read = Read::table("indexer_state").columns(&["indexer_id", "status"]).optional(&["updated"]);
const VIEWS: Read = Read::table("mview_state").columns(&["view_id", "mode"]).optional(&["version_id"]);

/// Indexers that are being read.
#[derive(Default)]
pub(super) struct IndexersReader {
    found: Vec<Indexer>,
    /// By view: whether it runs by schedule, and the last version that it has taken.
    views: BTreeMap<String, (bool, u64)>,
}

impl IndexersReader {
    fn state(&mut self, row: &Row<'_>) {
        self.found.push(Indexer {
            id: row.text("indexer_id").unwrap_or_default(),
            status: row.text("status").unwrap_or_default(),
            updated: row.time("updated").map(|it| it.to_string()),
            is_scheduled: false,
            backlog: None,
        });
    }

    fn view(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let is_scheduled = row.bytes("mode") == Some(b"enabled");
        let version = row.number("version_id")?.unwrap_or(0);
        self.views.insert(row.text("view_id").unwrap_or_default(), (is_scheduled, version));
        Ok(())
    }
}

impl FactReader for IndexersReader {
    type Value = Vec<Indexer>;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        match ground.side {
            Side::M1 => Vec::new(),
            Side::M2 => vec![Ask::required(STATES, Self::state).never_empty(), Ask::optional(VIEWS, Self::view)],
        }
    }

    /// With what waits in the change logs.
    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, tables: &mut dyn Tables) -> Known<Vec<Indexer>> {
        let has_log = |view: &str| ground.columns(&format!("{view}_cl")).is_some();
        for (view, _) in self.views.iter().filter(|(view, it)| it.0 && !has_log(view)) {
            let why = format!("{} database: there is no table {view}_cl", ground.side);
            answers.tell_gap(Lack::NotThere(why));
        }
        let views: Vec<(&String, u64)> =
            self.views.iter().filter(|(view, it)| it.0 && has_log(view)).map(|(view, it)| (view, it.1)).collect();
        let logs: Vec<Tally> = views
            .iter()
            .map(|(view, _)| Tally {
                table: format!("{view}_cl"),
                greatest: Some("version_id".to_owned()),
                ..Tally::default()
            })
            .collect();
        let tallied = tables.tally(&logs);
        for ((view, version), log) in views.into_iter().zip(tallied) {
            let Some(indexer) = self.found.iter_mut().find(|it| it.id == *view) else { continue };
            let latest = match log {
                Ok(it) => Some(it.greatest.as_deref().and_then(number).unwrap_or(0)),
                // Magento takes out what was processed, and nothing else.
                Err(ReadError::Emptied { next_key: Some(next), .. }) if next <= version.saturating_add(1) => {
                    Some(version)
                }
                Err(error) => {
                    answers.tell_gap(lack_of(ground.side, &error));
                    None
                }
            };
            indexer.backlog = latest.map(|it| it.saturating_sub(version));
        }
        for indexer in &mut self.found {
            indexer.is_scheduled = self.views.get(&indexer.id).is_some_and(|it| it.0);
        }
        self.found.sort_by(|one, other| one.id.cmp(&other.id));
        Known::Is(self.found)
    }
}

fn number(bytes: &[u8]) -> Option<u64> {
    std::str::from_utf8(bytes).ok()?.trim().parse().ok()
}
