//! Tables of a database, as far as no other fact reads them: those of extensions and of features
//! that Magento 2 does not have, and columns that extensions put into tables of Magento's own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader, lack_of};
use super::ground::Ground;
use crate::known::{Known, Lack};
use crate::magento::migration::MigrationMap;
use crate::magento::retired::{self, Class};
use crate::magento::tables;
use crate::pair::Side;
use crate::source::tables::{self as database, Read, ReadError, Row, Tables, Tally, is_secret};

/// The tables of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TableFacts {
    /// By name, without prefix.
    pub tables: BTreeMap<String, Table>,
    /// Triggers that the user may see; tables without prefix.
    pub triggers: Vec<Trigger>,
    /// What could not be counted, in snapshots of the first version ([`Snapshot::gaps`](super::Snapshot::gaps)).
    #[serde(default, skip_serializing)]
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
    /// Columns that hold more than a default, of those that were looked into: columns that do not come
    /// with Magento, and those that the operator's map leaves behind.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub filled_columns: Vec<String>,
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

/// Setup versions of Magento 1's modules: they tell which tables their scripts have made.
const SETUPS: Read = Read::table("core_resource").columns(&["code"]).optional(&["version"]);

/// The tables, which are counted and not read.
#[derive(Default)]
pub(super) struct TablesReader {
    setups: BTreeMap<String, String>,
}

impl TablesReader {
    fn setup(&mut self, row: &Row<'_>) {
        self.setups.insert(row.text("code").unwrap_or_default(), row.text("version").unwrap_or_default());
    }
}

impl FactReader for TablesReader {
    type Value = TableFacts;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        match ground.side {
            Side::M1 => vec![Ask::optional(SETUPS, Self::setup).never_empty()],
            Side::M2 => Vec::new(),
        }
    }

    /// What the operator's rules leave behind beyond the tool's own is looked into as well.
    fn finish(self, answers: &mut Answers, ground: &Ground<'_>, database: &mut dyn Tables) -> Known<TableFacts> {
        let (side, map) = (ground.side, ground.migration);
        if let Some(why) = database.hides_tables() {
            answers.tell_gap(Lack::NotWhole(format!("{side} database: {why}")));
        }
        // Tables behind the cut are not known by their names.
        if let Some(trouble) = database.trouble() {
            answers.tell_gap(Lack::Failed(trouble));
        } else if side == Side::M1 {
            for table in absent(ground, &self.setups) {
                let table = format!("{}{table}", ground.prefix);
                answers.tell_gap(lack_of(side, &ReadError::NoTable { table }));
            }
        }
        let mut facts = TableFacts::default();
        let of_store = |it: &database::Trigger| {
            let table = it.table.strip_prefix(ground.prefix.as_str())?.to_owned();
            Some(Trigger { name: it.name.clone(), table, is_of_migration: it.statement.contains(CHANGE_LOG) })
        };
        facts.triggers = ground.schema.triggers().iter().filter_map(of_store).collect();
        if side == Side::M1 {
            tell_of_triggers(answers, ground, &facts.triggers);
        }
        let mut tallies: Vec<Tally> = Vec::new();
        for name in ground.table_names() {
            let columns = ground.columns(name).unwrap_or_default().to_vec();
            tallies.extend(tally_of(side, name, &columns, map));
            facts.tables.insert(name.to_owned(), Table { columns, ..Table::default() });
        }
        for (tally, outcome) in tallies.iter().zip(database.tally(&tallies)) {
            let Some(table) = facts.tables.get_mut(&tally.table) else { continue };
            match outcome {
                Ok(it) => {
                    table.rows = is_counted(side, &tally.table, map).then_some(it.rows);
                    table.newest = it.greatest.and_then(date);
                    table.filled_columns = it.filled;
                }
                // What was left out of them is told where the media in the database are.
                Err(_) if MEDIA.contains(&tally.table.as_str()) => {}
                // Nothing has to be done about rows of logs and the like, however many there were.
                Err(error) if error.is_not_whole() && !matters(&tally.table) => {}
                Err(error) => answers.tell_gap(lack_of(side, &error)),
            }
        }
        Known::Is(facts)
    }
}

/// Tables that Magento's setups have made, or that a module declares whose setup has run, and that are not there.
fn absent<'a>(ground: &'a Ground<'_>, setups: &BTreeMap<String, String>) -> BTreeSet<&'a str> {
    let modules = ground.code.get().map_or(&[][..], |it| &it.modules);
    let installed = modules.iter().filter(|it| it.setups.iter().any(|code| setups.contains_key(code)));
    let mut absent: BTreeSet<&str> = retired::expected(setups).collect();
    absent.extend(installed.flat_map(|it| &it.tables).map(String::as_str).filter(|it| !tables::is_of_m1(it)));
    absent.retain(|it| ground.columns(it).is_none());
    absent
}

/// How the migration tool names the tables into which its triggers write (`Migration\ResourceModel\Source`).
const CHANGE_LOG: &str = "m2_cl_";

