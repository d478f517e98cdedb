//! Lines with more than a path and a size or a hash: those of archives, buckets, and people's listings.

use std::io::{self, Read};

use super::{Line, Listed, digest, sized_line, trimmed, wrong};
use crate::source::interrupt;
use crate::source::media::about::Link;
use crate::source::media::digest::Algorithm;

/// What a list is made of, as its first line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A hash or a size, and a path.
    Plain,
    /// `aws s3 ls --recursive`: day, time, size, key.
    Bucket,
    /// `rclone lsl`: size, day, time, path.
    Dated,
    /// `unzip -l`: size, day, time, path, with a head and a foot.
    Zip,
    /// `tar tvf`: rights, owner, size, day, time, path.
    Tar,
    /// An S3 Inventory: bucket and key, and what else was asked for, as CSV.
    Inventory,
}

impl Form {
    pub(super) fn of(line: &[u8]) -> Self {
        let mut rest = line;
        if line.starts_with(b"Archive:") {
            Self::Zip
        } else if line.starts_with(b"\"") && memchr::memmem::find(line, b"\",\"").is_some() {
            Self::Inventory
        } else if is_mode(word(&mut rest)) {
            Self::Tar
        } else if bucket(line).is_some() {
            Self::Bucket
        } else if dated(line).is_some() {
            Self::Dated
        } else {
            Self::Plain
        }
    }
}

/// What a line of a form tells.
pub(super) enum Told {
    File(Line),
    Link(Link),
    /// A folder, or words about the list.
    Nothing,
}

/// Takes a line; none if it is of another form.
pub(super) fn line(form: Form, line: &[u8]) -> Option<Told> {
    match form {
        Form::Plain | Form::Inventory => None,
        Form::Bucket => bucket(line).map(of_key).or_else(|| is_sum(line).then_some(Told::Nothing)),
        Form::Dated => dated(line).map(Told::File),
        Form::Zip => zip(line),
        Form::Tar => tar(line),
    }
}

/// Whether it is a form whose lines say when all of them have passed, and this is that line.
pub(super) fn is_end(form: Form, line: &[u8]) -> bool {
    form == Form::Zip && (line.ends_with(b" files") || line.ends_with(b" file")) && dated(line).is_none()
}

/// The next word, which is taken off with the blanks before it.
fn word<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let trimmed = rest.trim_ascii_start();
    let end = trimmed.iter().position(|it| *it == b' ').unwrap_or(trimmed.len());
    let (word, behind) = trimmed.split_at(end);
    *rest = behind;
    word
}

fn number(word: &[u8]) -> Option<u64> {
    let is_digits = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    is_digits.then(|| std::str::from_utf8(word).ok()?.parse().ok()).flatten()
}

/// `2026-11-30`, and `11-30-2026` by older programs.
fn is_day(word: &[u8]) -> bool {
    let parts: Vec<&[u8]> = word.split(|it| *it == b'-').collect();
    let lengths: Vec<usize> = parts.iter().map(|it| it.len()).collect();
    matches!(lengths[..], [4, 2, 2] | [2, 2, 4 | 2]) && parts.iter().all(|it| number(it).is_some())
}

/// `20:22`, `20:22:10`, `20:22:10.000000000`.
fn is_time(word: &[u8]) -> bool {
    let parts: Vec<&[u8]> = word.split(|it| matches!(it, b':' | b'.')).collect();
    matches!(parts.len(), 2..=4) && parts[0].len() == 2 && parts.iter().all(|it| number(it).is_some())
}

/// `-rw-r--r--`, as tar prints it.
fn is_mode(word: &[u8]) -> bool {
    matches!(word.len(), 10 | 11)
        && b"-dlhbcps".contains(&word[0])
        && word[1..10].iter().all(|it| b"-rwxsStT".contains(it))
}

fn bucket(line: &[u8]) -> Option<Line> {
    let mut rest = line;
    let is_dated = is_day(word(&mut rest)) && is_time(word(&mut rest));
    let size = number(word(&mut rest)).filter(|_| is_dated)?;
    Some(sized_line(size, rest.strip_prefix(b" ")?.to_vec()))
}

fn dated(line: &[u8]) -> Option<Line> {
    let mut rest = line;
    let size = number(word(&mut rest))?;
    let is_dated = is_day(word(&mut rest)) && is_time(word(&mut rest));
    Some(sized_line(size, rest.strip_prefix(b" ").filter(|_| is_dated)?.to_vec()))
}

