use super::*;
use crate::facts::testing::Rows;

fn m1(roles: &str) -> Accounts {
    let roles: Vec<String> = roles.lines().map(|it| format!("admin_role: {it}|-")).collect();
    let others = "admin_user: 1|admin|a@x|1|2026-01-01 00:00:00|0000-00-00 00:00:00|Ad|Min|-
        admin_user: 2|obrien|o@x|1|-|2020-01-01 00:00:00|-|O'Brien|-
        admin_rule: 1|1|all|allow
        admin_rule: 9|3|all|deny
        admin_rule: 7|3|all|allow
        admin_rule: 10|3|admin|allow
        admin_rule: 11|4|admin|deny";
    Rows::of(&format!("{others}\n{}", roles.join("\n"))).known::<AccountsReader>(Side::M1)
}

#[test]
fn the_assignment_of_the_lowest_id_has_effect_and_ghosts_have_none() {
    let accounts = m1("1|0|G|0|Administrators
                       3|0|G|0|Sales
                       4|0|G|0|Catalog
                       12|3|U|2|Conan
                       11|4|U|2|Conan
                       24|3|U|9999|Ghost
                       10|1|U|1|Ad");
    let obrien = &accounts.users[1];
    assert_eq!((obrien.role, obrien.idle_roles.as_slice()), (Some(4), &[3][..]));
    assert_eq!(accounts.ghost_assignments, 1);
    assert_eq!(accounts.role_of(&accounts.users[0]).unwrap().name, "Administrators");
}

#[test]
fn the_rule_about_everything_is_asked_last_and_a_role_without_rules_never() {
    let roles = "1|0|G|0|Administrators\n3|0|G|0|Sales\n5|0|G|0|Empty";
    let first = |assignments: &str| m1(&format!("{roles}\n{assignments}")).users[1].role;
    assert_eq!(first("11|1|U|2|Conan\n12|3|U|2|Conan"), Some(3));
    assert_eq!(first("11|5|U|2|Conan\n12|1|U|2|Conan"), Some(1));
    assert_eq!(first("11|5|U|2|Conan"), Some(5));
}

#[test]
fn of_two_rules_about_everything_the_later_one_wins() {
    let accounts = m1("1|0|G|0|Administrators\n3|0|G|0|Sales");
    let everything: Vec<Option<bool>> = accounts.roles.iter().map(|it| it.rules.own("all")).collect();
    assert_eq!(everything, [Some(true), Some(false)]);
}

#[test]
fn zero_dates_are_unknown_and_names_are_put_together() {
    let accounts = m1("1|0|G|0|Administrators");
    assert_eq!((accounts.users[0].created, accounts.users[0].name.as_str()), (None, "Ad Min"));
    assert_eq!((accounts.users[1].last_login, accounts.users[1].name.as_str()), (None, "O'Brien"));
}

#[test]
fn integrations_of_magento_2_are_no_admin_roles() {
    let text = "admin_user: 1|admin|a@x|1|-|-|-|-|2030-01-01 00:00:00
        authorization_role: 1|0|G|0|2|Administrators|-
        authorization_role: 2|1|U|1|2|Ad|-
        authorization_role: 3|0|U|1|1|11|-";
    let accounts = Rows::of(text).known::<AccountsReader>(Side::M2);
    assert_eq!((accounts.roles.len(), accounts.users[0].role, accounts.ghost_assignments), (1, Some(1), 0));
    assert!(accounts.users[0].locked_until.is_some());
}

#[test]
fn a_stripped_dump_is_not_a_store_without_accounts() {
    let Known::Not(lack) = Rows::of("").read::<AccountsReader>(Side::M1) else { panic!("nothing was read") };
    assert!(lack.is_not_whole() && lack.why().contains("admin_user has no rows"), "{}", lack.why());
}

#[test]
fn a_table_that_is_missing_makes_the_accounts_unknown() {
    let text = "admin_user: 1|admin|a@x|1|-|-|-|-|-
        authorization_role: 1|0|G|0|2|Administrators|-
        authorization_rule: !";
    let Known::Not(lack) = Rows::of(text).read::<AccountsReader>(Side::M2) else { panic!("a table is missing") };
    assert_eq!(lack.why(), "Magento 2 database: there is no table authorization_rule");
}
