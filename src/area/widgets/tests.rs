use std::collections::BTreeSet;

use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::design::{ConfigValue, THEME_ID, Theme};
use crate::facts::widgets::{Placement, Reference};
use crate::facts::{Design, Snapshot, StoreView, Widget};
use crate::finding::Finding;
use crate::known::{Known, Lack};
use crate::matching::Judgement;

fn stores() -> Known<Vec<StoreView>> {
    let store = |(id, code): (u64, &str)| StoreView {
        id,
        code: code.to_owned(),
        name: code.to_owned(),
        is_active: true,
        website: 1,
    };
    Known::Is([(1, "default"), (2, "de")].map(store).to_vec())
}

/// Widgets as `title|type|theme|stores|[group@]container:updates …`.
fn widgets(text: &str) -> Known<Vec<Widget>> {
    let widget = |(id, line): (u64, &str)| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let placement = |word: &str| {
            let (container, updates) = word.split_once(':').unwrap();
            let (group, container) = container.split_once('@').unwrap_or(("all_pages", container));
            Placement {
                group: group.to_owned(),
                handle: "default".to_owned(),
                container: container.to_owned(),
                template: String::new(),
                updates: updates.parse().unwrap(),
                only: None,
                linked: BTreeSet::new(),
            }
        };
        Widget {
            id,
            title: parts[0].to_owned(),
            kind: parts[1].to_owned(),
            theme: parts[2].to_owned(),
            stores: parts[3].split(',').map(|it| it.parse().unwrap()).collect(),
            placements: parts[4].split_whitespace().map(placement).collect(),
            parameters: Some(std::collections::BTreeSet::new()),
            references: Vec::new(),
        }
    };
    Known::Is((1..).zip(text.lines().filter(|it| !it.trim().is_empty())).map(widget).collect())
}

fn design() -> Design {
    let theme = |(id, path, area): (u64, &str, &str)| Theme {
        id,
        path: path.to_owned(),
        area: area.to_owned(),
        is_physical: true,
    };
    let of_store =
        ConfigValue { scope: "stores".to_owned(), scope_id: 2, path: THEME_ID.to_owned(), value: "5".to_owned() };
    Design {
        themes: Known::Is(
            [(2, "Magento/luma", "frontend"), (3, "Magento/backend", "adminhtml"), (5, "Acme/shop", "frontend")]
                .map(theme)
                .to_vec(),
        ),
        config: Known::Is(vec![of_store]),
        ..Design::default()
    }
}

fn side(widgets: Known<Vec<Widget>>) -> Snapshot {
    Snapshot { stores: stores(), widgets, design: Known::Is(design()), ..Snapshot::empty() }
}

fn compared(m1: &str, m2: &str) -> Outcome {
    outcome(&Widgets, &facts(side(widgets(m1)), Some(side(widgets(m2)))), &Judgement::default())
}

fn check(m1: &str, m2: &str) -> Vec<String> {
    lines(&compared(m1, m2).findings)
}

const M1: &str = "Promo|cms/widget_block|rwd/default|0|left:1";

#[test]
fn where_every_widget_was_made_right_nothing_is_found() {
    let found = compared(
        "Promo|cms/widget_block|rwd/default|0|left:1
         Promo|cms/widget_page_link|rwd/default|2|content:1
         Blog|acme_blog/latest|acme/default|2|my.own:1
         Unplaced|cms/widget_block|rwd/default|1|",
        "Promo|Magento\\Cms\\Block\\Widget\\Page\\Link|5|2|content:1
         promo |Magento\\Cms\\Block\\Widget\\Block|2|0|sidebar.main:1
         Blog|Acme\\Blog\\Block\\Latest|5|2|my.own:2
         Unplaced|Magento\\Cms\\Block\\Widget\\Block|2|1|",
    );
    assert_eq!((lines(&found.findings), found.gaps), (Vec::new(), Vec::new()));
}

#[test]
fn a_widget_that_is_not_there_or_in_magento_2_only_is_said() {
    assert_eq!(check(M1, ""), ["missing widget:Promo high"]);
    assert_eq!(check("", "New|Magento\\Cms\\Block|2|0|content:1"), ["extra widget:New info"]);
    let twice = "Promo|cms/widget_block|rwd/default|1|left:1\nPromo|cms/widget_block|rwd/default|2|left:1";
    let found = compared(twice, "Promo|Magento\\Cms\\Block\\Widget\\Block|5|2|content:1").findings;
    assert_eq!(found.iter().map(|it| (&*it.subject, &*it.scope)).collect::<Vec<_>>(), [("widget:Promo", "default")]);
}

