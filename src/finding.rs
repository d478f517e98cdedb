//! Rules, and what they find.

use std::borrow::Cow;

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How bad a finding is.
///
/// The order is that of a report: the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The shop or its administration breaks, or data is lost at cut-over.
    Blocker,
    /// Shoppers see it, security suffers, or an integration is down.
    High,
    /// It works, but a person has to do something.
    Medium,
    /// Tidiness.
    Low,
    /// Nothing to do; good to know.
    Info,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 5] = [Self::Blocker, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word that files and options use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// How sure a match or a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Read from the stores themselves.
    Certain,
    /// Several hints agree.
    Likely,
    /// One hint.
    Guess,
}

impl Confidence {
    /// The word that files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }
}

/// What has been decided about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody has decided anything: it counts.
    Open,
    /// A decision covers it: it is shown, and does not count.
    Waived,
}

impl State {
    /// The word that files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived => "waived",
        }
    }
}

/// One kind of finding: declared once, as a constant, by the area that makes it.
///
/// The declaration is also its documentation: `magegap rules`, `docs/rules.md`
/// and every report take their texts from here.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name, such as `admin_users.missing`. Never renamed, never reused.
    pub code: &'static str,
    /// How bad it is, where nothing makes it better or worse.
    pub severity: Severity,
    /// When another severity applies; empty when none does.
    pub severity_note: &'static str,
    /// One line, as a heading of the report.
    pub title: &'static str,
    /// What it says about the stores.
    pub meaning: &'static str,
    /// What happens when nobody does anything.
    pub why: &'static str,
    /// How it is detected.
    pub detection: &'static str,
    /// What to do about it.
    pub action: &'static str,
    /// The kind of work, by which next steps are grouped.
    pub step: Step,
    /// The Magento class, table or public thread that the rule rests on.
    pub source: &'static str,
    /// Effort of the issue: 0, 1, 3, 5, 7 or 13.
    pub points: u8,
}

/// The kind of work that a finding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Something is in force that must be taken back at once.
    Secure,
    /// Copy what Magento 1 has.
    Copy,
    /// Create it anew in Magento 2.
    Create,
    /// Correct what is in Magento 2.
    Correct,
    /// Somebody has to decide.
    Decide,
    /// Nothing: it stays behind, unless somebody objects.
    Leave,
    /// Nothing: it is good to know.
    Know,
}

impl Step {
    /// The word in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Secure => "secure",
            Self::Copy => "copy",
            Self::Create => "create",
            Self::Correct => "correct",
            Self::Decide => "decide",
            Self::Leave => "leave",
            Self::Know => "know",
        }
    }
}

impl Rule {
    /// The area that the rule belongs to: the part of its code before the dot.
    pub fn area(&self) -> &'static str {
        self.code.split_once('.').map_or(self.code, |(area, _)| area)
    }

    /// A finding of this rule about `subject`.
    pub fn finding(&'static self, subject: impl Into<Box<str>>) -> Finding {
        Finding {
            rule: self,
            severity: self.severity,
            confidence: Confidence::Certain,
            state: State::Open,
            decision: None,
            trend: None,
            subject: subject.into(),
            scope: Box::default(),
            m1: None,
            m2: None,
            detail: Box::default(),
            used_by: Vec::new(),
            users_unnamed: 0,
            incidents: 1,
            causes: Vec::new(),
        }
    }
}

/// Whether an earlier run found the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// It did not.
    New,
    /// It did.
    Known,
}

impl Trend {
    /// The word in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
        }
    }
}

