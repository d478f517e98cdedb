//! Text from a store, made fit to be shown.
//!
//! Everything that a store holds is hostile: control characters move a
//! terminal's cursor, bidirectional marks turn a file name around, and a path
//! need not be UTF-8 at all. What is shown is made here, in one place.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

/// A name or an address as people and databases compare it: outer spaces,
/// letter case and Unicode normal form make no difference.
pub fn fold(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

/// A path as text that can be told from every other path's.
///
/// Bytes that are not UTF-8, and control, format and bidirectional characters,
/// are percent-encoded; a `%` that stands before two hex digits becomes `%25`,
/// so that decoding gives the bytes back.
pub fn path(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for (at, character) in chunk.valid().char_indices() {
            let rest = &chunk.valid().as_bytes()[at + 1..];
            let looks_encoded = character == '%' && rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit);
            if looks_encoded || is_invisible(character) {
                let mut buffer = [0; 4];
                encode(&mut text, character.encode_utf8(&mut buffer).as_bytes());
            } else {
                text.push(character);
            }
        }
        encode(&mut text, chunk.invalid());
    }
    text
}

/// Whether the text of a path is its bytes.
pub fn is_path_plain(bytes: &[u8]) -> bool {
    // Nearly all are, and this is asked for each of millions.
    bytes.iter().all(|it| (b' '..=b'~').contains(it) && *it != b'%') || path(bytes).as_bytes() == bytes
}

/// The bytes of a path, from its text.
pub fn path_bytes(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}

/// The text of a path of which it is known whether it [is plain](is_path_plain).
pub fn path_key(bytes: &[u8], is_odd: bool) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !is_odd => Cow::Borrowed(text),
        _ => Cow::Owned(path(bytes)),
    }
}

/// How two paths stand in the order of their texts, which is the order of lists of files: that of
/// the column that others sort. Of each it is known whether it is other than [plain](is_path_plain).
pub fn path_order(one: (&[u8], bool), other: (&[u8], bool)) -> Ordering {
    if one.1 || other.1 {
        path_key(one.0, one.1).as_bytes().cmp(path_key(other.0, other.1).as_bytes())
    } else {
        one.0.cmp(other.0)
    }
}

/// A path in a file of facts: as its text.
pub(crate) mod as_path {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(path: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::path(path))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        Ok(super::path_bytes(&String::deserialize(deserializer)?))
    }
}

/// Paths in a file of facts: as their texts.
pub(crate) mod as_paths {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(paths: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(|it| super::path(it)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        Ok(Vec::<String>::deserialize(deserializer)?.iter().map(|it| super::path_bytes(it)).collect())
    }
}

/// Paths that something is known by, in a file of facts: as their texts.
pub(crate) mod as_path_keys {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer, V: Serialize>(
        map: &BTreeMap<Vec<u8>, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(map.iter().map(|(path, value)| (super::path(path), value)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Vec<u8>, V>, D::Error> {
        let map = BTreeMap::<String, V>::deserialize(deserializer)?;
        Ok(map.into_iter().map(|(path, value)| (super::path_bytes(&path), value)).collect())
    }
}

fn encode(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        write!(text, "%{byte:02X}").expect("a String takes everything");
    }
}

/// A day as reports write it (UTC).
pub fn day(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// A text whose combining marks are shown as code points: what tells apart two
/// names that look the same.
pub fn visible_form(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if unicode_normalization::char::is_combining_mark(character) {
            write!(shown, "<U+{:04X}>", u32::from(character)).expect("a String takes everything");
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Text for a terminal: what would move the cursor, change colours or turn the
/// line around is shown as its code point instead.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_invisible(character) {
            write!(shown, "<U+{:04X}>", u32::from(character)).expect("a String takes everything");
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Text of several lines, whose line ends are kept.
pub fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Control (Cc), format (Cf, which has the bidirectional marks), line and
/// paragraph separators (Zl, Zp), and the code points that no font shows.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}'
            | '\u{0890}'..='\u{0891}' | '\u{08E2}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}'
            // No characters, and not allowed in XML 1.0 (section 2.2).
            | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A count of bytes in words: `31.2 MB`.
pub fn bytes(count: u64) -> String {
    indicatif::DecimalBytes(count).to_string()
}

/// A number with separators of thousands: `12,480`.
pub fn number(count: u64) -> String {
    indicatif::HumanCount(count).to_string()
}

/// `1 file`, `2 files`: a number and its noun.
pub fn count(number_of: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(number_of), if number_of == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_stays_as_it_is() {
        assert_eq!(path("wysiwyg/über uns/smile😀 100%.jpg".as_bytes()), "wysiwyg/über uns/smile😀 100%.jpg");
    }

    #[test]
    fn what_cannot_be_seen_is_encoded_and_a_percent_that_looks_encoded_too() {
        assert_eq!(path(b"gr\xF6\xDFe.txt"), "gr%F6%DFe.txt");
        assert_eq!(path(b"a\nb\x1b[31m"), "a%0Ab%1B[31m");
        assert_eq!(path("x\u{202E}gpj.exe".as_bytes()), "x%E2%80%AEgpj.exe");
        assert_eq!(path(b"100%25.jpg"), "100%2525.jpg");
        assert_eq!(path(b"50%2"), "50%2");
    }

    proptest::proptest! {
        #[test]
        fn the_bytes_of_a_path_come_back(bytes: Vec<u8>) {
            let text = path(&bytes);
            let decoded: Vec<u8> = percent_encoding::percent_decode_str(&text).collect();
            proptest::prop_assert_eq!(decoded, bytes);
        }
    }

    #[test]
    fn a_terminal_gets_no_escape_sequences() {
        assert_eq!(visible("a\u{1b}[2Jb"), "a<U+001B>[2Jb");
        assert_eq!(visible("plain"), "plain");
    }
}
