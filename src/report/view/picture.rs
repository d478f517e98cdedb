//! Pictures drawn: geometry in units of the drawing, and words for those who do not see it.
//!
//! Shares are bars. Bytes are a treemap (Shneiderman 1992): what takes a third of the folder takes
//! a third of the area, so that a glance tells whether it is the large folder that lacks files.

use serde::Serialize;

use crate::area::{Bar, Bars, Unit};
use crate::language::Language;

/// A picture with its geometry, in units of the drawing.
#[derive(Serialize)]
pub(super) struct Picture {
    title: String,
    legend: Vec<LegendView>,
    bars: Vec<BarView>,
    tiles: Vec<Tile>,
    width: f64,
    height: f64,
}

#[derive(Serialize)]
struct LegendView {
    name: String,
    place: usize,
}

#[derive(Serialize)]
struct BarView {
    label: String,
    short_label: String,
    total: String,
    y: f64,
    /// Where its last part ends.
    end: f64,
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

/// A folder of the treemap.
#[derive(Serialize)]
struct Tile {
    label: String,
    /// As much of it as there is room for.
    short_label: String,
    words: String,
    at: Rectangle,
    parts: Vec<TilePart>,
}

#[derive(Serialize)]
struct TilePart {
    place: usize,
    at: Rectangle,
    title: String,
}

/// A line of counts, without axes: the numbers stand beside it.
#[derive(Serialize)]
pub(super) struct Line {
    width: f64,
    height: f64,
    /// `points` of polylines: a new one begins where nothing is known.
    parts: Vec<String>,
    /// The last point.
    end: Option<(f64, f64)>,
}

/// A line through the counts that are known.
pub(super) fn line(counts: &[Option<usize>]) -> Line {
    const WIDTH: f64 = 120.0;
    const HEIGHT: f64 = 24.0;
    const MARGIN: f64 = 3.0;
    let most = counts.iter().flatten().max().copied().unwrap_or_default().max(1);
    let pace = ((WIDTH - 2.0 * MARGIN) / exact(counts.len().saturating_sub(1).max(1))).min(24.0);
    let x = |at: usize| MARGIN + pace * exact(at);
    let y = |count: usize| HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * exact(count) / exact(most);
    let mut parts: Vec<Vec<String>> = vec![Vec::new()];
    let mut end = None;
    for (at, count) in counts.iter().enumerate() {
        match count {
            Some(count) => {
                let (x, y) = (rounded(x(at)), rounded(y(*count)));
                parts.last_mut().into_iter().for_each(|it| it.push(format!("{x},{y}")));
                end = Some((x, y));
            }
            None => parts.push(Vec::new()),
        }
    }
    Line {
        width: WIDTH,
        height: HEIGHT,
        parts: parts.into_iter().filter(|it| it.len() > 1).map(|it| it.join(" ")).collect(),
        end,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Rectangle {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// The drawing's measures. Text is 13 units high.
const LABEL: f64 = 190.0;
const WIDTH: f64 = 560.0;
const STEP: f64 = 26.0;
/// The shortest part that can be seen.
const VISIBLE: f64 = 2.0;
/// The treemap, with a gap around each tile, and a strip on it for its label.
const MAP: Rectangle = Rectangle { x: 0.0, y: 0.0, width: 860.0, height: 360.0 };
const GAP: f64 = 2.0;
const STRIP: f64 = 20.0;
/// The width of a letter.
const LETTER: f64 = 7.2;

/// The picture of an area, in the words of a language.
pub(super) fn picture(bars: &Bars, area: &str, language: Language) -> Option<Picture> {
    let words =
        |key: &str, own: &str| language.own_text(&format!("area-{area}.{key}"), None).unwrap_or_else(|| own.to_owned());
    let slug = |name: &str| {
        name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-")
    };
    let bars = &Bars {
        title: words("picture", &bars.title).into(),
        parts: bars.parts.iter().map(|it| words(&format!("part-{}", slug(it)), it).into()).collect(),
        ..bars.clone()
    };
    let longest = bars.bars.iter().map(|it| it.values.iter().sum::<u64>()).max().filter(|it| *it > 0)?;
    let is_used = |place: usize| bars.bars.iter().any(|it| it.values[place] > 0);
    let legend = bars.parts.iter().enumerate().filter(|(at, _)| is_used(*at));
    let legend = legend.map(|(place, name)| LegendView { name: name.to_string(), place }).collect();
    let (views, tiles, width, height) = match bars.unit {
        Unit::Share | Unit::Count => {
            let views: Vec<BarView> = bars.bars.iter().enumerate().map(|it| bar(bars, it, longest, language)).collect();
            (views, Vec::new(), 860.0, exact(bars.bars.len()) * STEP)
        }
        Unit::Bytes => (Vec::new(), tiles(bars, language), MAP.width, MAP.height),
    };
    Some(Picture { title: bars.title.to_string(), legend, bars: views, tiles, width, height })
}

#[expect(clippy::cast_precision_loss, reason = "a drawing is not exact to the byte")]
fn units(bytes: u64) -> f64 {
    bytes as f64
}

fn exact(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn rounded(units: f64) -> f64 {
    (units * 10.0).round() / 10.0
}

fn bar(bars: &Bars, (at, bar): (usize, &Bar), longest: u64, language: Language) -> BarView {
    let mut x = LABEL;
    let mut words = Vec::new();
    let mut parts = Vec::new();
    for (place, &value) in bar.values.iter().enumerate().filter(|(_, value)| **value > 0) {
        let width = rounded(units(value) / units(longest) * WIDTH).max(VISIBLE);
        let title = format!("{}: {}", bars.parts[place], in_words(bars.unit, value, language));
        parts.push(PartView { place, x, width, title: title.clone() });
        words.push(title);
        x += width;
    }
    BarView {
        short_label: end_of(&bar.label, 26),
        label: bar.label.clone(),
        total: in_words(bars.unit, bar.values.iter().sum(), language),
        y: exact(at) * STEP,
        end: x,
        parts,
        words: words.join(", "),
    }
}

/// A value as people read it.
fn in_words(unit: Unit, value: u64, language: Language) -> String {
    match unit {
        Unit::Share => language.share(value),
        Unit::Count => language.number(value),
        Unit::Bytes => language.bytes(value),
    }
}

/// The treemap's tiles: a folder each, with its parts side by side.
fn tiles(bars: &Bars, language: Language) -> Vec<Tile> {
    let mut all: Vec<&Bar> = bars.bars.iter().filter(|it| it.values.iter().sum::<u64>() > 0).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.values.iter().sum::<u64>()));
    let sizes: Vec<f64> = all.iter().map(|it| units(it.values.iter().sum())).collect();
    let mut places = Vec::new();
    divide(&sizes, MAP, &mut places);
    all.into_iter().zip(places).map(|(bar, place)| tile(bars, bar, place, language)).collect()
}

fn tile(bars: &Bars, bar: &Bar, place: Rectangle, language: Language) -> Tile {
    let inner = Rectangle {
        x: place.x + GAP,
        y: place.y + GAP,
        width: (place.width - 2.0 * GAP).max(VISIBLE),
        height: (place.height - 2.0 * GAP).max(VISIBLE),
    };
    let has_strip = inner.height > 2.0 * STRIP && inner.width > 60.0;
    let strip = if has_strip { STRIP } else { 0.0 };
    let room = Rectangle { y: inner.y + strip, height: inner.height - strip, ..inner };
    let values: Vec<(usize, u64)> = bar.values.iter().copied().enumerate().filter(|(_, it)| *it > 0).collect();
    let total = units(values.iter().map(|(_, it)| it).sum());
    let mut x = room.x;
    let mut parts = Vec::new();
    for (part, value) in &values {
        let width = room.width * units(*value) / total;
        let at = Rectangle { x: rounded(x), y: rounded(room.y), width: rounded(width), height: rounded(room.height) };
        parts.push(TilePart { place: *part, at, title: format!("{}: {}", bars.parts[*part], language.bytes(*value)) });
        x += width;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tile has room for few letters")]
    let letters = (inner.width / LETTER) as usize;
    Tile {
        words: parts.iter().map(|it| it.title.as_str()).collect::<Vec<_>>().join(", "),
        short_label: if has_strip {
            label(&bar.label, &language.bytes(values.iter().map(|(_, it)| it).sum()), letters)
        } else {
            String::new()
        },
        label: bar.label.clone(),
        at: Rectangle {
            x: rounded(inner.x),
            y: rounded(inner.y),
            width: rounded(inner.width),
            height: rounded(inner.height),
        },
        parts,
    }
}

/// Divides a rectangle among sizes, the largest first: into two groups that are as alike as may be,
/// across its longer side, and each of them again.
fn divide(sizes: &[f64], place: Rectangle, into: &mut Vec<Rectangle>) {
    let total: f64 = sizes.iter().sum();
    if sizes.len() < 2 || total <= 0.0 {
        into.extend(sizes.iter().map(|_| place));
        return;
    }
    let mut first = sizes[0];
    let mut at = 1;
    while at + 1 < sizes.len() && (first + sizes[at] - total / 2.0).abs() < (first - total / 2.0).abs() {
        first += sizes[at];
        at += 1;
    }
    let share = first / total;
    let Rectangle { x, y, width, height } = place;
    let (one, other) = if width >= height {
        let cut = width * share;
        (Rectangle { width: cut, ..place }, Rectangle { x: x + cut, width: width - cut, ..place })
    } else {
        let cut = height * share;
        (Rectangle { height: cut, ..place }, Rectangle { y: y + cut, height: height - cut, ..place })
    };
    divide(&sizes[..at], one, into);
    divide(&sizes[at..], other, into);
}

/// A name with its size, if there is room for both.
fn label(name: &str, size: &str, room: usize) -> String {
    let both = format!("{name} · {size}");
    if both.chars().count() <= room { both } else { end_of(name, room) }
}

/// As much of a label as there is room for; the end of a path tells more than its beginning.
fn end_of(label: &str, room: usize) -> String {
    let length = label.chars().count();
    if length <= room {
        return label.to_owned();
    }
    let tail: String = label.chars().skip(length + 1 - room.max(1)).collect();
    format!("…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_treemap_gives_each_its_share_and_overlaps_nowhere() {
        for sizes in [&[5.0][..], &[6.0, 3.0, 1.0], &[80.0, 1.0, 1.0, 1.0], &[9.0, 8.0, 7.0, 7.0, 4.0, 2.0, 2.0, 1.0]] {
            let mut places = Vec::new();
            divide(sizes, MAP, &mut places);
            let total: f64 = sizes.iter().sum();
            for (size, it) in sizes.iter().zip(&places) {
                let area = it.width * it.height / (MAP.width * MAP.height);
                assert!((area - size / total).abs() < 1e-9, "{size} of {total} has {area}");
            }
            for (at, one) in places.iter().enumerate() {
                for other in &places[at + 1..] {
                    let is_beside = one.x + one.width <= other.x + 1e-9 || other.x + other.width <= one.x + 1e-9;
                    let is_above = one.y + one.height <= other.y + 1e-9 || other.y + other.height <= one.y + 1e-9;
                    assert!(is_beside || is_above, "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_line_has_a_gap_where_nothing_is_known() {
        let it = line(&[Some(4), Some(2), None, Some(0), Some(1)]);
        assert_eq!(it.parts, ["3,3 27,12", "75,21 99,16.5"]);
        assert_eq!((it.width, it.end), (120.0, Some((99.0, 16.5))));
        let many = line(&[Some(1); 30]);
        assert!(many.end.is_some_and(|(x, _)| x <= 117.0) && many.parts.len() == 1);
        assert!(line(&[None, None]).end.is_none() && line(&[]).parts.is_empty());
    }

    #[test]
    fn the_end_of_a_path_is_shown() {
        assert_eq!(end_of("catalog/product", 20), "catalog/product");
        assert_eq!(end_of("catalog/product", 8), "…product");
        assert_eq!(end_of("catalog", 1), "…");
    }
}
