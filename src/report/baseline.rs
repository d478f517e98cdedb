//! An earlier report, and what has come and gone since.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{AreaReport, Entry, Mode, Report};
use crate::area::{Status, Words};
use crate::error::Error;
use crate::finding::{Finding, Severity, State, Trend};
use crate::text::visible;

/// What an earlier report tells by being compared with.
#[derive(Debug, Serialize, Deserialize)]
pub struct BaselineReport {
    /// Its time (RFC 3339, UTC).
    pub generated: String,
    /// Open findings that it did not have.
    pub new: usize,
    /// Open findings that it had.
    pub known: usize,
    /// What it had, and what is not found any more.
    pub fixed: Vec<Past>,
    /// What it had, and what nobody looked for this time: absent is not fixed.
    pub unchecked: Vec<Past>,
}

/// A finding of an earlier report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Past {
    /// Its name.
    pub fingerprint: String,
    /// The rule's code.
    pub rule: Words,
    /// The rule's area.
    pub area: Words,
    /// How bad it was.
    pub severity: Severity,
    /// Whether it counted.
    pub state: State,
    /// What it was about.
    pub subject: Box<str>,
    /// Where it applied.
    pub scope: Box<str>,
}

/// An earlier report that was read and may be compared with.
#[derive(Debug)]
pub struct Baseline(Report);

impl Baseline {
    /// Reads an earlier report.
    ///
    /// # Errors
    /// If it is none, is damaged, or names nobody any more.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let report = super::read(path)?;
        if report.is_redacted {
            let why = "is redacted: its findings have other names; take the report that it was made of";
            return Err(Error::usage(format!("--baseline {} {why}", path.display())));
        }
        Ok(Self(report))
    }

    /// Makes sure that it is about the same stores.
    ///
    /// # Errors
    /// If it is about others, or of another moment of the migration.
    pub fn check(&self, mode: Mode, store_views: &[String]) -> Result<(), Error> {
        if self.0.mode != mode {
            let (old, new) = (self.0.mode.code(), mode.code());
            return Err(Error::usage(format!(
                "the baseline is a report of {old}, and this is one of {new}: they have other findings"
            )));
        }
        let before = &self.0.stores.m1.store_views;
        // Of media folders alone nobody knows whose they are.
        let is_other =
            !before.is_empty() && !store_views.is_empty() && !before.iter().any(|it| store_views.contains(it));
        if is_other {
            let names = |views: &[String]| visible(&views.join(", ")).into_owned();
            return Err(Error::usage(format!(
                "the baseline is of another store: its Magento 1 has the store views {}, and this one {}",
                names(before),
                names(store_views)
            )));
        }
        Ok(())
    }

    /// What it had not looked for, and a run before it had found.
    fn unchecked(&self) -> impl Iterator<Item = &Past> {
        self.0.baseline.iter().flat_map(|it| &it.unchecked)
    }

    /// Tells what is new among findings.
    pub fn mark(&self, findings: &mut [Finding]) {
        let found = self.0.findings.iter().map(|it| it.fingerprint.as_str());
        let known: HashSet<&str> = found.chain(self.unchecked().map(|it| it.fingerprint.as_str())).collect();
        for it in findings {
            it.trend = Some(if known.contains(it.fingerprint().as_str()) { Trend::Known } else { Trend::New });
        }
    }

    /// What has come and gone.
    pub fn compared(&self, findings: &[Entry], areas: &[AreaReport]) -> BaselineReport {
        let now: HashSet<&str> = findings.iter().map(|it| it.fingerprint.as_str()).collect();
        let status: BTreeMap<&str, Status> = areas.iter().map(|it| (&*it.name, it.status)).collect();
        let found = self.0.findings.iter().map(|it| Past {
            fingerprint: it.fingerprint.clone(),
            rule: it.rule.clone(),
            area: it.area.clone(),
            severity: it.severity,
            state: it.state,
            subject: it.subject.clone(),
            scope: it.scope.clone(),
        });
        let gone = found.chain(self.unchecked().cloned()).filter(|it| !now.contains(it.fingerprint.as_str()));
        let (fixed, unchecked) = gone.partition(|it| status.get(&*it.area) == Some(&Status::Checked));
        let open = |trend: Trend| findings.iter().filter(|it| it.is_open() && it.trend == trend.code()).count();
        BaselineReport {
            generated: self.0.generated.clone(),
            new: open(Trend::New),
            known: open(Trend::Known),
            fixed,
            unchecked,
        }
    }
}
