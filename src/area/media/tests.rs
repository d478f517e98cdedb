use super::*;
use crate::facts::media::POLICY;
use crate::facts::{MediaFacts, References, Snapshot};
use crate::finding::Finding;
use crate::known::{Known, Lack};
use crate::magento::versions::Platform;
use crate::matching::Judgement;
use crate::pair::Pair;
use crate::progress::Progress;
use crate::source::demo::plant;
use crate::source::media::{Compare, Listing, Scan};

/// The findings about two media folders, written as lists, as lines `what subject severity`.
fn check(m1: &str, m2: &str, version: Option<&str>) -> Vec<String> {
    let outcome = outcome(m1, m2, version, Pair::default());
    lines(&outcome.findings).into_iter().chain(outcome.gaps).collect()
}

fn lines(findings: &[Finding]) -> Vec<String> {
    let line =
        |it: &Finding| format!("{} {} {}", it.rule.code.strip_prefix("media.").unwrap(), it.subject, it.severity);
    let mut lines: Vec<String> = findings.iter().map(line).collect();
    lines.sort();
    lines
}

/// What the area says of two media folders, and of what refers to their files.
fn outcome(m1: &str, m2: &str, version: Option<&str>, references: Pair<Option<References>>) -> Outcome {
    let scan = Scan {
        policy: POLICY,
        compare: Compare::Content,
        include_generated: false,
        include: globset::GlobSet::empty(),
        exclude: globset::GlobSet::empty(),
        limits: Vec::new(),
        threads: 2,
        io_limit: None,
        cache: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let tree = |name: &str, list: &str| {
        let root = folder.path().join(name);
        plant(&root, &list.replace(" = ", "\ttext\t").replace(" -> ", "\tlink\t")).unwrap();
        Listing::of_folder(&root, &scan, &indicatif::ProgressBar::hidden()).unwrap()
    };
    let listings = Pair { m1: tree("m1", m1), m2: tree("m2", m2) };
    let not = || Known::Not(Lack::NotGiven("no database was given".to_owned()));
    let side = |references: Option<References>| Snapshot {
        references: references.map_or_else(not, Known::Is),
        ..Snapshot::empty()
    };
    let mut sides = Pair { m1: side(references.m1), m2: side(references.m2) };
    sides.m2.platform = Platform { version: version.map(str::to_owned), ..Platform::default() };
    let media = MediaFacts::compare(&listings, true, &sides, &scan, &Progress::hidden()).unwrap();
    let facts = Facts { sides, media, is_assessment: false, migration: None };
    let judgement = Judgement::default();
    let context = Context { now: "2026-11-22T00:00:00Z".parse().unwrap(), judgement: &judgement, media_filter: None };
    Media.compare(&facts, &context)
}

/// Magento 2's own files, as 2.1.0 to 2.2.1 ship the most of them.
const OWN: &str = ".htaccess = own\ncustomer/.htaccess = own\ndownloadable/.htaccess = own\nimport/.htaccess = own\ntheme_customization/.htaccess = own\n";

/// The findings apart from those about `.htaccess`.
fn check_files(m1: &str, m2: &str) -> Vec<String> {
    check(m1, &format!("{OWN}{m2}"), None)
}

#[test]
fn a_complete_copy_gives_nothing_above_info() {
    let files = "catalog/product/a/b/ab.jpg = x\nwysiwyg/größe.png = y\ncss/x.css = z\nwysiwyg/l -> größe.png\n";
    assert_eq!(check_files(files, files), ["generated css info", "symlink wysiwyg/l info"]);
}

#[test]
fn an_empty_magento_2_folder_lacks_everything() {
    assert_eq!(check_files("a.jpg = a\nb/c.jpg = b\n", ""), ["missing a.jpg medium", "missing b/c.jpg medium"]);
}

#[test]
fn each_fate_has_its_rule() {
    assert_eq!(
        check_files(
            "changed = 1\nfrom = moved\nLogo.png = l\ncaf%C3%A9 = c\ngone = g\n",
            "changed = 2\nto = moved\nlogo.PNG = l\ncafe%CC%81 = c\nnew = n\n"
        ),
        [
            "case-twin Logo.png low",
            "changed changed medium",
            "extra new info",
            "missing gone medium",
            "moved from medium",
            "unicode-twin café low"
        ]
    );
}

#[test]
fn names_that_the_database_cannot_keep_are_told() {
    let long = format!("{}/x", "d".repeat(120));
    let list = format!("gr%F6%DFe = a\nline%0Abreak = b\n{long}/{long}/x = c\nfine = d\n");
    let found = check_files(&list, &list);
    assert_eq!(found.len(), 2, "{found:?}");
    let list = format!("{}{}/x = c\n", list, [long.as_str(); 3].join("/"));
    let found = check_files(&list, &list);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().any(|it| it == "bad-name gr%F6%DFe medium"));
    assert!(found.iter().any(|it| it == "bad-name line%0Abreak medium"));
}

