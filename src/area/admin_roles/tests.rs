use proptest::prelude::*;

use super::*;
use crate::area::testing::{accounts, facts, lines, m1_rules, m2_rules, outcome, rules, side};
use crate::facts::{Accounts, Credentials};
use crate::magento::acl::Rules;
use crate::matching::Judgement;

const CMS: &str = "admin admin/cms admin/cms/block admin/cms/page admin/cms/page/save admin/cms/page/delete \
                   admin/cms/media_gallery admin/cms/widget_instance";
const CMS_IN_M2: &str = "Magento_Backend::admin Magento_Backend::content Magento_Backend::content_elements \
                         Magento_Cms::block Magento_Cms::page Magento_Cms::save Magento_Cms::page_delete \
                         Magento_Cms::media_gallery Magento_Widget::widget_instance";
const ORDERS: &str = "admin admin/sales admin/sales/order admin/sales/order/actions admin/sales/order/actions/view";
const ORDERS_IN_M2: &str = "Magento_Backend::admin Magento_Sales::sales Magento_Sales::sales_operation \
                            Magento_Sales::sales_order Magento_Sales::actions Magento_Sales::actions_view";

fn compared(m1: Accounts, m2: Accounts, version: &str, judgement: &Judgement) -> Outcome {
    let m1 = side("1.9.3.1", m1, Credentials::default());
    let m2 = side(version, m2, Credentials::default());
    outcome(&AdminRoles, &facts(m1, Some(m2)), judgement)
}

/// Findings of one role on each side, Magento 2 being 2.4.4.
fn check(m1: Rules, m2: Rules) -> Vec<String> {
    let m1 = accounts(&[("Team", m1, "anna")]);
    let m2 = accounts(&[("Team", m2, "anna")]);
    lines(&compared(m1, m2, "2.4.4", &Judgement::default()).findings)
}

fn detail(m1: Rules, m2: Rules, version: &str) -> Vec<String> {
    let m1 = accounts(&[("Team", m1, "anna")]);
    let m2 = accounts(&[("Team", m2, "anna")]);
    let found = compared(m1, m2, version, &Judgement::default()).findings;
    found.iter().map(|it| format!("{} {} {}", it.rule.code, it.confidence.code(), it.detail)).collect()
}

#[test]
fn where_every_role_was_made_right_nothing_is_found() {
    let m1 = accounts(&[
        ("Administrators", rules("+all"), "anna"),
        ("Redaktion", m1_rules(CMS), "bert"),
        ("Заказы", m1_rules(ORDERS), "carl"),
        ("Nobody", rules(""), ""),
    ]);
    let m2 = accounts(&[
        ("Заказы", m2_rules(ORDERS_IN_M2), "carl"),
        ("administrators ", rules("+Magento_Backend::all"), "anna"),
        // Recommended: a right of a newer release that Magento 1's covered, and two-factor authentication.
        (
            "Redaktion",
            m2_rules(&format!(
                "{CMS_IN_M2} Magento_Cms::save_design Magento_TwoFactorAuth::tfa Magento_User::acl Magento_Backend::system"
            )),
            "bert",
        ),
        ("Nobody", rules(""), ""),
    ]);
    for version in ["2.4.4", "2.4.6-p1", "2.4.8", ""] {
        let found = compared(m1.clone(), m2.clone(), version, &Judgement::default());
        assert_eq!((lines(&found.findings), found.gaps), (Vec::new(), Vec::new()), "{version}");
    }
}

#[test]
fn missing_roles_are_high_with_users_and_low_without() {
    let m1 = accounts(&[("A", m1_rules(CMS), "anna"), ("B", m1_rules(ORDERS), ""), ("C", rules(""), "carl")]);
    let m2 = accounts(&[("Administrators", rules("+Magento_Backend::all"), "x")]);
    let found = compared(m1, m2, "2.4.4", &Judgement::default()).findings;
    assert_eq!(lines(&found), ["extra Administrators info", "missing A high", "missing B low", "missing C high"]);
    let a = found.iter().find(|it| &*it.subject == "A").unwrap();
    assert!(a.detail.contains("Magento_Cms::page_delete") && a.used_by[0].as_ref() == "user anna", "{a:?}");
}

