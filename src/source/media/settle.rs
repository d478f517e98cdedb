//! What only reading the files can tell.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};

use indicatif::ProgressBar;

use super::beneath::Root;
use super::list::Tree;

/// Bytes read at a time: more gains nothing on files of this size.
const CHUNK: usize = 64 * 1024;

/// Bytes that tell whether a file is a script.
const HEAD: usize = 64;

thread_local! {
    static BUFFERS: RefCell<[Vec<u8>; 2]> = RefCell::new([vec![0; CHUNK], vec![0; CHUNK]]);
}

/// What reading a pair of files of the same size told.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairRead {
    pub(super) is_equal: bool,
    /// Whether each begins like a script.
    pub(super) is_script: [bool; 2],
    /// The hash of the Magento 2 file, if it was wanted.
    pub(super) hash: Option<blake3::Hash>,
}

/// What reading one file told.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneRead {
    pub(super) is_script: bool,
    pub(super) hash: Option<blake3::Hash>,
}

/// Which side of a pair could not be read, and why.
#[derive(Debug)]
pub(super) struct PairFailure {
    pub(super) is_m2: bool,
    pub(super) error: io::Error,
}

/// One of the trees, ready to be read.
pub(super) struct Reader<'a> {
    tree: &'a Tree,
    root: Root,
    has_script_head: fn(&[u8]) -> bool,
    bar: &'a ProgressBar,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tree: &'a Tree, has_script_head: fn(&[u8]) -> bool, bar: &'a ProgressBar) -> io::Result<Self> {
        Ok(Self { tree, root: Root::open(&tree.root)?, has_script_head, bar })
    }

    /// Opens a file, and makes sure that it is still the size that was listed.
    fn open(&self, at: usize) -> io::Result<File> {
        let file = self.root.file(self.tree.path(at))?;
        if file.metadata()?.len() != self.tree.size(at) {
            return Err(changed());
        }
        Ok(file)
    }

    /// Reads a file's head, and all of it if its hash is wanted.
    pub(super) fn one(&self, at: usize, wants_hash: bool) -> io::Result<OneRead> {
        let mut file = self.open(at)?;
        BUFFERS.with_borrow_mut(|[buffer, _]| {
            let mut read = fill(&mut file, if wants_hash { buffer } else { &mut buffer[..HEAD] })?;
            let is_script = (self.has_script_head)(&buffer[..read]);
            if !wants_hash {
                return Ok(OneRead { is_script, hash: None });
            }
            let mut hasher = blake3::Hasher::new();
            let mut total = 0;
            while read > 0 {
                hasher.update(&buffer[..read]);
                self.bar.inc(read as u64);
                total += read as u64;
                read = fill(&mut file, buffer)?;
            }
            if total != self.tree.size(at) {
                return Err(changed());
            }
            Ok(OneRead { is_script, hash: Some(hasher.finalize()) })
        })
    }

    /// Compares a Magento 1 file with a Magento 2 file of the same size.
    pub(super) fn pair(
        m1: &Self,
        at1: usize,
        m2: &Self,
        at2: usize,
        wants_hash: bool,
    ) -> Result<PairRead, PairFailure> {
        let of_m1 = |error| PairFailure { is_m2: false, error };
        let of_m2 = |error| PairFailure { is_m2: true, error };
        let mut file1 = m1.open(at1).map_err(of_m1)?;
        let mut file2 = m2.open(at2).map_err(of_m2)?;
        BUFFERS.with_borrow_mut(|[buffer1, buffer2]| {
            let mut hasher = wants_hash.then(blake3::Hasher::new);
            let mut told = PairRead { is_equal: true, is_script: [false; 2], hash: None };
            let mut total = 0;
            loop {
                let read1 = fill(&mut file1, buffer1).map_err(of_m1)?;
                let read2 = fill(&mut file2, buffer2).map_err(of_m2)?;
                if total == 0 {
                    told.is_script = [(m1.has_script_head)(&buffer1[..read1]), (m1.has_script_head)(&buffer2[..read2])];
                }
                if read1 != read2 {
                    return Err(PairFailure { is_m2: read2 < read1, error: changed() });
                }
                m1.bar.inc((read1 + read2) as u64);
                total += read1 as u64;
                told.is_equal &= buffer1[..read1] == buffer2[..read2];
                if let Some(hasher) = &mut hasher {
                    hasher.update(&buffer2[..read2]);
                }
                if read1 == 0 || (!told.is_equal && hasher.is_none()) {
                    break;
                }
            }
            if told.is_equal && total != m1.tree.size(at1) {
                return Err(PairFailure { is_m2: false, error: changed() });
            }
            told.hash = hasher.map(|it| it.finalize());
            Ok(told)
        })
    }
}

/// Fills the buffer as far as the file goes.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn changed() -> io::Error {
    io::Error::other("it changed while the media folders were read; audit again")
}
