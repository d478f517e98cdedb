//! What becomes of every area if a table of a store is not there, if its rows are not, or if a column may not be read:
//! taken from the list of facts, over the demo stores. What is not known must never look clean, nor like something
//! that is missing.

#![expect(clippy::disallowed_methods, reason = "a test makes dumps of its own")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use indicatif::ProgressBar;

use super::Context;
use super::audit::{Choice, Status, audit_all};
use crate::error::Error;
use crate::facts::media::{self, MediaOptions};
use crate::facts::store::{Database, DatabaseSource, LiveInputs, SideInputs, SideSource, Store, StoreSource, Wanted};
use crate::facts::{Facts, Snapshot, all_reads};
use crate::finding::Severity;
use crate::known::Known;
use crate::matching::Judgement;
use crate::pair::{Pair, Side};
use crate::parallel::at_once;
use crate::progress::Progress;
use crate::source::demo::Demo;
use crate::source::dump::Dump;
use crate::source::media::{Compare, Patterns};
use crate::source::tables::{Clock, OnRow, Read, ReadError, Schema, Tables, Tallied, Tally};

/// What is taken from a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loss<'a> {
    /// A table, as by `--ignore-table`.
    Table(&'a str),
    /// The rows of a table, as by `--strip`.
    Rows(&'a str),
    /// A column, which the user may not read.
    Column(&'static str, &'static str),
}

/// Without these there is no store that could be audited, which is said.
const REFUSED: [Loss<'_>; 2] = [Loss::Rows("core_store"), Loss::Rows("store")];

/// Nothing else in a store tells that these tables were there: what a removed extension left, and copies.
const UNKNOWABLE: [Loss<'_>; 3] =
    [Loss::Table("altshop_banner"), Loss::Table("import_2019_bak"), Loss::Table("migration_backup_eav_attribute")];

/// Every table of the demo store, and every column that a side's facts read by its name.
fn losses(side: Side, dump: &str) -> Vec<Loss<'_>> {
    let mut all = BTreeSet::new();
    let tables = dump.split("CREATE TABLE `").skip(1).filter_map(|it| it.split_once('`'));
    for (name, _) in tables {
        all.insert(Loss::Table(name));
        if without(dump, Loss::Rows(name)) != dump {
            all.insert(Loss::Rows(name));
        }
    }
    for read in all_reads(side).into_iter().filter(|it| statement(dump, it.name()).is_some()) {
        all.extend(read.touched_columns().map(|column| Loss::Column(read.name(), column)));
    }
    all.into_iter().filter(|it| !UNKNOWABLE.contains(it)).collect()
}

/// The CREATE TABLE of a table.
fn statement<'a>(dump: &'a str, table: &str) -> Option<&'a str> {
    let start = dump.find(&format!("CREATE TABLE `{table}` ("))?;
    Some(&dump[start..start + dump[start..].find(";\n")? + 2])
}

/// The section of a table's rows.
fn rows<'a>(dump: &'a str, table: &str) -> &'a str {
    let Some(start) = dump.find(&format!("LOCK TABLES `{table}` WRITE;")) else { return "" };
    let end = dump[start..].find("UNLOCK TABLES;\n").expect("a section ends") + "UNLOCK TABLES;\n".len();
    &dump[start..start + end]
}

/// A dump without what is lost, as the programs write it that make such dumps.
fn without(dump: &str, loss: Loss<'_>) -> String {
    match loss {
        Loss::Table(table) => {
            let statement = statement(dump, table).expect("the table is there");
            dump.replace(rows(dump, table), "").replace(statement, "")
        }
        Loss::Rows(table) => {
            let statement = statement(dump, table).expect("the table is there");
            let has_key = statement.contains(" AUTO_INCREMENT");
            let keyed = statement.replace(" DEFAULT CHARSET", " AUTO_INCREMENT=1000 DEFAULT CHARSET");
            let section = rows(dump, table);
            let empty = if section.is_empty() { dump.to_owned() } else { dump.replace(section, "") };
            if has_key { empty.replace(statement, &keyed) } else { empty }
        }
        Loss::Column(..) => dump.to_owned(),
    }
}

