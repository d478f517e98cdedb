//! What somebody needs who talks to the owner of a program, and makes its new credential.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::compare::{Credential, M1Credential, View, borrowed};
use crate::area::Card;
use crate::magento::acl::m2::Granted;
use crate::magento::acl::map::{NoTarget, REST, SOAP};
use crate::matching::Partner;
use crate::matching::credentials::How;
use crate::rights::Difference;
use crate::text;

/// What a credential of Magento 1 may do, in a few words.
pub(super) fn may_do(known: &M1Credential<'_>) -> String {
    match &known.credential {
        Credential::Soap(_) if known.expected.everything => "everything allowed".to_owned(),
        Credential::Soap(_) => text::count(known.rights.allowed.len() as u64, "right", "rights"),
        Credential::Consumer(_) => {
            let roles: Vec<&str> = known.rest_roles.iter().map(|it| it.name.as_str()).collect();
            let customers: BTreeSet<u64> =
                known.tokens.iter().filter(|it| it.is_live()).filter_map(|it| it.customer).collect();
            match (roles.is_empty(), customers.len()) {
                (true, 0) => "holds no live access token".to_owned(),
                (true, count) => format!("acts for {}", text::count(count as u64, "customer", "customers")),
                (false, 0) => format!("acts with the role {}", roles.join(", ")),
                (false, count) => format!(
                    "acts with the role {}, and for {}",
                    roles.join(", "),
                    text::count(count as u64, "customer", "customers")
                ),
            }
        }
    }
}

/// What an integration is allowed, in a few words.
pub(super) fn granted_in_words(granted: &Granted) -> String {
    if granted.everything {
        "everything allowed".to_owned()
    } else {
        text::count(granted.surely.count_ones(..) as u64, "resource allowed", "resources allowed")
    }
}

/// The REST routes of Magento 2 that replace what a credential may call, and what nothing replaces.
pub(super) fn routes(known: &M1Credential<'_>) -> (Vec<String>, Vec<String>) {
    let mut routes = BTreeSet::new();
    let mut lost = BTreeSet::new();
    let is_allowed = |id: &str| known.rights.everything || known.rights.allowed.contains(id);
    for target in SOAP.targets().filter(|it| is_allowed(&it.m1_id)) {
        routes.extend(target.m2_routes().map(|it| (by_path(it), it.to_owned())));
    }
    for (resource, operation) in known.rest_roles.iter().flat_map(|it| borrowed(&it.rules)) {
        let of_admins = REST.iter().filter(|it| it.resource == resource && it.user_type == "admin");
        for target in of_admins.filter(|it| Some(it.operation.as_str()) == operation) {
            routes.extend(target.m2_routes().map(|it| (by_path(it), it.to_owned())));
        }
    }
    for (id, why) in &known.expected.without_target {
        let note = SOAP.find(id).map(|it| it.note.as_str()).filter(|it| !it.is_empty());
        lost.insert(match (why, note) {
            (NoTarget::Extension, _) => format!("{id} (of an extension)"),
            (_, Some(note)) => format!("{id} ({note})"),
            (_, None) => id.clone(),
        });
    }
    (routes.into_iter().map(|(_, route)| route).collect(), lost.into_iter().collect())
}

/// Routes in the order of their paths, and not of their methods.
fn by_path(route: &str) -> String {
    route.split_once(' ').map_or(route, |(_, path)| path).to_owned()
}

