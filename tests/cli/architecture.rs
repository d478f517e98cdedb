//! The boundaries that ARCHITECTURE.md states and the compiler does not see.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder of the source tree, with its text; tests apart.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_none_or(|it| it != "tests.rs") {
                files.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(!files.is_empty(), "{folder} is not where it was");
    files
}

#[test]
fn input_and_report_know_no_magento_table() {
    for folder in ["src/source", "src/report", "report-templates"] {
        for (path, text) in sources(folder) {
            for word in ["catalog_", "sales_", "eav_", "cms_page", "authorization_role"] {
                assert!(!text.contains(word), "{} speaks of {word}", path.display());
            }
        }
    }
}

#[test]
fn every_message_of_the_catalogues_is_used() {
    // Keys of these are put together of a code.
    let families = [
        "again",
        "audience",
        "confidence",
        "gate",
        "input",
        "kind",
        "merchant",
        "mode",
        "outcome",
        "severity",
        "state",
        "status",
        "step",
        "title",
        "trend",
        "trouble",
        "verdict",
    ];
    let users: String =
        ["src", "report-templates"].into_iter().flat_map(sources).map(|(_, text)| text).collect::<Vec<_>>().join("\n");
    let catalogue = std::fs::read_to_string("locales/en/page.ftl").unwrap();
    for line in catalogue.lines().filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase())) {
        let key = line.split_once(" =").unwrap().0;
        let is_of_family = key.split_once('-').is_some_and(|(family, _)| families.contains(&family));
        assert!(is_of_family || users.contains(&format!("\"{key}\"")), "nothing says {key}");
    }
}

/// The rooms, each above those that it may ask: no two ask each other.
const ROOMS: &[&[&str]] = &[
    // Words that all share; `text` is one of them, and they may use one another.
    &["text", "pair", "known", "finding", "diff", "parallel", "progress", "language"],
    &["magento"],
    &["source"],
    &["error"],
    &["facts"],
    &["matching"],
    &["rights"],
    &["area"],
    &["decision"],
    &["report"],
    &["cli"],
    &["settings"],
    &["commands"],
];

/// The floor of a room; none for what is no room.
fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// The code of a file without its comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names, by `crate::room` or by way of its parents.
fn asked(module: &[&str], code: &str) -> BTreeSet<String> {
    // `use crate::{a::B, c::D}` names as many rooms as it has branches.
    let flat: String = code.chars().filter(|it| !it.is_whitespace()).collect();
    let mut rooms = BTreeSet::new();
    let word = |text: &str| text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>();
    for (at, mark) in flat.match_indices("crate::") {
        let rest = &flat[at + mark.len()..];
        match rest.strip_prefix('{') {
            Some(branches) => rooms.extend(top_level(branches).into_iter().map(word)),
            None => _ = rooms.insert(word(rest)),
        }
    }
    // Above its own folder a file is in the crate's root.
    let up = "super::".repeat(module.len());
    for (at, mark) in flat.match_indices(&up) {
        rooms.insert(word(&flat[at + mark.len()..]));
    }
    rooms
}

/// The branches of a use tree, up to the brace that closes it.
fn top_level(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut branches) = (0, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                branches.push(&text[start..at]);
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    branches
}

#[test]
fn rooms_are_a_tree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    for (path, text) in sources("src") {
        let path = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Vec<&str> = path.iter().map(|it| it.to_str().unwrap()).collect();
        if module.last() == Some(&"mod") {
            module.pop();
        }
        if matches!(module[..], ["lib" | "main"]) || module.last() == Some(&"testing") {
            continue;
        }
        let own = floor(module[0]).unwrap_or_else(|| panic!("{} is in no room of the list", path.display()));
        seen.insert(module[0].to_owned());
        for room in asked(&module, &code(&text)) {
            let Some(other) = floor(&room) else { continue };
            let may_ask = other < own || room == module[0] || own == 0 && other == 0;
            assert!(may_ask, "{} asks {room}, which is above it or beside it", path.display());
        }
    }
    let listed: BTreeSet<String> = ROOMS.iter().flat_map(|it| it.iter()).map(|it| (*it).to_owned()).collect();
    assert_eq!(seen, listed, "a room of the list is not there");
}

#[test]
fn every_form_of_an_import_is_seen() {
    let names = |module: &[&str], code: &str| asked(module, code).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(names(&["facts", "widgets"], "use crate::{area::{A, B}, report};"), "area report");
    assert_eq!(names(&["facts", "widgets"], "use super::super::settings::Settings;"), "settings");
    assert_eq!(names(&["facts"], "fn f(x: super::settings::S) -> crate::report::Report {}"), "report settings");
    assert_eq!(names(&["facts", "widgets"], "use super::catalog;"), "");
    assert_eq!(code("a // crate::report\n#[cfg(test)]\nmod tests {\n crate::area").trim(), "a");
}

#[test]
fn areas_do_not_import_one_another() {
    let names: Vec<&str> = magegap::area::ALL.iter().map(|it| it.name()).collect();
    for name in &names {
        for (path, text) in sources(&format!("src/area/{name}")) {
            for other in names.iter().filter(|it| *it != name) {
                assert!(!text.contains(&format!("area::{other}")), "{} uses {other}", path.display());
            }
        }
    }
}
