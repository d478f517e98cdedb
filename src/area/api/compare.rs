//! Credentials of both sides matched, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use super::{cards, inventory, rules};
use crate::area::{Context, Outcome, Whole};
use crate::facts::credentials::{Consumer, Integration, RestRole, SoapUser, Token};
use crate::facts::{Accounts, Credentials, Facts};
use crate::finding::{Cause, Confidence, Finding, Rule, Severity};
use crate::known::Known;
use crate::magento::acl::expected::Expected;
use crate::magento::acl::m1;
use crate::magento::acl::m2::{Granted, Resources};
use crate::magento::acl::map::{REST, RestTarget};
use crate::magento::versions::Version;
use crate::matching::credentials::{Caller, How, pair_off};
use crate::matching::{Partner, Partners, unused, users};
use crate::pair::Side;
use crate::rights::{self, Difference};
use crate::text;
use crate::text::fold;

/// A credential of Magento 1.
pub(super) enum Credential<'a> {
    Soap(&'a SoapUser),
    Consumer(&'a Consumer),
}

/// A credential of Magento 1, with what it may do.
pub(super) struct M1Credential<'a> {
    pub(super) credential: Credential<'a>,
    pub(super) caller: Caller,
    /// What it may do by SOAP.
    pub(super) rights: m1::Rights,
    /// What that is in Magento 2.
    pub(super) expected: Expected,
    /// The REST roles that it acts with.
    pub(super) rest_roles: Vec<&'a RestRole>,
    /// Tokens of a consumer.
    pub(super) tokens: Vec<&'a Token>,
    /// Whether its rights can be compared with an integration's. What is done in the name of
    /// customers cannot.
    pub(super) has_rights: bool,
    /// Whether anything can be said of its rights: a dump can be stripped of the tables that tell them.
    pub(super) is_known: bool,
}

/// An integration of Magento 2, with what it may do.
pub(super) struct M2Integration<'a> {
    pub(super) integration: &'a Integration,
    pub(super) granted: Granted,
    pub(super) consumer: Option<&'a Consumer>,
    /// Whether it has an access token; none if the tokens are not known.
    pub(super) has_token: Option<bool>,
    /// If its consumer is Magento 1's own: how many live tokens of Magento 1 it has.
    pub(super) reused: Option<usize>,
}

/// Both sides, as this area looks at them.
pub(super) struct View<'a> {
    pub(super) credentials: Vec<M1Credential<'a>>,
    pub(super) integrations: Vec<M2Integration<'a>>,
    pub(super) partners: Partners<How>,
    pub(super) resources: Resources,
    pub(super) m1: &'a Credentials,
    pub(super) m1_accounts: Option<&'a Accounts>,
    pub(super) m2_accounts: Option<&'a Accounts>,
    /// Consumers that no integration owns, and tokens of such consumers.
    pub(super) carried: Vec<&'a Consumer>,
    pub(super) carried_tokens: Vec<&'a Token>,
    pub(super) m2_consumers: &'a [Consumer],
    /// Which administrators are the same, if both sides' are known.
    users: Option<Partners<users::How>>,
    /// Whether the rights of integrations are known.
    has_m2_rules: bool,
    pub(super) is_assessment: bool,
    /// Whether Magento 1 has consumers and REST roles at all: they came with 1.7.
    has_rest: bool,
}

fn list<T>(known: &Known<Vec<T>>) -> &[T] {
    known.get().map_or(&[], Vec::as_slice)
}

