//! Files that are read because only their content can tell them apart: what is asked of them, and what
//! they told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;

use indicatif::ProgressBar;
use rayon::prelude::*;

use super::about::Unreadable;
use super::cache::Cache;
use super::digest::{Algorithm, Digest};
use super::fate::{Compared, Fate, Found, Special};
use super::listing::Listing;
use super::settle::{OneRead, PairFailure, PairRead, Reader, has_changed};
use super::throttle::Throttle;
use super::{Compare, Scan};
use crate::pair::{Pair, Side};
use crate::parallel::Pool;
use crate::source::interrupt;

/// Reading of the files that only their content can tell apart.
pub(super) struct Settling<'a> {
    pub(super) listings: &'a Pair<Listing>,
    readers: Pair<Option<Reader<'a>>>,
    cache: &'a Cache,
    pool: Pool,
    compare: Compare,
    pub(super) algorithm: Algorithm,
    pub(super) is_special: fn(&[u8]) -> bool,
    pub(super) bar: &'a ProgressBar,
    pub(super) unreadable: Pair<Vec<Unreadable>>,
    pub(super) scripts: Pair<Vec<Box<[u8]>>>,
}

/// What is looked for in Magento 2: contents of files that have no partner.
#[derive(Default)]
pub(super) struct Wanted {
    /// Files without partner by the hashes of their contents.
    pub(super) by_digest: BTreeMap<Digest, Vec<usize>>,
    sizes: HashSet<u64>,
    /// Sizes with marks; none if hashes are known without reading, and marks are not.
    marks: Option<HashSet<(u64, u64)>>,
    /// Whether there is one of unknown size.
    has_any_size: bool,
}

impl Wanted {
    /// Whether a content of this size may be looked for. An empty file is never moved.
    fn has_size(&self, size: Option<u64>) -> bool {
        size.is_none_or(|size| size > 0 && (self.has_any_size || self.sizes.contains(&size)))
            && !self.by_digest.is_empty()
    }

    pub(super) fn has_mark(&self, size: u64, mark: u64) -> bool {
        self.has_size(Some(size)) && self.marks.as_ref().is_none_or(|it| it.contains(&(size, mark)))
    }
}

/// Something to be read.
#[derive(Clone, Copy)]
pub(super) enum Task {
    /// Two files of the same size.
    Pair(usize, usize),
    /// A file, and the hash that it is compared with.
    Against(Side, usize, Digest),
    /// A file on its own.
    One(Side, usize, Wish),
}

/// What is to be known of a file.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    /// Whether it begins like a script.
    Head,
    /// Its hash as well, if that may be looked for.
    HashIfLookedFor,
    /// Its hash.
    Hash,
}

/// What was read, if it is anything but equal.
pub(super) enum Told {
    Pair(usize, usize, Result<PairRead, PairFailure>),
    Against(Side, usize, bool, io::Result<OneRead>),
    One(Side, usize, io::Result<OneRead>),
}

impl<'a> Settling<'a> {
    pub(super) fn new(
        listings: &'a Pair<Listing>,
        compared: Compared,
        scan: &Scan,
        cache: &'a Cache,
        throttle: &'a Throttle,
        bar: &'a ProgressBar,
    ) -> io::Result<Self> {
        let reader = |listing: &'a Listing| -> io::Result<Option<Reader<'a>>> {
            let tree = listing.readable().filter(|it| it.len() > 0);
            tree.map(|tree| Reader::new(tree, scan.policy.has_script_head, bar, throttle)).transpose()
        };
        Ok(Self {
            listings,
            readers: Pair { m1: reader(&listings.m1)?, m2: reader(&listings.m2)? },
            cache,
            pool: Pool::new(scan.threads),
            compare: scan.compare,
            algorithm: compared.algorithm(),
            is_special: scan.policy.is_special,
            bar,
            unreadable: Pair::default(),
            scripts: Pair::default(),
        })
    }

