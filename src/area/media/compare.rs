//! The rules, over what the media folders have in common and what not.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use super::usage::{self, Missing, Usage, Use};
use crate::area::{Bar, Bars, Column, Kind, Outcome, Table};
use crate::facts::Facts;
use crate::finding::{Finding, Rule, Severity};
use crate::magento::{htaccess, media_folders};
use crate::pair::{Pair, Side};
use crate::source::media::{Comparison, Fate, Item, PartTally, Special, Tally};
use crate::text;

pub(super) fn compare(media: &Comparison, facts: &Facts) -> Outcome {
    let usage = Usage::of(media, facts);
    let mut missing = Missing::default();
    let mut findings: Vec<Finding> =
        media.items.iter().filter_map(|it| fate(media, it, facts, &usage, &mut missing)).collect();
    findings.extend(usage::broken(media, facts, &usage));
    findings.extend(usage::gallery(&usage));
    findings.extend(usage::copies(media));
    if !facts.is_assessment && media.is_m2_known {
        findings.extend(usage::unindexed(media, facts));
    }
    findings.extend(programs(media));
    findings.extend(by_path(&rules::ZERO_BYTE, empty_files(media), "0 bytes"));
    findings.extend(links(media));
    findings.extend(unreadable(media));
    findings.extend(bad_names(media));
    findings.extend(generated(media));
    if !facts.is_assessment && media.is_m2_known {
        findings.extend(media.specials.iter().filter_map(copied_htaccess));
        findings.extend(missing_htaccess(media, facts));
    }
    let hidden = media.hidden;
    let mut gaps = Vec::new();
    for (side, count) in [(Side::M1, hidden.m1), (Side::M2, hidden.m2)] {
        if count > 0 {
            gaps.push(format!(
                "{} of {side} could not be compared: a symbolic link or an unreadable folder of {} is in the way",
                text::count(count, "file", "files"),
                side.other()
            ));
        }
    }
    for side in Side::BOTH {
        let unreadable = media.unreadable.of(side).len() as u64;
        if unreadable > 0 {
            let what = text::count(unreadable, "file or folder", "files or folders");
            gaps.push(format!("{what} of {side} could not be read"));
        }
    }
    if usage.is_known() && !facts.is_assessment && facts.sides.m2.references.get().is_none() {
        gaps.push("no Magento 2 database was read: what it refers to is not known".to_owned());
    }
    for side in Side::BOTH {
        gaps.extend(facts.sides.of(side).references.get().into_iter().flat_map(|it| it.lacks.iter().cloned()));
    }
    Outcome {
        findings,
        inventory: inventory(media, &missing),
        cards: Vec::new(),
        picture: picture(media, &missing),
        gaps,
        summary: summary(media, facts, &usage, &missing),
    }
}

/// The path of a file as the report shows it.
fn path(media: &Comparison, side: Side, at: usize) -> String {
    text::path(media.trees.of(side).path(at))
}

fn size(media: &Comparison, side: Side, at: usize) -> String {
    text::bytes(media.trees.of(side).size(at))
}

