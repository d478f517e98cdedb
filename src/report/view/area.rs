//! An area: its findings in a table for each rule, its cards and its inventory.

use std::borrow::Cow;

use serde::Serialize;

use super::picture::{Picture, picture};
use super::rest::Rest;
use super::steering::{EffortView, next_end};
use super::{Catalogue, ROWS, Rests, RuleWords, standing};
use crate::area::{Card, Kind, Status, Words};
use crate::finding::{Confidence, Severity, Trend};
use crate::language::Language;
use crate::report::baseline::{BaselineReport, Past};
use crate::report::csv::inventory_name;
use crate::report::{AreaReport, DecisionReport, Entry, Report, RuleReport};

/// Cards of an area that the page shows; the rest is in findings.json.
const CARDS: usize = 100;

#[derive(Serialize)]
pub(super) struct AreaView<'a> {
    name: &'a str,
    title: &'a str,
    question: &'a str,
    status: &'static str,
    reason: &'a str,
    is_left_out: bool,
    /// `pass`, `fail` or `unknown`.
    gate: &'static str,
    failing: usize,
    counts: Vec<Count>,
    open: usize,
    /// Those that are to be dealt with.
    work: usize,
    owner: Option<&'a str>,
    /// Open findings that an earlier run had not, and what it had and is gone, where there was one.
    new: usize,
    fixed: usize,
    unchecked: usize,
    waived: usize,
    /// The day on which the next of its decisions ends, in words.
    next_end: Option<String>,
    done: Option<DoneView>,
    effort: EffortView,
    summary: &'a [String],
    picture: Option<Picture>,
    cards: &'a [Card],
    cards_total: usize,
    pub(super) rules: Vec<RuleView<'a>>,
    method: &'a [Words],
    inventory: Option<InventoryView<'a>>,
}

#[derive(Serialize)]
struct DoneView {
    done: usize,
    of: usize,
    percent: u8,
}

#[derive(Serialize)]
struct Count {
    severity: &'static str,
    count: usize,
}

#[derive(Serialize)]
pub(super) struct RuleView<'a> {
    rule: &'a RuleReport,
    title: &'a str,
    plain: &'a str,
    action: &'a str,
    /// The worst severity that occurs.
    severity: &'static str,
    total: usize,
    pub(super) rows: Vec<RowView<'a>>,
    /// Rows that the page has as data.
    rest: Option<&'a Rest>,
    /// Rows of both kinds.
    shown: usize,
    /// The columns that have anything in them.
    columns: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct RowView<'a> {
    id: &'a str,
    severity: &'static str,
    /// `waived`, `new` or `open`.
    standing: &'static str,
    /// What was decided: the place, the verdict, and why.
    decision: Option<(u32, &'static str, &'a str)>,
    subject: &'a str,
    /// Whose card is on the page, by its place.
    card: Option<usize>,
    scope: &'a str,
    m1: Option<Cow<'a, str>>,
    m2: Option<Cow<'a, str>>,
    /// The beginning of the detail, and the rest of a long one.
    detail: &'a str,
    detail_rest: Cow<'a, str>,
    used_by: Cow<'a, str>,
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
    text: Cow<'a, str>,
    /// What sorting goes by, where it is not the text.
    sort: Option<Cow<'a, str>>,
    is_number: bool,
    /// Words that are too many to be shown at once.
    list: Vec<&'a str>,
}

/// Whether an entry has something to show in a column.
type Has = fn(&Entry) -> bool;

pub(super) fn area_view<'a>(
    area: &'a AreaReport,
    report: &'a Report,
    words: &'a Catalogue<'a>,
    rests: &'a Rests,
) -> AreaView<'a> {
    let cards = &area.cards[..area.cards.len().min(CARDS)];
    let mut rules: Vec<RuleView<'_>> = report
        .rules
        .iter()
        .filter(|it| it.area == area.name && it.findings > 0)
        .map(|rule| {
            let of = Shown {
                entries: words.entries(&rule.code),
                rest: rests.rule(&rule.code),
                cards,
                decisions: &report.decisions,
            };
            rule_view(rule, &words.rule(&rule.code), &of)
        })
        .collect();
    rules.sort_by_key(|it| Severity::ALL.iter().position(|severity| severity.code() == it.severity));
    let (title, question) = words.area(&area.name);
    let entries = || report.findings.iter().filter(|it| it.area == area.name);
    let failing = entries().filter(|it| it.fails(&report.verdict)).count();
    // What is known already fails nothing, and is open all the same.
    let is_bad = entries().any(|it| it.is_open() && report.verdict.fail_on.is_some_and(|limit| it.severity <= limit));
    let gone = |which: fn(&BaselineReport) -> &[Past]| {
        report
            .baseline
            .as_ref()
            .map_or(0, |it| which(it).iter().filter(|it| it.area == area.name && it.is_work()).count())
    };
    AreaView {
        name: &area.name,
        title,
        question,
        status: area.status.code(),
        reason: &area.reason,
        is_left_out: area.is_left_out,
        gate: match area.status {
            _ if failing > 0 => "fail",
            Status::Checked | Status::Partial if is_bad && report.verdict.is_new_only => "open",
            Status::Checked | Status::Partial => "pass",
            Status::Failed | Status::NotChecked => "unknown",
        },
        failing,
        counts: area.counts.iter().map(|(severity, &count)| Count { severity: severity.code(), count }).collect(),
        open: area.counts.values().sum(),
        work: entries().filter(|it| it.is_work()).count(),
        owner: area.owner.as_deref(),
        new: entries().filter(|it| it.is_work() && it.trend == Trend::New.code()).count(),
        fixed: gone(|it| &it.fixed),
        unchecked: gone(|it| &it.unchecked),
        waived: entries().filter(|it| !it.is_open()).count(),
        next_end: next_end(report, |it| it == area.name).map(|it| words.language.day(it)),
        effort: EffortView::of(area, report.minutes_per_point),
        done: area.done.map(|it| DoneView { done: it.done, of: it.of, percent: it.percent() }),
        summary: &area.summary,
        picture: area.picture.as_ref().and_then(|it| picture(it, &area.name, words.language)),
        cards,
        cards_total: area.cards.len(),
        rules,
        method: &area.method,
        inventory: (!area.inventory.rows.is_empty()).then(|| inventory(area, words.language)),
    }
}

