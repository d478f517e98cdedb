//! Credentials for web services: will whoever calls the old store be able to call the new one, and nobody else?

mod cards;
mod compare;
mod inventory;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome, Setting};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Api;

impl Area for Api {
    fn name(&self) -> &'static str {
        "api"
    }

    fn title(&self) -> &'static str {
        "API credentials"
    }

    fn question(&self) -> &'static str {
        "Who calls the old store by SOAP, XML-RPC or REST, and has each of them a credential for the new one, with no more rights?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Credentials]
    }

    fn names_people(&self) -> bool {
        true
    }

    fn issues(&self) -> &'static [&'static Rule] {
        &[&rules::SOAP_USER_MISSING, &rules::CONSUMER_MISSING]
    }

    fn settings(&self) -> &'static [Setting] {
        &[Setting::Matches]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Keys, secrets, tokens and session ids are never read; of callback addresses only the host is kept.",
            "SOAP and XML-RPC users and OAuth consumers are matched to integrations one to one, in passes: by \
             [match.integrations] of magegap.toml, by name, by the name of their role, by e-mail address where it is \
             unique on both sides, and as likely where all words of the Magento 1 name occur in the integration's. \
             The words soap, rest, api, xml, rpc, legacy, integration, magento and user do not count. Who is active \
             goes first.",
            "A consumer of Magento 2 that no integration owns is not a migrated credential: the official tool copies \
             the rows of oauth_consumer and oauth_token as they are. It was carried over if Magento 1 has a consumer of \
             its name; otherwise that is only likely.",
            "For SOAP and XML-RPC, a role that is allowed `all` may do everything, whatever else is denied to it. What \
             its rights are in Magento 2, and which REST routes replace the calls, is told by a table of all 144 \
             resources.",
            "A consumer may do what the REST roles of the administrators may do whose live access tokens it holds. What \
             it does in the name of customers needs no right of an integration in Magento 2: customers log in \
             themselves there.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let m1 = facts.sides.m1.credentials.get();
        m1.map(|m1| compare::compare(m1, facts, context)).unwrap_or_default()
    }
}
