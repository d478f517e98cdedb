use super::*;

/// Rows of a table, cells in the order of the read's columns: `-` is NULL.
fn give(reading: &mut Reading, table: &str, rows: &str) {
    let which = reading.reads.iter().position(|(_, read)| read.name() == table).unwrap();
    let read = reading.reads[which].1;
    for row in rows.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let cells: Vec<Option<&[u8]>> =
            row.split('|').map(str::trim).map(|it| (it != "-").then_some(it.as_bytes())).collect();
        assert_eq!(cells.len(), read.column_names().count(), "{row}");
        reading.row(which, &Row::new(&read, &cells)).unwrap();
    }
}

fn finish(mut reading: Reading, side: Side) -> Credentials {
    reading.outcomes(reading.reads.iter().map(|_| Ok(())).collect());
    let Known::Is(found) = reading.finish(side) else { panic!("all was read") };
    found
}

#[test]
fn a_soap_user_has_one_role_and_its_newest_session() {
    let mut reading = gather(Side::M1);
    give(&mut reading, "api_user", "1|erp|erp@x|1|ERP|Sync|0000-00-00 00:00:00\n2|lost|-|0|-|-|-");
    give(&mut reading, "api_role", "2|0|G|0|Orders\n9|2|U|1|ERP\n7|5|U|1|ERP\n8|0|U|2|Lost");
    give(&mut reading, "api_rule", "1|2|sales|allow\n2|2|all|deny\n3|2|all|allow\n4|2|-|allow\n5|2|cart|maybe");
    give(&mut reading, "api_session", "1|2026-01-02 00:00:00\n1|2026-03-04 00:00:00\n1|2025-01-01 00:00:00");
    let found = finish(reading, Side::M1);
    let erp = &found.soap_users[0];
    assert_eq!(found.role_of(erp).unwrap().name, "Orders");
    assert_eq!(erp.last_session, "2026-03-04T00:00:00Z".parse().ok());
    assert_eq!((found.soap_users[1].role, found.soap_users[1].email.as_str()), (None, ""));
    let rules = &found.soap_roles[0].rules;
    assert_eq!((rules.own("all"), rules.own("sales"), rules.own("cart")), (Some(true), Some(true), None));
}

#[test]
fn of_a_callback_address_only_the_host_is_kept() {
    let mut reading = gather(Side::M1);
    give(
        &mut reading,
        "oauth_consumer",
        "1|App|https://user:word@app.example/cb?token=planted-secret|-\n2|None|-|-\n3|Odd|oob|-",
    );
    let found = finish(reading, Side::M1);
    let hosts: Vec<Option<&str>> =
        found.consumers.get().unwrap().iter().map(|it| it.callback_host.as_deref()).collect();
    assert_eq!(hosts, [Some("app.example"), None, None]);
}

#[test]
fn rest_roles_have_their_rules_and_administrators() {
    let mut reading = gather(Side::M1);
    give(&mut reading, "api2_acl_role", "1|Guest\n3|Catalog");
    give(&mut reading, "api2_acl_user", "7|3\n5|3");
    give(&mut reading, "api2_acl_rule", "2|3|product|update\n1|3|product|create\n3|1|all|-");
    give(&mut reading, "api2_acl_attribute", "guest|product|read|sku, name,\nadmin|all|-|-");
    let found = finish(reading, Side::M1);
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
    let mut reading = gather(Side::M2);
    give(&mut reading, "integration", "1|ERP|1|5|erp@x|0\n2|Config|2|-|-|1");
    // An administrator and an integration may have the same id.
    give(
        &mut reading,
        "authorization_role",
        "1|0|G|0|2|Administrators|-\n2|1|U|1|2|Ad|-\n3|0|U|1|1|11|-\n4|0|U|2|1|12|-",
    );
    give(&mut reading, "authorization_rule", "1|1|Magento_Backend::all|allow\n2|3|Magento_Sales::sales|allow");
    let found = finish(reading, Side::M2);
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
    let mut reading = gather(Side::M1);
    let outcomes = reading.reads.iter().map(|(subject, read)| {
        let error = ReadError::NoTable { table: read.name().to_owned() };
        if subject.is_required() { Ok(()) } else { Err(error) }
    });
    let outcomes = outcomes.collect();
    reading.outcomes(outcomes);
    let Known::Is(found) = reading.finish(Side::M1) else { panic!("the required tables are there") };
    assert!(found.consumers.lack().unwrap().why().contains("oauth_consumer"));
    assert!(found.rest_roles.get().is_none());
    let mut reading = gather(Side::M2);
    let outcomes = reading.reads.iter().map(|(_, read)| match read.name() {
        "admin_user" => Err(ReadError::NoTable { table: "admin_user".to_owned() }),
        _ => Ok(()),
    });
    let outcomes = outcomes.collect();
    reading.outcomes(outcomes);
    assert!(reading.finish(Side::M2).get().is_none(), "Magento 2's administrators are required");
}
