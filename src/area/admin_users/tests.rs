use std::collections::BTreeMap;

use super::*;
use crate::area::testing;
use crate::facts::accounts::{Role, User};
use crate::facts::{Accounts, Snapshot};
use crate::finding::Finding;
use crate::known::Known;
use crate::magento::acl::Rules;
use crate::matching::Judgement;
use crate::pair::{Pair, Side};

/// Rules of a role of both sides that allows everything, or little.
fn rules(side: Side, everything: bool) -> Rules {
    match (side, everything) {
        (Side::M1, true) => testing::rules("+all"),
        (Side::M1, false) => testing::m1_rules("admin admin/dashboard"),
        (Side::M2, true) => testing::rules("+Magento_Backend::all"),
        (Side::M2, false) => testing::m2_rules("Magento_Backend::admin Magento_Backend::dashboard"),
    }
}

/// Both sides, of which nothing but the accounts is known.
fn facts(m1: Accounts, m2: Option<Accounts>) -> Facts {
    let of = |accounts: Option<Accounts>| {
        let lack = crate::known::Lack::NotGiven("not given".to_owned());
        let accounts = accounts.map_or(Known::Not(lack), Known::Is);
        Snapshot { accounts, ..Snapshot::empty() }
    };
    let media = crate::facts::MediaFacts::unknown("not given");
    Facts { sides: Pair { m1: of(Some(m1)), m2: of(m2) }, media, is_assessment: false, migration: None }
}

/// Users as words `username[:word…]`: words are `off`, `locked`, `@address`, `=role`, `last:DATE`.
fn accounts(side: Side, users: &str) -> Accounts {
    let roles: Vec<Role> = ["Administrators", "Sales", "CMS"]
        .iter()
        .zip(1..)
        .map(|(name, id)| Role { id, name: (*name).to_owned(), rules: rules(side, id == 1), is_scoped: false })
        .collect();
    let users = users.split_whitespace().zip(1..).map(|(text, id)| {
        let mut words = text.split(':');
        let username = words.next().unwrap().replace('_', " ");
        let mut user = User {
            id,
            email: format!("{}@shop.example", username.to_lowercase()),
            username,
            name: "N".to_owned(),
            is_active: true,
            last_login: Some("2026-11-01T00:00:00Z".parse().unwrap()),
            created: None,
            locked_until: None,
            role: Some(2),
            idle_roles: Vec::new(),
        };
        for word in words {
            match word.split_at(1) {
                ("@", address) => user.email = format!("{address}@shop.example"),
                ("=", "none") => user.role = None,
                ("=", name) => user.role = roles.iter().find(|it| it.name == name).map(|it| it.id),
                ("<", year) => user.last_login = format!("{year}-01-01T00:00:00Z").parse().ok(),
                (">", year) => user.locked_until = format!("{year}-01-01T00:00:00Z").parse().ok(),
                ("o", "ff") => user.is_active = false,
                _ => panic!("no such word: {word}"),
            }
        }
        user
    });
    Accounts { users: users.collect(), roles: roles.clone(), has_rules: true, ghost_assignments: 0 }
}

fn findings(m1: &str, m2: Option<&str>, judgement: &Judgement) -> Vec<Finding> {
    let context = Context { now: "2026-11-22T00:00:00Z".parse().unwrap(), judgement, media_filter: None };
    AdminUsers.compare(&facts(accounts(Side::M1, m1), m2.map(|it| accounts(Side::M2, it))), &context).findings
}

/// Findings as lines `what subject severity`, sorted.
fn check(m1: &str, m2: &str) -> Vec<String> {
    let judgement = Judgement { stale_days: 365, ..Judgement::default() };
    let mut lines: Vec<String> = findings(m1, Some(m2), &judgement).iter().map(line).collect();
    lines.sort();
    lines
}

fn line(finding: &Finding) -> String {
    let what = finding.rule.code.strip_prefix("admin_users.").unwrap();
    format!("{what} {} {}", finding.subject, finding.severity)
}

#[test]
fn the_same_users_give_nothing() {
    let users = "anna:=Sales bert:off carl:=none dora:=Administrators";
    assert_eq!(check(users, users), Vec::<String>::new());
}

#[test]
fn missing_users_are_high_if_active_and_low_if_not() {
    assert_eq!(check("anna bert:off", ""), ["missing anna high", "missing bert low"]);
}

#[test]
fn users_are_matched_by_username_and_then_by_address() {
    assert_eq!(check("ANNA", "anna"), Vec::<String>::new());
    assert_eq!(check("катя", "КАТЯ"), Vec::<String>::new());
    assert_eq!(check("anna:@a", "ann:@A"), ["renamed anna info"]);
    assert_eq!(check("anna:@a", "anna:@b"), ["email-differs anna low"]);
    // A username wins over an address that names somebody else.
    assert_eq!(check("anna:@a bert:@b", "anna:@b bert:@a"), ["email-differs anna low", "email-differs bert low"]);
    assert_eq!(check("anna", "bert"), ["extra bert low", "missing anna high"]);
}