/// One thing that somebody should know about the two stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding it is.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it counts.
    pub state: State,
    /// The decision about it, by its place.
    pub decision: Option<u32>,
    /// Whether an earlier run found it; none if there is none to compare with.
    pub trend: Option<Trend>,
    /// What it is about, by its natural key: a user name, a path.
    pub subject: Box<str>,
    /// Store view codes, comma-separated; `all`; or empty where scope has no meaning.
    pub scope: Box<str>,
    /// What Magento 1 has, in a few words. `None` is absence. Never a secret.
    pub m1: Option<Box<str>>,
    /// What Magento 2 has, likewise.
    pub m2: Option<Box<str>>,
    /// What else is known.
    pub detail: Box<str>,
    /// What refers to the subject, or the first of it.
    pub used_by: Vec<Box<str>>,
    /// How many more refer to it, who are not kept by name.
    pub users_unnamed: u32,
    /// How many single cases this finding stands for.
    pub incidents: u32,
    /// What of the migration tool's configuration may explain it, the likeliest first.
    pub causes: Vec<Cause>,
}

/// Something in the configuration of the migration tool that may explain a finding: what it ignores, empties or
/// replaces is not a mistake of the migration, and will be the same after the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A table that may be ignored.
    Document(Cow<'static, str>),
    /// A column, `table.column`, that may be ignored.
    Field(Cow<'static, str>),
    /// A column whose values of one attribute may be set to nothing.
    Emptied {
        /// `table.column`.
        field: &'static str,
        /// The attribute's code.
        attribute: &'static str,
    },
    /// A column whose values a handler may replace.
    Handled {
        /// `table.column`.
        field: &'static str,
        /// The last part of the handler's class.
        handler: &'static str,
    },
    /// A path of the configuration that may be ignored.
    Setting(Cow<'static, str>),
    /// A class that may become nothing.
    Class(String),
}

impl Cause {
    /// A table that comes with Magento.
    pub const fn document(table: &'static str) -> Self {
        Self::Document(Cow::Borrowed(table))
    }

    /// A column that comes with Magento.
    pub const fn field(field: &'static str) -> Self {
        Self::Field(Cow::Borrowed(field))
    }
}

impl Finding {
    /// With what Magento 1 has.
    #[must_use]
    pub fn m1(mut self, value: impl Into<Box<str>>) -> Self {
        self.m1 = Some(value.into());
        self
    }

    /// With what Magento 2 has.
    #[must_use]
    pub fn m2(mut self, value: impl Into<Box<str>>) -> Self {
        self.m2 = Some(value.into());
        self
    }

    /// With more to tell.
    #[must_use]
    pub fn detail(mut self, text: impl Into<Box<str>>) -> Self {
        self.detail = text.into();
        self
    }

    /// With something else that is known.
    #[must_use]
    pub fn more_detail(mut self, detail: &str) -> Self {
        self.detail = match &*self.detail {
            "" => detail.into(),
            first => format!("{first}; {detail}").into(),
        };
        self
    }

    /// With those who refer to it.
    #[must_use]
    pub fn used_by(mut self, users: &[String]) -> Self {
        self.used_by = users.iter().map(|it| it.as_str().into()).collect();
        self
    }

    /// With another severity than the rule's own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With another confidence than `certain`.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// With what of the migration tool's configuration may explain it, the likeliest first.
    #[must_use]
    pub fn explained_by(mut self, causes: impl IntoIterator<Item = Cause>) -> Self {
        self.causes.extend(causes);
        self
    }

    /// Standing for several single cases.
    #[must_use]
    pub fn incidents(mut self, count: u64) -> Self {
        self.incidents = u32::try_from(count).unwrap_or(u32::MAX);
        self
    }

    /// Name of this finding that is the same in every run and on every machine.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.rule.code, &self.subject, &self.scope)
    }
}

/// The first 16 hex digits of BLAKE3 over rule, subject and scope, joined by NUL.
pub fn fingerprint(rule: &str, subject: &str, scope: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(rule.as_bytes());
    hasher.update(b"\0");
    hasher.update(subject.as_bytes());
    hasher.update(b"\0");
    hasher.update(scope.as_bytes());
    hasher.finalize().to_hex().as_str()[..16].to_owned()
}
