//! The report: one model, and the formats that show it.
//!
//! A format sees the model and nothing else. It does not sort, judge or word:
//! what two formats show is the same by construction.

mod assemble;
pub mod baseline;
mod csv;
mod effort;
pub mod folder;
pub mod history;
mod html;
mod json;
mod junit;
mod look;
mod markdown;
mod options;
mod read;
mod redact;
mod sentence;
mod settings;
mod templates;
mod view;
mod work;
mod xlsx;

use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::baseline::BaselineReport;
use self::effort::AreaEffort;
use self::templates::Templates;
use crate::area::{Bars, Card, Status, Table, Words};
use crate::decision;
use crate::error::Error;
use crate::finding::{Confidence, Rule, Severity, State, Step, Trend};
use crate::language::Language;
use crate::parallel;
use crate::source;
use crate::text;

pub use assemble::{Inputs, assemble, store_views, time};
pub use effort::Rate;
pub use look::{Look, data_url, is_color};
pub use options::{Audience, FailOn, Format, RenderOptions};
pub use read::read;
pub use redact::redact;
pub use settings::ReportSettings;
pub use templates::check_templates;

/// The file from which all others can be made.
pub const FINDINGS: &str = "findings.json";

/// The findings of a report that is named by its folder or by the file itself.
pub fn findings_of(path: &Path) -> PathBuf {
    if source::is_folder(path) { path.join(FINDINGS) } else { path.to_owned() }
}

/// The name and version of the model's JSON form.
pub const SCHEMA: &str = "magegap.findings/1";

/// Everything that any format shows.
#[derive(Debug)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: Words,
    /// Whether there was a Magento 2 to compare with.
    pub mode: Mode,
    /// The time of the report (RFC 3339, UTC).
    pub generated: String,
    /// What made it.
    pub tool: Tool,
    /// The title.
    pub title: String,
    /// Whose stores they are.
    pub client: Option<String>,
    /// Who audited.
    pub agency: Option<String>,
    /// How it looks, and in which language.
    pub look: Look,
    /// Whether people are made unreadable in it.
    pub is_redacted: bool,
    /// What is known of each store.
    pub stores: Stores,
    /// Whether the run passed.
    pub verdict: Verdict,
    /// What a point of effort costs.
    pub minutes_per_point: Rate,
    /// What could not be read of what was given.
    pub troubles: Vec<String>,
    /// The areas, in their order.
    pub areas: Vec<AreaReport>,
    /// Every rule of these areas.
    pub rules: Vec<RuleReport>,
    /// What has come and gone since an earlier run; none without one.
    pub baseline: Option<BaselineReport>,
    /// The last runs and this one, if a folder remembers them.
    pub history: Vec<history::Run>,
    /// What was decided, in the order in which it counts.
    pub decisions: Vec<DecisionReport>,
    /// What was found, the worst first.
    pub findings: Vec<Entry>,
}

/// A decision, and what it did.
#[derive(Debug, Serialize)]
pub struct DecisionReport {
    /// Its file and line.
    pub place: String,
    /// What it is about: a fingerprint; or a rule, a subject or a pattern of subjects, and a scope.
    pub aim: String,
    /// What was decided.
    pub decision: decision::Verdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<String>,
    /// The last day on which it counts (ISO 8601).
    pub until: Option<String>,
    /// Where it is written down.
    pub ticket: Option<String>,
    /// Findings that it is about.
    pub matched: usize,
    /// Those of them about which it counts.
    pub applied: usize,
    /// Why somebody should look at it.
    pub trouble: Option<decision::Trouble>,
}

/// Whether there was a Magento 2 to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// No: everything is work ahead.
    Assessment,
    /// Yes.
    Verification,
}

impl Mode {
    /// The word in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Verification => "verification",
        }
    }
}

/// What made the report.
#[derive(Debug, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: Words,
    /// Its version.
    pub version: Words,
}

/// What is known of the two stores.
#[derive(Debug, Serialize)]
pub struct Stores {
    /// Magento 1.
    pub m1: StoreReport,
    /// Magento 2; none in an assessment.
    pub m2: Option<StoreReport>,
}