/// A dump of which a column may not be read.
struct Hiding {
    tables: Dump,
    schema: Schema,
}

impl Hiding {
    fn new(tables: Dump, table: &str, column: &str) -> Self {
        let mut schema = tables.schema().clone();
        schema.hide(table, column);
        Self { tables, schema }
    }
}

impl Tables for Hiding {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn set_prefix(&mut self, prefix: &str) {
        self.tables.set_prefix(prefix);
    }

    fn prefix(&self) -> &str {
        self.tables.prefix()
    }

    fn read(&mut self, reads: &[Read], on_row: &mut OnRow<'_>) -> Vec<Result<(), ReadError>> {
        let (allowed, places): (Vec<Read>, Vec<usize>) =
            reads.iter().zip(0..).filter(|(read, _)| self.schema.lacks(read, "").is_none()).unzip();
        let mut answers = self.tables.read(&allowed, &mut |at, row| on_row(places[at], row)).into_iter();
        let answer = |read: &Read| self.schema.lacks(read, "").map_or_else(|| answers.next().expect("asked"), Err);
        reads.iter().map(answer).collect()
    }

    fn tally(&mut self, tallies: &[Tally]) -> Vec<Result<Tallied, ReadError>> {
        self.tables.tally(tallies)
    }

    fn is_surely_empty(&self, table: &str) -> bool {
        self.tables.is_surely_empty(table)
    }

    fn description(&self) -> String {
        self.tables.description()
    }

    fn trouble(&self) -> Option<String> {
        self.tables.trouble()
    }

    fn clock(&mut self) -> Clock {
        self.tables.clock()
    }
}

/// A finding by what it says: rule, subject, scope.
type Key = (&'static str, Box<str>, Box<str>);

/// What was found, and how far each area was checked.
struct Verdict {
    findings: BTreeMap<Key, Severity>,
    states: BTreeMap<&'static str, Status>,
}

/// The demo stores.
struct Trial {
    demo: Demo,
    stores: Pair<Option<Store>>,
    whole: Pair<Snapshot>,
}

impl Trial {
    fn new() -> Self {
        let demo = Demo::unpack().unwrap();
        let [mut m1, mut m2] = Side::BOTH.map(|side| {
            let dump = demo.path(&format!("{}.sql", side.code()));
            open(&demo, side, &dump).expect("the demo stores are whole")
        });
        let whole = Pair { m1: Snapshot::read(&mut m1, &|_| true), m2: Snapshot::read(&mut m2, &|_| true) };
        Self { demo, stores: Pair { m1: Some(m1), m2: Some(m2) }, whole }
    }

    fn dump(&self, side: Side) -> String {
        std::fs::read_to_string(self.demo.path(&format!("{}.sql", side.code()))).unwrap()
    }

    /// What the facts of a side are after a loss; none if that is no store any more.
    fn after(&self, side: Side, loss: Loss<'_>) -> Option<Snapshot> {
        let folder = tempfile::tempdir().unwrap();
        let dump = folder.path().join("dump.sql");
        std::fs::write(&dump, without(&self.dump(side), loss)).unwrap();
        let mut store = open(&self.demo, side, &dump).ok()?;
        if let (Loss::Column(table, column), StoreSource::Live(live)) = (loss, &mut store.source) {
            let dump = Dump::open(&dump, &Progress::hidden()).unwrap();
            live.database = Known::Is(Database::new(Box::new(Hiding::new(dump, table, column))));
        }
        Some(Snapshot::read(&mut store, &|_| true))
    }

    fn verdict(&self, sides: Pair<Snapshot>) -> Verdict {
        let options = MediaOptions {
            compare: Compare::Content,
            include_generated: false,
            patterns: Patterns::default(),
            threads: 1,
            io_limit: None,
            cache: None,
        };
        let media = media::read(&self.stores, &sides, false, &options, &Progress::hidden()).unwrap();
        let facts = Facts { sides, media, is_assessment: false, migration: None };
        let judgement = Judgement::default();
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let context = Context { now, judgement: &judgement, media_filter: None };
        let sections = audit_all(&facts, &context, &Choice::default(), &ProgressBar::hidden());
        let states = sections.iter().map(|it| (it.area.name(), it.status)).collect();
        let findings = sections.into_iter().flat_map(|it| it.outcome.findings);
        let findings = findings.map(|it| ((it.rule.code, it.subject, it.scope), it.severity)).collect();
        Verdict { findings, states }
    }
}

fn open(demo: &Demo, side: Side, dump: &Path) -> Result<Store, Error> {
    let name = side.code();
    let live = LiveInputs {
        root: Some(demo.path(&format!("{name}-root"))),
        database: Some(DatabaseSource::Dump(vec![dump.to_owned()])),
        media: Some(demo.path(&format!("{name}-media"))),
    };
    let inputs = SideInputs { source: SideSource::Live(live), ..SideInputs::default() };
    Store::open(side, &inputs, Wanted { database: true, media: true }, &Progress::hidden())
}

/// What is wrong with the verdict after a loss: what nobody sees any more although its area was checked, and what is
/// found that is not there.
fn faults(whole: &Verdict, after: &Verdict) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, severity) in &whole.findings {
        let area = key.0.split_once('.').expect("a code").0;
        if after.states.get(area) == Some(&Status::Checked) && after.findings.get(key) != Some(severity) {
            faults.push(format!("lost {severity} {} {} {}", key.0, key.1, key.2));
        }
    }
    let is_known = |area: &str| after.states.get(area) == Some(&Status::Checked);
    for (key, severity) in &after.findings {
        // Where no database can tell who uses a file, that is what is said of it.
        let used = ["media.missing-used", "media.missing-unused"].map(|rule| (rule, key.1.clone(), key.2.clone()));
        let is_unsure = key.0 == "media.missing" && used.iter().any(|it| whole.findings.contains_key(it));
        if is_unsure && !is_known("media") {
            continue;
        }
        if whole.findings.get(key) != Some(severity) {
            faults.push(format!("false {severity} {} {} {}", key.0, key.1, key.2));
        }
    }
    faults
}

