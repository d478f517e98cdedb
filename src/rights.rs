//! Rights of both sides, compared: what a role or a credential should be allowed in Magento 2 by
//! what it was allowed in Magento 1, and what it is.

use fixedbitset::FixedBitSet;

use crate::facts::{Accounts, Snapshot};
use crate::finding::Confidence;
use crate::magento::acl::Rules;
use crate::magento::acl::expected::Expected;
use crate::magento::acl::m1::{self, List};
use crate::magento::acl::m2::{self, Granted};
use crate::magento::acl::map::NoTarget;
use crate::matching::Judgement;
use crate::matching::{Partners, roles, users};
use crate::pair::Pair;

/// The resources of Magento 2, as all its roles and its release tell them; without it, those of
/// the Magento 2 that Magento 1 would be migrated to.
pub fn resources(sides: &Pair<Snapshot>, is_assessment: bool) -> m2::Resources {
    if is_assessment {
        return m2::Resources::of_successor(&sides.m1.platform);
    }
    let mut rules: Vec<&Rules> = sides.m2.accounts.get().map(rules_of).unwrap_or_default();
    let integrations = sides.m2.credentials.get().and_then(|it| it.integrations.get());
    rules.extend(integrations.into_iter().flatten().map(|it| &it.rules));
    m2::Resources::of(&rules, &sides.m2.platform)
}

fn rules_of(accounts: &Accounts) -> Vec<&Rules> {
    accounts.roles.iter().map(|it| &it.rules).collect()
}

/// The rights of the administrators of both sides, by the places of their roles.
#[derive(Debug)]
pub struct AdminRights {
    /// What Magento 1's roles may do.
    pub m1: Vec<m1::Rights>,
    /// What they should be allowed in Magento 2.
    pub expected: Vec<Expected>,
    /// What Magento 2's roles may do.
    pub granted: Vec<Granted>,
    /// Which roles are the same.
    pub partners: Partners<roles::How>,
    /// Which users are the same.
    pub users: Partners<users::How>,
    /// The resources that the sets are made of.
    pub resources: m2::Resources,
}

impl AdminRights {
    /// The rights of these administrators.
    pub fn of(
        m1: &Accounts,
        m2: &Accounts,
        sides: &Pair<Snapshot>,
        is_assessment: bool,
        judgement: &Judgement,
    ) -> Self {
        let resources = resources(sides, is_assessment);
        let of_m1 = m1::Resources::of(List::Admin, &rules_of(m1), &sides.m1.platform);
        let rights: Vec<m1::Rights> = m1.roles.iter().map(|it| of_m1.rights(&it.rules)).collect();
        let expected: Vec<Expected> = rights.iter().map(|it| Expected::of_admin(it, &resources)).collect();
        let granted: Vec<Granted> = m2.roles.iter().map(|it| resources.granted(&it.rules)).collect();
        let stock = resources.stock();
        let wanted: Vec<FixedBitSet> =
            expected.iter().map(|it| compared(it.everything, &it.ids, &stock, &resources)).collect();
        let ticked: Vec<FixedBitSet> =
            granted.iter().map(|it| compared(it.everything, &it.ticked, &stock, &resources)).collect();
        let users = users::pair_off(m1, m2, &judgement.users);
        let overlap = |one: usize, other: usize| overlap(&wanted[one], &ticked[other]);
        let partners = roles::pair_off(m1, m2, &users, &judgement.roles, &overlap);
        Self { m1: rights, expected, granted, partners, users, resources }
    }
}

/// What of a role is compared to find its partner: everything, or what was chosen, without the
/// root that every role has.
fn compared(everything: bool, chosen: &FixedBitSet, stock: &FixedBitSet, resources: &m2::Resources) -> FixedBitSet {
    let mut set = if everything { stock.clone() } else { chosen.clone() };
    if let Some(root) = resources.find(m2::ROOT) {
        set.set(root, false);
    }
    set
}

/// Rights of both by rights of either (Jaccard); nothing has no overlap.
#[expect(clippy::cast_precision_loss, reason = "there are some hundred rights")]
fn overlap(one: &FixedBitSet, other: &FixedBitSet) -> f64 {
    let either = one.union_count(other);
    if either == 0 { 0.0 } else { one.intersection_count(other) as f64 / either as f64 }
}

/// What is allowed in Magento 2, against what should be.
#[derive(Debug)]
pub struct Difference {
    /// Expected, and not allowed.
    pub fewer: FixedBitSet,
    /// Expected, and allowed in some versions only that it may be.
    pub perhaps_fewer: FixedBitSet,
    /// Allowed, and not expected.
    pub more: FixedBitSet,
    /// Not expected, and allowed in some versions that it may be.
    pub perhaps_more: FixedBitSet,
}

