//! What only the contents of files tell.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use rayon::prelude::*;

use super::compare::{Elsewhere, Fate, Item, Special};
use super::list::{Tree, Unreadable};
use super::merge::{Merged, by_size, item};
use super::settle::{OneRead, PairFailure, PairRead, Reader};
use super::{Compare, Scan};
use crate::pair::Pair;
use crate::source::interrupt;

/// Files by the hash of their content.
type Hashes = BTreeMap<[u8; 32], Vec<usize>>;

/// Reading of the files that only their content can tell apart.
pub(super) struct Settling<'a> {
    trees: &'a Pair<Tree>,
    readers: Pair<Option<Reader<'a>>>,
    pool: rayon::ThreadPool,
    compare: Compare,
    pub(super) unreadable: Pair<Vec<Unreadable>>,
    pub(super) scripts: Pair<Vec<usize>>,
}

/// Something to be read.
#[derive(Clone, Copy)]
enum Task {
    Pair(usize, usize),
    Uneven(usize, usize),
    OnlyM2(usize),
}

/// What was read, if it is anything but equal.
enum Told {
    Pair(usize, usize, Result<PairRead, PairFailure>),
    M1(usize, io::Result<OneRead>),
    M2(usize, io::Result<OneRead>),
}

impl<'a> Settling<'a> {
    pub(super) fn new(trees: &'a Pair<Tree>, scan: &Scan, bar: &'a indicatif::ProgressBar) -> io::Result<Self> {
        let reader = |tree: &'a Tree| -> io::Result<Option<Reader<'a>>> {
            if tree.is_empty() {
                return Ok(None);
            }
            Reader::new(tree, scan.policy.has_script_head, bar).map(Some)
        };
        Ok(Self {
            trees,
            readers: Pair { m1: reader(&trees.m1)?, m2: reader(&trees.m2)? },
            pool: rayon::ThreadPoolBuilder::new().num_threads(scan.threads).build().map_err(io::Error::other)?,
            compare: scan.compare,
            unreadable: Pair::default(),
            scripts: Pair::default(),
        })
    }

