//! What the report shows of the media folders, besides findings: figures, a table, a picture.

use super::usage::{Missing, Usage};
use crate::area::{Bar, Bars, Column, Kind, Table, Unit, Words};
use crate::facts::Facts;
use crate::pair::Side;
use crate::source::media::{Compare, Compared, Comparison, PartTally, Tally};
use crate::text;

fn total(media: &Comparison, of: fn(&PartTally) -> Tally) -> Tally {
    media
        .parts
        .values()
        .map(of)
        .fold(Tally::default(), |sum, it| Tally { files: sum.files + it.files, bytes: sum.bytes + it.bytes })
}

pub(super) fn summary(media: &Comparison, facts: &Facts, usage: &Usage<'_>, missing: &Missing) -> Vec<String> {
    let words = |tally: Tally| {
        let files = text::count(tally.files, "file", "files");
        // A list of hashes has no sizes.
        if tally.files > 0 && tally.bytes == 0 { files } else { format!("{files} ({})", text::bytes(tally.bytes)) }
    };
    let m1 = total(media, |it| it.m1);
    let mut lines = vec![format!("Magento 1 has {} to compare.", words(m1))];
    lines.extend(facts.media.doubts.iter().filter(|it| !it.is_gap).map(|it| capitalised(&it.why)));
    if facts.is_assessment {
        lines.push("All of it has to be copied, or left behind on purpose.".to_owned());
    } else if media.is_m2_known {
        lines.push(format!(
            "Of these {} are {} Magento 2, {} are missing, {} differ, {} lie elsewhere or under a twin's name.",
            words(total(media, |it| it.same)),
            if media.compared.is_none_or(Compared::is_by_content) { "the same in" } else { "at the same path in" },
            words(total(media, |it| it.missing)),
            words(total(media, |it| it.changed)),
            words(total(media, |it| it.elsewhere))
        ));
        lines.push(format!(
            "Magento 2 has {}; {} are its own.",
            words(total(media, |it| it.m2)),
            words(total(media, |it| it.extra))
        ));
    }
    if usage.is_known() && media.is_m2_known {
        lines.push(format!(
            "Of the missing ones {} are used by something; {} by nothing, and need not be copied; of {} the database does not tell.",
            words(missing.used),
            words(missing.unused),
            words(missing.unknown)
        ));
    } else if media.is_m2_known {
        lines.push("No database of Magento 1 was read: what uses a file is not known.".to_owned());
    }
    if missing.in_database.files > 0 {
        lines.push(format!("{} of the missing ones are in Magento 2's database.", words(missing.in_database)));
    }
    let left_out = |side: Side| {
        media
            .folders
            .of(side)
            .left_out
            .values()
            .fold(Tally::default(), |sum, it| Tally { files: sum.files + it.files, bytes: sum.bytes + it.bytes })
    };
    lines.push(format!(
        "Generated and only counted: {} in Magento 1, {} in Magento 2.",
        words(left_out(Side::M1)),
        words(left_out(Side::M2))
    ));
    if media.is_m2_known && media.folders.m2.files > 0 {
        lines.push(capitalised(&how(media)));
    }
    lines
}

/// How files were told apart.
fn how(media: &Comparison) -> String {
    match media.compared {
        Some(Compared::NoHashes) => "files were compared by path, and by size where it is known, since the list of files that was given \
                                     has no hashes that can be compared: verdicts are likely, changes that keep the size \
                                     and moved files were not looked for"
            .to_owned(),
        Some(Compared::Content(algorithm)) if media.compare == Compare::Content && !media.are_bytes_compared => {
            format!("files were compared by their {} hashes", algorithm.name())
        }
        _ => media.compare.meaning().to_owned(),
    }
}

fn capitalised(sentence: &str) -> String {
    let (first, rest) = sentence.split_at(1);
    let end = if rest.ends_with('?') { "" } else { "." };
    format!("{}{rest}{end}", first.to_uppercase())
}

pub(super) fn inventory(media: &Comparison, missing: &Missing) -> Table {
    type Of = fn(&PartTally) -> Tally;
    const TALLIES: [(&str, &str, &str, &str, Of); 8] = [
        ("m1_files", "Magento 1 files", "m1_bytes", "Bytes", |it| it.m1),
        ("m2_files", "Magento 2 files", "m2_bytes", "Bytes", |it| it.m2),
        ("same_files", "Same", "same_bytes", "Bytes", |it| it.same),
        ("missing_files", "Missing", "missing_bytes", "Bytes", |it| it.missing),
        ("changed_files", "Changed", "changed_bytes", "Bytes", |it| it.changed),
        ("elsewhere_files", "Elsewhere", "elsewhere_bytes", "Bytes", |it| it.elsewhere),
        ("not_compared_files", "Not compared", "not_compared_bytes", "Bytes", |it| it.unknown),
        ("extra_files", "Magento 2 only", "extra_bytes", "Bytes", |it| it.extra),
    ];
    let mut columns = vec![Column::new("folder", "Folder", Kind::Text)];
    for (files, files_title, bytes, bytes_title, _) in TALLIES {
        columns.push(Column::new(files, files_title, Kind::Number));
        columns.push(Column::new(bytes, bytes_title, Kind::Bytes));
    }
    columns.push(Column::new("unused_files", "Missing, unused", Kind::Number));
    columns.push(Column::new("unused_bytes", "Bytes", Kind::Bytes));
    let rows = media.parts.iter().map(|(part, tally)| {
        let mut row = vec![text::path(part)];
        for (.., of) in TALLIES {
            row.extend([of(tally).files.to_string(), of(tally).bytes.to_string()]);
        }
        let unused = missing.unused_by_part.get(part).copied().unwrap_or_default();
        row.extend([unused.files.to_string(), unused.bytes.to_string()]);
        row
    });
    Table { columns, rows: rows.collect() }
}

/// How many folders the picture shows before it sums up the rest.
const BARS: usize = 12;

pub(super) fn picture(media: &Comparison, missing: &Missing) -> Option<Bars> {
    let values = |part: &Vec<u8>, it: &PartTally| {
        let unused = missing.unused_by_part.get(part).map_or(0, |it| it.bytes);
        vec![
            it.same.bytes,
            it.elsewhere.bytes,
            it.changed.bytes,
            it.missing.bytes.saturating_sub(unused),
            unused,
            it.unknown.bytes,
        ]
    };
    let mut parts: Vec<(String, Vec<u64>)> = media
        .parts
        .iter()
        .filter(|(_, it)| it.m1.bytes > 0)
        .map(|(part, it)| (text::path(part), values(part, it)))
        .collect();
    parts.sort_by_key(|(_, values)| std::cmp::Reverse(values.iter().sum::<u64>()));
    let rest = parts.split_off(parts.len().min(BARS));
    if !rest.is_empty() {
        let sum = (0..6).map(|at| rest.iter().map(|(_, values)| values[at]).sum()).collect();
        parts.push((text::count(rest.len() as u64, "more folder", "more folders"), sum));
    }
    (!parts.is_empty()).then(|| Bars {
        title: "Where in the media folder is something missing?".into(),
        parts: ["same", "elsewhere", "changed", "missing", "missing, unused", "not compared"]
            .map(Words::Borrowed)
            .into(),
        unit: Unit::Bytes,
        bars: parts.into_iter().map(|(label, values)| Bar { label, values }).collect(),
    })
}
