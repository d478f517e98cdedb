#![expect(clippy::disallowed_methods, reason = "a test looks at the source tree")]

use std::collections::BTreeSet;

use super::*;
use crate::finding::Severity;

#[test]
fn every_folder_is_registered() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/area");
    let folders: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap())
        .filter(|it| it.file_type().unwrap().is_dir())
        .map(|it| it.file_name().into_string().unwrap())
        .collect();
    let registered: BTreeSet<String> = ALL.iter().map(|it| it.name().to_owned()).collect();
    assert_eq!(folders, registered);
}

#[test]
fn codes_are_unique_and_well_formed_and_their_texts_are_complete() {
    let mut codes = BTreeSet::new();
    for area in ALL {
        for rule in area.rules() {
            assert!(codes.insert(rule.code), "{} twice", rule.code);
            assert_eq!(rule.area(), area.name(), "{}", rule.code);
            let what = rule.code.split_once('.').unwrap().1;
            assert!(
                what.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-'),
                "{}",
                rule.code
            );
            for text in [rule.title, rule.meaning, rule.why, rule.detection, rule.action, rule.source] {
                assert!(!text.trim().is_empty(), "{} has an empty text", rule.code);
            }
            for sentence in [rule.meaning, rule.why, rule.detection, rule.action, rule.source] {
                assert!(sentence.ends_with('.'), "{}: `{sentence}` is no sentence", rule.code);
            }
            assert!([0, 1, 3, 5, 7, 13].contains(&rule.points), "{}", rule.code);
            assert!(rule.severity != Severity::Info || rule.points <= 1, "{}: info asks for no work", rule.code);
        }
    }
}
