//! What the page shows: the model, grouped and capped for reading.

mod picture;
mod rest;
mod sheet;

pub(super) use self::rest::Rests;
pub(super) use self::sheet::{Part, Sheet, plain_name};

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use self::picture::{Picture, picture};
use self::rest::Rest;
use super::baseline::{BaselineReport, Past};
use super::csv::inventory_name;
use super::effort::Effort;
use super::history::Run;
use super::sentence::sentence;
use super::{AreaReport, DecisionReport, Entry, Mode, Report, RuleReport};
use crate::area::{Bar, Bars, Card, Kind, Status, Unit, Words};
use crate::cli::Audience;
use crate::decision::Trouble;
use crate::finding::{Confidence, Severity, State, Step, Trend};
use crate::language::{Language, rule_key};

/// Rows of a rule that stand in the page; more are there as data, and all in the CSV files.
pub(super) const ROWS: usize = 200;

/// Cards of an area that the page shows; the rest is in findings.json.
const CARDS: usize = 100;

/// Everything that the templates may use. Words for codes are in the catalogues.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    pub(super) report: Head<'a>,
    /// The reader's word.
    audience: &'static str,
    severities: Vec<SeverityView>,
    areas: Vec<AreaView<'a>>,
    not_checked: Vec<Gap<'a>>,
    steps: Vec<StepView<'a>>,
    clean: Vec<RuleWords<'a>>,
    blockers: Vec<Blocker<'a>>,
    decisions: Vec<StepItem<'a>>,
    since: Option<Since<'a>>,
    trend: Option<Picture>,
    decided: Vec<DecisionView<'a>>,
    waived: usize,
    effort: EffortView,
    /// Minutes that a point costs.
    minutes: (u32, u32),
    /// The day on which the next decision ends, in words.
    next_end: Option<String>,
    sheet: Sheet<'a>,
    total: usize,
    /// Findings that have a row in the page, and those that are there as data, too.
    in_tables: usize,
    shown: usize,
    has_csv: bool,
}

/// What has come and gone since an earlier run.
#[derive(Serialize)]
struct Since<'a> {
    time: String,
    new: usize,
    known: usize,
    fixed: Gone<'a>,
    unchecked: Gone<'a>,
}

/// Findings of an earlier run that are not among those of this one.
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

/// A decision, with what findings have of it.
#[derive(Serialize)]
struct DecisionView<'a> {
    id: usize,
    of: &'a DecisionReport,
    code: &'static str,
    trouble: Option<&'static str>,
    until: Option<String>,
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
    count: usize,
}

#[derive(Serialize)]
struct Gap<'a> {
    what: &'a str,
    status: &'static str,
    why: &'a str,
}

#[derive(Serialize)]
struct StepView<'a> {
    step: &'static str,
    items: Vec<StepItem<'a>>,
}

#[derive(Serialize)]
struct StepItem<'a> {
    code: &'a str,
    title: &'a str,
    plain: &'a str,
    action: &'a str,
    severity: &'static str,
    area: &'a str,
    /// Findings of the worst severity that occurs, and of all.
    worst: usize,
    count: usize,
}

impl StepItem<'_> {
    /// The worst comes first.
    fn place(&self) -> Option<usize> {
        Severity::ALL.iter().position(|it| it.code() == self.severity)
    }
}

/// What a rule is called, and what it says in plain words.
#[derive(Clone, Serialize)]
pub(super) struct RuleWords<'a> {
    pub(super) code: &'a str,
    pub(super) title: &'a str,
    pub(super) plain: &'a str,
    pub(super) action: &'a str,
}

/// An open blocker, for those who read no details.
#[derive(Serialize)]
struct Blocker<'a> {
    words: RuleWords<'a>,
    area: &'a str,
    subjects: Vec<&'a str>,
    count: usize,
}

#[derive(Serialize)]
struct AreaView<'a> {
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
    done: Option<DoneView>,
    effort: EffortView,
    summary: &'a [String],
    picture: Option<Picture>,
    cards: &'a [Card],
    cards_total: usize,
    rules: Vec<RuleView<'a>>,
    method: &'a [Words],
    inventory: Option<InventoryView<'a>>,
}

/// Points of what is open, and the hours that they may cost.
#[derive(Serialize)]
pub(super) struct EffortView {
    pub(super) points: u64,
    pub(super) low: u64,
    pub(super) high: u64,
}