/// Change logs and the triggers that write into them are made together: those that are seen alone tell of the others.
fn tell_of_triggers(answers: &mut Answers, ground: &Ground<'_>, triggers: &[Trigger]) {
    let logs: BTreeSet<&str> = ground.table_names().filter_map(|it| it.strip_prefix(CHANGE_LOG)).collect();
    let written: BTreeSet<&str> = triggers.iter().filter(|it| it.is_of_migration).map(|it| it.table.as_str()).collect();
    for table in written.iter().filter(|it| !logs.contains(*it)) {
        let table = format!("{}{CHANGE_LOG}{table}", ground.prefix);
        answers.tell_gap(lack_of(ground.side, &ReadError::NoTable { table }));
    }
    if !logs.is_empty() && written.is_empty() {
        let why = "no trigger is seen that writes into the tables m2_cl_*: a dump may be made without them, and a user \
                   without the privilege TRIGGER sees none";
        answers.tell_gap(Lack::NotThere(format!("{} database: {why}", ground.side)));
    }
}

/// Tables of media in the database, which are there only where they were used.
const MEDIA: [&str; 2] = ["core_directory_storage", "core_file_storage"];

/// Whether rows of a table are anything that somebody may miss.
fn matters(name: &str) -> bool {
    retired::of(name).is_none_or(|it| it.class == Class::Gone)
}

/// Whether the rows of a table are counted.
fn is_counted(side: Side, name: &str, map: Option<&MigrationMap>) -> bool {
    match side {
        Side::M1 if MEDIA.contains(&name) => true,
        Side::M1 if map.is_some_and(|it| it.adds_document(name)) => true,
        Side::M1 => match retired::of(name) {
            Some(it) => it.class != Class::Derived,
            None => !tables::is_of_m1(name),
        },
        Side::M2 => !tables::is_of_m2(name),
    }
}

/// What is asked of a table.
fn tally_of(side: Side, name: &str, columns: &[String], map: Option<&MigrationMap>) -> Option<Tally> {
    let is_counted = is_counted(side, name, map);
    let is_asked = |column: &&String| {
        let is_added = map.is_some_and(|it| it.adds_field(&format!("{name}.{column}")));
        side == Side::M1 && !is_secret(column) && (is_foreign_column(name, column) || is_added)
    };
    let filled: Vec<String> = columns.iter().filter(is_asked).cloned().collect();
    let date = DATES.iter().copied().find(|date| columns.iter().any(|it| it == date)).or_else(|| {
        // `published_at`, `start_date`: whatever else looks like a time.
        let is_time =
            |it: &&String| ["_at", "_date", "_time", "_on"].iter().any(|end| it.ends_with(end)) && !is_secret(it);
        columns.iter().find(is_time).map(String::as_str)
    });
    let greatest = date.filter(|_| is_counted && side == Side::M1).map(str::to_owned);
    (is_counted || !filled.is_empty()).then(|| Tally { table: name.to_owned(), greatest, filled })
}

/// Whether a column is none of Magento's own in a table that is.
pub fn is_foreign_column(table: &str, column: &str) -> bool {
    tables::columns_of_m1(table).is_some_and(|mut it| !it.any(|own| own == column))
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

    fn asked(side: Side, table: &str, columns: &str) -> String {
        let columns: Vec<String> = columns.split_whitespace().map(str::to_owned).collect();
        let map = MigrationMap::stock();
        let Some(tally) = tally_of(side, table, &columns, Some(map)) else { return "nothing".to_owned() };
        format!("{} {}", tally.greatest.unwrap_or_else(|| "rows".to_owned()), tally.filled.join(" "))
            .trim_end()
            .to_owned()
    }

    #[test]
    fn only_what_nobody_else_reads_is_counted() {
        assert_eq!(asked(Side::M1, "poll_vote", "vote_id vote_time"), "vote_time");
        assert_eq!(asked(Side::M1, "acme_blog_post", "id updated_at created_at"), "created_at");
        assert_eq!(asked(Side::M1, "acme_event", "id starts_at"), "starts_at");
        assert_eq!(asked(Side::M1, "sales_flat_order", "entity_id created_at"), "nothing");
        assert_eq!(asked(Side::M1, "catalog_product_index_price", "entity_id"), "nothing");
        assert_eq!(asked(Side::M1, "core_file_storage", "file_id"), "rows");
        assert_eq!(asked(Side::M2, "sales_order", "entity_id"), "nothing");
        assert_eq!(asked(Side::M2, "acme_blog_post", "id created_at"), "rows");
    }

    #[test]
    fn a_column_that_does_not_come_with_magento_is_looked_into_unless_it_is_a_secret() {
        let columns = "entity_id acme_zone token acme_auth_secret legacy_password created_at";
        assert_eq!(asked(Side::M1, "sales_flat_order", columns), "rows acme_zone");
    }

    #[test]
    fn what_the_operator_leaves_behind_is_looked_into() {
        let mut map = MigrationMap::default();
        let xml = "<map><source><document_rules><ignore><document>revi*</document></ignore></document_rules>\
                   <field_rules><ignore><field>checkout_agreement.position</field></ignore></field_rules></source></map>";
        map.take_map("map.xml", xml).unwrap();
        let ask = |table: &str, columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|it| (*it).to_owned()).collect();
            tally_of(Side::M1, table, &columns, Some(&map))
        };
        assert!(ask("review", &["review_id"]).is_some() && ask("rating", &["rating_id"]).is_none());
        assert_eq!(ask("checkout_agreement", &["agreement_id", "position"]).unwrap().filled, ["position"]);
    }

    #[test]
    fn a_date_is_a_day_that_a_calendar_has() {
        assert_eq!(date(b"2024-02-01 10:00:00".to_vec()).as_deref(), Some("2024-02-01"));
        assert_eq!(
            [b"0000-00-00 00:00".to_vec(), b"17".to_vec(), b"yesterday evening".to_vec()].map(date),
            [None, None, None]
        );
    }
}