fn fate(media: &Comparison, item: &Item, facts: &Facts, usage: &Usage<'_>, missing: &mut Missing) -> Option<Finding> {
    let own = item.m1.map(|at| media.trees.m1.path(at)).unwrap_or_default();
    let high_if_used = |finding: Finding| {
        let severity = if usage.is_used(own) { Severity::High } else { finding.severity };
        usage.with_users(finding, own).severity(severity)
    };
    let at_m1 = item.m1.map(|at| (path(media, Side::M1, at), size(media, Side::M1, at)));
    let at_m2 = item.m2.map(|at| (path(media, Side::M2, at), size(media, Side::M2, at)));
    Some(match (item.fate, at_m1, at_m2) {
        (Fate::Changed, Some((subject, size1)), Some((_, size2))) => {
            let is_same_size = media.trees.m1.size(item.m1?) == media.trees.m2.size(item.m2?);
            let detail = if is_same_size { "same size, other bytes" } else { "other size" };
            high_if_used(rules::CHANGED.finding(subject).m1(size1).m2(size2).detail(detail))
        }
        (fate @ (Fate::UnicodeTwin | Fate::CaseTwin), Some((subject, size1)), Some((twin, _))) => {
            let rule = if fate == Fate::CaseTwin { &rules::CASE_TWIN } else { &rules::UNICODE_TWIN };
            let mut detail = match item.has_same_content {
                Some(true) => "same content",
                Some(false) => "other content: Magento 1's file itself is not there",
                None => "the contents were not compared",
            }
            .to_owned();
            if fate == Fate::UnicodeTwin {
                detail =
                    format!("{} is there as {}; {detail}", text::visible_form(&subject), text::visible_form(&twin));
            }
            high_if_used(rule.finding(subject).m1(size1).m2(twin).detail(detail))
        }
        (Fate::Moved, Some((subject, size1)), Some((place, _))) => {
            usage.with_users(rules::MOVED.finding(subject).m1(size1).m2(place), own)
        }
        (Fate::Missing, Some((subject, size1)), _) => {
            let at = item.m1?;
            let bytes = media.trees.m1.size(at);
            // The shop writes such a file to the folder when it is first asked for.
            if usage::is_stored(&facts.sides.m2, own, Some(bytes)) {
                missing.in_database.add(bytes);
                return None;
            }
            let finding = match usage.judge(at, own) {
                Use::Used => {
                    missing.used.add(bytes);
                    rules::MISSING_USED.finding(subject)
                }
                Use::Unused(confidence) => {
                    missing.unused.add(bytes);
                    missing.unused_by_part.entry(media_folders::part(own).to_vec()).or_default().add(bytes);
                    rules::MISSING_UNUSED.finding(subject).confidence(confidence)
                }
                Use::Unknown => {
                    missing.unknown.add(bytes);
                    rules::MISSING.finding(subject)
                }
            };
            let mut finding = usage.with_users(finding.m1(size1), own);
            if let Some(spelling) = usage.spelling(at).filter(|_| !usage.is_used(own)) {
                let words = format!("what uses it spells it {}", text::path(spelling));
                finding = usage.with_users(finding, spelling).more_detail(&words);
            }
            let is_program = media_folders::has_executable_name(media.trees.m1.path(at))
                || media.scripts.m1.binary_search(&at).is_ok();
            match item.elsewhere {
                _ if is_program => finding.more_detail("a program: see media.executable before copying it"),
                _ if media.trees.m1.size(at) == 0 => {
                    finding.more_detail("an empty file: see media.zero-byte before copying it")
                }
                Some(elsewhere) => finding.more_detail(&format!(
                    "Magento 2 has the same content at {}, which is another file's place",
                    path(media, Side::M2, elsewhere.0)
                )),
                None => finding,
            }
        }
        (Fate::Extra, _, Some((subject, size2))) => rules::EXTRA.finding(subject).m2(size2),
        _ => return None,
    })
}

/// What a path is on each side, as short values.
type Values = BTreeMap<Vec<u8>, Pair<Option<String>>>;

fn put(values: &mut Values, side: Side, path: &[u8], value: String) {
    *values.entry(path.to_vec()).or_default().of_mut(side) = Some(value);
}

fn finding(rule: &'static Rule, path: &[u8], values: Pair<Option<String>>) -> Finding {
    let mut finding = rule.finding(text::path(path));
    finding.m1 = values.m1.map(Into::into);
    finding.m2 = values.m2.map(Into::into);
    finding
}

fn by_path(rule: &'static Rule, paths: Vec<(Side, Vec<u8>)>, value: &str) -> Vec<Finding> {
    let mut values = Values::new();
    for (side, path) in paths {
        put(&mut values, side, &path, value.to_owned());
    }
    values.into_iter().map(|(path, values)| finding(rule, &path, values)).collect()
}

/// Programs by name or by head, in what was compared and in what was only counted.
fn programs(media: &Comparison) -> Vec<Finding> {
    let mut values = Values::new();
    for side in Side::BOTH {
        let tree = media.trees.of(side);
        for at in (0..tree.len()).filter(|&at| media_folders::has_executable_name(tree.path(at))) {
            put(&mut values, side, tree.path(at), "name of a program".to_owned());
        }
        for path in &tree.left_out_programs {
            put(&mut values, side, path, "name of a program, in a generated folder".to_owned());
        }
        for &at in media.scripts.of(side) {
            put(&mut values, side, tree.path(at), "begins like a script".to_owned());
        }
    }
    values
        .into_iter()
        .map(|(path, values)| {
            let severity = if values.m2.is_some() { Severity::High } else { Severity::Info };
            finding(&rules::EXECUTABLE, &path, values).severity(severity)
        })
        .collect()
}