#[test]
fn what_is_not_known_looks_neither_clean_nor_missing() {
    let trial = Trial::new();
    let whole = trial.verdict(trial.whole.clone());
    for (area, status) in &whole.states {
        assert_eq!(*status, Status::Checked, "{area} of the whole demo stores");
    }
    let dumps = Pair { m1: trial.dump(Side::M1), m2: trial.dump(Side::M2) };
    let cases: Vec<(Side, Loss<'_>)> = Side::BOTH
        .into_iter()
        .flat_map(|side| losses(side, dumps.of(side)).into_iter().map(move |loss| (side, loss)))
        .collect();
    let judge = |trial: &Trial, &(side, loss): &(Side, Loss<'_>)| {
        let Some(snapshot) = trial.after(side, loss) else {
            return (!REFUSED.contains(&loss)).then(|| format!("{side} without {loss:?} is refused"));
        };
        let mut sides = trial.whole.clone();
        match side {
            Side::M1 => sides.m1 = snapshot,
            Side::M2 => sides.m2 = snapshot,
        }
        let faults = faults(&whole, &trial.verdict(sides));
        let some = faults.iter().take(6).map(String::as_str).collect::<Vec<_>>().join("; ");
        (!faults.is_empty()).then(|| format!("{side} without {loss:?}: {} faults: {some}", faults.len()))
    };
    let (half, rest) = cases.split_at(cases.len() / 2);
    let judge_all = |cases: &[(Side, Loss<'_>)]| {
        let trial = Trial::new();
        cases.iter().filter_map(|it| judge(&trial, it)).collect::<Vec<String>>()
    };
    let (mut told, others) = at_once(|| judge_all(half), || judge_all(rest));
    told.extend(others);
    assert!(cases.len() > 700, "only {} cases", cases.len());
    assert!(told.is_empty(), "{} of {} cases:\n{}", told.len(), cases.len(), told.join("\n"));
}
