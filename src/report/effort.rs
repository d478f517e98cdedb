//! Effort: points of what is open, and what they may cost in hours. A range, and never one number.
//!
//! An issue is what a rule found, an incident each single case of it. Who has done one has learned most of the
//! others: an issue costs its points once, and each further incident a twentieth of them, up to twice the points.

use serde::{Deserialize, Serialize};

use super::Done;

/// The share of an issue's points that a further incident costs.
const SHARE: u64 = 20;

/// How many times its points the further incidents of an issue cost at the most.
const CAP: u64 = 2;

/// What a point costs, in minutes: at the least, and at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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

/// More minutes than anybody takes for a point.
const MOST_MINUTES: u32 = 100_000;

impl Rate {
    /// Whether it is a range.
    pub const fn is_possible(self) -> bool {
        self.low > 0 && self.low <= self.high && self.high <= MOST_MINUTES
    }

    /// The hours that points cost, rounded up to the half.
    #[expect(clippy::cast_precision_loss, reason = "what people can do is less than 2^52 hours")]
    pub fn hours(self, points: u64) -> (f64, f64) {
        let hours = |minutes: u32| points.saturating_mul(minutes.into()).div_ceil(30) as f64 / 2.0;
        (hours(self.low), hours(self.high))
    }
}

/// Effort in twentieths of a point; in data it is a number of points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "f64", try_from = "f64")]
pub struct Effort(u64);

impl Effort {
    /// Of so many incidents of an issue.
    pub fn of_issue(points: u8, incidents: u64) -> Self {
        let points = u64::from(points);
        let further = incidents.saturating_sub(1).min(CAP * SHARE);
        if incidents == 0 { Self(0) } else { Self(points * SHARE + points * further) }
    }

    /// Of so many issues that have nothing in common.
    pub fn of_issues(points: u8, issues: u64) -> Self {
        Self((u64::from(points) * SHARE).saturating_mul(issues))
    }

    /// Points, rounded up.
    pub const fn points(self) -> u64 {
        self.0.div_ceil(SHARE)
    }

    /// What is more of it.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::ops::Add for Effort {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Effort {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, it| sum + it)
    }
}

impl From<Effort> for f64 {
    #[expect(clippy::cast_precision_loss, reason = "what people can do is less than 2^52 twentieths")]
    fn from(effort: Effort) -> Self {
        effort.0 as Self / SHARE as Self
    }
}

/// More points than any report has.
const MOST: f64 = 1e12;

impl TryFrom<f64> for Effort {
    type Error = String;

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was looked at before")]
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    fn try_from(points: f64) -> Result<Self, String> {
        // What is no number is in no range either.
        if (0.0..=MOST).contains(&points) {
            Ok(Self((points * SHARE as f64).round() as u64))
        } else {
            Err(format!("{points} is no number of points"))
        }
    }
}

/// What an area costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AreaEffort {
    /// What is open.
    pub open: Effort,
    /// What was put off by a decision.
    pub later: Effort,
    /// What it would cost if nothing of Magento 1 were in Magento 2; none where it cannot be told what is done.
    pub whole: Option<Effort>,
}

/// The share of all areas that is done, in percent: each counts by what it would cost if nothing were done. None where
/// nothing is known.
pub(super) fn percent<'a>(areas: impl IntoIterator<Item = (&'a AreaEffort, Option<&'a Done>)>) -> Option<u8> {
    let known = areas.into_iter().filter_map(|(effort, done)| Some((u128::from(effort.whole?.0), done?)));
    let (mut whole, mut sum) = (0, 0);
    for (weight, it) in known {
        // In millionths, so that no area's share is lost by rounding.
        let share = (u128::from(it.points_done) * 1_000_000).checked_div(u128::from(it.points)).unwrap_or(1_000_000);
        (whole, sum) = (whole + weight, sum + weight * share);
    }
    u8::try_from((sum / 10_000).checked_div(whole)?).ok()
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
    fn areas_count_by_what_they_would_cost() {
        let of = |whole: Option<u64>, points_done: u64, points: u64| {
            let effort = AreaEffort { whole: whole.map(Effort), ..AreaEffort::default() };
            (effort, Done { points_done, points, ..Done::default() })
        };
        let share = |areas: &[(AreaEffort, Done)]| percent(areas.iter().map(|it| (&it.0, Some(&it.1))));
        assert_eq!(share(&[of(Some(300), 1, 1), of(Some(100), 0, 7)]), Some(75));
        assert_eq!(share(&[of(Some(300), 1, 1), of(None, 0, 7)]), Some(100), "of what is known");
        assert_eq!(share(&[of(Some(300), 1_999_999, 2_000_000)]), Some(99), "all is not said where something is open");
        assert_eq!(share(&[]), None);
    }

    #[test]
    fn points_in_data_are_points() {
        let effort = Effort::of_issue(5, 4);
        assert_eq!(serde_json::to_string(&effort).unwrap(), "5.75");
        assert_eq!(serde_json::from_str::<Effort>("5.75").unwrap(), effort);
        for wrong in ["-1", "1e300", "\"5\""] {
            assert!(serde_json::from_str::<Effort>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hours_are_a_range() {
        let hours = |rate: Rate, points: u64| format!("{:?}", rate.hours(points));
        assert_eq!(hours(Rate::default(), 13), "(6.5, 26.0)");
        assert_eq!(hours(Rate { low: 50, high: 90 }, 3), "(2.5, 4.5)");
    }
}
