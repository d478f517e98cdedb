//! Rows for tests: a database that is a text.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::{FactReader, Gather, Gathering, gather};
use super::ground::Ground;
use crate::known::Known;
use crate::pair::Side;
use crate::source::tables::{Clock, OnRow, Read, ReadError, Row, Schema, Tables, Tallied, Tally};

/// Tables of a store, as lines `table: cell|cell`, the cells in the order of the columns that are read, `-` for NULL.
/// A table without a line is there and empty; of one with a line `table: !` it is not known what it holds.
#[derive(Default)]
pub(super) struct Rows {
    lines: Vec<(String, String)>,
    schema: Schema,
    prefix: String,
    /// Lines that had the columns of a read.
    used: BTreeSet<(String, String)>,
    /// How often the database was passed.
    pub(super) passes: usize,
}

impl Rows {
    pub(super) fn of(text: &str) -> Self {
        let line = |line: &str| {
            let (table, cells) = line.split_once(": ")?;
            Some((table.trim().to_owned(), cells.to_owned()))
        };
        Self { lines: text.lines().filter_map(line).collect(), ..Self::default() }
    }

    /// With tables that are known by their columns.
    pub(super) fn with_schema(self, tables: &[(&str, &[&str])]) -> Self {
        let columns = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        let tables: BTreeMap<String, Vec<String>> =
            tables.iter().map(|(name, it)| ((*name).to_owned(), columns(it))).collect();
        Self { schema: Schema::new(tables), ..self }
    }

    /// The fact that a reader makes of them.
    pub(super) fn read<R: FactReader>(&mut self, side: Side) -> Known<R::Value> {
        let ground = Ground::bare(side).with_tables(self);
        let mut reading = Gathering::<R>::begin(&ground);
        gather(self, &mut [&mut reading as &mut dyn Gather]);
        for line in self.lines.iter().filter(|(_, cells)| cells.trim() != "!") {
            assert!(self.used.contains(line), "{}: {}: not the columns that are read", line.0, line.1);
        }
        reading.finish(&ground, self).0
    }

    /// The fact that a reader makes of them, which must be known.
    pub(super) fn known<R: FactReader>(&mut self, side: Side) -> R::Value {
        match self.read::<R>(side) {
            Known::Is(value) => value,
            Known::Not(lack) => panic!("not known: {}", lack.why()),
        }
    }
}

impl Tables for Rows {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn set_prefix(&mut self, _: &str) {}

    fn prefix(&self) -> &str {
        &self.prefix
    }

    fn read(&mut self, reads: &[Read], on_row: &mut OnRow<'_>) -> Vec<Result<(), ReadError>> {
        self.passes += 1;
        let mut outcomes = Vec::new();
        for (at, read) in reads.iter().enumerate() {
            let own = self.lines.iter().filter(|(table, _)| table == read.name());
            let mut outcome = Ok(());
            for (table, line) in own {
                if line.trim() == "!" {
                    outcome = Err(ReadError::NoTable { table: table.clone() });
                    continue;
                }
                let cells: Vec<Option<&[u8]>> =
                    line.split('|').map(str::trim).map(|it| (it != "-").then_some(it.as_bytes())).collect();
                // What two facts read of a table has not always the same columns.
                if read.column_names().count() != cells.len() {
                    continue;
                }
                self.used.insert((table.clone(), line.clone()));
                let row = Row::new(read, &cells);
                let is_declared = |name: &str| read.column_names().any(|it| it == name);
                let condition = read.condition().filter(|(column, _)| is_declared(column));
                if condition.is_none_or(|(column, condition)| condition.is_met_by(row.bytes(column))) {
                    on_row(at, &row);
                }
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    fn tally(&mut self, tallies: &[Tally]) -> Vec<Result<Tallied, ReadError>> {
        tallies.iter().map(|_| Ok(Tallied::default())).collect()
    }

    fn description(&self) -> String {
        "rows of a test".to_owned()
    }

    fn trouble(&self) -> Option<String> {
        None
    }

    fn clock(&mut self) -> Clock {
        Clock::default()
    }
}
