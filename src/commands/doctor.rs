//! `magegap doctor`: can everything that was given be read, and what will be checked?

use std::io::{self, Write};

use crate::area;
use crate::cli::DoctorArgs;
use crate::commands::{World, printed};
use crate::error::Error;
use crate::facts::{self, Input};
use crate::known::Known;
use crate::pair::{Pair, Side};
use crate::progress::Progress;
use crate::settings;
use crate::source::tables::{Read, ReadError, Tables};
use crate::store::{Store, Wanted};
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
    let mut known: Pair<Vec<Input>> = Pair::default();
    for side in Side::BOTH {
        let given = sides.of(side);
        answer.heading(&side.to_string());
        if given.is_empty() {
            answer.say(Mark::Note, "not given: the audit will be an assessment");
            continue;
        }
        let mut store = Store::open(side, given, Wanted { database: true, media: true }, &progress)?;
        *known.of_mut(side) = examine(&mut store, &mut answer);
    }
    answer.heading("Areas");
    for area in area::ALL {
        let lacking = |side: Side| area.needs().iter().any(|fact| !known.of(side).contains(&fact.input()));
        let lacks_m2 = !sides.m2.is_empty() && lacking(Side::M2);
        match (lacking(Side::M1), lacks_m2) {
            (false, false) => answer.say(Mark::Good, format!("{} will be checked", area.name())),
            (false, true) => answer
                .say(Mark::Note, format!("{} will be checked in part: Magento 2's side is not known", area.name())),
            (true, _) => {
                answer.say(Mark::Note, format!("{} will not be checked: Magento 1's side is not known", area.name()));
            }
        }
    }
    printed(answer.print(world.out))?;
    Ok(if answer.has_flaw { 2 } else { 0 })
}

/// Says what a store is made of; returns the inputs that can be used.
fn examine(store: &mut Store, answer: &mut Answer) -> Vec<Input> {
    let side = store.side;
    let mut usable = Vec::new();
    answer.say(Mark::Note, format!("version by its files: {}", store.platform));
    match &mut store.database {
        Known::Is(tables) => {
            let tables = tables.as_mut();
            answer.say(
                Mark::Good,
                format!("database: {}, {} tables", tables.description(), tables.schema().table_names().count()),
            );
            if let Some(trouble) = tables.trouble() {
                answer.say(Mark::Flaw, trouble);
            }
            if can_be_read(side, tables, answer) {
                usable.push(Input::Database);
            }
        }
        Known::Not(lack) if lack.is_failure() => answer.say(Mark::Flaw, lack.why()),
        Known::Not(lack) => answer.say(Mark::Note, lack.why()),
    }
    match &store.media {
        Known::Is(path) => match crate::source::first_entry(path) {
            Ok(is_empty) => {
                usable.push(Input::Media);
                let what = if is_empty { ", which is empty" } else { "" };
                answer.say(Mark::Good, format!("media folder: {}{what}", path.display()));
            }
            Err(error) => answer.say(Mark::Flaw, format!("media folder {}: {error}", path.display())),
        },
        Known::Not(lack) => answer.say(Mark::Note, lack.why()),
    }
    for note in &store.notes {
        answer.say(Mark::Note, note.as_str());
    }
    usable
}

/// Reads every table that an audit reads, and says which cannot be.
fn can_be_read(side: Side, tables: &mut dyn Tables, answer: &mut Answer) -> bool {
    let reads: Vec<Read> = facts::all_reads(side);
    let mut counts = vec![0_u64; reads.len()];
    let outcomes = tables.read(&reads, &mut |at, _| counts[at] += 1);
    let mut is_usable = true;
    for ((read, outcome), count) in reads.iter().zip(outcomes).zip(counts) {
        match outcome {
            Ok(()) => answer.say(Mark::Good, format!("{}: {} rows", read.name(), crate::text::number(count))),
            Err(error @ (ReadError::NoTable { .. } | ReadError::NoColumn { .. })) => {
                answer.say(Mark::Note, error.to_string());
                is_usable = false;
            }
            Err(error) => {
                answer.say(Mark::Flaw, error.to_string());
                is_usable = false;
            }
        }
    }
    is_usable
}