/// What is known of a store.
#[derive(Debug, Default, Serialize)]
pub struct StoreReport {
    /// Version and edition in words.
    pub platform: String,
    /// The inputs by the names they were given.
    pub inputs: Vec<InputReport>,
    /// Codes and names of the store views.
    pub store_views: Vec<String>,
    /// What limits the audit.
    pub notes: Vec<String>,
}

/// An input.
#[derive(Debug, Serialize)]
pub struct InputReport {
    /// `database`, `media` or `snapshot`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it is, such as `MariaDB 10.11.6`.
    pub what: Option<String>,
}

/// Whether the run passed.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// The exit status.
    pub exit: u8,
    /// The mildest severity that fails the run; none if nothing does.
    pub fail_on: Option<Severity>,
    /// Whether only what is new fails it.
    pub is_new_only: bool,
    /// Whether every area that was asked for was checked completely.
    pub is_complete: bool,
    /// How many open findings are at least as bad.
    pub failing: usize,
    /// All of it in a sentence.
    pub sentence: String,
}

/// How a run came out, for those who read one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is open at or above the limit, and everything was checked.
    Pass,
    /// Nothing is open at or above the limit, of what was checked.
    PassInPart,
    /// Something bad is open, and the limit lets it pass.
    Open,
    /// Something is open at or above the limit.
    Fail,
    /// The same before the migration, where nothing has failed yet.
    WorkAhead,
    /// Something that was asked for could not be checked.
    Incomplete,
}

impl Outcome {
    /// The word in the keys of catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::PassInPart => "part",
            Self::Open => "open",
            Self::Fail => "fail",
            Self::WorkAhead => "ahead",
            Self::Incomplete => "incomplete",
        }
    }

    /// The word itself.
    pub fn word(self, language: Language) -> String {
        language.word("outcome", self.code())
    }
}

impl Report {
    /// How many findings are waived.
    pub fn waived(&self) -> usize {
        self.findings.iter().filter(|it| !it.is_open()).count()
    }

    /// Names who answers for what: for a rule who is named with it, or with its area.
    pub fn name_owners(&mut self, owners: &BTreeMap<String, String>) {
        let owner = |name: &str| owners.get(name).map(|it| text::visible(it).into_owned());
        for it in &mut self.areas {
            it.owner = owner(&it.name).or_else(|| it.owner.take());
        }
        for it in &mut self.rules {
            it.owner = owner(&it.code).or_else(|| owner(&it.area)).or_else(|| it.owner.take());
        }
    }

    /// Why areas were not checked, or not completely: each reason once, with all the areas that it keeps from that.
    pub fn reasons(&self, with_left_out: bool) -> Vec<(&str, Vec<&AreaReport>)> {
        let mut reasons: Vec<(&str, Vec<&AreaReport>)> = Vec::new();
        for area in self.areas.iter().filter(|it| with_left_out || !it.is_left_out) {
            // Reports of the first version have them all in one.
            let whole = std::slice::from_ref(&area.reason);
            let own = if area.reasons.is_empty() { whole } else { area.reasons.as_slice() };
            for reason in own.iter().map(String::as_str).filter(|it| !it.is_empty()) {
                match reasons.iter_mut().find(|(it, _)| *it == reason) {
                    Some((_, areas)) => areas.push(area),
                    None => reasons.push((reason, vec![area])),
                }
            }
        }
        reasons
    }

    /// How the run came out.
    pub fn outcome(&self) -> Outcome {
        let is_bad = |it: &Entry| it.is_open() && it.severity <= Severity::High;
        match (self.verdict.exit, self.mode) {
            (0, Mode::Verification) if self.findings.iter().any(is_bad) => Outcome::Open,
            (1, Mode::Verification) => Outcome::Fail,
            (0, Mode::Assessment) if self.findings.iter().any(is_bad) => Outcome::WorkAhead,
            (1, Mode::Assessment) => Outcome::WorkAhead,
            (0, _) if self.verdict.is_complete => Outcome::Pass,
            (0, _) => Outcome::PassInPart,
            _ => Outcome::Incomplete,
        }
    }
}

