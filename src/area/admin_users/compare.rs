//! Users of both sides matched, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::rules;
use crate::area::{Column, Context, Kind, Outcome, Table, Whole};
use crate::facts::accounts::User;
use crate::facts::{Accounts, Facts};
use crate::finding::{Cause, Confidence, Finding, Severity};
use crate::magento::acl::expected::Expected;
use crate::matching::unused;
use crate::matching::users::How;
use crate::rights::{AdminRights, Difference};
use crate::text;
use crate::text::fold;

pub(super) fn compare(m1: &Accounts, m2: Option<&Accounts>, facts: &Facts, context: &Context<'_>) -> Outcome {
    let empty = Accounts::default();
    let rights = AdminRights::of(m1, m2.unwrap_or(&empty), &facts.sides, facts.is_assessment, context.judgement);
    let partners = &rights.users;
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    outcome.whole = Whole::of(m1.users.len(), &rules::MISSING, |it| it.rule.code != rules::EXTRA.code);
    let mut sharing: BTreeMap<String, usize> = BTreeMap::new();
    for user in &m1.users {
        *sharing.entry(fold(&user.email)).or_default() += 1;
    }
    for (at, user) in m1.users.iter().enumerate() {
        let partner = partners.get(&at).and_then(|it| Some((it.how, &m2?.users[it.place])));
        match (m2, partner) {
            (Some(m2), Some((how, other))) => {
                let pair = Matched { m1, user, m2, other, how, sharing: sharing[&fold(&user.email)] };
                outcome.findings.extend(pair.differences(&rights, context));
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
        let taken: BTreeSet<usize> = partners.values().map(|it| it.place).collect();
        for (_, user) in m2.users.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            outcome.findings.push(rules::EXTRA.finding(user.username.as_str()).m2(brief(m2, user)).detail(life(user)));
            let mut cells = row(None, None);
            let (_, own) = cells.split_at_mut(M2_AT);
            own.clone_from_slice(&side_cells(m2, user));
            outcome.inventory.rows.push(cells);
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
    if let Some(m2) = m2 {
        if !m1.has_rules {
            outcome.gaps.push("Magento 1 has no rule of any role, as in a dump without the rows of admin_rule; who has more rights than before was not judged".to_owned());
        }
        if !m2.has_rules && !facts.is_assessment {
            outcome.gaps.push("Magento 2 has no rule of any role, as in a dump without the rows of authorization_rule; who has more rights than before was not judged".to_owned());
        }
        let overrides = &context.judgement.users;
        let has = |accounts: &Accounts, name: &str| accounts.users.iter().any(|it| fold(&it.username) == fold(name));
        outcome.gaps.extend(unused("users", "user", overrides, [&|it| has(m1, it), &|it| has(m2, it)]));
    }
    outcome
}

fn missing(accounts: &Accounts, user: &User) -> Finding {
    let severity = if user.is_active { Severity::High } else { Severity::Low };
    rules::MISSING
        .finding(user.username.as_str())
        .severity(severity)
        .m1(brief(accounts, user))
        .detail(life(user))
        .explained_by([Cause::document("admin_user")])
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
            .m1(user
                .last_login
                .map_or_else(|| "never logged in".to_owned(), |it| format!("last login {}", text::day(it))))
            .detail(brief(accounts, user))
            .confidence(confidence)
    })
}

/// A user of both sides.
struct Matched<'a> {
    m1: &'a Accounts,
    user: &'a User,
    m2: &'a Accounts,
    other: &'a User,
    how: How,
    /// How many users of Magento 1 have this one's address.
    sharing: usize,
}

