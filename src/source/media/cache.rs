//! What earlier runs have read: verdicts on pairs, and hashes, by what names the state of a file.
//!
//! A journal: a file that is only ever written at its end, in blocks that carry their own hash. A
//! run that is killed loses the blocks that it had not written yet, and a block that was written
//! in part is passed. No name of a file is in it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hashbrown::HashMap;

use super::digest::{Algorithm, Digest};
use super::tree::Stamp;

/// The first bytes of a journal, with the version of its form.
const MAGIC: &[u8; 16] = b"magegap cache 1\n";
/// Bytes that are written at once, at the latest.
const BLOCK: usize = 256 * 1024;
/// Time after which what is there is written.
const PATIENCE: Duration = Duration::from_secs(1);
/// A journal of which less than this part was of use is written anew.
const WORTH: usize = 3;
/// Records that are no reason to write anything anew.
const FEW: usize = 50_000;

/// What is known of a pair of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PairValue {
    pub(super) is_equal: bool,
    pub(super) is_script: [bool; 2],
    /// The mark of Magento 2's content.
    pub(super) mark: u64,
}

/// What is known of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileValue {
    pub(super) is_script: bool,
    /// Its hash and its mark, if all of it was read.
    pub(super) whole: Option<(Digest, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Pair(PairValue),
    File(FileValue),
}

type Key = [u8; 16];

/// What earlier runs have read, and what this one reads.
#[derive(Debug)]
pub(super) struct Cache {
    known: HashMap<Key, (Value, AtomicBool)>,
    journal: Option<Mutex<Journal>>,
}

#[derive(Debug)]
struct Journal {
    file: File,
    path: PathBuf,
    block: Vec<u8>,
    last: Instant,
    /// What this run has added, for a journal that is written anew; none if there is no need for that.
    added: Option<Vec<u8>>,
    has_failed: bool,
}

impl Cache {
    /// Opens the journal of these folders, or none if there is to be none or it cannot be had: a
    /// run without it is only slower.
    pub(super) fn open(folder: Option<&Path>, roots: [Option<&Path>; 2]) -> Self {
        let nothing = Self { known: HashMap::new(), journal: None };
        let Some(folder) = folder else { return nothing };
        Self::load(folder, roots).unwrap_or(nothing)
    }

