use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::design::{Design as DesignFacts, Theme};
use crate::facts::layout::{EntityKind, EntityLayout, LayoutFacts, LayoutText, LooseUpdate, PageLayout};
use crate::facts::version::Version;
use crate::facts::{Snapshot, StoreView};
use crate::known::Known;
use crate::matching::Judgement;

fn text(xml: &str) -> Option<LayoutText> {
    (!xml.is_empty()).then(|| LayoutText::read(xml))
}

fn page(identifier: &str, store: u64, xml: &str) -> PageLayout {
    PageLayout {
        id: 1,
        identifier: identifier.to_owned(),
        stores: vec![store],
        is_active: true,
        update: text(xml),
        custom_update: None,
        selected: String::new(),
        page_layout: String::new(),
        custom_page_layout: String::new(),
        custom_theme: String::new(),
        from: None,
        to: None,
        version: Version::default(),
    }
}

fn product(store: u64, xml: &str) -> EntityLayout {
    EntityLayout {
        kind: EntityKind::Product,
        key: "TEE".to_owned(),
        store,
        is_active: true,
        update: text(xml).map(std::sync::Arc::new),
        selected: String::new(),
        theme: String::new(),
        page_layout: String::new(),
        timed_page_layout: String::new(),
        from: None,
        to: None,
        uses_parent: false,
        is_on_products: false,
        version: Version::default(),
    }
}

fn side(layout: LayoutFacts) -> Snapshot {
    let store = |(id, code): (u64, &str)| StoreView {
        id,
        code: code.to_owned(),
        name: code.to_owned(),
        is_active: true,
        website: 1,
    };
    let themes =
        Known::Is(vec![Theme { id: 5, path: "Acme/shop".to_owned(), area: "frontend".to_owned(), is_physical: true }]);
    Snapshot {
        stores: Known::Is([(1, "default"), (2, "de")].map(store).to_vec()),
        layout: Known::Is(layout),
        design: Known::Is(DesignFacts { themes, ..DesignFacts::default() }),
        ..Snapshot::empty()
    }
}

fn compared(m1: LayoutFacts, m2: LayoutFacts) -> Outcome {
    outcome(&Layout, &facts(side(m1), Some(side(m2))), &Judgement::default())
}

fn of_pages(m1: Vec<PageLayout>, m2: Vec<PageLayout>) -> Vec<String> {
    let of = |pages| LayoutFacts { pages, ..LayoutFacts::default() };
    lines(&compared(of(m1), of(m2)).findings)
}

fn of_products(m1: Vec<EntityLayout>, m2: Vec<EntityLayout>) -> Vec<String> {
    let of = |entities| LayoutFacts { entities, ..LayoutFacts::default() };
    lines(&compared(of(m1), of(m2)).findings)
}

const OLD: &str = "<reference name=\"left\"><block type=\"cms/block\" name=\"x\"/></reference>";
const NEW: &str = "<referenceContainer name=\"sidebar.main\"><block class=\"A\\B\" name=\"x\"/></referenceContainer>";

#[test]
fn what_was_done_is_not_missing() {
    assert_eq!(of_pages(vec![page("home", 0, OLD)], vec![page("home", 0, NEW)]), Vec::<String>::new());
    let selected = PageLayout { selected: "Home".to_owned(), ..page("home", 0, "") };
    assert_eq!(of_pages(vec![page("home", 0, OLD)], vec![selected]), Vec::<String>::new());
    assert_eq!(of_products(vec![product(0, OLD)], vec![product(0, NEW)]), Vec::<String>::new());
    let columns = "<update handle=\"page_three_columns\"/>";
    let chosen = EntityLayout { page_layout: "3columns".to_owned(), ..product(0, "") };
    assert_eq!(of_products(vec![product(0, columns)], vec![chosen]), Vec::<String>::new());
    // A page whose store views were changed is still the page.
    assert_eq!(of_pages(vec![page("home", 1, OLD)], vec![page("home", 0, NEW)]), Vec::<String>::new());
    assert_eq!(of_pages(vec![page("home", 0, "<!-- nothing -->")], vec![]), Vec::<String>::new());
    // A page that is not there at all is said to be missing by the content's area.
    assert_eq!(of_pages(vec![page("home", 0, OLD)], vec![]), Vec::<String>::new());
}

