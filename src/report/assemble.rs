//! The report, made of what the audit found.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::baseline::Baseline;
use super::sentence::sentence;
use super::work::Audited;
use super::{
    AreaReport, DecisionReport, Entry, FailOn, InputReport, Look, Mode, Report, ReportSettings, RuleReport, SCHEMA,
    StoreReport, Stores, Tool, Verdict,
};
use crate::area::explain::explain;
use crate::area::{self, Section, Setting, Status, Table};
use crate::decision::{Decision, Effect, Trouble, decide};
use crate::facts::store::Store;
use crate::facts::{Facts, StoreView};
use crate::finding::{Finding, Severity, State, Trend};
use crate::known::Known;
use crate::language::Language;
use crate::pair::{Pair, Side};
use crate::text;

/// What a report is made of.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The stores as they were opened.
    pub stores: &'a Pair<Option<Store>>,
    /// What was read of them.
    pub facts: &'a Facts,
    /// What the areas say.
    pub sections: Vec<Section>,
    /// The time of the report.
    pub now: Timestamp,
    /// What fails the run.
    pub fail_on: FailOn,
    /// Whether it is known that rows were left out of what was given.
    pub accepts_gaps: bool,
    /// Words on the title.
    pub words: &'a ReportSettings,
    /// What was decided about findings.
    pub decisions: &'a [Decision],
    /// The earlier report to compare with.
    pub baseline: Option<&'a Baseline>,
    /// What of the run's settings decides what is found, in words.
    pub settings: &'a BTreeMap<Setting, String>,
}

/// Makes the report.
pub fn assemble(inputs: Inputs<'_>) -> Report {
    let Inputs { stores, facts, mut sections, now, fail_on, accepts_gaps, words, decisions, baseline, settings } =
        inputs;
    let findings: Vec<Finding> = sections.iter_mut().flat_map(|it| std::mem::take(&mut it.outcome.findings)).collect();
    let mut findings = in_order(findings);
    explain(&mut findings, facts.map());
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let is_whole = |it: &Section| it.status == Status::Checked && !it.is_left_out;
    let is_checked = |area: Option<&str>| match area {
        Some(area) => sections.iter().any(|it| it.area.name() == area && is_whole(it)),
        None => sections.iter().all(is_whole),
    };
    let mut effects = decide(decisions, &mut findings, today, &is_checked);
    let marks = baseline.map(|it| it.mark(&mut findings)).unwrap_or_default();
    for &at in &marks.waived_worse {
        let trouble = &mut effects[at as usize].trouble;
        if matches!(trouble, None | Some(Trouble::Broad | Trouble::Ending)) {
            *trouble = Some(Trouble::Worse);
        }
    }
    let mode = if facts.is_assessment { Mode::Assessment } else { Mode::Verification };
    let troubles: Vec<String> = Side::BOTH
        .iter()
        .filter_map(|&side| stores.of(side).as_ref()?.trouble())
        .map(|it| text::visible(&it).into_owned())
        .collect();
    for section in &mut sections {
        decided(section, &findings, decisions);
    }
    let verdict = verdict(&findings, &sections, &troubles, fail_on, accepts_gaps);
    let rules = sections
        .iter()
        .flat_map(|section| section.area.rules())
        .map(|rule| RuleReport::new(rule, findings.iter().filter(|it| it.rule.code == rule.code).count()))
        .collect();
    let audited = Audited { findings: &findings, decisions, mode, settings };
    let store = |side: Side| stores.of(side).as_ref().map(|it| store_report(it, facts));
    let mut report = Report {
        schema: SCHEMA.into(),
        mode,
        generated: time(now),
        tool: Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        title: words.title.clone().unwrap_or_else(|| Language::En.word("title", mode.code())),
        client: words.client.clone(),
        agency: words.agency.clone(),
        look: Look {
            language: words.language.unwrap_or_default(),
            accent: words.accent.clone(),
            logo: words.logo.clone(),
        },
        is_redacted: false,
        stores: Stores { m1: store(Side::M1).unwrap_or_default(), m2: store(Side::M2) },
        verdict,
        minutes_per_point: words.rate.unwrap_or_default(),
        troubles,
        areas: sections.into_iter().map(|it| area_report(it, &audited)).collect(),
        rules,
        baseline: None,
        history: Vec::new(),
        decisions: decisions.iter().zip(&effects).map(|(decision, effect)| decision_report(decision, effect)).collect(),
        findings: findings.into_iter().map(entry).collect(),
    };
    let has_failed = |it: &Entry, verdict: &Verdict| {
        verdict.is_new_only && baseline.is_some() && it.trend == Trend::New.code() && it.fails(verdict)
    };
    for it in &mut report.findings {
        it.is_pending = has_failed(it, &report.verdict) || marks.pending.contains(&it.fingerprint);
    }
    report.name_owners(&words.owners);
    report.baseline = baseline.map(|it| it.compared(&report, &marks));
    report.verdict.sentence = sentence(&report, Language::En);
    report
}