    fn reader(&self, is_m2: bool) -> &Reader<'a> {
        let reader = if is_m2 { &self.readers.m2 } else { &self.readers.m1 };
        reader.as_ref().expect("a tree with files has a reader")
    }

    /// Reads Magento 1's files without partner: their hashes, where Magento 2
    /// has a file of that size.
    fn only_m1(&mut self, files: &[usize], sizes: &HashSet<u64>) -> io::Result<Hashes> {
        let told: Vec<(usize, io::Result<OneRead>)> = self.pool.install(|| {
            files
                .par_iter()
                .with_max_len(32)
                .filter(|_| !interrupt::is_asked())
                .map(|&at| (at, self.reader(false).one(at, self.wants(self.trees.m1.size(at), sizes))))
                .collect()
        });
        let mut hashes = Hashes::new();
        for (at, told) in told {
            if let Some(hash) = self.note(false, at, told).and_then(|it| it.hash) {
                hashes.entry(hash.into()).or_default().push(at);
            }
        }
        interrupt::check()?;
        Ok(hashes)
    }

    /// Whether a file's hash is wanted. An empty file is never moved.
    fn wants(&self, size: u64, sizes: &HashSet<u64>) -> bool {
        size > 0 && (self.compare == Compare::Hash || sizes.contains(&size))
    }

    /// Reads everything else, and keeps what is not trivial.
    fn rest(&self, tasks: &[Task], sizes: &HashSet<u64>, looked_for: &Hashes) -> io::Result<Vec<Told>> {
        let (m1, m2) = (&self.trees.m1, &self.trees.m2);
        let keep_hash =
            |hash: &mut Option<blake3::Hash>| *hash = hash.filter(|it| looked_for.contains_key(it.as_bytes()));
        let one = |is_m2: bool, at: usize| {
            let size = if is_m2 { m2.size(at) } else { m1.size(at) };
            let wants_hash = (is_m2 || self.compare == Compare::Hash) && self.wants(size, sizes);
            let mut told = self.reader(is_m2).one(at, wants_hash);
            if let Ok(told) = &mut told {
                keep_hash(&mut told.hash);
            }
            told
        };
        let run = |task: &Task| -> Vec<Told> {
            match *task {
                Task::Pair(i, j) => {
                    let mut told = if self.compare == Compare::Hash {
                        self.pair_by_hash(i, j)
                    } else {
                        Reader::pair(self.reader(false), i, self.reader(true), j, self.wants(m2.size(j), sizes))
                    };
                    if let Ok(told) = &mut told {
                        keep_hash(&mut told.hash);
                    }
                    vec![Told::Pair(i, j, told)]
                }
                Task::Uneven(i, j) => vec![Told::M1(i, one(false, i)), Told::M2(j, one(true, j))],
                Task::OnlyM2(j) => vec![Told::M2(j, one(true, j))],
            }
        };
        let is_trivial = |told: &Told| match told {
            Told::Pair(_, _, Ok(it)) => it.is_equal && it.is_script == [false; 2] && it.hash.is_none(),
            Told::M1(_, Ok(it)) | Told::M2(_, Ok(it)) => !it.is_script && it.hash.is_none(),
            _ => false,
        };
        let told = self.pool.install(|| {
            tasks
                .par_iter()
                .with_max_len(32)
                .filter(|_| !interrupt::is_asked())
                .flat_map_iter(run)
                .filter(|it| !is_trivial(it))
                .collect()
        });
        interrupt::check()?;
        Ok(told)
    }

    /// Compares a pair by the hashes of both files.
    fn pair_by_hash(&self, i: usize, j: usize) -> Result<PairRead, PairFailure> {
        let read =
            |is_m2: bool, at: usize| self.reader(is_m2).one(at, true).map_err(|error| PairFailure { is_m2, error });
        let (one, other) = (read(false, i)?, read(true, j)?);
        Ok(PairRead { is_equal: one.hash == other.hash, is_script: [one.is_script, other.is_script], hash: other.hash })
    }

    /// Notes what a file is; `None` if it cannot be read.
    fn note(&mut self, is_m2: bool, at: usize, told: io::Result<OneRead>) -> Option<OneRead> {
        let (tree, scripts, unreadable) = if is_m2 {
            (&self.trees.m2, &mut self.scripts.m2, &mut self.unreadable.m2)
        } else {
            (&self.trees.m1, &mut self.scripts.m1, &mut self.unreadable.m1)
        };
        match told {
            Ok(told) => {
                if told.is_script {
                    scripts.push(at);
                }
                Some(told)
            }
            Err(error) => {
                unreadable.push(Unreadable { path: tree.path(at).to_vec(), why: error.to_string(), is_folder: false });
                None
            }
        }
    }
}

/// Reads the files that are judged on their own account.
pub(super) fn specials(settling: &mut Settling<'_>, found: &[(Vec<u8>, Pair<Option<usize>>)]) -> Vec<Special> {
    found
        .iter()
        .map(|(path, at)| {
            let mut hash = |is_m2: bool, at: Option<usize>| {
                let told = settling.reader(is_m2).one(at?, true);
                settling.note(is_m2, at?, told)?.hash
            };
            let hashes =
                Pair { m1: at.m1.and_then(|it| hash(false, Some(it))), m2: at.m2.and_then(|it| hash(true, Some(it))) };
            Special { path: path.clone(), hashes, is_there: at.map(|it| it.is_some()) }
        })
        .collect()
}

