//! Dump files as they lie on disk: plain, packed by one of the usual programs, in an archive, or several of these.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::{DeflateDecoder, GzDecoder};
use indicatif::ProgressBar;
use zip::CompressionMethod;

/// How bytes are packed, known by the first of them: names lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstandard,
    Xz,
    Bzip2,
}

impl Packing {
    fn of(head: &[u8]) -> Option<Self> {
        Some(match head {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zstandard,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [b'B', b'Z', b'h', ..] => Self::Bzip2,
            _ => return None,
        })
    }
}

/// One way in which what lies within is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    Packed(Packing),
    /// A part of an archive, as it is.
    Member {
        start: u64,
        length: u64,
    },
    /// A part of a ZIP archive, packed.
    Deflated {
        start: u64,
        length: u64,
    },
}

/// How a dump lies in a file, from the outside in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Layers(Vec<Layer>);

/// More layers than anybody makes.
const MOST_LAYERS: usize = 5;

impl Layers {
    /// Finds out how a file is packed.
    ///
    /// # Errors
    ///
    /// With [`io::ErrorKind::Unsupported`] if it is an archive of which it cannot be told what to read.
    pub(in crate::source) fn of(path: &Path) -> io::Result<Self> {
        crate::source::refuse_pipe(path)?;
        let mut layers = Self::default();
        while layers.0.len() < MOST_LAYERS {
            let head = layers.head(path)?;
            let layer = match &head[..] {
                [b'P', b'K', 3, 4, ..] if layers.0.is_empty() => in_zip(path)?,
                [b'P', b'K', 3, 4, ..] => {
                    return Err(unsupported("it is a zip archive within another one: unpack it first"));
                }
                _ if head.get(257..262) == Some(b"ustar") => in_tar(layers.open(path, 0, &ProgressBar::hidden())?)?,
                _ => match Packing::of(&head) {
                    Some(packing) => Layer::Packed(packing),
                    None => break,
                },
            };
            layers.0.push(layer);
        }
        Ok(layers)
    }

    /// The unpacked text from byte `offset` on.
    ///
    /// The progress bar counts bytes of the file, since only their total is known.
    pub(in crate::source) fn open(&self, path: &Path, offset: u64, bar: &ProgressBar) -> io::Result<Box<dyn Read>> {
        let mut file = File::open(path)?;
        if self.is_plain() {
            let (start, length) = match self.0.first() {
                Some(Layer::Member { start, length }) => (*start, *length),
                _ => (0, u64::MAX),
            };
            file.seek(SeekFrom::Start(start.saturating_add(offset)))?;
            bar.set_position(start.saturating_add(offset));
            return Ok(Box::new(bar.wrap_read(file).take(length.saturating_sub(offset))));
        }
        let mut unpacked: Box<dyn Read> = Box::new(bar.wrap_read(file));
        for layer in &self.0 {
            let mut packed = BufReader::with_capacity(128 * 1024, unpacked);
            unpacked = match *layer {
                Layer::Packed(Packing::Gzip) => Box::new(Members::new(packed)),
                Layer::Packed(Packing::Zstandard) => Box::new(zstd::Decoder::with_buffer(packed)?),
                Layer::Packed(Packing::Xz) => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(packed)),
                Layer::Packed(Packing::Bzip2) => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
                Layer::Member { start, length } => {
                    skip(&mut packed, start)?;
                    Box::new(packed.take(length))
                }
                Layer::Deflated { start, length } => {
                    skip(&mut packed, start)?;
                    Box::new(DeflateDecoder::new(packed.take(length)))
                }
            };
        }
        skip(&mut unpacked, offset)?;
        Ok(unpacked)
    }

    /// Whether a dump lies unpacked, so that one can go to any byte of it.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.0[..], [] | [Layer::Member { .. }])
    }

    /// The first bytes of the unpacked text.
    pub(super) fn head(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut head = vec![0; 512];
        let length = read_full(&mut self.open(path, 0, &ProgressBar::hidden())?, &mut head)?;
        head.truncate(length);
        Ok(head)
    }
}

fn skip(input: &mut impl Read, bytes: u64) -> io::Result<()> {
    io::copy(&mut input.take(bytes), &mut io::sink()).map(|_| ())
}

fn unsupported(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, why.into())
}

/// Members of a gzip file, one after the other. What stands behind them is no part of it, as for `gzip -d`: tapes and
/// copies leave zeros there, and shells their farewells.
struct Members<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Members<R> {
    fn new(input: R) -> Self {
        Self(Some(GzDecoder::new(input)))
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.0 else { return Ok(0) };
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let mut rest = self.0.take().map(GzDecoder::into_inner).expect("it was just read");
            let is_next = matches!(rest.fill_buf()?, [0x1F] | [0x1F, 0x8B, ..]);
            self.0 = is_next.then(|| GzDecoder::new(rest));
        }
    }
}