pub(super) fn compare(m1: &Credentials, facts: &Facts, context: &Context<'_>) -> Outcome {
    let m2 = facts.sides.m2.credentials.get();
    let view = View::of(m1, m2, facts, context);
    // Without Magento 2's integrations nothing can be called missing.
    let knows_integrations = m2.is_some_and(|it| it.integrations.get().is_some());
    let mut outcome = Outcome { inventory: inventory::table(&view), ..Outcome::default() };
    let is_credential = |it: &Finding| it.subject.starts_with("soap:") || it.subject.starts_with("consumer:");
    outcome.whole = Whole::of(view.credentials.len(), &rules::SOAP_USER_MISSING, is_credential);
    for (place, known) in view.credentials.iter().enumerate() {
        let partner = view.partners.get(&place);
        match partner {
            Some(partner) => outcome.findings.extend(view.differences(known, partner)),
            None if knows_integrations => outcome.findings.push(view.missing(known)),
            None => {}
        }
        outcome.cards.push(cards::card(&view, known, partner));
    }
    if knows_integrations {
        if m1.tokens.get().is_some() {
            outcome.findings.extend(view.rest_roles_missing());
        }
        // Nothing is extra for want of Magento 1's consumers.
        if m1.consumers.get().is_some() || !view.has_rest {
            outcome.findings.extend(view.extra());
        }
        outcome.findings.extend(view.consumers_reused());
        outcome.findings.extend(view.carried.iter().map(|it| view.consumer_carried(it)));
        outcome.findings.extend(view.carried_tokens.iter().map(|it| view.token_carried(it)));
    }
    outcome.findings.extend(view.soap_roles_unused());
    outcome.findings.extend(list(&m1.attribute_filters).iter().filter(|it| !it.attributes.is_empty()).map(|it| {
        let subject = format!("rest-attributes:{}/{}/{}", it.user_type, it.resource, it.operation);
        let filter = rules::REST_ATTRIBUTES.finding(subject).m1(it.attributes.join(", "));
        filter.explained_by([Cause::document("api2_acl_attribute")])
    }));
    outcome.summary = view.summary(m2.is_some());
    outcome.gaps = gaps(m1, m2, facts, view.has_rest);
    if let Some(m2) = m2 {
        let has_caller = |name: &str| {
            view.credentials
                .iter()
                .any(|it| [&it.caller.subject, &it.caller.name].iter().any(|own| fold(own) == fold(name)))
        };
        let has_integration = |name: &str| list(&m2.integrations).iter().any(|it| fold(&it.name) == fold(name));
        let overrides = &context.judgement.integrations;
        outcome.gaps.extend(unused("integrations", "credential", overrides, [&has_caller, &has_integration]));
    }
    outcome
}

/// What could not be looked at, and why.
fn gaps(m1: &Credentials, m2: Option<&Credentials>, facts: &Facts, has_rest: bool) -> Vec<String> {
    let of_rest = [m1.consumers.lack(), m1.tokens.lack(), m1.rest_roles.lack(), m1.attribute_filters.lack()];
    let of_m2 = m2.map(|it| [it.integrations.lack(), it.consumers.lack(), it.tokens.lack()]);
    let rest = of_rest.into_iter().flatten().filter(|it| has_rest || it.is_failure());
    let mut gaps: Vec<String> =
        rest.chain(of_m2.into_iter().flatten().flatten()).map(|it| it.why().to_owned()).collect();
    if facts.lack(Side::M1, crate::facts::Fact::Accounts).is_some() {
        gaps.push("the names of Magento 1's administrators are not known".to_owned());
    }
    if !m1.soap_users.is_empty() && !m1.has_soap_rules() {
        gaps.push("Magento 1 has no rule of any role of SOAP, as in a dump without the rows of api_rule; rights were not compared".to_owned());
    }
    if m2.is_some_and(|it| !list(&it.integrations).is_empty())
        && facts.sides.m2.accounts.get().is_some_and(|it| !it.has_rules)
    {
        gaps.push("Magento 2 has no rule of any role, as in a dump without the rows of authorization_rule; rights were not compared".to_owned());
    }
    gaps.dedup();
    gaps
}

