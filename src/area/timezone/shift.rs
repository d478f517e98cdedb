//! By how much the dates of a column are shifted.

use std::collections::BTreeMap;

use crate::facts::times::Sample;

/// The shift of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    /// The sides have no row in common.
    Nothing,
    /// Most rows differ by this many seconds, perhaps by none.
    Constant(i64),
    /// Two offsets by season: the one of most rows first.
    Seasons(i64, i64),
    /// Rows differ in many ways.
    Unclear,
}

/// What was found of a column.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Rows that both sides have, in the sample.
    pub(super) rows: u64,
    /// Keys divisible by it were compared.
    pub(super) step: u32,
    /// Offsets in seconds, with the number of rows: the most frequent first.
    pub(super) offsets: Vec<(i64, u64)>,
    pub(super) shift: Shift,
}

const HOUR: i64 = 3_600;

pub(super) fn of(m1: &Sample, m2: &Sample) -> Found {
    let step = m1.step.max(m2.step);
    let mut differences: Vec<(u32, i64)> = Vec::new();
    let mut others = m2.points.iter().filter(|(key, _)| key % step == 0).peekable();
    for (key, time) in m1.points.iter().filter(|(key, _)| key % step == 0) {
        while others.next_if(|(other, _)| other < key).is_some() {}
        if let Some((_, other)) = others.next_if(|(other, _)| other == key) {
            differences.push((*time, i64::from(*other) - i64::from(*time)));
        }
    }
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for (_, difference) in &differences {
        *counts.entry(*difference).or_default() += 1;
    }
    let mut offsets: Vec<(i64, u64)> = counts.into_iter().collect();
    offsets.sort_by_key(|(offset, count)| (std::cmp::Reverse(*count), *offset));
    let rows = differences.len() as u64;
    let shift = classify(rows, &offsets, &mut differences);
    Found { rows, step, offsets, shift }
}

fn classify(rows: u64, offsets: &[(i64, u64)], differences: &mut [(u32, i64)]) -> Shift {
    let Some((first, most)) = offsets.first().copied() else { return Shift::Nothing };
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

/// Whether one offset gives way to the other as summer and winter do: twice a year at the most.
fn follows_seasons(differences: &mut [(u32, i64)], first: i64, second: i64) -> bool {
    differences.sort_unstable();
    let mut changes = 0_u64;
    let mut last = None;
    for (_, offset) in differences.iter().filter(|(_, it)| [first, second].contains(it)) {
        changes += u64::from(last.is_some_and(|it| it != *offset));
        last = Some(*offset);
    }
    let (Some((start, _)), Some((end, _))) = (differences.first(), differences.last()) else { return false };
    let years = u64::from(end - start) / (365 * 24 * 3600) + 1;
    changes > 0 && changes <= years * 2 + 1
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
