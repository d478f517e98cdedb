//! The audited areas: each is a folder of rules, and a line in [`ALL`].
//!
//! An area is given facts and gives findings. It reads nothing, knows no
//! format, and knows no other area.

mod admin_roles;
mod admin_users;
mod api;
mod cms_content;
mod design;
pub(crate) mod explain;
mod extensions;
mod indexes;
mod layout;
mod media;
mod media_db;
mod migration;
mod retired;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod timezone;
mod widgets;

use std::borrow::Cow;

use indicatif::ProgressBar;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::diff;
use crate::facts::{Fact, Facts, Input};
use crate::finding::{Finding, Rule};
use crate::known::Lack;
use crate::matching::Judgement;
use crate::pair::Side;

/// One part of the stores that is audited on its own.
pub trait Area: Sync {
    /// The name in options, in rule codes and in file names.
    fn name(&self) -> &'static str;
    /// The name in headings.
    fn title(&self) -> &'static str;
    /// What the area answers, in one sentence for people who know no rule.
    fn question(&self) -> &'static str;
    /// Every rule, in report order.
    fn rules(&self) -> &'static [&'static Rule];
    /// The facts without which nothing can be compared.
    fn needs(&self) -> &'static [Fact];
    /// The facts that make it say more, and that it can do without.
    fn uses(&self) -> &'static [Fact] {
        &[]
    }
    /// Whether its texts name people by their accounts.
    fn names_people(&self) -> bool {
        false
    }
    /// Rules of which each finding is an issue of its own: having dealt with one makes the next no easier.
    fn issues(&self) -> &'static [&'static Rule] {
        &[]
    }
    /// What of the run's settings decides what is found.
    fn settings(&self) -> &'static [Setting] {
        &[]
    }
    /// How things are matched and judged, for the report's method section.
    fn method(&self) -> &'static [&'static str];
    /// Says what is missing, different, or wrong. Called if Magento 1's facts
    /// are known; where Magento 2's are not, only what one side alone tells is said.
    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome;
}

/// Every area, in report order.
pub const ALL: &[&dyn Area] = &[
    &media::Media,
    &media_db::MediaDb,
    &admin_users::AdminUsers,
    &admin_roles::AdminRoles,
    &api::Api,
    &layout::Layout,
    &widgets::Widgets,
    &cms_content::CmsContent,
    &design::Design,
    &extensions::Extensions,
    &retired::Retired,
    &indexes::Indexes,
    &timezone::TimeZone,
    &migration::Migration,
];

/// What an area may know beyond the facts.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time of the report.
    pub now: Timestamp,
    /// What the operator says.
    pub judgement: &'a Judgement,
    /// What of the media folders is not to be looked at, in words.
    pub media_filter: Option<&'a str>,
}

/// What an area has to say.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was found.
    pub findings: Vec<Finding>,
    /// What each side has, matched.
    pub inventory: Table,
    /// What is to be known, and done, about single things.
    pub cards: Vec<Card>,
    /// A picture that answers a question.
    pub picture: Option<Bars>,
    /// What was not looked at although the facts were there, each with its reason.
    pub gaps: Vec<String>,
    /// Figures worth a line in the area's summary.
    pub summary: Vec<String>,
    /// What the area is about, where that can be counted.
    pub whole: Option<Whole>,
}

/// What of a run's settings decides what is found: two runs with other ones cannot tell what was fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// How media files are told apart.
    Compare,
    /// Whether generated media folders are compared.
    IncludeGenerated,
    /// Which media paths are looked at.
    Patterns,
    /// After how many days without login an account is stale.
    StaleDays,
    /// What the operator says is the same on both sides.
    Matches,
    /// Whether the migration tool's rules are known.
    MigrationConfig,
}

/// The things of Magento 1 that have to be in Magento 2.
#[derive(Clone, Copy, Debug)]
pub struct Whole {
    /// How many there are.
    pub things: usize,
    /// What is said of one that is not there: its points tell what they all would cost.
    pub missing: &'static Rule,
    /// Whether a finding is about one of them.
    pub is_thing: fn(&Finding) -> bool,
}