/// A time as reports write it (RFC 3339, UTC).
pub fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Findings in report order, each (rule, subject, scope) once.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    let place: BTreeMap<&str, usize> = area::ALL.iter().enumerate().map(|(at, it)| (it.name(), at)).collect();
    let place = |it: &Finding| place.get(it.rule.area()).copied().unwrap_or(usize::MAX);
    findings.sort_by(|one, other| {
        (place(one), one.rule.code, one.subject.as_bytes(), &one.scope, one.severity).cmp(&(
            place(other),
            other.rule.code,
            other.subject.as_bytes(),
            &other.scope,
            other.severity,
        ))
    });
    findings.dedup_by(|again, first| {
        let is_same =
            (again.rule.code, &again.subject, &again.scope) == (first.rule.code, &first.subject, &first.scope);
        if is_same {
            // The first is the worst of them.
            if first.detail.is_empty() {
                first.detail = std::mem::take(&mut again.detail);
            } else if !again.detail.is_empty() && again.detail != first.detail {
                first.detail = format!("{}; {}", first.detail, again.detail).into();
            }
            first.m1 = first.m1.take().or_else(|| again.m1.take());
            first.m2 = first.m2.take().or_else(|| again.m2.take());
            first.incidents = first.incidents.saturating_add(again.incidents);
            first.used_by.append(&mut again.used_by);
            let mut named = BTreeSet::new();
            first.used_by.retain(|it| named.insert(it.clone()));
            first.users_unnamed = first.users_unnamed.max(again.users_unnamed);
        }
        is_same
    });
    findings.sort_by_key(|it| it.severity);
    findings
}

fn verdict(
    findings: &[Finding],
    sections: &[Section],
    troubles: &[String],
    fail_on: FailOn,
    accepts_gaps: bool,
) -> Verdict {
    let open = |it: &&Finding| it.state == State::Open;
    let limit = fail_on.severity();
    let is_new_only = fail_on.is_new_only();
    let fails = |it: &&Finding| {
        limit.is_some_and(|limit| it.severity <= limit) && !(is_new_only && it.trend == Some(Trend::Known))
    };
    let failing = findings.iter().filter(open).filter(fails).count();
    let has_failed = sections.iter().any(|it| it.status == Status::Failed);
    let is_anything_checked = sections.iter().any(|it| matches!(it.status, Status::Checked | Status::Partial));
    // A run that looked at nothing has not passed.
    let is_not_whole = !accepts_gaps && sections.iter().any(|it| it.is_not_whole);
    let is_known = troubles.is_empty() && !has_failed && !is_not_whole && is_anything_checked;
    let exit = if is_known { u8::from(failing > 0) } else { 2 };
    let is_complete = sections.iter().all(|it| it.is_left_out || it.status == Status::Checked);
    Verdict { exit, fail_on: limit, is_new_only, is_complete, failing, sentence: String::new() }
}

/// Writes into an inventory that asks for decisions what was decided about its subjects.
fn decided(section: &mut Section, findings: &[Finding], decisions: &[Decision]) {
    let Some(whole) = section.outcome.whole else { return };
    let table: &mut Table = &mut section.outcome.inventory;
    let column = |name: &str| table.columns.iter().position(|it| it.name == name);
    let (Some(subject), Some(decision)) = (column("subject"), column("decision")) else { return };
    let own = findings.iter().filter(|it| it.rule.area() == section.area.name() && (whole.is_thing)(it));
    let known: BTreeMap<&str, &Decision> =
        own.filter_map(|it| Some((&*it.subject, decisions.get(it.decision? as usize)?))).collect();
    for row in &mut table.rows {
        if let Some(it) = known.get(row[subject].as_str()) {
            it.verdict.code().clone_into(&mut row[decision]);
        }
    }
}

