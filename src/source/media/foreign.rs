//! Listings that other programs made: what `sha256sum`, `md5sum`, `b3sum`, `rclone lsjson` and
//! `find -printf` print.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::Path;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

use super::Scan;
use super::digest::{Algorithm, Digest};
use super::list::Walk;
use super::listing::{Doubt, Listing};
use crate::source::{interrupt, unpacked};

/// The forms of a line, for those who have another.
const FORMS: &str = "a list of files is what `sha256sum`, `md5sum` or `b3sum` prints, `rclone lsjson -R --hash`, or \
                     `find -type f -printf '%s %P\\n'`";

impl Listing {
    /// Reads a list of files that another program made.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is no such list. The message says which line is none.
    pub fn of_list(path: &Path, scan: &Scan) -> io::Result<Self> {
        let mut reader = unpacked(path)?;
        let mut walk = Walk::of_list(scan);
        let first = reader.fill_buf()?.trim_ascii_start().first().copied();
        let mut listed = Listed { is_doubtful: false, hint: hint(path), files: Vec::new() };
        let is_named = listed.hint.is_some();
        match first {
            None => return Err(wrong(&format!("it is empty; {FORMS}"))),
            Some(b'[') => rclone(&mut reader, &mut listed)?,
            Some(_) => lines(&mut reader, &mut listed)?,
        }
        listed.settle();
        // A list of everything has folders as well.
        let folders = folders(&listed.files);
        let files = || listed.files.iter().filter(|it| !folders.contains(it.path.as_slice()));
        let prefix = common_prefix(files().map(|it| it.path.as_slice())).len();
        for file in files() {
            if file.path.len() > LONGEST {
                return Err(wrong(&format!(
                    "it names a path of {} bytes, and no file system has paths of more than {LONGEST}: {}…",
                    file.path.len(),
                    crate::text::path(&file.path[..80])
                )));
            }
            let path = file.path.get(prefix..).unwrap_or_default();
            if path.starts_with(b"/") || path.split(|it| *it == b'/').any(|it| it == b"..") {
                return Err(wrong(&format!(
                    "{} does not lie below the media folder: list the files from inside of it (`%P`)",
                    crate::text::path(path)
                )));
            }
            if !path.is_empty() {
                walk.add_listed(path, file.size, file.digests.as_slice());
            }
        }
        // The name of a list is no proof.
        let doubt = match (listed.is_doubtful, is_named) {
            (true, _) => Doubt::Unknown,
            (false, true) => Doubt::Named,
            (false, false) => Doubt::None,
        };
        walk.finish_list(doubt)
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
    let mut listed = Listed { is_doubtful: false, hint: None, files: Vec::new() };
    if head.trim_ascii_start().starts_with(b"[") || head.len() as u64 == HEAD && first.len() == head.len() {
        return Ok(());
    }
    if listed.line(first).is_some() { Ok(()) } else { Err(wrong(FORMS)) }
}

/// The longest path, in bytes: twice what Linux takes (`PATH_MAX`), for the systems of others.
pub(super) const LONGEST: usize = 8192;

/// What may stand beside the path in a line.
const HASH_AND_SIZE: usize = 256;

/// Bytes that tell whether a file is a list: no line has more.
const HEAD: u64 = (LONGEST + HASH_AND_SIZE) as u64;

/// Files as they stand in a list.
struct Listed {
    /// Whether the hashes may be of either kind that has this length.
    is_doubtful: bool,
    /// The kind that the name of the list speaks of.
    hint: Option<Algorithm>,
    files: Vec<Line>,
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

fn lines(reader: &mut dyn BufRead, listed: &mut Listed) -> io::Result<()> {
    // With `-print0` and its like names may have line ends in them.
    let end = if reader.fill_buf()?.contains(&0) { 0 } else { b'\n' };
    let mut line = Vec::new();
    for number in 1_u64.. {
        if number.is_multiple_of(1024) {
            interrupt::check()?;
        }
        line.clear();
        if reader.read_until(end, &mut line)? == 0 {
            return Ok(());
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
        let file = listed.line(&line).ok_or_else(|| wrong(&format!("line {number} is of no known form; {FORMS}")))?;
        listed.files.push(file);
    }
    Ok(())
}

impl Listed {
    fn line(&mut self, line: &[u8]) -> Option<Line> {
        if line.len() > LONGEST + HASH_AND_SIZE {
            return None;
        }
        self.hashed(line).or_else(|| tagged(line)).or_else(|| sized(line))
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

/// `SIZE PATH` or `SIZE`, a tab and the path, or the path, a tab and the size.
fn sized(line: &[u8]) -> Option<Line> {
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u64>().ok();
    let end = line.iter().position(|it| !it.is_ascii_digit())?;
    let first = number(&line[..end]).filter(|_| matches!(line[end], b' ' | b'\t'));
    let (size, path) = if let Some(size) = first {
        (size, &line[end + 1..])
    } else {
        let tab = memchr::memrchr(b'\t', line)?;
        (number(&line[tab + 1..])?, &line[..tab])
    };
    Some(Line { path: trimmed(path.to_vec()), size: Some(size), digests: Vec::new() })
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

/// What all paths begin with and is above the media folder: up to a folder `media`.
fn common_prefix<'a>(mut paths: impl Iterator<Item = &'a [u8]>) -> &'a [u8] {
    let Some(first) = paths.next() else { return b"" };
    let mut end = first.len();
    for path in paths {
        end = first[..end].iter().zip(path).take_while(|(one, other)| one == other).count();
    }
    let common = &first[..end];
    let is_end = |at: usize| at == 0 || common[at - 1] == b'/';
    match memchr::memmem::find_iter(common, b"media/").filter(|at| is_end(*at)).last() {
        Some(at) => &common[..at + b"media/".len()],
        None => b"",
    }
}

/// Paths that others lie below.
fn folders(files: &[Line]) -> HashSet<&[u8]> {
    let parent = |path: &'_ [u8]| memchr::memrchr(b'/', path);
    files.iter().filter_map(|it| Some(&it.path[..parent(&it.path)?])).collect()
}

/// An entry of `rclone lsjson`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RcloneEntry {
    path: String,
    size: i64,
    #[serde(default)]
    is_dir: bool,
    #[serde(default)]
    hashes: Option<RcloneHashes>,
}

#[derive(Deserialize)]
struct RcloneHashes {
    #[serde(alias = "BLAKE3")]
    blake3: Option<String>,
    #[serde(alias = "SHA-256", alias = "SHA256")]
    sha256: Option<String>,
    #[serde(alias = "MD5")]
    md5: Option<String>,
}

fn rclone(reader: &mut dyn Read, listed: &mut Listed) -> io::Result<()> {
    struct Entries<'a>(&'a mut Listed);
    impl<'de> Visitor<'de> for Entries<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the list that `rclone lsjson` prints")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
            while let Some(entry) = entries.next_element::<RcloneEntry>()? {
                interrupt::check().map_err(de::Error::custom)?;
                if !entry.is_dir {
                    self.0.files.push(entry.line());
                }
            }
            Ok(())
        }
    }
    let mut deserializer = serde_json::Deserializer::from_reader(io::BufReader::new(reader));
    deserializer.deserialize_seq(Entries(listed)).and_then(|()| deserializer.end()).map_err(|error| {
        if error.is_eof() { wrong("its JSON ends too early: was it cut off?") } else { wrong(&error.to_string()) }
    })
}

