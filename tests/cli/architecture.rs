//! The boundaries that ARCHITECTURE.md states and the compiler does not see.

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

#[test]
fn areas_do_not_import_one_another_and_magento_imports_no_input() {
    let names: Vec<&str> = magegap::area::ALL.iter().map(|it| it.name()).collect();
    for name in &names {
        for (path, text) in sources(&format!("src/area/{name}")) {
            for other in names.iter().filter(|it| *it != name) {
                assert!(!text.contains(&format!("area::{other}")), "{} uses {other}", path.display());
            }
        }
    }
    for (path, text) in sources("src/magento") {
        assert!(!text.contains("crate::source"), "{} reads", path.display());
    }
}
