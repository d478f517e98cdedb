//! An earlier report, and what has come and gone since.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
    /// Open findings that are to be dealt with and that it did not have, or not so.
    pub new: usize,
    /// Those that it had.
    pub known: usize,
    /// Of the new ones those that it had, as waived.
    pub reopened: usize,
    /// Those that it had, as milder.
    pub worse: usize,
    /// Those that were new in it, and failed it.
    pub failed: usize,
    /// Areas of which it knew nothing: what is found there is new, and need not be.
    pub first_checked: Vec<Words>,
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

impl Past {
    /// Whether it was to be dealt with.
    pub fn is_work(&self) -> bool {
        self.severity != Severity::Info
    }
}

/// The store view of every new Magento 1, which tells no store from another.
const DEFAULT_VIEW: &str = "default (Default Store View)";

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

    /// Areas that are checked, and were not.
    fn first_checked(&self, areas: &[AreaReport]) -> Vec<Words> {
        let is_checked = |it: &AreaReport| matches!(it.status, Status::Checked | Status::Partial);
        let was_known = |name: &str| {
            self.0.areas.iter().any(|it| it.name == name && is_checked(it))
                || self.unchecked().any(|it| it.area == name)
        };
        areas.iter().filter(|it| is_checked(it) && !was_known(&it.name)).map(|it| it.name.clone()).collect()
    }

    /// Makes sure that something of it is found again, where store views cannot tell one store from another.
    ///
    /// # Errors
    /// If nothing is.
    pub fn check_findings(&self, report: &Report) -> Result<(), Error> {
        /// So many findings of two stores that nothing else tells apart have something in common, if it is one store.
        const ENOUGH: usize = 20;
        let views = |report: &Report| report.stores.m1.store_views.clone();
        if views(report).iter().any(|it| it != DEFAULT_VIEW) {
            return Ok(());
        }
        let is_whole =
            |report: &Report, area: &str| report.areas.iter().any(|it| it.name == area && it.status == Status::Checked);
        let in_both = |it: &&Entry| is_whole(report, &it.area) && is_whole(&self.0, &it.area);
        let before = self.0.findings.iter().filter(in_both).count();
        let now: Vec<&Entry> = report.findings.iter().filter(in_both).collect();
        if before < ENOUGH || now.len() < ENOUGH || now.iter().any(|it| it.trend == Trend::Known.code()) {
            return Ok(());
        }
        Err(Error::usage(format!(
            "the baseline is of another store: of its {before} findings not one is found again, and {} others are",
            now.len()
        )))
    }

    /// Tells what is new among findings: what it had not, what it had as milder or as waived, and what was new in it
    /// and failed it, so that a failure does not pass by being repeated.
    pub fn mark(&self, findings: &mut [Finding]) -> Marks {
        let mut known: HashMap<&str, (Severity, State, bool)> = HashMap::new();
        for it in self.unchecked() {
            known.insert(&it.fingerprint, (it.severity, it.state, false));
        }
        for it in &self.0.findings {
            let has_failed = self.0.verdict.is_new_only && it.trend == Trend::New.code() && it.fails(&self.0.verdict);
            known.insert(&it.fingerprint, (it.severity, it.state, has_failed));
        }
        let mut marks = Marks::default();
        for it in findings {
            let before = known.get(it.fingerprint().as_str());
            let is_worse = before.is_some_and(|(severity, ..)| it.severity < *severity);
            let is_reopened = it.state == State::Open && before.is_some_and(|(_, state, _)| *state == State::Waived);
            let has_failed = before.is_some_and(|(.., has_failed)| *has_failed);
            let is_known = before.is_some() && !is_worse && !is_reopened && !has_failed;
            it.trend = Some(if is_known { Trend::Known } else { Trend::New });
            match it.decision.filter(|_| is_worse && it.state == State::Waived) {
                Some(decision) => {
                    marks.waived_worse.insert(decision);
                }
                None if is_reopened => marks.reopened += 1,
                None if is_worse => marks.worse += 1,
                None if has_failed => marks.failed += 1,
                None => (),
            }
        }
        marks
    }

    /// What has come and gone.
    pub fn compared(&self, report: &Report, marks: &Marks) -> BaselineReport {
        let Report { findings, areas, rules, .. } = report;
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
        let mut gone: BTreeMap<String, Past> = BTreeMap::new();
        for it in found.chain(self.unchecked().cloned()).filter(|it| !now.contains(it.fingerprint.as_str())) {
            gone.entry(it.fingerprint.clone()).or_insert(it);
        }
        // A rule that there is no more finds nothing, and has nothing fixed.
        let rules: HashSet<&str> = rules.iter().map(|it| &*it.code).collect();
        let mut gone: Vec<Past> = gone.into_values().collect();
        gone.sort_by(|one, other| {
            (one.severity, &one.rule, &one.subject, &one.scope).cmp(&(
                other.severity,
                &other.rule,
                &other.subject,
                &other.scope,
            ))
        });
        let (fixed, unchecked) = gone
            .into_iter()
            .partition(|it| status.get(&*it.area) == Some(&Status::Checked) && rules.contains(&*it.rule));
        let open = |trend: Trend| findings.iter().filter(|it| it.is_work() && it.trend == trend.code()).count();
        BaselineReport {
            generated: self.0.generated.clone(),
            new: open(Trend::New),
            known: open(Trend::Known),
            reopened: marks.reopened,
            worse: marks.worse,
            failed: marks.failed,
            first_checked: self.first_checked(areas),
            fixed,
            unchecked,
        }
    }
}

/// What is new although the earlier report had it.
#[derive(Debug, Default)]
pub struct Marks {
    /// What was waived, and is open.
    reopened: usize,
    /// What was milder.
    worse: usize,
    /// What was new in the earlier run, and failed it.
    failed: usize,
    /// Decisions, by their place, of which something waived has become worse.
    pub waived_worse: BTreeSet<u32>,
}