    pub(super) fn reader(&self, side: Side) -> &Reader<'a> {
        self.readers.of(side).as_ref().expect("what has a place in a tree can be read")
    }

    pub(super) fn size(&self, side: Side, at: usize) -> u64 {
        self.reader(side).tree.size(at).unwrap_or_default()
    }

    /// Reads a file, or remembers what an earlier run has read.
    fn one(&self, side: Side, at: usize, wants_whole: bool) -> io::Result<OneRead> {
        let reader = self.reader(side);
        let known = |algorithm: Algorithm| self.cache.file(algorithm, reader.tree.stamp(at));
        let known = if wants_whole {
            known(self.algorithm).filter(|it| it.whole.is_some())
        } else {
            known(Algorithm::Blake3).or_else(|| known(self.algorithm))
        };
        match known {
            Some(known) => {
                if wants_whole {
                    self.bar.inc(self.size(side, at));
                }
                Ok(OneRead { is_script: known.is_script, whole: known.whole.filter(|_| wants_whole) })
            }
            None => reader.one(at, wants_whole.then_some(self.algorithm), self.cache),
        }
    }

    /// Reads Magento 1's files without partner: their hashes, where Magento 2
    /// has a file of that size.
    pub(super) fn wanted(&mut self, files: &[Found]) -> io::Result<Wanted> {
        let mut wanted = Wanted::default();
        let sizes = self.sizes_of_m2(files)?;
        let has_size = |it: &Found| it.size != Some(0) && it.size.is_none_or(|size| sizes.contains(&size));
        let wants = |it: &Found| it.size != Some(0) && (self.compare == Compare::Hash || has_size(it));
        let bytes: u64 = files.iter().filter(|it| it.at.is_some() && wants(it)).filter_map(|it| it.size).sum();
        self.bar.inc_length(bytes);
        let told: Vec<(usize, io::Result<OneRead>)> = self.pool.install(|| {
            let places = files.iter().enumerate().filter_map(|(at, it)| Some((at, it, it.place()?)));
            places
                .collect::<Vec<_>>()
                .into_par_iter()
                .with_max_len(32)
                .filter(|_| !interrupt::is_asked())
                .map(|(at, file, place)| (at, self.one(Side::M1, place, wants(file))))
                .collect()
        });
        interrupt::check()?;
        let mut marks = HashSet::new();
        for (at, told) in told {
            let Some(place) = files[at].place() else { continue };
            if let Some((digest, mark)) = self.note(Side::M1, place, told).and_then(|it| it.whole) {
                wanted.by_digest.entry(digest).or_default().push(at);
                marks.insert((files[at].size.unwrap_or_default(), mark));
            }
        }
        for (at, file) in files.iter().enumerate().filter(|(_, it)| it.at.is_none() && has_size(it)) {
            let Some(digest) = file.digest else { continue };
            wanted.by_digest.entry(digest).or_default().push(at);
        }
        let found = wanted.by_digest.values().flatten().map(|at| &files[*at]);
        wanted.sizes = found.clone().filter_map(|it| it.size).collect();
        wanted.has_any_size = found.clone().any(|it| it.size.is_none());
        wanted.marks = found.clone().all(|it| it.at.is_some()).then_some(marks);
        Ok(wanted)
    }

    /// Which sizes of these files Magento 2 has as well.
    fn sizes_of_m2(&self, files: &[Found]) -> io::Result<HashSet<u64>> {
        let mut common = HashSet::new();
        let sizes: HashSet<u64> = files.iter().filter_map(|it| it.size).collect();
        if sizes.is_empty() {
            return Ok(common);
        }
        self.listings.m2.each(|_, size| match size {
            Some(size) if sizes.contains(&size) => _ = common.insert(size),
            Some(_) => {}
            None => common.extend(&sizes),
        })?;
        Ok(common)
    }

    /// Reads what is asked for, and keeps what is not trivial.
    pub(super) fn read(&self, tasks: &[Task], wanted: &Wanted) -> io::Result<Vec<Told>> {
        let is_looked_for = |digest: &Digest| wanted.by_digest.contains_key(digest);
        let only_looked_for = |told: &mut OneRead| {
            told.whole = told.whole.filter(|(digest, _)| is_looked_for(digest));
        };
        let run = |task: &Task| -> Told {
            match *task {
                Task::Pair(i, j) if self.compare == Compare::Hash => Told::Pair(i, j, self.pair_by_hash(i, j)),
                Task::Pair(i, j) => {
                    let size = self.size(Side::M2, j);
                    let wants = |mark: u64| wanted.has_mark(size, mark);
                    let (m1, m2) = (self.reader(Side::M1), self.reader(Side::M2));
                    Told::Pair(i, j, Reader::pair((m1, i), (m2, j), wants, self.cache))
                }
                Task::Against(side, at, digest) => {
                    let told = self.one(side, at, true);
                    let is_equal = told.as_ref().is_ok_and(|it| it.whole.is_some_and(|(own, _)| own == digest));
                    Told::Against(side, at, is_equal, told)
                }
                Task::One(side, at, wish) => {
                    Told::One(side, at, self.one(side, at, self.wants_hash(side, at, wish, wanted)))
                }
            }
        };
        let trim = |mut told: Told| {
            match &mut told {
                Told::Pair(_, _, Ok(it)) => it.digest = it.digest.filter(is_looked_for),
                Told::Against(_, _, _, Ok(it)) | Told::One(_, _, Ok(it)) => only_looked_for(it),
                _ => {}
            }
            told
        };
        let is_trivial = |told: &Told| match told {
            Told::Pair(_, _, Ok(it)) => it.is_equal && it.is_script == [false; 2] && it.digest.is_none(),
            Told::Against(_, _, is_equal, Ok(it)) => *is_equal && !it.is_script && it.whole.is_none(),
            Told::One(_, _, Ok(it)) => !it.is_script && it.whole.is_none(),
            _ => false,
        };
        let told = self.pool.install(|| {
            tasks
                .par_iter()
                .with_max_len(32)
                .filter(|_| !interrupt::is_asked())
                .map(|task| trim(run(task)))
                .filter(|it| !is_trivial(it))
                .collect()
        });
        interrupt::check()?;
        Ok(told)
    }

    /// Looks at the heads of all files that can be read.
    pub(super) fn heads(&mut self) -> io::Result<()> {
        let count = |side: Side| self.readers.of(side).as_ref().map_or(0, |it| it.tree.len());
        let of = |side: Side| (0..count(side)).map(move |at| Task::One(side, at, Wish::Head));
        let tasks: Vec<Task> = Side::BOTH.into_iter().flat_map(of).collect();
        for told in self.read(&tasks, &Wanted::default())? {
            self.take(told, &mut Verdicts::default());
        }
        Ok(())
    }

    fn wants_hash(&self, side: Side, at: usize, wish: Wish, wanted: &Wanted) -> bool {
        match wish {
            Wish::Head => false,
            Wish::Hash => true,
            Wish::HashIfLookedFor if self.compare == Compare::Hash => true,
            Wish::HashIfLookedFor => side == Side::M2 && wanted.has_size(Some(self.size(side, at))),
        }
    }

    /// How many bytes a task reads at the most, for the progress bar.
    pub(super) fn bytes(&self, task: &Task, wanted: &Wanted) -> u64 {
        match *task {
            Task::Pair(_, j) => 2 * self.size(Side::M2, j),
            Task::Against(side, at, _) => self.size(side, at),
            Task::One(side, at, wish) if self.wants_hash(side, at, wish, wanted) => self.size(side, at),
            Task::One(..) => 0,
        }
    }

    /// Compares a pair by the hashes of both files.
    fn pair_by_hash(&self, i: usize, j: usize) -> Result<PairRead, PairFailure> {
        let (one, other) = match (self.one(Side::M1, i, true), self.one(Side::M2, j, true)) {
            (Ok(one), Ok(other)) => (one, other),
            (one, other) => return Err(PairFailure { m1: one.err(), m2: other.err() }),
        };
        let digest = |it: &OneRead| it.whole.map(|(digest, _)| digest);
        let is_script = [one.is_script, other.is_script];
        Ok(PairRead { is_equal: digest(&one) == digest(&other), is_script, mark: 0, digest: digest(&other) })
    }

    /// Takes what was read.
    pub(super) fn take(&mut self, told: Told, verdicts: &mut Verdicts) {
        match told {
            Told::Pair(i, j, Ok(pair)) => {
                for (side, at, is_script) in [(Side::M1, i, pair.is_script[0]), (Side::M2, j, pair.is_script[1])] {
                    self.note(side, at, Ok(OneRead { is_script, whole: None }));
                }
                if !pair.is_equal {
                    verdicts.put(Side::M1, i, Fate::Changed);
                }
                self.place(j, pair.digest, verdicts);
            }
            Told::Pair(i, j, Err(PairFailure { m1, m2 })) => {
                verdicts.put(Side::M1, i, Fate::Unknown);
                for (side, at, error) in [(Side::M1, i, m1), (Side::M2, j, m2)] {
                    if let Some(error) = error {
                        self.note(side, at, Err(error));
                    }
                }
            }
            Told::Against(side, at, is_equal, told) => {
                let told = self.note(side, at, told);
                match &told {
                    None => verdicts.put(side, at, Fate::Unknown),
                    Some(_) if !is_equal => verdicts.put(side, at, Fate::Changed),
                    Some(_) => {}
                }
                if side == Side::M2 {
                    self.place(at, told.and_then(|it| it.whole).map(|(digest, _)| digest), verdicts);
                }
            }
            Told::One(side, at, told) => {
                let told = self.note(side, at, told);
                if side == Side::M2 {
                    self.place(at, told.and_then(|it| it.whole).map(|(digest, _)| digest), verdicts);
                }
            }
        }
    }

    /// Notes where in Magento 2 a content lies that is looked for.
    fn place(&self, at: usize, digest: Option<Digest>, verdicts: &mut Verdicts) {
        if let Some(digest) = digest {
            verdicts.places.entry(digest).or_default().insert(self.reader(Side::M2).tree.path(at).into());
        }
    }

    /// Notes what a file is; none if it cannot be read.
    fn note(&mut self, side: Side, at: usize, told: io::Result<OneRead>) -> Option<OneRead> {
        let path = self.reader(side).tree.path(at);
        match told {
            Ok(told) => {
                if told.is_script {
                    self.scripts.of_mut(side).push(path.into());
                }
                Some(told)
            }
            Err(error) => {
                let unreadable = Unreadable {
                    path: path.to_vec(),
                    why: error.to_string(),
                    is_folder: false,
                    has_changed: has_changed(&error),
                };
                self.unreadable.of_mut(side).push(unreadable);
                None
            }
        }
    }
}