#[test]
fn what_was_dropped_is_missing_for_each_store_view() {
    let pages = || vec![page("about", 0, OLD), page("about", 2, OLD)];
    let found = compared(
        LayoutFacts { pages: pages(), ..LayoutFacts::default() },
        LayoutFacts { pages: vec![page("about", 0, NEW), page("about", 2, "<!-- -->")], ..LayoutFacts::default() },
    );
    assert_eq!(lines(&found.findings), ["missing cms_page:about high"]);
    assert_eq!((&*found.findings[0].scope, found.cards.len()), ("de", 2));
    assert!(found.findings[0].detail.contains("<referenceContainer name=\"sidebar.main\">"));
    assert_eq!(of_products(vec![product(0, OLD)], vec![]), ["missing product:TEE high"]);
}

#[test]
fn a_text_of_magento_1_in_magento_2_is_not_missing_but_wrong() {
    assert_eq!(of_products(vec![product(0, OLD)], vec![product(0, OLD)]), ["m1-syntax product:TEE high"]);
    assert_eq!(
        of_products(vec![], vec![product(0, "<update handle=\"PRODUCT_TYPE_simple\"/>")]),
        ["m1-syntax product:TEE high"]
    );
    assert_eq!(
        of_products(vec![], vec![product(0, "<referenceContainer name=\"left\"/>")]),
        ["unknown-target product:TEE medium"]
    );
}

#[test]
fn what_is_over_inactive_or_of_no_store_view_is_proposed_to_be_dropped() {
    let expected = ["expired product:TEE info", "missing product:TEE low"];
    let over = EntityLayout { to: "2026-11-21".parse().ok(), ..product(0, OLD) };
    assert_eq!(of_products(vec![over], vec![]), expected);
    assert_eq!(of_products(vec![EntityLayout { is_active: false, ..product(0, OLD) }], vec![]), expected);
    assert_eq!(of_products(vec![product(77, OLD)], vec![]), expected);
    let today = EntityLayout { to: "2026-11-22".parse().ok(), ..product(0, OLD) };
    assert_eq!(of_products(vec![today], vec![]), ["missing product:TEE high"]);
    // A page's own layout update has no time; the custom one has.
    let timed =
        |xml: &str| PageLayout { custom_update: text(OLD), to: "2026-01-01".parse().ok(), ..page("home", 0, xml) };
    assert_eq!(
        of_pages(vec![timed("")], vec![page("home", 0, "")]),
        ["expired cms_page:home info", "missing cms_page:home low"]
    );
    assert_eq!(
        of_pages(vec![timed(OLD)], vec![page("home", 0, "")]),
        ["expired cms_page:home info", "missing cms_page:home high"]
    );
}

#[test]
fn a_selected_file_must_exist_where_files_can_be_looked_at() {
    let selected = |name: &str| PageLayout { selected: name.to_owned(), ..page("landing/summer", 0, "") };
    let of = |file: Option<&str>| {
        let files = file.map(|it| std::iter::once(it.to_owned()).collect());
        let m2 = LayoutFacts { pages: vec![selected("Sale")], files, ..LayoutFacts::default() };
        lines(&compared(LayoutFacts::default(), m2).findings)
    };
    assert_eq!(of(None), Vec::<String>::new());
    assert_eq!(of(Some("cms_page_view_selectable_landing_summer_Sale.xml")), Vec::<String>::new());
    assert_eq!(of(Some("x_selectable_y.xml")), ["file-missing cms_page:landing/summer blocker"]);
    let product = EntityLayout { selected: "A".to_owned(), key: "T Ä".to_owned(), ..product(0, "") };
    let files = Some(["catalog_product_view_selectable_T%20%C3%84_A.xml".to_owned()].into());
    let m2 = LayoutFacts { entities: vec![product], files, ..LayoutFacts::default() };
    assert_eq!(lines(&compared(LayoutFacts::default(), m2).findings), Vec::<String>::new());
}

#[test]
fn broken_texts_are_said_besides() {
    let broken = "<reference name=\"left\">";
    assert_eq!(
        of_products(vec![product(0, broken)], vec![]),
        ["malformed product:TEE medium", "missing product:TEE high"]
    );
}