/// The columns in which any of the findings has something.
pub(super) fn columns(entries: &[&Entry]) -> Vec<&'static str> {
    let columns: [(&str, Has); 6] = [
        ("scope", |it| !it.scope.is_empty()),
        ("m1", |it| it.m1.is_some()),
        ("m2", |it| it.m2.is_some()),
        ("detail", |it| !it.detail.is_empty()),
        ("used_by", |it| !it.used_by.is_empty()),
        ("confidence", |it| it.confidence != Confidence::Certain),
    ];
    columns.into_iter().filter(|(_, has)| entries.iter().any(|it| has(it))).map(|(name, _)| name).collect()
}

/// What a rule's table is made of.
struct Shown<'s, 'a> {
    entries: &'s [&'a Entry],
    rest: Option<&'a Rest>,
    cards: &'s [Card],
    decisions: &'a [DecisionReport],
}

fn rule_view<'a>(rule: &'a RuleReport, words: &RuleWords<'a>, shown: &Shown<'_, 'a>) -> RuleView<'a> {
    let &Shown { entries, rest, cards, decisions } = shown;
    RuleView {
        rule,
        title: words.title,
        plain: words.plain,
        action: words.action,
        severity: entries.first().map_or(rule.severity, |it| it.severity).code(),
        total: entries.len(),
        columns: columns(entries),
        rest,
        shown: entries.len().min(ROWS) + rest.map_or(0, Rest::count),
        rows: entries
            .iter()
            .take(ROWS)
            .map(|it| (it, folded(&it.detail)))
            .map(|(it, (detail, detail_rest))| RowView {
                id: &it.fingerprint,
                severity: it.severity.code(),
                standing: standing(it),
                decision: it.decision.and_then(|at| {
                    let decision = decisions.get(at as usize)?;
                    Some((at, decision.decision.code(), decision.reason.as_str()))
                }),
                subject: &it.subject,
                card: cards.iter().position(|card| card.is_about(&it.subject, &it.scope)),
                scope: &it.scope,
                m1: it.m1.as_deref().map(clipped),
                m2: it.m2.as_deref().map(clipped),
                detail,
                detail_rest: clipped(detail_rest),
                used_by: clipped(&it.used_by),
                confidence: it.confidence.code(),
            })
            .collect(),
    }
}

/// How many bytes of a text a page has at the most.
const CLIPPED: usize = 4_000;

/// A text as the page has it: of one that would fill it, the beginning.
pub(super) fn clipped(text: &str) -> Cow<'_, str> {
    if text.len() <= CLIPPED {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(CLIPPED);
    Cow::Owned(format!("{} … (findings.json)", &text[..end]))
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

fn inventory(area: &AreaReport, language: Language) -> InventoryView<'_> {
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
            .map(|row| {
                row.iter().zip(&table.columns).map(|(cell, column)| cell_view(cell, column.kind, language)).collect()
            })
            .collect(),
        total: table.rows.len(),
        file: inventory_name(&area.name),
    }
}

fn cell_view(cell: &str, kind: Kind, language: Language) -> CellView<'_> {
    let number =
        |text: String| CellView { text: text.into(), sort: Some(cell.into()), is_number: true, list: Vec::new() };
    match (kind, cell.parse::<u64>()) {
        (Kind::Number, Ok(count)) => number(language.number(count)),
        (Kind::Bytes, Ok(count)) => number(language.bytes(count)),
        (Kind::List, _) => {
            let list: Vec<&str> = cell.split(' ').filter(|it| !it.is_empty()).collect();
            let count = list.len().to_string();
            CellView { text: cell.into(), sort: Some(count.into()), is_number: false, list }
        }
        _ => CellView { text: cell.into(), sort: None, is_number: false, list: Vec::new() },
    }
}