#[test]
fn programs_are_high_in_magento_2_and_info_in_magento_1_alone() {
    assert_eq!(
        check_files("a.php = x\nb.jpg = #!/bin/sh\n", "b.jpg = #!/bin/sh\ntmp/up.phtml = x\n"),
        [
            "executable a.php info",
            "executable b.jpg high",
            "executable tmp/up.phtml high",
            "generated tmp info",
            "missing a.php medium"
        ]
    );
}

#[test]
fn empty_files_are_told_on_either_side() {
    assert_eq!(check_files("a = \n", "a = \nb = \n"), ["extra b info", "zero-byte a low", "zero-byte b low"]);
}

#[test]
fn what_lies_behind_a_link_of_magento_2_is_not_missing_but_not_compared_either() {
    assert_eq!(
        check_files("shared/a = 1\nshared/b = 2\n", "shared -> /srv/shared\n"),
        [
            "symlink shared info",
            "2 files of Magento 1 could not be compared: a symbolic link or an unreadable folder of Magento 2 is in the way"
        ]
    );
}

#[test]
fn magento_1s_htaccess_over_magento_2s_is_a_blocker_and_stock_on_both_is_no_proof() {
    let deny = "Order deny,allow\\nDeny from all\\n";
    let m1 = format!(".htaccess = old rules\ncustomer/.htaccess = {deny}\nwysiwyg/.htaccess = mine\n");
    let m2 = format!("{OWN}.htaccess = old rules\ncustomer/.htaccess = {deny}\nwysiwyg/.htaccess = mine\n");
    assert_eq!(check(&m1, &m2, None), ["htaccess-copied .htaccess blocker"]);
}

#[test]
fn an_htaccess_is_never_missing_or_extra_and_magento_2s_own_must_be_there() {
    assert_eq!(check("wysiwyg/.htaccess = mine\n.htaccess = old\n", OWN, None), Vec::<String>::new());
    assert_eq!(
        check("a = 1\n", ".htaccess = own\na = 1\n", None),
        ["customer", "downloadable", "import", "theme_customization"]
            .map(|it| format!("htaccess-missing {it}/.htaccess high"))
    );
    let of_2_4_4 = check("a = 1\n", &format!("{OWN}a = 1\n"), Some("2.4.4"));
    assert_eq!(
        of_2_4_4,
        ["custom_options", "customer_address", "sitemap"].map(|it| format!("htaccess-missing {it}/.htaccess high"))
    );
}

/// The findings where the databases were read, too.
fn check_used(m1: &str, m2: &str, of_m1: &[(&str, u64)], of_m2: &[(&str, u64)]) -> Vec<String> {
    let references = Pair { m1: Some(References::of_pages(of_m1)), m2: Some(References::of_pages(of_m2)) };
    lines(&outcome(m1, &format!("{OWN}{m2}"), None, references).findings)
}

#[test]
fn a_missing_file_matters_if_something_uses_it() {
    let files = "wysiwyg/a.jpg = a\nwysiwyg/b.jpg = b\nbanner/c.jpg = c\ncatalog/product/d/d/dd.jpg = d\n";
    assert_eq!(
        check_used(files, "", &[("wysiwyg/a.jpg", 1)], &[]),
        [
            "missing banner/c.jpg medium",
            "missing-unused catalog/product/d/d/dd.jpg low",
            "missing-unused wysiwyg/b.jpg low",
            "missing-used wysiwyg/a.jpg high"
        ]
    );
    // What Magento 2 refers to is used as well.
    assert_eq!(
        check_used("wysiwyg/a.jpg = a\n", "", &[], &[("wysiwyg/a.jpg", 1)]),
        ["missing-used wysiwyg/a.jpg high"]
    );
    assert_eq!(
        check_used("wysiwyg/a.jpg = a\n", "wysiwyg/A.jpg = a\n", &[("wysiwyg/a.jpg", 1)], &[]),
        ["case-twin wysiwyg/a.jpg high"]
    );
    assert_eq!(
        check_used("wysiwyg/a.jpg = a\n", "wysiwyg/a.jpg = b\n", &[("wysiwyg/a.jpg", 1)], &[]),
        ["changed wysiwyg/a.jpg high"]
    );
}

