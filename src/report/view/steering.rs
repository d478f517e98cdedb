//! What those see who steer a migration: what has come and gone, what is decided, what is next, and what it costs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::picture::{Line, Picture, line, picture};
use super::steps::{StepItem, step_item};
use super::{Catalogue, ROWS, RuleWords, plain_name};
use crate::area::{Bar, Bars, Unit, Words};
use crate::decision::{Trouble, Verdict};
use crate::finding::{Severity, Step, Trend};
use crate::language::Language;
use crate::report::baseline::{BaselineReport, Past};
use crate::report::effort::{AreaEffort, Rate, percent};
use crate::report::history::{AreaRun, Run};
use crate::report::{AreaReport, DecisionReport, Done, Entry, Report, RuleReport};

/// All of it.
#[derive(Serialize)]
pub(super) struct Steering<'a> {
    since: Option<Since<'a>>,
    trend: Option<TrendView<'a>>,
    blockers: Vec<Blocker<'a>>,
    /// What somebody has to decide, the worst first.
    decisions: Vec<StepItem<'a>>,
    /// What was put off, the next day first.
    put_off: Vec<DecisionView<'a>>,
    decided: Vec<DecisionView<'a>>,
    waived: usize,
    /// The day on which the next decision ends, in words.
    next_end: Option<String>,
    effort: EffortView,
    /// Minutes that a point costs.
    minutes: Rate,
}

/// What has come and gone since an earlier run.
#[derive(Serialize)]
struct Since<'a> {
    time: String,
    new: usize,
    known: usize,
    /// New ones, and why some of them are new although the earlier run had them.
    added: Gone<'a>,
    again: [AgainView; 3],
    fixed: Gone<'a>,
    unchecked: Gone<'a>,
    waived_gone: Gone<'a>,
    first_checked: Vec<&'a str>,
}

#[derive(Serialize)]
struct AgainView {
    code: &'static str,
    count: usize,
}

/// Findings that one of two runs has.
#[derive(Serialize)]
struct Gone<'a> {
    count: usize,
    shown: Vec<PastView<'a>>,
}

#[derive(Serialize)]
struct PastView<'a> {
    severity: &'static str,
    title: &'a str,
    subject: &'a str,
    scope: &'a str,
}

/// What was open from run to run.
#[derive(Serialize)]
struct TrendView<'a> {
    picture: Option<Picture>,
    /// Runs that did not look at all that others did, with what they left out.
    gaps: Vec<GapRun<'a>>,
    areas: Vec<AreaTrend<'a>>,
    /// The first run that looked at as much as this one, which looked at all that any did.
    fair: Option<RunView>,
    /// The first run that is shown, and this one.
    first: RunView,
    now: RunView,
}

/// How a run stood.
#[derive(Serialize)]
struct RunView {
    time: String,
    points: u64,
    percent: Option<u8>,
}

#[derive(Serialize)]
struct GapRun<'a> {
    time: String,
    areas: Vec<&'a str>,
}

/// What was open of an area from run to run.
#[derive(Serialize)]
struct AreaTrend<'a> {
    title: &'a str,
    first: Option<usize>,
    now: Option<usize>,
    line: Line,
}

/// A decision, with what findings have of it.
#[derive(Serialize)]
pub(super) struct DecisionView<'a> {
    id: usize,
    of: &'a DecisionReport,
    code: &'static str,
    trouble: Option<&'static str>,
    until: Option<String>,
    /// What it counts about, in plain words; nothing if it counts about nothing.
    topic: Option<DecidedView<'a>>,
}

/// The first finding that a decision counts about.
#[derive(Serialize)]
struct DecidedView<'a> {
    plain: &'a str,
    subject: String,
}

/// An open blocker, for those who read no details.
#[derive(Serialize)]
struct Blocker<'a> {
    words: RuleWords<'a>,
    area: &'a str,
    owner: Option<&'a str>,
    subjects: Vec<&'a str>,
    count: usize,
}

/// Points of what is open, the hours that they may cost, and what is done.
#[derive(Serialize)]
pub(in crate::report) struct EffortView {
    pub(in crate::report) points: u64,
    pub(in crate::report) low: f64,
    pub(in crate::report) high: f64,
    /// The same of what was put off.
    pub(in crate::report) later: u64,
    pub(in crate::report) later_low: f64,
    pub(in crate::report) later_high: f64,
    /// The share of the effort that is done.
    pub(in crate::report) percent: Option<u8>,
}