#[test]
fn fewer_and_more_rights_are_named() {
    let without = ORDERS_IN_M2.replace("Magento_Sales::actions_view", "");
    assert_eq!(check(m1_rules(ORDERS), m2_rules(&without)), ["fewer-rights Team medium"]);
    let said = detail(m1_rules(ORDERS), m2_rules(&without), "2.4.4");
    assert!(said[0].ends_with("not allowed in Magento 2: Magento_Sales::actions_view"), "{said:?}");
    let with = format!("{ORDERS_IN_M2} Magento_Sales::cancel");
    assert_eq!(check(m1_rules(ORDERS), m2_rules(&with)), ["more-rights Team high"]);
    assert!(detail(m1_rules(ORDERS), m2_rules(&with), "2.4.4")[0].ends_with("Magento 1: Magento_Sales::cancel"));
    assert_eq!(check(m1_rules(ORDERS), rules("+Magento_Backend::all")), ["more-rights Team high"]);
    assert_eq!(check(rules("+all"), m2_rules(ORDERS_IN_M2)), ["fewer-rights Team medium"]);
    assert_eq!(check(rules(""), rules("")), Vec::<String>::new());
    assert_eq!(check(rules(""), rules("+Magento_Backend::all")), ["more-rights Team high"]);
}

#[test]
fn a_right_that_is_only_recommended_is_neither_asked_for_nor_blamed() {
    let m1 = m1_rules(CMS);
    assert_eq!(check(m1.clone(), m2_rules(CMS_IN_M2)), Vec::<String>::new());
    assert_eq!(check(m1, m2_rules(&format!("{CMS_IN_M2} Magento_Cms::save_design"))), Vec::<String>::new());
}

#[test]
fn a_role_saved_before_a_module_was_installed_gains_its_rights_by_version() {
    let m1 = m1_rules(ORDERS);
    // Saved when there was no right to cancel; the page that it hangs below is allowed.
    let older: Rules = m2_rules(ORDERS_IN_M2).rows().filter(|(it, _)| *it != "Magento_Sales::cancel").collect();
    let of = |version: &str| detail(m1.clone(), older.clone(), version);
    let up_to_244 = of("2.4.4");
    assert!(
        up_to_244[0].starts_with("admin_roles.more-rights likely allowed without a rule of its own"),
        "{up_to_244:?}"
    );
    assert!(up_to_244[0].ends_with(": Magento_Sales::cancel"), "{up_to_244:?}");
    let unknown = of("");
    assert!(
        unknown[0].contains("depends on the version: up to 2.4.4 a right without a rule is allowed"),
        "{unknown:?}"
    );
    assert!(unknown[0].ends_with(": Magento_Sales::cancel"), "{unknown:?}");
    assert_eq!(of("2.4.6-p1"), Vec::<String>::new());
    assert_eq!(of("2.4.8"), Vec::<String>::new());
    // Another role that was saved later has a rule for it.
    let of = |version: &str| {
        let m1 = accounts(&[("Team", m1.clone(), "anna"), ("Newer", rules(""), "")]);
        let m2 = accounts(&[("Team", older.clone(), "anna"), ("Newer", m2_rules(""), "")]);
        lines(&compared(m1, m2, version, &Judgement::default()).findings)
    };
    assert_eq!(of("2.4.4"), ["more-rights Team high"]);
    for version in ["2.4.5", "2.4.6-p1", "2.4.7", "2.4.8"] {
        assert_eq!(of(version), ["more-rights Team high"], "{version}");
    }
}

#[test]
fn roles_are_matched_by_their_rights_too() {
    let m1 = accounts(&[("CMS only \"Content & Layout\"", m1_rules(CMS), "zhang"), ("Orders", m1_rules(ORDERS), "")]);
    let m2 = accounts(&[("Orders", m2_rules(ORDERS_IN_M2), ""), ("CMS Only", m2_rules(CMS_IN_M2), "zhang")]);
    let found = compared(m1.clone(), m2.clone(), "2.4.4", &Judgement::default()).findings;
    assert_eq!(lines(&found), ["renamed CMS only \"Content & Layout\" info likely"]);
    assert_eq!(&*found[0].detail, "rights overlap by 1.00 (Jaccard), 1 user in common");
    let judgement = Judgement {
        roles: [("CMS only \"Content & Layout\"".to_owned(), "cms only".to_owned())].into(),
        ..Judgement::default()
    };
    assert_eq!(lines(&compared(m1, m2, "2.4.4", &judgement).findings), Vec::<String>::new());
}

#[test]
fn of_two_roles_with_the_same_rights_the_one_with_the_same_users_is_taken() {
    let m1 = accounts(&[("Before", m1_rules(CMS), "anna bert")]);
    let m2 = accounts(&[("One", m2_rules(CMS_IN_M2), "carl"), ("Two", m2_rules(CMS_IN_M2), "anna bert")]);
    let found = compared(m1, m2, "2.4.4", &Judgement::default()).findings;
    assert_eq!(lines(&found), ["extra One info", "renamed Before info likely"]);
}

#[test]
fn rights_of_extensions_have_no_target_and_are_not_judged() {
    let m1 = m1_rules(&format!("{ORDERS} admin/acme_blog admin/acme_blog/posts"));
    let m2 = m2_rules(&format!("{ORDERS_IN_M2} Acme_Blog::posts"));
    assert_eq!(check(m1, m2.clone()), ["rights-without-target Team info"]);
    // Where Magento 1 had none of that kind, they are too much, as far as a name can tell.
    assert_eq!(check(m1_rules(ORDERS), m2), ["more-rights Team high likely"]);
}

