//! Roles of both sides matched, and what follows.

use super::rules;
use crate::area::{Card, Column, Context, Kind, Outcome, Table, Whole};
use crate::facts::{Accounts, Facts};
use crate::finding::{Cause, Confidence, Finding, Severity};
use crate::magento::acl::m2;
use crate::matching::roles::How;
use crate::matching::{Partner, unused};
use crate::rights::{AdminRights, Difference, listed, without_target_in_words};
use crate::text;
use crate::text::fold;

pub(super) fn compare(m1: &Accounts, m2: Option<&Accounts>, facts: &Facts, context: &Context<'_>) -> Outcome {
    let empty = Accounts::default();
    let known = m2.unwrap_or(&empty);
    let rights = AdminRights::of(m1, known, &facts.sides, facts.is_assessment, context.judgement);
    let view = View { m1, m2: known, rights: &rights, users: [names_of_users(m1), names_of_users(known)] };
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    outcome.whole = Whole::of(m1.roles.len(), &rules::MISSING, |it| it.rule.code != rules::EXTRA.code);
    for place in 0..m1.roles.len() {
        let partner = rights.partners.get(&place);
        outcome.findings.extend(view.without_target(place));
        match (m2, partner) {
            (Some(_), Some(partner)) => outcome.findings.extend(view.differences(place, partner)),
            (Some(_), None) => outcome.findings.push(view.missing(place, facts.is_assessment)),
            (None, _) => {}
        }
        outcome.inventory.rows.push(view.row(Some(place), partner.map(|it| it.place), partner.map(|it| it.how)));
        outcome.cards.push(view.card(place, partner, facts.is_assessment));
    }
    for (place, role) in known.roles.iter().enumerate() {
        if !rights.partners.values().any(|it| it.place == place) {
            let users = &view.users[1][place];
            outcome.findings.push(rules::EXTRA.finding(role.name.as_str()).m2(view.brief_m2(place)).used_by(users));
            outcome.inventory.rows.push(view.row(None, Some(place), None));
        }
    }
    outcome.inventory.rows.sort_by(|one, other| (one[0].is_empty(), one).cmp(&(other[0].is_empty(), other)));
    let roles = |count: usize| text::count(count as u64, "role", "roles");
    outcome.summary.push(match m2 {
        Some(m2) => format!(
            "{} in Magento 1, {} in Magento 2, {} matched.",
            roles(m1.roles.len()),
            text::number(m2.roles.len() as u64),
            text::number(rights.partners.len() as u64)
        ),
        None => format!("{} in Magento 1.", roles(m1.roles.len())),
    });
    for (side, accounts) in [("Magento 1", Some(m1)), ("Magento 2", m2)] {
        if accounts.is_some_and(|it| !it.has_rules && !it.roles.is_empty()) {
            outcome.gaps.push(format!(
                "{side} has no rule of any role, as in a dump without the rows of that table; rights were not compared"
            ));
        }
    }
    if let Some(m2) = m2 {
        let has = |accounts: &Accounts, name: &str| accounts.roles.iter().any(|it| fold(&it.name) == fold(name));
        let overrides = &context.judgement.roles;
        outcome.gaps.extend(unused("roles", "role", overrides, [&|it| has(m1, it), &|it| has(m2, it)]));
    }
    outcome
}

/// Names of the users of each role, by the role's place.
fn names_of_users(accounts: &Accounts) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = accounts.roles.iter().map(|_| Vec::new()).collect();
    for user in &accounts.users {
        if let Some(role) = user.role.and_then(|it| accounts.role_place(it)) {
            names[role].push(format!("user {}", user.username));
        }
        for role in user.idle_roles.iter().filter_map(|it| accounts.role_place(*it)) {
            names[role].push(format!("user {} (by another role)", user.username));
        }
    }
    names
}

/// Both sides, as this area looks at them.
struct View<'a> {
    m1: &'a Accounts,
    m2: &'a Accounts,
    rights: &'a AdminRights,
    /// Names of the users of each role, of both sides.
    users: [Vec<Vec<String>>; 2],
}

