//! `magegap doctor`: can everything that was given be read, and what will be checked?

use std::io::{self, Write};

use crate::area;
use crate::cli::DoctorArgs;
use crate::commands::{World, printed};
use crate::error::Error;
use crate::facts::store::{Database, MediaSource, Store, StoreSource, Wanted};
use crate::facts::{self, Fact, Snapshot};
use crate::known::Known;
use crate::pair::{Pair, Side};
use crate::progress::Progress;
use crate::settings;
use crate::source::tables::{Read, Tables};
use crate::text::visible;

/// A line of the answer.
enum Mark {
    Good,
    Flaw,
    Note,
}

/// Everything that is told of the inputs.
#[derive(Default)]
struct Answer {
    lines: Vec<(Option<Mark>, String)>,
    has_flaw: bool,
}

impl Answer {
    fn heading(&mut self, text: &str) {
        self.lines.push((None, text.to_owned()));
    }

    fn say(&mut self, mark: Mark, text: impl Into<String>) {
        self.has_flaw |= matches!(mark, Mark::Flaw);
        self.lines.push((Some(mark), text.into()));
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for (mark, text) in &self.lines {
            let text = visible(text);
            match mark {
                None => writeln!(out, "{text}")?,
                Some(Mark::Good) => writeln!(out, "  ok    {text}")?,
                Some(Mark::Flaw) => writeln!(out, "  FLAW  {text}")?,
                Some(Mark::Note) => writeln!(out, "  note  {text}")?,
            }
        }
        Ok(())
    }
}

pub(super) fn run(args: &DoctorArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let mut warnings = Vec::new();
    let sides = settings::sides_of(&args.sides, args.config.as_deref(), &mut |it| warnings.push(it))?;
    for warning in warnings {
        world.warn(&warning);
    }
    let progress = if args.quiet { Progress::hidden() } else { Progress::on_terminal() };
    let mut answer = Answer::default();
    let mut unknown: Pair<Vec<(Fact, String)>> = Pair::default();
    for side in Side::BOTH {
        let given = sides.of(side);
        answer.heading(&side.to_string());
        if given.is_empty() {
            answer.say(Mark::Note, "not given: the audit will be an assessment");
            continue;
        }
        let mut store = Store::open(side, given, Wanted { database: true, media: true }, &progress)?;
        *unknown.of_mut(side) = examine(&mut store, &mut answer);
    }
    answer.heading("Areas");
    for area in area::ALL {
        let why = |side: Side| {
            let lack = unknown.of(side).iter().find(|(fact, _)| area.needs().contains(fact));
            lack.map(|(_, why)| why.as_str())
        };
        match (why(Side::M1), why(Side::M2)) {
            (None, None) => answer.say(Mark::Good, format!("{} will be checked", area.name())),
            (Some(why), _) => answer.say(Mark::Note, format!("{} will not be checked: {why}", area.name())),
            (None, Some(why)) => {
                answer.say(Mark::Note, format!("{} will not be checked, or in part: {why}", area.name()));
            }
        }
    }
    printed(answer.print(world.out))?;
    Ok(if answer.has_flaw { 2 } else { 0 })
}

/// Says what a store is made of; returns the facts that cannot be told, and why.
fn examine(store: &mut Store, answer: &mut Answer) -> Vec<(Fact, String)> {
    let mut unknown = Vec::new();
    let side = store.side;
    if let StoreSource::Live(live) = &mut store.source {
        tell_database(side, &mut live.database, answer);
    }
    if let Some(file) = store.snapshot() {
        answer.say(Mark::Good, format!("snapshot of {}", file.taken));
        for input in &file.inputs {
            let what = input.what.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
            answer.say(Mark::Good, format!("{} when it was taken: {}{what}", input.kind, input.name));
        }
        if let Some(trouble) = &file.trouble {
            answer.say(Mark::Flaw, trouble.as_str());
        }
    }
    let snapshot = Snapshot::read(store, &|_| true);
    answer.say(Mark::Note, format!("version: {}", snapshot.platform));
    let lacks = Fact::ALL.iter().filter_map(|&fact| Some((fact, snapshot.lack(fact)?.why().to_owned())));
    unknown.extend(lacks);
    let media = match &store.media {
        Known::Is(MediaSource::List(path)) => facts::media::count_list(path)
            .map(|count| format!("media: {}, a list of {}", path.display(), crate::text::count(count, "file", "files")))
            .map_err(|error| (Mark::Flaw, format!("media: {}: {error}", path.display()))),
        Known::Is(MediaSource::Snapshot(_)) => Ok("media: with the snapshot".to_owned()),
        Known::Is(MediaSource::Folder(path)) => crate::source::first_entry(path)
            .map(|is_empty| {
                format!("media folder: {}{}", path.display(), if is_empty { ", which is empty" } else { "" })
            })
            .map_err(|error| (Mark::Flaw, format!("media folder {}: {error}", path.display()))),
        Known::Not(lack) if lack.is_failure() => Err((Mark::Flaw, lack.why().to_owned())),
        Known::Not(lack) => Err((Mark::Note, lack.why().to_owned())),
    };
    match media {
        Ok(text) => answer.say(Mark::Good, text),
        Err((mark, why)) => {
            unknown.push((Fact::Media, why.clone()));
            answer.say(mark, why);
        }
    }
    for note in &store.notes {
        answer.say(Mark::Note, note.as_str());
    }
    unknown
}

/// Says what a database is.
fn tell_database(side: Side, database: &mut Known<Database>, answer: &mut Answer) {
    match database {
        Known::Is(database) => {
            let description = database.description.clone();
            if let Some(trouble) = &database.trouble {
                answer.say(Mark::Flaw, trouble.as_str());
            }
            if let Some(tables) = database.tables() {
                let count = crate::text::count(tables.schema().table_names().count() as u64, "table", "tables");
                answer.say(Mark::Good, format!("database: {description}, {count}"));
                tell_tables(side, tables, answer);
            }
        }
        Known::Not(lack) if lack.is_failure() => answer.say(Mark::Flaw, lack.why()),
        Known::Not(lack) => answer.say(Mark::Note, lack.why()),
    }
}

/// Reads every table that an audit reads, and says which cannot be.
fn tell_tables(side: Side, tables: &mut dyn Tables, answer: &mut Answer) {
    let reads: Vec<Read> = facts::all_reads(side);
    let mut counts = vec![0_u64; reads.len()];
    let outcomes = tables.read(&reads, &mut |at, _| counts[at] += 1);
    let mut told: Vec<(&str, bool)> = Vec::new();
    for ((read, outcome), count) in reads.iter().zip(outcomes).zip(counts) {
        // Several areas read the same table, in parts.
        let is_told = told.contains(&(read.name(), outcome.is_ok()));
        told.push((read.name(), outcome.is_ok()));
        if is_told {
            continue;
        }
        let count = crate::text::count(count, "row", "rows");
        match outcome {
            Ok(()) if read.condition().is_some() => {
                answer.say(Mark::Good, format!("{}: {count} of those that are asked for", read.name()));
            }
            Ok(()) => answer.say(Mark::Good, format!("{}: {count}", read.name())),
            Err(error) if error.is_absence() => answer.say(Mark::Note, error.to_string()),
            Err(error) => answer.say(Mark::Flaw, error.to_string()),
        }
    }
}
