//! Users of both sides matched, and what follows.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use unicode_normalization::UnicodeNormalization;

use super::rules;
use crate::area::{Column, Context, Kind, Outcome, Table};
use crate::facts::Accounts;
use crate::facts::accounts::{Role, User};
use crate::finding::{Confidence, Finding, Severity};
use crate::text;

/// How two users were found to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Override,
    Username,
    Email,
}

impl Match {
    const fn code(self) -> &'static str {
        match self {
            Self::Override => "[match.users]",
            Self::Username => "username",
            Self::Email => "e-mail",
        }
    }
}

/// A name or an address as the login takes it.
fn fold(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

pub(super) fn compare(m1: &Accounts, m2: Option<&Accounts>, context: &Context<'_>) -> Outcome {
    let empty = Accounts::default();
    let partners = pair_off(m1, m2.unwrap_or(&empty), &context.judgement.users);
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    for (at, user) in m1.users.iter().enumerate() {
        let partner = partners.get(&at).and_then(|&(how, at)| Some((how, &m2?.users[at])));
        match (m2, partner) {
            (Some(m2), Some((how, other))) => {
                outcome.findings.extend(differences(m1, user, m2, other, how, context));
            }
            (Some(_), None) => outcome.findings.push(missing(m1, user)),
            (None, _) => {}
        }
        if partner.is_none() {
            outcome.findings.extend(stale(m1, user, context));
        }
        outcome
            .inventory
            .rows
            .push(row(Some((m1, user)), partner.map(|(how, other)| (how, m2.unwrap_or(&empty), other))));
    }
    if let Some(m2) = m2 {
        for (at, user) in m2.users.iter().enumerate() {
            if !partners.values().any(|&(_, other)| other == at) {
                outcome
                    .findings
                    .push(rules::EXTRA.finding(user.username.as_str()).m2(brief(m2, user)).detail(life(user)));
                let mut cells = row(None, None);
                let (_, own) = cells.split_at_mut(M2_AT);
                own.clone_from_slice(&side_cells(m2, user));
                outcome.inventory.rows.push(cells);
            }
        }
    }
    // Magento 1's users first, Magento 2's own after them.
    outcome.inventory.rows.sort_by(|one, other| (one[0].is_empty(), one).cmp(&(other[0].is_empty(), other)));
    let counted = |count: usize, noun: &str| text::count(count as u64, noun, &format!("{noun}s"));
    outcome.summary.push(match m2 {
        Some(m2) => format!(
            "{} in Magento 1, {} in Magento 2, {} matched.",
            counted(m1.users.len(), "admin user"),
            text::number(m2.users.len() as u64),
            text::number(partners.len() as u64)
        ),
        None => format!("{} in Magento 1.", counted(m1.users.len(), "admin user")),
    });
    if m1.ghost_assignments > 0 {
        outcome.summary.push(format!(
            "Role assignments of Magento 1 to users that do not exist: {}. Nothing is to be done about them.",
            text::number(m1.ghost_assignments)
        ));
    }
    if !m1.has_rules && m2.is_some() {
        outcome.gaps.push("no role of Magento 1 allows everything, as in a dump without the rows of admin_rule; who has more rights than before was not judged".to_owned());
    }
    outcome.gaps.extend(m2.map(|m2| unused_matches(m1, m2, &context.judgement.users)).unwrap_or_default());
    outcome
}

/// Partners by the place of each Magento 1 user: how they were found, and the place in Magento 2.
fn pair_off(m1: &Accounts, m2: &Accounts, overrides: &BTreeMap<String, String>) -> BTreeMap<usize, (Match, usize)> {
    let mut partners: BTreeMap<usize, (Match, usize)> = BTreeMap::new();
    let mut taken = vec![false; m2.users.len()];
    let mut pass = |how: Match, wanted: &dyn Fn(&User) -> Option<String>, key: &dyn Fn(&User) -> String| {
        let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, user) in m2.users.iter().enumerate().rev().filter(|(at, _)| !taken[*at]) {
            free.entry(key(user)).or_default().push(at);
        }
        for (at, user) in m1.users.iter().enumerate() {
            if partners.contains_key(&at) {
                continue;
            }
            let found = wanted(user).filter(|it| !it.is_empty()).and_then(|it| free.get_mut(&it)?.pop());
            if let Some(other) = found {
                taken[other] = true;
                partners.insert(at, (how, other));
            }
        }
    };
    let overrides: BTreeMap<String, String> = overrides.iter().map(|(one, other)| (fold(one), fold(other))).collect();
    let username = |user: &User| fold(&user.username);
    let email = |user: &User| fold(&user.email);
    pass(Match::Override, &|user| overrides.get(&fold(&user.username)).cloned(), &username);
    pass(Match::Username, &|user| Some(username(user)), &username);
    pass(Match::Email, &|user| Some(email(user)), &email);
    partners
}

