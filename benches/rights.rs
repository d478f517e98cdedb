//! A large store's users, roles and rights compared: 10,000 users, 500 roles with 300 rules each,
//! on both sides, and half of the roles renamed.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

use indicatif::ProgressBar;
use magegap::area::{Choice, Context, audit_all};
use magegap::facts::accounts::{Accounts, Role, User};
use magegap::facts::{Credentials, Facts, MediaFacts, Snapshot};
use magegap::known::Known;
use magegap::magento::acl::map::ADMIN;
use magegap::magento::acl::{Rules, m2};
use magegap::magento::versions::Platform;
use magegap::matching::Judgement;
use magegap::pair::{Pair, Side};

const USERS: u64 = 10_000;
const ROLES: u64 = 500;
const RULES: usize = 300;

fn main() {
    divan::main();
}

fn accounts(side: Side) -> Accounts {
    let own: Vec<String> = match side {
        Side::M1 => ADMIN.targets().map(|it| it.m1_id.clone()).collect(),
        Side::M2 => {
            let resources = m2::Resources::of_successor(&Platform::default());
            let stock = resources.stock();
            resources.ids(&stock).map(str::to_owned).collect()
        }
    };
    let foreign = (0..).map(|it| format!("admin/acme_{it}"));
    let ids: Vec<String> = own.into_iter().chain(foreign).take(RULES).collect();
    let role = |id: u64| {
        let name =
            if side == Side::M2 && id.is_multiple_of(2) { format!("new name {id}") } else { format!("role {id}") };
        // Each role allows another part of what there is.
        let allows = |at: usize| (at as u64 * 31 + id * 17) % 7 < 1 + id % 4;
        let rules: Rules = ids.iter().enumerate().map(|(at, it)| (it.as_str(), allows(at))).collect();
        Role { id, name, rules, is_scoped: false }
    };
    let user = |id: u64| User {
        id,
        username: format!("user{id}"),
        email: format!("user{id}@shop.example"),
        name: format!("User {id}"),
        is_active: true,
        last_login: None,
        created: None,
        locked_until: None,
        role: Some(1 + id % ROLES),
        idle_roles: Vec::new(),
    };
    Accounts {
        users: (1..=USERS).map(user).collect(),
        roles: (1..=ROLES).map(role).collect(),
        has_rules: true,
        ghost_assignments: 0,
    }
}

#[divan::bench(sample_count = 10)]
fn compare(bencher: divan::Bencher<'_, '_>) {
    let side = |side: Side| Snapshot {
        accounts: Known::Is(accounts(side)),
        credentials: Known::Is(Credentials::default()),
        ..Snapshot::empty()
    };
    let sides = Pair { m1: side(Side::M1), m2: side(Side::M2) };
    let facts = Facts { sides, media: MediaFacts::unknown("not part of this"), is_assessment: false, migration: None };
    let judgement = Judgement { stale_days: 365, ..Judgement::default() };
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    let choice = Choice { only: vec!["admin_users".to_owned(), "admin_roles".to_owned()], skip: Vec::new() };
    bencher.bench_local(|| {
        let context = Context { now, judgement: &judgement, media_filter: None };
        audit_all(&facts, &context, &choice, &ProgressBar::hidden())
    });
}
