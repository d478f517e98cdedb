//! What the page shows: the model, grouped and capped for reading.

mod picture;

use std::collections::BTreeMap;

use serde::Serialize;

use self::picture::{Picture, picture};
use super::csv::inventory_name;
use super::{AreaReport, Entry, Mode, Outcome, Report, RuleReport};
use crate::area::{Card, Kind, Status, Words};
use crate::finding::{Confidence, Severity, State, Step};
use crate::text;

/// Rows of a rule that the page shows; the rest is in the CSV files.
pub(super) const ROWS: usize = 500;

/// Cards of an area that the page shows; the rest is in findings.json.
const CARDS: usize = 100;

/// Everything that the templates may use.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    pub(super) report: Head<'a>,
    severities: Vec<SeverityView>,
    areas: Vec<AreaView<'a>>,
    not_checked: Vec<Gap<'a>>,
    steps: Vec<StepView<'a>>,
    clean: Vec<&'a RuleReport>,
    total: usize,
    shown: usize,
    has_csv: bool,
}

/// The part of the model that needs no grouping.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    title: &'a str,
    client: Option<&'a str>,
    agency: Option<&'a str>,
    generated: String,
    is_assessment: bool,
    tool: &'a super::Tool,
    stores: &'a super::Stores,
    verdict: &'a super::Verdict,
    /// `pass`, `fail` or `incomplete`.
    outcome: &'static str,
    outcome_word: &'static str,
    troubles: &'a [String],
}

#[derive(Serialize)]
struct SeverityView {
    code: &'static str,
    meaning: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Gap<'a> {
    what: &'a str,
    status: &'static str,
    status_word: &'static str,
    why: String,
}

#[derive(Serialize)]
struct StepView<'a> {
    heading: &'static str,
    items: Vec<StepItem<'a>>,
}

#[derive(Serialize)]
struct StepItem<'a> {
    code: &'a str,
    title: &'a str,
    action: &'a str,
    severity: &'static str,
    area: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct AreaView<'a> {
    name: &'a str,
    title: &'a str,
    question: &'a str,
    status: &'static str,
    status_word: &'static str,
    reason: &'a str,
    counts: Vec<Count>,
    open: usize,
    summary: &'a [String],
    picture: Option<Picture<'a>>,
    cards: &'a [Card],
    cards_total: usize,
    rules: Vec<RuleView<'a>>,
    method: &'a [Words],
    inventory: Option<InventoryView<'a>>,
}

#[derive(Serialize)]
struct Count {
    severity: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct RuleView<'a> {
    rule: &'a RuleReport,
    /// The worst severity that occurs.
    severity: &'static str,
    total: usize,
    rows: Vec<RowView<'a>>,
    /// The columns that have anything in them.
    columns: Vec<&'static str>,
}

#[derive(Serialize)]
struct RowView<'a> {
    id: &'a str,
    severity: &'static str,
    is_waived: bool,
    subject: &'a str,
    /// Whose card is on the page, by its place.
    card: Option<usize>,
    scope: &'a str,
    m1: Option<&'a str>,
    m2: Option<&'a str>,
    /// The beginning of the detail, and the rest of a long one.
    detail: &'a str,
    detail_rest: &'a str,
    used_by: &'a str,
    confidence: &'static str,
}

#[derive(Serialize)]
struct InventoryView<'a> {
    columns: Vec<ColumnView<'a>>,
    rows: Vec<Vec<CellView<'a>>>,
    total: usize,
    file: String,
}

#[derive(Serialize)]
struct ColumnView<'a> {
    title: &'a str,
    is_number: bool,
}

#[derive(Serialize)]
struct CellView<'a> {
    text: std::borrow::Cow<'a, str>,
    /// What sorting goes by, where it is not the text.
    sort: Option<std::borrow::Cow<'a, str>>,
    is_number: bool,
    /// Words that are too many to be shown at once.
    list: Vec<&'a str>,
}

/// Whether an entry has something to show in a column.
type Has = fn(&Entry) -> bool;

