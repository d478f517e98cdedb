//! Settings of both sides, and shifts of dates.

use std::collections::BTreeMap;

use super::shift::{self, Found, Shift};
use super::{rules, settings};
use crate::area::{Bar, Bars, Column, Kind, Outcome, Table, Unit, Words};
use crate::facts::Facts;
use crate::facts::times::{Times, m1_name};
use crate::finding::{Cause, Confidence, Finding, Rule};
use crate::text;

pub(super) fn compare(facts: &Facts) -> Outcome {
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    for it in settings::settings(facts) {
        outcome.findings.extend(settings::finding(&it, facts.is_assessment));
        let mut row = vec![String::new(); 9];
        row[0].clone_from(&it.subject);
        row[1].clone_from(&it.m1);
        let verdict = match &it.m2 {
            Some(now) if *now == it.m1 => "the same",
            Some(_) => "differs",
            None => "",
        };
        verdict.clone_into(&mut row[8]);
        row[2] = it.m2.unwrap_or_default();
        outcome.inventory.rows.push(row);
    }
    let (m1, m2) = (facts.sides.m1.times.get(), facts.sides.m2.times.get());
    if let (Some(m1), Some(m2), false) = (m1, m2, facts.is_assessment) {
        dates(m1, m2, &mut outcome);
    } else if facts.is_assessment {
        outcome.summary.push("Dates are compared once Magento 2 has them.".to_owned());
    } else {
        let lacks = [facts.sides.m1.times.lack(), facts.sides.m2.times.lack()];
        outcome.gaps.extend(lacks.into_iter().flatten().map(|it| format!("dates were not compared: {}", it.why())));
    }
    outcome
}

fn dates(m1: &Times, m2: &Times, outcome: &mut Outcome) {
    let mut found: BTreeMap<&str, Found> = BTreeMap::new();
    for (name, old) in &m1.columns {
        if let Some(new) = m2.columns.get(name) {
            found.insert(name, shift::of(old, new));
        }
    }
    for (name, it) in &found {
        let (old, new) = (&m1.columns[*name], &m2.columns[*name]);
        if it.rows == 0 && old.rows > 0 && new.rows > 0 {
            outcome.gaps.push(format!("{name}: both sides have rows, and none with the same key in what was compared"));
        } else if it.shift == Shift::Unclear {
            outcome.gaps.push(format!("{name}: dates differ in several ways, and no shift can be told"));
        } else if it.others * 2 > it.rows && it.rows >= 10 {
            let counts = format!("{} of {}", text::number(it.others), text::number(it.rows));
            outcome
                .gaps
                .push(format!("{name}: {counts} rows of the same key are not the same row: both sides made new ones"));
        }
    }
    found.retain(|_, it| it.rows > 0);
    let common = common(&found);
    let is_local = m1.clock.is_local || m2.clock.is_local;
    for (name, it) in &found {
        outcome.findings.extend(finding(name, it, common, is_local));
        outcome.inventory.rows.push(row(name, it, &m1.columns[*name], &m2.columns[*name]));
    }
    if is_local {
        let side = if m1.clock.is_local { "Magento 1" } else { "Magento 2" };
        outcome.gaps.push(format!(
            "the dump of {side} was made with --skip-tz-utc: its dates are in the time zone of its server, so a shift may be the \
             dump's and not the shop's"
        ));
    }
    outcome.picture = picture(&found);
    outcome.summary = summary(&found, m1);
}

/// The offset of at least half of the columns.
fn common(found: &BTreeMap<&str, Found>) -> Option<i64> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for it in found.values() {
        if let Shift::Constant(offset) = it.shift {
            *counts.entry(offset).or_default() += 1;
        }
    }
    let (offset, count) = counts.into_iter().max_by_key(|(offset, count)| (*count, *offset == 0))?;
    (count * 2 >= found.len()).then_some(offset)
}

/// A handler that may have shifted the dates of a column, which is named as in Magento 2.
fn handled(column: &str) -> Option<Cause> {
    m1_name(column).map(|field| Cause::Handled { field, handler: "Timezone" })
}

fn finding(name: &str, it: &Found, common: Option<i64>, is_local: bool) -> Option<Finding> {
    let confidence = match it.rows - it.others {
        _ if is_local => Confidence::Guess,
        0..3 => Confidence::Guess,
        3..10 => Confidence::Likely,
        _ => Confidence::Certain,
    };
    let about =
        |rule: &'static Rule, now: String| rule.finding(format!("column:{name}")).confidence(confidence).m2(now);
    let made = match it.shift {
        Shift::Constant(0) => {
            let usual = common.filter(|it| *it != 0)?;
            about(&rules::DIFFERS, "not shifted".to_owned())
                .detail(format!("most other columns are {}", shift::words(usual)))
        }
        Shift::Constant(offset) => {
            let made = about(&rules::SHIFTED, shift::words(offset)).explained_by(handled(name));
            match common {
                Some(usual) if usual == offset => made,
                Some(0) => made.detail("most other columns are not shifted"),
                Some(usual) => made.detail(format!("most other columns are {}", shift::words(usual))),
                None => made.detail("the other columns have no offset in common"),
            }
        }
        Shift::Seasons(first, second) => {
            let made = about(&rules::MIXED, format!("{} and {}", shift::words(first), shift::words(second)))
                .explained_by(handled(name));
            made.detail(rows(it, &[first, second]))
        }
        Shift::Nothing | Shift::Unclear => return None,
    };
    Some(match it.shift {
        Shift::Constant(offset) => made.more_detail(&rows(it, &[offset])),
        _ => made,
    })
}

