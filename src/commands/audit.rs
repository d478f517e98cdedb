//! `magegap audit`: the pipeline.

use std::path::{Path, PathBuf};

use crate::area::{self, Choice, Context};
use crate::cli::AuditArgs;
use crate::commands::{World, printed, summary};
use crate::error::Error;
use crate::facts::store::{DatabaseSource, LiveInputs, MediaSource, SideSource, Store, Wanted};
use crate::facts::{self, Fact, Facts, Input, MediaFacts, Snapshot};
use crate::known::{Known, Lack};
use crate::pair::{Pair, Side};
use crate::parallel::at_once;
use crate::progress::Progress;
use crate::report::baseline::Baseline;
use crate::report::folder::Folder;
use crate::report::history::History;
use crate::report::{self, Mode, Report};
use crate::settings::Settings;
use crate::source::{self, interrupt};

/// How much is printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    pub(super) is_quiet: bool,
    pub(super) is_verbose: bool,
}

pub(super) fn run(args: &AuditArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let mut warnings = Vec::new();
    let settings = Settings::new(&args.sides, &args.common, world.now, &mut |it| warnings.push(it))?;
    for warning in warnings {
        world.warn(&warning);
    }
    let voice = Voice { is_quiet: args.common.scan.quiet, is_verbose: args.common.verbose };
    let progress = if voice.is_quiet { Progress::hidden() } else { Progress::on_terminal() };
    audit(&settings, &args.out, voice, &progress, world)
}

/// Open, read, compare, assemble, write: one screen, since it is the whole program.
pub(super) fn audit(
    settings: &Settings,
    out: &Path,
    voice: Voice,
    progress: &Progress,
    world: &mut World<'_>,
) -> Result<u8, Error> {
    if let Some(folder) = &settings.render.templates {
        report::check_templates(folder)?;
    }
    refuse_audited(settings, "--out", out)?;
    refuse_cache(settings, out)?;
    let history = settings.history.as_deref().map(|folder| history(settings, folder, out)).transpose()?;
    if let Some(history) = &history {
        history.check_time(&report::time(settings.now))?;
        history.prepare()?;
    }
    let folder = Folder::prepare(out)?;
    let examined = examine(settings, history.as_ref(), progress, world);
    // Whatever an interrupted reader says, Ctrl-C is the reason.
    let mut report = if interrupt::is_asked() { Err(Error::Interrupted) } else { examined }?;
    if let Some(history) = &history {
        history.tell(&mut report);
    }
    // What is remembered names people, or the next run would know nobody.
    let remembered = history.as_ref().map(|it| remembered(it, settings, &mut report)).transpose()?;
    let report = redacted(report, settings.render.redact, voice.is_quiet, world);
    report::render(&report, &settings.render, &folder)?;
    if interrupt::is_asked() {
        return Err(Error::Interrupted);
    }
    folder.publish()?;
    if let (Some(history), Some(findings)) = (&history, &remembered) {
        history.remember(&report, findings)?;
    }
    // A job says why it failed where errors are looked for.
    if report.verdict.exit == 2 {
        let is_not_whole = report.areas.iter().any(|it| it.is_not_whole) && !settings.accepts_gaps;
        let hint = if is_not_whole { " Where that is known, --accept-gaps lets it pass." } else { "" };
        world.warn(&format!("{}{hint}", report.verdict.sentence));
    }
    if !voice.is_quiet {
        printed(summary::print(&report, out, voice.is_verbose, world.out))?;
    }
    Ok(report.verdict.exit)
}

/// What the next run is compared with: the report, with what the run before had, whatever this one was compared with.
fn remembered(history: &History, settings: &Settings, report: &mut Report) -> Result<Vec<u8>, Error> {
    let (Some(_), Some(last)) = (&settings.baseline, history.last()) else { return report::findings_json(report) };
    let carried = Baseline::read(&last)?.carried(report);
    let Some(baseline) = &mut report.baseline else { return report::findings_json(report) };
    let shown = std::mem::replace(&mut baseline.unchecked, carried);
    let bytes = report::findings_json(report);
    if let Some(baseline) = &mut report.baseline {
        baseline.unchecked = shown;
    }
    bytes
}

