use super::*;
use crate::facts::media::POLICY;
use crate::facts::{MediaFacts, Snapshot};
use crate::known::Known;
use crate::magento::versions::Platform;
use crate::pair::Pair;
use crate::progress::Progress;
use crate::settings::Judgement;
use crate::source::demo::plant;
use crate::source::media::{Compare, Comparison, Scan, Tree};

/// The findings about two media folders, written as lists, as lines `what subject severity`.
fn check(m1: &str, m2: &str, version: Option<&str>) -> Vec<String> {
    let scan = Scan {
        policy: POLICY,
        compare: Compare::Content,
        include_generated: false,
        include: globset::GlobSet::empty(),
        exclude: globset::GlobSet::empty(),
        threads: 2,
    };
    let folder = tempfile::tempdir().unwrap();
    let tree = |name: &str, list: &str| {
        let root = folder.path().join(name);
        plant(&root, &list.replace(" = ", "\ttext\t").replace(" -> ", "\tlink\t")).unwrap();
        Tree::list(&root, &scan, &indicatif::ProgressBar::hidden()).unwrap()
    };
    let trees = Pair { m1: tree("m1", m1), m2: tree("m2", m2) };
    let media = Comparison::of(trees, true, &scan, &Progress::hidden()).unwrap();
    let mut m2 = Snapshot::empty();
    m2.platform = Platform { version: version.map(str::to_owned), ..Platform::default() };
    let facts = Facts {
        sides: Pair { m1: Snapshot::empty(), m2 },
        media: MediaFacts { known: Pair { m1: Known::Is(()), m2: Known::Is(()) }, comparison: Some(media) },
        is_assessment: false,
    };
    let judgement = Judgement::default();
    let context = Context { now: "2026-11-22T00:00:00Z".parse().unwrap(), judgement: &judgement, media_filter: None };
    let outcome = Media.compare(&facts, &context);
    let mut lines: Vec<String> = outcome
        .findings
        .iter()
        .map(|it| format!("{} {} {}", it.rule.code.strip_prefix("media.").unwrap(), it.subject, it.severity))
        .collect();
    lines.sort();
    lines.extend(outcome.gaps);
    lines
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
fn an_empty_magento_1_folder_is_doubted() {
    let found = check_files("", "a.jpg = a\n");
    assert_eq!(
        found,
        ["extra a.jpg info", "the Magento 1 media folder is empty: is it the right one, and is it mounted?"]
    );
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
