//! The merchant's sheet: what would be missed, what to decide, what stays behind.

use serde::Serialize;

use super::Catalogue;
use crate::area::Status;
use crate::finding::{Severity, Step};
use crate::report::{Entry, Mode, Report, RuleReport};

/// Things of a rule that the sheet names; the rest is in `merchant.csv`.
const NAMED: usize = 12;

/// The sheet.
#[derive(Serialize)]
pub(crate) struct Sheet<'a> {
    missed: Vec<Topic<'a>>,
    decide: Vec<Topic<'a>>,
    leave: Vec<Topic<'a>>,
    /// The areas of which nothing, or not all, is known.
    unknown: Vec<Unknown<'a>>,
}

#[derive(Serialize)]
struct Unknown<'a> {
    area: &'a str,
    is_part: bool,
}

/// What a rule found, in plain words.
#[derive(Serialize)]
struct Topic<'a> {
    area: &'a str,
    plain: &'a str,
    /// What may be ticked, by messages.
    choices: &'static [&'static str],
    things: Vec<Thing<'a>>,
    count: usize,
}

/// A thing that somebody is asked about.
#[derive(Serialize)]
struct Thing<'a> {
    subject: String,
    scope: &'a str,
}

/// The part of the sheet that a finding belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It would be missed.
    Missed,
    /// The merchant decides.
    Decide,
    /// It stays behind.
    Leave,
}

impl Part {
    /// The word in keys of catalogues.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Decide => "decide",
            Self::Leave => "leave",
        }
    }

    /// Where an open finding belongs; nowhere if no merchant needs to hear of it.
    pub(crate) fn of(entry: &Entry, step: Step) -> Option<Self> {
        match step {
            _ if !entry.is_open() => None,
            Step::Secure | Step::Copy | Step::Create | Step::Correct => {
                (entry.severity <= Severity::Medium).then_some(Self::Missed)
            }
            Step::Decide => (entry.is_undecided() && entry.severity < Severity::Info).then_some(Self::Decide),
            Step::Leave => Some(Self::Leave),
            Step::Know => None,
        }
    }
}

/// What may be decided about what a rule found.
fn choices(part: Part, rule: &RuleReport, mode: Mode) -> &'static [&'static str] {
    // Of these both shops have something, and one of them is right.
    let has_two_sides = ["media", "media_db", "layout", "widgets", "cms_content", "design", "timezone"];
    match part {
        Part::Leave => &["keep"],
        _ if rule.code == "extensions.missing" => {
            &["choice-lift", "choice-rewrite", "choice-replace", "choice-without", "ask"]
        }
        _ if mode == Mode::Verification && has_two_sides.contains(&&*rule.area) => &["choice-old", "choice-new", "ask"],
        _ if mode == Mode::Verification => &["keep", "choice-without", "ask"],
        _ => &["choice-keep", "choice-without", "ask"],
    }
}

/// What a finding is about, without the words of programs: `product:A1` is the product A1.
pub(crate) fn plain_name(subject: &str, words: &Catalogue<'_>) -> String {
    let kind = |(kind, name): (&str, &str)| Some(format!("{} {name}", words.kind(kind)?));
    subject.split_once(':').and_then(kind).unwrap_or_else(|| subject.to_owned())
}

impl<'a> Sheet<'a> {
    pub(super) fn of(report: &'a Report, words: &'a Catalogue<'a>) -> Self {
        let part = |part: Part| {
            let topic = |rule: &'a RuleReport| {
                let entries = || words.entries(&rule.code).iter().filter(|it| Part::of(it, rule.step) == Some(part));
                let count = entries().count();
                (count > 0).then(|| Topic {
                    area: words.area(&rule.area).0,
                    plain: words.rule(&rule.code).plain,
                    choices: choices(part, rule, report.mode),
                    things: entries()
                        .take(NAMED)
                        .map(|it| Thing { subject: plain_name(&it.subject, words), scope: &it.scope })
                        .collect(),
                    count,
                })
            };
            report.rules.iter().filter_map(topic).collect()
        };
        let unknown = report.areas.iter().filter(|it| it.status != Status::Checked);
        let unknown = unknown.map(|it| Unknown { area: words.area(&it.name).0, is_part: it.status == Status::Partial });
        Self {
            missed: part(Part::Missed),
            decide: part(Part::Decide),
            leave: part(Part::Leave),
            unknown: unknown.collect(),
        }
    }
}