/// What consoles call a folder is an empty object whose key ends so.
fn of_key(line: Line) -> Told {
    if line.path.ends_with(b"/") { Told::Nothing } else { Told::File(line) }
}

/// What `--summarize` adds.
fn is_sum(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"Total Objects:") || line.starts_with(b"Total Size:")
}

fn zip(line: &[u8]) -> Option<Told> {
    if let Some(mut file) = dated(line) {
        // Two blanks stand before the name, and names begin with none.
        file.path = trimmed(file.path.trim_ascii_start().to_vec());
        return Some(of_key(file));
    }
    let mut rest = line;
    let first = word(&mut rest);
    let is_frame = first == b"Archive:" || first == b"Length" || first.starts_with(b"---") || is_end(Form::Zip, line);
    is_frame.then_some(Told::Nothing)
}

fn tar(line: &[u8]) -> Option<Told> {
    let mut rest = line;
    let mode = word(&mut rest);
    if !is_mode(mode) {
        return None;
    }
    let owner = word(&mut rest);
    let size = if owner.contains(&b'/') {
        number(word(&mut rest))?
    } else {
        // bsdtar: the links to it, its user and group, its size.
        number(owner)?;
        word(&mut rest);
        word(&mut rest);
        number(word(&mut rest))?
    };
    let is_iso = is_day(word(&mut rest));
    // `Nov 30 20:22` and `Nov 30 2025` by bsdtar.
    for _ in 0..if is_iso { 1 } else { 2 } {
        word(&mut rest);
    }
    let name = rest.strip_prefix(b" ")?;
    let cut = |mark: &[u8]| memchr::memmem::find(name, mark).map(|at| (&name[..at], &name[at + mark.len()..]));
    Some(match mode[0] {
        b'-' => Told::File(sized_line(size, unescaped(name))),
        b'l' => {
            let (path, target) = cut(b" -> ")?;
            Told::Link(Link { path: trimmed(unescaped(path)), target: unescaped(target) })
        }
        // A further name of a file that stands before: its size is that one's.
        b'h' => Told::File(Line { size: None, ..sized_line(0, unescaped(cut(b" link to ")?.0)) }),
        _ => Told::Nothing,
    })
}

/// tar writes what is not printable as octal digits, and line ends and tabs by their letters.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let octal = behind.get(..3).filter(|it| it.iter().all(|digit| (b'0'..=b'7').contains(digit)));
        match (byte, octal, behind.first()) {
            (b'\\', Some(digits), _) => {
                bytes.push(digits.iter().fold(0_u8, |sum, it| sum.wrapping_mul(8).wrapping_add(it - b'0')));
                rest = &behind[3..];
            }
            (b'\\', None, Some(letter)) if b"nt\\".contains(letter) => {
                bytes.push(match letter {
                    b'n' => b'\n',
                    b't' => b'\t',
                    other => *other,
                });
                rest = &behind[1..];
            }
            _ => bytes.push(byte),
        }
    }
    bytes
}

/// Reads an S3 Inventory, which has no head: bucket and key come first, and what else there is differs.
pub(super) fn inventory(reader: &mut dyn Read, listed: &mut Listed) -> io::Result<()> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let broken = |error: csv::Error| wrong(&format!("it is no S3 Inventory: {error}"));
    while reader.read_byte_record(&mut record).map_err(broken)? {
        interrupt::check()?;
        let mut fields = record.iter().skip(1);
        let key = fields.next().ok_or_else(|| wrong("it is no S3 Inventory: a line has no key"))?;
        let fields: Vec<&[u8]> = fields.collect();
        let is = |at: usize, word: &[u8]| fields.get(at) == Some(&word);
        // With versions: the one, whether it is the latest, and whether it says that the object is gone.
        let is_versioned = is(1, b"true") || is(1, b"false");
        if is_versioned && (is(1, b"false") || is(2, b"true")) {
            continue;
        }
        let size = fields.iter().skip(if is_versioned { 3 } else { 0 }).find_map(|it| number(it));
        let size = size.ok_or_else(|| wrong("it is an S3 Inventory without sizes: have them written, too"))?;
        let etag = fields.iter().find(|it| it.len() == Algorithm::Md5.digits() && digest(it).is_some());
        let key: Vec<u8> = key.iter().map(|it| if *it == b'+' { b' ' } else { *it }).collect();
        let path = percent_encoding::percent_decode(&key).collect();
        if let Told::File(mut line) = of_key(sized_line(size, path)) {
            line.digests.extend(etag.and_then(|it| Some((Algorithm::Md5, digest(it)?))));
            listed.files.push(line);
        }
    }
    Ok(())
}