#[test]
fn the_operator_knows_better() {
    let judgement = Judgement {
        users: BTreeMap::from([("anna".to_owned(), "Bert".to_owned())]),
        roles: BTreeMap::from([("Sales".to_owned(), "CMS".to_owned())]),
        integrations: BTreeMap::new(),
        stale_days: 365,
    };
    let found = findings("anna:@x:=Sales", Some("bert:@x:=CMS"), &judgement);
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn two_users_with_one_address_are_a_guess() {
    let judgement = Judgement { stale_days: 365, ..Judgement::default() };
    let found = findings("anna:@team bert:@team", Some("team:@team"), &judgement);
    let renamed = found.iter().find(|it| it.rule.code == "admin_users.renamed").unwrap();
    assert_eq!((&*renamed.subject, renamed.confidence), ("anna", crate::finding::Confidence::Guess));
    assert!(found.iter().any(|it| line(it) == "missing bert high"));
}

#[test]
fn state_and_lock_are_compared() {
    assert_eq!(check("anna", "anna:off"), ["inactive anna medium"]);
    assert_eq!(check("anna:off", "anna"), ["reactivated anna high"]);
    assert_eq!(check("anna", "anna:>2027"), ["locked anna low"]);
    assert_eq!(check("anna", "anna:>2025"), Vec::<String>::new());
}

#[test]
fn roles_are_compared_and_everything_is_a_blocker() {
    assert_eq!(check("anna:=Sales", "anna:=none"), ["no-role anna high"]);
    assert_eq!(check("anna:=none", "anna:=none"), Vec::<String>::new());
    assert_eq!(check("anna:=Sales", "anna:=CMS"), ["role-differs anna medium"]);
    assert_eq!(check("anna:=Sales", "anna:=Administrators"), ["more-rights anna blocker", "role-differs anna medium"]);
    assert_eq!(check("anna:=none", "anna:=Administrators"), ["more-rights anna blocker"]);
    assert_eq!(check("anna:=Administrators", "anna:=Administrators"), Vec::<String>::new());
}

#[test]
fn another_role_that_allows_more_is_said_to() {
    let mut m2 = accounts(Side::M2, "anna:=CMS bert:=CMS carl:=CMS");
    m2.roles[2].rules = testing::m2_rules("Magento_Backend::admin Magento_Backend::dashboard Magento_Sales::cancel");
    // Of carl's own role it is that role's finding.
    let facts = facts(accounts(Side::M1, "anna:=Sales bert:=none carl:=CMS"), Some(m2));
    let judgement = Judgement { stale_days: 365, ..Judgement::default() };
    let context = Context { now: "2026-11-22T00:00:00Z".parse().unwrap(), judgement: &judgement, media_filter: None };
    let found = AdminUsers.compare(&facts, &context).findings;
    let mut lines: Vec<String> = found.iter().map(line).collect();
    lines.sort();
    assert_eq!(lines, ["gained-rights anna high", "gained-rights bert high", "role-differs anna medium"]);
    assert!(found[0].detail.contains("Magento_Sales::cancel") && !found[0].detail.contains("dashboard"));
}

#[test]
fn without_any_rule_of_magento_1_nobody_is_accused() {
    let judgement = Judgement { stale_days: 365, ..Judgement::default() };
    let context = Context { now: "2026-11-22T00:00:00Z".parse().unwrap(), judgement: &judgement, media_filter: None };
    let mut m1 = accounts(Side::M1, "anna:=Administrators");
    m1.has_rules = false;
    m1.roles.iter_mut().for_each(|it| it.rules = Rules::default());
    let outcome = AdminUsers.compare(&facts(m1, Some(accounts(Side::M2, "anna:=Administrators"))), &context);
    assert!(outcome.findings.is_empty() && outcome.gaps[0].contains("was not judged"));
}

#[test]
fn who_has_not_logged_in_for_a_year_and_is_not_there_is_stale() {
    assert_eq!(check("anna:<2020", ""), ["missing anna high", "stale anna info"]);
    assert_eq!(check("anna:<2020", "anna"), Vec::<String>::new());
    let judgement = Judgement { stale_days: 10_000, ..Judgement::default() };
    assert!(findings("anna:<2020", Some(""), &judgement).iter().all(|it| it.rule.code != "admin_users.stale"));
}

#[test]
fn without_magento_2_only_what_one_side_tells_is_said() {
    let judgement = Judgement { stale_days: 365, ..Judgement::default() };
    let found = findings("anna bert:<2020", None, &judgement);
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), ["stale bert info"]);
}