/// Reads the files that are judged on their own account.
pub(super) fn specials(settling: &mut Settling<'_>, found: &[(Vec<u8>, Pair<Option<Found>>)]) -> Vec<Special> {
    let algorithm = settling.algorithm;
    let mut hash = |side: Side, file: &Option<Found>| {
        let file = file.as_ref()?;
        // Whose it is, is told by hashes of this kind alone.
        let Some(at) = file.place() else { return file.digest.filter(|_| algorithm == Algorithm::Blake3) };
        let told = settling.reader(side).one(at, Some(Algorithm::Blake3), settling.cache);
        settling.note(side, at, told)?.whole.map(|(digest, _)| digest)
    };
    found
        .iter()
        .map(|(path, files)| {
            let hashes = Pair { m1: hash(Side::M1, &files.m1), m2: hash(Side::M2, &files.m2) };
            let hashes = hashes.map(|it| it.map(blake3::Hash::from_bytes));
            Special { path: path.clone(), hashes, is_there: files.as_ref().map(Option::is_some) }
        })
        .collect()
}

/// What contents told of files, by their places in the folders that were read.
#[derive(Default)]
pub(super) struct Verdicts {
    pub(super) fates: Pair<HashMap<usize, Fate>>,
    /// Where in Magento 2 the contents lie that are looked for.
    pub(super) places: BTreeMap<Digest, BTreeSet<Box<[u8]>>>,
}

impl Verdicts {
    fn put(&mut self, side: Side, at: usize, fate: Fate) {
        self.fates.of_mut(side).insert(at, fate);
    }

    /// What became of two files of which the contents were compared, if they are not equal.
    pub(super) fn of(&self, m1: Option<usize>, m2: Option<usize>) -> Option<Fate> {
        let of = |side: Side, at: Option<usize>| self.fates.of(side).get(&at?).copied();
        of(Side::M1, m1).or_else(|| of(Side::M2, m2))
    }
}