/// Entries of [match.users] that name nobody.
fn unused_matches(m1: &Accounts, m2: &Accounts, overrides: &BTreeMap<String, String>) -> Vec<String> {
    let is_there = |accounts: &Accounts, name: &str| accounts.users.iter().any(|it| fold(&it.username) == fold(name));
    let sides = overrides.iter().flat_map(|(one, other)| [("Magento 1", m1, one), ("Magento 2", m2, other)]);
    sides
        .filter(|(_, accounts, name)| !is_there(accounts, name))
        .map(|(side, _, name)| format!("[match.users] names \"{name}\", and {side} has no such user"))
        .collect()
}

fn missing(accounts: &Accounts, user: &User) -> Finding {
    let severity = if user.is_active { Severity::High } else { Severity::Low };
    rules::MISSING.finding(user.username.as_str()).severity(severity).m1(brief(accounts, user)).detail(life(user))
}

fn stale(accounts: &Accounts, user: &User, context: &Context<'_>) -> Option<Finding> {
    let hours = i64::from(context.judgement.stale_days) * 24;
    let limit = context.now.checked_sub(SignedDuration::from_hours(hours)).ok()?;
    let last = user.last_login.or(user.created);
    let (is_stale, confidence) = match last {
        Some(time) => (time < limit, Confidence::Certain),
        // Never logged in, and made nobody knows when.
        None => (true, Confidence::Likely),
    };
    is_stale.then(|| {
        rules::STALE
            .finding(user.username.as_str())
            .m1(user.last_login.map_or_else(|| "never logged in".to_owned(), |it| format!("last login {}", day(it))))
            .detail(brief(accounts, user))
            .confidence(confidence)
    })
}

fn differences(
    m1: &Accounts,
    user: &User,
    m2: &Accounts,
    other: &User,
    how: Match,
    context: &Context<'_>,
) -> Vec<Finding> {
    let finding = |rule: &'static crate::finding::Rule| rule.finding(user.username.as_str());
    let mut found = Vec::new();
    if how == Match::Email {
        let shared = m1.users.iter().filter(|it| fold(&it.email) == fold(&user.email)).count();
        let detail = if shared > 1 {
            format!("{shared} users of Magento 1 share the address {}", user.email)
        } else {
            user.email.clone()
        };
        let confidence = if shared > 1 { Confidence::Guess } else { Confidence::Likely };
        found.push(
            finding(&rules::RENAMED)
                .m1(user.username.as_str())
                .m2(other.username.as_str())
                .detail(detail)
                .confidence(confidence),
        );
    } else if fold(&user.email) != fold(&other.email) {
        found.push(finding(&rules::EMAIL_DIFFERS).m1(user.email.as_str()).m2(other.email.as_str()));
    }
    if user.is_active && !other.is_active {
        found.push(finding(&rules::INACTIVE).m1("active").m2("inactive"));
    }
    if let Some(until) = other.locked_until.filter(|it| *it > context.now) {
        found.push(finding(&rules::LOCKED).m2(format!("locked until {}", minute(until))));
    }
    found.extend(role_differences(m1, user, m2, other, context));
    found
}

