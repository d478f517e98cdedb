use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::*;
use crate::facts::media::POLICY;
use crate::pair::{Pair, Side};
use crate::progress::Progress;
use crate::source::columns::Slice;

/// A tree made of lines `path=content`.
fn tree(root: &Path, lines: &[(&[u8], &str)]) {
    for (path, content) in lines {
        let path = root.join(OsStr::from_bytes(path));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match content.strip_prefix("->") {
            Some(target) => std::os::unix::fs::symlink(target, path).unwrap(),
            None => std::fs::write(path, content).unwrap(),
        }
    }
}

fn scan(compare: Compare) -> Scan {
    Scan {
        policy: POLICY,
        compare,
        include_generated: false,
        include: globset::GlobSet::empty(),
        exclude: globset::GlobSet::empty(),
        limits: Vec::new(),
        threads: 2,
        io_limit: None,
        cache: None,
    }
}

fn compare(m1: Listing, m2: Listing, compare: Compare) -> Comparison {
    Comparison::of(&Pair { m1, m2 }, true, &scan(compare), &Progress::hidden()).unwrap()
}

/// The listing of a folder, as a snapshot of it has it.
fn of_snapshot(root: &Path, place: &Path, parts: usize) -> Listing {
    let scan = scan(Compare::Content);
    let bar = indicatif::ProgressBar::hidden();
    let listing = Listing::of_folder(root, &scan, &bar).unwrap();
    let target = manifest::Target { part: parts, ..manifest::Target::new(place, "media", Side::M1) };
    let written = manifest::write(&listing, &target, &scan, &bar).unwrap();
    let slice = |name: &str| {
        let file = std::fs::File::open(place.join(name)).unwrap();
        let length = file.metadata().unwrap().len();
        Slice { file: std::sync::Arc::new(file), start: 0, length }
    };
    let parts = written.into_iter().map(|it| (it.clone(), slice(&it.name))).collect();
    Listing::of_manifest(&manifest::Manifest::new(parts), listing.about, false, &scan).unwrap()
}

/// Compares two folders in every way there is: as folders, as snapshots, and as one of each. All
/// must tell the same.
fn compared(m1: &[(&[u8], &str)], m2: &[(&[u8], &str)], how: Compare) -> Comparison {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, lines) in [("m1", m1), ("m2", m2)] {
        std::fs::create_dir_all(at(name)).unwrap();
        tree(&at(name), lines);
    }
    let live = |name: &str| Listing::of_folder(&at(name), &scan(how), &indicatif::ProgressBar::hidden()).unwrap();
    let count = std::cell::Cell::new(0);
    let taken = |name: &str| {
        count.set(count.get() + 1);
        of_snapshot(&at(name), &at(&format!("snapshot{}", count.get())), 3)
    };
    let comparison = compare(live("m1"), live("m2"), how);
    let expected = everything(&comparison);
    for other in [
        compare(taken("m1"), taken("m2"), how),
        compare(live("m1"), taken("m2"), how),
        compare(taken("m1"), live("m2"), how),
    ] {
        assert_eq!(everything(&other), expected);
    }
    comparison
}

/// All that a comparison tells.
fn everything(comparison: &Comparison) -> String {
    let Comparison { items: _, compared: _, compare: _, are_bytes_compared: _, .. } = comparison;
    let specials: Vec<_> = comparison.specials.iter().map(|it| (&it.path, it.hashes, it.is_there)).collect();
    format!(
        "{:#?}",
        (
            told(comparison),
            &comparison.folders,
            specials,
            &comparison.scripts,
            &comparison.unreadable,
            comparison.hidden,
            &comparison.parts
        )
    )
}

/// Each item as a line: fate, path, and what else is known.
fn told(comparison: &Comparison) -> Vec<String> {
    let path = |file: &Option<Found>| file.as_ref().map(|it| crate::text::path(&it.path));
    comparison
        .items
        .iter()
        .map(|item| {
            let m1 = path(&item.m1);
            let m2 = path(&item.m2).filter(|it| Some(it) != m1.as_ref());
            let elsewhere = item.elsewhere.as_ref().map(|it| crate::text::path(it));
            let mut line = format!("{:?}", item.fate);
            line.extend(m1.map(|it| format!(" {it}")));
            line.extend(m2.map(|it| format!(" > {it}")));
            line.extend(elsewhere.map(|it| format!(" = {it}")));
            line.extend(item.has_same_content.filter(|it| !it).map(|_| " (other content)".to_owned()));
            line
        })
        .collect()
}

