//! What only reading the files can tell.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use indicatif::ProgressBar;
use rayon::prelude::*;

use super::beneath::Root;
use super::cache::{Cache, FileValue, PairValue};
use super::digest::{Algorithm, Digest, Hasher};
use super::throttle::Throttle;
use super::tree::{Stamp, State, Tree};
use crate::parallel::Pool;
use crate::source::interrupt;

/// Bytes read at a time: as many as two of stay near to the processor; more gains nothing.
const CHUNK: usize = 256 * 1024;

/// Bytes that tell whether a file is a script.
const HEAD: usize = 64;

/// A file that was changed so shortly before it was read may be changed again without its times
/// telling: they are kept no finer than this on some file systems.
const GRANULARITY: Duration = Duration::from_secs(2);

thread_local! {
    static BUFFERS: RefCell<[Vec<u8>; 2]> = RefCell::new([vec![0; CHUNK], vec![0; CHUNK]]);
}

/// What reading a pair of files of the same size told.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairRead {
    pub(super) is_equal: bool,
    /// Whether each begins like a script.
    pub(super) is_script: [bool; 2],
    /// The mark of the Magento 2 file, and its hash if it was wanted.
    pub(super) mark: u64,
    pub(super) digest: Option<Digest>,
}

/// What reading one file told.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneRead {
    pub(super) is_script: bool,
    /// The hash and the mark of its content, if they were wanted.
    pub(super) whole: Option<(Digest, u64)>,
}

/// What reading all of a file told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole {
    pub(crate) is_script: bool,
    pub(crate) digest: Digest,
}

/// Which sides of a pair could not be read, and why.
#[derive(Debug)]
pub(super) struct PairFailure {
    pub(super) m1: Option<io::Error>,
    pub(super) m2: Option<io::Error>,
}

impl PairFailure {
    fn has_changed(&self) -> bool {
        [&self.m1, &self.m2].into_iter().flatten().any(has_changed)
    }
}

/// One of the folders, ready to be read.
pub(super) struct Reader<'a> {
    pub(super) tree: &'a Tree,
    root: Root,
    has_script_head: fn(&[u8]) -> bool,
    bar: &'a ProgressBar,
    throttle: &'a Throttle,
}

/// A file that is being read.
struct Opened {
    file: File,
    size: u64,
    /// What named its state when it was listed.
    listed: Stamp,
    /// Its state when it was opened, if that was another.
    before: Option<Stamp>,
    since: SystemTime,
}

impl Opened {
    /// Makes sure that it is what was listed, or at least what it was when it was opened; returns what
    /// names that state, if that can be relied upon.
    fn close(&self) -> io::Result<Option<Stamp>> {
        let state = State::of_file(&self.file)?;
        let stamp = Stamp::of(&state);
        if stamp != self.before.unwrap_or(self.listed) {
            return Err(changed());
        }
        let is_young = is_young(state.modified.0.max(state.changed.0), self.since);
        Ok(Some(stamp).filter(|_| state.is_file && !is_young))
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        has_script_head: fn(&[u8]) -> bool,
        bar: &'a ProgressBar,
        throttle: &'a Throttle,
    ) -> io::Result<Self> {
        let root = tree.root.as_deref().ok_or_else(|| io::Error::other("a listing cannot be read"))?;
        Ok(Self { tree, root: Root::open(root)?, has_script_head, bar, throttle })
    }

    /// Opens a file as it was listed. Whether it still is, is seen once it was read.
    fn open(&self, at: usize) -> io::Result<Opened> {
        let since = SystemTime::now();
        let file = self.root.open_file(self.tree.path(at)).map_err(gone)?;
        let size = self.tree.size(at).unwrap_or_default();
        Ok(Opened { file, size, listed: self.tree.stamp(at), before: None, since })
    }

    /// Opens a file that has changed since it was listed, if only in its times: that is no other
    /// content.
    fn open_anew(&self, at: usize) -> io::Result<Opened> {
        let since = SystemTime::now();
        let (file, state) = self.root.file(self.tree.path(at)).map_err(gone)?;
        if Some(state.size) != self.tree.size(at) {
            return Err(changed());
        }
        let before = Some(Stamp::of(&state));
        Ok(Opened { file, size: state.size, listed: self.tree.stamp(at), before, since })
    }

