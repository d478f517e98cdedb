//! The rules, over what the media folders have in common and what not.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{inventory, picture, summary};
use super::rules;
use super::usage::{self, Missing, Usage, Use};
use crate::area::{Outcome, Whole};
use crate::facts::Facts;
use crate::facts::media::Census;
use crate::finding::{Confidence, Finding, Rule, Severity};
use crate::magento::{htaccess, media_folders};
use crate::pair::{Pair, Side};
use crate::source::media::{Compared, Comparison, Fate, Found, Item, Special, Tally};
use crate::text;

pub(super) fn compare(media: &Comparison, facts: &Facts) -> Outcome {
    let usage = Usage::of(facts);
    let mut missing = Missing::default();
    let mut findings: Vec<Finding> =
        media.items.iter().filter_map(|it| fate(media, it, facts, &usage, &mut missing)).collect();
    findings.extend(usage::broken(media, facts, &usage));
    findings.extend(usage::gallery(&usage));
    findings.extend(usage::copies(&facts.media.census));
    if !facts.is_assessment && media.is_m2_known {
        findings.extend(usage::unindexed(&facts.media.census));
    }
    let census = &facts.media.census;
    findings.extend(programs(media, census));
    findings.extend(by_path(&rules::ZERO_BYTE, empty_files(census), "0 bytes"));
    findings.extend(links(media));
    findings.extend(unreadable(media));
    findings.extend(bad_names(media, census));
    findings.extend(generated(media));
    if !facts.is_assessment && media.is_m2_known {
        findings.extend(media.specials.iter().filter_map(copied_htaccess));
        if facts.media.is_htaccess_known {
            findings.extend(missing_htaccess(media, facts));
        }
    }
    let hidden = media.hidden;
    let mut gaps = facts.media.gaps.clone();
    if media.unproven > 0 {
        gaps.push(format!(
            "{} of the same path could not be compared: a list has no hash of them",
            text::count(media.unproven, "file", "files")
        ));
    }
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
    let judged: u64 = media.parts.values().map(|it| it.m1.files.saturating_sub(it.unknown.files)).sum();
    Outcome {
        findings,
        inventory: inventory(media, &missing),
        cards: Vec::new(),
        picture: picture(media, &missing),
        gaps,
        summary: summary(media, facts, &usage, &missing),
        whole: Whole::of(usize::try_from(judged).unwrap_or(usize::MAX), &rules::MISSING, is_fate),
    }
}

/// Whether a finding tells what became of a file of Magento 1.
fn is_fate(finding: &Finding) -> bool {
    let fates = [
        &rules::MISSING,
        &rules::MISSING_USED,
        &rules::MISSING_UNUSED,
        &rules::CHANGED,
        &rules::MOVED,
        &rules::CASE_TWIN,
        &rules::UNICODE_TWIN,
    ];
    fates.iter().any(|it| it.code == finding.rule.code)
}

/// The path of a file as the report shows it.
/// The size of a file as text; of a list without sizes only that it is there.
fn size(file: &Found) -> String {
    file.size.map_or_else(|| "there".to_owned(), text::bytes)
}

fn fate(media: &Comparison, item: &Item, facts: &Facts, usage: &Usage<'_>, missing: &mut Missing) -> Option<Finding> {
    let own: &[u8] = item.m1.as_ref().map(|it| &*it.path).unwrap_or_default();
    let subject = |file: &Found| text::path(&file.path);
    let high_if_used = |finding: Finding| {
        let severity = if usage.is_used(own) { Severity::High } else { finding.severity };
        usage.with_users(finding, own).severity(severity)
    };
    let finding = match (item.fate, &item.m1, &item.m2) {
        (Fate::Changed, Some(one), Some(other)) => {
            let detail = match (one.size, other.size) {
                (Some(one), Some(other)) if one != other => "other size",
                (Some(_), Some(_)) => "same size, other bytes",
                _ => "other hash",
            };
            let (mut m1, mut m2) = (size(one), size(other));
            if m1 == m2 && detail == "other size" {
                let exact = |it: &Found| format!("{} B", text::number(it.size.unwrap_or_default()));
                (m1, m2) = (exact(one), exact(other));
            }
            high_if_used(rules::CHANGED.finding(subject(one)).m1(m1).m2(m2).detail(detail))
        }
        (fate @ (Fate::UnicodeTwin | Fate::CaseTwin), Some(one), Some(other)) => {
            let rule = if fate == Fate::CaseTwin { &rules::CASE_TWIN } else { &rules::UNICODE_TWIN };
            let (subject, twin) = (subject(one), subject(other));
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
            high_if_used(rule.finding(subject).m1(size(one)).m2(twin).detail(detail))
        }
        (Fate::Moved, Some(one), Some(place)) => {
            usage.with_users(rules::MOVED.finding(subject(one)).m1(size(one)).m2(subject(place)), own)
        }
        (Fate::Missing, Some(file), _) => missing_file(media, item, file, facts, usage, missing)?,
        (Fate::Extra, _, Some(file)) => rules::EXTRA.finding(subject(file)).m2(size(file)),
        _ => return None,
    };
    // Paths and sizes alone do not prove what became of a content.
    let is_proven = media.compared.is_none_or(Compared::is_by_content);
    Some(if is_proven { finding } else { finding.confidence(Confidence::Likely) })
}

