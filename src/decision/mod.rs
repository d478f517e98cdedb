//! Decisions of people about findings: `[[decision]]` of the configuration, or of a file of their own.
//!
//! A decision waives what it names: the finding stays visible, is counted apart, and fails no run.
//! A decision that names work (`lift`, `rewrite`, `replace`) does not: the work is still to be done.

mod effect;
mod index;

pub use self::effect::{Effect, Trouble, decide};
pub use self::index::Index;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use globset::{Glob, GlobBuilder};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::area;
use crate::error::Error;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is as it should be.
    Accept,
    /// It is dealt with later, by the day that the decision names.
    Later,
    /// Somebody has done it in a way that magegap does not see.
    DoneByHand,
    /// It stays in Magento 1.
    WillNotMigrate,
    /// The extension's release for Magento 2 is installed.
    Lift,
    /// The extension is written anew.
    Rewrite,
    /// Something else takes the extension's place.
    Replace,
    /// Nothing takes the extension's place.
    Drop,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 8] = [
        Self::Accept,
        Self::Later,
        Self::DoneByHand,
        Self::WillNotMigrate,
        Self::Lift,
        Self::Rewrite,
        Self::Replace,
        Self::Drop,
    ];

    /// The word in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Later => "later",
            Self::DoneByHand => "done-by-hand",
            Self::WillNotMigrate => "will-not-migrate",
            Self::Lift => "lift",
            Self::Rewrite => "rewrite",
            Self::Replace => "replace",
            Self::Drop => "drop",
        }
    }

    /// Whether nothing is left to be done.
    pub const fn waives(self) -> bool {
        !matches!(self, Self::Lift | Self::Rewrite | Self::Replace)
    }

    /// Whether it is said of extensions alone.
    pub const fn is_of_extensions(self) -> bool {
        matches!(self, Self::Lift | Self::Rewrite | Self::Replace | Self::Drop)
    }

    /// The points of the work that it names: a documented step, another design, or a program.
    pub const fn points(self) -> Option<u8> {
        match self {
            Self::Lift => Some(3),
            Self::Replace => Some(5),
            Self::Rewrite => Some(7),
            _ => None,
        }
    }
}

/// A decision as it stands in a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The finding.
    pub fingerprint: Option<String>,
    /// The findings' rule.
    pub rule: Option<String>,
    /// Their subject, or a pattern of subjects.
    pub subject: Option<String>,
    /// Their scope.
    pub scope: Option<String>,
    /// What was decided.
    pub decision: Verdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<String>,
    /// The last day on which it counts.
    pub until: Option<Day>,
    /// Where it is written down.
    pub ticket: Option<String>,
}

/// A day, as TOML's own date or as text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a day is written as 2026-12-31")]
pub enum Day {
    /// A date.
    Date(toml::value::Datetime),
    /// A text.
    Text(String),
}

/// A decision that was checked.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its file and line.
    pub place: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Option<String>,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Where it is written down.
    pub ticket: Option<String>,
    aim: Aim,
}

/// Which findings a decision is about.
#[derive(Clone, Debug, PartialEq)]
enum Aim {
    /// This one.
    Fingerprint(String),
    /// Those of a rule, by their subject, and by their scope if it is named.
    Rule { rule: &'static str, subject: Option<Pattern>, scope: Option<String> },
}

/// A subject, or a pattern of subjects. A subject may hold what a pattern takes for a wildcard: it is itself, too.
#[derive(Clone, Debug, PartialEq)]
struct Pattern {
    text: String,
    /// None where the text has no wildcard.
    glob: Option<Glob>,
}

impl Pattern {
    /// Of subjects that are paths, `*` stays within a folder. A slash in any other is a letter.
    fn new(text: String, is_path: bool) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        if !text.contains(['*', '?', '[', '{', '\\']) {
            return Ok(Self { text, glob: None });
        }
        let glob = GlobBuilder::new(&text).literal_separator(is_path).build().map_err(|error| error.to_string())?;
        Ok(Self { glob: Some(glob), text })
    }

    /// What stands before the first wildcard.
    fn beginning(&self) -> &str {
        self.text.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default()
    }

    /// Whether it takes everything.
    fn is_everything(&self) -> bool {
        self.text.chars().all(|it| matches!(it, '*' | '?' | '/' | '{' | '}' | ','))
    }
}

impl Decision {
    /// Checks a decision that stands in a line of a file.
    fn of(table: Table, path: &Path, line: usize) -> Result<Self, Error> {
        let place = format!("{} line {line}", path.display());
        Self::new(table, place.clone()).map_err(|why| Error::usage(format!("{place}: the decision {why}")))
    }

