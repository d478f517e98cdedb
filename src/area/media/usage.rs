//! Who uses files of the media folder, and which files are not there for those who do.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use crate::facts::media::Census;
use crate::facts::references::{self, Reference, References};
use crate::facts::{Facts, Snapshot};
use crate::finding::{Confidence, Finding, Rule, Severity};
use crate::magento::media_folders;
use crate::pair::{Pair, Side};
use crate::source::media::{Comparison, Likeness, Tally};
use crate::text;

/// How many of those who use a file are named in a finding.
const NAMED: usize = 5;

/// What is known of the use of files.
pub(super) struct Usage<'a> {
    references: Pair<Option<&'a References>>,
    /// For files of Magento 1 that a reference means which spells them in another way: its spelling.
    meant: BTreeMap<&'a [u8], &'a [u8]>,
    /// Whether a database of Magento 2 was expected, and not given.
    lacks_m2: bool,
}

/// Whether something uses a file.
pub(super) enum Use {
    Used,
    /// Nothing does; how sure that is.
    Unused(Confidence),
    /// Nobody knows.
    Unknown,
}

impl<'a> Usage<'a> {
    pub(super) fn of(facts: &'a Facts) -> Self {
        let of = |side: Side| facts.sides.of(side).references.get();
        let references = Pair { m1: of(Side::M1), m2: of(Side::M2) };
        let all = [references.m1, references.m2].into_iter().flatten().flat_map(References::iter);
        let census = &facts.media.census;
        let meant = all.filter_map(|(path, _)| Some((census.alike(Side::M1, path)?.0, path))).collect();
        Self { references, meant, lacks_m2: !facts.is_assessment && references.m2.is_none() }
    }

    /// How Magento 1's file is spelt by what refers to it, if that is another spelling.
    pub(super) fn spelling(&self, path: &[u8]) -> Option<&'a [u8]> {
        self.meant.get(path).copied()
    }

    /// Whether any database told what uses files.
    pub(super) fn is_known(&self) -> bool {
        self.references.m1.is_some()
    }

    fn to(&self, path: &[u8]) -> impl Iterator<Item = (&'a References, Reference)> {
        let of = |it: Option<&'a References>| {
            it.into_iter().flat_map(|all| all.to(path).iter().map(move |one| (all, *one))).collect::<Vec<_>>()
        };
        of(self.references.m1).into_iter().chain(of(self.references.m2))
    }

    pub(super) fn is_used(&self, path: &[u8]) -> bool {
        self.to(path).next().is_some()
    }

    pub(super) fn judge(&self, path: &[u8]) -> Use {
        if self.is_used(path) || self.spelling(path).is_some() {
            return Use::Used;
        }
        let Some(m1) = self.references.m1 else { return Use::Unknown };
        let is_unknown = m1.is_unknown(path) || self.references.m2.is_some_and(|it| it.is_unknown(path));
        if is_unknown || !media_folders::has_users_in_core(path) {
            return Use::Unknown;
        }
        // Editors of extensions keep their pictures there as well; what Magento 2 refers to may not be known.
        let is_doubtful = path.starts_with(b"wysiwyg/") || self.lacks_m2;
        Use::Unused(if is_doubtful { Confidence::Likely } else { Confidence::Certain })
    }

    /// A finding with those who use the file.
    pub(super) fn with_users(&self, finding: Finding, path: &[u8]) -> Finding {
        let users: Vec<(&References, Reference)> = self.to(path).collect();
        let is_hidden = !users.is_empty() && users.iter().all(|(_, it)| it.is_hidden());
        let finding = named(finding, users.into_iter());
        if is_hidden { finding.more_detail("hidden in the gallery of each product") } else { finding }
    }
}

fn named<'a>(finding: Finding, users: impl Iterator<Item = (&'a References, Reference)>) -> Finding {
    let mut order = Vec::new();
    // Both databases name the same users. A placeholder may have half a million: of those who are
    // not named only a mark is kept.
    let mut marks: BTreeSet<u64> = BTreeSet::new();
    for (all, reference) in users {
        let words = all.words(reference);
        if marks.insert(references::mark(words.as_bytes())) && order.len() < NAMED {
            order.push(words);
        }
    }
    let more = marks.len() - order.len();
    let mut finding = finding.used_by(&order);
    finding.users_unnamed = u32::try_from(more).unwrap_or(u32::MAX);
    finding
}

/// Missing files by whether something uses them.
#[derive(Default)]
pub(super) struct Missing {
    pub(super) used: Tally,
    pub(super) unused: Tally,
    pub(super) unknown: Tally,
    /// Not missing at all: Magento 2 has them in its database.
    pub(super) in_database: Tally,
    /// Of the unused ones, by part of the tree.
    pub(super) unused_by_part: BTreeMap<Vec<u8>, Tally>,
}

/// Whether there is a file at a path, as far as can be known.
fn is_there(side: Side, media: &Comparison, facts: &Facts, path: &[u8]) -> bool {
    let is_special = media.specials.iter().any(|it| it.path == path);
    facts.media.census.has(side, &facts.sides, path)
        || media.folders.of(side).blind_spot(path)
        || !media.is_about(path)
        || is_special
}