fn role_differences(m1: &Accounts, user: &User, m2: &Accounts, other: &User, context: &Context<'_>) -> Vec<Finding> {
    let finding = |rule: &'static crate::finding::Rule| rule.finding(user.username.as_str());
    let before = m1.role_of(user);
    let now = m2.role_of(other);
    let mut found = Vec::new();
    match (before, now) {
        (Some(before), None) => found.push(finding(&rules::NO_ROLE).m1(role_name(before)).m2("no role")),
        (before, Some(now)) => {
            // Without any rule of Magento 1 nobody's former rights are known.
            if now.allows_everything && m1.has_rules && !before.is_some_and(|it| it.allows_everything) {
                let was = before.map_or_else(|| "no role".to_owned(), role_name);
                found.push(finding(&rules::MORE_RIGHTS).m1(was).m2(format!("{} (everything)", role_name(now))));
            }
            if let Some(before) = before
                && let Some(expected) = counterpart(before, m2, context)
                && !is_same_role(expected, now)
            {
                let detail = format!("the role \"{}\" of Magento 1 is \"{}\" in Magento 2", before.name, expected.name);
                found.push(finding(&rules::ROLE_DIFFERS).m1(role_name(before)).m2(role_name(now)).detail(detail));
            }
        }
        (None, None) => {}
    }
    found
}

/// The role of Magento 2 that a role of Magento 1 is, by [match.roles] or by name.
fn counterpart<'a>(role: &Role, m2: &'a Accounts, context: &Context<'_>) -> Option<&'a Role> {
    let overrides = &context.judgement.roles;
    let wanted = overrides.iter().find(|(name, _)| fold(name) == fold(&role.name)).map_or(&role.name, |(_, name)| name);
    m2.roles.iter().find(|it| fold(&it.name) == fold(wanted))
}

/// Two roles may share a name; a user in either of them is in the right one.
fn is_same_role(one: &Role, other: &Role) -> bool {
    one.id == other.id || fold(&one.name) == fold(&other.name)
}

fn role_name(role: &Role) -> String {
    role.name.clone()
}

/// The user in a few words: name, address, state, role.
fn brief(accounts: &Accounts, user: &User) -> String {
    let state = if user.is_active { "active" } else { "inactive" };
    let role = accounts.role_of(user).map_or_else(|| "no role".to_owned(), |it| format!("role {}", it.name));
    let mut parts: Vec<&str> = vec![&user.name, &user.email, state, &role];
    parts.retain(|it| !it.is_empty());
    parts.join(", ")
}

/// What is known of the account's use.
fn life(user: &User) -> String {
    match (user.last_login, user.created) {
        (Some(login), _) => format!("last login {}", day(login)),
        (None, Some(created)) => format!("never logged in, created {}", day(created)),
        (None, None) => "never logged in".to_owned(),
    }
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Where the columns of Magento 2 begin.
const M2_AT: usize = 8;

fn table() -> Table {
    let text = |name, title| Column { name, title, kind: Kind::Text };
    Table {
        columns: vec![
            text("m1_username", "Magento 1 user"),
            text("m1_name", "Name"),
            text("m1_email", "E-mail"),
            text("m1_active", "Active"),
            text("m1_role", "Role"),
            text("m1_idle_roles", "Roles without effect"),
            text("m1_last_login", "Last login"),
            text("matched_by", "Matched by"),
            text("m2_username", "Magento 2 user"),
            text("m2_name", "Name"),
            text("m2_email", "E-mail"),
            text("m2_active", "Active"),
            text("m2_role", "Role"),
            text("m2_idle_roles", "Roles without effect"),
            text("m2_last_login", "Last login"),
        ],
        rows: Vec::new(),
    }
}

fn row(m1: Option<(&Accounts, &User)>, m2: Option<(Match, &Accounts, &User)>) -> Vec<String> {
    let mut cells = m1.map_or_else(|| vec![String::new(); M2_AT - 1], |(accounts, user)| side_cells(accounts, user));
    cells.push(m2.map_or(String::new(), |(how, ..)| how.code().to_owned()));
    cells.extend(m2.map_or_else(|| vec![String::new(); M2_AT - 1], |(_, accounts, user)| side_cells(accounts, user)));
    cells
}

fn side_cells(accounts: &Accounts, user: &User) -> Vec<String> {
    let idle: Vec<&str> = user.idle_roles.iter().filter_map(|it| Some(accounts.role(*it)?.name.as_str())).collect();
    vec![
        user.username.clone(),
        user.name.clone(),
        user.email.clone(),
        if user.is_active { "yes" } else { "no" }.to_owned(),
        accounts.role_of(user).map_or(String::new(), role_name),
        idle.join("; "),
        user.last_login.map_or(String::new(), day),
    ]
}
