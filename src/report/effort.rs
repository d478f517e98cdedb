//! Effort: points of what is open, and what they may cost in hours. A range, and never one number.
//!
//! An issue is what a rule found, an incident each single case of it. Who has done one has learned most of the
//! others: an issue costs its points once, and each further incident a twentieth of them, up to twice the points.

use serde::{Deserialize, Serialize};

use super::{Entry, RuleReport};

/// The share of an issue's points that a further incident costs.
const SHARE: u64 = 20;

/// How many times its points the further incidents of an issue cost at the most.
const CAP: u64 = 2;

/// What a point costs, in minutes: at the least, and at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// At the least.
    pub low: u32,
    /// At the most.
    pub high: u32,
}

impl Default for Rate {
    /// A trivial thing takes half an hour to two hours, with looking it up and looking again.
    fn default() -> Self {
        Self { low: 30, high: 120 }
    }
}

impl Rate {
    /// The hours that points cost, rounded up.
    pub fn hours(self, effort: Effort) -> (u64, u64) {
        let hours = |minutes: u32| effort.0.saturating_mul(minutes.into()).div_ceil(SHARE * 60);
        (hours(self.low), hours(self.high))
    }
}

/// Effort in twentieths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort(u64);

impl Effort {
    /// Of so many incidents of an issue.
    fn of_issue(points: u8, incidents: u64) -> Self {
        let points = u64::from(points);
        let further = incidents.saturating_sub(1).min(CAP * SHARE);
        if incidents == 0 { Self(0) } else { Self(points * SHARE + points * further) }
    }

    /// Of what a rule found, as far as it is open.
    pub fn of_rule(rule: &RuleReport, entries: &[&Entry]) -> Self {
        let open = entries.iter().filter(|it| it.is_open()).map(|it| u64::from(it.incidents));
        Self::of_issue(rule.points, open.sum())
    }

    /// Points, rounded up.
    pub const fn points(self) -> u64 {
        self.0.div_ceil(SHARE)
    }
}

impl std::iter::Sum for Effort {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.map(|it| it.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_costs_its_points_once_and_its_incidents_a_share_up_to_a_cap() {
        let points = |points: u8, incidents: u64| Effort::of_issue(points, incidents).points();
        assert_eq!(points(5, 0), 0);
        assert_eq!(points(5, 1), 5);
        assert_eq!(points(5, 5), 6);
        assert_eq!(points(5, 41), 15, "40 further ones are twice the points");
        assert_eq!(points(5, 412), 15);
        assert_eq!(points(0, 1_000_000), 0);
    }

    #[test]
    fn hours_are_a_range() {
        assert_eq!(Rate::default().hours(Effort::of_issue(13, 1)), (7, 26));
        assert_eq!(Rate { low: 60, high: 60 }.hours(Effort::of_issue(1, 3)), (2, 2));
    }
}
