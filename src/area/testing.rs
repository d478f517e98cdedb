//! Small stores for the tests of areas, made of a few words.

use crate::facts::accounts::{Accounts, Role, User};
use crate::facts::{Credentials, Facts, MediaFacts, Snapshot};
use crate::finding::Finding;
use crate::known::{Known, Lack};
use crate::magento::acl::map::{ADMIN, SOAP};
use crate::magento::acl::{Rules, m2};
use crate::magento::versions::Platform;
use crate::matching::Judgement;
use crate::pair::Pair;

use super::{Area, Context, Outcome};

/// A platform of a version; nothing is known of it if that is empty.
pub(super) fn platform(version: &str) -> Platform {
    Platform { version: (!version.is_empty()).then(|| version.to_owned()), ..Platform::default() }
}

/// Rules as words: `+resource` or `-resource`.
pub(super) fn rules(text: &str) -> Rules {
    text.split_whitespace().map(|it| (&it[1..], it.starts_with('+'))).collect()
}

/// Rules as Magento 1 saves them: one for each resource of its own.
pub(super) fn m1_rules(allowed: &str) -> Rules {
    let allowed: Vec<&str> = allowed.split_whitespace().collect();
    let own = ADMIN.targets().map(|it| it.m1_id.as_str()).filter(|it| *it != "all" && !it.contains("enterprise"));
    let foreign = allowed.iter().copied().filter(|it| ADMIN.find(it).is_none());
    own.chain(foreign).map(|it| (it, allowed.contains(&it))).collect()
}

/// Rules as Magento 1 saves them for SOAP.
pub(super) fn soap_rules(allowed: &str) -> Rules {
    let allowed: Vec<&str> = allowed.split_whitespace().collect();
    SOAP.targets().map(|it| (it.m1_id.as_str(), allowed.contains(&it.m1_id.as_str()))).collect()
}

/// Rules as Magento 2.4.4 saves them: one for each resource of its own, in the order of the tree.
pub(super) fn m2_rules(allowed: &str) -> Rules {
    let allowed: Vec<&str> = allowed.split_whitespace().collect();
    let resources = m2::Resources::of(&[], &platform("2.4.4"));
    let stock = resources.stock();
    let own: Vec<&str> = resources.ids(&stock).chain([m2::ROOT]).collect();
    let foreign = allowed.iter().copied().filter(|it| !own.contains(it));
    let mut rows: Vec<&str> = own.iter().copied().chain(foreign).collect();
    rows.sort_by_key(|it| resources.find(it).map_or(0, |place| resources.depth(place)));
    rows.into_iter().map(|it| (it, allowed.contains(&it))).collect()
}

/// Roles with their rules and users.
pub(super) fn accounts(roles: &[(&str, Rules, &str)]) -> Accounts {
    let mut accounts = Accounts { has_rules: true, ..Accounts::default() };
    for ((name, rules, users), id) in roles.iter().zip(1..) {
        accounts.roles.push(Role { id, name: (*name).to_owned(), rules: rules.clone(), is_scoped: false });
        for username in users.split_whitespace() {
            accounts.users.push(User {
                id: accounts.users.len() as u64 + 1,
                username: username.to_owned(),
                email: format!("{username}@shop.example"),
                name: String::new(),
                is_active: true,
                last_login: None,
                created: None,
                locked_until: None,
                role: Some(id),
                idle_roles: Vec::new(),
            });
        }
    }
    accounts
}

/// A side with these accounts and credentials.
pub(super) fn side(version: &str, accounts: Accounts, credentials: Credentials) -> Snapshot {
    Snapshot {
        platform: platform(version),
        accounts: Known::Is(accounts),
        credentials: Known::Is(credentials),
        ..Snapshot::empty()
    }
}

/// Both sides; without Magento 2 it was not given.
pub(super) fn facts(m1: Snapshot, m2: Option<Snapshot>) -> Facts {
    let m2 = m2.unwrap_or_else(|| Snapshot::unknown(&Lack::NotGiven("not given".to_owned())));
    Facts { sides: Pair { m1, m2 }, media: MediaFacts::unknown("not given"), is_assessment: false, migration: None }
}

/// What an area says of it.
pub(super) fn outcome(area: &dyn Area, facts: &Facts, judgement: &Judgement) -> Outcome {
    let now = "2026-11-22T00:00:00Z".parse().expect("a literal");
    area.compare(facts, &Context { now, judgement, media_filter: None })
}

/// Findings as lines `what subject severity`, with the confidence if it is less than certain; sorted.
pub(super) fn lines(findings: &[Finding]) -> Vec<String> {
    let mut lines: Vec<String> = findings
        .iter()
        .map(|it| {
            let what = it.rule.code.split_once('.').map_or("", |(_, what)| what);
            let sure = if it.confidence == crate::finding::Confidence::Certain { "" } else { it.confidence.code() };
            format!("{what} {} {} {sure}", it.subject, it.severity).trim_end().to_owned()
        })
        .collect();
    lines.sort();
    lines
}