impl Difference {
    /// What is different.
    pub fn of(expected: &Expected, granted: &Granted, resources: &m2::Resources) -> Self {
        let mut fewer = expected.ids.clone();
        let mut perhaps_fewer = expected.ids.clone();
        let mut more = granted.surely.clone();
        let mut perhaps_more = granted.possibly.clone();
        if granted.everything {
            fewer.clear();
            perhaps_fewer.clear();
            more = resources.stock();
            perhaps_more.clear();
        } else {
            perhaps_fewer.intersect_with(&granted.possibly);
            perhaps_fewer.difference_with(&granted.surely);
            fewer.difference_with(&granted.possibly);
            // What no role at all knows cannot be allowed to anybody.
            for place in 0..resources.len() {
                if resources.may_be_absent(place) {
                    fewer.set(place, false);
                    perhaps_fewer.set(place, false);
                }
            }
            perhaps_more.difference_with(&granted.surely);
        }
        if expected.everything {
            more.clear();
            perhaps_more.clear();
        } else {
            let mut tolerated = expected.ids.clone();
            tolerated.union_with(&expected.recommended);
            let mut tolerated = resources.with_parents(&tolerated);
            tolerated.extend(resources.find(m2::ROOT));
            tolerated.extend(
                (0..resources.len()).filter(|&it| resources.is_foreign(it) && is_successor(expected, resources.id(it))),
            );
            more.difference_with(&tolerated);
            perhaps_more.difference_with(&tolerated);
        }
        Self { fewer, perhaps_fewer, more, perhaps_more }
    }

    /// What is missing, in words, and how sure that is.
    pub fn fewer_in_words(&self, expected: &Expected, resources: &m2::Resources) -> Option<(String, Confidence)> {
        let mut parts = Vec::new();
        if !self.fewer.is_clear() {
            parts.push(format!("not allowed in Magento 2: {}", listed(resources.ids(&self.fewer))));
        }
        if !self.perhaps_fewer.is_clear() {
            parts.push(format!(
                "not surely allowed, {}: {}",
                resources.doubt(),
                listed(resources.ids(&self.perhaps_fewer))
            ));
        }
        let is_sure = !self.fewer.is_subset(&expected.close);
        (!parts.is_empty()).then(|| (parts.join("; "), if is_sure { Confidence::Certain } else { Confidence::Likely }))
    }

    /// What is too much, in words, and how sure that is.
    pub fn more_in_words(
        &self,
        expected: &Expected,
        granted: &Granted,
        resources: &m2::Resources,
    ) -> Option<(String, Confidence)> {
        if granted.everything {
            let why = if granted.is_open {
                "everything is allowed in Magento 2: no rule denies anything, so what has no rule is allowed with what is above it"
            } else {
                "everything is allowed in Magento 2"
            };
            return (!expected.everything).then(|| (why.to_owned(), Confidence::Certain));
        }
        let mut chosen = self.more.clone();
        chosen.intersect_with(&granted.ticked);
        let mut silent = self.more.clone();
        silent.difference_with(&granted.ticked);
        let mut parts = Vec::new();
        if !chosen.is_clear() {
            parts.push(format!("allowed in Magento 2 and not in Magento 1: {}", listed(resources.ids(&chosen))));
        }
        if !silent.is_clear() {
            parts.push(format!(
                "allowed without a rule of its own, because what is above it is allowed (a module installed after the role was saved): {}",
                listed(resources.ids(&silent))
            ));
        }
        if !self.perhaps_more.is_clear() {
            parts.push(format!(
                "perhaps allowed, {}: {}",
                resources.doubt(),
                listed(resources.ids(&self.perhaps_more))
            ));
        }
        // Without any role that lists it, the module may as well not be there; and what an
        // extension's right is worth is not known.
        let is_sure = self.more.ones().any(|it| resources.is_listed(it) && !resources.is_foreign(it));
        (!parts.is_empty()).then(|| (parts.join("; "), if is_sure { Confidence::Certain } else { Confidence::Likely }))
    }
}

/// Whether a right of an extension may stand for one that Magento 1 allowed: they share a word, such
/// as `admin/acme_blog` and `Mageplaza_Blog::posts`.
fn is_successor(expected: &Expected, id: &str) -> bool {
    let id = id.to_lowercase();
    let of_extensions = expected.without_target.iter().filter(|(_, why)| *why == NoTarget::Extension);
    let words = of_extensions.flat_map(|(old, _)| old.split(['/', '_'])).map(str::to_lowercase);
    words.filter(|it| it.len() > 3 && !matches!(it.as_str(), "admin" | "system" | "config")).any(|it| id.contains(&it))
}

/// How many ids are listed where a reader has the whole list elsewhere.
const LISTED: usize = 60;

/// Ids in a sentence.
pub fn listed<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = ids.collect();
    let mut text = all.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    if all.len() > LISTED {
        text = format!("{text} and {} more, all of them in the inventory", all.len() - LISTED);
    }
    text
}

/// Rights of Magento 1 without target, in words, by reason.
pub fn without_target_in_words(without_target: &[(String, NoTarget)]) -> String {
    let of = |why: NoTarget| {
        let ids: Vec<&str> = without_target.iter().filter(|(_, it)| *it == why).map(|(id, _)| id.as_str()).collect();
        (!ids.is_empty()).then(|| format!("{}: {}", why.words(), listed(ids.into_iter())))
    };
    let parts = [NoTarget::Retired, NoTarget::CommerceOnly, NoTarget::Extension].into_iter().filter_map(of);
    parts.collect::<Vec<_>>().join("; ")
}

/// What SOAP roles may do, and what that is in Magento 2, by the places of the roles.
pub fn of_soap(roles: &[&Rules], sides: &Pair<Snapshot>, resources: &m2::Resources) -> Vec<(m1::Rights, Expected)> {
    let of_m1 = m1::Resources::of(List::Soap, roles, &sides.m1.platform);
    roles
        .iter()
        .map(|rules| {
            let rights = of_m1.rights(rules);
            let expected = Expected::of_soap(&rights, resources);
            (rights, expected)
        })
        .collect()
}
