//! Character sets of MySQL, and their texts as UTF-8.

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::Encoding;

/// A character set that a dump's strings may be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Charset {
    /// Already UTF-8, or ASCII.
    Utf8,
    /// No set was named: UTF-8, or else what most servers of the time had.
    Unnamed,
    /// The strings are in the character set of each column (`SET NAMES binary`).
    OfColumn,
    /// Anything else, to be converted.
    Other(&'static Encoding),
}

impl Charset {
    /// The character set that MySQL calls `name`. An unknown one is taken as it is.
    pub(super) fn named(name: &str) -> Self {
        let label = match name.to_ascii_lowercase().as_str() {
            "binary" => return Self::OfColumn,
            "latin1" => "windows-1252",
            "latin2" => "iso-8859-2",
            "latin5" => "iso-8859-9",
            "latin7" => "iso-8859-13",
            "cp1250" => "windows-1250",
            "cp1251" => "windows-1251",
            "cp1256" => "windows-1256",
            "cp1257" => "windows-1257",
            "cp866" => "ibm866",
            "cp932" | "sjis" => "shift_jis",
            "eucjpms" | "ujis" => "euc-jp",
            "euckr" => "euc-kr",
            "gb2312" | "gbk" => "gbk",
            "gb18030" => "gb18030",
            "big5" => "big5",
            "greek" => "iso-8859-7",
            "hebrew" => "iso-8859-8",
            "koi8r" => "koi8-r",
            "koi8u" => "koi8-u",
            "tis620" => "windows-874",
            _ => return Self::Utf8,
        };
        Encoding::for_label(label.as_bytes()).map_or(Self::Utf8, Self::Other)
    }

    /// A string of this character set as UTF-8.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 | Self::OfColumn => Cow::Borrowed(bytes),
            Self::Unnamed if !self.is_guess(bytes) => Cow::Borrowed(bytes),
            Self::Unnamed => decoded(encoding_rs::WINDOWS_1252, bytes),
            Self::Other(encoding) => decoded(encoding, bytes),
        }
    }

    /// Whether what a string says is a guess.
    pub(super) fn is_guess(self, bytes: &[u8]) -> bool {
        self == Self::Unnamed && std::str::from_utf8(bytes).is_err()
    }
}

fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    match encoding.decode_without_bom_handling(bytes).0 {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// The character set of a session's strings, as `SET` changes it.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) charset: Charset,
    /// What variables keep, to be given back.
    saved: BTreeMap<String, Charset>,
}

impl Default for Session {
    fn default() -> Self {
        Self { charset: Charset::Unnamed, saved: BTreeMap::new() }
    }
}

impl Session {
    /// Heeds a `SET`, in small letters: `names utf8mb4`, `character set latin1`, `character_set_client = @old`.
    pub(super) fn set(&mut self, setting: &str) {
        for part in setting.split(',') {
            let part = part.trim().trim_start_matches("session ").trim_start_matches("local ");
            let named = ["names", "character set", "charset"].into_iter().find_map(|it| {
                part.strip_prefix(it)?.strip_prefix(|it: char| it.is_ascii_whitespace() || matches!(it, '\'' | '"'))
            });
            if let Some(name) = named {
                self.charset = Charset::named(first_word(name));
            } else if let Some((name, value)) = part.split_once('=') {
                self.assign(bare(name), value.trim().trim_end_matches(':'));
            }
        }
    }

    fn assign(&mut self, name: &str, value: &str) {
        const OWN: &str = "character_set_client";
        if let Some(variable) = name.strip_prefix('@') {
            if bare(value) == OWN {
                self.saved.insert(variable.to_owned(), self.charset);
            }
        } else if name == OWN {
            self.charset = match value.strip_prefix('@').filter(|it| !it.starts_with('@')) {
                // What is given back at the end is what was before the dump.
                Some(variable) => self.saved.get(variable.trim()).copied().unwrap_or(self.charset),
                None => Charset::named(first_word(value)),
            };
        }
    }
}

/// The name of a setting without what says that it is the session's.
fn bare(name: &str) -> &str {
    let name = name.trim().trim_end_matches(':').trim_end();
    name.strip_prefix("@@").map_or(name, |it| it.strip_prefix("session.").or(it.strip_prefix("local.")).unwrap_or(it))
}

fn first_word(text: &str) -> &str {
    text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').find(|it| !it.is_empty()).unwrap_or_default()
}
