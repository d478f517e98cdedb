use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::modules::{Modules, Orders};
use crate::facts::tables::{Table, TableFacts};
use crate::facts::{Attribute, Configuration, Snapshot, Widget};
use crate::known::{Known, Lack};
use crate::magento::modules::{Module, Rewrite};
use crate::matching::Judgement;
use crate::source::installation::code::{Code, Loose, Override, OverrideState};

/// A module that is switched on, with its table and class group named after it.
fn module(name: &str) -> Module {
    let key = name.to_ascii_lowercase();
    Module {
        name: name.to_owned(),
        pool: "community".to_owned(),
        is_active: true,
        is_declared: true,
        files: Some(3),
        version: "1.0.0".to_owned(),
        groups: BTreeSet::from([key.clone()]),
        tables: BTreeSet::from([format!("{key}_entry")]),
        setups: BTreeSet::from([format!("{key}_setup")]),
        ..Module::default()
    }
}

fn code(modules: Vec<Module>) -> Known<Code> {
    Known::Is(Code { modules, ..Code::default() })
}

/// Tables as `name rows`; without rows they are Magento's own.
fn tables(list: &[&str]) -> Known<TableFacts> {
    let table = |it: &&str| {
        let (name, rows) = it.split_once(' ').unwrap_or((it, ""));
        (name.to_owned(), Table { rows: rows.parse().ok(), ..Table::default() })
    };
    Known::Is(TableFacts { tables: list.iter().map(table).collect(), ..TableFacts::default() })
}

fn setups(list: &[&str]) -> Known<BTreeMap<String, String>> {
    Known::Is(list.iter().map(|it| ((*it).to_owned(), "1.0.0".to_owned())).collect())
}

fn attribute(code: &str, class: &str, values: Option<u64>) -> Attribute {
    let classes = Some(("source".to_owned(), class.to_owned())).filter(|_| !class.is_empty());
    Attribute {
        entity: "catalog_product".to_owned(),
        code: code.to_owned(),
        label: String::new(),
        kind: "int".to_owned(),
        is_user_defined: true,
        classes: classes.into_iter().collect(),
        values,
    }
}

fn side(modules: Modules, list: &[&str], attributes: Vec<Attribute>) -> Snapshot {
    Snapshot {
        modules: Known::Is(modules),
        tables: tables(list),
        attributes: Known::Is(attributes),
        ..Snapshot::empty()
    }
}

fn of_code(modules: Vec<Module>) -> Modules {
    Modules { code: code(modules), ..Modules::default() }
}

fn found(m1: Snapshot, m2: Snapshot) -> Outcome {
    outcome(&Extensions, &facts(m1, Some(m2)), &Judgement::default())
}

/// Magento 2 with modules of these names.
fn new(names: &[&str]) -> Modules {
    let module = |name: &&str| Module { name: (*name).to_owned(), is_active: true, ..Module::default() };
    of_code(names.iter().map(module).collect())
}

#[test]
fn a_module_is_there_by_its_name_its_successor_or_a_name_that_is_alike() {
    let m1 = of_code(
        ["Acme_Blog", "Ebizmarts_MageMonkey", "Lesti_Fpc", "Acme_CatalogExt", "Acme_Gone"].map(module).to_vec(),
    );
    let m2 = new(&["Magento_Store", "acme_blog", "Ebizmarts_MailChimp", "Acme_CatalogExtension"]);
    let outcome = found(side(m1, &[], Vec::new()), side(m2, &[], Vec::new()));
    assert_eq!(
        lines(&outcome.findings),
        ["missing module:Acme_CatalogExt medium guess", "missing module:Acme_Gone medium"],
        "a name that is alike proves nothing"
    );
    let verdicts: Vec<String> =
        outcome.inventory.rows.iter().map(|it| format!("{} {} {}{}", it[0], it[19], it[18], it[20])).collect();
    assert_eq!(
        verdicts,
        [
            "module:Acme_Blog present acme_blog",
            "module:Acme_CatalogExt perhaps present Acme_CatalogExtension0.80",
            "module:Acme_Gone custom ",
            "module:Ebizmarts_MageMonkey present Ebizmarts_MailChimp",
            "module:Lesti_Fpc in core now Magento_PageCache",
        ]
    );
}