fn empty_files(media: &Comparison) -> Vec<(Side, Vec<u8>)> {
    let of = |side: Side| {
        let tree = media.trees.of(side);
        let is_empty = move |at: &usize| tree.size(*at) == 0 && !htaccess::is_htaccess(tree.path(*at));
        (0..tree.len()).filter(is_empty).map(move |at| (side, tree.path(at).to_vec()))
    };
    of(Side::M1).chain(of(Side::M2)).collect()
}

fn links(media: &Comparison) -> Vec<Finding> {
    let mut values = Values::new();
    for side in Side::BOTH {
        for link in &media.trees.of(side).links {
            put(&mut values, side, &link.path, format!("link to {}", text::path(&link.target)));
        }
    }
    values.into_iter().map(|(path, values)| finding(&rules::SYMLINK, &path, values)).collect()
}

fn unreadable(media: &Comparison) -> Vec<Finding> {
    let mut values = Values::new();
    let mut causes: BTreeMap<Vec<u8>, BTreeSet<String>> = BTreeMap::new();
    for side in Side::BOTH {
        for it in media.unreadable.of(side) {
            let value = if it.is_folder { "unreadable folder" } else { "unreadable" };
            put(&mut values, side, &it.path, value.to_owned());
            causes.entry(it.path.clone()).or_default().insert(format!("{side}: {}", it.why));
        }
    }
    values
        .into_iter()
        .map(|(path, values)| {
            let why: Vec<String> = causes.remove(&path).into_iter().flatten().collect();
            finding(&rules::UNREADABLE, &path, values).detail(why.join("; "))
        })
        .collect()
}

fn bad_names(media: &Comparison) -> Vec<Finding> {
    let mut values = Values::new();
    let mut flaws: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    for side in Side::BOTH {
        let tree = media.trees.of(side);
        let links = tree.links.iter().map(|it| it.path.as_slice());
        for path in (0..tree.len()).map(|at| tree.path(at)).chain(links) {
            if let Some(flaw) = flaw(path) {
                put(&mut values, side, path, format!("{} bytes", path.len()));
                flaws.insert(path.to_vec(), flaw);
            }
        }
    }
    values
        .into_iter()
        .map(|(path, values)| {
            let flaw = flaws.remove(&path).unwrap_or_default();
            finding(&rules::BAD_NAME, &path, values).detail(flaw)
        })
        .collect()
}

/// What is wrong with a path.
fn flaw(path: &[u8]) -> Option<String> {
    let mut flaws = Vec::new();
    match std::str::from_utf8(path) {
        Err(_) => flaws.push("not UTF-8".to_owned()),
        Ok(text) if text.chars().any(char::is_control) => flaws.push("control characters".to_owned()),
        Ok(_) => {}
    }
    if path.len() > 255 {
        flaws.push(format!("{} bytes long", path.len()));
    }
    (!flaws.is_empty()).then(|| flaws.join(", "))
}

fn generated(media: &Comparison) -> Vec<Finding> {
    let folders: BTreeSet<&Vec<u8>> =
        Side::BOTH.iter().flat_map(|&side| media.trees.of(side).left_out.keys()).collect();
    let value = |tally: Option<&Tally>| {
        tally.map(|it| format!("{}, {}", text::count(it.files, "file", "files"), text::bytes(it.bytes)))
    };
    folders
        .into_iter()
        .filter_map(|folder| {
            let of = |side: Side| media.trees.of(side).left_out.get(folder);
            let files = Side::BOTH.iter().filter_map(|&side| of(side)).map(|it| it.files).sum::<u64>();
            let values = Pair { m1: value(of(Side::M1)), m2: value(of(Side::M2)) };
            let finding = finding(&rules::GENERATED, folder, values).detail("not compared").incidents(files);
            (files > 0).then_some(finding)
        })
        .collect()
}

