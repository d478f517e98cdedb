//! By how much the dates of a column are shifted.

use std::collections::BTreeMap;

use crate::facts::times::{Sample, is_in_sample};

/// The shift of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    /// The sides have no row in common, or only rows that are not the same.
    Nothing,
    /// Most rows differ by this many seconds, perhaps by none.
    Constant(i64),
    /// Two offsets by season: the one of most rows first.
    Seasons(i64, i64),
    /// Rows differ in several ways that time zones explain.
    Unclear,
}

/// What was found of a column.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Rows that both sides have, in the sample.
    pub(super) rows: u64,
    /// One of so many keys was compared.
    pub(super) step: u32,
    /// Rows whose dates differ by what no time zone explains.
    pub(super) others: u64,
    /// Offsets in seconds, with the number of rows: the most frequent first.
    pub(super) offsets: Vec<(i64, u64)>,
    pub(super) shift: Shift,
}

const HOUR: i64 = 3_600;

pub(super) fn of(m1: &Sample, m2: &Sample) -> Found {
    let step = m1.step.max(m2.step);
    let mut differences: Vec<(u32, i64)> = Vec::new();
    let picked = |points: &'_ [(u32, u32)]| -> Vec<(u32, u32)> {
        points.iter().copied().filter(|(key, _)| is_in_sample(*key, step)).collect()
    };
    let others = picked(&m2.points);
    let mut others = others.iter().peekable();
    for (key, time) in picked(&m1.points) {
        while others.next_if(|(other, _)| *other < key).is_some() {}
        if let Some((_, other)) = others.next_if(|(other, _)| *other == key) {
            differences.push((time, i64::from(*other) - i64::from(time)));
        }
    }
    let rows = differences.len() as u64;
    // Both shops go on giving out the same keys after the migration: what no time zone explains is another row.
    differences.retain(|(_, difference)| is_of_a_zone(*difference));
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for (_, difference) in &differences {
        *counts.entry(*difference).or_default() += 1;
    }
    let mut offsets: Vec<(i64, u64)> = counts.into_iter().collect();
    offsets.sort_by_key(|(offset, count)| (std::cmp::Reverse(*count), *offset));
    let shift = classify(&offsets, &differences);
    Found { rows, others: rows - differences.len() as u64, step, offsets, shift }
}

/// Whether two zones can differ so: by quarters of an hour, from -12 to +14 hours each.
fn is_of_a_zone(difference: i64) -> bool {
    difference % (HOUR / 4) == 0 && difference.abs() <= 26 * HOUR
}

fn classify(offsets: &[(i64, u64)], differences: &[(u32, i64)]) -> Shift {
    let Some((first, most)) = offsets.first().copied() else { return Shift::Nothing };
    let rows = differences.len() as u64;
    if let Some((second, count)) = offsets.get(1).copied()
        && (first - second).abs() == HOUR
        && (most + count) * 10 >= rows * 9
        && count * 20 >= rows
        && follows_seasons(differences, first, second)
    {
        return Shift::Seasons(first, second);
    }
    if most * 5 >= rows * 4 { Shift::Constant(first) } else { Shift::Unclear }
}

/// Whether one offset gives way to the other as summer and winter do: twice a year at the most, by
/// what most rows of a month have.
fn follows_seasons(differences: &[(u32, i64)], first: i64, second: i64) -> bool {
    const MONTH: u32 = 365 * 86_400 / 12;
    let mut months: BTreeMap<u32, [u64; 2]> = BTreeMap::new();
    for (time, offset) in differences.iter().filter(|(_, it)| [first, second].contains(it)) {
        months.entry(time / MONTH).or_default()[usize::from(*offset == second)] += 1;
    }
    let major: Vec<bool> = months.values().map(|[one, other]| other > one).collect();
    let changes = major.windows(2).filter(|it| it[0] != it[1]).count();
    let (Some(start), Some(end)) = (months.keys().next(), months.keys().next_back()) else { return false };
    let years = (end - start) / 12 + 1;
    changes > 0 && changes <= years as usize * 2 + 1
}

/// An offset in words: `5 h later`, `30 min earlier`.
pub(super) fn words(offset: i64) -> String {
    let direction = match offset {
        0 => return "the same".to_owned(),
        1.. => "later",
        _ => "earlier",
    };
    let seconds = offset.unsigned_abs();
    let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "min"), (rest, "s")];
    let parts: Vec<String> = parts.iter().filter(|(it, _)| *it > 0).map(|(it, unit)| format!("{it} {unit}")).collect();
    format!("{} {direction}", parts.join(" "))
}