/// A file of Magento 1 that is nowhere in Magento 2's folder.
fn missing_file(
    media: &Comparison,
    item: &Item,
    file: &Found,
    facts: &Facts,
    usage: &Usage<'_>,
    missing: &mut Missing,
) -> Option<Finding> {
    let own = &*file.path;
    let subject = text::path(own);
    let bytes = file.size.unwrap_or_default();
    // The shop writes such a file to the folder when it is first asked for.
    if usage::is_stored(&facts.sides.m2, own, file.size) {
        missing.in_database.add(bytes);
        return None;
    }
    let finding = match usage.judge(own) {
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
    let mut finding = usage.with_users(finding.m1(size(file)), own);
    if let Some(spelling) = usage.spelling(own).filter(|_| !usage.is_used(own)) {
        let words = format!("what uses it spells it {}", text::path(spelling));
        finding = usage.with_users(finding, spelling).more_detail(&words);
    }
    let is_script = media.scripts.m1.binary_search_by(|it| (**it).cmp(own)).is_ok();
    Some(match &item.elsewhere {
        _ if is_script || media_folders::has_executable_name(own) => {
            finding.more_detail("a program: see media.executable before copying it")
        }
        _ if file.size == Some(0) => finding.more_detail("an empty file: see media.zero-byte before copying it"),
        Some(elsewhere) => finding.more_detail(&format!(
            "Magento 2 has the same content at {}, which is another file's place",
            text::path(elsewhere)
        )),
        None => finding,
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
fn programs(media: &Comparison, census: &Census) -> Vec<Finding> {
    let mut values = Values::new();
    for side in Side::BOTH {
        for path in census.programs.of(side) {
            put(&mut values, side, path, "name of a program".to_owned());
        }
        for path in &media.folders.of(side).left_out_programs {
            put(&mut values, side, path, "name of a program, in a generated folder".to_owned());
        }
        for path in media.scripts.of(side) {
            put(&mut values, side, path, "begins like a script".to_owned());
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

fn empty_files(census: &Census) -> Vec<(Side, Vec<u8>)> {
    let of = |side: Side| census.empty.of(side).iter().map(move |it| (side, it.to_vec()));
    of(Side::M1).chain(of(Side::M2)).collect()
}

fn links(media: &Comparison) -> Vec<Finding> {
    let mut values = Values::new();
    for side in Side::BOTH {
        for link in &media.folders.of(side).links {
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
            let value = if it.is_folder {
                "unreadable folder"
            } else if it.has_changed {
                "changed while it was read"
            } else {
                "unreadable"
            };
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

fn bad_names(media: &Comparison, census: &Census) -> Vec<Finding> {
    let mut values = Values::new();
    let mut flaws: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    for side in Side::BOTH {
        let links = media.folders.of(side).links.iter().map(|it| it.path.as_slice());
        for path in census.bad_names.of(side).iter().map(|it| &**it).chain(links) {
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
        Side::BOTH.iter().flat_map(|&side| media.folders.of(side).left_out.keys()).collect();
    let value = |tally: Option<&Tally>| {
        tally.map(|it| format!("{}, {}", text::count(it.files, "file", "files"), text::bytes(it.bytes)))
    };
    folders
        .into_iter()
        .filter_map(|folder| {
            let of = |side: Side| media.folders.of(side).left_out.get(folder);
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
        .filter(|path| !is_there(path) && !media.folders.m2.blind_spot(path.as_bytes()))
        .map(|path| rules::HTACCESS_MISSING.finding(path).m2("not there").detail(detail.as_str()))
        .collect()
}