impl RcloneEntry {
    fn line(self) -> Line {
        let hashes = self.hashes.unwrap_or(RcloneHashes { blake3: None, sha256: None, md5: None });
        let known =
            [(Algorithm::Blake3, hashes.blake3), (Algorithm::Sha256, hashes.sha256), (Algorithm::Md5, hashes.md5)];
        let digests = known.into_iter().filter_map(|(algorithm, hash)| {
            Some((algorithm, digest(hash.filter(|it| it.len() == algorithm.digits())?.as_bytes())?))
        });
        // rclone writes -1 where the size is not known.
        Line { path: self.path.into_bytes(), size: u64::try_from(self.size).ok(), digests: digests.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> io::Result<Listed> {
        let mut listed = Listed { is_doubtful: false, hint: None, files: Vec::new() };
        let mut reader = text;
        if text.starts_with(b"[") {
            rclone(&mut reader, &mut listed)?;
        } else {
            lines(&mut reader, &mut listed)?;
        }
        Ok(listed)
    }

    #[test]
    fn lines_of_hashes_are_read_with_their_escapes() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let text = format!("{md5}  ./a b.jpg\n{md5} *c\r\n\\{md5}  new\\nline\\\\\nMD5 (x) = y) = {md5}\n");
        let listed = read(text.as_bytes()).unwrap();
        let paths: Vec<_> = listed.files.iter().map(|it| it.path.as_slice()).collect();
        assert_eq!(paths, [&b"a b.jpg"[..], b"c", b"new\nline\\", b"x) = y"]);
        assert!(listed.files.iter().all(|it| it.size == Some(0) && it.digests[0].0 == Algorithm::Md5));
    }

    #[test]
    fn hashes_of_64_digits_are_told_by_the_hash_of_nothing() {
        let any = "00".repeat(32);
        let blake3 = blake3::hash(b"").to_hex().to_string();
        assert!(read(format!("{any}  a\n").as_bytes()).unwrap().is_doubtful);
        for text in [format!("{blake3}  empty\n{any}  a\n"), format!("{any}  a\n{blake3}  empty\n")] {
            let mut listed = read(text.as_bytes()).unwrap();
            listed.settle();
            assert!(!listed.is_doubtful);
            assert!(listed.files.iter().all(|it| it.digests[0].0 == Algorithm::Blake3));
        }
    }

    #[test]
    fn sizes_stand_before_the_path_or_behind_it() {
        let listed = read(b"12 a b\n0\tc\nd\t7\n").unwrap();
        let sizes: Vec<_> = listed.files.iter().map(|it| (it.path.as_slice(), it.size)).collect();
        assert_eq!(sizes, [(&b"a b"[..], Some(12)), (b"c", Some(0)), (b"d", Some(7))]);
        assert_eq!(read(b"5 a\nb\x005 c\0").unwrap().files[0].path, b"a\nb");
    }

    #[test]
    fn entries_of_rclone_have_the_hashes_that_are_known() {
        let text =
            br#"[{"Path":"a","Size":3,"IsDir":false,"Hashes":{"md5":"900150983cd24fb0d6963f7d28e17f72","crc32":"1"}},
            {"Path":"d","Size":-1,"IsDir":true},{"Path":"d/b","Size":-1}]"#;
        let listed = read(text).unwrap();
        assert_eq!(listed.files.len(), 2);
        assert_eq!(listed.files[0].digests, [(Algorithm::Md5, Algorithm::Md5.of(b"abc"))]);
        assert_eq!(listed.files[1].size, None);
    }

