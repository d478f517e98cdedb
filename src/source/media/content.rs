//! What only the contents of files tell.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use super::digest::Digest;
use super::fate::{Fate, Found, Item, item};
use super::merge::{Half, Merged, by_listing};
use super::reading::{Settling, Task, Verdicts, Wanted, Wish};
use crate::pair::Side;

/// Everything that contents tell.
pub(super) fn by_content(settling: &mut Settling<'_>, merged: &mut Merged) -> io::Result<Vec<Item>> {
    // Nearly all that is to be read is known before anything is.
    settling.bar.inc_length(pairs(merged).map(|it| settling.bytes(&it, &Wanted::default())).sum());
    let wanted = settling.wanted(&merged.only_m1)?;
    let rest = rest(settling, merged, &wanted);
    settling.bar.inc_length(rest.iter().map(|it| settling.bytes(it, &wanted)).sum());
    let tasks: Vec<Task> = pairs(merged).chain(rest).collect();
    let told = settling.read(&tasks, &wanted)?;
    drop(tasks);
    let mut verdicts = Verdicts::default();
    for told in told {
        settling.take(told, &mut verdicts);
    }
    if settling.listings.m2.readable().is_none() && !wanted.by_digest.is_empty() {
        let mut cursor = settling.listings.m2.cursor(Some(settling.algorithm))?;
        while cursor.advance()? {
            let file = cursor.file();
            // What is judged on its own account, or hidden by the other side, is nobody's partner.
            let is_partner = !(settling.is_special)(file.path) && !settling.listings.m1.about.blind_spot(file.path);
            let digest = file.digest.filter(|it| file.size != Some(0) && wanted.by_digest.contains_key(it));
            if let Some(digest) = digest.filter(|_| is_partner) {
                verdicts.places.entry(digest).or_default().insert(file.path.into());
            }
        }
    }
    let mut items = by_listing(merged);
    for twin in items.iter_mut().filter(|it| matches!(it.fate, Fate::UnicodeTwin | Fate::CaseTwin)) {
        if let (Some(one), Some(other)) = (&twin.m1, &twin.m2) {
            twin.has_same_content = same_content(one, other, &verdicts);
        }
    }
    for &(i, j) in &merged.both {
        if let Some(fate) = verdicts.of(Some(i as usize), None) {
            let found = |side: Side, at: u32| Found::of(&settling.reader(side).tree.file(at as usize, None));
            items.push(item(fate, Some(found(Side::M1, i)), Some(found(Side::M2, j))));
        }
    }
    for &Half { side, at, digest, size } in &merged.one {
        if let Some(&fate) = verdicts.fates.of(side).get(&(at as usize)) {
            let own = Found::of(&settling.reader(side).tree.file(at as usize, None));
            let other = Found { at: None, digest: Some(digest), size, ..own.clone() };
            let (m1, m2) = if side == Side::M1 { (own, other) } else { (other, own) };
            items.push(item(fate, Some(m1), Some(m2)));
        }
    }
    let (only_m1, only_m2) = (std::mem::take(&mut merged.only_m1), std::mem::take(&mut merged.only_m2));
    pair_off(only_m1, only_m2, wanted.by_digest, &verdicts.places, &mut items);
    Ok(items)
}

/// Files of the same path and size.
fn pairs(merged: &Merged) -> impl Iterator<Item = Task> {
    let both = merged.both.iter().map(|&(i, j)| Task::Pair(i as usize, j as usize));
    both.chain(merged.one.iter().map(|it| Task::Against(it.side, it.at as usize, it.digest)))
}

