//! Two media trees, merged.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use rayon::prelude::*;

use super::list::{Tally, Tree, Unreadable};
use super::settle::{OneRead, PairFailure, PairRead, Reader};
use super::twins::{self, Difference};
use super::{Compare, Scan};
use crate::pair::Pair;
use crate::progress::Progress;
use crate::source::interrupt;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// At the same path, with the same content.
    Same,
    /// At the same path, with other content.
    Changed,
    /// In Magento 2 under a name that differs in Unicode normal form.
    UnicodeTwin,
    /// In Magento 2 under a name that differs in letter case.
    CaseTwin,
    /// In Magento 2 at another path, which no file of Magento 1 has.
    Moved,
    /// Not in Magento 2.
    Missing,
    /// In Magento 2 only.
    Extra,
    /// Nobody knows: a link or something unreadable is in the way, or one of
    /// the trees was not given.
    Unknown,
}

/// A file that is not the same on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// What became of it.
    pub fate: Fate,
    /// The file in Magento 1's tree.
    pub m1: Option<usize>,
    /// The file in Magento 2's tree: the one at its path, its twin, or where it was moved.
    pub m2: Option<usize>,
    /// For a missing file: where in Magento 2 its content lies all the same.
    pub elsewhere: Option<Elsewhere>,
    /// For a twin: whether the contents are equal, if they were compared.
    pub has_same_content: Option<bool>,
}

/// A file of Magento 2 with the content that is looked for, and a partner of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere(pub usize);

/// A file that is judged by its content on its own account.
#[derive(Clone, Debug, Default)]
pub struct Special {
    /// Its path below the media folder.
    pub path: Vec<u8>,
    /// The hashes of its contents, where it is there and can be read.
    pub hashes: Pair<Option<blake3::Hash>>,
    /// Whether it is there.
    pub is_there: Pair<bool>,
}

/// Files of one part of the tree, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartTally {
    /// Everything that Magento 1 has there.
    pub m1: Tally,
    /// Everything that Magento 2 has there.
    pub m2: Tally,
    /// Of Magento 1's: the same in Magento 2.
    pub same: Tally,
    /// Of Magento 1's: with other content.
    pub changed: Tally,
    /// Of Magento 1's: under a twin's name, or moved.
    pub elsewhere: Tally,
    /// Of Magento 1's: missing.
    pub missing: Tally,
    /// Of Magento 1's: not compared.
    pub unknown: Tally,
    /// Of Magento 2's: without partner.
    pub extra: Tally,
}

/// What two media trees have in common, and what not.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The trees, as they were listed.
    pub trees: Pair<Tree>,
    /// Whether Magento 2's tree was given, or is known to be empty.
    pub is_m2_known: bool,
    /// Every file that is not the same on both sides, Magento 1's first, in path order.
    pub items: Vec<Item>,
    /// Files that are judged on their own account.
    pub specials: Vec<Special>,
    /// Files that begin like a script.
    pub scripts: Pair<Vec<usize>>,
    /// What could not be read, in path order, listing and content.
    pub unreadable: Pair<Vec<Unreadable>>,
    /// Files of each side that something in the way on the other hides.
    pub hidden: Pair<u64>,
    /// Counts by part of the tree.
    pub parts: BTreeMap<Vec<u8>, PartTally>,
    /// How files were told apart.
    pub compare: Compare,
}

/// Files by what the paths alone tell.
#[derive(Default)]
struct Merged {
    /// At the same path, of the same size.
    even: Vec<(usize, usize)>,
    /// At the same path, of different sizes.
    uneven: Vec<(usize, usize)>,
    only_m1: Vec<usize>,
    only_m2: Vec<usize>,
    unicode_twins: Vec<(usize, usize)>,
    case_twins: Vec<(usize, usize)>,
    specials: Vec<(Vec<u8>, Pair<Option<usize>>)>,
    hidden: Pair<u64>,
}

