//! An agency's colour and mark, and the language of the pages.

use base64::Engine;

use crate::language::Language;

/// How a report looks.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The language of its pages.
    pub language: Language,
    /// A colour of the agency's, `#rrggbb`.
    pub accent: Option<String>,
    /// The agency's mark, as a `data:` URL (RFC 2397).
    pub logo: Option<String>,
}

/// Whether a text is a colour such as `#0b57b7` (CSS Color 4, 5.2).
pub fn is_color(text: &str) -> bool {
    matches!(text.len(), 4 | 7) && text.strip_prefix('#').is_some_and(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// What a `data:` URL of a picture begins with, by how its bytes begin.
const PICTURES: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "data:image/png;base64,"),
    (b"\xff\xd8\xff", "data:image/jpeg;base64,"),
    (b"GIF8", "data:image/gif;base64,"),
    (b"RIFF", "data:image/webp;base64,"),
];

/// That of a drawing (SVG 2), which begins as XML may begin.
const DRAWING: &str = "data:image/svg+xml;base64,";

/// A picture as a `data:` URL; none if it is no picture that pages can show.
pub fn data_url(bytes: &[u8]) -> Option<String> {
    let is_svg = |text: &str| {
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = roxmltree::Document::parse_with_options(text.trim_start_matches('\u{FEFF}'), options);
        document.is_ok_and(|it| it.root_element().tag_name().name() == "svg")
    };
    let picture = PICTURES.iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, head)| *head);
    let head = match picture {
        Some("data:image/webp;base64,") if bytes.get(8..12) != Some(b"WEBP") => return None,
        Some(head) => head,
        None if std::str::from_utf8(bytes).is_ok_and(is_svg) => DRAWING,
        None => return None,
    };
    Some(format!("{head}{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}

/// Whether a `data:` URL is one that [`data_url`] makes.
pub(super) fn is_data_url(url: &str) -> bool {
    let is_base64 = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"+/=".contains(&it));
    let mut heads = PICTURES.iter().map(|(_, head)| *head).chain([DRAWING]);
    heads.any(|head| url.strip_prefix(head).is_some_and(is_base64))
}