    fn load(folder: &Path, roots: [Option<&Path>; 2]) -> io::Result<Self> {
        crate::source::make_private_folder(folder)?;
        let mut hasher = blake3::Hasher::new();
        for root in roots {
            let root = root.map(std::fs::canonicalize).transpose()?.unwrap_or_default();
            hasher.update(root.as_os_str().as_bytes()).update(&[0]);
        }
        let path = folder.join(format!("media-{}.cache", &hasher.finalize().to_hex()[..16]));
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).mode(0o600).truncate(false).open(&path)?;
        // Two runs at once would write into one another's blocks: the second one only reads.
        let is_own = file.try_lock().is_ok();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (known, valid) = parse(&bytes);
        let journal = if is_own {
            // What follows a broken block would never be read.
            if valid < bytes.len() as u64 || valid == 0 {
                file.set_len(valid)?;
            }
            if valid == 0 {
                file.write_all(MAGIC)?;
            }
            let journal = Journal {
                file,
                path,
                block: Vec::new(),
                last: Instant::now(),
                added: (known.len() > FEW).then(Vec::new),
                has_failed: false,
            };
            Some(Mutex::new(journal))
        } else {
            None
        };
        Ok(Self { known, journal })
    }

    pub(super) fn pair(&self, m1: Stamp, m2: Stamp) -> Option<PairValue> {
        match self.get(pair_key(m1, m2))? {
            Value::Pair(value) => Some(value),
            Value::File(_) => None,
        }
    }

    pub(super) fn file(&self, algorithm: Algorithm, stamp: Stamp) -> Option<FileValue> {
        match self.get(file_key(algorithm, stamp))? {
            Value::File(value) => Some(value),
            Value::Pair(_) => None,
        }
    }

    fn get(&self, key: Key) -> Option<Value> {
        let (value, is_used) = self.known.get(&key)?;
        is_used.store(true, Ordering::Relaxed);
        Some(*value)
    }

    pub(super) fn put_pair(&self, m1: Stamp, m2: Stamp, value: PairValue) {
        self.put(pair_key(m1, m2), Value::Pair(value));
    }

    pub(super) fn put_file(&self, algorithm: Algorithm, stamp: Stamp, value: FileValue) {
        self.put(file_key(algorithm, stamp), Value::File(value));
    }

    fn put(&self, key: Key, value: Value) {
        let Some(journal) = &self.journal else { return };
        let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
        let mut record = Vec::with_capacity(64);
        write(&mut record, key, value);
        journal.block.extend_from_slice(&record);
        if journal.block.len() >= BLOCK || journal.last.elapsed() >= PATIENCE {
            journal.flush();
        }
    }

    /// Writes what is left, and drops what was of no use for long.
    pub(super) fn close(self) {
        let Self { known, journal } = self;
        let Some(journal) = journal else { return };
        let mut journal = journal.into_inner().unwrap_or_else(PoisonError::into_inner);
        journal.flush();
        let used = known.values().filter(|(_, is_used)| is_used.load(Ordering::Relaxed)).count();
        if known.len() > FEW && used * WORTH < known.len() {
            // What cannot be written anew stays as it is.
            let _ = journal.renew(&known);
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Journal {
    fn flush(&mut self) {
        self.last = Instant::now();
        if self.block.is_empty() || self.has_failed {
            return;
        }
        let block = std::mem::take(&mut self.block);
        // A full disk must not end an audit.
        self.has_failed = self.file.write_all(&framed(&block)).is_err();
        if let Some(added) = &mut self.added {
            added.extend_from_slice(&block);
        }
        self.block = block;
        self.block.clear();
    }

    /// Writes the journal anew, with what this run has used or added.
    fn renew(&self, known: &HashMap<Key, (Value, AtomicBool)>) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut block = Vec::new();
        file.write_all(MAGIC)?;
        for (key, (value, _)) in known.iter().filter(|(_, (_, is_used))| is_used.load(Ordering::Relaxed)) {
            write(&mut block, *key, *value);
            if block.len() >= BLOCK {
                file.write_all(&framed(&block))?;
                block.clear();
            }
        }
        block.extend(self.added.iter().flatten());
        file.write_all(&framed(&block))?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// A block with its length and its hash before it.
fn framed(block: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(block.len() + 12);
    framed.extend_from_slice(&u32::try_from(block.len()).unwrap_or(u32::MAX).to_le_bytes());
    framed.extend_from_slice(&blake3::hash(block).as_bytes()[..8]);
    framed.extend_from_slice(block);
    framed
}

/// What a journal holds, and how much of it is whole.
fn parse(bytes: &[u8]) -> (HashMap<Key, (Value, AtomicBool)>, u64) {
    // A pair takes the fewest bytes of all, and nearly all are pairs.
    let mut known = HashMap::with_capacity(bytes.len() / PAIR_BYTES);
    let Some(mut rest) = bytes.strip_prefix(MAGIC) else { return (known, 0) };
    loop {
        let valid = (bytes.len() - rest.len()) as u64;
        let Some((mut records, after)) = block(rest) else { return (known, valid) };
        while let Some((key, value)) = read(&mut records) {
            known.insert(key, (value, AtomicBool::new(false)));
        }
        rest = after;
    }
}

/// The first block of what is left, and what follows it; none if it is not whole.
fn block(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (hash, rest) = rest.split_at_checked(8)?;
    let (block, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    (!block.is_empty() && blake3::hash(block).as_bytes()[..8] == *hash).then_some((block, rest))
}

/// Bytes of a record about a pair.
const PAIR_BYTES: usize = 25;

const IS_WHOLE: u8 = 1;
const IS_PAIR: u8 = 2;
const IS_EQUAL: u8 = 4;
const IS_SCRIPT: [u8; 2] = [8, 16];

fn write(record: &mut Vec<u8>, key: Key, value: Value) {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    record.extend_from_slice(&key);
    match value {
        Value::Pair(PairValue { is_equal, is_script, mark }) => {
            let scripts = flag(is_script[0], IS_SCRIPT[0]) | flag(is_script[1], IS_SCRIPT[1]);
            record.push(IS_PAIR | flag(is_equal, IS_EQUAL) | scripts);
            record.extend_from_slice(&mark.to_le_bytes());
        }
        Value::File(FileValue { is_script, whole }) => {
            record.push(flag(is_script, IS_SCRIPT[0]) | flag(whole.is_some(), IS_WHOLE));
            if let Some((digest, mark)) = whole {
                record.extend_from_slice(&mark.to_le_bytes());
                record.extend_from_slice(&digest);
            }
        }
    }
}

fn read(records: &mut &[u8]) -> Option<(Key, Value)> {
    let (key, rest) = records.split_first_chunk::<16>()?;
    let (flags, mut rest) = rest.split_first()?;
    let is = |flag: u8| flags & flag != 0;
    let mark = |rest: &mut &[u8]| {
        let (mark, after) = rest.split_first_chunk::<8>()?;
        *rest = after;
        Some(u64::from_le_bytes(*mark))
    };
    let value = if is(IS_PAIR) {
        let mark = mark(&mut rest)?;
        Value::Pair(PairValue { is_equal: is(IS_EQUAL), is_script: IS_SCRIPT.map(is), mark })
    } else if is(IS_WHOLE) {
        let mark = mark(&mut rest)?;
        let (digest, after) = rest.split_first_chunk::<32>()?;
        rest = after;
        Value::File(FileValue { is_script: is(IS_SCRIPT[0]), whole: Some((*digest, mark)) })
    } else {
        Value::File(FileValue { is_script: is(IS_SCRIPT[0]), whole: None })
    };
    *records = rest;
    Some((*key, value))
}

/// Stamps are hashes, so that adding them up is as good as hashing them once more; one is turned, so
/// that it counts which is which.
fn pair_key(m1: Stamp, m2: Stamp) -> Key {
    m1.number().wrapping_add(m2.number().rotate_left(37)).to_le_bytes()
}

fn file_key(algorithm: Algorithm, stamp: Stamp) -> Key {
    stamp.number().wrapping_add(algorithm as u128 + 1).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(seed: u8) -> Stamp {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, vec![seed; usize::from(seed)]).unwrap();
        Stamp::of(&super::super::tree::State::of_file(&File::open(path).unwrap()).unwrap())
    }

    const PAIR: PairValue = PairValue { is_equal: true, is_script: [false, true], mark: 7 };
    const WHOLE: FileValue = FileValue { is_script: true, whole: Some(([9; 32], 5)) };
    const HEAD: FileValue = FileValue { is_script: false, whole: None };

    #[test]
    fn what_was_put_is_there_in_the_next_run_and_a_torn_end_is_passed() {
        let folder = tempfile::tempdir().unwrap();
        let at = Some(folder.path().join("cache"));
        let open = || Cache::open(at.as_deref(), [Some(folder.path()), None]);
        let [one, two, three] = [1, 2, 3].map(stamp);
        let cache = open();
        cache.put_pair(one, two, PAIR);
        cache.put_file(Algorithm::Blake3, one, WHOLE);
        cache.close();
        let cache = open();
        cache.put_file(Algorithm::Md5, one, HEAD);
        drop(cache);
        let journal = std::fs::read_dir(at.as_ref().unwrap()).unwrap().next().unwrap().unwrap().path();
        let mut torn = OpenOptions::new().append(true).open(&journal).unwrap();
        torn.write_all(&framed(&[1; 100])[..50]).unwrap();
        drop(torn);
        for _ in 0..2 {
            let cache = open();
            assert_eq!(cache.pair(one, two), Some(PAIR));
            assert_eq!(cache.pair(two, one), None);
            assert_eq!(cache.file(Algorithm::Blake3, one), Some(WHOLE));
            assert_eq!(cache.file(Algorithm::Md5, one), Some(HEAD));
            assert_eq!(cache.file(Algorithm::Blake3, three), None);
        }
        let other = Cache::open(at.as_deref(), [None, Some(folder.path())]);
        assert_eq!(other.pair(one, two), None);
    }

    #[test]
    fn a_second_run_at_the_same_time_reads_and_does_not_write() {
        let folder = tempfile::tempdir().unwrap();
        let at = Some(folder.path().to_owned());
        let open = || Cache::open(at.as_deref(), [None, None]);
        let first = open();
        let second = open();
        second.put_file(Algorithm::Blake3, stamp(1), WHOLE);
        drop(second);
        drop(first);
        assert_eq!(open().known.len(), 0);
    }

    #[test]
    fn what_no_run_uses_any_more_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let at = Some(folder.path().to_owned());
        let open = || Cache::open(at.as_deref(), [None, None]);
        let cache = open();
        let used = stamp(1);
        cache.put_file(Algorithm::Blake3, used, WHOLE);
        for number in 0..=FEW as u64 {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&number.to_le_bytes());
            cache.put(key, Value::File(HEAD));
        }
        cache.close();
        let cache = open();
        assert!(cache.file(Algorithm::Blake3, used).is_some());
        cache.put_file(Algorithm::Blake3, stamp(2), HEAD);
        cache.close();
        assert_eq!(open().known.len(), 2);
    }
}