/// An area after the audit.
#[derive(Debug)]
pub struct AreaReport {
    /// Its name in options and codes.
    pub name: Words,
    /// Its name in headings.
    pub title: Words,
    /// What it answers.
    pub question: Words,
    /// Whether it was checked.
    pub status: Status,
    /// Why it was not, or not completely; empty if it was.
    pub reason: String,
    /// The same, reason by reason.
    pub reasons: Vec<String>,
    /// Whether rows that it needs were left out of what was given.
    pub is_not_whole: bool,
    /// Whether nobody asked for it: `--only` or `--skip` left it out.
    pub is_left_out: bool,
    /// What of the run's settings decides what it finds.
    pub settings: Vec<String>,
    /// Who answers for it, as the configuration says.
    pub owner: Option<String>,
    /// Open findings by severity.
    pub counts: BTreeMap<Severity, usize>,
    /// How much of Magento 1 is in Magento 2; none where that cannot be told.
    pub done: Option<Done>,
    /// What it costs.
    pub effort: AreaEffort,
    /// The same in a few sentences.
    pub summary: Vec<String>,
    /// A picture that answers a question.
    pub picture: Option<Bars>,
    /// What is to be known, and done, about single things.
    pub cards: Vec<Card>,
    /// How things were matched.
    pub method: Vec<Words>,
    /// What each side has, matched.
    pub inventory: Table,
}

/// How much of Magento 1 is in Magento 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Things about which nothing is open.
    pub done: usize,
    /// All things that have to be in Magento 2.
    pub of: usize,
    /// The same by points: those of what is done, at what a missing thing costs, and those of all, where what is open
    /// counts what it costs.
    pub points_done: u64,
    /// All of them.
    pub points: u64,
}

impl Done {
    /// The share in percent.
    pub fn percent(self) -> u8 {
        share(self.done as u64, self.of as u64)
    }

    /// Whether no more is done than there is.
    pub fn is_possible(&self) -> bool {
        self.done <= self.of && self.points_done <= self.points
    }

    /// The share in percent by points.
    pub fn points_percent(self) -> u8 {
        share(self.points_done, self.points)
    }
}

/// A share in percent. Neither is all said where something is open, nor nothing where something is done.
fn share(done: u64, of: u64) -> u8 {
    let percent = (u128::from(done) * 100).checked_div(u128::from(of)).unwrap_or(100);
    u8::try_from(if done > 0 { percent.max(1) } else { percent }).unwrap_or(100)
}

/// A rule, and how often it found something. What each field means stands with [`Rule`].
#[expect(missing_docs, reason = "they are those of `Rule`")]
#[derive(Debug, Serialize)]
pub struct RuleReport {
    pub code: Words,
    pub severity: Severity,
    pub severity_note: Words,
    pub title: Words,
    pub meaning: Words,
    pub why: Words,
    pub detection: Words,
    pub action: Words,
    pub step: Step,
    pub source: Words,
    pub points: u8,
    /// Its area.
    pub area: Words,
    /// Who answers for what it finds, as the configuration says.
    pub owner: Option<String>,
    /// Findings.
    pub findings: usize,
}

impl RuleReport {
    /// A rule that found so many things.
    pub fn new(rule: &'static Rule, findings: usize) -> Self {
        Self {
            code: rule.code.into(),
            severity: rule.severity,
            severity_note: rule.severity_note.into(),
            title: rule.title.into(),
            meaning: rule.meaning.into(),
            why: rule.why.into(),
            detection: rule.detection.into(),
            action: rule.action.into(),
            step: rule.step,
            source: rule.source.into(),
            points: rule.points,
            area: rule.area().into(),
            owner: None,
            findings,
        }
    }
}

/// A finding as all formats show it.
#[derive(Debug)]
pub struct Entry {
    /// The name of this finding in all runs and on all machines.
    pub fingerprint: String,
    /// The rule's code.
    pub rule: Words,
    /// The rule's area.
    pub area: Words,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it counts.
    pub state: State,
    /// The decision about it, by its place among the decisions.
    pub decision: Option<u32>,
    /// Whether it is new; empty without an earlier run to compare with.
    pub trend: Words,
    /// Whether it was new in a run that it failed, and is neither fixed nor decided since.
    pub is_pending: bool,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it is about.
    pub subject: Box<str>,
    /// Where it applies.
    pub scope: Box<str>,
    /// What Magento 1 has.
    pub m1: Option<Box<str>>,
    /// What Magento 2 has.
    pub m2: Option<Box<str>>,
    /// What else is known.
    pub detail: Box<str>,
    /// Who refers to it: at most five, and how many more.
    pub used_by: String,
    /// What to do about it.
    pub action: Words,
    /// Effort of the issue.
    pub points: u8,
    /// How many single cases it stands for.
    pub incidents: u32,
}