impl Whole {
    /// Things of which each finding tells what Magento 1 has.
    pub fn new(things: usize, missing: &'static Rule) -> Option<Self> {
        Self::of(things, missing, |it| it.m1.is_some())
    }

    /// Things that a finding tells by itself.
    pub fn of(things: usize, missing: &'static Rule, is_thing: fn(&Finding) -> bool) -> Option<Self> {
        (things > 0).then_some(Self { things, missing, is_thing })
    }
}

/// A table of the report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Its name in CSV files.
    pub name: Words,
    /// Its heading in the report.
    pub title: Words,
    /// What its cells are.
    pub kind: Kind,
}

impl Column {
    /// A column of this name and heading.
    pub const fn new(name: &'static str, title: &'static str, kind: Kind) -> Self {
        Self { name: Words::Borrowed(name), title: Words::Borrowed(title), kind }
    }
}

/// Words of the program's own, or of a report that it reads again.
pub type Words = Cow<'static, str>;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A number of bytes.
    Bytes,
    /// Words, separated by blanks: too many to be shown at once.
    List,
    /// A name or an e-mail address of a person, who is the same in all such cells of a row.
    Person,
}

/// What is to be known, and done, about one thing, for whoever does it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Card {
    /// What it is about.
    pub title: String,
    /// What became of it.
    pub state: String,
    /// The titles of those of which the same is to be said.
    pub also: Vec<String>,
    /// What is known, and what to do.
    pub lines: Vec<Line>,
}

/// A line of a card.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// What it tells.
    pub label: Words,
    /// A text, or what counts the list.
    pub text: String,
    /// A list, perhaps a long one.
    pub list: Vec<String>,
    /// Whether the text is code, whose lines and blanks count.
    pub is_code: bool,
    /// Two pieces of code side by side: Magento 1's, Magento 2's.
    pub diff: Vec<diff::Line>,
}

impl Line {
    const fn new(label: &'static str) -> Self {
        Self { label: Words::Borrowed(label), text: String::new(), list: Vec::new(), is_code: false, diff: Vec::new() }
    }
}

impl Card {
    /// A card without lines.
    pub fn new(title: impl Into<String>, state: impl Into<String>) -> Self {
        Self { title: title.into(), state: state.into(), also: Vec::new(), lines: Vec::new() }
    }

    /// With a text, unless it is empty.
    #[must_use]
    pub fn text(mut self, label: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.lines.push(Line { text, ..Line::new(label) });
        }
        self
    }

    /// With a piece of code.
    #[must_use]
    pub fn code(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.lines.push(Line { text: text.into(), is_code: true, ..Line::new(label) });
        self
    }

    /// With Magento 1's piece of code beside Magento 2's.
    #[must_use]
    pub fn diff(mut self, label: &'static str, m1: &str, m2: &str) -> Self {
        self.lines.push(Line { diff: diff::side_by_side(m1, m2), ..Line::new(label) });
        self
    }

    /// With a list, unless it is empty.
    #[must_use]
    pub fn list(mut self, label: &'static str, list: Vec<String>) -> Self {
        if !list.is_empty() {
            self.lines.push(Line { list, ..Line::new(label) });
        }
        self
    }
}

/// A picture of bars, each made of parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bars {
    /// The question that it answers.
    pub title: Words,
    /// The names of the parts, in order; also their style.
    pub parts: Vec<Words>,
    /// What the values are.
    pub unit: Unit,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// What the values of bars are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Thousandths of the whole.
    Share,
    /// Things.
    Count,
}

/// A bar of a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// The size of each part.
    pub values: Vec<u64>,
}

/// Whether an area was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Completely.
    Checked,
    /// As far as the inputs that were given allow.
    Partial,
    /// An input that was given, or an area that was asked for by name, could not be read.
    Failed,
    /// Not at all.
    NotChecked,
}

impl Status {
    /// The word that files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::NotChecked => "not-checked",
        }
    }
}

