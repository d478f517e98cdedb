//! Listings that other programs made: what `sha256sum`, `md5sum`, `b3sum`, `rclone`, `aws`, `find -printf`, `du`, `tar` and
//! `unzip` print.

mod columns;
mod json;
mod place;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Read};
use std::path::Path;

use self::columns::{Form, Told};
use self::place::Place;
use super::Scan;
use super::about::Link;
use super::digest::{Algorithm, Digest};
use super::list::Walk;
use super::listing::{Doubt, Listing};
use crate::source::{interrupt, unpacked};

/// The forms of a line, for those who have another.
const FORMS: &str = "a list of files is what `sha256sum`, `md5sum` or `b3sum` prints, `rclone lsjson -R --hash`, \
                     `find -type f -printf '%s %P\\n'`, `aws s3 ls --recursive`, `aws s3api list-objects-v2`, `rclone lsl`, \
                     `du -ab`, `tar tvf` or `unzip -l`, or an S3 Inventory as CSV";

impl Listing {
    /// Reads a list of files that another program made.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is no such list. The message says which line is none.
    pub fn of_list(path: &Path, scan: &Scan) -> io::Result<Self> {
        let mut reader = unpacked(path)?;
        let mut walk = Walk::of_list(scan);
        let mut listed = Listed { hint: hint(path), ..Listed::default() };
        let is_named = listed.hint.is_some();
        listed.read(&mut reader)?;
        listed.settle();
        listed.refuse_others()?;
        place::turn_separators(&mut listed.files);
        // A list of everything has folders as well.
        let folders = place::folders(&listed.files);
        let files = || listed.files.iter().filter(|it| !folders.contains(it.path.as_slice()));
        let place = Place::of(|| files().map(|it| it.path.as_slice()));
        let mut elsewhere = 0;
        for file in files() {
            if file.path.len() > LONGEST {
                return Err(wrong(&format!(
                    "it names a path of {} bytes, and no file system has paths of more than {LONGEST}: {}…",
                    file.path.len(),
                    crate::text::path(&file.path[..80])
                )));
            }
            let Some(path) = place.below(&file.path) else {
                elsewhere += 1;
                continue;
            };
            if path.starts_with(b"/") || path.split(|it| *it == b'/').any(|it| it == b"..") {
                return Err(wrong(&format!(
                    "{} does not lie below the media folder: list the files from inside of it (`%P`)",
                    crate::text::path(path)
                )));
            }
            if !path.is_empty() && path != b"." {
                walk.add_listed(path, file.size, file.digests.as_slice());
            }
        }
        for link in listed.links.drain(..) {
            if let Some(path) = place.below(&link.path) {
                walk.add_listed_link(path, link.target);
            }
        }
        // The name of a list is no proof.
        let doubt = match (listed.is_doubtful, is_named) {
            (true, _) => Doubt::Unknown,
            (false, true) => Doubt::Named,
            (false, false) => Doubt::None,
        };
        let mut listing = walk.finish_list(doubt)?;
        if place.is_of_shop {
            listing.remark = Some(format!(
                "is of the whole shop: what lies below {} was taken, and {} elsewhere left out",
                crate::text::path(&place.above),
                crate::text::count(elsewhere, "file", "files")
            ));
        }
        Ok(listing)
    }
}

/// Whether a file looks like a list of files, by its beginning.
///
/// # Errors
///
/// With what it looks like instead.
pub fn looks_like_list(path: &Path) -> io::Result<()> {
    let mut head = Vec::new();
    unpacked(path)?.take(HEAD).read_to_end(&mut head)?;
    let first = head.split_inclusive(|it| *it == b'\n' || *it == 0).next().unwrap_or_default();
    let end = first.iter().rposition(|it| !b"\n\0\r".contains(it)).map_or(0, |at| at + 1);
    let first = &first[..end];
    let is_json = matches!(head.trim_ascii_start().first(), Some(b'[' | b'{'));
    if is_json || head.len() as u64 == HEAD && first.len() == head.len() || Form::of(first) != Form::Plain {
        return Ok(());
    }
    let is_plain = Listed::default().plain(first).is_some();
    if is_plain { Ok(()) } else { Err(wrong(misfit(first).unwrap_or(FORMS))) }
}

/// What a line is of which it is known why it is no use.
fn misfit(line: &[u8]) -> Option<&'static str> {
    let words: Vec<&[u8]> = line.split(|it| *it == b' ').filter(|it| !it.is_empty()).collect();
    match words.as_slice() {
        [b"PRE", ..] => Some("it was made without --recursive: `aws s3 ls --recursive s3://BUCKET/media/`"),
        [_, _, _, b"Bytes" | b"KiB" | b"MiB" | b"GiB", ..] => {
            Some("its sizes are rounded: make it without --human-readable")
        }
        _ => None,
    }
}

