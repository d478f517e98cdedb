use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::*;
use crate::facts::media::POLICY;
use crate::pair::Pair;
use crate::progress::Progress;

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
        threads: 2,
    }
}

fn compared(m1: &[(&[u8], &str)], m2: &[(&[u8], &str)], compare: Compare) -> Comparison {
    let folder = tempfile::tempdir().unwrap();
    let listed = |name: &str, lines| {
        let root = folder.path().join(name);
        std::fs::create_dir_all(&root).unwrap();
        tree(&root, lines);
        Tree::list(&root, &scan(compare), &indicatif::ProgressBar::hidden()).unwrap()
    };
    let trees = Pair { m1: listed("m1", m1), m2: listed("m2", m2) };
    Comparison::of(trees, true, &scan(compare), &Progress::hidden()).unwrap()
}

/// Each item as a line: fate, path, and what else is known.
fn told(comparison: &Comparison) -> Vec<String> {
    let path = |side: &Tree, at: Option<usize>| at.map(|it| crate::text::path(side.path(it)));
    comparison
        .items
        .iter()
        .map(|item| {
            let m1 = path(&comparison.trees.m1, item.m1);
            let m2 = path(&comparison.trees.m2, item.m2).filter(|it| Some(it) != m1.as_ref());
            let elsewhere = path(&comparison.trees.m2, item.elsewhere.map(|it| it.0));
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
    assert_eq!(comparison.trees.m1.left_out[&b"catalog/product/cache"[..]], Tally { files: 1, bytes: 3 });
    assert_eq!(comparison.trees.m1.left_out[&b".DS_Store"[..]], Tally { files: 1, bytes: 2 });
    assert_eq!(comparison.trees.m2.left_out[&b"wysiwyg/a/.thumbs"[..]].files, 1);
    assert_eq!(comparison.trees.m2.left_out_programs, [b"catalog/product/cache/9/shell.php"]);
    assert_eq!(comparison.specials.len(), 1);
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
    let paths = |tree: &Tree, at: &[usize]| at.iter().map(|&it| crate::text::path(tree.path(it))).collect::<Vec<_>>();
    assert_eq!(paths(&comparison.trees.m1, &comparison.scripts.m1), ["a.jpg"]);
    assert_eq!(paths(&comparison.trees.m2, &comparison.scripts.m2), ["a.jpg", "b.gif", "c.jpg"]);
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