#[test]
fn page_layouts_and_themes_are_compared() {
    let with = |page_layout: &str, theme: &str| EntityLayout {
        page_layout: page_layout.to_owned(),
        theme: theme.to_owned(),
        ..product(0, "")
    };
    assert_eq!(of_products(vec![with("two_columns_left", "")], vec![with("2columns-left", "")]), Vec::<String>::new());
    assert_eq!(
        of_products(vec![with("two_columns_left", "")], vec![with("1column", "")]),
        ["page-layout product:TEE medium"]
    );
    assert_eq!(of_products(vec![with("empty", "")], vec![]), ["page-layout product:TEE medium"]);
    assert_eq!(of_products(vec![with("", "acme/x")], vec![with("", "5")]), Vec::<String>::new());
    assert_eq!(of_products(vec![with("", "acme/x")], vec![]), ["theme-reference product:TEE medium"]);
    assert_eq!(of_products(vec![with("", "acme/x")], vec![with("", "acme/x")]), ["theme-reference product:TEE medium"]);
    let over = EntityLayout { to: "2020-01-01".parse().ok(), ..with("one_column", "acme/x") };
    assert_eq!(of_products(vec![over], vec![]), ["expired product:TEE info"]);
    let copied = PageLayout { custom_page_layout: "three_columns".to_owned(), ..page("home", 0, "") };
    assert_eq!(of_pages(vec![], vec![copied]), ["page-layout cms_page:home medium"]);
}

#[test]
fn each_of_two_layout_updates_of_a_page_has_to_be_done() {
    let until = |it: PageLayout| PageLayout { to: "2027-01-01".parse().ok(), ..it };
    let both = |own: &str, custom: &str| until(PageLayout { custom_update: text(custom), ..page("home", 0, own) });
    assert_eq!(of_pages(vec![both(OLD, OLD)], vec![both(NEW, NEW)]), Vec::<String>::new());
    assert_eq!(of_pages(vec![both(OLD, OLD)], vec![both("", NEW)]), ["missing cms_page:home high likely"]);
    let selected = PageLayout { selected: "Home".to_owned(), ..page("home", 0, "") };
    assert_eq!(of_pages(vec![both(OLD, OLD)], vec![selected]), ["missing cms_page:home high likely"]);
    // One alone may stand in either field.
    assert_eq!(of_pages(vec![both("", OLD)], vec![both(NEW, "")]), Vec::<String>::new());
    // What has no end replaces the page's own: one is enough, in either field.
    let for_good = PageLayout { to: None, ..both(OLD, OLD) };
    assert_eq!(of_pages(vec![for_good.clone()], vec![page("home", 0, NEW)]), ["expired cms_page:home info"]);
    assert_eq!(
        of_pages(vec![for_good.clone()], vec![page("home", 0, "")]),
        ["expired cms_page:home info", "missing cms_page:home high"]
    );
    // Where neither has an effect, each is still missing, unless the page layout is what it chose.
    let inactive = PageLayout { is_active: false, custom_update: text("<update handle=\"page_empty\"/>"), ..for_good };
    let chosen = PageLayout { custom_page_layout: "empty".to_owned(), ..page("home", 0, "") };
    assert_eq!(
        of_pages(vec![inactive], vec![chosen]),
        ["expired cms_page:home info", "missing cms_page:home low likely"]
    );
}

fn category(store: u64, xml: &str) -> EntityLayout {
    EntityLayout { kind: EntityKind::Category, key: "4".to_owned(), ..product(store, xml) }
}

#[test]
fn the_design_of_a_category_reaches_what_it_reached() {
    let inherits = || EntityLayout { uses_parent: true, ..category(0, OLD) };
    assert_eq!(
        of_products(vec![inherits()], vec![]),
        ["expired category:4 info", "missing category:4 low", "reach category:4 medium"]
    );
    assert_eq!(
        of_products(vec![category(0, OLD)], vec![EntityLayout { uses_parent: true, ..category(0, NEW) }]),
        ["missing category:4 high", "reach category:4 medium"]
    );
    let spread = |xml: &str| EntityLayout { is_on_products: true, ..category(0, xml) };
    assert_eq!(of_products(vec![spread(OLD)], vec![category(0, NEW)]), ["reach category:4 medium"]);
    assert_eq!(of_products(vec![spread(OLD)], vec![spread(NEW)]), Vec::<String>::new());
    assert_eq!(of_products(vec![spread("")], vec![]), Vec::<String>::new());
    let over = EntityLayout { to: "2020-01-01".parse().ok(), ..spread(OLD) };
    assert_eq!(of_products(vec![over], vec![]), ["expired category:4 info", "missing category:4 low"]);
    let only_now = EntityLayout { uses_parent: true, ..category(0, "") };
    assert_eq!(of_products(vec![], vec![only_now]), ["reach category:4 medium"]);
}