/// The longest path, in bytes: twice what Linux takes (`PATH_MAX`), for the systems of others.
pub(super) const LONGEST: usize = 8192;

/// What may stand beside the path in a line.
const HASH_AND_SIZE: usize = 256;

/// Bytes that tell whether a file is a list: no line has more.
const HEAD: u64 = (LONGEST + HASH_AND_SIZE) as u64;

/// Files as they stand in a list.
#[derive(Default)]
struct Listed {
    /// Whether the hashes may be of either kind that has this length.
    is_doubtful: bool,
    /// The kind that the name of the list speaks of.
    hint: Option<Algorithm>,
    files: Vec<Line>,
    links: Vec<Link>,
    /// Whether every size stands before a tab, as `du` prints it.
    has_tabs_only: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Line {
    path: Vec<u8>,
    size: Option<u64>,
    digests: Vec<(Algorithm, Digest)>,
}

/// Lists are mostly named after the program that made them.
fn hint(path: &Path) -> Option<Algorithm> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    if name.contains("sha256") {
        Some(Algorithm::Sha256)
    } else if name.contains("b3sum")
        || name.contains("blake3")
        || path.extension().is_some_and(|it| it.eq_ignore_ascii_case("b3"))
    {
        Some(Algorithm::Blake3)
    } else {
        None
    }
}

