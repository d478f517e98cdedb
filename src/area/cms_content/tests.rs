use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::content::{Content, Text, TextKind};
use crate::facts::{Snapshot, StoreView};
use crate::known::Known;
use crate::magento::directives;
use crate::matching::Judgement;

fn text(kind: TextKind, key: &str, store: u64, content: &str) -> Text {
    let directives = directives::read(content.as_bytes());
    Text { key: key.to_owned(), id: 7, stores: vec![store], directives, ..Text::of(kind) }
}

/// The texts of a side, with the block that widgets show.
fn side(mut texts: Vec<Text>) -> Snapshot {
    texts.push(Text { id: 1, ..text(TextKind::Block, "shown", 0, "") });
    let store = |(id, code): (u64, &str)| StoreView {
        id,
        code: code.to_owned(),
        name: code.to_owned(),
        is_active: true,
        website: 1,
    };
    Snapshot {
        stores: Known::Is([(1, "default"), (2, "de")].map(store).to_vec()),
        content: Known::Is(Content { texts, ..Content::default() }),
        ..Snapshot::empty()
    }
}

fn check(m1: Vec<Text>, m2: Vec<Text>) -> Vec<String> {
    lines(&outcome(&CmsContent, &facts(side(m1), Some(side(m2))), &Judgement::default()).findings)
}

fn page(content: &str) -> Text {
    text(TextKind::Page, "home", 0, content)
}

const OLD: &str = "{{widget type=\"cms/widget_block\" block_id=\"1\"}}";
const NEW: &str = "{{widget type=\"Magento\\\\Cms\\\\Block\\\\Widget\\\\Block\" block_id=\"1\"}}";

#[test]
fn pages_and_blocks_are_matched_by_identifier_and_store_views() {
    let block = |store| text(TextKind::Block, "promo", store, "");
    assert_eq!(check(vec![page(""), block(0), block(2)], vec![page(""), block(0), block(2)]), Vec::<String>::new());
    assert_eq!(check(vec![block(0), block(2)], vec![block(0)]), Vec::<String>::new(), "merged");
    assert_eq!(check(vec![block(0)], vec![block(1), block(2)]), Vec::<String>::new(), "split");
    assert_eq!(check(vec![block(0)], vec![block(2)]), ["missing cms_block:promo high"], "one store view lost it");
    assert_eq!(check(vec![block(1)], vec![block(0)]), Vec::<String>::new(), "its store views were changed");
    assert_eq!(check(vec![block(1)], vec![block(2)]), ["missing cms_block:promo high"], "nobody sees it where it was");
    assert_eq!(check(vec![page("")], vec![]), ["missing cms_page:home high"]);
    assert_eq!(check(vec![], vec![page("")]), Vec::<String>::new());
}

/// Findings with their store views.
fn with_scope(m1: Vec<Text>, m2: Vec<Text>) -> Vec<String> {
    let found = outcome(&CmsContent, &facts(side(m1), Some(side(m2))), &Judgement::default()).findings;
    found.iter().map(|it| format!("{} {} {} [{}]", it.rule.code, it.subject, it.severity.code(), it.scope)).collect()
}

