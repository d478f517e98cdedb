use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::Snapshot;
use crate::facts::media::StoredComparison;
use crate::facts::stored::{StoredFile, StoredMedia};
use crate::known::Known;
use crate::matching::Judgement;
use crate::pair::Pair;
use crate::source::media::Named;

/// Files as `path=content`.
fn stored(is_used: bool, files: Option<&[&str]>) -> Snapshot {
    let file = |it: &&str| {
        let (path, content) = it.split_once('=').unwrap();
        let hash = *blake3::hash(content.as_bytes()).as_bytes();
        StoredFile { path: path.as_bytes().to_vec(), size: content.len() as u64, hash }
    };
    let files = files.map(|it| it.iter().map(file).collect());
    Snapshot { stored: Known::Is(StoredMedia { is_used: Some(is_used), files, folders: 1 }), ..Snapshot::empty() }
}

fn is(content: &str) -> Named {
    Named::Is(blake3::hash(content.as_bytes()))
}

fn found(m1: Snapshot, m2: Option<Snapshot>, disk: [Option<Vec<Named>>; 2], not_stored: &[&str]) -> Vec<String> {
    let is_assessment = m2.is_none();
    let mut facts = facts(m1, m2);
    facts.is_assessment = is_assessment;
    let [m1, m2] = disk;
    facts.media.stored = Some(StoredComparison {
        on_disk: Pair { m1, m2 },
        not_stored: not_stored.iter().map(|it| it.as_bytes().to_vec()).collect(),
        ..StoredComparison::default()
    });
    lines(&outcome(&MediaDb, &facts, &Judgement::default()).findings)
}

const SETTING: &str = "system/media_storage_configuration/media_storage";

#[test]
fn a_file_of_the_database_that_magento_2_has_nowhere_is_lost() {
    let m1 = || stored(true, Some(&["a.jpg=a", "b.jpg=b", "c.jpg=c", "css/d.css=d"]));
    let there = |it: &str| vec![is(it), is("b"), is("x"), Named::NotThere];
    let same = || Some(vec![is("a"), is("b"), Named::NotThere, is("d")]);
    assert_eq!(
        found(m1(), Some(stored(false, None)), [same(), Some(there("a"))], &[]),
        [format!("in-use {SETTING} info"), "lost c.jpg high".to_owned(), "not-on-disk c.jpg medium".to_owned()]
    );
    // What Magento 1's folder has is a matter of the media files.
    let whole = Some(vec![is("a"), is("b"), is("c"), is("d")]);
    assert_eq!(
        found(m1(), Some(stored(false, None)), [whole, Some(there("a"))], &[]),
        [format!("in-use {SETTING} info")]
    );
    // Without Magento 1's folder only the database tells.
    assert_eq!(
        found(m1(), Some(stored(false, None)), [None, Some(there("a"))], &[]),
        [format!("in-use {SETTING} info"), "lost c.jpg high".to_owned()]
    );
    // What the database of Magento 2 has is not lost, and what nobody looked at neither.
    let in_m2 = || Some(stored(false, Some(&["c.jpg=c"])));
    assert_eq!(found(m1(), in_m2(), [None, Some(there("a"))], &[]), [format!("in-use {SETTING} info")]);
    assert_eq!(found(m1(), Some(stored(false, None)), [None, None], &[]), [format!("in-use {SETTING} info")]);
    assert_eq!(found(m1(), None, [None, None], &[]), [format!("in-use {SETTING} high")]);
}

#[test]
fn database_and_disk_of_magento_1_are_compared() {
    let m1 = stored(true, Some(&["a.jpg=a", "b.jpg=b"]));
    assert_eq!(
        found(
            m1,
            None,
            [Some(vec![Named::OtherSize, Named::NotThere]), None],
            &["c.jpg", "d.jpg", "x/.svn/y", "x/.htaccess", "x/e"]
        ),
        [
            "disk-differs a.jpg medium".to_owned(),
            format!("in-use {SETTING} high"),
            "not-on-disk b.jpg medium".to_owned(),
            "not-stored . low".to_owned(),
            "not-stored x low".to_owned(),
        ]
    );
}

#[test]
fn a_setting_without_its_tables_is_a_blocker() {
    let none = || stored(false, None);
    assert_eq!(found(none(), Some(stored(true, None)), [None, None], &[]), [format!("mode-carried {SETTING} blocker")]);
    assert_eq!(found(none(), Some(stored(true, Some(&[]))), [None, None], &[]), [format!("deprecated {SETTING} low")]);
    assert_eq!(found(none(), Some(none()), [None, None], &[]), Vec::<String>::new());
}
