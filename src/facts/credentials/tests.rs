use super::*;
use crate::facts::testing::Rows;

/// The credentials of these tables: each a name, and its rows.
fn read(side: Side, tables: &[(&str, &str)]) -> Credentials {
    let lines =
        tables.iter().flat_map(|(table, rows)| rows.lines().map(move |row| format!("{table}: {}\n", row.trim())));
    Rows::of(&lines.collect::<String>()).known::<CredentialsReader>(side)
}

#[test]
fn a_soap_user_has_one_role_and_its_newest_session() {
    let found = read(
        Side::M1,
        &[
            ("api_user", "1|erp|erp@x|1|ERP|Sync|0000-00-00 00:00:00\n2|lost|-|0|-|-|-"),
            ("api_role", "2|0|G|0|Orders\n9|2|U|1|ERP\n7|5|U|1|ERP\n8|0|U|2|Lost"),
            ("api_rule", "1|2|sales|allow\n2|2|all|deny\n3|2|all|allow\n4|2|-|allow\n5|2|cart|maybe"),
            ("api_session", "1|2026-01-02 00:00:00\n1|2026-03-04 00:00:00\n1|2025-01-01 00:00:00"),
        ],
    );
    let erp = &found.soap_users[0];
    assert_eq!(found.role_of(erp).unwrap().name, "Orders");
    assert_eq!(erp.last_session, "2026-03-04T00:00:00Z".parse().ok());
    assert_eq!((found.soap_users[1].role, found.soap_users[1].email.as_str()), (None, ""));
    let rules = &found.soap_roles[0].rules;
    assert_eq!((rules.own("all"), rules.own("sales"), rules.own("cart")), (Some(true), Some(true), None));
}

#[test]
fn of_a_callback_address_only_the_host_is_kept() {
    let found = read(
        Side::M1,
        &[("oauth_consumer", "1|App|https://user:word@app.example/cb?token=planted-secret|-\n2|None|-|-\n3|Odd|oob|-")],
    );
    let hosts: Vec<Option<&str>> =
        found.consumers.get().unwrap().iter().map(|it| it.callback_host.as_deref()).collect();
    assert_eq!(hosts, [Some("app.example"), None, None]);
}

#[test]
fn rest_roles_have_their_rules_and_administrators() {
    let found = read(
        Side::M1,
        &[
            ("api2_acl_role", "1|Guest\n3|Catalog"),
            ("api2_acl_user", "7|3\n5|3"),
            ("api2_acl_rule", "2|3|product|update\n1|3|product|create\n3|1|all|-"),
            ("api2_acl_attribute", "guest|product|read|sku, name,\nadmin|all|-|-"),
        ],
    );
    let roles = found.rest_roles.get().unwrap();
    assert_eq!(roles[1].admins, [5, 7]);
    assert_eq!(roles[1].rules[0], ("product".to_owned(), Some("create".to_owned())));
    assert_eq!((roles[0].is_for_admins(), roles[1].is_for_admins()), (false, true));
    let filters = found.attribute_filters.get().unwrap();
    assert_eq!(
        (filters[0].attributes.as_slice(), filters[1].attributes.len()),
        (&["sku".to_owned(), "name".to_owned()][..], 0)
    );
}

#[test]
fn integrations_have_the_rules_of_their_own_kind_of_role() {
    let found = read(
        Side::M2,
        &[
            ("integration", "1|ERP|1|5|erp@x|0\n2|Config|2|-|-|1"),
            ("authorization_role", "1|0|G|0|2|Administrators|-\n2|1|U|1|2|Ad|-\n3|0|U|1|1|11|-\n4|0|U|2|1|12|-"),
            ("authorization_rule", "1|1|Magento_Backend::all|allow\n2|3|Magento_Sales::sales|allow"),
        ],
    );
    let integrations = found.integrations.get().unwrap();
    assert_eq!(integrations[0].rules.allowed().collect::<Vec<_>>(), ["Magento_Sales::sales"]);
    assert_eq!(
        (integrations[1].is_configured, integrations[1].status_word()),
        (true, "recreated, to be activated again")
    );
    assert!(integrations[1].rules.is_empty());
}

#[test]
fn optional_tables_leave_the_rest_known() {
    let found = read(
        Side::M1,
        &[("oauth_consumer", "!"), ("oauth_token", "!"), ("api2_acl_role", "!"), ("api2_acl_attribute", "!")],
    );
    assert!(found.consumers.lack().unwrap().why().contains("oauth_consumer"));
    assert!(found.rest_roles.get().is_none() && found.integrations.get().is_some());
    let found = Rows::of("admin_user: !").read::<CredentialsReader>(Side::M2);
    assert!(found.get().is_none(), "Magento 2's administrators are required");
}