#[test]
fn each_trouble_is_a_finding_of_its_own() {
    let of = |m2: &str| check(M1, m2);
    let class = "Magento\\Cms\\Block\\Widget\\Block";
    assert_eq!(of(&format!("Promo|{class}|2|0|sidebar.main:0")), ["not-placed widget:Promo high"]);
    assert_eq!(of(&format!("Promo|{class}|2|0|")), ["not-placed widget:Promo high"]);
    assert_eq!(of("Promo||2|0|sidebar.main:1"), ["type-lost widget:Promo high"]);
    assert_eq!(of("Promo|cms/widget_block|2|0|sidebar.main:1"), ["type-lost widget:Promo high"]);
    assert_eq!(of(&format!("Promo|{class}|3|0|sidebar.main:1")), ["wrong-theme widget:Promo high"]);
    assert_eq!(of(&format!("Promo|{class}|9|0|sidebar.main:1")), ["wrong-theme widget:Promo high"]);
    assert_eq!(of(&format!("Promo|{class}|2|0|left:1")), ["unknown-container widget:Promo medium"]);
    let all = compared(M1, "Promo||3|0|left:0").findings;
    assert_eq!(all.len(), 4);
    assert!(all.iter().any(|it| &*it.detail == "set all_pages in sidebar.main"));
}