impl<'a> View<'a> {
    fn of(m1: &'a Credentials, m2: Option<&'a Credentials>, facts: &'a Facts, context: &Context<'_>) -> Self {
        let resources = rights::resources(&facts.sides, facts.is_assessment);
        let credentials = credentials(m1, facts, &resources);
        let own = m2.map_or(&[][..], |it| list(&it.integrations));
        let consumers = m2.map_or(&[][..], |it| list(&it.consumers));
        let tokens = m2.and_then(|it| it.tokens.get());
        let owned: BTreeSet<u64> = own.iter().filter_map(|it| it.consumer).collect();
        let mut tokens_by_consumer: BTreeMap<u64, Vec<&Token>> = BTreeMap::new();
        for token in tokens.into_iter().flatten() {
            tokens_by_consumer.entry(token.consumer).or_default().push(token);
        }
        let of_m1: BTreeSet<(u64, u64)> = list(&m1.tokens).iter().map(|it| (it.consumer, it.id)).collect();
        let is_of_m1 =
            |it: &Token| of_m1.contains(&(it.consumer, it.id)) && (it.admin.is_some() || it.customer.is_some());
        let known_of_m1 = list(&m1.consumers);
        let is_reused = |it: &&Consumer| {
            let is_same = |old: &Consumer| {
                old.id == it.id && old.name == it.name && (old.created == it.created || it.created.is_none())
            };
            known_of_m1.iter().any(is_same)
        };
        let integrations: Vec<M2Integration<'_>> = own
            .iter()
            .map(|integration| M2Integration {
                granted: resources.granted(&integration.rules),
                consumer: consumers.iter().find(|it| Some(it.id) == integration.consumer),
                has_token: tokens.map(|_| {
                    let own = integration.consumer.and_then(|it| tokens_by_consumer.get(&it));
                    own.into_iter().flatten().any(|it| it.is_live() && !is_of_m1(it))
                }),
                reused: consumers.iter().filter(is_reused).find(|it| Some(it.id) == integration.consumer).map(|it| {
                    let own = tokens_by_consumer.get(&it.id).into_iter().flatten();
                    own.filter(|it| it.is_live() && is_of_m1(it)).count()
                }),
                integration,
            })
            .collect();
        let (m1_accounts, m2_accounts) = (facts.sides.m1.accounts.get(), facts.sides.m2.accounts.get());
        let callers: Vec<Caller> = credentials.iter().map(|it| it.caller.clone()).collect();
        Self {
            partners: pair_off(&callers, own, &context.judgement.integrations),
            carried: consumers.iter().filter(|it| !owned.contains(&it.id)).collect(),
            carried_tokens: tokens.into_iter().flatten().filter(|it| !owned.contains(&it.consumer)).collect(),
            users: m1_accounts.zip(m2_accounts).map(|(m1, m2)| users::pair_off(m1, m2, &context.judgement.users)),
            has_m2_rules: m2_accounts.is_none_or(|it| it.has_rules),
            m2_consumers: consumers,
            m1_accounts,
            m2_accounts,
            is_assessment: facts.is_assessment,
            has_rest: {
                let newest = facts.sides.m1.platform.range().1;
                newest.is_none_or(|it| Version::parse("1.7").is_some_and(|since| it >= since))
            },
            credentials,
            integrations,
            resources,
            m1,
        }
    }

    /// The name of an administrator of Magento 1.
    pub(super) fn admin_name(&self, id: u64) -> String {
        let name = self.m1_accounts.and_then(|it| it.user(id)).map(|it| it.username.clone());
        name.unwrap_or_else(|| format!("administrator {id}"))
    }