/// What is remembered of earlier runs, in a folder that no report replaces.
fn history(settings: &Settings, folder: &Path, out: &Path) -> Result<History, Error> {
    refuse_audited(settings, "--history", folder)?;
    if source::resolved(folder).starts_with(source::resolved(out)) {
        return Err(Error::usage(format!("--history {} lies in --out: name a folder outside of it", folder.display())));
    }
    History::read(folder)
}

/// The report, with people made unreadable if that is asked for.
pub(super) fn redacted(mut report: Report, is_asked: bool, is_quiet: bool, world: &mut World<'_>) -> Report {
    if !is_asked {
        return report;
    }
    if report.is_redacted {
        world.warn("people are unreadable in it already: their marks stay as they are");
        return report;
    }
    let key = source::environment("MAGEGAP_REDACT_KEY").filter(|it| !it.is_empty());
    if key.is_none() && !is_quiet {
        world.warn("without MAGEGAP_REDACT_KEY somebody who guesses a name can check the guess");
    }
    report::redact(&mut report, key.as_deref());
    report
}

/// A report names people: it does not go where a web server shows it, nor where
/// the next audit would find it.
pub(super) fn refuse_audited(settings: &Settings, option: &str, out: &Path) -> Result<(), Error> {
    let place = source::resolved(out);
    for side in Side::BOTH {
        let nothing = LiveInputs::default();
        let (given, snapshot) = match &settings.sides.of(side).source {
            SideSource::Live(live) => (live, None),
            SideSource::Snapshot(path) => (&nothing, Some(path.as_path())),
            SideSource::None => (&nothing, None),
        };
        let dumps = match &given.database {
            Some(DatabaseSource::Dump(paths)) => paths.as_slice(),
            _ => &[],
        };
        let files = [snapshot, given.media.as_deref()].into_iter().flatten().chain(dumps.iter().map(PathBuf::as_path));
        if let Some(file) = files.into_iter().find(|it| place == source::resolved(it)) {
            return Err(Error::usage(format!("{option} {} is an input: name another place", file.display())));
        }
        let mut audited = [given.root.as_deref(), given.media.as_deref()].into_iter().flatten();
        if let Some(folder) = audited.find(|it| place.starts_with(source::resolved(it))) {
            return Err(Error::usage(format!(
                "{option} {} lies in {}, which is audited: name a place outside of it",
                out.display(),
                folder.display()
            )));
        }
    }
    Ok(())
}

/// Makes sure that what is remembered goes nowhere where it would be audited.
pub(super) fn refuse_cache(settings: &Settings, out: &Path) -> Result<(), Error> {
    let Some(folder) = &settings.media.cache else { return Ok(()) };
    if source::resolved(folder).starts_with(source::resolved(out)) {
        return Err(Error::usage(format!("--cache {} lies in --out: name a folder outside of it", folder.display())));
    }
    if source::exists(folder) && !source::is_folder(folder) {
        return Err(Error::usage(format!("--cache {} is not a folder", folder.display())));
    }
    refuse_audited(settings, "--cache", folder)
}

fn examine(
    settings: &Settings,
    history: Option<&History>,
    progress: &Progress,
    world: &mut World<'_>,
) -> Result<Report, Error> {
    // What is wrong with it is said before an hour of reading.
    let last = history.and_then(History::last);
    let baseline = settings.baseline.as_deref().or(last.as_deref()).map(Baseline::read).transpose()?;
    let mode = if settings.is_assessment() { Mode::Assessment } else { Mode::Verification };
    if let Some(baseline) = &baseline {
        baseline.check_mode(mode)?;
    }
    let choice = Choice { only: settings.only.clone(), skip: settings.skip.clone() };
    let mut stores = open(settings, &choice, progress)?;
    for warning in warnings(&stores) {
        world.warn(&warning);
    }
    if let (Some(baseline), Some(m1)) = (&baseline, &mut stores.m1) {
        baseline.check_views(&report::store_views(&Snapshot::store_views(m1)))?;
    }
    let facts = read(&mut stores, settings, &choice, progress)?;
    let media_filter = settings.media.patterns.words();
    let context = Context { now: settings.now, judgement: &settings.judgement, media_filter: media_filter.as_deref() };
    let sections = area::audit_all(&facts, &context, &choice, &progress.items("areas", area::ALL.len() as u64));
    let report = report::assemble(report::Inputs {
        stores: &stores,
        facts: &facts,
        sections,
        now: settings.now,
        fail_on: settings.fail_on,
        accepts_gaps: settings.accepts_gaps,
        words: &settings.report,
        decisions: &settings.decisions,
        baseline: baseline.as_ref(),
        settings: &settings.told(),
    });
    if let Some(baseline) = &baseline {
        baseline.check_findings(&report)?;
    }
    Ok(report)
}