#[test]
fn a_place_for_fewer_categories_or_store_views_is_said() {
    let class = "Magento\\Cms\\Block\\Widget\\Block";
    let detail = |before: Option<&[u64]>, now: Option<&[u64]>, was_linked: &[u64], is_linked: &[u64]| {
        let with = |text: &str, only: Option<&[u64]>, linked: &[u64]| {
            let Known::Is(mut all) = widgets(text) else { unreachable!() };
            all[0].placements[0].only = only.map(|it| it.iter().copied().collect());
            all[0].placements[0].linked = linked.iter().copied().collect();
            Known::Is(all)
        };
        let m1 = side(with("Promo|cms/widget_block|rwd/default|0|left:1", before, was_linked));
        let m2 = side(with(&format!("Promo|{class}|2|0|sidebar.main:1"), now, is_linked));
        let found = outcome(&Widgets, &facts(m1, Some(m2)), &Judgement::default()).findings;
        found
            .iter()
            .filter(|it| it.rule.code == "widgets.place-lost")
            .map(|it| it.detail.to_string())
            .collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    assert_eq!(detail(None, None, &[0], &[0]), none);
    assert_eq!(detail(None, Some(&[7]), &[0], &[0]), ["all_pages was for all, and is for 7"]);
    assert_eq!(detail(Some(&[5, 9]), Some(&[5, 77]), &[0], &[0]), ["all_pages lacks 9"]);
    assert_eq!(detail(Some(&[5]), None, &[0], &[0]), none);
    assert_eq!(detail(None, None, &[0], &[2]), ["all_pages is not shown in the store views default"]);
    assert_eq!(detail(None, None, &[2], &[0]), none);
    assert_eq!(detail(None, None, &[0], &[]), none, "an older snapshot does not tell");
}

#[test]
fn a_place_that_is_gone_is_said_though_others_are_there() {
    let m1 = "Promo|cms/widget_block|rwd/default|0|left:1 all_products@content:1 pages@content:0";
    let class = "Magento\\Cms\\Block\\Widget\\Block";
    let found = compared(m1, &format!("Promo|{class}|2|0|sidebar.main:1 all_products@content:0")).findings;
    assert_eq!(lines(&found), ["place-lost widget:Promo medium"]);
    assert_eq!(found[0].m1.as_deref(), Some("all_products (default) in content"));
    assert_eq!(
        check(m1, &format!("Promo|{class}|2|0|sidebar.main:1 all_products@content.top:1")),
        Vec::<String>::new()
    );
}

#[test]
fn a_theme_counts_where_it_is_used() {
    let of = |theme: u64, store: u64| {
        let m1 = format!("Promo|cms/widget_block|rwd/default|{store}|left:1");
        check(&m1, &format!("Promo|Magento\\Cms\\Block\\Widget\\Block|{theme}|{store}|content:1")).len()
    };
    // Without a setting a store view shows Luma; the German one has a theme of its own.
    assert_eq!([of(2, 1), of(5, 2), of(2, 0), of(5, 0)], [0, 0, 0, 0]);
    assert_eq!([of(5, 1), of(2, 2)], [1, 1]);
}

#[test]
fn what_is_not_known_is_not_judged() {
    let m1 = Snapshot { stores: stores(), widgets: widgets(M1), ..Snapshot::empty() };
    let lack = Lack::NotThere("Magento 2 database: there is no table theme".to_owned());
    let m2 = Snapshot {
        stores: stores(),
        widgets: widgets("Promo|Magento\\Cms\\Block\\Widget\\Block|3|0|content:1"),
        design: Known::Is(Design { themes: Known::Not(lack), ..design() }),
        ..Snapshot::empty()
    };
    let found = outcome(&Widgets, &facts(m1.clone(), Some(m2)), &Judgement::default());
    assert_eq!((found.findings.len(), found.gaps), (0, vec!["Magento 2 database: there is no table theme".to_owned()]));
    assert!(outcome(&Widgets, &facts(m1, None), &Judgement::default()).findings.is_empty());
}

#[test]
fn what_a_widget_refers_to_has_to_be_there() {
    let with = |parameter: &str, value: &str, is_there: bool| {
        let Known::Is(mut widgets) = widgets("Promo|Magento\\Cms\\Block\\Widget\\Block|5|0|") else { panic!() };
        let reference =
            Reference { parameter: parameter.to_owned(), value: value.to_owned(), is_there: Some(is_there) };
        widgets[0].parameters = Some([parameter.to_owned()].into());
        widgets[0].references = vec![reference];
        Known::Is(widgets)
    };
    let of = |m1, m2| {
        let side = |widgets| Snapshot { stores: stores(), widgets, ..Snapshot::empty() };
        let found = outcome(&Widgets, &facts(side(m1), Some(side(m2))), &Judgement::default()).findings;
        found.into_iter().filter(|it| it.rule.code != "widgets.wrong-theme").collect::<Vec<Finding>>()
    };
    let found = of(with("block_id", "3", true), with("block_id", "3", false));
    assert_eq!(lines(&found)[0], "dead-reference widget:Promo high");
    assert_eq!((found[0].m1.as_deref(), found[0].m2.as_deref()), (Some("block_id 3"), Some("block_id 3")));
    assert_eq!(
        lines(&of(with("block_id", "3", false), with("block_id", "3", false)))[0],
        "dead-reference widget:Promo low"
    );
    // What Magento 1 had, and Magento 2 has under no such id, was not lost before.
    assert_eq!(
        lines(&of(with("block_id", "7", false), with("block_id", "3", false)))[0],
        "dead-reference widget:Promo high"
    );
    let with_template = |template: &str| {
        let Known::Is(mut widgets) = widgets("Promo|Magento\\Cms\\Block\\Widget\\Block|5|0|left:1") else { panic!() };
        widgets[0].placements[0].template = template.to_owned();
        Known::Is(widgets)
    };
    let (old, new) = ("cms/widget/static_block/default.phtml", "widget/static_block/default.phtml");
    let found = of(with_template(old), with_template(old));
    let dead = found.iter().find(|it| it.rule.code == "widgets.dead-reference").unwrap();
    assert_eq!(&*dead.detail, "in Magento 2 the template is widget/static_block/default.phtml");
    assert!(of(with_template(old), with_template(new)).iter().all(|it| it.rule.code != "widgets.dead-reference"));
    // The same thing under another id is the same thing.
    let rules = |found: Vec<Finding>| found.iter().map(|it| it.rule.code).collect::<Vec<_>>();
    assert!(!rules(of(with("block_id", "3", true), with("block_id", "9", true))).contains(&"widgets.dead-reference"));
    let lost = of(with("block_id", "3", true), with("title", "x", true));
    assert!(lines(&lost).contains(&"parameter-lost widget:Promo medium".to_owned()), "{:?}", lines(&lost));
}

#[test]
fn a_widget_may_lose_one_of_two_pages() {
    let on = |handles: &[&str]| {
        let Known::Is(mut widgets) = widgets("Promo|Magento\\Cms\\Block\\Widget\\Block|5|0|pages@left:1") else {
            panic!()
        };
        let place = widgets[0].placements[0].clone();
        let with = |it: &&str| Placement { handle: (*it).to_owned(), ..place.clone() };
        widgets[0].placements = handles.iter().map(with).collect();
        Snapshot { stores: stores(), widgets: Known::Is(widgets), ..Snapshot::empty() }
    };
    let of = |m1: &[&str], m2: &[&str]| {
        let found = outcome(&Widgets, &facts(on(m1), Some(on(m2))), &Judgement::default()).findings;
        found.into_iter().filter(|it| it.rule.code == "widgets.place-lost").count()
    };
    assert_eq!(of(&["cms_index_index", "customer_account_login"], &["cms_index_index"]), 1);
    assert_eq!(of(&["cms_page"], &["cms_page_view"]), 0);
    assert_eq!(of(&["cms_index_index", "cms_index_index"], &["cms_index_index"]), 1);
}