/// Which of several files in an archive is the dump: cPanel puts databases into `mysql/`, beside all of a home folder.
fn pick<T>(mut dumps: Vec<(String, T)>, kind: &str) -> io::Result<T> {
    let is_of_databases = |it: &(String, T)| it.0.split('/').rev().nth(1) == Some("mysql");
    if dumps.iter().any(is_of_databases) {
        dumps.retain(is_of_databases);
    }
    match dumps.len() {
        0 => Err(unsupported(format!("it is a {kind} archive without an .sql file"))),
        1 => Ok(dumps.remove(0).1),
        count => {
            let names: Vec<&str> = dumps.iter().take(5).map(|(name, _)| name.as_str()).collect();
            let more = if count > 5 { ", …" } else { "" };
            Err(unsupported(format!(
                "it is a {kind} archive with {count} .sql files ({}{more}): unpack the one of the store",
                crate::text::visible(&names.join(", "))
            )))
        }
    }
}

/// Whether a file of an archive is a dump, packed or not, by its name.
pub(super) fn is_dump(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_hidden = name.rsplit('/').next().is_some_and(|it| it.starts_with('.')) || name.starts_with("__macosx/");
    let unpacked = [".gz", ".bz2", ".xz", ".zst"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    unpacked.strip_suffix(".sql").is_some() && !is_hidden
}

fn in_zip(path: &Path) -> io::Result<Layer> {
    let broken =
        |error: zip::result::ZipError| unsupported(format!("it is a zip archive that cannot be read: {error}"));
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?)).map_err(broken)?;
    let mut dumps = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).map_err(broken)?;
        let name = file.name().map_err(broken)?.into_owned();
        if !is_dump(&name) {
            continue;
        }
        let layer = match (file.encrypted(), file.compression(), file.data_start()) {
            (true, ..) => Err("it is encrypted"),
            (_, CompressionMethod::Stored, Some(start)) => Ok(Layer::Member { start, length: file.compressed_size() }),
            (_, CompressionMethod::DEFLATE, Some(start)) => {
                Ok(Layer::Deflated { start, length: file.compressed_size() })
            }
            _ => Err("it is packed in a way that is not read here"),
        };
        dumps.push((name, layer));
    }
    let why = |why| unsupported(format!("it is a zip archive whose .sql file cannot be read: {why}: unpack it first"));
    pick(dumps, "zip")?.map_err(why)
}

fn in_tar(input: Box<dyn Read>) -> io::Result<Layer> {
    let mut archive = tar::Archive::new(input);
    let mut dumps = Vec::new();
    for entry in archive.entries()? {
        let entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type().is_file() && is_dump(&name) {
            dumps.push((name, Layer::Member { start: entry.raw_file_position(), length: entry.size() }));
        }
    }
    pick(dumps, "tar")
}

/// Beginnings of files that are no dump, and what they are.
const FOREIGN: [(&[u8], &str); 17] = [
    (b"\xFF\xFE", UTF_16),
    (b"\xFE\xFF", UTF_16),
    (b"SQLite format 3\0", "it is an SQLite database"),
    (b"<?xml", XML),
    (b"<mysqldump", XML),
    (b"<!doctype html", HTML),
    (b"<html", HTML),
    (b"7z\xBC\xAF\x27\x1C", "it is a 7z archive: unpack it first (7z x)"),
    (b"Rar!\x1A\x07", "it is a RAR archive: unpack it first"),
    (b"Salted__", "it is encrypted (openssl enc): decrypt it first"),
    (b"-----BEGIN PGP", "it is encrypted (PGP): decrypt it first"),
    (b"age-encryption.org/", "it is encrypted (age): decrypt it first"),
    (
        b"XBSTCK01",
        "it is a backup of the server's files (mariabackup, xtrabackup): start a server on them, and dump that",
    ),
    (b"PGDMP", POSTGRES),
    (b"--\n-- PostgreSQL database dump", POSTGRES),
    (
        b"\xFE\x01",
        "it is a table's definition (.frm) out of a server's folder: start a server on that folder, and dump it",
    ),
    (b"\xFE\xFE\x07", "it is an index (.MYI) out of a server's folder: start a server on that folder, and dump it"),
];

const UTF_16: &str = "it is UTF-16 text, as PowerShell's `>` writes it: dump again with --result-file";
const XML: &str = "it is XML (mysqldump --xml, phpMyAdmin's XML export): export it as SQL";
const HTML: &str = "it is a web page, as a server sends it in the place of a file: fetch the dump again";
const POSTGRES: &str = "it is a dump of PostgreSQL, on which no Magento runs";

/// What a file that is certainly no dump is, by its first bytes.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    let text = head.trim_ascii_start();
    let begins = |with: &[u8]| {
        let of = |it: &[u8]| it.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
        // Only texts have blanks before them.
        of(head) || with.is_ascii() && of(text)
    };
    if head.is_empty() {
        return Some("it is empty");
    }
    // The first page of an InnoDB file (`fil0fil.h`): number 0, of the type FSP_HDR.
    if head.get(4..8) == Some(&[0; 4]) && head.get(24..26) == Some(&[0, 8]) {
        return Some(
            "it is a file of InnoDB (ibdata1, .ibd) out of a server's folder: start a server on that folder, and dump it",
        );
    }
    FOREIGN.into_iter().find(|(beginning, _)| begins(beginning)).map(|(_, what)| what)
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
