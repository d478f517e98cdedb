use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::design::{ConfigValue, Design as DesignFacts, DesignChange, THEME_ID, Theme};
use crate::facts::{Snapshot, StoreView};
use crate::known::Known;
use crate::settings::Judgement;

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
    let theme = |(id, path): (u64, &str)| Theme { id, path: path.to_owned(), area: "frontend".to_owned() };
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
    assert_eq!((found.findings.len(), found.gaps), (0, vec!["no table theme".to_owned()]));
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
        schedule: Known::Is(vec![change(4, "rwd/default", "2015-01-01", "x")]),
        ..DesignFacts::default()
    };
    let side = Snapshot { stores: stores(), design: Known::Is(m1), ..Snapshot::empty() };
    let mut facts = facts(side, Some(Snapshot::empty()));
    facts.is_assessment = true;
    let found = outcome(&Design, &facts, &Judgement::default());
    assert!(found.findings.is_empty() && found.summary[1].contains("1 scheduled design that is in force"), "{found:?}");
}
