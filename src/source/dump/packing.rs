//! Dump files as they lie on disk: plain, or packed by one of the usual programs.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use indicatif::ProgressBar;

/// How a file is packed, known by its first bytes: names lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstandard,
    Xz,
    Bzip2,
}

impl Packing {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zstandard,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [b'B', b'Z', b'h', ..] => Self::Bzip2,
            _ => Self::Plain,
        }
    }
}

/// What a file that is certainly no dump is.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    match head {
        [] => Some("it is empty"),
        [b'P', b'K', 3, 4, ..] => Some("it is a zip archive: unpack it first"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            Some("it is UTF-16 text, as PowerShell's `>` writes it: dump again with --result-file")
        }
        _ if head.starts_with(b"SQLite format 3\0") => Some("it is an SQLite database"),
        _ if head.get(257..262) == Some(b"ustar") => Some("it is a tar archive: unpack it first"),
        _ => None,
    }
}

/// The unpacked text of a dump from byte `offset` on, and the file's first bytes, unpacked.
///
/// The progress bar counts bytes of the file, since only their total is known.
pub(in crate::source) fn open(path: &Path, offset: u64, bar: &ProgressBar) -> io::Result<Box<dyn Read>> {
    crate::source::refuse_pipe(path)?;
    let mut file = File::open(path)?;
    let mut head = [0; 8];
    let length = read_full(&mut file, &mut head)?;
    file.rewind()?;
    let packing = Packing::of(&head[..length]);
    let packed = |file| BufReader::with_capacity(128 * 1024, bar.wrap_read(file));
    let mut unpacked: Box<dyn Read> = match packing {
        Packing::Plain => {
            file.seek(SeekFrom::Start(offset))?;
            bar.set_position(offset);
            return Ok(Box::new(bar.wrap_read(file)));
        }
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed(file))),
        Packing::Zstandard => Box::new(zstd::Decoder::with_buffer(packed(file))?),
        Packing::Xz => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(packed(file))),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed(file))),
    };
    io::copy(&mut unpacked.by_ref().take(offset), &mut io::sink())?;
    Ok(unpacked)
}

/// Whether a dump lies unpacked, so that one can go to any byte of it.
pub(super) fn is_plain(path: &Path) -> io::Result<bool> {
    let mut head = [0; 8];
    let length = read_full(&mut File::open(path)?, &mut head)?;
    Ok(Packing::of(&head[..length]) == Packing::Plain)
}

/// The first bytes of a dump's unpacked text.
pub(super) fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = vec![0; 512];
    let length = read_full(&mut open(path, 0, &ProgressBar::hidden())?, &mut head)?;
    head.truncate(length);
    Ok(head)
}

fn read_full(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match input.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // A packed file that is cut within its first block still has a head.
            Err(error) if length > 0 && error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
