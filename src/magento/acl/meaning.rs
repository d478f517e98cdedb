//! What rules of Magento 2 mean, by release (`Magento\Authorization\Model\Acl\Loader\Rule`, `Magento\Framework\Acl`).

use fixedbitset::FixedBitSet;

use crate::magento::versions::{Platform, Version};

/// How a release takes rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Whether a rule counts for all that lies below its resource, and takes back what rows before it said of that: since
    /// `Magento\Framework\Acl` is Laminas' and no more Zend's.
    pub(super) is_laminas: bool,
    /// Whether a resource that no role at all has a rule for is denied to each role that denies anything: from 2.4.5 on
    /// (magento2#35365, magento2#37620).
    pub(super) denies_unlisted: bool,
    /// Which parents resources have.
    pub(super) era: usize,
}

/// Versions from which on some resources hang below others.
pub(super) const ERAS: [&str; 2] = ["2.3.0", "2.4.4"];

const ZEND: Meaning = Meaning { is_laminas: false, denies_unlisted: false, era: 0 };
const ZEND_DENIES: Meaning = Meaning { denies_unlisted: true, era: ERAS.len(), ..ZEND };
const LAMINAS: Meaning = Meaning { is_laminas: true, ..ZEND_DENIES };

/// Since which version rules mean what. Where in 2.4.6 Laminas' begins is not known: 2.4.5 has Zend's, 2.4.7-p3 Laminas'.
const SPANS: [(&str, &[Meaning]); 6] = [
    ("0", &[ZEND]),
    ("2.3.0", &[Meaning { era: 1, ..ZEND }]),
    ("2.4.4", &[Meaning { era: 2, ..ZEND }]),
    ("2.4.5", &[ZEND_DENIES]),
    ("2.4.6", &[ZEND_DENIES, LAMINAS]),
    ("2.4.7", &[LAMINAS]),
];

/// All that rules may mean, as far as the version is known, by release.
pub(super) fn meanings(platform: &Platform) -> Vec<Meaning> {
    let (from, to) = platform.range();
    let version = |text: &str| Version::parse(text).expect("a literal");
    let is_possible = |at: &usize| {
        let begins_in_time = to.as_ref().is_none_or(|to| version(SPANS[*at].0) <= *to);
        let end = SPANS.get(at + 1).map(|(end, _)| version(end));
        let ends_in_time = from.as_ref().zip(end).is_none_or(|(from, end)| *from < end);
        begins_in_time && ends_in_time
    };
    let mut meanings: Vec<Meaning> = Vec::new();
    for meaning in (0..SPANS.len()).filter(is_possible).flat_map(|at| SPANS[at].1) {
        if !meanings.contains(meaning) {
            meanings.push(*meaning);
        }
    }
    meanings
}

/// What is asked of a store's resources.
pub(super) trait Ground {
    /// What no role has a rule for, with what that takes along.
    fn unlisted(&self, meaning: Meaning) -> &FixedBitSet;
    /// Whether any role has a rule for a resource other than the one that means everything.
    fn lists_any(&self) -> bool;
    /// Everything that lies below a place, and the place; none if that is not known.
    fn subtree(&self, place: usize, era: usize) -> Option<&FixedBitSet>;
    /// How many places there are.
    fn places(&self) -> usize;
}

/// A rule of a resource that exists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) place: usize,
    pub(super) allows: bool,
    /// Whether it is about the resource that means everything.
    pub(super) is_everything: bool,
}

/// What a role's rules say of each place by themselves.
pub(super) struct Said {
    allowed: FixedBitSet,
    denied: FixedBitSet,
    /// What holds where nothing is said.
    pub(super) otherwise: bool,
    /// Whether the role denies anything.
    pub(super) is_limited: bool,
}

impl Said {
    /// What rules say, in their order.
    pub(super) fn by(rows: &[Row], meaning: Meaning, ground: &impl Ground) -> Self {
        let none = FixedBitSet::with_capacity(ground.places());
        let is_limited = rows.iter().any(|it| !it.allows);
        let mut said = Self { allowed: none.clone(), denied: none, otherwise: false, is_limited };
        for row in rows {
            if !row.is_everything || !row.allows {
                match ground.subtree(row.place, meaning.era).filter(|_| meaning.is_laminas) {
                    Some(below) => said.put_all(below, row.allows),
                    None => said.put(row.place, row.allows),
                }
            } else if meaning.is_laminas {
                said.allowed.insert_range(..);
                said.denied.clear();
            } else {
                said.otherwise = true;
            }
        }
        if meaning.denies_unlisted && is_limited && ground.lists_any() {
            said.put_all(ground.unlisted(meaning), false);
        }
        said
    }

    /// What is said of a place, or of one above it that counts for it.
    pub(super) fn own(&self, place: usize) -> Option<bool> {
        (self.allowed.contains(place) || self.denied.contains(place)).then(|| self.allowed.contains(place))
    }

    fn put(&mut self, place: usize, allows: bool) {
        self.allowed.set(place, allows);
        self.denied.set(place, !allows);
    }

    fn put_all(&mut self, places: &FixedBitSet, allows: bool) {
        let (now, before) =
            if allows { (&mut self.allowed, &mut self.denied) } else { (&mut self.denied, &mut self.allowed) };
        now.union_with(places);
        before.difference_with(places);
    }
}