fn wrong(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

impl Listed {
    fn read(&mut self, reader: &mut dyn BufRead) -> io::Result<()> {
        let head = reader.fill_buf()?;
        let form = match head.trim_ascii_start().first() {
            None => return Err(wrong(&format!("it is empty; {FORMS}"))),
            Some(b'[' | b'{') => return json::read(reader, self),
            Some(_) => {
                let is_end = |it: &u8| matches!(*it, b'\n' | b'\r' | 0);
                Form::of(head.split(is_end).find(|it| !it.is_empty()).unwrap_or_default())
            }
        };
        if form == Form::Inventory { columns::inventory(reader, self) } else { self.lines(form, reader) }
    }

    fn lines(&mut self, form: Form, reader: &mut dyn BufRead) -> io::Result<()> {
        // With `-print0` and its like names may have line ends in them.
        let end = if reader.fill_buf()?.contains(&0) { 0 } else { b'\n' };
        self.has_tabs_only = true;
        let mut has_ended = form != Form::Zip;
        let mut line = Vec::new();
        for number in 1_u64.. {
            if number.is_multiple_of(1024) {
                interrupt::check()?;
            }
            line.clear();
            if reader.read_until(end, &mut line)? == 0 {
                break;
            }
            if line.pop() != Some(end) {
                return Err(wrong(&format!("it ends inside of line {number}: was it cut off?")));
            }
            if end == b'\n' && line.last() == Some(&b'\r') {
                line.pop();
            }
            if line.is_empty() {
                continue;
            }
            has_ended |= columns::is_end(form, &line);
            let told = if form == Form::Plain { self.plain(&line).map(Told::File) } else { columns::line(form, &line) };
            match told {
                Some(Told::File(file)) => self.files.push(file),
                Some(Told::Link(it)) => self.links.push(it),
                Some(Told::Nothing) => {}
                None => {
                    return Err(wrong(&format!(
                        "line {number} is of no known form; {}",
                        misfit(&line).unwrap_or(FORMS)
                    )));
                }
            }
        }
        if has_ended { Ok(()) } else { Err(wrong("its last line is not there: was it cut off?")) }
    }

    /// A line of a hash or a size, and a path.
    fn plain(&mut self, line: &[u8]) -> Option<Line> {
        if line.len() > LONGEST + HASH_AND_SIZE {
            return None;
        }
        self.hashed(line).or_else(|| tagged(line)).or_else(|| self.sized(line))
    }

    /// Refuses what looks like sizes and paths, and is not.
    fn refuse_others(&self) -> io::Result<()> {
        let is_numbered = |it: &Line| {
            let digits = it.path.iter().take_while(|it| it.is_ascii_digit()).count();
            digits > 0 && it.path.get(digits) == Some(&b' ')
        };
        if !self.files.is_empty() && self.files.iter().all(is_numbered) {
            return Err(wrong("it is what `cksum` prints, whose sums are not compared: make it with `sha256sum`"));
        }
        let is_of_blocks = |it: &Line| it.size.is_some_and(|it| it.is_multiple_of(4));
        if !self.has_tabs_only || self.files.is_empty() || !self.files.iter().all(is_of_blocks) {
            return Ok(());
        }
        let folders = place::folders(&self.files);
        if self.files.iter().any(|it| folders.contains(it.path.as_slice())) {
            return Err(wrong("it is what `du -a` prints, whose sizes are those of blocks: make it with `du -ab`"));
        }
        Ok(())
    }

    /// `HASH  PATH`, `HASH *PATH`, and `\HASH  PATH` with a path in which backslashes stand for something.
    fn hashed(&mut self, line: &[u8]) -> Option<Line> {
        let (is_escaped, line) = line.strip_prefix(b"\\").map_or((false, line), |rest| (true, rest));
        let end = line.iter().position(|it| !it.is_ascii_hexdigit())?;
        let (hash, rest) = line.split_at(end);
        let path = rest.strip_prefix(b"  ").or_else(|| rest.strip_prefix(b" *"))?;
        let digest = digest(hash)?;
        let algorithm = self.algorithm(hash.len(), &digest)?;
        let path = if is_escaped { unescaped(path)? } else { path.to_vec() };
        Some(line_of(path, algorithm, digest))
    }

    /// Takes hashes for those of the kind that a later line has told.
    fn settle(&mut self) {
        let Some(known) = self.hint.filter(|_| self.is_doubtful) else { return };
        self.is_doubtful = false;
        for (algorithm, _) in self.files.iter_mut().flat_map(|it| &mut it.digests) {
            if *algorithm != Algorithm::Md5 {
                *algorithm = known;
            }
        }
    }

    fn algorithm(&mut self, length: usize, digest: &Digest) -> Option<Algorithm> {
        match length {
            32 => Some(Algorithm::Md5),
            64 => {
                // The hash of nothing tells which it is.
                for algorithm in [Algorithm::Blake3, Algorithm::Sha256] {
                    if *digest == algorithm.of(b"") {
                        self.hint = Some(algorithm);
                    }
                }
                self.is_doubtful |= self.hint.is_none();
                Some(self.hint.unwrap_or(Algorithm::Sha256))
            }
            _ => None,
        }
    }
}

/// `SHA256 (PATH) = HASH`, as `--tag` and BSD print it.
fn tagged(line: &[u8]) -> Option<Line> {
    let (is_escaped, line) = line.strip_prefix(b"\\").map_or((false, line), |rest| (true, rest));
    let algorithm = [("SHA256 (", Algorithm::Sha256), ("MD5 (", Algorithm::Md5), ("BLAKE3 (", Algorithm::Blake3)];
    let (rest, algorithm) =
        algorithm.into_iter().find_map(|(tag, it)| Some((line.strip_prefix(tag.as_bytes())?, it)))?;
    let at = memchr::memmem::rfind(rest, b") = ")?;
    let path = if is_escaped { unescaped(&rest[..at])? } else { rest[..at].to_vec() };
    let hash = Some(&rest[at + 4..]).filter(|it| it.len() == algorithm.digits())?;
    Some(line_of(path, algorithm, digest(hash)?))
}

fn line_of(path: Vec<u8>, algorithm: Algorithm, digest: Digest) -> Line {
    let size = (digest == algorithm.of(b"")).then_some(0);
    Line { path: trimmed(path), size, digests: vec![(algorithm, digest)] }
}

impl Listed {
    /// `SIZE PATH`, blanks before it (`rclone ls`), or `SIZE`, a tab and the path, or the path, a tab and the size.
    fn sized(&mut self, line: &[u8]) -> Option<Line> {
        let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u64>().ok();
        let bare = line.trim_ascii_start();
        let end = bare.iter().position(|it| !it.is_ascii_digit())?;
        let first = number(&bare[..end]).filter(|_| matches!(bare[end], b' ' | b'\t'));
        let (size, path, is_tabbed) = if let Some(size) = first {
            (size, &bare[end + 1..], bare[end] == b'\t')
        } else {
            let tab = memchr::memrchr(b'\t', line)?;
            (number(&line[tab + 1..])?, &line[..tab], false)
        };
        self.has_tabs_only &= is_tabbed;
        Some(sized_line(size, path.to_vec()))
    }
}

fn sized_line(size: u64, path: Vec<u8>) -> Line {
    Line { path: trimmed(path), size: Some(size), digests: Vec::new() }
}

fn trimmed(path: Vec<u8>) -> Vec<u8> {
    match path.strip_prefix(b"./") {
        Some(rest) => rest.to_vec(),
        None => path,
    }
}

fn digest(hex: &[u8]) -> Option<Digest> {
    let nibble = |it: u8| (it as char).to_digit(16).and_then(|it| u8::try_from(it).ok());
    if hex.len() > 64 || !hex.len().is_multiple_of(2) {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(digest)
}

/// A path of a line that begins with a backslash (GNU coreutils).
fn unescaped(path: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b'\\' => b'\\',
                _ => return None,
            },
            byte => *byte,
        });
    }
    Some(bytes)
}