/// Everything that contents tell.
pub(super) fn by_content(settling: &mut Settling<'_>, merged: &Merged) -> io::Result<Vec<Item>> {
    let trees = settling.trees;
    let sizes_of_m2: HashSet<u64> = if merged.only_m1.is_empty() {
        HashSet::new()
    } else {
        (0..trees.m2.len()).map(|at| trees.m2.size(at)).collect()
    };
    let looked_for = settling.only_m1(&merged.only_m1, &sizes_of_m2)?;
    let sizes_of_m1: HashSet<u64> = looked_for.values().flatten().map(|&at| trees.m1.size(at)).collect();

    let twins = || merged.unicode_twins.iter().chain(&merged.case_twins).copied();
    let is_even = |&(i, j): &(usize, usize)| trees.m1.size(i) == trees.m2.size(j);
    let mut tasks: Vec<Task> = merged.even.iter().map(|&(i, j)| Task::Pair(i, j)).collect();
    tasks.extend(twins().filter(is_even).map(|(i, j)| Task::Pair(i, j)));
    tasks.extend(
        merged.uneven.iter().copied().chain(twins().filter(|it| !is_even(it))).map(|(i, j)| Task::Uneven(i, j)),
    );
    tasks.extend(merged.only_m2.iter().map(|&j| Task::OnlyM2(j)));
    let told = settling.rest(&tasks, &sizes_of_m1, &looked_for)?;

    let mut items = by_size(merged);
    items.retain(|it| !matches!(it.fate, Fate::Missing | Fate::Extra));
    let mut hashes_of_m2 = Hashes::new();
    let mut unequal: HashSet<usize> = HashSet::new();
    let mut unknown: HashSet<usize> = HashSet::new();
    for told in told {
        match told {
            Told::Pair(i, j, Ok(pair)) => {
                if pair.is_script[0] {
                    settling.scripts.m1.push(i);
                }
                if pair.is_script[1] {
                    settling.scripts.m2.push(j);
                }
                if !pair.is_equal {
                    unequal.insert(i);
                }
                if let Some(hash) = pair.hash {
                    hashes_of_m2.entry(hash.into()).or_default().push(j);
                }
            }
            Told::Pair(i, j, Err(failure)) => {
                unknown.insert(i);
                settling.note(failure.is_m2, if failure.is_m2 { j } else { i }, Err(failure.error));
            }
            Told::M1(i, told) => drop(settling.note(false, i, told)),
            Told::M2(j, told) => {
                if let Some(hash) = settling.note(true, j, told).and_then(|it| it.hash) {
                    hashes_of_m2.entry(hash.into()).or_default().push(j);
                }
            }
        }
    }
    for twin in &mut items {
        if let (Fate::UnicodeTwin | Fate::CaseTwin, Some(i)) = (twin.fate, twin.m1) {
            twin.has_same_content =
                (!unknown.contains(&i)).then(|| is_even(&(i, twin.m2.unwrap_or_default())) && !unequal.contains(&i));
        }
    }
    for &(i, j) in &merged.even {
        if unknown.contains(&i) {
            items.push(item(Fate::Unknown, Some(i), Some(j)));
        } else if unequal.contains(&i) {
            items.push(item(Fate::Changed, Some(i), Some(j)));
        }
    }
    pair_off(merged, looked_for, hashes_of_m2, &mut items);
    Ok(items)
}

/// Pairs files without partner by content: one to one, in path order. What is
/// left of Magento 1's is missing, of Magento 2's extra.
fn pair_off(merged: &Merged, mut looked_for: Hashes, mut hashes_of_m2: Hashes, items: &mut Vec<Item>) {
    let free: HashSet<usize> = merged.only_m2.iter().copied().collect();
    let mut moved_from: HashMap<usize, usize> = HashMap::new();
    let mut moved_to: HashSet<usize> = HashSet::new();
    let mut elsewhere: HashMap<usize, usize> = HashMap::new();
    for (hash, sources) in &mut looked_for {
        let Some(targets) = hashes_of_m2.get_mut(hash) else { continue };
        // Indices are in path order.
        sources.sort_unstable();
        targets.sort_unstable();
        let mut places = targets.iter().copied().filter(|it| free.contains(it));
        for &source in sources.iter() {
            if let Some(place) = places.next() {
                moved_from.insert(source, place);
                moved_to.insert(place);
            } else {
                elsewhere.insert(source, targets[0]);
            }
        }
    }
    for &at in &merged.only_m1 {
        items.push(match moved_from.get(&at) {
            Some(&place) => item(Fate::Moved, Some(at), Some(place)),
            None => {
                Item { elsewhere: elsewhere.get(&at).copied().map(Elsewhere), ..item(Fate::Missing, Some(at), None) }
            }
        });
    }
    items
        .extend(merged.only_m2.iter().filter(|it| !moved_to.contains(it)).map(|&at| item(Fate::Extra, None, Some(at))));
}