/// The page of a report.
pub(super) fn page(report: &Report, has_csv: bool) -> Page<'_> {
    let open = || report.findings.iter().filter(|it| it.state == State::Open);
    let areas: Vec<AreaView<'_>> = report.areas.iter().map(|area| area_view(area, report)).collect();
    let shown = areas.iter().flat_map(|it| &it.rules).map(|it| it.rows.len()).sum();
    Page {
        report: head(report),
        severities: Severity::ALL
            .iter()
            .map(|&severity| SeverityView {
                code: severity.code(),
                meaning: severity.meaning(),
                count: open().filter(|it| it.severity == severity).count(),
            })
            .collect(),
        not_checked: not_checked(report),
        steps: steps(report),
        clean: report.rules.iter().filter(|it| it.findings == 0 && is_whole(report, &it.area)).collect(),
        areas,
        total: report.findings.len(),
        shown,
        has_csv,
    }
}

fn head(report: &Report) -> Head<'_> {
    let outcome = report.outcome();
    Head {
        title: &report.title,
        client: report.client.as_deref(),
        agency: report.agency.as_deref(),
        generated: report.generated.replace('T', " ").replace('Z', " UTC"),
        is_assessment: report.mode == Mode::Assessment,
        tool: &report.tool,
        stores: &report.stores,
        verdict: &report.verdict,
        outcome: outcome_style(outcome),
        outcome_word: outcome.word(),
        troubles: &report.troubles,
    }
}

const fn outcome_style(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail | Outcome::WorkAhead => "fail",
        Outcome::PassInPart | Outcome::Open | Outcome::Incomplete => "incomplete",
    }
}

pub(super) const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Checked => "checked",
        Status::Partial => "partly checked",
        Status::Failed => "could not be checked",
        Status::NotChecked => "not checked",
    }
}

/// Whether all rules of an area were applied: of one that was checked in part, nobody knows which,
/// and before the migration none about Magento 2 was.
fn is_whole(report: &Report, area: &str) -> bool {
    report.mode == Mode::Verification && report.areas.iter().any(|it| it.name == area && it.status == Status::Checked)
}

fn not_checked(report: &Report) -> Vec<Gap<'_>> {
    report
        .areas
        .iter()
        .filter(|it| it.status != Status::Checked)
        .map(|it| Gap {
            what: &it.title,
            status: it.status.code(),
            status_word: status_word(it.status),
            why: it.reason.clone(),
        })
        .collect()
}

fn steps(report: &Report) -> Vec<StepView<'_>> {
    let mut steps: BTreeMap<Step, Vec<StepItem<'_>>> = BTreeMap::new();
    for rule in report.rules.iter().filter(|it| it.findings > 0) {
        let open = report.findings.iter().filter(|it| it.rule == rule.code && it.state == State::Open);
        let Some(worst) = open.clone().map(|it| it.severity).min() else { continue };
        // What asks for nothing is no step.
        if worst == Severity::Info && rule.step == Step::Leave {
            continue;
        }
        steps.entry(rule.step).or_default().push(StepItem {
            code: &rule.code,
            title: &rule.title,
            action: &rule.action,
            severity: worst.code(),
            area: &rule.area,
            count: open.count(),
        });
    }
    let place = |it: &StepItem<'_>| Severity::ALL.iter().position(|severity| severity.code() == it.severity);
    steps
        .into_iter()
        .map(|(step, mut items)| {
            items.sort_by_key(place);
            StepView { heading: step.heading(), items }
        })
        .collect()
}

fn area_view<'a>(area: &'a AreaReport, report: &'a Report) -> AreaView<'a> {
    let cards = &area.cards[..area.cards.len().min(CARDS)];
    let mut rules: Vec<RuleView<'_>> = report
        .rules
        .iter()
        .filter(|it| it.area == area.name && it.findings > 0)
        .map(|rule| rule_view(rule, cards, report.findings.iter().filter(|it| it.rule == rule.code).collect()))
        .collect();
    rules.sort_by_key(|it| Severity::ALL.iter().position(|severity| severity.code() == it.severity));
    AreaView {
        name: &area.name,
        title: &area.title,
        question: &area.question,
        status: area.status.code(),
        status_word: status_word(area.status),
        reason: &area.reason,
        counts: area.counts.iter().map(|(severity, &count)| Count { severity: severity.code(), count }).collect(),
        open: area.counts.values().sum(),
        summary: &area.summary,
        picture: area.picture.as_ref().and_then(picture),
        cards,
        cards_total: area.cards.len(),
        rules,
        method: &area.method,
        inventory: (!area.inventory.rows.is_empty()).then(|| inventory(area)),
    }
}