    /// What a consumer may do in the name of customers: the rules of the role that all of them have.
    pub(super) fn for_customers(&self, known: &M1Credential<'_>) -> Vec<&'static RestTarget> {
        if !known.tokens.iter().any(|it| it.is_live() && it.customer.is_some()) {
            return Vec::new();
        }
        let role = list(&self.m1.rest_roles).iter().find(|it| it.id == RestRole::CUSTOMER);
        let allows = |target: &RestTarget| {
            role.is_some_and(|role| {
                let is_it = |(resource, operation): (&str, Option<&str>)| {
                    resource == m1::ALL || (resource == target.resource && operation == Some(&target.operation))
                };
                borrowed(&role.rules).any(is_it)
            })
        };
        REST.iter().filter(|it| it.user_type == "customer" && allows(it)).collect()
    }

    fn missing(&self, known: &M1Credential<'_>) -> Finding {
        let subject = known.caller.subject.as_str();
        match &known.credential {
            Credential::Soap(user) => {
                let severity = if user.is_active { Severity::High } else { Severity::Low };
                let role = self.m1.role_of(user).map_or_else(|| "no role".to_owned(), |it| format!("role {}", it.name));
                let state = if user.is_active { "active" } else { "inactive" };
                let last = user.last_session.map(|it| format!("last session {}", text::day(it)));
                let detail = [Some(cards::may_do(known)), last].into_iter().flatten().collect::<Vec<_>>().join("; ");
                rules::SOAP_USER_MISSING
                    .finding(subject)
                    .severity(severity)
                    .m1(format!("{state}, {role}"))
                    .detail(detail)
                    .explained_by([Cause::document("api_user")])
            }
            Credential::Consumer(consumer) => {
                let live = known.tokens.iter().filter(|it| it.is_live()).count();
                let host = consumer.callback_host.as_ref().map(|it| format!("calls back to {it}"));
                let detail = [Some(cards::may_do(known)), host].into_iter().flatten().collect::<Vec<_>>().join("; ");
                let tokens = text::count(known.tokens.len() as u64, "token", "tokens");
                let tokens = format!("{tokens}, {live} of them live");
                let tokens = if known.is_known { tokens } else { "its tokens are not known".to_owned() };
                rules::CONSUMER_MISSING.finding(subject).m1(tokens).detail(detail)
            }
        }
    }

    fn differences(&self, known: &M1Credential<'_>, partner: &Partner<How>) -> Vec<Finding> {
        let other = &self.integrations[partner.place];
        let integration = other.integration;
        let mut found = Vec::new();
        let subject = format!("integration:{}", integration.name);
        if known.caller.is_active {
            let inactive = rules::INTEGRATION_INACTIVE.finding(subject).m1(known.caller.subject.as_str());
            let inactive = inactive.confidence(partner.confidence);
            if integration.status != 1 {
                found.push(inactive.m2(integration.status_word()));
            } else if other.consumer.is_some() && other.has_token == Some(false) {
                found.push(inactive.m2("active, but without an access token"));
            }
        }
        if !known.caller.is_active && integration.status == 1 {
            let reactivated = rules::REACTIVATED.finding(known.caller.subject.as_str()).m1("inactive");
            let reactivated = reactivated.m2(format!("integration {}, active", integration.name));
            found.push(reactivated.confidence(partner.confidence));
        }
        if partner.how == How::Words {
            let renamed = rules::RENAMED.finding(known.caller.subject.as_str()).m1(known.caller.name.as_str());
            found.push(renamed.m2(integration.name.as_str()).confidence(partner.confidence));
        }
        if !self.has_m2_rules {
            return found;
        }
        let difference = Difference::of(&known.expected, &other.granted, &self.resources);
        let finding = |rule: &'static Rule, (detail, confidence): (String, Confidence)| {
            rule.finding(known.caller.subject.as_str())
                .m1(cards::may_do(known))
                .m2(format!("{}: {}", integration.name, cards::granted_in_words(&other.granted)))
                .detail(detail)
                .confidence(confidence.max(partner.confidence))
        };
        if known.has_rights {
            let fewer = difference.fewer_in_words(&known.expected, &self.resources);
            found.extend(fewer.map(|it| finding(&rules::FEWER_RIGHTS, it)));
        }
        if known.has_rights || (other.granted.everything && known.is_known) {
            let more = difference.more_in_words(&known.expected, &other.granted, &self.resources);
            found.extend(more.map(|it| finding(&rules::MORE_RIGHTS, it)));
        }
        found
    }

    fn rest_roles_missing(&self) -> Vec<Finding> {
        let tokens = list(&self.m1.tokens);
        let consumer_of = |at: &usize| match self.credentials[*at].credential {
            Credential::Consumer(consumer) => Some(consumer.id),
            Credential::Soap(_) => None,
        };
        let migrated: BTreeSet<u64> = self.partners.keys().filter_map(consumer_of).collect();
        let roles = list(&self.m1.rest_roles).iter().filter(|it| it.is_for_admins());
        roles
            .filter_map(|role| {
                let is_of_role = |it: &&Token| it.is_live() && it.admin.is_some_and(|it| role.admins.contains(&it));
                let mut live = tokens.iter().filter(is_of_role).peekable();
                let severity = if live.peek().is_some() { Severity::Medium } else { Severity::Low };
                if live.any(|it| migrated.contains(&it.consumer)) {
                    return None;
                }
                let admins: Vec<String> =
                    role.admins.iter().map(|&it| format!("user {}", self.admin_name(it))).collect();
                let expected = Expected::of_rest(borrowed(&role.rules), &self.resources);
                let detail = if expected.everything {
                    "it allows everything".to_owned()
                } else {
                    format!("allow {}", rights::listed(self.resources.ids(&expected.ids)))
                };
                let count = text::count(role.rules.len() as u64, "rule", "rules");
                let subject = format!("rest-role:{}", role.name);
                Some(
                    rules::REST_ROLE_MISSING
                        .finding(subject)
                        .severity(severity)
                        .m1(count)
                        .detail(detail)
                        .used_by(&admins)
                        .explained_by([Cause::document("api2_acl_role")]),
                )
            })
            .collect()
    }

    fn extra(&self) -> Vec<Finding> {
        let taken: BTreeSet<usize> = self.partners.values().map(|it| it.place).collect();
        let extra = self.integrations.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        extra
            .map(|(_, it)| {
                let made = if it.integration.is_configured { "made by a module" } else { "made by a person" };
                let state = it.integration.status_word();
                let subject = format!("integration:{}", it.integration.name);
                rules::EXTRA
                    .finding(subject)
                    .m2(format!("{state}, {}", cards::granted_in_words(&it.granted)))
                    .detail(made)
            })
            .collect()
    }