impl EffortView {
    /// Of an area, or of all.
    pub(super) fn of(report: &Report, words: &Catalogue<'_>, area: Option<&str>) -> Self {
        let rules = report.rules.iter().filter(|it| area.is_none_or(|area| it.area == area));
        let effort: Effort = rules.map(|it| Effort::of_rule(it, words.entries(&it.code))).sum();
        let (low, high) = report.minutes_per_point.hours(effort);
        Self { points: effort.points(), low, high }
    }
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
struct RuleView<'a> {
    rule: &'a RuleReport,
    title: &'a str,
    plain: &'a str,
    action: &'a str,
    /// The worst severity that occurs.
    severity: &'static str,
    total: usize,
    rows: Vec<RowView<'a>>,
    /// Rows that the page has as data.
    rest: Option<&'a Rest>,
    /// Rows of both kinds.
    shown: usize,
    /// The columns that have anything in them.
    columns: Vec<&'static str>,
}

#[derive(Serialize)]
struct RowView<'a> {
    id: &'a str,
    severity: &'static str,
    is_waived: bool,
    is_new: bool,
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

/// The words of a language for what the model names, and the findings of each rule: looked up once.
pub(super) struct Catalogue<'r> {
    language: Language,
    /// The findings by the rule's code.
    entries: BTreeMap<&'r str, Vec<&'r Entry>>,
    /// Title, plain words and action by the rule's code.
    rules: BTreeMap<String, [String; 3]>,
    /// Title and question by the area's name.
    areas: BTreeMap<String, (String, String)>,
}

impl<'r> Catalogue<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let language = report.look.language;
        let rules = report.rules.iter().map(|it| {
            let plain = language.text(&rule_key(&it.code), None).unwrap_or_else(|| it.meaning.clone().into_owned());
            let [title, action] = [("title", &it.title), ("action", &it.action)]
                .map(|(part, own)| language.rule_text(&it.code, part, own));
            (it.code.clone().into_owned(), [title, plain, action])
        });
        let areas = report.areas.iter().map(|it| {
            let words = (language.area_title(&it.name, &it.title), language.area_question(&it.name, &it.question));
            (it.name.clone().into_owned(), words)
        });
        let mut entries: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for it in &report.findings {
            entries.entry(&it.rule).or_default().push(it);
        }
        Self { language, entries, rules: rules.collect(), areas: areas.collect() }
    }

    /// The findings of a rule, the worst first.
    pub(super) fn entries(&self, code: &str) -> &[&'r Entry] {
        self.entries.get(code).map_or(&[], Vec::as_slice)
    }

    /// What merchants call a kind of thing; none if it is no kind.
    fn kind(&self, kind: &str) -> Option<String> {
        let is_name = kind.bytes().all(|it| it.is_ascii_lowercase() || it == b'_' || it == b'-');
        self.language.text(&format!("kind-{kind}"), None).filter(|_| is_name)
    }

    /// A message without variables.
    pub(super) fn text(&self, key: &str) -> String {
        self.language.text(key, None).unwrap_or_else(|| key.to_owned())
    }

    /// The word for a code.
    fn word(&self, kind: &str, code: &str) -> String {
        self.language.word(kind, code)
    }

    pub(super) fn rule<'a>(&'a self, code: &'a str) -> RuleWords<'a> {
        let [title, plain, action] = self.rules.get(code).map_or([code, "", ""], |it| it.each_ref().map(|it| &**it));
        RuleWords { code, title, plain, action }
    }

    pub(super) fn area<'a>(&'a self, name: &'a str) -> (&'a str, &'a str) {
        self.areas.get(name).map_or((name, ""), |(title, question)| (title, question))
    }
}