#[test]
fn magento_2_has_a_field_of_its_own_for_a_page_layout_with_a_time() {
    let before = EntityLayout { page_layout: "one_column".to_owned(), ..product(0, "") };
    let now = EntityLayout { timed_page_layout: "1column".to_owned(), ..product(0, "") };
    assert_eq!(of_products(vec![before], vec![now]), Vec::<String>::new());
}

#[test]
fn a_word_of_magento_1_for_a_page_layout_means_nothing_in_magento_2() {
    let with = |page_layout: &str| EntityLayout { page_layout: page_layout.to_owned(), ..product(0, "") };
    let found = of_products(vec![with("three_columns")], vec![with("three_columns")]);
    assert_eq!(found, ["page-layout product:TEE medium", "page-layout product:TEE medium"]);
}

#[test]
fn a_store_view_has_what_is_said_for_all_where_nothing_is_said_for_it() {
    let chosen = |store| EntityLayout { selected: "File".to_owned(), ..product(store, "") };
    let silent = |store| EntityLayout { from: "2026-01-01".parse().ok(), ..product(store, "") };
    // A row that says something else hides nothing.
    assert_eq!(of_products(vec![product(2, OLD)], vec![chosen(0), silent(2)]), Vec::<String>::new());
    // Another text for one store view has to be there for it.
    let other = "<remove name=\"left\"/>";
    assert_eq!(of_products(vec![product(0, OLD), product(2, other)], vec![chosen(0)]), ["missing product:TEE high"]);
    // A theme of its own does not make the layout update another one.
    let themed = |store, xml: &str, theme: &str| EntityLayout { theme: theme.to_owned(), ..product(store, xml) };
    assert_eq!(
        of_products(
            vec![themed(0, OLD, "acme/x"), themed(2, OLD, "")],
            vec![EntityLayout { theme: "5".to_owned(), ..chosen(0) }]
        ),
        Vec::<String>::new()
    );
    // What each store view has, all have.
    assert_eq!(of_products(vec![product(0, OLD)], vec![chosen(1), chosen(2)]), Vec::<String>::new());
    assert_eq!(of_products(vec![product(0, OLD)], vec![chosen(1), silent(2)]), ["missing product:TEE high"]);
}

#[test]
fn products_that_share_a_text_share_a_card() {
    let text = text(OLD).map(std::sync::Arc::new);
    let many = (0..500).map(|it| EntityLayout { key: format!("SKU-{it}"), update: text.clone(), ..product(0, "") });
    let m1 = LayoutFacts { entities: many.collect(), ..LayoutFacts::default() };
    let found = compared(m1, LayoutFacts::default());
    assert_eq!((found.findings.len(), found.cards.len(), found.cards[0].also.len()), (500, 1, 499));
}

#[test]
fn each_half_of_a_page_is_done_by_its_own_page_layout() {
    let columns = |which: &str| format!("<update handle=\"page_{which}\"/>");
    let until = "2027-01-01".parse().ok();
    let both = PageLayout {
        custom_update: text(&columns("three_columns")),
        to: until,
        ..page("home", 0, &columns("one_column"))
    };
    let half = || PageLayout { page_layout: "1column".to_owned(), ..page("home", 0, "") };
    assert_eq!(of_pages(vec![both.clone()], vec![half()]), ["missing cms_page:home high likely"]);
    let until = "2027-01-01".parse().ok();
    let whole = PageLayout { custom_page_layout: "3columns".to_owned(), to: until, ..half() };
    assert_eq!(of_pages(vec![both], vec![whole]), Vec::<String>::new());
    let none = PageLayout { custom_page_layout: "empty".to_owned(), ..page("home", 0, "") };
    assert_eq!(of_pages(vec![none], vec![page("home", 0, "")]), Vec::<String>::new());
}

#[test]
fn handles_of_one_thing_have_a_name_in_magento_2() {
    let update =
        |handle: &str, xml: &str| LooseUpdate { id: 1, handle: handle.to_owned(), text: text(xml), stores: vec![0] };
    let of = |m1: LooseUpdate, m2: Vec<LooseUpdate>| {
        let of = |updates| LayoutFacts { updates, ..LayoutFacts::default() };
        compared(of(vec![m1]), of(m2)).findings
    };
    let now = update("catalog_category_view_id_12", NEW);
    assert_eq!(lines(&of(update("CATEGORY_12", OLD), vec![now])), Vec::<String>::new());
    assert!(of(update("page_one_column", OLD), vec![])[0].detail.starts_with("it was for pages of the layout 1column"));
    assert!(of(update("STORE_de", OLD), vec![])[0].detail.starts_with("Magento 2 has no handle for STORE_de"));
}