impl Entry {
    /// Whether it counts.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether it is to be dealt with.
    pub fn is_work(&self) -> bool {
        self.is_open() && self.severity != Severity::Info
    }

    /// Whether nobody has decided about it.
    pub const fn is_undecided(&self) -> bool {
        self.decision.is_none()
    }

    /// Whether it fails the run.
    pub fn fails(&self, verdict: &Verdict) -> bool {
        self.is_open()
            && verdict.fail_on.is_some_and(|limit| self.severity <= limit)
            && !(verdict.is_new_only && self.trend == Trend::Known.code())
    }
}

/// A file of a report, as the format that writes it knows it.
struct OwnFile {
    /// Its name in the report folder; of a folder, whose files are those of areas, with a slash.
    name: String,
    /// How it begins, so that the file of somebody else is told from it; empty where that is not known.
    beginning: &'static str,
}

impl OwnFile {
    fn new(name: impl Into<String>, beginning: &'static str) -> Self {
        Self { name: name.into(), beginning }
    }
}

impl Format {
    /// Every file that a report of this format may have, whoever reads it.
    fn files(self) -> Vec<OwnFile> {
        match self {
            Self::Html => html::files(),
            Self::Csv => csv::files(),
            Self::Json => json::files(),
            Self::Xlsx => xlsx::files(),
            Self::Md => markdown::files(),
            Self::Junit => junit::files(),
        }
    }
}

/// A format of the report.
pub trait Renderer {
    /// Writes the report's files into `out`. Reads nothing but `report`.
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error>;
}

/// Where report files go: a folder in a run, memory in a test.
pub trait Output: Sync {
    /// Creates a file by its path below the report folder.
    fn create(&self, name: &str) -> io::Result<Box<dyn Write + '_>>;
}

/// The bytes of `findings.json`.
///
/// # Errors
/// If there is no memory for them.
pub fn findings_json(report: &Report) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    json::write(report, &mut bytes).map_err(failed(FINDINGS))?;
    Ok(bytes)
}

/// Renders the report in each format.
pub fn render(report: &Report, how: &RenderOptions, out: &dyn Output) -> Result<(), Error> {
    let RenderOptions { formats, audience, templates, .. } = how;
    let templates = &Templates::load(templates.as_deref())?;
    let has_csv = formats.contains(&Format::Csv);
    let mut audiences: Vec<Audience> = Vec::new();
    for it in audience {
        if !audiences.contains(it) {
            audiences.push(*it);
        }
    }
    let audiences = if audiences.is_empty() { &[Audience::Developer] } else { audiences.as_slice() };
    let rendered = |format: &Format| {
        let renderer: Box<dyn Renderer> = match format {
            Format::Html => Box::new(html::Html { templates, audiences, has_csv }),
            Format::Csv => Box::new(csv::Csv { has_sheet: audiences.contains(&Audience::Merchant) }),
            Format::Json => Box::new(json::Json),
            Format::Md => Box::new(markdown::Markdown { templates, has_csv }),
            Format::Xlsx => Box::new(xlsx::Xlsx { page: developer_page(formats, audiences) }),
            Format::Junit => Box::new(junit::Junit),
        };
        renderer.render(report, out)
    };
    parallel::install(|| formats.par_iter().try_for_each(rendered))
}

/// Where the page is that shows each finding; none if there is none.
fn developer_page(formats: &[Format], audiences: &[Audience]) -> Option<String> {
    let place = audiences.iter().position(|it| *it == Audience::Developer)?;
    formats.contains(&Format::Html).then(|| html::file_name(place, Audience::Developer))
}

/// Writes a file of the report that is not large.
fn write_file(out: &dyn Output, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let mut file = out.create(name).map_err(failed(name))?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(failed(name))
}

/// A failure to write a file of the report.
fn failed(name: &str) -> impl FnOnce(io::Error) -> Error {
    let path = PathBuf::from(name);
    move |source| Error::Write { path, source }
}