#[test]
fn every_fate_is_told() {
    let comparison = compared(
        &[
            (b"same", "1"),
            (b"size", "22"),
            (b"bytes", "aa"),
            (b"from", "moved content"),
            (b"gone", "gone content"),
            (b"Case.jpg", "c"),
            ("caf\u{e9}".as_bytes(), "d"),
            (b"gr\xF6\xDFe", "x"),
            ("smile😀".as_bytes(), "y"),
        ],
        &[
            (b"same", "1"),
            (b"size", "333"),
            (b"bytes", "ab"),
            (b"to", "moved content"),
            (b"new", "never seen"),
            (b"case.JPG", "c"),
            ("cafe\u{301}".as_bytes(), "e"),
            (b"gr\xF6\xDFe", "x"),
            ("smile😀".as_bytes(), "y"),
        ],
        Compare::Content,
    );
    assert_eq!(
        told(&comparison),
        [
            "CaseTwin Case.jpg > case.JPG",
            "Changed bytes",
            "UnicodeTwin café > cafe\u{301} (other content)",
            "Moved from > to",
            "Missing gone",
            "Changed size",
            "Extra > new",
        ]
    );
}

#[test]
fn paths_are_matched_before_contents_and_contents_with_multiplicity() {
    // Three copies in Magento 1, one of them in place; of the other two only one was renamed.
    let comparison = compared(
        &[(b"a", "copy"), (b"b", "copy"), (b"c", "copy"), (b"empty", "")],
        &[(b"b", "copy"), (b"z", "copy"), (b"other-empty", "")],
        Compare::Content,
    );
    assert_eq!(told(&comparison), ["Moved a > z", "Missing c = b", "Missing empty", "Extra > other-empty"]);
}

#[test]
fn names_that_both_sides_have_are_not_twins() {
    let comparison = compared(
        &[(b"Logo.png", "1"), (b"logo.png", "2"), (b"LOGO.PNG", "3")],
        &[(b"Logo.png", "1"), (b"lOGO.png", "2")],
        Compare::Content,
    );
    assert_eq!(told(&comparison), ["CaseTwin LOGO.PNG > lOGO.png (other content)", "Missing logo.png = lOGO.png"]);
}

#[test]
fn hash_gives_what_content_gives_and_size_what_sizes_give() {
    let m1: &[(&[u8], &str)] = &[(b"a", "12"), (b"b", "34"), (b"c", "copy"), (b"d", "x")];
    let m2: &[(&[u8], &str)] = &[(b"a", "12"), (b"b", "56"), (b"e", "copy"), (b"d", "xx")];
    let content = told(&compared(m1, m2, Compare::Content));
    assert_eq!(content, ["Changed b", "Moved c > e", "Changed d"]);
    assert_eq!(told(&compared(m1, m2, Compare::Hash)), content);
    assert_eq!(told(&compared(m1, m2, Compare::Size)), ["Missing c", "Changed d", "Extra > e"]);
}

#[test]
fn generated_folders_are_counted_and_their_programs_named() {
    let comparison = compared(
        &[(b"catalog/product/cache/1/x.jpg", "123"), (b"css/.htaccess", "x"), (b".DS_Store", "dd")],
        &[(b"catalog/product/cache/9/shell.php", "12345"), (b"wysiwyg/a/.thumbs/t.jpg", "1")],
        Compare::Content,
    );
    assert_eq!(told(&comparison), Vec::<String>::new());
    assert_eq!(comparison.folders.m1.left_out[&b"catalog/product/cache"[..]], Tally { files: 1, bytes: 3 });
    assert_eq!(comparison.folders.m1.left_out[&b".DS_Store"[..]], Tally { files: 1, bytes: 2 });
    assert_eq!(comparison.folders.m2.left_out[&b"wysiwyg/a/.thumbs"[..]].files, 1);
    assert_eq!(comparison.folders.m2.left_out_programs, [b"catalog/product/cache/9/shell.php"]);
    assert_eq!(comparison.specials.len(), 1);
}

/// Two folders with one file of the same content, listed.
fn listed_twins(folder: &Path, size: usize) -> [std::path::PathBuf; 2] {
    ["m1", "m2"].map(|side| {
        let file = folder.join(side).join("a.jpg");
        std::fs::create_dir_all(folder.join(side)).unwrap();
        std::fs::write(&file, vec![7; size]).unwrap();
        file
    })
}

