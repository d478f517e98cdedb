//! What rights of Magento 1 are in Magento 2.

use fixedbitset::FixedBitSet;

use super::m1::{self, Rights};
use super::m2::Resources;
use super::map::{ADMIN, Fit, Map, NoTarget, REST, SOAP};

/// What a role or a credential has to be allowed in Magento 2, to do what it could do in Magento 1.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Whether that is everything: nothing that is allowed is too much.
    pub everything: bool,
    /// Resources of Magento 2 that must be allowed, with their parents.
    pub ids: FixedBitSet,
    /// Those of them that rest on a close fit alone.
    pub close: FixedBitSet,
    /// Resources that are worth allowing, or do no harm, and are not asked for.
    pub recommended: FixedBitSet,
    /// Rights of Magento 1 that have no target, and why.
    pub without_target: Vec<(String, NoTarget)>,
}

impl Expected {
    /// Nothing, among these resources.
    pub fn nothing(resources: &Resources) -> Self {
        let none = FixedBitSet::with_capacity(resources.len());
        Self {
            everything: false,
            ids: none.clone(),
            close: none.clone(),
            recommended: none,
            without_target: Vec::new(),
        }
    }

    /// What an admin role's rights are in Magento 2.
    pub fn of_admin(rights: &Rights, resources: &Resources) -> Self {
        let mut expected = Self::by_map(&ADMIN, rights, resources);
        // For people who log in: an integration has no business with it.
        expected.recommended.union_with(&resources.two_factor());
        expected
    }

    /// What the rights of a SOAP or XML-RPC role are in Magento 2.
    pub fn of_soap(rights: &Rights, resources: &Resources) -> Self {
        if !rights.everything {
            return Self::by_map(&SOAP, rights, resources);
        }
        // All that SOAP can call is far less than all that Magento 2 has.
        let all = Rights { allowed: SOAP.targets().map(|it| it.m1_id.clone()).collect(), ..Rights::default() };
        Self { everything: true, without_target: Vec::new(), ..Self::by_map(&SOAP, &all, resources) }
    }

    fn by_map(map: &Map, rights: &Rights, resources: &Resources) -> Self {
        let mut expected = Self::nothing(resources);
        let mut exact = expected.ids.clone();
        if rights.everything {
            expected.everything = true;
            expected.ids = resources.stock();
            return expected;
        }
        for m1_id in rights.allowed.iter().filter(|it| *it != m1::ALL) {
            match map.find(m1_id) {
                None => expected.without_target.push((m1_id.clone(), NoTarget::Extension)),
                Some(target) => {
                    expected.add(m1_id, target.m2_ids(), target.fit, &mut exact, resources);
                    let recommended = target.m2_recommended().filter_map(|it| resources.find(it));
                    for place in recommended.filter(|&it| resources.is_declared(it)) {
                        expected.recommended.insert(place);
                    }
                }
            }
        }
        expected.finish(&exact, resources)
    }

    /// What the rights of REST roles for administrators are in Magento 2: resource and operation.
    pub fn of_rest<'a>(rules: impl Iterator<Item = (&'a str, Option<&'a str>)>, resources: &Resources) -> Self {
        let mut expected = Self::nothing(resources);
        let mut exact = expected.ids.clone();
        for (resource, operation) in rules {
            let Some(operation) = operation.filter(|_| resource != m1::ALL) else {
                if resource == m1::ALL {
                    expected.everything = true;
                    // Everything of REST, which is less than everything.
                    for target in REST.iter().filter(|it| it.user_type == "admin") {
                        expected.add("", target.m2_ids(), target.fit, &mut exact, resources);
                    }
                    expected.without_target.clear();
                }
                continue;
            };
            let name = format!("{resource}/{operation}");
            match REST.iter().find(|it| it.resource == resource && it.operation == operation && it.user_type == "admin")
            {
                Some(target) => expected.add(&name, target.m2_ids(), target.fit, &mut exact, resources),
                None => expected.without_target.push((name, NoTarget::Extension)),
            }
        }
        expected.finish(&exact, resources)
    }

    fn add<'a>(
        &mut self,
        m1_id: &str,
        m2_ids: impl Iterator<Item = &'a str>,
        fit: Fit,
        exact: &mut FixedBitSet,
        resources: &Resources,
    ) {
        let places: Vec<(&str, Option<usize>)> = m2_ids
            // A release that lacks the resource guards the same by what is above it.
            .map(|m2_id| (m2_id, resources.nearest_declared(m2_id)))
            .collect();
        for place in places.iter().filter_map(|(_, place)| *place) {
            self.ids.insert(place);
            if fit == Fit::Exact {
                exact.insert(place);
            }
        }
        // No id at all with a fit is what everybody may do in Magento 2 without any right.
        let is_lost = !places.is_empty() && places.iter().all(|(_, place)| place.is_none());
        if fit == Fit::None || is_lost {
            let is_commerce = places.iter().any(|(m2_id, _)| Resources::is_commerce_only(m2_id));
            let why = if is_commerce { NoTarget::CommerceOnly } else { NoTarget::Retired };
            self.without_target.push((m1_id.to_owned(), why));
        }
    }

    fn finish(mut self, exact: &FixedBitSet, resources: &Resources) -> Self {
        self.ids = resources.with_parents(&self.ids);
        self.close.clone_from(&self.ids);
        self.close.difference_with(&resources.with_parents(exact));
        self.without_target.sort();
        self.without_target.dedup();
        self
    }
}