#[test]
fn those_who_use_a_file_are_named_and_counted_once() {
    let many: Vec<(&str, u64)> = (1..=300).map(|id| ("wysiwyg/a.jpg", id)).collect();
    let references = || Some(References::of_pages(&many));
    let found = outcome("wysiwyg/a.jpg = a\n", OWN, None, Pair { m1: references(), m2: references() });
    let finding = &found.findings[0];
    assert_eq!((finding.used_by.len(), finding.users_unnamed), (5, 295));
    assert_eq!(&*finding.used_by[0], "cms_page 1");
}

#[test]
fn a_reference_to_nothing_is_broken_and_one_to_a_twin_is_not() {
    let refer = |path| [(path, 1)];
    let gone = refer("wysiwyg/gone.jpg");
    assert_eq!(check_used("", "", &gone, &[]), ["broken-reference-m1 wysiwyg/gone.jpg low"]);
    assert_eq!(check_used("", "", &[], &gone), ["broken-reference wysiwyg/gone.jpg high"]);
    // In both, if Magento 1 did not have it either.
    assert_eq!(check_used("", "", &gone, &gone).len(), 2);
    let file = "wysiwyg/Caf%C3%A9.jpg = c\n";
    assert_eq!(check_used(file, file, &[], &refer("wysiwyg/café.jpg")), ["case-twin wysiwyg/café.jpg high"]);
    assert_eq!(
        check_used(file, file, &[], &refer("wysiwyg/Cafe\u{301}.jpg")),
        ["unicode-twin wysiwyg/Cafe\u{301}.jpg high"]
    );
    // What is not compared is not judged; nor is what may lie behind a link.
    assert_eq!(
        check_used("l -> /srv\n", "l -> /srv\n", &refer("l/x.jpg"), &refer("catalog/product/cache/x.jpg")),
        ["symlink l info"]
    );
}

#[test]
fn a_file_that_is_spelt_in_another_way_by_what_uses_it_is_used() {
    let refer = [("wysiwyg/Foo.jpg", 1)];
    assert_eq!(
        check_used("wysiwyg/foo.jpg = f\n", "", &refer, &refer),
        ["case-twin wysiwyg/Foo.jpg high", "case-twin wysiwyg/Foo.jpg low", "missing-used wysiwyg/foo.jpg high"]
    );
}

#[test]
fn without_the_database_of_magento_2_nothing_is_certainly_unused() {
    let references = || Pair { m1: Some(References::of_pages(&[])), m2: None };
    let found = outcome("catalog/product/a/b/ab.jpg = a\n", OWN, None, references());
    assert_eq!(lines(&found.findings), ["missing-unused catalog/product/a/b/ab.jpg low"]);
    assert_eq!(found.findings[0].confidence, crate::finding::Confidence::Likely);
    assert_eq!(found.gaps, ["no Magento 2 database was read: what it refers to is not known"]);
}

#[test]
fn where_every_file_was_copied_nothing_is_found() {
    let files = "wysiwyg/a.jpg = a\ncatalog/product/d/d/dd.jpg = d\ncatalog/product/d/d/dd_1.jpg = other\n";
    let used = [("wysiwyg/a.jpg", 1), ("catalog/product/d/d/dd.jpg", 2)];
    assert_eq!(check_used(files, files, &used, &used), Vec::<String>::new());
}

#[test]
fn numbered_copies_of_the_same_size_are_a_family() {
    let files = "catalog/product/a/b/ab.jpg = one\ncatalog/product/a/b/ab_1.jpg = two\n\
        catalog/product/a/b/ab_1_2.jpg = six\ncatalog/product/a/b/ab_3.jpg = three\ncatalog/product/a/b/ab_2014.jpg = now\n";
    assert_eq!(check_used(files, files, &[], &[]), ["copies catalog/product/a/b/ab.jpg info"]);
}