/// What may be a slip, and may be meant.
fn warnings(stores: &Pair<Option<Store>>) -> Vec<String> {
    let folder = |side: Side| match stores.of(side).as_ref().map(|it| &it.media) {
        Some(Known::Is(MediaSource::Folder(folder))) => Some(folder),
        _ => None,
    };
    let (Some(m1), Some(m2)) = (folder(Side::M1), folder(Side::M2)) else { return Vec::new() };
    let is_same = source::is_same_folder(m1, m2);
    let words = format!(
        "{} is the media folder of both sides: that is right where both shops mount it, and else nothing can be missing",
        m1.display()
    );
    is_same.then_some(words).into_iter().collect()
}

/// Opens both sides at once. Without Magento 2 there is an assessment.
fn open(settings: &Settings, choice: &Choice, progress: &Progress) -> Result<Pair<Option<Store>>, Error> {
    let wanted = Wanted { database: choice.needs(Input::Database), media: choice.needs(Input::Media) };
    let open = |side: Side| {
        let given = settings.sides.of(side);
        let mut store = (!given.is_empty()).then(|| Store::open(side, given, wanted, progress)).transpose()?;
        if let Some(store) = &mut store {
            store.migration.clone_from(&settings.migration);
        }
        Ok::<_, Error>(store)
    };
    let (m1, m2) = at_once(|| open(Side::M1), || open(Side::M2));
    Ok(Pair { m1: m1?, m2: m2? })
}

fn read(
    stores: &mut Pair<Option<Store>>,
    settings: &Settings,
    choice: &Choice,
    progress: &Progress,
) -> Result<Facts, Error> {
    let is_assessment = settings.is_assessment();
    let snapshot = |store: &mut Option<Store>| match store {
        Some(store) => {
            let snapshot = Snapshot::read(store, &|fact| choice.wants(fact));
            store.close();
            snapshot
        }
        None => Snapshot::empty(),
    };
    let Pair { m1, m2 } = stores;
    let (m1, m2) = at_once(|| snapshot(m1), || snapshot(m2));
    if interrupt::is_asked() {
        return Err(Error::Interrupted);
    }
    let sides = Pair { m1, m2 };
    let media = if choice.needs(Input::Media) {
        facts::media::read(stores, &sides, is_assessment, &settings.media, progress)?
    } else {
        MediaFacts::unknown("left out by --only or --skip")
    };
    let facts = Facts { sides, media, is_assessment, migration: settings.migration.clone() };
    refuse_nothing(stores, &facts)?;
    Ok(facts)
}

/// Where nothing at all of Magento 1 can be read there is nothing to report.
fn refuse_nothing(stores: &Pair<Option<Store>>, facts: &Facts) -> Result<(), Error> {
    let m1 = stores.m1.as_ref();
    let database = m1.and_then(Store::database).and_then(Known::lack);
    let media = facts.lack(Side::M1, Fact::Media);
    let has_database = m1.is_some_and(|it| it.database().is_none_or(|database| database.get().is_some()));
    let has_something = has_database || media.is_none() || facts.sides.m1.modules.get().is_some();
    let failures: Vec<&str> =
        [database, media].into_iter().flatten().filter(|it| it.is_failure()).map(Lack::why).collect();
    if has_something || failures.is_empty() { Ok(()) } else { Err(Error::usage(failures.join("; "))) }
}
