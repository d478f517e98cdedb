//! Tables of a database, as far as no other fact reads them: those of extensions and of features
//! that Magento 2 does not have, and columns that extensions put into tables of Magento's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::known::Known;
use crate::magento::retired::{self, Class};
use crate::magento::tables;
use crate::pair::Side;
use crate::source;
use crate::source::tables::{Tables, Tallied, Tally, is_secret};

/// The tables of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TableFacts {
    /// By name, without prefix.
    pub tables: BTreeMap<String, Table>,
    /// Triggers that the user may see; tables without prefix.
    pub triggers: Vec<Trigger>,
    /// What could not be counted, and why.
    pub lacks: Vec<String>,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The table.
    pub table: String,
    /// Whether it writes into a change log of the migration tool.
    pub is_of_migration: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows; none if nobody asked, as for Magento's own tables.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    /// The latest date in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub newest: Option<String>,
    /// Columns that were looked into because the operator's map leaves them behind, and hold something.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub filled_columns: Vec<String>,
    /// Columns that do not come with Magento, and hold something.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub foreign_columns: Vec<String>,
}

impl TableFacts {
    /// The rows of a table; none if it is not there or was not counted.
    pub fn rows(&self, table: &str) -> Option<u64> {
        self.tables.get(table)?.rows
    }
}

/// Columns that tell when a row was made, the best first.
const DATES: [&str; 23] = [
    "created_at",
    "created",
    "creation_time",
    "date_posted",
    "added_at",
    "add_date",
    "date_added",
    "created_time",
    "visit_time",
    "vote_time",
    "last_visit_at",
    "login_at",
    "logged_at",
    "logdate",
    "executed_at",
    "performed_at",
    "requested_date",
    "create_time",
    "exec_time",
    "date",
    "updated_at",
    "update_time",
    "updated",
];

/// Counts the tables.
pub(super) fn read(side: Side, database: &mut dyn Tables, looked_into: &[String]) -> Known<TableFacts> {
    let prefix = database.prefix().to_owned();
    let mut facts = TableFacts::default();
    let of_store = |it: &source::tables::Trigger| {
        let table = it.table.strip_prefix(&prefix)?.to_owned();
        Some(Trigger { name: it.name.clone(), table, is_of_migration: it.statement.contains("m2_cl_") })
    };
    facts.triggers = database.schema().triggers().iter().filter_map(of_store).collect();
    let mut tallies: Vec<Tally> = Vec::new();
    for (full, name) in database.schema().table_names().filter_map(|it| Some((it, it.strip_prefix(&prefix)?))) {
        let columns = database.schema().columns(full).unwrap_or_default().to_vec();
        tallies.extend(tallies_of(side, name, &columns));
        let wanted = looked_into.iter().filter_map(|it| match it.split_once('.') {
            Some((table, column)) => (table == name && !is_foreign_column(table, column) && !is_secret(column))
                .then(|| column.to_owned())
                .filter(|it| columns.contains(it))
                .map(Some),
            None => (it == name).then_some(None),
        });
        for greatest in wanted {
            let tally = Tally { table: name.to_owned(), greatest };
            if tally.greatest.is_some() || !tallies.iter().any(|it| it.table == name) {
                tallies.push(tally);
            }
        }
        facts.tables.insert(name.to_owned(), Table { columns, ..Table::default() });
    }
    for (tally, outcome) in tallies.iter().zip(database.tally(&tallies)) {
        let Some(table) = facts.tables.get_mut(&tally.table) else { continue };
        match (outcome, &tally.greatest) {
            (Ok(it), Some(column)) if is_foreign_column(&tally.table, column) => {
                if holds_something(&it) {
                    table.foreign_columns.push(column.clone());
                }
            }
            (Ok(it), Some(column)) if looked_into.iter().any(|it| *it == format!("{}.{column}", tally.table)) => {
                if holds_something(&it) {
                    table.filled_columns.push(column.clone());
                }
            }
            (Ok(it), _) => {
                table.rows = Some(it.rows);
                table.newest = it.greatest.and_then(date);
            }
            (Err(error), _) => facts.lacks.push(format!("{side} database: {error}")),
        }
    }
    Known::Is(facts)
}

