use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::design::{ConfigValue, Design as DesignFacts, DesignChange, THEME_ID, Theme};
use crate::facts::layout::PageLayout;
use crate::facts::version::Version;
use crate::facts::{LayoutFacts, Snapshot, StoreView};
use crate::known::Known;
use crate::matching::Judgement;
use crate::source::installation::themes::{FileTally, ThemeFolder, ThemeFolders};

fn stores() -> Known<Vec<StoreView>> {
    let store = |(id, code, website, is_active): (u64, &str, u64, bool)| StoreView {
        id,
        code: code.to_owned(),
        name: code.to_uppercase(),
        is_active,
        website,
    };
    Known::Is(
        [(1, "default", 1, true), (2, "de", 1, true), (3, "fr", 2, true), (4, "old", 2, false)].map(store).to_vec(),
    )
}

/// Values as lines `scope id path value`.
fn config(text: &str) -> Known<Vec<ConfigValue>> {
    let value = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        ConfigValue {
            scope: words[0].to_owned(),
            scope_id: words[1].parse().unwrap(),
            path: words[2].to_owned(),
            value: words.get(3).copied().unwrap_or_default().to_owned(),
        }
    };
    Known::Is(text.lines().filter(|it| !it.trim().is_empty()).map(value).collect())
}

fn themes() -> Known<Vec<Theme>> {
    let theme =
        |(id, path): (u64, &str)| Theme { id, path: path.to_owned(), area: "frontend".to_owned(), is_physical: true };
    Known::Is([(2, "Magento/luma"), (5, "Acme/shop")].map(theme).to_vec())
}

fn change(id: u64, design: &str, from: &str, to: &str) -> DesignChange {
    DesignChange { id, store: 2, design: design.to_owned(), from: from.parse().ok(), to: to.parse().ok() }
}

fn compared(m1: DesignFacts, m2: DesignFacts) -> Outcome {
    let side = |design| Snapshot { stores: stores(), design: Known::Is(design), ..Snapshot::empty() };
    outcome(&Design, &facts(side(m1), Some(side(m2))), &Judgement::default())
}

fn check(m1: &str, m2: &str) -> Vec<String> {
    let m1 = DesignFacts { config: config(m1), ..DesignFacts::default() };
    let m2 = DesignFacts { config: config(m2), themes: themes(), ..DesignFacts::default() };
    lines(&compared(m1, m2).findings)
}

#[test]
fn a_customised_theme_needs_one_in_magento_2() {
    assert_eq!(check("default 0 design/package/name rwd", ""), Vec::<String>::new());
    let m1 = "default 0 design/package/name rwd
              stores 2 design/package/name acme
              websites 2 design/theme/skin acme_skin";
    assert_eq!(check(m1, ""), ["theme-missing store:de high", "theme-missing store:fr high"]);
    let m2 = &format!("stores 2 {THEME_ID} 5\nwebsites 2 {THEME_ID} 5");
    assert_eq!(check(m1, m2), Vec::<String>::new());
    // A theme that is not registered is none.
    assert_eq!(check(m1, &format!("default 0 {THEME_ID} 77")).len(), 2);
    assert_eq!(check(m1, &format!("default 0 {THEME_ID} Acme/shop")).len(), 0);
    // Without the list of themes nothing is claimed.
    let m1 = DesignFacts { config: config(m1), ..DesignFacts::default() };
    let lack = crate::known::Lack::NotThere("no table theme".to_owned());
    let found = compared(m1, DesignFacts { themes: Known::Not(lack), ..DesignFacts::default() });
    assert!(found.findings.is_empty() && found.gaps.contains(&"no table theme".to_owned()), "{:?}", found.gaps);
}

