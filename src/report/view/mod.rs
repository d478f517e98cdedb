//! What the page shows: the model, grouped and capped for reading.

mod area;
mod catalogue;
mod picture;
mod rest;
mod sheet;
mod steering;
mod steps;

use serde::Serialize;

use self::area::{AreaView, area_view};
pub(super) use self::catalogue::{Catalogue, RuleWords};
pub(super) use self::rest::Rests;
pub(super) use self::sheet::{Part, Sheet, plain_name};
pub(super) use self::steering::EffortView;
use self::steering::Steering;
use self::steps::{StepView, steps};
use super::Audience;
use super::sentence::sentence;
use super::{Entry, Mode, Report, RuleReport};
use crate::area::Status;
use crate::finding::{Severity, State, Trend};
use crate::language::Language;

/// Rows of a rule that stand in the page; more are there as data, and all in the CSV files.
pub(super) const ROWS: usize = 200;

/// Everything that the templates may use. Words for codes are in the catalogues.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    pub(super) report: Head<'a>,
    /// The reader's word.
    audience: &'static str,
    severities: Vec<SeverityView>,
    /// Whether any area was checked, so that a sum of none means that there is none.
    is_measured: bool,
    /// Those that occur.
    standings: Vec<StandingView>,
    /// Open findings that are to be dealt with.
    work: usize,
    /// Whether anybody is named who answers for something.
    has_owners: bool,
    areas: Vec<AreaView<'a>>,
    not_checked: Vec<Gap<'a>>,
    /// How many areas were not checked, or not completely.
    unchecked_areas: usize,
    steps: Vec<StepView<'a>>,
    clean: Vec<RuleWords<'a>>,
    #[serde(flatten)]
    steering: Steering<'a>,
    sheet: Sheet<'a>,
    total: usize,
    /// Findings that have a row in the page, and those that are there as data, too.
    in_tables: usize,
    shown: usize,
    has_csv: bool,
}

/// The part of the model that needs no grouping.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    title: String,
    client: Option<&'a str>,
    agency: Option<&'a str>,
    logo: Option<&'a str>,
    language: &'static str,
    /// RFC 3339, and in words.
    time: &'a str,
    generated: String,
    /// `assessment` or `verification`.
    mode: &'static str,
    is_assessment: bool,
    is_redacted: bool,
    tool: &'a super::Tool,
    stores: &'a super::Stores,
    verdict: &'a super::Verdict,
    sentence: String,
    /// The mildest severity that fails the run, and whether there is a worse one.
    limit: Option<&'static str>,
    /// `pass`, `part`, `open`, `fail`, `ahead` or `incomplete`.
    outcome: &'static str,
    troubles: &'a [String],
}

#[derive(Serialize)]
struct SeverityView {
    code: &'static str,
    /// Open ones, and waived ones.
    count: usize,
    waived: usize,
}

/// How findings stand: `waived`, `new`, or `open`.
#[derive(Serialize)]
struct StandingView {
    code: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Gap<'a> {
    why: &'a str,
    /// The areas that it keeps from being checked, in the same way.
    areas: Vec<&'a str>,
    status: &'static str,
}

/// The page of a report for a reader.
pub(super) fn page<'a>(
    report: &'a Report,
    words: &'a Catalogue<'a>,
    audience: Audience,
    rests: &'a Rests,
    has_csv: bool,
) -> Page<'a> {
    let areas: Vec<AreaView<'_>> = report.areas.iter().map(|area| area_view(area, report, words, rests)).collect();
    let in_tables: usize = areas.iter().flat_map(|it| &it.rules).map(|it| it.rows.len()).sum();
    let is_clean = |it: &&RuleReport| it.findings == 0 && is_whole(report, &it.area);
    Page {
        report: head(report, words.language),
        audience: audience.code(),
        is_measured: report.areas.iter().any(|it| matches!(it.status, Status::Checked | Status::Partial)),
        severities: Severity::ALL.iter().map(|&it| severity_view(it, report)).collect(),
        standings: standings(report),
        work: report.findings.iter().filter(|it| it.is_work()).count(),
        has_owners: report.rules.iter().any(|it| it.owner.is_some()),
        not_checked: not_checked(report, words),
        unchecked_areas: report.areas.iter().filter(|it| it.status != Status::Checked).count(),
        steps: steps(report, words),
        clean: report.rules.iter().filter(is_clean).map(|it| words.rule(&it.code)).collect(),
        steering: Steering::of(report, words),
        sheet: Sheet::of(report, words),
        areas,
        total: report.findings.len(),
        in_tables,
        shown: in_tables + rests.count(),
        has_csv,
    }
}

fn severity_view(severity: Severity, report: &Report) -> SeverityView {
    let (open, waived): (Vec<&Entry>, Vec<&Entry>) =
        report.findings.iter().filter(|it| it.severity == severity).partition(|it| it.is_open());
    SeverityView { code: severity.code(), count: open.len(), waived: waived.len() }
}

fn standings(report: &Report) -> Vec<StandingView> {
    let standings = ["new", "open", "waived"]
        .map(|code| StandingView { code, count: report.findings.iter().filter(|it| standing(it) == code).count() });
    standings.into_iter().filter(|it| it.count > 0).collect()
}

/// How a finding stands, in one word.
fn standing(entry: &Entry) -> &'static str {
    match entry.state {
        State::Waived => "waived",
        State::Open if entry.trend == Trend::New.code() => "new",
        State::Open => "open",
    }
}

/// The title in the report's language, unless it is the operator's own.
pub(super) fn title(report: &Report) -> String {
    let is_own = report.title != Language::En.word("title", report.mode.code());
    if is_own { report.title.clone() } else { report.look.language.word("title", report.mode.code()) }
}

fn head(report: &Report, language: Language) -> Head<'_> {
    Head {
        title: title(report),
        client: report.client.as_deref(),
        agency: report.agency.as_deref(),
        logo: report.look.logo.as_deref(),
        language: language.code(),
        time: &report.generated,
        generated: language.time(&report.generated),
        mode: report.mode.code(),
        is_assessment: report.mode == Mode::Assessment,
        is_redacted: report.is_redacted,
        tool: &report.tool,
        stores: &report.stores,
        verdict: &report.verdict,
        sentence: sentence(report, language),
        limit: report.verdict.fail_on.map(Severity::code),
        outcome: report.outcome().code(),
        troubles: &report.troubles,
    }
}

/// Whether all rules of an area were applied: of one that was checked in part, nobody knows which,
/// and before the migration none about Magento 2 was.
fn is_whole(report: &Report, area: &str) -> bool {
    report.mode == Mode::Verification && report.areas.iter().any(|it| it.name == area && it.status == Status::Checked)
}

/// Each reason once for the areas that it concerns in the same way.
fn not_checked<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<Gap<'a>> {
    let mut gaps: Vec<Gap<'a>> = Vec::new();
    for (why, areas) in report.reasons(true) {
        let first = gaps.len();
        for area in areas {
            let (what, status) = (words.area(&area.name).0, area.status.code());
            match gaps[first..].iter_mut().find(|it| it.status == status) {
                Some(gap) => gap.areas.push(what),
                None => gaps.push(Gap { why, areas: vec![what], status }),
            }
        }
    }
    gaps
}
