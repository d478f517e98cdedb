//! Roles: may each of them in Magento 2 do what it could in Magento 1, and no more?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome, Setting};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct AdminRoles;

impl Area for AdminRoles {
    fn name(&self) -> &'static str {
        "admin_roles"
    }

    fn title(&self) -> &'static str {
        "Admin roles and rights"
    }

    fn question(&self) -> &'static str {
        "Does every role of the old administration exist in the new one, with the same rights?"
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
        &[Setting::Matches]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Roles are matched one to one, in passes: by [match.roles] of magegap.toml, by name (letter case, Unicode \
             normal form and outer spaces make no difference), and as likely by their rights: where those that were \
             chosen overlap by half or more (rights of both by rights of either, the root left out), the greatest \
             overlap first, and of equal ones the one with more users in common.",
            "Rights of Magento 1 are the effective ones: of two rules about one resource the later counts, a resource \
             without a rule takes the right of its nearest ancestor that has one, and rules of resources that no longer \
             exist count for nothing.",
            "Rights of Magento 2 are the effective ones, too. What a resource without a rule means there depends on the \
             version: up to 2.4.4 it takes the right of its nearest ancestor that has a rule; in 2.4.6-p1 it is denied \
             to every role that denies anything, unless some role has a rule for it; in the latest releases it is \
             denied to every role that denies anything. Where the version is not known, both are said.",
            "What Magento 1's rights are in Magento 2 is told by a table of all 280 rights of Community and Enterprise, \
             with their parents. Rights that newer releases split off are recommended where the audited Magento 2 has \
             them, and neither asked for nor blamed; so is the right to set up two-factor authentication.",
            "Rights of extensions have no common names: in a role that had some in Magento 1, the rights of extensions \
             in Magento 2 are not judged.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let m1 = facts.sides.m1.accounts.get();
        m1.map(|m1| compare::compare(m1, facts.sides.m2.accounts.get(), facts, context)).unwrap_or_default()
    }
}