impl Merged {
    fn of(trees: &Pair<Tree>, scan: &Scan) -> Self {
        let mut merged = Self::default();
        let (m1, m2) = (&trees.m1, &trees.m2);
        let (mut at1, mut at2) = (0, 0);
        while at1 < m1.len() || at2 < m2.len() {
            let order = match (at1 < m1.len(), at2 < m2.len()) {
                (true, true) => m1.path(at1).cmp(m2.path(at2)),
                (true, false) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let path = if order == Ordering::Greater { m2.path(at2) } else { m1.path(at1) };
            let found = Pair { m1: order.is_le().then_some(at1), m2: order.is_ge().then_some(at2) };
            if (scan.policy.is_special)(path) {
                merged.specials.push((path.to_vec(), found));
            } else {
                match found {
                    Pair { m1: Some(i), m2: Some(j) } if m1.size(i) == m2.size(j) => merged.even.push((i, j)),
                    Pair { m1: Some(i), m2: Some(j) } => merged.uneven.push((i, j)),
                    Pair { m1: Some(_), m2: None } if m2.blind_spot(path) => merged.hidden.m1 += 1,
                    Pair { m1: Some(i), m2: None } => merged.only_m1.push(i),
                    Pair { m1: None, m2: Some(_) } if m1.blind_spot(path) => merged.hidden.m2 += 1,
                    Pair { m1: None, m2: Some(j) } => merged.only_m2.push(j),
                    Pair { m1: None, m2: None } => unreachable!("one of the two is taken"),
                }
            }
            at1 += usize::from(order.is_le());
            at2 += usize::from(order.is_ge());
        }
        merged.unicode_twins = merged.take_twins(trees, Difference::Form);
        merged.case_twins = merged.take_twins(trees, Difference::Case);
        merged
    }

    /// Takes the twins out of the files that have no partner.
    fn take_twins(&mut self, trees: &Pair<Tree>, difference: Difference) -> Vec<(usize, usize)> {
        let pairs = twins::pairs(
            difference,
            self.only_m1.iter().map(|&at| (at, trees.m1.path(at))),
            self.only_m2.iter().map(|&at| (at, trees.m2.path(at))),
        );
        let taken = Pair {
            m1: pairs.iter().map(|it| it.0).collect::<HashSet<_>>(),
            m2: pairs.iter().map(|it| it.1).collect::<HashSet<_>>(),
        };
        self.only_m1.retain(|it| !taken.m1.contains(it));
        self.only_m2.retain(|it| !taken.m2.contains(it));
        pairs
    }
}

/// Reading of the files that only their content can tell apart.
struct Settling<'a> {
    trees: &'a Pair<Tree>,
    readers: Pair<Option<Reader<'a>>>,
    pool: rayon::ThreadPool,
    compare: Compare,
    unreadable: Pair<Vec<Unreadable>>,
    scripts: Pair<Vec<usize>>,
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
    fn reader(&self, is_m2: bool) -> &Reader<'a> {
        let reader = if is_m2 { &self.readers.m2 } else { &self.readers.m1 };
        reader.as_ref().expect("a tree with files has a reader")
    }

    /// Reads Magento 1's files without partner: their hashes, where Magento 2
    /// has a file of that size.
    fn only_m1(&mut self, files: &[usize], sizes: &HashSet<u64>) -> io::Result<HashMap<blake3::Hash, Vec<usize>>> {
        let told: Vec<(usize, io::Result<OneRead>)> = self.pool.install(|| {
            files
                .par_iter()
                .with_max_len(32)
                .filter(|_| !interrupt::is_asked())
                .map(|&at| (at, self.reader(false).one(at, self.wants(self.trees.m1.size(at), sizes))))
                .collect()
        });
        let mut hashes: HashMap<blake3::Hash, Vec<usize>> = HashMap::new();
        for (at, told) in told {
            if let Some(hash) = self.note(false, at, told).and_then(|it| it.hash) {
                hashes.entry(hash).or_default().push(at);
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
    fn rest(
        &self,
        tasks: &[Task],
        sizes: &HashSet<u64>,
        looked_for: &HashMap<blake3::Hash, Vec<usize>>,
    ) -> io::Result<Vec<Told>> {
        let (m1, m2) = (&self.trees.m1, &self.trees.m2);
        let keep_hash = |hash: &mut Option<blake3::Hash>| *hash = hash.filter(|it| looked_for.contains_key(it));
        let one = |is_m2: bool, at: usize| {
            let size = if is_m2 { m2.size(at) } else { m1.size(at) };
            let mut told = self.reader(is_m2).one(at, is_m2 && self.wants(size, sizes));
            if let Ok(told) = &mut told {
                keep_hash(&mut told.hash);
            }
            told
        };
        let run = |task: &Task| -> Vec<Told> {
            match *task {
                Task::Pair(i, j) => {
                    let mut told =
                        Reader::pair(self.reader(false), i, self.reader(true), j, self.wants(m2.size(j), sizes));
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

impl Comparison {
    /// Compares two trees. Without Magento 2's nothing is missing: nobody knows.
    pub fn of(trees: Pair<Tree>, is_m2_known: bool, scan: &Scan, progress: &Progress) -> io::Result<Self> {
        let mut merged = if is_m2_known { Merged::of(&trees, scan) } else { Merged::default() };
        let mut comparison = Self { is_m2_known, compare: scan.compare, hidden: merged.hidden, ..Self::default() };
        let total = trees.m1.entries().chain(trees.m2.entries()).map(|it| it.size).sum();
        let bar = progress.bytes("comparing media files", total);
        let mut settling = Settling {
            trees: &trees,
            readers: Pair { m1: Self::reader(&trees.m1, scan, &bar)?, m2: Self::reader(&trees.m2, scan, &bar)? },
            pool: rayon::ThreadPoolBuilder::new().num_threads(scan.threads).build().map_err(io::Error::other)?,
            compare: scan.compare,
            unreadable: Pair::default(),
            scripts: Pair::default(),
        };
        comparison.specials = specials(&mut settling, &merged.specials);
        if !is_m2_known {
            merged.only_m1 = (0..trees.m1.len()).collect();
        }
        comparison.items =
            if scan.compare == Compare::Size { by_size(&merged) } else { by_content(&mut settling, &merged)? };
        if !is_m2_known {
            comparison.items.clear();
        }
        comparison.unreadable = settling.unreadable;
        comparison.scripts = settling.scripts;
        bar.finish_and_clear();
        comparison.finish(trees, scan);
        Ok(comparison)
    }

    fn reader<'a>(tree: &'a Tree, scan: &Scan, bar: &'a indicatif::ProgressBar) -> io::Result<Option<Reader<'a>>> {
        if tree.is_empty() {
            return Ok(None);
        }
        Reader::new(tree, scan.policy.has_script_head, bar).map(Some)
    }

    fn finish(&mut self, trees: Pair<Tree>, scan: &Scan) {
        let path = |item: &Item| match (item.m1, item.m2) {
            (Some(at), _) => (false, trees.m1.path(at).to_vec()),
            (None, Some(at)) => (true, trees.m2.path(at).to_vec()),
            (None, None) => unreachable!("an item is about a file"),
        };
        self.items.sort_by_cached_key(path);
        for (found, tree) in [(&mut self.unreadable.m1, &trees.m1), (&mut self.unreadable.m2, &trees.m2)] {
            found.extend(tree.unreadable.iter().cloned());
            found.sort_by(|one, other| one.path.cmp(&other.path));
            found.dedup_by(|one, other| one.path == other.path);
        }
        self.scripts.m1.sort_unstable();
        self.scripts.m2.sort_unstable();
        self.parts = self.count(&trees, scan);
        self.trees = trees;
    }

    /// Counts every file once, by what became of it.
    fn count(&self, trees: &Pair<Tree>, scan: &Scan) -> BTreeMap<Vec<u8>, PartTally> {
        let settled = if self.is_m2_known { Fate::Same } else { Fate::Unknown };
        let mut fates = Pair { m1: vec![settled; trees.m1.len()], m2: vec![settled; trees.m2.len()] };
        for item in &self.items {
            if let Some(at) = item.m1 {
                fates.m1[at] = item.fate;
            }
            if let Some(at) = item.m2 {
                fates.m2[at] = item.fate;
            }
        }
        let is_counted = |path: &[u8]| !(scan.policy.is_special)(path);
        let mut parts: BTreeMap<Vec<u8>, PartTally> = BTreeMap::new();
        let mut part_of = |path: &[u8], count: &dyn Fn(&mut PartTally)| {
            let part = (scan.policy.part)(path);
            if !parts.contains_key(part) {
                parts.insert(part.to_vec(), PartTally::default());
            }
            count(parts.get_mut(part).expect("just put there"));
        };
        for at in (0..trees.m1.len()).filter(|&at| is_counted(trees.m1.path(at))) {
            let (path, size) = (trees.m1.path(at), trees.m1.size(at));
            let is_hidden = fates.m1[at] == Fate::Same && trees.m2.blind_spot(path);
            part_of(path, &|part| {
                part.m1.add(size);
                match fates.m1[at] {
                    _ if is_hidden => &mut part.unknown,
                    Fate::Same => &mut part.same,
                    Fate::Changed => &mut part.changed,
                    Fate::UnicodeTwin | Fate::CaseTwin | Fate::Moved => &mut part.elsewhere,
                    Fate::Missing => &mut part.missing,
                    Fate::Extra | Fate::Unknown => &mut part.unknown,
                }
                .add(size);
            });
        }
        for at in (0..trees.m2.len()).filter(|&at| is_counted(trees.m2.path(at))) {
            let (path, size) = (trees.m2.path(at), trees.m2.size(at));
            part_of(path, &|part| {
                part.m2.add(size);
                if fates.m2[at] == Fate::Extra {
                    part.extra.add(size);
                }
            });
        }
        parts
    }
}

/// Reads the files that are judged on their own account.
fn specials(settling: &mut Settling<'_>, found: &[(Vec<u8>, Pair<Option<usize>>)]) -> Vec<Special> {
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

fn item(fate: Fate, m1: Option<usize>, m2: Option<usize>) -> Item {
    Item { fate, m1, m2, elsewhere: None, has_same_content: None }
}

/// Everything that paths and sizes tell.
fn by_size(merged: &Merged) -> Vec<Item> {
    let pairs = |fate, pairs: &[(usize, usize)]| {
        pairs.iter().map(move |&(i, j)| item(fate, Some(i), Some(j))).collect::<Vec<_>>()
    };
    let mut items = pairs(Fate::Changed, &merged.uneven);
    items.extend(pairs(Fate::UnicodeTwin, &merged.unicode_twins));
    items.extend(pairs(Fate::CaseTwin, &merged.case_twins));
    items.extend(merged.only_m1.iter().map(|&at| item(Fate::Missing, Some(at), None)));
    items.extend(merged.only_m2.iter().map(|&at| item(Fate::Extra, None, Some(at))));
    items
}

/// Everything that contents tell.
fn by_content(settling: &mut Settling<'_>, merged: &Merged) -> io::Result<Vec<Item>> {
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
    let mut hashes_of_m2: HashMap<blake3::Hash, Vec<usize>> = HashMap::new();
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
                    hashes_of_m2.entry(hash).or_default().push(j);
                }
            }
            Told::Pair(i, j, Err(failure)) => {
                unknown.insert(i);
                settling.note(failure.is_m2, if failure.is_m2 { j } else { i }, Err(failure.error));
            }
            Told::M1(i, told) => drop(settling.note(false, i, told)),
            Told::M2(j, told) => {
                if let Some(hash) = settling.note(true, j, told).and_then(|it| it.hash) {
                    hashes_of_m2.entry(hash).or_default().push(j);
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
fn pair_off(
    merged: &Merged,
    mut looked_for: HashMap<blake3::Hash, Vec<usize>>,
    mut hashes_of_m2: HashMap<blake3::Hash, Vec<usize>>,
    items: &mut Vec<Item>,
) {
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