/// The card of a credential.
pub(super) fn card(view: &View<'_>, known: &M1Credential<'_>, partner: Option<&Partner<How>>) -> Card {
    let state = match partner {
        Some(partner) => {
            let integration = view.integrations[partner.place].integration;
            format!("integration {} ({}), found by {}", integration.name, integration.status_word(), partner.how.code())
        }
        None if view.is_assessment => "needs an integration in Magento 2".to_owned(),
        None => "no integration in Magento 2".to_owned(),
    };
    let card = Card::new(known.caller.subject.as_str(), state).about(&known.caller.subject);
    let card = match &known.credential {
        Credential::Soap(user) => {
            let role = view.m1.role_of(user).map_or("no role", |it| it.name.as_str());
            let who: Vec<&str> =
                [user.name.as_str(), user.email.as_str()].into_iter().filter(|it| !it.is_empty()).collect();
            let last = user.last_session.map_or_else(|| "none on record".to_owned(), text::day);
            card.text("Who calls", format!("{} by SOAP or XML-RPC", who.join(", ")))
                .text("Account", if user.is_active { "active" } else { "inactive" })
                .text("Last session", last)
                .text("Role", role)
        }
        Credential::Consumer(consumer) => {
            let host = consumer.callback_host.as_deref().unwrap_or("an application without callback address");
            card.text("Who calls", format!("{host} by REST"))
                .text("Registered", consumer.created.map_or(String::new(), text::day))
                .list("Tokens", tokens(view, known))
        }
    };
    let (routes, lost) = routes(known);
    let allowed: Vec<String> = if known.expected.everything {
        vec!["everything: ask which calls it makes, and allow no more than those need".to_owned()]
    } else {
        known.rights.allowed.iter().cloned().chain(of_rest_roles(known)).collect()
    };
    let for_customers = view.for_customers(known);
    let of_customers = for_customers.iter().map(|it| format!("{}/{}", it.resource, it.operation)).collect();
    let mut routes_of_customers: Vec<String> =
        for_customers.iter().flat_map(|it| it.m2_routes()).map(str::to_owned).collect();
    routes_of_customers.dedup();
    let reads_only = !routes.is_empty() && routes.iter().all(|it| it.starts_with("GET "));
    let note = if reads_only {
        "it only reads in Magento 1; Magento 2's resources do not tell reading from writing, so with them it can change things, too"
    } else {
        ""
    };
    let compared = partner.filter(|_| known.has_rights).map(|it| &view.integrations[it.place].granted);
    let difference = compared.map(|it| Difference::of(&known.expected, it, &view.resources));
    card.list("May do in Magento 1", allowed)
        .list("REST routes of Magento 2 that replace the calls", routes)
        .list("Nothing replaces", lost)
        .list("May do for customers", of_customers)
        .list("REST routes of Magento 2 for customers", routes_of_customers)
        .list("Allow in Magento 2", paths(view, &known.expected.ids))
        .text("Mind", note)
        .list("Not allowed in Magento 2 yet", difference.as_ref().map_or_else(Vec::new, |it| paths(view, &it.fewer)))
        .list(
            "Allowed in Magento 2, and not in Magento 1",
            difference.as_ref().map_or_else(Vec::new, |it| paths(view, &it.more)),
        )
        .text("Issue anew", issue(known, partner))
}

fn of_rest_roles(known: &M1Credential<'_>) -> Vec<String> {
    let rules = known.rest_roles.iter().flat_map(|it| borrowed(&it.rules));
    rules.map(|(resource, operation)| operation.map_or(resource.to_owned(), |it| format!("{resource}/{it}"))).collect()
}

fn paths(view: &View<'_>, set: &FixedBitSet) -> Vec<String> {
    let line = |place| format!("{} ({})", view.resources.path(place), view.resources.id(place));
    let mut lines: Vec<String> = set.ones().map(line).collect();
    lines.sort();
    lines
}

/// Tokens of a consumer by what they are and for whom; customers' and nobody's are only counted.
fn tokens(view: &View<'_>, known: &M1Credential<'_>) -> Vec<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for token in &known.tokens {
        let state = if token.is_revoked { "revoked" } else { "not revoked" };
        let whose = match (token.admin, token.customer) {
            (Some(admin), _) => view.admin_name(admin),
            (None, Some(_)) => "customers".to_owned(),
            (None, None) => "nobody yet".to_owned(),
        };
        *counts.entry(format!("{} for {whose}, {state}", token.kind)).or_default() += 1;
    }
    let line =
        |(what, count): (String, u64)| if count == 1 { what } else { format!("{what}: {}", text::number(count)) };
    counts.into_iter().map(line).collect()
}

fn issue(known: &M1Credential<'_>, partner: Option<&Partner<How>>) -> String {
    if !known.caller.is_active {
        return "nothing, if nobody misses it: the account is inactive".to_owned();
    }
    let first = match partner {
        Some(_) => "the integration's own consumer key and secret, access token and token secret",
        None => "an integration with consumer key and secret, access token and token secret",
    };
    let for_customers = known.tokens.iter().any(|it| it.is_live() && it.customer.is_some());
    let customers = if for_customers { " For its customers: tokens that they get by their own login." } else { "" };
    format!(
        "{first}. Nothing of Magento 1 can be used again. Calls are signed by OAuth 1.0a; from 2.4.4 on the access token \
         alone is taken only if oauth/consumer/enable_integration_as_bearer is switched on.{customers}"
    )
}