    /// Reads a file's head, and all of it if its hash is wanted.
    pub(super) fn one(&self, at: usize, wanted: Option<Algorithm>, cache: &Cache) -> io::Result<OneRead> {
        match self.one_of(self.open(at)?, wanted, cache) {
            Err(error) if has_changed(&error) => self.one_of(self.open_anew(at)?, wanted, cache),
            told => told,
        }
    }

    fn one_of(&self, mut opened: Opened, wanted: Option<Algorithm>, cache: &Cache) -> io::Result<OneRead> {
        BUFFERS.with_borrow_mut(|[buffer, _]| {
            let size = opened.size;
            let first = if wanted.is_some() { &mut buffer[..] } else { &mut buffer[..HEAD] };
            let mut read = self.fill(&mut opened.file, first, size)?;
            let is_script = (self.has_script_head)(&buffer[..read]);
            let mut whole = None;
            if let Some(algorithm) = wanted {
                let mark = mark(&buffer[..read]);
                let mut hasher = Hasher::new(algorithm);
                let mut total = 0;
                while read > 0 {
                    hasher.update(&buffer[..read]);
                    self.bar.inc(read as u64);
                    total += read as u64;
                    read = self.fill(&mut opened.file, buffer, size - total)?;
                }
                if total != opened.size {
                    return Err(changed());
                }
                whole = Some((hasher.finish(), mark));
            }
            if let Some(stamp) = opened.close()? {
                let algorithm = wanted.unwrap_or(Algorithm::Blake3);
                cache.put_file(algorithm, stamp, FileValue { is_script, whole });
            }
            Ok(OneRead { is_script, whole })
        })
    }

    /// Compares a Magento 1 file with a Magento 2 file of the same size. The hash of the second is
    /// made where its mark is wanted.
    pub(super) fn pair(
        (m1, at1): (&Self, usize),
        (m2, at2): (&Self, usize),
        wants: impl Fn(u64) -> bool,
        cache: &Cache,
    ) -> Result<PairRead, PairFailure> {
        let both = |one: io::Result<Opened>, other: io::Result<Opened>| match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (one, other) => Err(PairFailure { m1: one.err(), m2: other.err() }),
        };
        match Self::pair_of(m1, m2, both(m1.open(at1), m2.open(at2))?, &wants, cache) {
            Err(failure) if failure.has_changed() => {
                Self::pair_of(m1, m2, both(m1.open_anew(at1), m2.open_anew(at2))?, &wants, cache)
            }
            told => told,
        }
    }

    fn pair_of(
        m1: &Self,
        m2: &Self,
        (mut file1, mut file2): (Opened, Opened),
        wants: &impl Fn(u64) -> bool,
        cache: &Cache,
    ) -> Result<PairRead, PairFailure> {
        let of_m1 = |error| PairFailure { m1: Some(error), m2: None };
        let of_m2 = |error| PairFailure { m1: None, m2: Some(error) };
        BUFFERS.with_borrow_mut(|[buffer1, buffer2]| {
            let mut hasher = None;
            let mut told = PairRead { is_equal: true, is_script: [false; 2], mark: 0, digest: None };
            let mut total = 0;
            loop {
                let read1 = m1.fill(&mut file1.file, buffer1, file1.size - total).map_err(of_m1)?;
                let read2 = m2.fill(&mut file2.file, buffer2, file2.size - total).map_err(of_m2)?;
                let is_first = total == 0;
                if is_first {
                    told.is_script = [(m1.has_script_head)(&buffer1[..read1]), (m2.has_script_head)(&buffer2[..read2])];
                    told.mark = mark(&buffer2[..read2]);
                    hasher = wants(told.mark).then(|| Hasher::new(Algorithm::Blake3));
                }
                if read1 != read2 {
                    return Err(if read2 < read1 { of_m2(changed()) } else { of_m1(changed()) });
                }
                m1.bar.inc((read1 + read2) as u64);
                total += read1 as u64;
                told.is_equal &= buffer1[..read1] == buffer2[..read2];
                if let Some(hasher) = &mut hasher {
                    hasher.update(&buffer2[..read2]);
                }
                let is_settled = !told.is_equal && hasher.is_none();
                if read1 == 0 || total >= file1.size || is_settled {
                    break;
                }
            }
            if told.is_equal && total != file1.size {
                return Err(of_m1(changed()));
            }
            m1.bar.inc(2 * (file1.size - total));
            told.digest = hasher.map(Hasher::finish);
            let (stamp1, stamp2) = (file1.close().map_err(of_m1)?, file2.close().map_err(of_m2)?);
            if let (Some(one), Some(other)) = (stamp1, stamp2) {
                let PairRead { is_equal, is_script, mark, .. } = told;
                cache.put_pair(one, other, PairValue { is_equal, is_script, mark });
            }
            if let (Some(digest), Some(stamp)) = (told.digest, stamp2) {
                let value = FileValue { is_script: told.is_script[1], whole: Some((digest, told.mark)) };
                cache.put_file(Algorithm::Blake3, stamp, value);
            }
            Ok(told)
        })
    }

    /// Fills the buffer as far as the file goes, which has so many bytes left: none is asked for that it
    /// should not have.
    fn fill(&self, file: &mut File, buffer: &mut [u8], left: u64) -> io::Result<usize> {
        let mut length = 0;
        let left = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = &mut buffer[..left];
        while length < buffer.len() {
            match file.read(&mut buffer[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(gone(error)),
            }
        }
        self.throttle.take(length as u64)?;
        Ok(length)
    }
}