/// The page of a report for a reader.
pub(super) fn page<'a>(
    report: &'a Report,
    words: &'a Catalogue<'a>,
    audience: Audience,
    rests: &'a Rests,
    has_csv: bool,
) -> Page<'a> {
    let open = || report.findings.iter().filter(|it| it.is_open());
    let areas: Vec<AreaView<'_>> = report.areas.iter().map(|area| area_view(area, report, words, rests)).collect();
    let in_tables: usize = areas.iter().flat_map(|it| &it.rules).map(|it| it.rows.len()).sum();
    let is_clean = |it: &&RuleReport| it.findings == 0 && is_whole(report, &it.area);
    Page {
        report: head(report, words.language),
        audience: audience.code(),
        severities: Severity::ALL
            .iter()
            .map(|&severity| SeverityView {
                code: severity.code(),
                count: open().filter(|it| it.severity == severity).count(),
            })
            .collect(),
        not_checked: not_checked(report, words),
        steps: steps(report, words),
        clean: report.rules.iter().filter(is_clean).map(|it| words.rule(&it.code)).collect(),
        blockers: blockers(report, words),
        decisions: decisions(report, words),
        since: report.baseline.as_ref().map(|it| since(it, words)),
        trend: trend(report, words.language),
        decided: decided(report, words.language),
        effort: EffortView::of(report, words, None),
        minutes: (report.minutes_per_point.low, report.minutes_per_point.high),
        waived: report.waived(),
        next_end: next_end(report).map(|it| words.language.day(it)),
        sheet: Sheet::of(report, words),
        areas,
        total: report.findings.len(),
        in_tables,
        shown: in_tables + rests.count(),
        has_csv,
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

/// Subjects of a blocker that a manager is shown.
const BLOCKERS: usize = 5;

fn blockers<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<Blocker<'a>> {
    let is_blocker = |it: &&Entry| it.is_open() && it.severity == Severity::Blocker;
    let of_rule = |rule: &'a RuleReport| {
        let entries: Vec<&Entry> = words.entries(&rule.code).iter().copied().filter(is_blocker).collect();
        (!entries.is_empty()).then(|| Blocker {
            words: words.rule(&rule.code),
            area: words.area(&rule.area).0,
            subjects: entries.iter().take(BLOCKERS).map(|it| &*it.subject).collect(),
            count: entries.len(),
        })
    };
    report.rules.iter().filter_map(of_rule).collect()
}

/// What somebody has to decide, the worst first.
fn decisions<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<StepItem<'a>> {
    let rules = report.rules.iter().filter(|it| it.step == Step::Decide);
    let items = rules.filter_map(|it| step_item(it, words));
    let mut items: Vec<StepItem<'_>> = items.filter(|it| it.severity != Severity::Info.code()).collect();
    items.sort_by_key(StepItem::place);
    items
}

fn decided(report: &Report, language: Language) -> Vec<DecisionView<'_>> {
    let views = report.decisions.iter().enumerate().map(|(id, of)| DecisionView {
        id,
        of,
        code: of.decision.code(),
        trouble: of.trouble.map(Trouble::code),
        until: of.until.as_deref().map(|it| language.day(it)),
    });
    views.collect()
}

fn since<'a>(before: &'a BaselineReport, words: &'a Catalogue<'a>) -> Since<'a> {
    let gone = |all: &'a [Past]| Gone {
        count: all.len(),
        shown: all
            .iter()
            .take(ROWS)
            .map(|it| PastView {
                severity: it.severity.code(),
                title: words.rule(&it.rule).title,
                subject: &it.subject,
                scope: &it.scope,
            })
            .collect(),
    };
    Since {
        time: words.language.time(&before.generated),
        new: before.new,
        known: before.known,
        fixed: gone(&before.fixed),
        unchecked: gone(&before.unchecked),
    }
}

/// What was open in each run. Two are the least that tell a trend.
fn trend(report: &Report, language: Language) -> Option<Picture> {
    if report.history.len() < 2 {
        return None;
    }
    let bar = |run: &Run| {
        let mark = if run.has_gaps() { " *" } else { "" };
        let worst = run.count(Severity::Blocker).saturating_add(run.count(Severity::High));
        let day = run.generated.get(..10).unwrap_or(&run.generated);
        // The first part's colour means that all is well.
        let values = vec![0, run.count(Severity::Low), run.count(Severity::Medium), worst];
        Bar { label: format!("{}{mark}", language.day(day)), values }
    };
    let word = |severity: Severity| language.word("severity", severity.code());
    let worst = format!("{}, {}", word(Severity::Blocker), word(Severity::High));
    let bars = Bars {
        title: language.text("trend", None).unwrap_or_default().into(),
        parts: [String::new(), word(Severity::Low), word(Severity::Medium), worst].map(Words::from).into(),
        unit: Unit::Count,
        bars: report.history.iter().map(bar).collect(),
    };
    picture(&bars, "", language)
}

