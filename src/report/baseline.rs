//! An earlier report, and what has come and gone since.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::{AreaReport, Entry, Mode, Report};
use crate::area::{Status, Words};
use crate::error::Error;
use crate::finding::{Finding, Severity, State, Trend};
use crate::text::visible;

/// What an earlier report tells by being compared with.
#[derive(Debug)]
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
    /// Those that were new in a run, and failed it.
    pub failed: usize,
    /// Areas of which it knew nothing: what is found there is new, and need not be.
    pub first_checked: Vec<Words>,
    /// What it had, and what is not found any more.
    pub fixed: Vec<Past>,
    /// What it had, and what nobody looked for this time: absent is not fixed.
    pub unchecked: Vec<Past>,
    /// What it had as waived, and what is not found any more.
    pub waived_gone: Vec<Past>,
}

/// A finding of an earlier report.
#[derive(Clone, Debug)]
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
    /// Whether it had failed a run, and was neither fixed nor decided.
    pub is_pending: bool,
    /// The settings with which it was found, as a digest.
    pub settings: Box<str>,
    /// What its area could not look at when it was found, as a digest; empty if nothing.
    pub gaps: Box<str>,
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

    /// What of it is not found now, and was not looked for.
    pub fn carried(&self, report: &Report) -> Vec<Past> {
        self.compared(report, &Marks::default()).unchecked
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

    /// Tells what is new among findings: what it had not, what it had as milder or as waived, and what was new in
    /// a run and failed it, so that a failure does not pass by being repeated.
    pub fn mark(&self, findings: &mut [Finding]) -> Marks {
        let mut known: HashMap<&str, (Severity, State, bool)> = HashMap::new();
        for it in self.unchecked() {
            known.insert(&it.fingerprint, (it.severity, it.state, it.is_pending));
        }
        for it in &self.0.findings {
            known.insert(&it.fingerprint, (it.severity, it.state, it.is_pending));
        }
        let now: HashSet<String> = findings.iter().map(Finding::fingerprint).collect();
        // Most runs find nothing that is not known.
        let wider = LazyCell::new(|| {
            let found = self.0.findings.iter().map(|it| (&it.rule, &it.subject, &it.scope, &it.fingerprint));
            let carried = self.unchecked().map(|it| (&it.rule, &it.subject, &it.scope, &it.fingerprint));
            let mut wider: HashMap<(&str, &str), Vec<(&str, &str)>> = HashMap::new();
            for (rule, subject, scope, fingerprint) in found.chain(carried).filter(|it| !now.contains(it.3)) {
                wider.entry((rule, subject)).or_default().push((scope, fingerprint));
            }
            wider
        });
        let narrowed = |it: &Finding| {
            let wider = wider.get(&(it.rule.code, &*it.subject))?;
            let (_, before) = wider.iter().find(|(scope, _)| is_within(&it.scope, scope))?;
            known.get(before)
        };
        let mut marks = Marks::default();
        for it in findings {
            let before = known.get(it.fingerprint().as_str()).or_else(|| narrowed(it));
            let is_worse = before.is_some_and(|(severity, ..)| it.severity < *severity);
            let is_reopened = it.state == State::Open && before.is_some_and(|(_, state, _)| *state == State::Waived);
            let has_failed = it.state == State::Open && before.is_some_and(|(.., is_pending)| *is_pending);
            let is_known = before.is_some() && !is_worse && !is_reopened && !has_failed;
            if has_failed {
                marks.pending.insert(it.fingerprint());
            }
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
        let bases = |areas: &[AreaReport]| -> BTreeMap<String, Basis> {
            areas.iter().map(|it| (it.name.to_string(), Basis::of(it))).collect()
        };
        let (then, today) = (bases(&self.0.areas), bases(areas));
        let looked = |area: &str| then.get(area).cloned().unwrap_or_default();
        let found = self.0.findings.iter().filter(|it| !now.contains(it.fingerprint.as_str())).map(|it| Past {
            is_pending: it.is_pending,
            settings: looked(&it.area).settings,
            gaps: looked(&it.area).gaps,
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
        let before: HashSet<&str> = self.0.findings.iter().map(|it| it.fingerprint.as_str()).collect();
        let scopes = LazyCell::new(|| {
            let mut scopes: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
            for it in findings.iter().filter(|it| !before.contains(it.fingerprint.as_str())) {
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
        let is_looked_for =
            |it: &Past| rules.contains(&*it.rule) && today.get(&*it.area).is_some_and(|basis| basis.would_find(it));
        let (gone, unchecked): (Vec<Past>, Vec<Past>) = gone.into_iter().partition(is_looked_for);
        // What was waived was not to be fixed.
        let (fixed, waived_gone) = gone.into_iter().partition(|it| it.state == State::Open);
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
            waived_gone,
        }
    }
}

/// What an area was looked at with: a run with other settings finds other things, and one that could not look at
/// something does not find what lies there.
#[derive(Clone, Debug, Default)]
struct Basis {
    is_looked_at: bool,
    settings: Box<str>,
    gaps: Box<str>,
}

impl Basis {
    fn of(area: &AreaReport) -> Self {
        let is_partial = area.status == Status::Partial;
        Self {
            is_looked_at: matches!(area.status, Status::Checked | Status::Partial),
            settings: digest(&area.settings.join("\n")),
            gaps: if is_partial { digest(&area.reason) } else { Box::default() },
        }
    }

    /// Whether it would find again what was found: with the same settings, and no gaps but those of then.
    fn would_find(&self, past: &Past) -> bool {
        self.is_looked_at && self.settings == past.settings && (self.gaps.is_empty() || self.gaps == past.gaps)
    }
}

fn digest(text: &str) -> Box<str> {
    blake3::hash(text.as_bytes()).to_hex()[..8].into()
}

/// What is new although the earlier report had it.
#[derive(Debug, Default)]
pub struct Marks {
    /// What was waived, and is open.
    reopened: usize,
    /// What was milder.
    worse: usize,
    /// What was new in an earlier run, and failed it.
    failed: usize,
    /// Its fingerprints.
    pub pending: HashSet<String>,
    /// Decisions, by their place, of which something waived has become worse.
    pub waived_worse: BTreeSet<u32>,
}