fn rule_view<'a>(rule: &'a RuleReport, cards: &[Card], entries: Vec<&'a Entry>) -> RuleView<'a> {
    let columns: [(&str, Has); 6] = [
        ("scope", |it| !it.scope.is_empty()),
        ("m1", |it| it.m1.is_some()),
        ("m2", |it| it.m2.is_some()),
        ("detail", |it| !it.detail.is_empty()),
        ("used_by", |it| !it.used_by.is_empty()),
        ("confidence", |it| it.confidence != Confidence::Certain),
    ];
    RuleView {
        rule,
        severity: entries.first().map_or(rule.severity, |it| it.severity).code(),
        total: entries.len(),
        columns: columns
            .into_iter()
            .filter(|(_, has)| entries.iter().any(|it| has(it)))
            .map(|(name, _)| name)
            .collect(),
        rows: entries
            .into_iter()
            .take(ROWS)
            .map(|it| (it, folded(&it.detail)))
            .map(|(it, (detail, detail_rest))| RowView {
                id: &it.fingerprint,
                severity: it.severity.code(),
                is_waived: it.state == State::Waived,
                subject: &it.subject,
                card: cards.iter().position(|card| is_of(card, it)),
                scope: &it.scope,
                m1: it.m1.as_deref(),
                m2: it.m2.as_deref(),
                detail,
                detail_rest,
                used_by: &it.used_by,
                confidence: it.confidence.code(),
            })
            .collect(),
    }
}

/// Whether a card is about what the entry is about: the subject, or the subject and its store views.
fn is_of(card: &Card, entry: &Entry) -> bool {
    let is_title = |title: &str| {
        let rest = title.strip_prefix(&*entry.subject);
        rest.is_some_and(|rest| rest.is_empty() || rest == format!(" ({})", entry.scope))
    };
    is_title(&card.title) || card.also.iter().any(|it| is_title(it))
}

/// How many bytes of a text are shown before the rest is folded away.
const FOLDED: usize = 280;

/// A text, cut at a blank if it is long: the beginning, and the rest.
fn folded(text: &str) -> (&str, &str) {
    if text.len() <= FOLDED + FOLDED / 4 {
        return (text, "");
    }
    let at = text.char_indices().take_while(|(at, _)| *at <= FOLDED).filter(|(_, it)| *it == ' ').last();
    at.map_or((text, ""), |(at, _)| text.split_at(at))
}

fn inventory(area: &AreaReport) -> InventoryView<'_> {
    let table = &area.inventory;
    InventoryView {
        columns: table
            .columns
            .iter()
            .map(|it| ColumnView { title: &it.title, is_number: matches!(it.kind, Kind::Number | Kind::Bytes) })
            .collect(),
        rows: table
            .rows
            .iter()
            .take(ROWS)
            .map(|row| row.iter().zip(&table.columns).map(|(cell, column)| cell_view(cell, column.kind)).collect())
            .collect(),
        total: table.rows.len(),
        file: inventory_name(&area.name),
    }
}

fn cell_view(cell: &str, kind: Kind) -> CellView<'_> {
    let number =
        |text: String| CellView { text: text.into(), sort: Some(cell.into()), is_number: true, list: Vec::new() };
    match (kind, cell.parse::<u64>()) {
        (Kind::Number, Ok(count)) => number(text::number(count)),
        (Kind::Bytes, Ok(count)) => number(text::bytes(count)),
        (Kind::List, _) => {
            let list: Vec<&str> = cell.split(' ').filter(|it| !it.is_empty()).collect();
            let count = list.len().to_string();
            CellView { text: cell.into(), sort: Some(count.into()), is_number: false, list }
        }
        _ => CellView { text: cell.into(), sort: None, is_number: false, list: Vec::new() },
    }
}
