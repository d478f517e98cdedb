//! Which areas are audited, how far, and what becomes of them.

use std::collections::BTreeSet;

use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};

use super::{ALL, Area, Context, Outcome, reasons};
use crate::facts::{Fact, Facts, Input};
use crate::known::Lack;
use crate::pair::Side;

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
    /// Whether rows that it needs were left out of what was given.
    pub is_not_whole: bool,
    /// Whether `--only` or `--skip` left it out.
    pub is_left_out: bool,
    /// What it has to say.
    pub outcome: Outcome,
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
    let mut sections: Vec<Section> = sections.collect();
    reasons::gather(&mut sections.iter_mut().map(|it| &mut it.reasons).collect::<Vec<_>>());
    bar.finish_and_clear();
    sections
}

fn audit(area: &'static dyn Area, facts: &Facts, context: &Context<'_>, choice: &Choice) -> Section {
    let mut section = Section {
        area,
        status: Status::NotChecked,
        reasons: Vec::new(),
        is_not_whole: false,
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
    let is_named_in_vain = choice.names(area) && !section.reasons.is_empty();
    // What is not known of a fact makes what rests on it unknown, whatever else was read of it.
    let asked: Vec<Fact> = area.needs().iter().chain(area.uses()).copied().collect();
    let gaps = Side::BOTH.iter().flat_map(|&side| facts.sides.of(side).gaps.iter());
    let gaps: Vec<&Lack> = gaps.filter(|(fact, _)| asked.contains(fact)).map(|(_, lack)| lack).collect();
    section.is_not_whole = gaps.iter().any(|it| it.is_not_whole() || it.is_failure());
    section.reasons.extend(gaps.iter().map(|it| it.why().to_owned()));
    if asked.contains(&Fact::Media) {
        // A folder with files may be that of a shop with few of them.
        section.is_not_whole |= facts.media.doubt_gaps().any(|it| !it.is_foreign);
        section.reasons.extend(facts.media.doubt_gaps().map(|it| it.why.clone()));
    }
    let has = |side: Side, is: fn(&Lack) -> bool| lacks(side).any(is);
    let is_failed = Side::BOTH.iter().any(|&side| has(side, Lack::is_failure)) || used.iter().any(|it| it.is_failure());
    let is_known = lacks(Side::M1).next().is_none();
    // An input that was given and does not hold the facts leaves nothing to say;
    // one that was not given leaves what Magento 1 alone tells.
    let is_absent = has(Side::M2, |it| !matches!(it, Lack::NotGiven(_)));
    if is_known && !is_absent {
        section.outcome = area.compare(facts, context);
        section.reasons.append(&mut section.outcome.gaps);
    }
    // What a gap makes unknown is told once, by whoever says more of it.
    let all = section.reasons.clone();
    let mut told = BTreeSet::new();
    section.reasons.retain(|it| {
        let says_more = |other: &String| other.strip_prefix(it.as_str()).is_some_and(|rest| rest.starts_with(": "));
        told.insert(it.clone()) && !all.iter().any(says_more)
    });
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