impl EffortView {
    /// Of all areas: of the sum of what is said of each.
    pub(in crate::report) fn of_all(report: &Report) -> Self {
        let areas = || report.areas.iter().map(|it| it.effort);
        let percent = percent(report.areas.iter().map(|it| (&it.effort, it.done.as_ref())));
        let points = areas().fold(0, |sum: u64, it| sum.saturating_add(it.open.points()));
        let later = areas().fold(0, |sum: u64, it| sum.saturating_add(it.later.points()));
        Self::new(points, later, percent, report.minutes_per_point)
    }

    /// Of an area.
    pub(in crate::report) fn of(area: &AreaReport, rate: Rate) -> Self {
        let AreaEffort { open, later, .. } = area.effort;
        Self::new(open.points(), later.points(), area.done.map(Done::points_percent), rate)
    }

    fn new(points: u64, later: u64, percent: Option<u8>, rate: Rate) -> Self {
        let ((low, high), (later_low, later_high)) = (rate.hours(points), rate.hours(later));
        Self { points, low, high, later, later_low, later_high, percent }
    }
}

impl<'a> Steering<'a> {
    pub(super) fn of(report: &'a Report, words: &'a Catalogue<'a>) -> Self {
        let language = words.language;
        let mut firsts: BTreeMap<usize, &Entry> = BTreeMap::new();
        for it in &report.findings {
            it.decision.map(|at| firsts.entry(at as usize).or_insert(it));
        }
        let view = |(id, of): (usize, &'a DecisionReport)| {
            let topic = firsts
                .get(&id)
                .map(|it| DecidedView { plain: words.rule(&it.rule).plain, subject: plain_name(&it.subject, words) });
            decision(id, of, topic, language)
        };
        let decided: Vec<DecisionView<'_>> = report.decisions.iter().enumerate().map(view).collect();
        let put_off = report.decisions.iter().enumerate();
        let put_off = put_off.filter(|(_, it)| it.decision == Verdict::Later && it.applied > 0);
        let mut put_off: Vec<DecisionView<'_>> = put_off.map(view).collect();
        put_off.sort_by_key(|it| it.of.until.as_deref());
        Self {
            since: report.baseline.as_ref().map(|it| since(it, report, words)),
            trend: trend(report, words),
            blockers: blockers(report, words),
            decisions: awaited(report, words),
            put_off,
            decided,
            waived: report.waived(),
            next_end: next_end(report, |_| true).map(|it| language.day(it)),
            effort: EffortView::of_all(report),
            minutes: report.minutes_per_point,
        }
    }
}

fn decision<'a>(
    id: usize,
    of: &'a DecisionReport,
    topic: Option<DecidedView<'a>>,
    language: Language,
) -> DecisionView<'a> {
    DecisionView {
        id,
        of,
        code: of.decision.code(),
        trouble: of.trouble.map(Trouble::code),
        until: of.until.as_deref().map(|it| language.day(it)),
        topic,
    }
}

/// Subjects of a blocker that a manager is shown.
const BLOCKERS: usize = 5;

fn blockers<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<Blocker<'a>> {
    let is_blocker = |it: &&Entry| it.is_open() && it.severity == Severity::Blocker;
    let of_rule = |rule: &'a RuleReport| {
        let entries: Vec<&Entry> = words.entries(&rule.code).iter().copied().filter(is_blocker).collect();
        (!entries.is_empty()).then(|| Blocker {
            words: words.rule(&rule.code),
            area: words.area(&rule.area).0,
            owner: rule.owner.as_deref(),
            subjects: entries.iter().take(BLOCKERS).map(|it| &*it.subject).collect(),
            count: entries.len(),
        })
    };
    report.rules.iter().filter_map(of_rule).collect()
}

/// What somebody has to decide, the worst first.
fn awaited<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<StepItem<'a>> {
    let rules = report.rules.iter().filter(|it| it.step == Step::Decide);
    let items = rules.filter_map(|it| step_item(it, words, Entry::is_undecided));
    let mut items: Vec<StepItem<'_>> = items.filter(|it| it.severity != Severity::Info.code()).collect();
    items.sort_by_key(StepItem::place);
    items
}

