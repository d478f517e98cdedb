//! An earlier report, and what has come and gone since.

use std::cell::LazyCell;
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
    #[serde(default)]
    pub reopened: usize,
    /// Those that it had, as milder.
    #[serde(default)]
    pub worse: usize,
    /// Those that were new in it, and failed it.
    #[serde(default)]
    pub failed: usize,
    /// Areas of which it knew nothing: what is found there is new, and need not be.
    #[serde(default)]
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

/// Whether a list of store views is a part of another one.
fn is_within(scope: &str, other: &str) -> bool {
    let parts = |scope: &'_ str| scope.split(',').map(str::trim).map(str::to_owned).collect::<HashSet<String>>();
    matches!(other, "" | "all") || !scope.is_empty() && parts(scope).is_subset(&parts(other))
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
        let report = super::read(&super::findings_of(path))?;
        if report.is_redacted {
            let why = "is redacted: its findings have other names; take the report that it was made of";
            return Err(Error::usage(format!("--baseline {} {why}", path.display())));
        }
        Ok(Self(report))
    }

    /// Makes sure that it is about the same moment of the migration.
    ///
    /// # Errors
    /// If it is about another.
    pub fn check_mode(&self, mode: Mode) -> Result<(), Error> {
        if self.0.mode == mode {
            return Ok(());
        }
        let (old, new) = (self.0.mode.code(), mode.code());
        Err(Error::usage(format!(
            "the baseline is a report of {old}, and this is one of {new}: they have other findings"
        )))
    }

    /// Makes sure that it is about the same stores: that at least half of the codes of all store views of Magento 1 are
    /// on both sides. A view may get another name, and views come and go.
    ///
    /// # Errors
    /// If it is about others.
    pub fn check_views(&self, store_views: &[String]) -> Result<(), Error> {
        let before = &self.0.stores.m1.store_views;
        let code = |view: &String| view.split(' ').next().unwrap_or_default().to_owned();
        let (old, new): (HashSet<String>, HashSet<String>) =
            (before.iter().map(code).collect(), store_views.iter().map(code).collect());
        // Of media folders alone nobody knows whose they are.
        let is_known = !old.is_empty() && !new.is_empty();
        if !is_known || old.intersection(&new).count() * 2 >= old.union(&new).count() {
            return Ok(());
        }
        let names = |views: &[String]| visible(&views.join(", ")).into_owned();
        Err(Error::usage(format!(
            "the baseline is of another store: its Magento 1 has the store views {}, and this one {}",
            names(before),
            names(store_views)
        )))
    }

    /// What it had not looked for, and a run before it had found.
    fn unchecked(&self) -> impl Iterator<Item = &Past> {
        self.0.baseline.iter().flat_map(|it| &it.unchecked)
    }

    /// Whether an area was looked at as well as before: absent is fixed then. A run with other settings finds other
    /// things; one with the same gaps would have found the same again.
    fn has_looked_as(&self, area: &AreaReport) -> bool {
        let Some(before) = self.0.areas.iter().find(|it| it.name == area.name) else { return false };
        let is_as_whole = match area.status {
            Status::Checked => true,
            Status::Partial => before.status == Status::Partial && before.reason == area.reason,
            Status::Failed | Status::NotChecked => false,
        };
        let was_looked_at = matches!(before.status, Status::Checked | Status::Partial);
        is_as_whole && (!was_looked_at || before.settings == area.settings)
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

    /// Makes sure that it is about the same stores where their views do not tell: of one store, a second run finds
    /// something again.
    ///
    /// # Errors
    /// If hardly anything is.
    pub fn check_findings(&self, report: &Report) -> Result<(), Error> {
        /// So many findings tell one store from another.
        const ENOUGH: usize = 20;
        /// Two stores have so few of their findings in common, in percent.
        const FEW: usize = 25;
        let is_whole =
            |report: &Report, area: &str| report.areas.iter().any(|it| it.name == area && it.status == Status::Checked);
        let in_both = |it: &&Entry| is_whole(report, &it.area) && is_whole(&self.0, &it.area);
        let before: HashSet<&str> = self.0.findings.iter().filter(in_both).map(|it| it.fingerprint.as_str()).collect();
        let now: Vec<&Entry> = report.findings.iter().filter(in_both).collect();
        let again = now.iter().filter(|it| before.contains(it.fingerprint.as_str())).count();
        let fewer = before.len().min(now.len());
        if fewer < ENOUGH || again * 100 >= fewer * FEW {
            return Ok(());
        }
        Err(Error::usage(format!(
            "the baseline is of another store: of its {} findings {again} are found again, of {} now",
            before.len(),
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
        // Most runs find nothing that is not known.
        let wider = LazyCell::new(|| {
            let mut wider: HashMap<(&str, &str), Vec<&Entry>> = HashMap::new();
            for it in &self.0.findings {
                wider.entry((&it.rule, &it.subject)).or_default().push(it);
            }
            wider
        });
        let narrowed = |it: &Finding| {
            let wider = wider.get(&(it.rule.code, &*it.subject))?;
            let wider = wider.iter().find(|before| is_within(&it.scope, &before.scope))?;
            known.get(wider.fingerprint.as_str())
        };
        let mut marks = Marks::default();
        for it in findings {
            let before = known.get(it.fingerprint().as_str()).or_else(|| narrowed(it));
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
        let looked: BTreeMap<&str, bool> = areas.iter().map(|it| (&*it.name, self.has_looked_as(it))).collect();
        let found = self.0.findings.iter().filter(|it| !now.contains(it.fingerprint.as_str())).map(|it| Past {
            fingerprint: it.fingerprint.clone(),
            rule: it.rule.clone(),
            area: it.area.clone(),
            severity: it.severity,
            state: it.state,
            subject: it.subject.clone(),
            scope: it.scope.clone(),
        });
        let carried = self.unchecked().filter(|it| !now.contains(it.fingerprint.as_str()));
        let mut gone: BTreeMap<String, Past> = BTreeMap::new();
        for it in found.chain(carried.cloned()) {
            gone.entry(it.fingerprint.clone()).or_insert(it);
        }
        // What applies to fewer store views than before is neither fixed nor new.
        let scopes = LazyCell::new(|| {
            let mut scopes: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
            for it in findings {
                scopes.entry((&it.rule, &it.subject)).or_default().push(&it.scope);
            }
            scopes
        });
        let is_narrowed = |it: &Past| {
            scopes
                .get(&(&*it.rule, &*it.subject))
                .is_some_and(|all| all.iter().any(|scope| is_within(scope, &it.scope)))
        };
        gone.retain(|_, it| !is_narrowed(it));
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
        let (mut fixed, unchecked): (Vec<Past>, Vec<Past>) =
            gone.into_iter().partition(|it| looked.get(&*it.area) == Some(&true) && rules.contains(&*it.rule));
        // What was waived was not to be fixed.
        fixed.retain(|it| it.state == State::Open);
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
