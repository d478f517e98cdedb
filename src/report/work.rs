//! How much of an area is done, and what the rest costs.

use std::collections::{BTreeMap, BTreeSet};

use super::effort::{AreaEffort, Effort};
use super::{Done, Mode};
use crate::area::{Area, Section, Setting, Status};
use crate::decision::{Decision, Verdict};
use crate::finding::{Finding, Rule, State, Step};

/// What areas are told by.
pub(super) struct Audited<'a> {
    pub(super) findings: &'a [Finding],
    pub(super) decisions: &'a [Decision],
    pub(super) mode: Mode,
    pub(super) settings: &'a BTreeMap<Setting, String>,
}

/// What is still to be done about a finding.
#[derive(PartialEq, Eq)]
enum Work {
    /// It is open.
    Open,
    /// It was put off.
    Later,
    /// It may stay behind, by its rule or by a decision: it is neither done nor to be done.
    Left,
    /// It was done by hand.
    Done,
    /// None.
    Nothing,
}

impl<'a> Audited<'a> {
    /// The findings of an area.
    pub(super) fn of(&self, area: &str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |it| it.rule.area() == area)
    }

    /// What of the run's settings decides what an area finds.
    pub(super) fn settings_of(&self, area: &dyn Area) -> Vec<String> {
        area.settings().iter().filter_map(|it| self.settings.get(it).cloned()).collect()
    }

    fn verdict(&self, finding: &Finding) -> Option<Verdict> {
        Some(self.decisions.get(finding.decision? as usize)?.verdict)
    }

    /// What a finding costs as an issue of its own: a decision may name another work than its rule.
    fn points(&self, finding: &Finding) -> u8 {
        self.verdict(finding).and_then(Verdict::points).unwrap_or(finding.rule.points)
    }

    fn work(&self, finding: &Finding) -> Work {
        match self.verdict(finding).filter(|_| finding.state == State::Waived) {
            None if finding.rule.step == Step::Know => Work::Nothing,
            None if finding.rule.step == Step::Leave => Work::Left,
            None | Some(Verdict::Lift | Verdict::Rewrite | Verdict::Replace) => Work::Open,
            Some(Verdict::Later) => Work::Later,
            Some(Verdict::DoneByHand) => Work::Done,
            Some(Verdict::Accept | Verdict::WillNotMigrate | Verdict::Drop) => Work::Left,
        }
    }

    /// Where nothing is migrated yet, and where not everything was looked at, nobody knows what is done.
    fn is_known(&self, section: &Section) -> bool {
        section.status == Status::Checked && self.mode == Mode::Verification
    }

    pub(super) fn done(&self, section: &Section) -> Option<Done> {
        let whole = section.outcome.whole.filter(|_| self.is_known(section))?;
        // What the dearest of a thing's findings costs.
        let mut open: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut left: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut by_hand = BTreeSet::new();
        for it in self.of(section.area.name()).filter(|it| (whole.is_thing)(it)) {
            let thing = (&*it.subject, &*it.scope);
            match self.work(it) {
                Work::Open | Work::Later => {
                    let points = open.entry(thing).or_default();
                    *points = u64::from(self.points(it).max(1)).max(*points);
                }
                Work::Left => {
                    left.insert(thing);
                }
                Work::Done => {
                    by_hand.insert(thing);
                }
                Work::Nothing => (),
            }
        }
        let of = whole.things.saturating_sub(left.difference(&by_hand).filter(|it| !open.contains_key(*it)).count());
        let done = of.saturating_sub(open.len());
        let points_done = done as u64 * u64::from(whole.missing.points.max(1));
        Some(Done { done, of, points_done, points: points_done + open.values().sum::<u64>() })
    }

    pub(super) fn effort(&self, section: &Section, done: Option<Done>) -> AreaEffort {
        /// Incidents of a rule.
        #[derive(Default)]
        struct Incidents {
            points: u8,
            open: u64,
            later: u64,
        }
        let whole = section.outcome.whole;
        let mut rules: BTreeMap<&str, Incidents> = BTreeMap::new();
        let mut issues = (Effort::default(), Effort::default());
        let is_issue = |rule: &Rule| section.area.issues().iter().any(|it| it.code == rule.code);
        for it in self.of(section.area.name()) {
            if is_issue(it.rule) {
                let effort = Effort::of_issues(self.points(it), 1);
                match self.work(it) {
                    _ if it.state == State::Open => issues.0 = issues.0 + effort,
                    Work::Later => issues.1 = issues.1 + effort,
                    _ => (),
                }
                continue;
            }
            let rule = rules.entry(it.rule.code).or_default();
            rule.points = it.rule.points;
            match it.state {
                State::Open => rule.open += u64::from(it.incidents),
                State::Waived if self.work(it) == Work::Later => rule.later += u64::from(it.incidents),
                State::Waived => (),
            }
        }
        let open = |it: &Incidents| Effort::of_issue(it.points, it.open);
        let left = |it: &Incidents| Effort::of_issue(it.points, it.open + it.later);
        let things = whole.zip(done).map(|(whole, done)| {
            let (missing, count) = (whole.missing, done.of as u64);
            let is_issue = is_issue(missing);
            if is_issue { Effort::of_issues(missing.points, count) } else { Effort::of_issue(missing.points, count) }
        });
        AreaEffort {
            open: rules.values().map(open).sum::<Effort>() + issues.0,
            later: rules.values().map(|it| left(it).without(open(it))).sum::<Effort>() + issues.1,
            whole: things,
        }
    }
}