/// What is to be read besides pairs.
fn rest(settling: &Settling<'_>, merged: &Merged, wanted: &Wanted) -> Vec<Task> {
    let one = |side: Side, at: usize| Task::One(side, at, Wish::HashIfLookedFor);
    let mut tasks = Vec::new();
    for (m1, m2) in merged.unicode_twins.iter().chain(&merged.case_twins) {
        match (m1.place(), m2.place(), m1.digest, m2.digest) {
            (Some(i), Some(j), ..) if !are_of_other_sizes(m1, m2) => tasks.push(Task::Pair(i, j)),
            (Some(i), None, _, Some(digest)) if !are_of_other_sizes(m1, m2) => {
                tasks.push(Task::Against(Side::M1, i, digest));
            }
            (None, Some(j), Some(digest), _) if !are_of_other_sizes(m1, m2) => {
                tasks.push(Task::Against(Side::M2, j, digest));
            }
            (at1, at2, ..) => {
                tasks.extend(at1.map(|at| one(Side::M1, at)));
                tasks.extend(at2.map(|at| one(Side::M2, at)));
            }
        }
    }
    for (m1, m2) in merged.uneven.iter().chain(&merged.unknown) {
        tasks.extend(m1.place().map(|at| one(Side::M1, at)));
        tasks.extend(m2.place().map(|at| one(Side::M2, at)));
    }
    tasks.extend(merged.only_m2.iter().filter_map(Found::place).map(|at| one(Side::M2, at)));
    for side in Side::BOTH {
        tasks.extend(merged.hidden_places.of(side).iter().map(|at| Task::One(side, *at as usize, Wish::Head)));
    }
    let is_looked_for = |(at, mark): &&(u32, u64)| wanted.has_mark(settling.size(Side::M2, *at as usize), *mark);
    let remembered = merged.remembered.iter().filter(is_looked_for);
    tasks.extend(remembered.map(|(at, _)| Task::One(Side::M2, *at as usize, Wish::Hash)));
    tasks
}

fn are_of_other_sizes(one: &Found, other: &Found) -> bool {
    one.size.zip(other.size).is_some_and(|(one, other)| one != other)
}

/// Whether two files under different names have the same content; none if nobody knows.
fn same_content(one: &Found, other: &Found, verdicts: &Verdicts) -> Option<bool> {
    if are_of_other_sizes(one, other) {
        return Some(false);
    }
    match (one.place(), other.place(), one.digest, other.digest) {
        (None, None, Some(digest), Some(of_other)) => Some(digest == of_other),
        (None, None, ..) | (None, _, None, _) | (_, None, _, None) => None,
        (at1, at2, ..) => match verdicts.of(at1, at2) {
            Some(Fate::Unknown) => None,
            fate => Some(fate.is_none()),
        },
    }
}

/// Pairs files without partner by content: one to one, in path order. What is
/// left of Magento 1's is missing, of Magento 2's extra.
fn pair_off(
    only_m1: Vec<Found>,
    only_m2: Vec<Found>,
    looked_for: BTreeMap<Digest, Vec<usize>>,
    places: &BTreeMap<Digest, BTreeSet<Box<[u8]>>>,
    items: &mut Vec<Item>,
) {
    let mut free: HashMap<Box<[u8]>, Found> = only_m2.into_iter().map(|it| (it.path.clone(), it)).collect();
    let mut moved: HashMap<usize, Found> = HashMap::new();
    let mut elsewhere: HashMap<usize, Box<[u8]>> = HashMap::new();
    for (digest, mut sources) in looked_for {
        let Some(targets) = places.get(&digest) else { continue };
        // Places are in path order.
        sources.sort_unstable();
        let mut targets_left = targets.iter();
        for source in sources {
            match targets_left.find_map(|path| free.remove(path)) {
                Some(place) => _ = moved.insert(source, place),
                None => elsewhere.extend(targets.first().map(|path| (source, path.clone()))),
            }
        }
    }
    for (at, file) in only_m1.into_iter().enumerate() {
        items.push(match moved.remove(&at) {
            Some(place) => item(Fate::Moved, Some(file), Some(place)),
            None => Item { elsewhere: elsewhere.remove(&at), ..item(Fate::Missing, Some(file), None) },
        });
    }
    let mut extra: Vec<Found> = free.into_values().collect();
    extra.sort_by(|one, other| one.path.cmp(&other.path));
    items.extend(extra.into_iter().map(|it| item(Fate::Extra, None, Some(it))));
}
