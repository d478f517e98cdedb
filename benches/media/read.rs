//! Reads every byte of the files named on standard input (NUL between them): `read THREADS`. No
//! program that compares contents can be faster, and some are not much slower.
#![expect(clippy::disallowed_methods, reason = "it reads files and does nothing else")]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;

fn main() -> io::Result<()> {
    let threads = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut names = Vec::new();
    io::stdin().read_to_end(&mut names)?;
    let files: Vec<&[u8]> = names.split(|it| *it == 0).filter(|it| !it.is_empty()).collect();
    std::thread::scope(|scope| {
        let own = files.len().div_ceil(threads).max(1);
        let readers: Vec<_> = files.chunks(own).map(|files| scope.spawn(|| read(files))).collect();
        readers.into_iter().try_for_each(|it| it.join().unwrap_or_else(|_| Err(io::Error::other("a reader panicked"))))
    })
}

fn read(files: &[&[u8]]) -> io::Result<()> {
    let mut buffer = vec![0; 128 * 1024];
    for path in files {
        let mut file = File::open(OsStr::from_bytes(path))?;
        while file.read(&mut buffer)? > 0 {}
    }
    Ok(())
}