    #[test]
    fn what_is_no_list_or_was_cut_off_is_refused() {
        for text in [&b"12 a\nno size\n"[..], b"12 a\n13 b", b"[{\"Path\":\"a\",\"Size\":1},"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_lies_above_the_media_folder_is_taken_off() {
        let prefix = |paths: &[&'static str]| common_prefix(paths.iter().map(|it| it.as_bytes()));
        assert_eq!(prefix(&["/var/www/media/a", "/var/www/media/b/c"]), b"/var/www/media/");
        assert_eq!(prefix(&["media/catalog/a", "media/catalog/b"]), b"media/");
        assert_eq!(prefix(&["multimedia/a", "multimedia/b"]), b"");
        assert_eq!(prefix(&["catalog/a", "catalog/b"]), b"");
    }

    /// The listing of a file that holds this.
    fn listing(text: &[u8]) -> io::Result<Listing> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        looks_like_list(file.path())?;
        let scan = Scan {
            policy: crate::facts::media::POLICY,
            compare: super::super::Compare::Content,
            include_generated: true,
            include: globset::GlobSet::empty(),
            exclude: globset::GlobSet::empty(),
            limits: Vec::new(),
            threads: 1,
            io_limit: None,
            cache: None,
        };
        Listing::of_list(file.path(), &scan)
    }

    #[test]
    fn a_path_that_no_file_system_has_is_refused() {
        let path = "a/".repeat(40_000);
        let rclone = format!("[{{\"Path\":\"{path}x\",\"Size\":1}}]");
        for text in [rclone, format!("1 {path}x\n2 b\n")] {
            let error = listing(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("path of 80001 bytes") || error.contains("of no known form"), "{error}");
        }
        let longest = format!("1 {}\n", "a".repeat(LONGEST));
        assert_eq!(listing(longest.as_bytes()).unwrap().about.files, 1);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
        #[test]
        fn no_list_ends_the_program(
            pieces in proptest::collection::vec(
                (0..18_usize, proptest::collection::vec(proptest::prelude::any::<u8>(), 0..3)), 0..40,
            ),
        ) {
            const PIECES: [&str; 18] = [
                "d41d8cd98f00b204e9800998ecf8427e", "  ", " *", "\\", "\n", "\r\n", "\t", "12 ", "a/b.jpg", "./", "../", "media/",
                "MD5 (", ") = ", "[{\"Path\":\"", "\",\"Size\":", "}]", "\0",
            ];
            let text: Vec<u8> =
                pieces.iter().flat_map(|(at, odd)| [PIECES[*at].as_bytes(), odd]).flatten().copied().collect();
            let _ = listing(&text);
        }
    }
}