fn since<'a>(before: &'a BaselineReport, report: &'a Report, words: &'a Catalogue<'a>) -> Since<'a> {
    let view = |severity: Severity, rule: &'a str, subject: &'a str, scope: &'a str| PastView {
        severity: severity.code(),
        title: words.rule(rule).title,
        subject,
        scope,
    };
    let gone = |all: &'a [Past]| {
        let all = || all.iter().filter(|it| it.is_work());
        let shown = all().take(ROWS).map(|it| view(it.severity, &it.rule, &it.subject, &it.scope));
        Gone { count: all().count(), shown: shown.collect() }
    };
    let new = report.findings.iter().filter(|it| it.is_work() && it.trend == Trend::New.code());
    let new = new.take(ROWS).map(|it| view(it.severity, &it.rule, &it.subject, &it.scope));
    Since {
        time: words.language.time(&before.generated),
        new: before.new,
        known: before.known,
        added: Gone { count: before.new, shown: new.collect() },
        again: [("reopened", before.reopened), ("worse", before.worse), ("failed", before.failed)]
            .map(|(code, count)| AgainView { code, count }),
        fixed: gone(&before.fixed),
        unchecked: gone(&before.unchecked),
        waived_gone: gone(&before.waived_gone),
        first_checked: before.first_checked.iter().map(|it| words.area(it).0).collect(),
    }
}

/// What was open in each run. Two are the least that tell a trend.
fn trend<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Option<TrendView<'a>> {
    let (runs, language) = (&report.history, words.language);
    let ([first, .., now], true) = (runs.as_slice(), runs.len() >= 2) else { return None };
    let view =
        |run: &Run| RunView { time: language.time(&run.generated), points: run.points(), percent: run.percent() };
    let gap = |run: &'a Run| {
        let areas: Vec<&str> = run.gaps(runs).map(|it| words.area(&it.name).0).collect();
        (!areas.is_empty()).then(|| GapRun { time: language.time(&run.generated), areas })
    };
    let area = |name: &'a str| {
        let open = |run: &'a Run| run.area(name).filter(|it| it.is_checked()).map(AreaRun::open);
        let counts: Vec<Option<usize>> = runs.iter().map(open).collect();
        AreaTrend { title: words.area(name).0, first: open(first), now: open(now), line: line(&counts) }
    };
    let is_whole = |run: &&Run| run.gaps(runs).next().is_none();
    let fair = runs.iter().find(is_whole).filter(|it| is_whole(&now) && it.generated != now.generated);
    Some(TrendView {
        fair: fair.map(view),
        picture: runs_picture(runs, language),
        gaps: runs.iter().filter_map(gap).collect(),
        areas: report.areas.iter().filter(|it| !it.is_left_out).map(|it| area(&it.name)).collect(),
        first: view(first),
        now: view(now),
    })
}

/// A bar for each run.
fn runs_picture(runs: &[Run], language: Language) -> Option<Picture> {
    let day = |run: &Run| run.generated.get(..10).unwrap_or(&run.generated).to_owned();
    let mut of_day: BTreeMap<String, usize> = BTreeMap::new();
    for run in runs {
        *of_day.entry(day(run)).or_default() += 1;
    }
    let bar = |run: &Run| {
        let mark = if run.gaps(runs).next().is_some() { " *" } else { "" };
        let (day, time) = (day(run), run.generated.get(11..16).unwrap_or_default());
        let time = if of_day[&day] > 1 { format!(" {time}") } else { String::new() };
        let worst = run.count(Severity::Blocker).saturating_add(run.count(Severity::High));
        // The first part's colour means that all is well.
        let values = vec![0, run.count(Severity::Low), run.count(Severity::Medium), worst, run.waived as u64];
        Bar { label: format!("{}{time}{mark}", language.day(&day)), values }
    };
    let word = |severity: Severity| language.word("severity", severity.code());
    let worst = format!("{}, {}", word(Severity::Blocker), word(Severity::High));
    let bars = Bars {
        title: language.text("trend", None).unwrap_or_default().into(),
        parts: [String::new(), word(Severity::Low), word(Severity::Medium), worst, language.word("state", "waived")]
            .map(Words::from)
            .into(),
        unit: Unit::Count,
        bars: runs.iter().map(bar).collect(),
    };
    picture(&bars, "", language)
}

/// The first day on which a decision ends that waives something in some areas.
pub(super) fn next_end(report: &Report, is_area: impl Fn(&str) -> bool) -> Option<&str> {
    let waived = report.findings.iter().filter(|it| !it.is_open() && is_area(&it.area));
    let decisions = waived.filter_map(|it| report.decisions.get(it.decision? as usize));
    decisions.filter_map(|it| it.until.as_deref()).min()
}