#[test]
fn what_has_data_or_is_used_weighs_more() {
    let m1 = of_code(["Acme_Blog", "Acme_News", "Acme_Quiet"].map(module).to_vec());
    let mut m1 = side(m1, &["acme_blog_entry 6", "acme_quiet_entry 0"], Vec::new());
    let widget = Widget {
        id: 1,
        title: "Latest".to_owned(),
        kind: "acme_news/latest".to_owned(),
        theme: String::new(),
        stores: vec![0],
        placements: Vec::new(),
        parameters: None,
        references: Vec::new(),
    };
    m1.widgets = Known::Is(vec![widget]);
    let outcome = found(m1, side(new(&["Magento_Store"]), &[], Vec::new()));
    assert_eq!(
        lines(&outcome.findings),
        [
            "data-left table:acme_blog_entry high",
            "missing module:Acme_Blog high",
            "missing module:Acme_News high",
            "missing module:Acme_Quiet medium",
        ]
    );
    let proposals: Vec<&str> = outcome.inventory.rows.iter().map(|it| it[21].as_str()).collect();
    assert_eq!(proposals, ["rewrite", "rewrite", "drop"]);
}

#[test]
fn data_that_arrived_is_not_left_and_a_table_of_nobody_is_an_orphan() {
    let m1 = || {
        side(of_code(vec![module("Acme_Blog")]), &["acme_blog_entry 6", "wp_posts 900", "customer_entity"], Vec::new())
    };
    let there = side(new(&["Acme_Blog"]), &["acme_blog_entry 6", "wp_posts 900"], Vec::new());
    assert_eq!(lines(&found(m1(), there).findings), Vec::<String>::new());
    let empty = side(new(&["Acme_Blog"]), &["acme_blog_entry 0"], Vec::new());
    assert_eq!(
        lines(&found(m1(), empty).findings),
        ["data-left table:acme_blog_entry high", "orphan-table table:wp_posts low"]
    );
}

#[test]
fn an_extension_is_found_by_its_leavings_alone() {
    let paths = BTreeMap::from([
        ("oldvendor_promo/settings/license".to_owned(), 1),
        ("advanced/modules_disable_output/OldVendor_Promo".to_owned(), 1),
    ]);
    let m1 = |code: Known<Code>| {
        let modules =
            Modules { code, setups: setups(&["oldvendor_promo_setup", "catalog_setup"]), ..Modules::default() };
        let configuration = Configuration { paths: paths.clone(), ..Configuration::default() };
        Snapshot { configuration: Known::Is(configuration), ..side(modules, &["oldvendor_promo_banner 1"], Vec::new()) }
    };
    let m2 = || side(new(&["Magento_Store"]), &[], Vec::new());
    let outcome = found(m1(code(Vec::new())), m2());
    assert_eq!(
        lines(&outcome.findings),
        ["data-left table:oldvendor_promo_banner high", "leavings module:OldVendor_Promo low"]
    );
    // Without the files it may as well be alive.
    let unknown = Known::Not(Lack::NotGiven("no Magento 1 installation folder was given".to_owned()));
    let outcome = found(m1(unknown), m2());
    assert_eq!(
        lines(&outcome.findings),
        ["data-left table:oldvendor_promo_banner high", "missing module:OldVendor_Promo high likely"]
    );
    assert!(outcome.gaps[0].contains("copied classes"), "{:?}", outcome.gaps);
}

#[test]
fn without_a_list_of_modules_absence_is_only_likely() {
    let hinted = Modules {
        code: Known::Not(Lack::NotGiven("no Magento 2 installation folder was given".to_owned())),
        patched: BTreeSet::from(["Acme_Blog".to_owned()]),
        ..Modules::default()
    };
    let m1 = of_code(["Acme_Blog", "Acme_News"].map(module).to_vec());
    let attributes = vec![attribute("a", r"Acme\News\Model\Source", None), attribute("b", "acme_news/source", None)];
    let outcome = found(side(m1, &[], Vec::new()), side(hinted, &[], attributes));
    assert_eq!(
        lines(&outcome.findings),
        ["broken-attribute attribute:catalog_product/b blocker", "missing module:Acme_News medium likely"]
    );
    assert_eq!(outcome.gaps.len(), 2, "{:?}", outcome.gaps);
}

