//! `magegap doctor`: can everything that was given be read, and what will be checked?

use std::io::{self, Write};

use indicatif::ProgressBar;

use crate::area::{self, Choice, Context, Section, Status};
use crate::cli::DoctorArgs;
use crate::commands::{World, printed};
use crate::error::Error;
use crate::facts::store::{Database, MediaSource, Store, StoreSource, Wanted};
use crate::facts::{self, Facts, MediaFacts, Snapshot};
use crate::known::Known;
use crate::matching::Judgement;
use crate::pair::{Pair, Side};
use crate::progress::Progress;
use crate::settings;
use crate::source::interrupt;
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
    let mut stores: Pair<Option<Store>> = Pair { m1: None, m2: None };
    let mut read: Pair<Option<Snapshot>> = Pair { m1: None, m2: None };
    for side in Side::BOTH {
        let given = sides.of(side);
        answer.heading(&side.to_string());
        if given.is_empty() {
            answer.say(
                Mark::Note,
                if side == Side::M1 { "not given" } else { "not given: the audit will be an assessment" },
            );
            continue;
        }
        let mut store = Store::open(side, given, Wanted { database: true, media: true }, &progress)?;
        *read.of_mut(side) = Some(examine(&mut store, args.verbose, &mut answer));
        *stores.of_mut(side) = Some(store);
        if interrupt::is_asked() {
            return Err(Error::Interrupted);
        }
    }
    let has_m1 = stores.m1.is_some();
    answer.heading(if has_m1 { "Areas" } else { "Areas, as far as Magento 2 goes" });
    let sections = foresee(&stores, read, world);
    let is_ready = tell_areas(&sections, has_m1, &mut answer);
    let verdict = match (answer.has_flaw, is_ready && has_m1) {
        (true, _) => "Not ready",
        (false, true) => "Ready",
        (false, false) => "Ready in part",
    };
    printed(answer.print(world.out).and_then(|()| writeln!(world.out, "{verdict}")))?;
    Ok(if answer.has_flaw { 2 } else { 0 })
}

/// What an audit will say of its areas, before a media file is looked at.
fn foresee(stores: &Pair<Option<Store>>, read: Pair<Option<Snapshot>>, world: &World<'_>) -> Vec<Section> {
    // What was not given at all is no reason of its own here: without Magento 2 there is an assessment.
    let absent = if stores.m1.is_some() { Side::M2 } else { Side::M1 };
    let media = MediaFacts::foreseen(stores, absent);
    let mut sides = read.map(|it| it.unwrap_or_else(Snapshot::empty));
    // The folders tell of each file in the database, if they are there.
    if let (Known::Is(stored), true) = (&mut sides.m1.stored, Side::BOTH.iter().all(|&it| is_folder(stores, it))) {
        (stored.files, stored.folders) = (Some(Vec::new()), 0);
    }
    let facts = Facts { sides, media, is_assessment: stores.m2.is_none(), migration: None };
    let judgement = Judgement::default();
    let context = Context { now: world.now, judgement: &judgement, media_filter: None };
    area::audit_all(&facts, &context, &Choice::default(), &ProgressBar::hidden())
}

/// Whether a side's media are a folder, or are not asked for.
fn is_folder(stores: &Pair<Option<Store>>, side: Side) -> bool {
    let media = stores.of(side).as_ref().map(|it| &it.media);
    matches!(media, None | Some(Known::Is(MediaSource::Folder(_) | MediaSource::Snapshot(_))))
}

