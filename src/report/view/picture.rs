//! Bars drawn: geometry in units of the drawing, and words for those who do not see it.

use serde::Serialize;

use crate::area::{Bars, Unit};
use crate::text;

/// Bars with their geometry, in units of the drawing.
#[derive(Serialize)]
pub(super) struct Picture<'a> {
    title: &'a str,
    legend: Vec<LegendView<'a>>,
    bars: Vec<BarView>,
    height: usize,
}

#[derive(Serialize)]
struct LegendView<'a> {
    name: &'a str,
    place: usize,
}

#[derive(Serialize)]
struct BarView {
    label: String,
    short_label: String,
    total: String,
    y: usize,
    parts: Vec<PartView>,
    /// All of it in words, for those who do not see it.
    words: String,
}

#[derive(Serialize)]
struct PartView {
    place: usize,
    x: f64,
    width: f64,
    title: String,
}

/// The drawing's measures. Text is 13 units high.
const LABEL: f64 = 190.0;
const WIDTH: f64 = 560.0;
const STEP: usize = 26;
/// The shortest part that can be seen.
const VISIBLE: f64 = 2.0;

pub(super) fn picture(bars: &Bars) -> Option<Picture<'_>> {
    let longest = bars.bars.iter().map(|it| it.values.iter().sum::<u64>()).max().filter(|it| *it > 0)?;
    #[expect(clippy::cast_precision_loss, reason = "a drawing is not exact to the byte")]
    let units = |bytes: u64| (bytes as f64 / longest as f64 * WIDTH * 10.0).round() / 10.0;
    let is_used = |place: usize| bars.bars.iter().any(|it| it.values[place] > 0);
    let views = bars.bars.iter().enumerate().map(|(at, bar)| {
        let mut x = LABEL;
        let mut words = Vec::new();
        let mut parts = Vec::new();
        for (place, &value) in bar.values.iter().enumerate().filter(|(_, value)| **value > 0) {
            let width = units(value).max(VISIBLE);
            let title = format!("{}: {}", bars.parts[place], in_words(bars.unit, value));
            parts.push(PartView { place, x, width, title: title.clone() });
            words.push(title);
            x += width;
        }
        BarView {
            short_label: shortened(&bar.label),
            label: bar.label.clone(),
            total: if bars.unit == Unit::Share { String::new() } else { in_words(bars.unit, bar.values.iter().sum()) },
            y: at * STEP,
            parts,
            words: words.join(", "),
        }
    });
    Some(Picture {
        title: &bars.title,
        legend: bars
            .parts
            .iter()
            .enumerate()
            .filter(|(at, _)| is_used(*at))
            .map(|(place, name)| LegendView { name, place })
            .collect(),
        bars: views.collect(),
        height: bars.bars.len() * STEP,
    })
}

/// A value as people read it.
fn in_words(unit: Unit, value: u64) -> String {
    match unit {
        Unit::Bytes => text::bytes(value),
        Unit::Share => format!("{}.{} %", value / 10, value % 10),
    }
}

/// As much of a label as there is room for; the end of a path tells more than its beginning.
fn shortened(label: &str) -> String {
    const ROOM: usize = 26;
    let length = label.chars().count();
    if length <= ROOM {
        return label.to_owned();
    }
    let tail: String = label.chars().skip(length - ROOM + 1).collect();
    format!("…{tail}")
}