/// `58 of 60 rows`
fn rows(it: &Found, offsets: &[i64]) -> String {
    let counts: Vec<String> = offsets
        .iter()
        .filter_map(|offset| it.offsets.iter().find(|(other, _)| other == offset))
        .map(|(_, count)| text::number(*count))
        .collect();
    let sample = if it.step > 1 { format!(", a sample of one in {}", it.step) } else { String::new() };
    format!("{} of {}{sample}", counts.join(" and "), text::count(it.rows, "row", "rows"))
}

fn row(name: &str, it: &Found, m1: &crate::facts::times::Sample, m2: &crate::facts::times::Sample) -> Vec<String> {
    let mut histogram: Vec<String> =
        it.offsets.iter().take(5).map(|(offset, count)| format!("{}: {count}", shift::words(*offset))).collect();
    if it.others > 0 {
        histogram.push(format!("other rows: {}", it.others));
    }
    let verdict = match it.shift {
        Shift::Nothing => "other rows",
        Shift::Constant(0) => "the same",
        Shift::Constant(_) => "shifted",
        Shift::Seasons(..) => "by season",
        Shift::Unclear => "unclear",
    };
    vec![
        format!("column:{name}"),
        String::new(),
        String::new(),
        m1.rows.to_string(),
        m2.rows.to_string(),
        it.rows.to_string(),
        it.step.to_string(),
        histogram.join("; "),
        verdict.to_owned(),
    ]
}

/// Differences that the histogram shows; rarer ones are put together.
const OFFSETS: usize = 8;

/// By how much dates differ, and how many of them: one peak is a shift, two an hour apart are the seasons.
fn picture(found: &BTreeMap<&str, Found>) -> Option<Bars> {
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for (offset, count) in found.values().flat_map(|it| &it.offsets) {
        *counts.entry(*offset).or_default() += count;
    }
    let rows: u64 = found.values().map(|it| it.rows).sum();
    let mut offsets: Vec<(i64, u64)> = counts.into_iter().collect();
    offsets.sort_by_key(|(offset, count)| (std::cmp::Reverse(*count), *offset));
    offsets.truncate(OFFSETS);
    offsets.sort_unstable();
    let is_shifted = found.values().any(|it| !matches!(it.shift, Shift::Nothing | Shift::Constant(0)));
    let rest = rows.saturating_sub(offsets.iter().map(|(_, count)| count).sum());
    // What is there is seen.
    let share = |count: u64| (count * 1_000 / rows.max(1)).max(1);
    let bar = |(offset, count): (i64, u64)| {
        let values = if offset == 0 { vec![share(count), 0, 0] } else { vec![0, share(count), 0] };
        Bar { label: shift::words(offset), values }
    };
    let mut bars: Vec<Bar> = offsets.into_iter().map(bar).collect();
    if rest > 0 {
        bars.push(Bar { label: "otherwise".to_owned(), values: vec![0, 0, share(rest)] });
    }
    is_shifted.then(|| Bars {
        title: "By how much do the dates differ?".into(),
        parts: ["the same", "shifted", "other rows"].map(Words::Borrowed).into(),
        unit: Unit::Share,
        bars,
    })
}

fn summary(found: &BTreeMap<&str, Found>, m1: &Times) -> Vec<String> {
    let count = |is: fn(&Shift) -> bool| found.values().filter(|it| is(&it.shift)).count() as u64;
    let rows: u64 = found.values().map(|it| it.rows).sum();
    let mut lines = vec![format!(
        "{} of dates compared over {} that both sides have: {} the same, {} shifted, {} unclear.",
        text::count(found.len() as u64, "column", "columns"),
        text::count(rows, "row", "rows"),
        count(|it| *it == Shift::Constant(0)),
        count(|it| matches!(it, Shift::Seasons(..)) || matches!(it, Shift::Constant(offset) if *offset != 0)),
        count(|it| *it == Shift::Unclear)
    )];
    if let Some(zone) = &m1.clock.of_server {
        lines.push(format!("The time zone of Magento 1's database server is {zone}."));
    }
    lines
}

fn table() -> Table {
    let column = |name, title, kind| Column::new(name, title, kind);
    Table {
        columns: vec![
            column("subject", "Subject", Kind::Text),
            column("m1", "Magento 1", Kind::Text),
            column("m2", "Magento 2", Kind::Text),
            column("m1_rows", "Rows in Magento 1", Kind::Number),
            column("m2_rows", "Rows in Magento 2", Kind::Number),
            column("compared", "Compared", Kind::Number),
            column("step", "Sample: one in", Kind::Number),
            column("offsets", "Differences", Kind::Text),
            column("verdict", "Verdict", Kind::Text),
        ],
        rows: Vec::new(),
    }
}