/// Says how far each area will be checked; those that the same keeps from it are told together. Returns whether all of
/// them will be checked completely.
fn tell_areas(sections: &[Section], has_m1: bool, answer: &mut Answer) -> bool {
    let mut told: Vec<(Status, Vec<String>, Vec<&str>, bool)> = Vec::new();
    for it in sections {
        // Without Magento 1 nobody can say what will be missing.
        let own = |reason: &&String| has_m1 || reason.contains(&Side::M2.to_string());
        let reasons: Vec<String> = it.reasons.iter().filter(own).cloned().collect();
        let status = if reasons.is_empty() && !has_m1 { Status::Checked } else { it.status };
        let is_flaw = it.is_not_whole || it.status == Status::Failed;
        match told.iter_mut().find(|(other, why, ..)| (*other, why) == (status, &reasons)) {
            Some((.., areas, _)) => areas.push(it.area.name()),
            None => told.push((status, reasons, vec![it.area.name()], is_flaw)),
        }
    }
    for (status, reasons, areas, is_flaw) in &told {
        let how = match status {
            Status::Checked => "will be checked",
            Status::Partial => "will be checked in part",
            Status::Failed | Status::NotChecked => "will not be checked",
        };
        let mark = match status {
            _ if *is_flaw => Mark::Flaw,
            Status::Checked => Mark::Good,
            _ => Mark::Note,
        };
        let flaws = answer.lines.iter().filter(|(mark, _)| matches!(mark, Some(Mark::Flaw)));
        let flaws: Vec<&String> = flaws.map(|(_, line)| line).collect();
        let is_told = |reason: &String| flaws.contains(&reason);
        let mut why: Vec<String> =
            reasons.iter().map(|it| if is_told(it) { "see above".to_owned() } else { with_help(it) }).collect();
        why.dedup();
        let why = if why.is_empty() { String::new() } else { format!(": {}", why.join("; ")) };
        answer.say(mark, format!("{} {how}{why}", areas.join(", ")));
    }
    told.iter().all(|(status, ..)| *status == Status::Checked)
}

/// What was not given, and the option that gives it.
const OPTIONS: [(&str, &str); 3] =
    [("installation folder", "ROOT"), ("media folder", "media FOLDER"), ("database", "db SOURCE")];

/// A reason, with the option that helps.
fn with_help(reason: &str) -> String {
    for side in Side::BOTH {
        for (what, option) in OPTIONS {
            if reason.starts_with(&format!("no {side} {what} was given")) {
                let dash = if option == "ROOT" { " " } else { "-" };
                return format!("{reason} (add --{}{dash}{option})", side.code());
            }
        }
    }
    reason.to_owned()
}

/// Says what a store is made of; returns what its database and its code tell.
fn examine(store: &mut Store, is_verbose: bool, answer: &mut Answer) -> Snapshot {
    let side = store.side;
    if let StoreSource::Live(live) = &mut store.source {
        tell_database(side, &mut live.database, is_verbose, answer);
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
    let media = match &store.media {
        Known::Is(MediaSource::List(path)) => facts::media::count_list(path)
            .map(|count| format!("media: {}, a list of {}", path.display(), crate::text::count(count, "file", "files")))
            .map_err(|error| (Mark::Flaw, format!("media: {}: {error}", path.display()))),
        Known::Is(MediaSource::Snapshot(_)) => Ok("media: with the snapshot".to_owned()),
        Known::Is(MediaSource::Folder(path)) => facts::media::doubt::of_folder(side, path)
            .map(|doubt| {
                // A gap is told of the area.
                if let Some(doubt) = doubt.filter(|it| !it.is_gap) {
                    answer.say(Mark::Note, doubt.why);
                }
                format!("media folder: {}", path.display())
            })
            .map_err(|error| (Mark::Flaw, format!("media folder {}: {error}", path.display()))),
        Known::Not(lack) if lack.is_failure() => Err((Mark::Flaw, lack.why().to_owned())),
        Known::Not(lack) => Err((Mark::Note, lack.why().to_owned())),
    };
    match media {
        Ok(text) => answer.say(Mark::Good, text),
        Err((mark, why)) => answer.say(mark, why),
    }
    for note in &store.notes {
        answer.say(Mark::Note, note.as_str());
    }
    snapshot
}

/// Says what a database is.
fn tell_database(side: Side, database: &mut Known<Database>, is_verbose: bool, answer: &mut Answer) {
    match database {
        Known::Is(database) => {
            let description = database.description.clone();
            if let Some(trouble) = &database.trouble {
                answer.say(Mark::Flaw, trouble.as_str());
            }
            if let Some(tables) = database.tables() {
                let count = crate::text::count(tables.schema().table_names().count() as u64, "table", "tables");
                answer.say(Mark::Good, format!("database: {description}, {count}"));
                if is_verbose {
                    tell_tables(side, tables, answer);
                }
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
