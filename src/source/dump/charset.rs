//! Character sets of MySQL, and their texts as UTF-8.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// A character set that a dump's strings may be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Charset {
    /// Already UTF-8, or ASCII.
    Utf8,
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
            Self::Other(encoding) => match encoding.decode_without_bom_handling(bytes).0 {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
        }
    }
}
