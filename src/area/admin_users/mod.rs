//! Admin users: can everybody who worked in Magento 1 work in Magento 2, and nobody with more rights than before?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome, Setting};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct AdminUsers;

impl Area for AdminUsers {
    fn name(&self) -> &'static str {
        "admin_users"
    }

    fn title(&self) -> &'static str {
        "Admin users"
    }

    fn question(&self) -> &'static str {
        "Can everybody who worked in the old administration work in the new one, with the same role and no more rights?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Accounts]
    }

    fn names_people(&self) -> bool {
        true
    }

    fn settings(&self) -> &'static [Setting] {
        &[Setting::StaleDays, Setting::Matches]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Admin users are matched one to one, in passes: by [match.users] of magegap.toml, by username, by e-mail. \
             Letter case, Unicode normal form and outer spaces make no difference, as they make none to Magento's own login.",
            "Where a user is assigned several roles, the first that has rules for single resources counts: Magento does \
             not add their rights up, and asks for the rule about everything last. Assignments to users that do not \
             exist are ignored.",
            "Roles are matched as in the area admin_roles. Who is allowed everything is told by the effective rights of the role, not by its name.",
            "A login is old if it lies further back than [limits] stale_days (365 if not set). Who never logged in \
             is judged by the age of the account.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let m1 = facts.sides.m1.accounts.get();
        m1.map(|m1| compare::compare(m1, facts.sides.m2.accounts.get(), facts, context)).unwrap_or_default()
    }
}