    fn consumers_reused(&self) -> Vec<Finding> {
        let reused = self.integrations.iter().filter_map(|it| Some((it, it.reused?, it.consumer?)));
        reused
            .map(|(it, live, consumer)| {
                let severity = if live > 0 { Severity::Blocker } else { Severity::High };
                rules::CONSUMER_REUSED
                    .finding(format!("integration:{}", it.integration.name))
                    .severity(severity)
                    .m1(format!("consumer:{}", consumer.name))
                    .m2(format!("the same, oauth_consumer.entity_id {}", consumer.id))
                    .detail(format!("{} of Magento 1 that is not revoked", text::count(live as u64, "token", "tokens")))
            })
            .collect()
    }

    fn soap_roles_unused(&self) -> Vec<Finding> {
        let used: BTreeSet<u64> = self.m1.soap_users.iter().filter_map(|it| it.role).collect();
        let unused = self.m1.soap_roles.iter().filter(|it| !used.contains(&it.id));
        unused.map(|it| rules::SOAP_ROLE_UNUSED.finding(format!("soap-role:{}", it.name))).collect()
    }

    fn consumer_carried(&self, consumer: &Consumer) -> Finding {
        let is_of_m1 = list(&self.m1.consumers).iter().any(|it| it.name == consumer.name);
        let tokens = self.carried_tokens.iter().filter(|it| it.consumer == consumer.id);
        let (all, live) = (tokens.clone().count(), tokens.filter(|it| it.is_live()).count());
        let found = rules::CONSUMER_CARRIED
            .finding(format!("consumer:{}", consumer.name))
            .m2("no integration owns it")
            .explained_by([Cause::document("oauth_consumer")])
            .detail(format!(
                "oauth_consumer.entity_id {}; {}, {live} of them live",
                consumer.id,
                text::count(all as u64, "token", "tokens")
            ));
        if is_of_m1 { found.m1("the same consumer") } else { found.confidence(Confidence::Likely) }
    }

    fn token_carried(&self, token: &Token) -> Finding {
        let severity = if token.is_live() { Severity::Blocker } else { Severity::Low };
        let consumer = self.m2_consumers.iter().find(|it| it.id == token.consumer);
        let consumer = consumer.map_or_else(|| format!("consumer {}", token.consumer), |it| it.name.clone());
        let state = if token.is_revoked { "revoked" } else { "not revoked" };
        let found = rules::TOKEN_CARRIED
            .finding(format!("token:{}", token.id))
            .severity(severity)
            .m2(format!("{} token of {consumer}, {state}", token.kind));
        match (token.admin, token.customer) {
            (Some(id), _) => found.m1(format!("acts as {}", self.admin_name(id))).detail(self.now_owned_by(id)),
            (None, Some(id)) => {
                let detail = "customers keep their ids in Magento 2, but the copy counts as an integration's token";
                found.m1(format!("acts as customer {id}")).detail(detail)
            }
            (None, None) => found.m1("nobody has authorized it"),
        }
    }

    /// Who has an administrator's id of Magento 1 in Magento 2.
    fn now_owned_by(&self, id: u64) -> String {
        let (Some(m1), Some(m2), Some(users)) = (self.m1_accounts, self.m2_accounts, &self.users) else {
            return format!("who has the id {id} in Magento 2, and whether it is the same person, is not known");
        };
        let was = m1.users.iter().position(|it| it.id == id);
        let partner = was.and_then(|it| users.get(&it)).map(|it| m2.users[it.place].id);
        match m2.user(id) {
            None => format!("nobody has the id {id} in Magento 2 now; an administrator created later may get it"),
            Some(now) if partner == Some(id) => {
                format!("in Magento 2 the id {id} is the same person's, {}", now.username)
            }
            Some(now) => format!("in Magento 2 the id {id} belongs to somebody else: {}", now.username),
        }
    }