fn decision_report(decision: &Decision, effect: &Effect) -> DecisionReport {
    let visible = |it: &String| text::visible(it).into_owned();
    DecisionReport {
        place: visible(&decision.place),
        aim: visible(&decision.aim()),
        decision: decision.verdict,
        reason: visible(&decision.reason),
        by: decision.by.as_ref().map(visible),
        until: decision.until.map(|it| it.to_string()),
        ticket: decision.ticket.as_ref().map(visible),
        matched: effect.matched,
        applied: effect.applied,
        trouble: effect.trouble,
    }
}

fn store_report(store: &Store, facts: &Facts) -> StoreReport {
    let snapshot = facts.sides.of(store.side);
    let database = store.database().and_then(Known::get);
    let what = |kind: &str| database.filter(|_| kind == "database").map(|it| it.description.clone());
    let own = store.inputs.iter().map(|(kind, name)| InputReport {
        kind: (*kind).to_owned(),
        name: text::visible(name).into_owned(),
        what: what(kind).or_else(|| Some(format!("taken {}", store.snapshot()?.taken))),
    });
    let of_snapshot = store.snapshot().into_iter().flat_map(|it| &it.inputs).map(|it| InputReport {
        kind: it.kind.clone(),
        name: text::visible(&it.name).into_owned(),
        what: it.what.clone(),
    });
    StoreReport {
        platform: snapshot.platform.to_string(),
        inputs: own.chain(of_snapshot).collect(),
        store_views: store_views(&snapshot.stores),
        notes: store.notes.iter().map(|it| text::visible(it).into_owned()).collect(),
    }
}

/// The store views of a side, as reports name them.
pub fn store_views(stores: &Known<Vec<StoreView>>) -> Vec<String> {
    let views = stores.get().into_iter().flatten();
    views.map(|it| text::visible(&format!("{} ({})", it.code, it.name)).into_owned()).collect()
}

fn area_report(section: Section, audited: &Audited<'_>) -> AreaReport {
    let done = audited.done(&section);
    let effort = audited.effort(&section, done);
    let Section { area, status, reasons, is_left_out, is_not_whole, outcome } = section;
    let open = audited.of(area.name()).filter(|it| it.state == State::Open);
    let mut counts: BTreeMap<Severity, usize> = Severity::ALL.iter().map(|&it| (it, 0)).collect();
    for finding in open {
        *counts.entry(finding.severity).or_default() += 1;
    }
    AreaReport {
        name: area.name().into(),
        title: area.title().into(),
        question: area.question().into(),
        status,
        is_not_whole,
        is_left_out,
        settings: audited.settings_of(area),
        reason: text::visible(&reasons.join("; ")).into_owned(),
        reasons: reasons.iter().map(|it| text::visible(it).into_owned()).collect(),
        owner: None,
        counts,
        done,
        effort,
        summary: outcome.summary.iter().map(|it| text::visible(it).into_owned()).collect(),
        picture: outcome.picture,
        cards: outcome.cards,
        method: area.method().iter().map(|it| (*it).into()).collect(),
        inventory: outcome.inventory,
    }
}

/// How many users of a thing are named.
const USERS_NAMED: usize = 5;

fn entry(finding: Finding) -> Entry {
    let fingerprint = finding.fingerprint();
    let more = finding.used_by.len().saturating_sub(USERS_NAMED) + finding.users_unnamed as usize;
    let mut users: Vec<String> = finding.used_by.iter().take(USERS_NAMED).map(|it| it.clone().into_string()).collect();
    if more > 0 {
        users.push(format!("+{more} more"));
    }
    Entry {
        fingerprint,
        rule: Cow::Borrowed(finding.rule.code),
        area: Cow::Borrowed(finding.rule.area()),
        severity: finding.severity,
        state: finding.state,
        decision: finding.decision,
        trend: Cow::Borrowed(finding.trend.map_or("", Trend::code)),
        is_pending: false,
        confidence: finding.confidence,
        subject: finding.subject,
        scope: finding.scope,
        m1: finding.m1,
        m2: finding.m2,
        detail: finding.detail,
        used_by: users.join("; "),
        action: Cow::Borrowed(finding.rule.action),
        points: finding.rule.points,
        incidents: finding.incidents,
    }
}
