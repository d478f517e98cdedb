//! The form `magegap.findings/1`: every field by the name that it has in the file.
//!
//! The model may change; the names here may not. A field that is renamed in the model does not compile here until it
//! says its name in the file (`rename`), so that reports and histories of earlier runs are read as before.
//! `docs/findings.schema.json` describes the same for those who read the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::area::{About, Bar, Bars, Card, Column, Kind, Line, Status, Table, Unit, Words};
use crate::decision;
use crate::diff;
use crate::finding::{Confidence, Severity, State, Step};
use crate::language::Language;
use crate::report::baseline::{BaselineReport, Past};
use crate::report::effort::{AreaEffort, Effort};
use crate::report::{
    AreaReport, DecisionReport, Done, Entry, InputReport, Look, Mode, Rate, Report, RuleReport, StoreReport, Stores,
    Tool, Verdict, history,
};

/// A report in this form, to be written.
pub(super) struct Written<'a>(pub(super) &'a Report);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ReportV1::serialize(self.0, serializer)
    }
}

/// A report that was read in this form.
pub(in crate::report) struct Received(pub(in crate::report) Report);

impl<'de> Deserialize<'de> for Received {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ReportV1::deserialize(deserializer).map(Self)
    }
}

/// Lists of things that have a form here, and things that may be lacking, each as a module for `serde(with)`.
macro_rules! forms {
    ($(list $list:ident: $list_form:literal for $list_model:ty;)+ $(maybe $maybe:ident: $form:literal for $model:ty;)+) => {
        $(pub(in crate::report) mod $list {
            use super::*;

            #[derive(Serialize)]
            struct Shown<'a>(#[serde(with = $list_form)] &'a $list_model);

            #[derive(Deserialize)]
            struct Own(#[serde(with = $list_form)] $list_model);

            pub(in crate::report) fn serialize<S: Serializer>(all: &[$list_model], to: S) -> Result<S::Ok, S::Error> {
                to.collect_seq(all.iter().map(Shown))
            }

            pub(in crate::report) fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Vec<$list_model>, D::Error> {
                Ok(Vec::<Own>::deserialize(from)?.into_iter().map(|it| it.0).collect())
            }
        })+
        $(pub(in crate::report) mod $maybe {
            use super::*;

            #[derive(Serialize)]
            struct Shown<'a>(#[serde(with = $form)] &'a $model);

            #[derive(Deserialize)]
            struct Own(#[serde(with = $form)] $model);

            #[expect(clippy::ref_option, reason = "the form that serde asks for")]
            pub(in crate::report) fn serialize<S: Serializer>(one: &Option<$model>, to: S) -> Result<S::Ok, S::Error> {
                one.as_ref().map(Shown).serialize(to)
            }

            pub(in crate::report) fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Option<$model>, D::Error> {
                Ok(Option::<Own>::deserialize(from)?.map(|it| it.0))
            }
        })+
    };
}

forms! {
    list areas: "AreaV1" for AreaReport;
    list rules: "RuleV1" for RuleReport;
    list decisions: "DecisionV1" for DecisionReport;
    list entries: "EntryV1" for Entry;
    list inputs: "InputV1" for InputReport;
    list pasts: "PastV1" for Past;
    list cards: "CardV1" for Card;
    list abouts: "AboutV1" for About;
    list lines: "LineV1" for Line;
    list columns: "ColumnV1" for Column;
    list bars: "BarV1" for Bar;
    list diff_lines: "DiffLineV1" for diff::Line;
    list diff_parts: "DiffPartV1" for diff::Part;
    maybe maybe_store: "StoreV1" for StoreReport;
    maybe maybe_baseline: "BaselineV1" for BaselineReport;
    maybe maybe_done: "DoneV1" for Done;
    maybe maybe_picture: "BarsV1" for Bars;
    maybe maybe_parts: "DiffPartsV1" for Vec<diff::Part>;
}

/// The parts of a line.
struct DiffPartsV1;