impl Matched<'_> {
    fn finding(&self, rule: &'static crate::finding::Rule) -> Finding {
        rule.finding(self.user.username.as_str())
    }

    fn differences(&self, rights: &AdminRights, context: &Context<'_>) -> Vec<Finding> {
        let (user, other) = (self.user, self.other);
        let mut found = Vec::new();
        if self.how == How::Email {
            found.push(self.renamed());
        } else if fold(&user.email) != fold(&other.email) {
            found.push(self.finding(&rules::EMAIL_DIFFERS).m1(user.email.as_str()).m2(other.email.as_str()));
        }
        match (user.is_active, other.is_active) {
            (true, false) => found.push(self.finding(&rules::INACTIVE).m1("active").m2("inactive")),
            (false, true) => {
                found.push(self.finding(&rules::REACTIVATED).m1("inactive").m2("active").detail(life(user)));
            }
            (true, true) | (false, false) => {}
        }
        if let Some(until) = other.locked_until.filter(|it| *it > context.now) {
            found.push(self.finding(&rules::LOCKED).m2(format!("locked until {}", minute(until))));
        }
        found.extend(self.role_differences(rights));
        found
    }

    /// What the user may do in Magento 2 by another role than before, and could not in Magento 1.
    fn gained(&self, before: Option<usize>, now: Option<usize>, rights: &AdminRights) -> Option<Finding> {
        let granted = &rights.granted[now?];
        let nothing = Expected::nothing(&rights.resources);
        let expected = before.map_or(&nothing, |it| &rights.expected[it]);
        let difference = Difference::of(expected, granted, &rights.resources);
        let (detail, confidence) = difference.more_in_words(expected, granted, &rights.resources)?;
        let was = before.map_or("no role", |it| self.m1.roles[it].name.as_str());
        let gained = self.finding(&rules::GAINED_RIGHTS).m1(was).m2(self.m2.roles[now?].name.as_str());
        Some(gained.detail(detail).confidence(confidence))
    }

    fn renamed(&self) -> Finding {
        let (user, other) = (self.user, self.other);
        let shared = self.sharing;
        let (detail, confidence) = if shared > 1 {
            (format!("{shared} users of Magento 1 share the address {}", user.email), Confidence::Guess)
        } else {
            (user.email.clone(), Confidence::Likely)
        };
        let names = self.finding(&rules::RENAMED).m1(user.username.as_str()).m2(other.username.as_str());
        names.detail(detail).confidence(confidence)
    }

    fn role_differences(&self, rights: &AdminRights) -> Vec<Finding> {
        let before = self.user.role.and_then(|it| self.m1.role_place(it));
        let now = self.other.role.and_then(|it| self.m2.role_place(it));
        let (was, is) = (before.map(|it| &self.m1.roles[it]), now.map(|it| &self.m2.roles[it]));
        let mut found = Vec::new();
        match (was, is) {
            (Some(was), None) => found.push(self.finding(&rules::NO_ROLE).m1(was.name.as_str()).m2("no role")),
            (_, Some(is)) => {
                // Without any rule of Magento 1 nobody's former rights are known.
                let is_unlimited = now.is_some_and(|it| rights.granted[it].everything);
                let was_scoped = was.is_some_and(|it| it.is_scoped) && !is.is_scoped;
                let was_unlimited = before.is_some_and(|it| rights.m1[it].everything) && !was_scoped;
                if is_unlimited && !was_unlimited && self.m1.has_rules {
                    let was = was.map_or("no role", |it| it.name.as_str());
                    let is = format!("{} (everything)", is.name);
                    let why = if was_scoped {
                        "limited to some websites in Magento 1, and to none in Magento 2"
                    } else {
                        "bin/magento admin:user:create makes everybody an administrator"
                    };
                    found.push(self.finding(&rules::MORE_RIGHTS).m1(was).m2(is).detail(why));
                }
                let partner = before.and_then(|it| rights.partners.get(&it));
                // What the partner of the role allows too much is that role's finding.
                let is_of_role = partner.is_some_and(|it| Some(it.place) == now);
                if !is_unlimited && !is_of_role && self.m1.has_rules && self.m2.has_rules {
                    found.extend(self.gained(before, now, rights));
                }
                if let (Some(was), Some(partner)) = (was, partner)
                    && now != Some(partner.place)
                {
                    let expected = &self.m2.roles[partner.place].name;
                    let detail = format!("the role \"{}\" of Magento 1 is \"{expected}\" in Magento 2", was.name);
                    let differs = self.finding(&rules::ROLE_DIFFERS).m1(was.name.as_str()).m2(is.name.as_str());
                    found.push(differs.detail(detail).confidence(partner.confidence));
                }
            }
            (None, None) => {}
        }
        found
    }
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
        (Some(login), _) => format!("last login {}", text::day(login)),
        (None, Some(created)) => format!("never logged in, created {}", text::day(created)),
        (None, None) => "never logged in".to_owned(),
    }
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Where the columns of Magento 2 begin.
const M2_AT: usize = 8;

fn table() -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    let person = |name, title| Column::new(name, title, Kind::Person);
    Table {
        columns: vec![
            person("m1_username", "Magento 1 user"),
            person("m1_name", "Name"),
            person("m1_email", "E-mail"),
            text("m1_active", "Active"),
            text("m1_role", "Role"),
            text("m1_idle_roles", "Roles without effect"),
            text("m1_last_login", "Last login"),
            text("matched_by", "Matched by"),
            person("m2_username", "Magento 2 user"),
            person("m2_name", "Name"),
            person("m2_email", "E-mail"),
            text("m2_active", "Active"),
            text("m2_role", "Role"),
            text("m2_idle_roles", "Roles without effect"),
            text("m2_last_login", "Last login"),
        ],
        rows: Vec::new(),
    }
}

fn row(m1: Option<(&Accounts, &User)>, m2: Option<(How, &Accounts, &User)>) -> Vec<String> {
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
        accounts.role_of(user).map_or(String::new(), |it| it.name.clone()),
        idle.join("; "),
        user.last_login.map_or(String::new(), text::day),
    ]
}