/// The first day on which a decision ends that counts now.
fn next_end(report: &Report) -> Option<&str> {
    let counts = |it: &&DecisionReport| it.matched > 0 && it.trouble != Some(Trouble::Expired);
    report.decisions.iter().filter(counts).filter_map(|it| it.until.as_deref()).min()
}

/// Whether all rules of an area were applied: of one that was checked in part, nobody knows which,
/// and before the migration none about Magento 2 was.
fn is_whole(report: &Report, area: &str) -> bool {
    report.mode == Mode::Verification && report.areas.iter().any(|it| it.name == area && it.status == Status::Checked)
}

fn not_checked<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<Gap<'a>> {
    report
        .areas
        .iter()
        .filter(|it| it.status != Status::Checked)
        .map(|it| Gap { what: words.area(&it.name).0, status: it.status.code(), why: &it.reason })
        .collect()
}

fn steps<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<StepView<'a>> {
    let mut steps: BTreeMap<Step, Vec<StepItem<'_>>> = BTreeMap::new();
    for rule in &report.rules {
        if let Some(item) = step_item(rule, words) {
            // What asks for nothing is no step.
            if rule.step != Step::Know && (rule.step != Step::Leave || item.severity != Severity::Info.code()) {
                steps.entry(rule.step).or_default().push(item);
            }
        }
    }
    steps
        .into_iter()
        .map(|(step, mut items)| {
            items.sort_by_key(StepItem::place);
            StepView { step: step.code(), items }
        })
        .collect()
}

/// What a rule asks for, if anything of it is open.
fn step_item<'a>(rule: &'a RuleReport, words: &'a Catalogue<'a>) -> Option<StepItem<'a>> {
    if rule.findings == 0 {
        return None;
    }
    let open: Vec<Severity> =
        words.entries(&rule.code).iter().filter(|it| it.is_open()).map(|it| it.severity).collect();
    let worst = open.iter().min()?;
    let RuleWords { code, title, plain, action } = words.rule(&rule.code);
    Some(StepItem {
        code,
        title,
        plain,
        action,
        severity: worst.code(),
        area: words.area(&rule.area).0,
        worst: open.iter().filter(|it| *it == worst).count(),
        count: open.len(),
    })
}

fn area_view<'a>(area: &'a AreaReport, report: &'a Report, words: &'a Catalogue<'a>, rests: &'a Rests) -> AreaView<'a> {
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
    let failing = report.findings.iter().filter(|it| it.area == area.name && it.fails(&report.verdict)).count();
    AreaView {
        name: &area.name,
        title,
        question,
        status: area.status.code(),
        reason: &area.reason,
        is_left_out: area.is_left_out,
        gate: match area.status {
            _ if failing > 0 => "fail",
            Status::Checked | Status::Partial => "pass",
            Status::Failed | Status::NotChecked => "unknown",
        },
        failing,
        counts: area.counts.iter().map(|(severity, &count)| Count { severity: severity.code(), count }).collect(),
        open: area.counts.values().sum(),
        effort: EffortView::of(report, words, Some(&area.name)),
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
fn columns(entries: &[&Entry]) -> Vec<&'static str> {
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
                is_waived: it.state == State::Waived,
                is_new: it.trend == Trend::New.code(),
                decision: it.decision.and_then(|at| {
                    let decision = decisions.get(at as usize)?;
                    Some((at, decision.decision.code(), decision.reason.as_str()))
                }),
                subject: &it.subject,
                card: cards.iter().position(|card| is_of(card, it)),
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

/// Whether a card is about what the entry is about: the subject, or the subject and its store views.
fn is_of(card: &Card, entry: &Entry) -> bool {
    let is_title = |title: &str| {
        let rest = title.strip_prefix(&*entry.subject);
        rest.is_some_and(|rest| rest.is_empty() || rest == format!(" ({})", entry.scope))
    };
    is_title(&card.title) || card.also.iter().any(|it| is_title(it))
}

/// How many bytes of a text a page has at the most.
const CLIPPED: usize = 4_000;

/// A text as the page has it: of one that would fill it, the beginning.
fn clipped(text: &str) -> Cow<'_, str> {
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