/// A few bytes of the first chunk of a content: what is equal has the same, and hardly anything
/// else. It costs nothing, and saves hashing what is of the same size only by chance.
fn mark(chunk: &[u8]) -> u64 {
    let bytes = |end: usize| {
        let start = end.saturating_sub(8);
        let mut bytes = [0; 8];
        bytes[..end - start].copy_from_slice(&chunk[start..end]);
        u64::from_le_bytes(bytes)
    };
    // Pictures begin and end alike.
    bytes(chunk.len() / 2).rotate_left(17) ^ bytes(chunk.len())
}

fn is_young(seconds: i64, opened: SystemTime) -> bool {
    let time = u64::try_from(seconds).map_or(UNIX_EPOCH, |it| UNIX_EPOCH + Duration::from_secs(it));
    opened.duration_since(time).map_or(true, |age| age < GRANULARITY)
}

/// A file is not what it was when it was listed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("it changed while the media folders were read; audit again")]
pub(super) struct Changed;

fn changed() -> io::Error {
    io::Error::other(Changed)
}

/// Whether a file was not what it was when it was listed.
pub(super) fn has_changed(error: &io::Error) -> bool {
    error.get_ref().and_then(|it| it.downcast_ref::<Changed>()).is_some()
}

/// What is no longer there, or no longer a file, has changed as well.
fn gone(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => changed(),
        _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => changed(),
        _ => error,
    }
}

/// Reads all of some files, or remembers what they were.
///
/// # Errors
///
/// If the run is interrupted.
pub(super) fn wholes(
    pool: &Pool,
    reader: &Reader<'_>,
    cache: &Cache,
    files: Range<usize>,
    is_wanted: &(impl Fn(usize) -> bool + Sync),
) -> io::Result<Vec<io::Result<Option<Whole>>>> {
    let read = |at: usize| {
        if !is_wanted(at) {
            return Ok(None);
        }
        let known = cache.file(Algorithm::Blake3, reader.tree.stamp(at));
        if let Some(FileValue { is_script, whole: Some((digest, _)) }) = known {
            reader.bar.inc(reader.tree.size(at).unwrap_or_default());
            return Ok(Some(Whole { is_script, digest }));
        }
        let OneRead { is_script, whole } = reader.one(at, Some(Algorithm::Blake3), cache)?;
        Ok(whole.map(|(digest, _)| Whole { is_script, digest }))
    };
    let told = pool.install(|| files.into_par_iter().with_max_len(32).map(read).collect());
    interrupt::check()?;
    Ok(told)
}