    /// Checks a decision.
    ///
    /// # Errors
    /// What is wrong with it, to be said after "the decision".
    pub fn new(table: Table, place: String) -> Result<Self, String> {
        let Table { fingerprint, rule, subject, scope, decision, reason, by, until, ticket } = table;
        if reason.trim().is_empty() {
            return Err("has no reason".to_owned());
        }
        let aim = match (fingerprint, rule) {
            (Some(_), Some(_)) => return Err("names a fingerprint and a rule: one is enough".to_owned()),
            (Some(_), None) if subject.is_some() || scope.is_some() => {
                return Err("names a fingerprint, which has subject and scope in it".to_owned());
            }
            (Some(it), None) if it.len() == 16 && it.bytes().all(|it| it.is_ascii_hexdigit()) => {
                Aim::Fingerprint(it.to_lowercase())
            }
            (Some(it), None) => return Err(format!("has the fingerprint {it:?}, which is none")),
            (None, Some(it)) => {
                let rule = rule_code(&it)?;
                let pattern = subject.map(|it| Pattern::new(it, rule.starts_with("media"))).transpose();
                Aim::Rule { rule, subject: pattern.map_err(|why| format!("has a wrong subject: {why}"))?, scope }
            }
            (None, None) => return Err("names neither a fingerprint nor a rule".to_owned()),
        };
        if let Aim::Rule { rule, .. } = &aim
            && decision.is_of_extensions()
            && !rule.starts_with("extensions.")
        {
            return Err(format!("is `{}`, which is said of extensions, and {rule} is about others", decision.code()));
        }
        let until = until.map(day).transpose()?;
        if decision == Verdict::Later && until.is_none() {
            return Err("is `later`, and has no `until`: name the day by which it is dealt with".to_owned());
        }
        Ok(Self { place, verdict: decision, reason, by, until, ticket, aim })
    }

    /// What it is about, in words.
    pub fn aim(&self) -> String {
        match &self.aim {
            Aim::Fingerprint(it) => it.clone(),
            Aim::Rule { rule, subject, scope } => {
                let subject = subject.as_ref().map_or(String::new(), |it| format!(" {}", it.text));
                let scope = scope.as_ref().map_or(String::new(), |it| format!(" ({it})"));
                format!("{rule}{subject}{scope}")
            }
        }
    }

    /// The rule that it names.
    fn rule(&self) -> Option<&'static str> {
        match &self.aim {
            Aim::Fingerprint(_) => None,
            Aim::Rule { rule, .. } => Some(rule),
        }
    }

    /// Whether it waives everything that a rule finds.
    fn is_broad(&self) -> bool {
        match &self.aim {
            Aim::Rule { subject, scope: None, .. } if self.verdict.waives() => {
                subject.as_ref().is_none_or(Pattern::is_everything)
            }
            _ => false,
        }
    }

    /// Whether it names a subject, and not a pattern that happens to match it.
    pub fn names(&self, subject: &str) -> bool {
        match &self.aim {
            Aim::Fingerprint(_) => true,
            Aim::Rule { subject: pattern, .. } => pattern.as_ref().is_some_and(|it| it.text == subject),
        }
    }

    /// Whether it is about the same findings as another, by its words.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        self.aim == other.aim
    }

    /// Whether it waives everything that a rule finds, now and in times to come.
    pub fn takes_everything(&self) -> bool {
        self.is_broad()
    }

    fn scope(&self) -> Option<&str> {
        match &self.aim {
            Aim::Fingerprint(_) => None,
            Aim::Rule { scope, .. } => scope.as_deref(),
        }
    }
}

/// The rule of a code.
fn rule_code(code: &str) -> Result<&'static str, String> {
    let mut rules = area::ALL.iter().flat_map(|it| it.rules());
    rules
        .find(|it| it.code == code)
        .map(|it| it.code)
        .ok_or_else(|| format!("names the rule {code:?}, which there is not"))
}

/// A day without a time: a decision counts all of its last day (UTC).
fn day(day: Day) -> Result<Date, String> {
    let text = match day {
        Day::Date(it) => it.to_string(),
        Day::Text(it) => it,
    };
    let date = (text.len() == "2026-12-31".len()).then(|| text.parse().ok()).flatten();
    date.ok_or_else(|| format!("has until = {text:?}, which is no day such as 2026-12-31"))
}

/// Reads a file of decisions.
///
/// # Errors
/// If it cannot be read, or a decision in it is wrong.
pub fn read(path: &Path) -> Result<Vec<Decision>, Error> {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        decision: Vec<toml::Spanned<Table>>,
    }
    let text = crate::source::text_file(path).map_err(|source| Error::Read { path: PathBuf::from(path), source })?;
    let file: File = toml::from_str(&text).map_err(|error| {
        Error::usage(format!("{} line {}: {}", path.display(), line_of(&text, error.span()), error.message()))
    })?;
    checked(file.decision, &text, path)
}

/// Checks the decisions of a file's text.
///
/// # Errors
/// If one of them is wrong.
pub fn checked(tables: Vec<toml::Spanned<Table>>, text: &str, path: &Path) -> Result<Vec<Decision>, Error> {
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = |at: usize| ends.partition_point(|it| *it < at) + 1;
    tables.into_iter().map(|it| Decision::of(it.get_ref().clone(), path, line(it.span().start))).collect()
}

/// The line of a place in a text; the first, if there is no place.
pub fn line_of(text: &str, at: Option<std::ops::Range<usize>>) -> usize {
    let at = at.map_or(0, |it| it.start).min(text.len());
    memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1
}