#[test]
fn classes_of_attributes_are_lost_broken_or_provided() {
    let before = vec![
        attribute("lost", "acme_blog/source", Some(18)),
        attribute("ported", "acme_blog/source", None),
        attribute("stock", "eav/entity_attribute_source_boolean", None),
        attribute("deleted", "acme_blog/source", None),
    ];
    let after = vec![
        attribute("lost", "", None),
        attribute("ported", r"Acme\Blog\Model\Source", None),
        attribute("stock", "", None),
        attribute("framework", r"Magento\Framework\Model\X", None),
        attribute("disabled", r"Magento\Weee\Model\X", None),
    ];
    let outcome = found(side(of_code(Vec::new()), &[], before), side(new(&["Magento_Store", "Acme_Blog"]), &[], after));
    assert_eq!(
        lines(&outcome.findings),
        [
            "attribute-class-lost attribute:catalog_product/lost medium",
            "broken-attribute attribute:catalog_product/disabled blocker",
        ]
    );
}

#[test]
fn columns_of_extensions_are_looked_for_where_the_table_went() {
    let with = |name: &str, columns: &[&str], foreign: &[&str]| {
        let list = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        let table = Table { columns: list(columns), filled_columns: list(foreign), ..Table::default() };
        let facts = TableFacts { tables: BTreeMap::from([(name.to_owned(), table)]), ..TableFacts::default() };
        Snapshot { tables: Known::Is(facts), ..side(of_code(vec![module("Acme_Blog")]), &[], Vec::new()) }
    };
    let m1 = with("sales_flat_order", &["entity_id", "acme_zone", "acme_kept"], &["acme_zone", "acme_kept"]);
    let m2 = with("sales_order", &["entity_id", "acme_kept"], &[]);
    let outcome = found(m1, m2);
    assert_eq!(lines(&outcome.findings), ["column-left column:sales_flat_order.acme_zone medium"]);
    assert_eq!(&*outcome.findings[0].detail, "of Acme_Blog", "the only extension of its vendor");
}

#[test]
fn files_tell_what_stands_in_for_magentos_own() {
    let rewrite =
        |class: &str| Rewrite { kind: "model".to_owned(), alias: "sales/order".to_owned(), class: class.to_owned() };
    let mut modules = ["Acme_Blog", "Acme_News", "Acme_Off"].map(module).to_vec();
    for it in &mut modules {
        it.rewrites.push(rewrite(&format!("{}_Model_Order", it.name)));
    }
    modules[2].is_active = false;
    modules[2].encoded = vec![("app/code/x.php".to_owned(), "ionCube".to_owned())];
    let replaced = |path: &str, state| Override { path: path.to_owned(), class: "Mage_X".to_owned(), state };
    let code = Code {
        modules,
        overrides: vec![replaced("a.php", OverrideState::Differs), replaced("b.php", OverrideState::Same)],
        loose: vec![Loose { path: "shell/x.php".to_owned(), files: 1 }],
        ..Code::default()
    };
    let m1 = side(Modules { code: Known::Is(code), ..Modules::default() }, &[], Vec::new());
    let outcome = found(m1, side(new(&["Acme_Blog", "Acme_News"]), &[], Vec::new()));
    assert_eq!(
        lines(&outcome.findings),
        [
            "core-override file:a.php high",
            "core-override file:b.php low",
            "disabled module:Acme_Off info",
            "encoded module:Acme_Off info",
            "loose-code file:shell/x.php medium",
            "rewrite module:Acme_Blog info",
            "rewrite module:Acme_News info",
        ]
    );
    let conflict = outcome.findings.iter().find(|it| it.detail.contains("conflict")).unwrap();
    assert!(conflict.detail.contains("replaced by Acme_News as well"), "{}", conflict.detail);
}

