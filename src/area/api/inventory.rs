//! What each side has, matched: a row for each credential, role, filter, token and integration.

use std::collections::BTreeSet;

use super::cards;
use super::compare::{Credential, M1Credential, M2Integration, View};
use crate::area::{Column, Kind, Table};
use crate::matching::Partner;
use crate::matching::credentials::How;
use crate::rights::Difference;
use crate::text;

const COLUMNS: usize = 22;

pub(super) fn table(view: &View<'_>) -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    let person = |name, title| Column::new(name, title, Kind::Person);
    let list = |name, title| Column::new(name, title, Kind::List);
    let columns = vec![
        text("subject", "Credential"),
        text("m1_state", "State in Magento 1"),
        text("m1_role", "Role"),
        person("m1_name", "Name"),
        person("m1_email", "E-mail"),
        text("m1_last_session", "Last session"),
        list("m1_rights", "Rights"),
        list("expected", "Expected in Magento 2"),
        list("without_target", "Without target"),
        list("m2_routes", "REST routes of Magento 2"),
        text("matched_by", "Matched by"),
        text("m2_integration", "Integration"),
        text("m2_status", "Status"),
        text("m2_setup_type", "Setup type"),
        text("m2_consumer", "Consumer"),
        text("m2_access_token", "Access token"),
        person("m2_email", "E-mail"),
        list("m2_rights", "Rights"),
        list("fewer", "Fewer"),
        list("perhaps_fewer", "Fewer by version"),
        list("more", "More"),
        list("perhaps_more", "More by version"),
    ];
    let mut rows = Vec::new();
    for (place, known) in view.credentials.iter().enumerate() {
        rows.push(credential(view, known, view.partners.get(&place)));
    }
    let taken: BTreeSet<usize> = view.partners.values().map(|it| it.place).collect();
    for (_, it) in view.integrations.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        let mut row = blank(format!("integration:{}", it.integration.name));
        row.truncate(10);
        row.push(String::new());
        row.extend(integration(view, it));
        row.resize(COLUMNS, String::new());
        rows.push(row);
    }
    rows.extend(others(view));
    Table { columns, rows }
}

fn blank(subject: String) -> Vec<String> {
    let mut row = vec![subject];
    row.resize(COLUMNS, String::new());
    row
}

fn credential(view: &View<'_>, known: &M1Credential<'_>, partner: Option<&Partner<How>>) -> Vec<String> {
    let resources = &view.resources;
    let (state, role, [name, email], last) = match &known.credential {
        Credential::Soap(user) => (
            if user.is_active { "active" } else { "inactive" }.to_owned(),
            view.m1.role_of(user).map_or(String::new(), |it| it.name.clone()),
            [user.name.clone(), user.email.clone()],
            user.last_session.map_or(String::new(), text::day),
        ),
        Credential::Consumer(_) => {
            let live = known.tokens.iter().filter(|it| it.is_live()).count();
            let names: Vec<&str> = known.rest_roles.iter().map(|it| it.name.as_str()).collect();
            (format!("{} tokens, {live} live", known.tokens.len()), names.join("; "), Default::default(), String::new())
        }
    };
    let rights: Vec<&str> = known.rights.allowed.iter().map(String::as_str).collect();
    let of_rest: Vec<String> = known
        .rest_roles
        .iter()
        .flat_map(|it| &it.rules)
        .map(|(resource, operation)| operation.as_ref().map_or(resource.clone(), |it| format!("{resource}/{it}")))
        .collect();
    let without: Vec<&str> = known.expected.without_target.iter().map(|(id, _)| id.as_str()).collect();
    // A route has a blank of its own; a list is separated by them.
    let routes: Vec<String> = cards::routes(known).0.iter().map(|it| it.replacen(' ', ":", 1)).collect();
    let mut row = vec![
        known.caller.subject.clone(),
        state,
        role,
        name,
        email,
        last,
        if known.expected.everything {
            "all".to_owned()
        } else {
            [rights.join(" "), of_rest.join(" ")].join(" ").trim().to_owned()
        },
        resources.ids(&known.expected.ids).collect::<Vec<_>>().join(" "),
        without.join(" "),
        routes.join(" "),
        partner.map_or(String::new(), |it| it.how.code().to_owned()),
    ];
    if let Some(partner) = partner {
        let other = &view.integrations[partner.place];
        row.extend(integration(view, other));
        let difference = Difference::of(&known.expected, &other.granted, resources);
        let it = &difference;
        row.extend(
            [&it.fewer, &it.perhaps_fewer, &it.more, &it.perhaps_more]
                .map(|set| resources.ids(set).collect::<Vec<_>>().join(" ")),
        );
    }
    row.resize(COLUMNS, String::new());
    row
}

fn integration(view: &View<'_>, known: &M2Integration<'_>) -> Vec<String> {
    let it = known.integration;
    vec![
        it.name.clone(),
        it.status_word().to_owned(),
        if it.is_configured { "configured by a module" } else { "manual" }.to_owned(),
        known.consumer.map_or(String::new(), |it| it.name.clone()),
        match known.has_token {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known",
        }
        .to_owned(),
        it.email.clone(),
        if known.granted.everything {
            crate::magento::acl::m2::ALL.to_owned()
        } else {
            view.resources.ids(&known.granted.surely).collect::<Vec<_>>().join(" ")
        },
    ]
}

/// Roles and filters of Magento 1, and what the tool carried over.
fn others(view: &View<'_>) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |subject: String, state: String, rights: String, m2: String| {
        let mut cells = blank(subject);
        cells[1] = state;
        cells[5] = rights;
        cells[11] = m2;
        rows.push(cells);
    };
    for role in &view.m1.soap_roles {
        let users = view.m1.soap_users.iter().filter(|it| it.role == Some(role.id)).count();
        let allowed: Vec<&str> = role.rules.allowed().collect();
        let users = text::count(users as u64, "user", "users");
        row(format!("soap-role:{}", role.name), users, allowed.join(" "), String::new());
    }
    for role in view.m1.rest_roles.get().into_iter().flatten() {
        let admins: Vec<String> = role.admins.iter().map(|&it| view.admin_name(it)).collect();
        let rules: Vec<String> = role
            .rules
            .iter()
            .map(|(resource, operation)| operation.as_ref().map_or(resource.clone(), |it| format!("{resource}/{it}")))
            .collect();
        row(format!("rest-role:{}", role.name), admins.join("; "), rules.join(" "), String::new());
    }
    for filter in view.m1.attribute_filters.get().into_iter().flatten() {
        let subject = format!("rest-attributes:{}/{}/{}", filter.user_type, filter.resource, filter.operation);
        let state = if filter.attributes.is_empty() { "all attributes" } else { "limited" };
        row(subject, state.to_owned(), filter.attributes.join(" "), String::new());
    }
    for consumer in &view.carried {
        row(
            format!("consumer:{}", consumer.name),
            String::new(),
            String::new(),
            format!("carried over, oauth_consumer.entity_id {}", consumer.id),
        );
    }
    for token in &view.carried_tokens {
        let state = if token.is_revoked { "revoked" } else { "not revoked" };
        let m2 = format!("carried over, {} token, {state}", token.kind);
        row(format!("token:{}", token.id), String::new(), String::new(), m2);
    }
    rows
}