#[test]
fn a_scheduled_design_must_be_a_theme() {
    let m2 = |schedule: Vec<DesignChange>| DesignFacts {
        schedule: Known::Is(schedule),
        themes: themes(),
        ..DesignFacts::default()
    };
    let found = compared(
        DesignFacts::default(),
        m2(vec![
            change(1, "rwd/default", "2012-01-01", "2012-02-01"),
            change(2, "rwd/default", "2026-11-01", "2026-11-22"),
            change(3, "rwd/default", "2027-01-01", "x"),
            change(4, "rwd/default", "x", "x"),
            change(5, "5", "x", "x"),
            change(6, "99", "x", "2026-11-21"),
            change(7, "Acme/shop", "x", "x"),
        ]),
    );
    assert_eq!(
        lines(&found.findings),
        [
            "schedule-broken design_change:1 low",
            "schedule-broken design_change:2 blocker",
            "schedule-broken design_change:3 blocker",
            "schedule-broken design_change:4 blocker",
            "schedule-broken design_change:6 low",
        ]
    );
    assert!(found.findings.iter().all(|it| &*it.scope == "de"));
}

#[test]
fn settings_that_did_not_come_along_are_lost() {
    let m1 = "default 0 design/head/default_title T
              stores 2 design/head/default_title D
              default 0 design/footer/copyright
              default 0 design/head/default_robots NOINDEX
              default 0 design/package/ua_regexp a:1:{}
              default 0 design/theme/skin_ua_regexp a:0:{}";
    assert_eq!(
        check(m1, "default 0 design/head/default_title Another"),
        [
            "config-lost config:design/head/default_robots medium",
            "config-lost config:design/head/default_title medium",
            "config-lost config:design/package/ua_regexp medium",
        ]
    );
    let m2 = "default 0 design/head/default_title T
              stores 2 design/head/default_title D
              default 0 design/search_engine_robots/default_robots NOINDEX
              default 0 design/theme/ua_regexp {\"x\":1}";
    assert_eq!(check(m1, m2), Vec::<String>::new());
}

#[test]
fn before_the_migration_the_tools_own_trap_is_told() {
    let m1 = DesignFacts {
        schedule: Known::Is(vec![
            change(4, "acme/default", "2015-01-01", "x"),
            change(5, "acme/default", "2015-01-01", "2015-02-01"),
        ]),
        config: config("default 0 design/head/default_title T\ndefault 0 design/package/ua_regexp x"),
        ..DesignFacts::default()
    };
    let side = Snapshot { stores: stores(), design: Known::Is(m1), ..Snapshot::empty() };
    let mut facts = facts(side, Some(Snapshot::empty()));
    facts.is_assessment = true;
    let found = outcome(&Design, &facts, &Judgement::default());
    assert_eq!(
        lines(&found.findings),
        [
            "config-lost config:design/package/ua_regexp medium",
            "schedule-broken design_change:4 blocker",
            "theme-missing store:de high",
        ],
        "the tool copies the title, and does not copy what picks a package by the browser"
    );
    let theme = found.findings.iter().find(|it| it.subject.starts_with("store:")).unwrap();
    assert_eq!(theme.m1.as_deref(), Some("acme/default (design_change 4, from 2015-01-01, open end)"));
}

/// A theme of Magento 1 with one template.
fn folder(area: &str, path: &str, parent: Option<&str>) -> ThemeFolder {
    let tally = FileTally { own: 1, ..FileTally::default() };
    ThemeFolder {
        area: area.to_owned(),
        path: path.to_owned(),
        parent: parent.map(str::to_owned),
        files: std::iter::once(("templates".to_owned(), tally)).collect(),
    }
}

fn page(identifier: &str, theme: &str, is_active: bool) -> PageLayout {
    PageLayout {
        id: 1,
        identifier: identifier.to_owned(),
        stores: vec![0],
        is_active,
        update: None,
        custom_update: None,
        selected: String::new(),
        page_layout: String::new(),
        custom_page_layout: String::new(),
        custom_theme: theme.to_owned(),
        from: None,
        to: None,
        version: Version::default(),
    }
}

#[test]
fn a_theme_is_used_by_whatever_shows_it() {
    let folders = [
        folder("frontend", "acme/default", Some("acme/core")),
        folder("frontend", "acme/core", None),
        folder("frontend", "acme/skin", None),
        folder("frontend", "acme/safari", None),
        folder("frontend", "acme/advent", None),
        folder("frontend", "acme/over", None),
        folder("frontend", "acme/page", None),
        folder("frontend", "acme/gone", None),
        folder("frontend", "rwd/default", None),
        folder("frontend", "closed/default", None),
        folder("adminhtml", "default/acme_admin", None),
    ];
    let on_disk = ThemeFolders { themes: folders.to_vec(), has_base: true, ..ThemeFolders::default() };
    let mut values = config(
        "default 0 design/package/name acme\nwebsites 1 design/theme/skin skin\nstores 4 design/package/name closed",
    );
    if let Known::Is(values) = &mut values {
        values.push(ConfigValue {
            scope: "default".to_owned(),
            scope_id: 0,
            path: "design/theme/template_ua_regexp".to_owned(),
            value: "a:1:{i:0;a:2:{s:6:\"regexp\";s:6:\"Safari\";s:5:\"value\";s:6:\"safari\";}}".to_owned(),
        });
    }
    let schedule =
        vec![change(1, "acme/advent", "2026-12-01", "2026-12-24"), change(2, "acme/over", "2020-01-01", "2020-02-01")];
    let design = DesignFacts {
        config: values,
        schedule: Known::Is(schedule),
        folders: Known::Is(on_disk),
        linked: std::iter::once("acme/gone".to_owned()).collect(),
        ..DesignFacts::default()
    };
    let pages = vec![page("tea", "acme/page", true), page("old", "acme/gone", false)];
    let layout = LayoutFacts { pages, ..LayoutFacts::default() };
    let m1 = Snapshot { stores: stores(), design: Known::Is(design), layout: Known::Is(layout), ..Snapshot::empty() };
    let design = DesignFacts { themes: themes(), ..DesignFacts::default() };
    let m2 = Snapshot { stores: stores(), design: Known::Is(design), ..Snapshot::empty() };
    let found = outcome(&Design, &facts(m1, Some(m2)), &Judgement::default());
    let mut unused = lines(&found.findings);
    unused.retain(|it| it.starts_with("theme-unused"));
    assert_eq!(
        unused,
        [
            "theme-unused theme:adminhtml/default/acme_admin info guess",
            "theme-unused theme:frontend/acme/gone info",
            "theme-unused theme:frontend/acme/over info",
            "theme-unused theme:frontend/closed/default info",
        ],
        "a parent, the skin, an exception for a browser, what is to come and a page keep their themes"
    );
    let gone = found.findings.iter().find(|it| it.subject.contains("acme/gone")).unwrap();
    assert_eq!(&*gone.detail, "only named by cms_page old for all, layout link");
    let safari = found.inventory.rows.iter().find(|it| it[0] == "theme:frontend/acme/safari").unwrap();
    assert!(safari[3].contains("store de, templates, browser Safari"), "{safari:?}");
}

#[test]
fn a_registered_theme_must_be_on_disk() {
    let on_disk = |paths: &[&str]| {
        let themes = paths.iter().map(|it| folder("frontend", it, None)).collect();
        Known::Is(ThemeFolders { themes, has_base: false, ..ThemeFolders::default() })
    };
    let check = |folders| {
        let config = config(&format!("stores 2 {THEME_ID} 5"));
        let m2 = DesignFacts { config, themes: themes(), folders, ..DesignFacts::default() };
        lines(&compared(DesignFacts::default(), m2).findings)
    };
    assert_eq!(check(on_disk(&["Acme/shop"])), Vec::<String>::new());
    assert_eq!(check(on_disk(&["Acme/other"])), ["theme-not-on-disk theme:frontend/Acme/shop blocker likely"]);
}