/// Whether the shop serves a file from its database; of this size, if it is known.
pub(super) fn is_stored(snapshot: &Snapshot, path: &[u8], size: Option<u64>) -> bool {
    let files = snapshot.stored.get().filter(|it| it.is_used == Some(true)).and_then(|it| it.files.as_ref());
    let found = files.and_then(|it| Some(&it[it.binary_search_by(|file| file.path.as_slice().cmp(path)).ok()?]));
    found.is_some_and(|it| size.is_none_or(|size| it.size == size))
}

/// References to files that are not there.
pub(super) fn broken(media: &Comparison, facts: &Facts, usage: &Usage<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for side in Side::BOTH {
        let Some(references) = usage.references.of(side) else { continue };
        if side == Side::M2 && (facts.is_assessment || !media.is_m2_known) {
            continue;
        }
        let census = &facts.media.census;
        let is_broken = |(path, users): &(&[u8], &[Reference])| {
            let is_certain = users.iter().any(|it| it.is_certain());
            is_certain && !is_there(side, media, facts, path) && !is_stored(facts.sides.of(side), path, None)
        };
        for (path, users) in references.iter().filter(is_broken) {
            // What Magento 1 has at this path is missing, changed or moved: that has been said.
            if side == Side::M2 && census.has(Side::M1, &facts.sides, path) {
                continue;
            }
            let users = users.iter().map(|it| (*references, *it));
            // What Magento 2 refers to may lie in Magento 1's folder under another spelling.
            let before = || census.alike(Side::M1, path).filter(|_| side == Side::M2);
            found.push(match census.alike(side, path).map(|it| (side, it)).or_else(|| Some((Side::M1, before()?))) {
                Some((of, alike)) => named(twin(side, of, path, alike), users),
                None if side == Side::M1 => named(rules::BROKEN_REFERENCE_M1.finding(text::path(path)), users),
                None => {
                    let is_in_m1 = is_there(Side::M1, media, facts, path) || is_stored(&facts.sides.m1, path, None);
                    let was_broken = !is_in_m1 && usage.references.m1.is_some_and(|it| !it.to(path).is_empty());
                    let detail = if was_broken { "Magento 1 refers to it and does not have it either" } else { "" };
                    named(rules::BROKEN_REFERENCE.finding(text::path(path)).m2("not there").detail(detail), users)
                }
            });
        }
    }
    found
}

/// A reference that differs from the name of a file in letter case or Unicode form alone.
fn twin(side: Side, of: Side, path: &[u8], (file, likeness): (&[u8], Likeness)) -> Finding {
    let rule = if likeness == Likeness::Case { &rules::CASE_TWIN } else { &rules::UNICODE_TWIN };
    let subject = text::path(path);
    let file = text::path(file);
    let forms = match likeness {
        Likeness::Form => {
            format!(": referred to as {}, there as {}", text::visible_form(&subject), text::visible_form(&file))
        }
        Likeness::Case => String::new(),
    };
    let detail = format!("the reference is spelt in another way than the file of {of}{forms}");
    let finding = rule.finding(subject).detail(detail);
    let finding = if of == Side::M1 { finding.m1(file) } else { finding.m2(file) };
    finding.severity(if side == Side::M1 { Severity::Low } else { Severity::High })
}

/// What is wrong with rows of the gallery, whether or not the file is there.
pub(super) fn gallery(usage: &Usage<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for side in Side::BOTH {
        let Some(references) = usage.references.of(side) else { continue };
        for (path, users) in references.iter() {
            let mut say = |rule: &'static Rule, value: &str, is: fn(&Reference) -> bool| {
                let own: Vec<Reference> = users.iter().copied().filter(is).collect();
                if own.is_empty() {
                    return;
                }
                let finding = rule.finding(text::path(path)).incidents(own.len() as u64);
                let finding = if side == Side::M1 { finding.m1(value) } else { finding.m2(value) };
                found.push(named(finding, own.into_iter().map(|it| (*references, it))));
            };
            if media_folders::is_undispersed(path) {
                say(&rules::UNDISPERSED, "undispersed", |it| it.is_of_gallery());
            }
            say(&rules::DOUBLE_SLASH, "slashes too many or too few", |it| it.has_odd_slashes());
            say(&rules::DUPLICATE_ROW, "several rows", |it| it.is_repeated());
        }
    }
    found
}

/// Files of Magento 2 that its media gallery does not show, by folder.
pub(super) fn unindexed(census: &Census) -> Vec<Finding> {
    let finding = |(folder, tally): (&&str, &Tally)| {
        rules::NOT_INDEXED.finding(*folder).m2(text::count(tally.files, "file", "files")).incidents(tally.files)
    };
    census.unindexed.iter().map(finding).collect()
}

/// Families of files that Magento numbered because a file of the name was there: `a.jpg`, `a_1.jpg`.
pub(super) fn copies(census: &Census) -> Vec<Finding> {
    let value = |it: Tally| format!("{}, {}", text::count(it.files, "copy", "copies"), text::bytes(it.bytes));
    let finding = |(first, tallies): (&[u8], &Pair<Tally>)| {
        let incidents = tallies.m1.files.max(tallies.m2.files);
        let mut finding = rules::COPIES.finding(text::path(first)).confidence(Confidence::Likely).incidents(incidents);
        let values = tallies.map(|it| (it.files > 0).then(|| value(it)));
        finding.m1 = values.m1.map(Into::into);
        finding.m2 = values.m2.map(Into::into);
        finding
    };
    census.copies.iter().map(|(first, tallies)| finding((first, tallies))).collect()
}
