//! The audited areas: each is a folder of rules, and a line in [`ALL`].
//!
//! An area is given facts and gives findings. It reads nothing, knows no
//! format, and knows no other area.

mod admin_roles;
mod admin_users;
mod api;
mod audit;
mod cms_content;
mod design;
pub(crate) mod explain;
mod extensions;
mod indexes;
mod layout;
#[cfg(test)]
mod losses;
mod media;
mod media_db;
mod migration;
mod parts;
mod reasons;
mod retired;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod timezone;
mod widgets;

use jiff::Timestamp;

pub use self::audit::{Choice, Section, Status, audit_all};
pub use self::parts::{About, Bar, Bars, Card, Column, Kind, Line, Table, Unit, Words};
use crate::facts::{Fact, Facts};
use crate::finding::{Finding, Rule};
use crate::matching::Judgement;

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

impl std::fmt::Debug for dyn Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