#[test]
fn a_version_that_is_scheduled_is_not_what_is_shown() {
    let version = |text: &str| serde_json::from_str(text).unwrap();
    let old = EntityLayout { version: version("{\"from\":1,\"until\":1000}"), ..product(0, OLD) };
    let shown = EntityLayout { version: version("{\"from\":1000,\"until\":2147483000}"), ..product(0, NEW) };
    let later = EntityLayout { version: version("{\"from\":2147483000,\"until\":2147483647}"), ..product(0, OLD) };
    let of = |entities| LayoutFacts { entities, ..LayoutFacts::default() };
    let found = compared(of(vec![product(0, OLD)]), of(vec![old.clone(), shown, later.clone()]));
    assert_eq!(lines(&found.findings), Vec::<String>::new());
    assert!(found.summary[1].starts_with("1 scheduled version "), "{:?}", found.summary);
    let found = compared(of(vec![product(0, OLD)]), of(vec![old, later]));
    assert_eq!(lines(&found.findings), ["missing product:TEE high"]);
}

#[test]
fn what_is_said_for_all_store_views_is_said_for_each() {
    let with = |store, page_layout: &str| EntityLayout { page_layout: page_layout.to_owned(), ..product(store, "") };
    let m1 = || vec![with(0, "one_column"), with(2, "one_column")];
    assert_eq!(of_products(m1(), vec![with(0, "1column")]), Vec::<String>::new());
    assert_eq!(of_products(vec![product(0, OLD), product(2, OLD)], vec![product(0, NEW)]), Vec::<String>::new());
}

#[test]
fn a_layout_update_that_chooses_a_page_layout_wins_over_the_field() {
    let columns = "<update handle=\"page_three_columns\"/>";
    let m1 = PageLayout { page_layout: "one_column".to_owned(), ..page("home", 0, columns) };
    let m2 = PageLayout { page_layout: "3columns".to_owned(), ..page("home", 0, "") };
    assert_eq!(of_pages(vec![m1], vec![m2]), Vec::<String>::new());
    // The time of a page's custom design limits the custom page layout alone.
    let over = |page_layout: &str, custom: &str| PageLayout {
        page_layout: page_layout.to_owned(),
        custom_page_layout: custom.to_owned(),
        to: "2020-01-01".parse().ok(),
        ..page("home", 0, "")
    };
    assert_eq!(
        of_pages(vec![over("three_columns", "empty")], vec![over("1column", "")]),
        ["page-layout cms_page:home medium"]
    );
    let open = PageLayout { to: None, ..over("", "three_columns") };
    assert_eq!(of_pages(vec![open], vec![over("", "")]), ["page-layout cms_page:home medium"]);
}

#[test]
fn thousands_of_products_cost_no_more_than_their_number() {
    let many = (0..20_000).map(|it| EntityLayout { key: format!("SKU-{it}"), ..product(0, "") });
    let found = of_products(many.map(|it| EntityLayout { page_layout: "empty".to_owned(), ..it }).collect(), vec![]);
    assert_eq!(found.len(), 20_000);
}

#[test]
fn layout_updates_of_no_widget_are_missing_or_orphans() {
    let update = |id, handle: &str, xml: &str, stores: &[u64]| LooseUpdate {
        id,
        handle: handle.to_owned(),
        text: text(xml),
        stores: stores.to_vec(),
    };
    let of = |m1: Vec<LooseUpdate>, m2: Vec<LooseUpdate>| {
        let of = |updates| LayoutFacts { updates, ..LayoutFacts::default() };
        lines(&compared(of(m1), of(m2)).findings)
    };
    let linked = || update(14, "catalog_category_layered", OLD, &[1]);
    assert_eq!(of(vec![linked()], vec![]), ["missing update:14 high likely"]);
    assert_eq!(
        of(vec![linked()], vec![update(3, "catalog_category_view_type_layered", NEW, &[0])]),
        Vec::<String>::new()
    );
    assert_eq!(of(vec![update(15, "x", "", &[])], vec![]), ["orphan update:15 info"]);
    assert_eq!(of(vec![update(16, "x", OLD, &[99])], vec![]), ["missing update:16 low likely"]);
    assert_eq!(of(vec![], vec![update(3, "default", OLD, &[0])]), ["m1-syntax update:3 high"]);
    assert_eq!(of(vec![], vec![update(3, "default", NEW, &[])]), ["orphan update:3 info"]);
}