/// An area after the audit.
#[derive(Debug)]
pub struct Section {
    /// The area.
    pub area: &'static dyn Area,
    /// Whether it was checked.
    pub status: Status,
    /// Why it was not, or not completely.
    pub reasons: Vec<String>,
    /// Whether `--only` or `--skip` left it out.
    pub is_left_out: bool,
    /// What it has to say.
    pub outcome: Outcome,
}

impl std::fmt::Debug for dyn Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Which areas a run is about.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Areas named by `--only`; all if there is none.
    pub only: Vec<String>,
    /// Areas named by `--skip`.
    pub skip: Vec<String>,
}

impl Choice {
    /// Whether an area is to be looked at.
    pub fn has(&self, area: &dyn Area) -> bool {
        let is_in = |list: &[String]| list.iter().any(|it| it == area.name());
        !is_in(&self.skip) && (self.only.is_empty() || is_in(&self.only))
    }

    /// Whether an area was asked for by its name.
    pub fn names(&self, area: &dyn Area) -> bool {
        self.only.iter().any(|it| it == area.name())
    }

    /// Whether any chosen area needs a fact, or can use it.
    pub fn wants(&self, fact: Fact) -> bool {
        ALL.iter().filter(|it| self.has(**it)).any(|it| it.needs().iter().chain(it.uses()).any(|of| *of == fact))
    }

    /// Whether any chosen area needs facts of this input.
    pub fn needs(&self, input: Input) -> bool {
        ALL.iter()
            .filter(|it| self.has(**it))
            .any(|it| it.needs().iter().chain(it.uses()).any(|fact| fact.input() == input))
    }
}

/// Audits all areas, one after the other.
pub fn audit_all(facts: &Facts, context: &Context<'_>, choice: &Choice, bar: &ProgressBar) -> Vec<Section> {
    let sections = ALL.iter().map(|&area| {
        let section = audit(area, facts, context, choice);
        bar.inc(1);
        section
    });
    let sections = sections.collect();
    bar.finish_and_clear();
    sections
}

fn audit(area: &'static dyn Area, facts: &Facts, context: &Context<'_>, choice: &Choice) -> Section {
    let mut section = Section {
        area,
        status: Status::NotChecked,
        reasons: Vec::new(),
        is_left_out: !choice.has(area),
        outcome: Outcome::default(),
    };
    if section.is_left_out {
        section.reasons.push("left out by --only or --skip".to_owned());
        return section;
    }
    let lacks = |side: Side| area.needs().iter().filter_map(move |&fact| facts.lack(side, fact));
    section.reasons = Side::BOTH.iter().flat_map(|&side| lacks(side)).map(|it| it.why().to_owned()).collect();
    // What was given and cannot be read must not look like what was not given.
    let used = Side::BOTH.iter().flat_map(|&side| area.uses().iter().filter_map(move |&fact| facts.lack(side, fact)));
    let used: Vec<&Lack> = used.filter(|it| !matches!(it, Lack::NotGiven(_))).collect();
    section.reasons.extend(used.iter().map(|it| it.why().to_owned()));
    section.reasons.dedup();
    let has = |side: Side, is: fn(&Lack) -> bool| lacks(side).any(is);
    let is_failed = Side::BOTH.iter().any(|&side| has(side, Lack::is_failure)) || used.iter().any(|it| it.is_failure());
    let is_known = lacks(Side::M1).next().is_none();
    // An input that was given and does not hold the facts leaves nothing to say;
    // one that was not given leaves what Magento 1 alone tells.
    let is_absent = has(Side::M2, |it| matches!(it, Lack::NotThere(_)));
    let is_named_in_vain = choice.names(area) && !section.reasons.is_empty();
    if is_known && !is_absent {
        section.outcome = area.compare(facts, context);
        section.reasons.append(&mut section.outcome.gaps);
    }
    section.status = if is_failed || is_named_in_vain {
        Status::Failed
    } else if !is_known || is_absent {
        Status::NotChecked
    } else if section.reasons.is_empty() {
        Status::Checked
    } else {
        Status::Partial
    };
    section
}