/// Magento 1's file in a place of Magento 2's own. A content that is stock in
/// Magento 2 is no proof, whoever else has it.
fn copied_htaccess(special: &Special) -> Option<Finding> {
    let own = special.hashes.m2.as_ref().filter(|_| htaccess::is_path_of_m2(&special.path))?;
    if htaccess::is_stock_somewhere(Side::M2, own) {
        return None;
    }
    let detail = if special.hashes.m1.as_ref() == Some(own) {
        "byte for byte Magento 1's file of this path"
    } else if htaccess::is_stock_somewhere(Side::M1, own) {
        "byte for byte a stock file of Magento 1"
    } else {
        return None;
    };
    let there = |is_there: bool| if is_there { "there" } else { "not there" };
    Some(
        rules::HTACCESS_COPIED
            .finding(text::path(&special.path))
            .m1(there(special.is_there.m1))
            .m2("Magento 1's file")
            .detail(detail),
    )
}

fn missing_htaccess(media: &Comparison, facts: &Facts) -> Vec<Finding> {
    let version = facts.sides.m2.platform.exact();
    let is_there = |path: &str| media.specials.iter().any(|it| it.path == path.as_bytes() && it.is_there.m2);
    let detail = match &version {
        Some(_) => format!("Magento {} ships it", facts.sides.m2.platform),
        None => "every release of Magento 2 ships it".to_owned(),
    };
    htaccess::expected_in_m2(version.as_ref())
        .into_iter()
        .filter(|path| !is_there(path) && !media.trees.m2.blind_spot(path.as_bytes()))
        .map(|path| rules::HTACCESS_MISSING.finding(path).m2("not there").detail(detail.as_str()))
        .collect()
}

fn total(media: &Comparison, of: fn(&PartTally) -> Tally) -> Tally {
    media
        .parts
        .values()
        .map(of)
        .fold(Tally::default(), |sum, it| Tally { files: sum.files + it.files, bytes: sum.bytes + it.bytes })
}

fn summary(media: &Comparison, facts: &Facts, usage: &Usage<'_>, missing: &Missing) -> Vec<String> {
    let words = |tally: Tally| format!("{} ({})", text::count(tally.files, "file", "files"), text::bytes(tally.bytes));
    let m1 = total(media, |it| it.m1);
    let is_m2_empty =
        !facts.is_assessment && media.is_m2_known && media.trees.m2.is_empty() && !media.trees.m1.is_empty();
    let mut lines = vec![format!("Magento 1 has {} to compare.", words(m1))];
    if is_m2_empty {
        lines.push("Magento 2's folder is empty: is it the wrong one, or was nothing copied yet?".to_owned());
    }
    if facts.is_assessment {
        lines.push("All of it has to be copied, or left behind on purpose.".to_owned());
    } else if media.is_m2_known {
        lines.push(format!(
            "Of these {} are the same in Magento 2, {} are missing, {} differ, {} lie elsewhere or under a twin's name.",
            words(total(media, |it| it.same)),
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
            .trees
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
    if media.is_m2_known && !media.trees.m2.is_empty() {
        lines.push(capitalised(media.compare.meaning()));
    }
    lines
}

fn capitalised(sentence: &str) -> String {
    let (first, rest) = sentence.split_at(1);
    format!("{}{rest}.", first.to_uppercase())
}

fn inventory(media: &Comparison, missing: &Missing) -> Table {
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
    let mut columns = vec![Column { name: "folder", title: "Folder", kind: Kind::Text }];
    for (files, files_title, bytes, bytes_title, _) in TALLIES {
        columns.push(Column { name: files, title: files_title, kind: Kind::Number });
        columns.push(Column { name: bytes, title: bytes_title, kind: Kind::Bytes });
    }
    columns.push(Column { name: "unused_files", title: "Missing, unused", kind: Kind::Number });
    columns.push(Column { name: "unused_bytes", title: "Bytes", kind: Kind::Bytes });
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

fn picture(media: &Comparison, missing: &Missing) -> Option<Bars> {
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
        title: "Where in the media folder is something missing?",
        parts: vec!["same", "elsewhere", "changed", "missing", "missing, unused", "not compared"],
        bars: parts.into_iter().map(|(label, values)| Bar { label, values }).collect(),
    })
}
