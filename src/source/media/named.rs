//! Files of a folder that are asked for by name.

use std::io::{self, Read};
use std::path::Path;

use indicatif::ProgressBar;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::beneath::Root;
use super::throttle::Throttle;
use super::tree::{Stamp, State};
use super::{Scan, settle};
use crate::parallel::Pool;
use crate::source::interrupt;

/// A file that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// It is there, with this content.
    Is(blake3::Hash),
    /// It is there, and has another size than was asked for.
    OtherSize,
    /// There is no such file.
    NotThere,
    /// Nobody has looked.
    NotLookedAt,
    /// It cannot be read, for this reason.
    Unreadable(String),
}

/// Looks files up below `root`, each with the size that it should have; no link is followed.
///
/// # Errors
///
/// If the folder cannot be opened, or the run is interrupted.
pub fn look_up(root: &Path, files: &[(&[u8], u64)], scan: &Scan, bar: &ProgressBar) -> io::Result<Vec<Named>> {
    let root = Root::open(root)?;
    let pool = Pool::new(scan.threads);
    let throttle = Throttle::new(scan.io_limit);
    pool.install(|| {
        let look = |(path, size): &(&[u8], u64)| {
            interrupt::check()?;
            bar.inc(1);
            let named = named(&root, path, *size, &throttle);
            interrupt::check()?;
            Ok(named)
        };
        files.into_par_iter().map(look).collect()
    })
}

fn named(root: &Root, path: &[u8], size: u64, throttle: &Throttle) -> Named {
    let unreadable = |error: &io::Error| Named::Unreadable(error.to_string());
    let (mut file, state) = match root.file(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::NotADirectory => {
            return Named::NotThere;
        }
        // A name that the file system cannot hold is there no more than any other.
        Err(error) if error.kind() == io::ErrorKind::InvalidFilename => return Named::NotThere,
        Err(error) => return unreadable(&error),
    };
    if state.size != size {
        return Named::OtherSize;
    }
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                hasher.update(&buffer[..count]);
                if let Err(error) = throttle.take(count as u64) {
                    return unreadable(&error);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return unreadable(&error),
        }
    }
    match State::of_file(&file) {
        Ok(after) if Stamp::of(&after) == Stamp::of(&state) => Named::Is(hasher.finalize()),
        Ok(_) => Named::Unreadable(settle::Changed.to_string()),
        Err(error) => unreadable(&error),
    }
}