#[test]
fn older_stores_list_every_module_in_the_database() {
    let setups = (0..60).map(|it| format!("Vendor_Module{it}")).chain(["Acme_Blog".to_owned()]);
    let m2 = Modules {
        code: Known::Not(Lack::NotGiven("no Magento 2 installation folder was given".to_owned())),
        setups: Known::Is(setups.map(|it| (it, "1.0.0".to_owned())).collect()),
        has_patch_list: false,
        ..Modules::default()
    };
    let m1 = || side(of_code(["Acme_Blog", "Acme_News"].map(module).to_vec()), &[], Vec::new());
    let outcome = found(m1(), side(m2.clone(), &[], Vec::new()));
    assert_eq!(lines(&outcome.findings), ["missing module:Acme_News medium"]);
    assert_eq!(outcome.gaps, Vec::<String>::new());
    // A store that was upgraded to 2.3 keeps the rows, and adds none.
    let upgraded = Modules { has_patch_list: true, ..m2 };
    let outcome = found(m1(), side(upgraded, &[], vec![attribute("a", r"Acme\New\Model\X", None)]));
    assert_eq!(lines(&outcome.findings), ["missing module:Acme_News medium likely"]);
}

#[test]
fn a_package_whose_module_is_not_set_up_is_told() {
    let mut m2 = new(&["Magento_Store"]);
    if let Known::Is(code) = &mut m2.code {
        code.packages.insert("acme/module-blog".to_owned(), "2.0.0".to_owned());
    }
    let outcome = found(side(of_code(vec![module("Acme_Blog")]), &[], Vec::new()), side(m2, &[], Vec::new()));
    assert!(outcome.findings[0].detail.contains("Composer has the package acme/module-blog"), "{:?}", outcome.findings);
}

#[test]
fn a_carrier_and_a_method_of_payment_show_by_their_orders() {
    let mut carrier = module("Acme_Shipping");
    carrier.settings = ["carriers/acme_zone", "payment/acme"].map(str::to_owned).into();
    let orders = |count| Orders { count, newest: "2026-11-02".parse().ok() };
    let m1 = Modules {
        shipped: BTreeMap::from([("acme_zone_std".to_owned(), orders(8)), ("flatrate_flatrate".to_owned(), orders(7))]),
        paid: BTreeMap::from([
            ("acme".to_owned(), Orders { count: 2, newest: None }),
            ("acmeother".to_owned(), orders(1)),
        ]),
        ..of_code(vec![carrier])
    };
    let outcome = found(side(m1, &[], Vec::new()), side(new(&["Magento_Store"]), &[], Vec::new()));
    assert_eq!(lines(&outcome.findings), ["missing module:Acme_Shipping high"]);
    assert_eq!(&*outcome.findings[0].detail, "8 orders sent by acme_zone, latest 2026-11-02; 2 orders paid by acme");
}

#[test]
fn a_module_of_magento_2_takes_one_place_only() {
    let m1 = of_code(["Acme_Shopby", "Acme_ShopbySeo"].map(module).to_vec());
    let outcome = found(side(m1, &[], Vec::new()), side(new(&["Acme_ShopbyBase"]), &[], Vec::new()));
    assert_eq!(
        lines(&outcome.findings),
        ["missing module:Acme_Shopby medium guess", "missing module:Acme_ShopbySeo medium"]
    );
}

#[test]
fn files_alone_tell_which_modules_there_are_and_not_whether_they_are_used() {
    let lack = || Lack::NotGiven("no Magento 1 database was given".to_owned());
    let m1 = Snapshot {
        modules: Known::Is(of_code(vec![module("Acme_Blog")])),
        tables: Known::Not(lack()),
        attributes: Known::Not(lack()),
        ..Snapshot::empty()
    };
    let outcome = found(m1, side(new(&["Magento_Store"]), &[], Vec::new()));
    assert_eq!(lines(&outcome.findings), ["missing module:Acme_Blog medium"]);
    assert!(
        outcome.findings[0].detail.contains("not known whether it is used") && outcome.gaps[0].contains("database")
    );
    assert_eq!(outcome.inventory.rows[0][21], "", "no proposal without evidence");
}