#[test]
fn what_visitors_of_a_store_view_lose_is_told() {
    let none = Vec::<String>::new();
    let on = |store| text(TextKind::Page, "help", store, "");
    let off = |store| Text { is_active: false, ..on(store) };
    let nowhere = || Text { stores: Vec::new(), ..on(0) };
    let block = |is_active| Text { is_active, ..text(TextKind::Block, "promo", 0, "") };
    assert_eq!(with_scope(vec![on(0)], vec![on(2)]), ["cms_content.missing cms_page:help high [default]"]);
    assert_eq!(with_scope(vec![on(0)], vec![nowhere()]), ["cms_content.missing cms_page:help high [all]"]);
    assert_eq!(with_scope(vec![on(0)], vec![off(0)]), ["cms_content.inactive cms_page:help high [all]"]);
    assert_eq!(with_scope(vec![on(0)], vec![off(0), on(1)]), ["cms_content.inactive cms_page:help high [de]"]);
    assert_eq!(
        with_scope(vec![block(true)], vec![block(false)]),
        ["cms_content.inactive cms_block:promo medium [all]"]
    );
    assert_eq!(with_scope(vec![off(0)], vec![off(0)]), none);
    assert_eq!(with_scope(vec![off(0)], vec![]), ["cms_content.missing cms_page:help low [all]"]);
    assert_eq!(with_scope(vec![nowhere()], vec![]), ["cms_content.missing cms_page:help low []"]);
    // A store view that is closed shows nothing that could be lost, and one that Magento 2 does not have is another matter.
    let mut m1 = side(vec![on(0)]);
    let stores = Known::Is(vec![
        StoreView { id: 1, code: "default".to_owned(), name: String::new(), is_active: true, website: 1 },
        StoreView { id: 2, code: "de".to_owned(), name: String::new(), is_active: false, website: 1 },
        StoreView { id: 3, code: "fr".to_owned(), name: String::new(), is_active: true, website: 1 },
    ]);
    m1.stores = stores;
    let found = outcome(&CmsContent, &facts(m1, Some(side(vec![on(1)]))), &Judgement::default()).findings;
    assert_eq!(lines(&found), none);
}

#[test]
fn a_text_that_was_emptied_or_rebuilt_is_told_and_what_an_installer_wrote_is_not_the_shops() {
    let long = |length| Text { length: Some(length), ..page("") };
    assert_eq!(check(vec![long(5)], vec![long(0)]), ["emptied cms_page:home high"]);
    assert_eq!(check(vec![long(2000)], vec![long(150)]), ["emptied cms_page:home high"]);
    assert_eq!(check(vec![long(2000)], vec![long(900)]), Vec::<String>::new());
    assert_eq!(check(vec![long(150)], vec![long(5)]), Vec::<String>::new(), "another wording");
    let rebuilt = Text { is_of_page_builder: true, ..page("") };
    assert_eq!(
        check(vec![page(OLD)], vec![rebuilt]),
        ["rebuilt cms_page:home info", "widget-lost cms_page:home low likely"]
    );
    let stock = || Text { is_placeholder: true, ..page("") };
    let facts = facts(side(vec![page("")]), Some(side(vec![stock()])));
    let found = outcome(&CmsContent, &facts, &Judgement::default()).findings;
    assert_eq!(lines(&found), ["missing cms_page:home high"]);
    assert_eq!(&*found[0].detail, "Magento 2 has what its installer wrote in the place of it");
    assert_eq!(check(vec![stock()], vec![stock()]), Vec::<String>::new());
}

#[test]
fn a_widget_that_is_gone_is_named_with_its_place() {
    assert_eq!(check(vec![page(OLD)], vec![page(NEW)]), Vec::<String>::new());
    let m1 = page(&format!("{OLD}\n{OLD}\n\n{{{{widget type=\"acme_blog/latest\"}}}}"));
    let found =
        outcome(&CmsContent, &facts(side(vec![m1]), Some(side(vec![page(NEW)]))), &Judgement::default()).findings;
    assert_eq!((lines(&found), found[0].incidents), (vec!["widget-lost cms_page:home high".to_owned()], 2));
    assert!(found[0].detail.contains("line 2: {{widget type=\"cms/widget_block\""), "{}", found[0].detail);
    assert!(found[0].detail.contains("line 4: {{widget type=\"acme_blog/latest\"}}"), "{}", found[0].detail);
    // What an extension's widget became has another name.
    let own = "{{widget type=\"acme_blog/latest\"}}";
    assert_eq!(check(vec![page(own)], vec![page("{{widget type=\"Acme\\Blog\\Latest\"}}")]), Vec::<String>::new());
}