    fn summary(&self, has_m2: bool) -> Vec<String> {
        let soap = self.m1.soap_users.len();
        let active = self.m1.soap_users.iter().filter(|it| it.is_active).count();
        let sessions = self.m1.soap_users.iter().filter(|it| it.last_session.is_some()).count();
        let consumers = list(&self.m1.consumers).len();
        let roles = list(&self.m1.rest_roles).iter().filter(|it| it.is_for_admins()).count();
        let number = |it: usize| text::number(it as u64);
        let mut lines = vec![format!(
            "Magento 1: {} of SOAP and XML-RPC ({} active, {} with a session on record), {}, {}.",
            text::count(soap as u64, "user", "users"),
            number(active),
            number(sessions),
            text::count(consumers as u64, "OAuth consumer", "OAuth consumers"),
            text::count(roles as u64, "REST role for administrators", "REST roles for administrators"),
        )];
        let tokens = list(&self.m1.tokens);
        if self.is_assessment && consumers + tokens.len() > 0 {
            lines.push(format!(
                "The official tool will copy {} and {} as they are, {} of them live: delete the copies when it has run.",
                text::count(consumers as u64, "OAuth consumer", "OAuth consumers"),
                text::count(tokens.len() as u64, "token", "tokens"),
                number(tokens.iter().filter(|it| it.is_live()).count())
            ));
        }
        if has_m2 && !self.is_assessment {
            let live = self.carried_tokens.iter().filter(|it| it.is_live()).count();
            lines.push(format!(
                "Magento 2: {}, {} matched; {} and {} without an integration, {} of them live.",
                text::count(self.integrations.len() as u64, "integration", "integrations"),
                number(self.partners.len()),
                text::count(self.carried.len() as u64, "consumer", "consumers"),
                text::count(self.carried_tokens.len() as u64, "token", "tokens"),
                number(live)
            ));
        }
        lines
    }
}

pub(super) fn borrowed(rules: &[(String, Option<String>)]) -> impl Iterator<Item = (&str, Option<&str>)> {
    rules.iter().map(|(resource, operation)| (resource.as_str(), operation.as_deref()))
}

/// Every credential of Magento 1: users of SOAP, then consumers.
fn credentials<'a>(m1: &'a Credentials, facts: &Facts, resources: &Resources) -> Vec<M1Credential<'a>> {
    let of_roles =
        rights::of_soap(&m1.soap_roles.iter().map(|it| &it.rules).collect::<Vec<_>>(), &facts.sides, resources);
    let soap = m1.soap_users.iter().map(|user| {
        let role = m1.soap_roles.iter().position(|it| Some(it.id) == user.role);
        let is_known = m1.has_soap_rules();
        let (rights, expected) = match role {
            Some(at) => of_roles[at].clone(),
            None => (m1::Rights::default(), Expected::nothing(resources)),
        };
        M1Credential {
            credential: Credential::Soap(user),
            caller: Caller {
                subject: format!("soap:{}", user.username),
                name: user.username.clone(),
                roles: role.iter().map(|&at| m1.soap_roles[at].name.clone()).collect(),
                email: user.email.clone(),
                is_active: user.is_active,
            },
            rights,
            expected,
            rest_roles: Vec::new(),
            tokens: Vec::new(),
            has_rights: is_known,
            is_known,
        }
    });
    let mut tokens_by_consumer: BTreeMap<u64, Vec<&Token>> = BTreeMap::new();
    for token in list(&m1.tokens) {
        tokens_by_consumer.entry(token.consumer).or_default().push(token);
    }
    let is_known = m1.tokens.get().is_some() && m1.rest_roles.get().is_some();
    let consumers = list(&m1.consumers).iter().map(move |consumer| {
        let tokens = tokens_by_consumer.get(&consumer.id).cloned().unwrap_or_default();
        let admins: BTreeSet<u64> = tokens.iter().filter(|it| it.is_live()).filter_map(|it| it.admin).collect();
        let is_used = |role: &&RestRole| role.is_for_admins() && role.admins.iter().any(|it| admins.contains(it));
        let rest_roles: Vec<&RestRole> = list(&m1.rest_roles).iter().filter(is_used).collect();
        let rules = rest_roles.iter().flat_map(|it| borrowed(&it.rules));
        M1Credential {
            credential: Credential::Consumer(consumer),
            caller: Caller {
                subject: format!("consumer:{}", consumer.name),
                name: consumer.name.clone(),
                roles: rest_roles.iter().map(|it| it.name.clone()).collect(),
                email: String::new(),
                is_active: true,
            },
            rights: m1::Rights::default(),
            expected: Expected::of_rest(rules, resources),
            has_rights: is_known && !rest_roles.is_empty(),
            is_known,
            rest_roles,
            tokens,
        }
    });
    soap.chain(consumers).collect()
}
