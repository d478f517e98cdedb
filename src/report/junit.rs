//! `junit.xml`: a suite for each area and a case for each finding, for the test pages of CI servers.

use quick_junit::{NonSuccessKind, Property, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::baseline::Past;
use super::view::EffortView;
use super::{AreaReport, Entry, Output, OwnFile, Renderer, Report, RuleReport, write_file};
use crate::area::Status;
use crate::error::Error;
use crate::finding::{State, Trend};
use crate::text;

/// Findings of a rule that are cases of their own. CI servers refuse files of hundreds of megabytes.
const CASES: usize = 1_000;

/// The format.
pub(super) struct Junit;

/// Its file.
const NAME: &str = "junit.xml";

/// Its files.
pub(super) fn files() -> Vec<OwnFile> {
    vec![OwnFile::new(NAME, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"magegap\"")]
}

impl Renderer for Junit {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let mut suites = Suites::new(&*report.tool.name);
        suites.add_test_suites(report.areas.iter().filter(|it| is_told(it, report)).map(|it| suite(it, report)));
        let name = NAME;
        let mut bytes = Vec::new();
        suites
            .serialize(&mut bytes)
            .map_err(|error| Error::Write { path: name.into(), source: std::io::Error::other(error) })?;
        write_file(out, name, &bytes)
    }
}

/// What was left out is told where an earlier run had found something.
fn is_told(area: &AreaReport, report: &Report) -> bool {
    let unchecked = report.baseline.iter().flat_map(|it| &it.unchecked);
    !area.is_left_out || unchecked.into_iter().any(|it| it.area == area.name)
}

fn suite(area: &AreaReport, report: &Report) -> TestSuite {
    let mut suite = TestSuite::new(&*area.name);
    suite.add_property(Property::new("title", &*area.title));
    suite.add_property(Property::new("status", area.status.code()));
    suite.add_property(Property::new("generated", &report.generated));
    for (name, value) in standing(area, report) {
        suite.add_property(Property::new(name, value));
    }
    suite.add_test_case(coverage(area));
    for rule in report.rules.iter().filter(|it| it.area == area.name) {
        let mut cases = report.findings.iter().filter(|it| it.rule == rule.code);
        suite.add_test_cases(cases.by_ref().take(CASES).map(|it| case(it, rule, report)));
        let (waived, open): (Vec<&Entry>, Vec<&Entry>) = cases.partition(|it| !it.is_open());
        for entries in [open, waived] {
            if let Some(more) = rest(&entries, rule, report) {
                suite.add_test_case(more);
            }
        }
    }
    suite
}

/// What an area costs, who answers for it, and what has come and gone.
fn standing(area: &AreaReport, report: &Report) -> Vec<(&'static str, String)> {
    let effort = EffortView::of(area, report.minutes_per_point);
    let mut standing =
        vec![("points", effort.points.to_string()), ("hours", format!("{}-{}", effort.low, effort.high))];
    standing.extend(area.owner.clone().map(|it| ("owner", it)));
    let own = || report.findings.iter().filter(|it| it.area == area.name);
    standing.push(("waived", own().filter(|it| !it.is_open()).count().to_string()));
    if let Some(before) = &report.baseline {
        let gone = |all: &[Past]| all.iter().filter(|it| it.area == area.name && it.is_work()).count().to_string();
        let new = own().filter(|it| it.is_work() && it.trend == Trend::New.code()).count().to_string();
        standing.extend([("new", new), ("fixed", gone(&before.fixed)), ("unchecked", gone(&before.unchecked))]);
    }
    standing
}

/// Whether the area was checked, which no number of findings tells.
fn coverage(area: &AreaReport) -> TestCase {
    let mut status = match area.status {
        Status::Checked => TestCaseStatus::success(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Error),
        Status::Partial | Status::NotChecked => TestCaseStatus::skipped(),
    };
    if !area.reason.is_empty() {
        status.set_message(&area.reason);
    }
    let mut case = TestCase::new("coverage", status);
    case.set_classname(&*area.name);
    case
}

/// Whether a finding fails the run, by the same limit as its exit status.
fn fails(entry: &Entry, report: &Report) -> bool {
    entry.fails(&report.verdict)
}

fn case(entry: &Entry, rule: &RuleReport, report: &Report) -> TestCase {
    let name =
        if entry.scope.is_empty() { entry.subject.to_string() } else { format!("{} [{}]", entry.subject, entry.scope) };
    let mut lines = vec![format!("{}: {}", entry.severity, rule.title)];
    let side = |platform: &str, it: &Option<Box<str>>| it.as_ref().map(|it| format!("{platform}: {it}"));
    lines.extend(side("Magento 1", &entry.m1));
    lines.extend(side("Magento 2", &entry.m2));
    lines.extend((!entry.detail.is_empty()).then(|| entry.detail.to_string()));
    lines.extend((!entry.used_by.is_empty()).then(|| format!("used by {}", entry.used_by)));
    lines.push(entry.action.to_string());
    let lines = text::visible_lines(&lines.join("\n"));
    let mut status = match entry.state {
        State::Waived => TestCaseStatus::skipped(),
        State::Open if fails(entry, report) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        State::Open => TestCaseStatus::success(),
    };
    let is_told = !matches!(status, TestCaseStatus::Success { .. });
    let decision = entry.decision.and_then(|it| report.decisions.get(it as usize));
    match decision.filter(|_| entry.state == State::Waived) {
        Some(it) => status.set_message(format!("waived: {}, {}", it.decision.code(), it.reason)),
        None => status.set_message(&*rule.title),
    };
    if is_told {
        status.set_type(&*rule.code).set_description(&*lines);
    }
    let mut case = TestCase::new(text::visible(&name), status);
    case.set_classname(&*rule.code);
    if !entry.trend.is_empty() {
        case.add_property(Property::new("trend", &*entry.trend));
    }
    if let Some(it) = decision {
        let until = it.until.as_ref().map(|it| ("until", it));
        let details = [Some(("reason", &it.reason)), it.by.as_ref().map(|it| ("by", it)), until];
        case.add_property(Property::new("decision", it.decision.code()));
        for (name, value) in details.into_iter().flatten() {
            case.add_property(Property::new(name, value.as_str()));
        }
    }
    if !is_told {
        case.set_system_out(&*lines);
    }
    case
}

/// The findings that have no case of their own, in one.
fn rest(entries: &[&Entry], rule: &RuleReport, report: &Report) -> Option<TestCase> {
    if entries.is_empty() {
        return None;
    }
    let failing = entries.iter().filter(|it| fails(it, report)).count();
    let is_waived = entries.iter().all(|it| !it.is_open());
    let mut status = match failing {
        0 if is_waived => TestCaseStatus::skipped(),
        0 => TestCaseStatus::success(),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    status.set_message(format!("{}; findings.json and findings.csv have them all", rule.title)).set_type(&*rule.code);
    let mut case = TestCase::new(
        format!("{} more{}", text::number(entries.len() as u64), if is_waived { ", waived" } else { "" }),
        status,
    );
    case.set_classname(&*rule.code);
    Some(case)
}