#[test]
fn a_directive_in_magento_1s_words_is_dead_in_magento_2() {
    for content in [OLD, "{{block type=\"core/template\"}}", "{{skin url=\"a.png\"}}"] {
        let m1 = if content == OLD { OLD } else { "" };
        assert_eq!(check(vec![page(m1)], vec![page(content)]), ["dead-directive cms_page:home medium"], "{content}");
    }
    assert_eq!(
        check(vec![page("")], vec![page("{{block class=\"A\\B\"}}{{block id=\"shown\"}}")]),
        Vec::<String>::new()
    );
    let email = || text(TextKind::Email, "order", 0, "{{skin url=\"a.png\"}}");
    assert_eq!(check(vec![email()], vec![email()]), ["dead-directive email:7 medium"]);
}

#[test]
fn what_a_text_names_has_to_be_there() {
    let block = |id, key: &str| Text { id, ..text(TextKind::Block, key, 0, "") };
    let by = |content: &str, m1: Vec<Text>, m2: Vec<Text>| {
        let (m1, m2) = ([vec![page("")], m1].concat(), [vec![page(content)], m2].concat());
        let found = outcome(&CmsContent, &facts(side(m1), Some(side(m2))), &Judgement::default()).findings;
        let found: Vec<_> = found.iter().filter(|it| it.subject.ends_with("home")).collect();
        found.iter().map(|it| format!("{} {} {}", it.rule.code, it.severity.code(), it.detail)).collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    let hours = || vec![block(150, "hours")];
    let widget = "{{widget type=\"Magento\\Cms\\Block\\Widget\\Block\" block_id=\"150\"}}";
    assert_eq!(by(widget, hours(), hours()), none);
    assert_eq!(by("{{block id=\"hours\"}}{{block id='150'}}", hours(), hours()), none);
    let moved = by(widget, hours(), vec![block(151, "hours")]);
    assert!(moved[0].starts_with("cms_content.dead-reference high line 1: {{widget"), "{moved:?}");
    assert!(
        moved[0].ends_with("there is no block 150 (Magento 1's block 150 is hours, which has the id 151 in Magento 2)")
    );
    let gone = by("{{block id=\"gone\"}}", vec![], vec![]);
    assert!(gone[0].starts_with("cms_content.dead-reference low") && gone[0].contains("Magento 1 had none, either"));
    let page_link = "{{widget type=\"Magento\\Cms\\Block\\Widget\\Page\\Link\" page_id=\"7\"}}";
    assert_eq!(by(page_link, vec![], vec![]), none, "the page itself has this id");
    assert_eq!(by(&page_link.replace('7', "8"), vec![], vec![]).len(), 1);
    // Magento 2 takes an id for that of a CMS block, whatever the type is.
    let typed = "{{block type=\"acme/slider\" id=\"hours\"}}";
    assert_eq!(by(typed, hours(), hours()), none);
    assert!(by(typed, vec![], vec![])[0].starts_with("cms_content.dead-directive medium"));
}

#[test]
fn products_and_templates_are_looked_at_for_their_widgets() {
    let product = |content: &str| text(TextKind::Product, "TEE-001", 2, content);
    assert_eq!(check(vec![product(OLD)], vec![page("")]), ["widget-lost product:TEE-001 high"]);
    assert_eq!(check(vec![product(OLD)], vec![product(NEW)]), Vec::<String>::new());
}

#[test]
fn before_the_migration_the_tools_work_is_foreseen() {
    let m1 = page(&format!("{OLD}{{{{widget type=\"acme_blog/latest\"}}}}{{{{block type=\"tag/popular\"}}}}"));
    let mut facts = facts(side(vec![m1]), Some(Snapshot::empty()));
    facts.is_assessment = true;
    let found = outcome(&CmsContent, &facts, &Judgement::default()).findings;
    assert_eq!(lines(&found), ["dead-directive cms_page:home medium", "widget-lost cms_page:home high likely"]);
    assert!(!found[0].detail.contains("cms/widget_block"), "that one is translated");
}