impl View<'_> {
    fn brief_m1(&self, place: usize) -> String {
        let rights = &self.rights.m1[place];
        let count = if rights.everything {
            "everything".to_owned()
        } else {
            text::count(rights.allowed.len() as u64, "right", "rights")
        };
        format!("{count}, {}", text::count(self.users[0][place].len() as u64, "user", "users"))
    }

    fn brief_m2(&self, place: usize) -> String {
        let granted = &self.rights.granted[place];
        let count = if granted.everything {
            "everything".to_owned()
        } else {
            text::count(granted.surely.count_ones(..) as u64, "right", "rights")
        };
        format!("{count}, {}", text::count(self.users[1][place].len() as u64, "user", "users"))
    }

    fn missing(&self, place: usize, is_assessment: bool) -> Finding {
        let users = &self.users[0][place];
        let severity = if users.is_empty() { Severity::Low } else { Severity::High };
        let expected = &self.rights.expected[place];
        let detail = if expected.everything && is_assessment {
            "allow everything: the installer of Magento 2 makes a role Administrators that does".to_owned()
        } else if expected.everything {
            "allow everything".to_owned()
        } else if !self.m1.has_rules {
            "its rights are not known".to_owned()
        } else if self.rights.m1[place].allowed.is_empty() {
            "it allowed nothing in Magento 1".to_owned()
        } else if expected.ids.is_clear() {
            "it allowed nothing that Magento 2 knows".to_owned()
        } else {
            format!("allow {}", listed(self.rights.resources.ids(&expected.ids)))
        };
        rules::MISSING
            .finding(self.m1.roles[place].name.as_str())
            .severity(severity)
            .m1(self.brief_m1(place))
            .detail(detail)
            .used_by(users)
            .explained_by([Cause::document("admin_role")])
    }

    fn without_target(&self, place: usize) -> Option<Finding> {
        let without = &self.rights.expected[place].without_target;
        (!without.is_empty()).then(|| {
            rules::RIGHTS_WITHOUT_TARGET
                .finding(self.m1.roles[place].name.as_str())
                .m1(format!("{} of {}", without.len(), self.brief_m1(place)))
                .detail(without_target_in_words(without))
                .incidents(without.len() as u64)
        })
    }

    fn differences(&self, place: usize, partner: &Partner<How>) -> Vec<Finding> {
        let (role, other) = (&self.m1.roles[place], &self.m2.roles[partner.place]);
        let mut found = Vec::new();
        if let How::Rights { overlap, shared } = partner.how {
            let users = text::count(shared as u64, "user", "users");
            found.push(
                rules::RENAMED
                    .finding(role.name.as_str())
                    .m1(role.name.as_str())
                    .m2(other.name.as_str())
                    .detail(format!("rights overlap by {overlap:.2} (Jaccard), {users} in common"))
                    .confidence(partner.confidence),
            );
        }
        if !(self.m1.has_rules && self.m2.has_rules) {
            return found;
        }
        let (expected, granted) = (&self.rights.expected[place], &self.rights.granted[partner.place]);
        let resources = &self.rights.resources;
        let difference = Difference::of(expected, granted, resources);
        let finding = |rule: &'static crate::finding::Rule, confidence: Confidence| {
            rule.finding(role.name.as_str())
                .m1(self.brief_m1(place))
                .m2(format!("{}: {}", other.name, self.brief_m2(partner.place)))
                .confidence(confidence.max(partner.confidence))
                .used_by(&self.users[1][partner.place])
        };
        if let Some((detail, confidence)) = difference.fewer_in_words(expected, resources) {
            found.push(finding(&rules::FEWER_RIGHTS, confidence).detail(detail));
        }
        if other.is_scoped && !role.is_scoped {
            let detail = "limited to some websites in Magento 2, and to none in Magento 1";
            found.push(finding(&rules::FEWER_RIGHTS, Confidence::Certain).detail(detail));
        }
        let more = difference.more_in_words(expected, granted, resources);
        let unscoped = (role.is_scoped && !other.is_scoped).then(|| {
            let detail = "limited to some websites in Magento 1, and to none in Magento 2".to_owned();
            (detail, Confidence::Certain)
        });
        for (detail, confidence) in [more, unscoped].into_iter().flatten() {
            found.push(finding(&rules::MORE_RIGHTS, confidence).detail(detail));
        }
        found
    }

    fn row(&self, m1: Option<usize>, m2: Option<usize>, how: Option<How>) -> Vec<String> {
        let resources = &self.rights.resources;
        let ids = |set: &fixedbitset::FixedBitSet| resources.ids(set).collect::<Vec<_>>().join(" ");
        let count = |list: &[String]| list.len().to_string();
        let mut cells = match m1 {
            Some(place) => {
                let (rights, expected) = (&self.rights.m1[place], &self.rights.expected[place]);
                let without: Vec<&str> = expected.without_target.iter().map(|(id, _)| id.as_str()).collect();
                vec![
                    self.m1.roles[place].name.clone(),
                    count(&self.users[0][place]),
                    if rights.everything { "all".to_owned() } else { words(&rights.allowed) },
                    words(&rights.inherited),
                    words(&rights.gone),
                    if expected.everything { m2::ALL.to_owned() } else { ids(&expected.ids) },
                    ids(&expected.recommended),
                    without.join(" "),
                ]
            }
            None => vec![String::new(); 8],
        };
        cells.push(how.map_or(String::new(), How::words));
        cells.extend(match m2 {
            Some(place) => {
                let granted = &self.rights.granted[place];
                vec![
                    self.m2.roles[place].name.clone(),
                    count(&self.users[1][place]),
                    if granted.everything { m2::ALL.to_owned() } else { ids(&granted.surely) },
                ]
            }
            None => vec![String::new(); 3],
        });
        let compared = m1
            .zip(m2)
            .map(|(one, other)| Difference::of(&self.rights.expected[one], &self.rights.granted[other], resources));
        match compared {
            Some(it) => cells.extend([&it.fewer, &it.perhaps_fewer, &it.more, &it.perhaps_more].map(ids)),
            None => cells.extend(std::iter::repeat_n(String::new(), 4)),
        }
        cells
    }

    fn card(&self, place: usize, partner: Option<&Partner<How>>, is_assessment: bool) -> Card {
        let (role, expected) = (&self.m1.roles[place], &self.rights.expected[place]);
        let state = match partner {
            Some(partner) => {
                format!("is {} in Magento 2, found by {}", self.m2.roles[partner.place].name, partner.how.words())
            }
            None if is_assessment => "to be created in Magento 2".to_owned(),
            None => "not in Magento 2".to_owned(),
        };
        let paths = |set: &fixedbitset::FixedBitSet| -> Vec<String> {
            let resources = &self.rights.resources;
            let line = |place| format!("{} ({})", resources.path(place), resources.id(place));
            let mut lines: Vec<String> = set.ones().map(line).collect();
            lines.sort();
            lines
        };
        let users: Vec<String> =
            self.users[0][place].iter().map(|it| it.trim_start_matches("user ").to_owned()).collect();
        let mut card = Card::new(role.name.as_str(), state).about(&role.name).list("Users in Magento 1", users);
        card = if expected.everything {
            card.text("Allow in Magento 2", "everything (Resource Access: All)")
        } else if self.m1.has_rules {
            let mut two_factor = self.rights.resources.two_factor();
            let mut recommended = expected.recommended.clone();
            recommended.difference_with(&two_factor);
            recommended.difference_with(&expected.ids);
            two_factor.difference_with(&expected.ids);
            card.list("Allow in Magento 2", paths(&expected.ids))
                .list("Allow to log in with two-factor authentication", paths(&two_factor))
                .list("Consider allowing, too", paths(&recommended))
        } else {
            card
        };
        if let Some(partner) = partner.filter(|_| self.m1.has_rules && self.m2.has_rules) {
            let difference = Difference::of(expected, &self.rights.granted[partner.place], &self.rights.resources);
            card = card
                .list("Not allowed in Magento 2 yet", paths(&difference.fewer))
                .list("Allowed in Magento 2, and not in Magento 1", paths(&difference.more));
        }
        let without = expected.without_target.iter().map(|(id, why)| format!("{id}: {}", why.words()));
        card = card.list("Has no counterpart", without.collect());
        let inherited: Vec<String> = self.rights.m1[place].inherited.iter().cloned().collect();
        card = card.list("Allowed in Magento 1 only because what is above it is", inherited);
        if role.is_scoped {
            card = card.text("Limit", "some websites or stores only; Magento Open Source knows no such limit");
        }
        card
    }
}

fn words(set: &std::collections::BTreeSet<String>) -> String {
    set.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn table() -> Table {
    let column = |name, title, kind| Column::new(name, title, kind);
    Table {
        columns: vec![
            column("m1_role", "Magento 1 role", Kind::Text),
            column("m1_users", "Users", Kind::Number),
            column("m1_rights", "Rights", Kind::List),
            column("m1_inherited", "Of them without a rule", Kind::List),
            column("m1_gone", "Rules of gone resources", Kind::List),
            column("expected", "Expected in Magento 2", Kind::List),
            column("recommended", "Recommended", Kind::List),
            column("without_target", "Without target", Kind::List),
            column("matched_by", "Matched by", Kind::Text),
            column("m2_role", "Magento 2 role", Kind::Text),
            column("m2_users", "Users", Kind::Number),
            column("m2_rights", "Rights", Kind::List),
            column("fewer", "Fewer", Kind::List),
            column("perhaps_fewer", "Fewer by version", Kind::List),
            column("more", "More", Kind::List),
            column("perhaps_more", "More by version", Kind::List),
        ],
        rows: Vec::new(),
    }
}