/// What is asked of a table.
fn tallies_of(side: Side, name: &str, columns: &[String]) -> Vec<Tally> {
    let is_counted = match side {
        // Media in the database have tables only where they were used.
        Side::M1 if matches!(name, "core_directory_storage" | "core_file_storage") => true,
        Side::M1 => match retired::of(name) {
            Some(it) => it.class != Class::Derived,
            None => !tables::is_of_m1(name),
        },
        Side::M2 => !tables::is_of_m2(name),
    };
    let tally = |greatest: Option<&str>| Tally { table: name.to_owned(), greatest: greatest.map(str::to_owned) };
    if is_counted {
        let date = DATES.iter().copied().find(|date| columns.iter().any(|it| it == date)).or_else(|| {
            // `published_at`, `start_date`: whatever else looks like a time.
            let is_time =
                |it: &&String| ["_at", "_date", "_time", "_on"].iter().any(|end| it.ends_with(end)) && !is_secret(it);
            columns.iter().find(is_time).map(String::as_str)
        });
        return vec![tally(date.filter(|_| side == Side::M1))];
    }
    let foreign = columns.iter().filter(|it| side == Side::M1 && is_foreign_column(name, it) && !is_secret(it));
    foreign.map(|it| tally(Some(it))).collect()
}

/// Whether a column is none of Magento's own in a table that is.
fn is_foreign_column(table: &str, column: &str) -> bool {
    tables::columns_of_m1(table).is_some_and(|mut it| !it.any(|own| own == column))
}

/// Whether the greatest value of a column is more than a default.
fn holds_something(tallied: &Tallied) -> bool {
    let greatest = tallied.greatest.as_deref().unwrap_or_default().trim_ascii();
    let is_zero = greatest.iter().all(|it| matches!(it, b'0' | b'.' | b'-' | b':' | b' '));
    !greatest.is_empty() && !is_zero
}

/// A date as a report shows it; none if it is none, or the zero date.
fn date(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let day = text.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().filter(|it| it.year() > 1)?;
    Some(day.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(side: Side, table: &str, columns: &str) -> Vec<String> {
        let columns: Vec<String> = columns.split_whitespace().map(str::to_owned).collect();
        let tallies = tallies_of(side, table, &columns);
        tallies.into_iter().map(|it| it.greatest.unwrap_or_else(|| "rows".to_owned())).collect()
    }

    #[test]
    fn only_what_nobody_else_reads_is_counted() {
        assert_eq!(asked(Side::M1, "poll_vote", "vote_id vote_time"), ["vote_time"]);
        assert_eq!(asked(Side::M1, "acme_blog_post", "id updated_at created_at"), ["created_at"]);
        assert_eq!(asked(Side::M1, "acme_event", "id starts_at"), ["starts_at"]);
        assert_eq!(asked(Side::M1, "sales_flat_order", "entity_id created_at"), [""; 0]);
        assert_eq!(asked(Side::M1, "catalog_product_index_price", "entity_id"), [""; 0]);
        assert_eq!(asked(Side::M2, "sales_order", "entity_id"), [""; 0]);
        assert_eq!(asked(Side::M2, "acme_blog_post", "id created_at"), ["rows"]);
    }

    #[test]
    fn a_column_that_does_not_come_with_magento_is_looked_into_unless_it_is_a_secret() {
        assert_eq!(asked(Side::M1, "sales_flat_order", "entity_id acme_zone token created_at"), ["acme_zone"]);
    }

    #[test]
    fn a_column_of_defaults_holds_nothing() {
        let holds =
            |it: Option<&str>| holds_something(&Tallied { rows: 3, greatest: it.map(|it| it.as_bytes().to_vec()) });
        assert!(
            ![None, Some(""), Some(" "), Some("0"), Some("0.0000"), Some("0000-00-00 00:00:00")]
                .map(holds)
                .contains(&true)
        );
        assert!(holds(Some("Z1")) && holds(Some("0.5")));
        assert_eq!(date(b"2024-02-01 10:00:00".to_vec()).as_deref(), Some("2024-02-01"));
        assert_eq!(
            [b"0000-00-00 00:00".to_vec(), b"17".to_vec(), b"yesterday evening".to_vec()].map(date),
            [None, None, None]
        );
    }
}