impl DiffPartsV1 {
    fn serialize<S: Serializer>(parts: &[diff::Part], to: S) -> Result<S::Ok, S::Error> {
        diff_parts::serialize(parts, to)
    }

    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<diff::Part>, D::Error> {
        diff_parts::deserialize(from)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Report")]
struct ReportV1 {
    schema: Words,
    mode: Mode,
    generated: String,
    #[serde(with = "ToolV1")]
    tool: Tool,
    title: String,
    client: Option<String>,
    agency: Option<String>,
    #[serde(with = "LookV1")]
    look: Look,
    #[serde(default)]
    is_redacted: bool,
    #[serde(with = "StoresV1")]
    stores: Stores,
    #[serde(with = "VerdictV1")]
    verdict: Verdict,
    #[serde(with = "RateV1", default)]
    minutes_per_point: Rate,
    troubles: Vec<String>,
    #[serde(with = "areas")]
    areas: Vec<AreaReport>,
    #[serde(with = "rules")]
    rules: Vec<RuleReport>,
    #[serde(with = "maybe_baseline", default)]
    baseline: Option<BaselineReport>,
    #[serde(default)]
    history: Vec<history::Run>,
    #[serde(with = "decisions", default)]
    decisions: Vec<DecisionReport>,
    #[serde(with = "entries")]
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "DecisionReport")]
struct DecisionV1 {
    place: String,
    aim: String,
    decision: decision::Verdict,
    reason: String,
    by: Option<String>,
    until: Option<String>,
    ticket: Option<String>,
    matched: usize,
    #[serde(default)]
    applied: usize,
    trouble: Option<decision::Trouble>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Tool")]
struct ToolV1 {
    name: Words,
    version: Words,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Stores")]
struct StoresV1 {
    #[serde(with = "StoreV1")]
    m1: StoreReport,
    #[serde(with = "maybe_store", default)]
    m2: Option<StoreReport>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "StoreReport")]
struct StoreV1 {
    platform: String,
    #[serde(with = "inputs")]
    inputs: Vec<InputReport>,
    store_views: Vec<String>,
    notes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "InputReport")]
struct InputV1 {
    kind: String,
    name: String,
    what: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Verdict")]
struct VerdictV1 {
    exit: u8,
    fail_on: Option<Severity>,
    #[serde(default)]
    is_new_only: bool,
    is_complete: bool,
    failing: usize,
    sentence: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AreaReport")]
struct AreaV1 {
    name: Words,
    title: Words,
    question: Words,
    status: Status,
    reason: String,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_not_whole: bool,
    is_left_out: bool,
    #[serde(default)]
    settings: Vec<String>,
    owner: Option<String>,
    counts: BTreeMap<Severity, usize>,
    #[serde(with = "maybe_done", default)]
    done: Option<Done>,
    #[serde(with = "AreaEffortV1", default)]
    effort: AreaEffort,
    summary: Vec<String>,
    #[serde(with = "maybe_picture", default)]
    picture: Option<Bars>,
    #[serde(with = "cards")]
    cards: Vec<Card>,
    method: Vec<Words>,
    #[serde(with = "TableV1")]
    inventory: Table,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Done")]
struct DoneV1 {
    done: usize,
    of: usize,
    #[serde(default)]
    points_done: u64,
    #[serde(default)]
    points: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RuleReport")]
struct RuleV1 {
    code: Words,
    severity: Severity,
    severity_note: Words,
    title: Words,
    meaning: Words,
    why: Words,
    detection: Words,
    action: Words,
    step: Step,
    source: Words,
    points: u8,
    area: Words,
    owner: Option<String>,
    findings: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Entry")]
struct EntryV1 {
    fingerprint: String,
    rule: Words,
    area: Words,
    severity: Severity,
    state: State,
    decision: Option<u32>,
    trend: Words,
    #[serde(default)]
    is_pending: bool,
    confidence: Confidence,
    subject: Box<str>,
    scope: Box<str>,
    m1: Option<Box<str>>,
    m2: Option<Box<str>>,
    detail: Box<str>,
    used_by: String,
    action: Words,
    points: u8,
    incidents: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BaselineReport")]
struct BaselineV1 {
    generated: String,
    new: usize,
    known: usize,
    #[serde(default)]
    reopened: usize,
    #[serde(default)]
    worse: usize,
    #[serde(default)]
    failed: usize,
    #[serde(default)]
    first_checked: Vec<Words>,
    #[serde(with = "pasts")]
    fixed: Vec<Past>,
    #[serde(with = "pasts")]
    unchecked: Vec<Past>,
    #[serde(with = "pasts", default)]
    waived_gone: Vec<Past>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Past")]
struct PastV1 {
    fingerprint: String,
    rule: Words,
    area: Words,
    severity: Severity,
    state: State,
    subject: Box<str>,
    scope: Box<str>,
    #[serde(default)]
    is_pending: bool,
    #[serde(default)]
    settings: Box<str>,
    #[serde(default)]
    gaps: Box<str>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Look")]
struct LookV1 {
    language: Language,
    accent: Option<String>,
    logo: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Rate")]
struct RateV1 {
    low: u32,
    high: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AreaEffort")]
pub(in crate::report) struct AreaEffortV1 {
    open: Effort,
    later: Effort,
    whole: Option<Effort>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Table")]
struct TableV1 {
    #[serde(with = "columns")]
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Column")]
struct ColumnV1 {
    name: Words,
    title: Words,
    kind: Kind,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Card")]
struct CardV1 {
    title: String,
    #[serde(with = "abouts", default, skip_serializing_if = "Vec::is_empty")]
    about: Vec<About>,
    state: String,
    also: Vec<String>,
    #[serde(with = "lines")]
    lines: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "About")]
struct AboutV1 {
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Line")]
struct LineV1 {
    label: Words,
    text: String,
    list: Vec<String>,
    is_code: bool,
    #[serde(with = "diff_lines")]
    diff: Vec<diff::Line>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Bars")]
struct BarsV1 {
    title: Words,
    parts: Vec<Words>,
    unit: Unit,
    #[serde(with = "bars")]
    bars: Vec<Bar>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Bar")]
struct BarV1 {
    label: String,
    values: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "diff::Line")]
struct DiffLineV1 {
    #[serde(with = "maybe_parts", default)]
    before: Option<Vec<diff::Part>>,
    #[serde(with = "maybe_parts", default)]
    after: Option<Vec<diff::Part>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "diff::Part")]
struct DiffPartV1 {
    text: String,
    is_changed: bool,
}