#[test]
fn what_changes_between_listing_and_reading_is_judged_as_it_is_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let [_, file] = listed_twins(folder.path(), 1000);
    let list = |side: &str| {
        let bar = indicatif::ProgressBar::hidden();
        Listing::of_folder(&folder.path().join(side), &scan(Compare::Content), &bar).unwrap()
    };
    let (m1, m2) = (list("m1"), list("m2"));
    std::fs::write(&file, vec![8; 1000]).unwrap();
    let same_size = compare(m1, m2, Compare::Content);
    assert_eq!(told(&same_size), ["Changed a.jpg"]);
    let (m1, m2) = (list("m1"), list("m2"));
    std::fs::write(&file, vec![8; 1001]).unwrap();
    let other_size = compare(m1, m2, Compare::Content);
    assert_eq!(told(&other_size), ["Unknown a.jpg"]);
    assert!(other_size.unreadable.m2[0].has_changed, "{:?}", other_size.unreadable);
    let (m1, m2) = (list("m1"), list("m2"));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(told(&compare(m1, m2, Compare::Hash)), ["Changed a.jpg"], "of another size before it was removed");
}

#[test]
fn a_file_that_changes_under_the_reading_is_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let [_, file] = listed_twins(folder.path(), 600_000);
    let slow = Scan { io_limit: Some(2_000_000), ..scan(Compare::Content) };
    let list =
        |side: &str| Listing::of_folder(&folder.path().join(side), &slow, &indicatif::ProgressBar::hidden()).unwrap();
    let listings = Pair { m1: list("m1"), m2: list("m2") };
    let has_ended = std::sync::atomic::AtomicBool::new(false);
    let comparison = std::thread::scope(|scope| {
        scope.spawn(|| {
            use std::os::unix::fs::FileExt;
            let file = std::fs::File::options().write(true).open(&file).unwrap();
            while !has_ended.load(std::sync::atomic::Ordering::Relaxed) {
                file.write_all_at(&[7], 0).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        });
        let comparison = Comparison::of(&listings, true, &slow, &Progress::hidden()).unwrap();
        has_ended.store(true, std::sync::atomic::Ordering::Relaxed);
        comparison
    });
    assert_eq!(told(&comparison), ["Unknown a.jpg"]);
    assert!(comparison.unreadable.m2[0].has_changed);
}

#[test]
fn a_link_in_magento_2_hides_what_may_lie_behind_it() {
    let comparison = compared(
        &[(b"shared/a.jpg", "a"), (b"shared-not/a.jpg", "a"), (b"file", "x")],
        &[(b"shared", "->/srv/shared"), (b"file", "->elsewhere")],
        Compare::Content,
    );
    assert_eq!(told(&comparison), ["Missing shared-not/a.jpg"]);
    assert_eq!(comparison.hidden, Pair { m1: 2, m2: 0 });
    assert_eq!(comparison.parts[&b"shared"[..]].unknown.files, 1);
}

#[test]
fn scripts_are_found_by_their_heads_on_both_sides() {
    let comparison = compared(
        &[(b"a.jpg", "#!/bin/sh"), (b"b.gif", "GIF")],
        &[(b"a.jpg", "#!/bin/sh"), (b"c.jpg", "<?php ?>"), (b"b.gif", "<?php")],
        Compare::Content,
    );
    let paths = |paths: &[Box<[u8]>]| paths.iter().map(|it| crate::text::path(it)).collect::<Vec<_>>();
    assert_eq!(paths(&comparison.scripts.m1), ["a.jpg"]);
    assert_eq!(paths(&comparison.scripts.m2), ["a.jpg", "b.gif", "c.jpg"]);
}

#[test]
fn every_file_of_both_sides_is_counted_once() {
    let comparison = compared(
        &[(b"a/1", "1"), (b"a/2", "22"), (b"b/3", "333"), (b"catalog/product/x", "4444")],
        &[(b"a/1", "1"), (b"a/2", "23"), (b"c/3", "333"), (b"c/new", "?")],
        Compare::Content,
    );
    let sum = |count: fn(&PartTally) -> Tally| comparison.parts.values().map(|it| count(it).files).sum::<u64>();
    assert_eq!(sum(|it| it.m1), 4);
    assert_eq!(sum(|it| it.same) + sum(|it| it.changed) + sum(|it| it.elsewhere) + sum(|it| it.missing), 4);
    assert_eq!((sum(|it| it.m2), sum(|it| it.extra)), (4, 1));
}