#[test]
fn a_limit_to_websites_that_is_gone_is_more() {
    let mut m1 = accounts(&[("Team", m1_rules(ORDERS), "anna")]);
    m1.roles[0].is_scoped = true;
    let m2 = accounts(&[("Team", m2_rules(ORDERS_IN_M2), "anna")]);
    let found = compared(m1, m2, "2.4.4", &Judgement::default()).findings;
    assert_eq!(lines(&found), ["more-rights Team high"]);
    assert!(found[0].detail.contains("websites"));
}

#[test]
fn what_an_extension_shares_no_word_with_is_told() {
    let m1 = m1_rules(&format!("{ORDERS} admin/acme_blog"));
    let of = |id: &str| check(m1.clone(), m2_rules(&format!("{ORDERS_IN_M2} {id}")));
    assert_eq!(of("Mageplaza_Blog::posts"), ["rights-without-target Team info"]);
    assert_eq!(of("Other_Power::delete"), ["more-rights Team high likely", "rights-without-target Team info"]);
    assert_eq!(of("Magento_NewThing::all"), ["more-rights Team high", "rights-without-target Team info"]);
}

#[test]
fn the_list_of_modules_tells_what_is_there() {
    let with = |modules: &[&str]| {
        let m1 = side("1.9.3.1", accounts(&[("Team", m1_rules(ORDERS), "anna")]), Credentials::default());
        let allowed = format!("{ORDERS_IN_M2} Old_Vendor::thing");
        let mut m2 = side("2.4.4", accounts(&[("Team", m2_rules(&allowed), "anna")]), Credentials::default());
        m2.platform.modules = Some(modules.iter().map(|it| (*it).to_owned()).collect());
        lines(&outcome(&AdminRoles, &facts(m1, Some(m2)), &Judgement::default()).findings)
    };
    // Rules of a module that is gone count for nothing.
    assert_eq!(with(&["Magento_Backend", "Magento_Sales"]), Vec::<String>::new());
    assert_eq!(with(&["Magento_Backend", "Magento_Sales", "Old_Vendor"]), ["more-rights Team high likely"]);
}

#[test]
fn without_rules_nobody_is_judged() {
    let mut m1 = accounts(&[("Team", m1_rules(ORDERS), "anna")]);
    m1.has_rules = false;
    m1.roles[0].rules = rules("");
    let m2 = accounts(&[("Team", rules("+Magento_Backend::all"), "anna")]);
    let found = compared(m1, m2, "2.4.4", &Judgement::default());
    assert!(found.findings.is_empty() && found.gaps[0].contains("rights were not compared"), "{found:?}");
}

#[test]
fn the_inventory_has_the_sets_in_full_and_the_card_what_to_tick() {
    let m1 = accounts(&[("Redaktion", m1_rules(CMS), "bert")]);
    let found = compared(m1, accounts(&[]), "2.4.4", &Judgement::default());
    let row = &found.inventory.rows[0];
    assert_eq!(row[5].split(' ').collect::<std::collections::BTreeSet<_>>(), CMS_IN_M2.split_whitespace().collect());
    let allow = found.cards[0].lines.iter().find(|it| it.label == "Allow in Magento 2").unwrap();
    assert!(allow.list.contains(&"Content › Elements › Pages › Save Page (Magento_Cms::save)".to_owned()), "{allow:?}");
}

proptest! {
    #[test]
    fn another_name_changes_nothing_but_that_it_was_found_by_its_rights(name in "[A-Za-zä ]{1,12}", at in 0..3usize) {
        let mut m1 = accounts(&[
            ("Administrators", rules("+all"), "anna"),
            ("Redaktion", m1_rules(&format!("{CMS} admin/cms/poll")), "bert"),
            ("Orders", m1_rules(ORDERS), "carl"),
        ]);
        let m2 = accounts(&[
            ("Administrators", rules("+Magento_Backend::all"), "anna"),
            ("Redaktion", m2_rules(&format!("{CMS_IN_M2} Magento_Sales::cancel")), "bert"),
            ("Orders", m2_rules(&ORDERS_IN_M2.replace("Magento_Sales::actions_view", "")), "carl"),
        ]);
        let what = |m1: &Accounts| {
            let found = compared(m1.clone(), m2.clone(), "2.4.4", &Judgement::default()).findings;
            let mut what: Vec<_> = found.iter().map(|it| (it.rule.code, it.detail.clone(), it.severity)).collect();
            what.retain(|(code, ..)| *code != "admin_roles.renamed");
            what.sort();
            what
        };
        let before = what(&m1);
        m1.roles[at].name = format!("{name}{at}x");
        prop_assert_eq!(before, what(&m1));
    }
}
