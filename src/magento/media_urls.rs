//! References to media files in texts: `{{media url="…"}}` and literal URLs of the media folder
//! (`Mage_Core_Model_Email_Template_Filter::mediaDirective`, `Magento\Cms\Model\Template\Filter`).

use std::borrow::Cow;
use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use memchr::memmem;
use percent_encoding::percent_decode;

/// Longer than any directive or URL of a file: what does not end by then is none.
const LONGEST: usize = 2048;

/// Where a URL begins: nothing of this is part of one.
const BEFORE: &[u8] = b"\"'`()<>,;=|{} \t\r\n";

/// Marks of a quotation, as they stand in HTML; in JSON there are backslashes before them.
const QUOTES: [&[u8]; 7] = [b"\"", b"'", b"&quot;", b"&#34;", b"&#034;", b"&#39;", b"&#039;"];

/// Finds references in texts.
#[derive(Debug)]
pub struct Scanner {
    needles: Option<AhoCorasick>,
    /// Hosts under which the store's own files are found.
    hosts: BTreeSet<String>,
    /// What may stand between a host and `media/`.
    folders: BTreeSet<String>,
}

/// Needles for any store: the directive, and the folder with its slash in four spellings.
const GENERAL: [&str; 8] =
    ["{{media", "{{MEDIA", "{{Media", "base_media_url", "media/", "media\\/", "media%2F", "media&#"];

impl Scanner {
    /// A scanner for a store with these base URLs (`web/unsecure/base_url` and its kind), and
    /// these of its media folder (`web/unsecure/base_media_url`).
    pub fn new<'a>(base: impl IntoIterator<Item = &'a str>, media: impl IntoIterator<Item = &'a str>) -> Self {
        let mut scanner = Self { needles: None, hosts: BTreeSet::new(), folders: BTreeSet::new() };
        scanner.folders.extend(["/", "/pub/"].map(str::to_owned));
        let mut needles: BTreeSet<String> = BTreeSet::new();
        let urls = base.into_iter().map(|it| (it, false)).chain(media.into_iter().map(|it| (it, true)));
        for (url, is_media) in urls {
            let Some((_, rest)) = url.split_once("//") else { continue };
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            if host.is_empty() || host.contains(['{', '}', ' ']) {
                continue;
            }
            scanner.hosts.insert(host_name(host));
            let path = path.trim_matches('/');
            let folder = path.strip_suffix("media").filter(|it| it.is_empty() || it.ends_with('/'));
            match (is_media, folder) {
                (true, Some(folder)) => _ = scanner.folders.insert(format!("/{folder}")),
                // A media host of its own, whose paths need not name the folder.
                (true, None) => {
                    let needle = format!("//{}/", rest.trim_end_matches('/'));
                    needles.insert(needle.replace('/', "\\/"));
                    needles.insert(needle);
                }
                (false, _) if path.is_empty() => {}
                (false, _) => _ = scanner.folders.insert(format!("/{path}/")),
            }
        }
        let needles = GENERAL.into_iter().chain(needles.iter().map(String::as_str));
        scanner.needles = AhoCorasick::new(needles).ok();
        scanner
    }

    /// Calls `found` with the path below the media folder of each file that a text refers to, and
    /// whether that is certain: another host may be an old name of the store's own, and a path
    /// between words may be one of several.
    pub fn scan(&self, text: &[u8], found: &mut dyn FnMut(&[u8], bool)) {
        for it in self.needles.iter().flat_map(|it| it.find_iter(text)) {
            let (at, end) = (it.start(), it.end());
            let reference = match it.pattern().as_usize() {
                0..=2 => directive(&text[end..]).map(|it| (it, true)),
                3 => after_directive(text, at, end).map(|it| (it, true)),
                which if which < GENERAL.len() => self.url(text, at, end),
                _ => quoted_or_not(text, start_of(text, at), end).map(|it| (it, true)),
            };
            if let Some((path, is_certain)) = reference.and_then(|(it, is_certain)| Some((path(it)?, is_certain))) {
                found(&path, is_certain);
            }
        }
    }

    /// What follows `media` in a URL that may be one of this store.
    fn url<'t>(&self, text: &'t [u8], at: usize, end: usize) -> Option<(&'t [u8], bool)> {
        let start = start_of(text, at);
        if is_of_theme(&text[..start]) {
            return None;
        }
        let prefix = decoded(&text[start..at]);
        let prefix = std::str::from_utf8(&prefix).ok()?;
        let is_certain = match prefix.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                let (host, folder) = rest.split_at(rest.find('/')?);
                let is_own = self.hosts.contains(&host_name(host));
                if !self.folders.contains(folder) {
                    return None;
                }
                is_own
            }
            Some(_) => return None,
            // Words with a slash are no paths: a relative one stands in quotes, brackets or after `=`.
            None => {
                let is_marked = start > 0 && b"\"'`(=};".contains(&text[start - 1]);
                let folder = prefix.trim_start_matches("../").trim_start_matches("./");
                if !matches!(folder, "" | "/" | "pub/") && !self.folders.contains(folder)
                    || folder.is_empty() && !is_marked
                {
                    return None;
                }
                is_marked
            }
        };
        // A slash that was written as a reference to a character ends with a semicolon.
        let end =
            if text[at..end].ends_with(b"&#") { end + memchr::memchr(b';', text[end..].get(..6)?)? + 1 } else { end };
        Some((quoted_or_not(text, start, end)?, is_certain))
    }
}

/// Whether a text ends inside a directive for files of the theme: `{{skin url="`, `{{view url="`.
fn is_of_theme(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(60)..];
    let Some(open) = memmem::rfind(near, b"{{") else { return false };
    let name = near[open + 2..].trim_ascii_start().to_ascii_lowercase();
    memmem::find(&near[open..], b"}}").is_none() && (name.starts_with(b"skin") || name.starts_with(b"view"))
}

/// What follows `{{config path="…/base_media_url"}}`.
fn after_directive(text: &[u8], at: usize, end: usize) -> Option<&[u8]> {
    let close = end + memmem::find(text.get(end..text.len().min(end + 10))?, b"}}")? + 2;
    let open = memmem::rfind(&text[at.saturating_sub(60)..at], b"{{")?;
    quoted_or_not(text, at.saturating_sub(60) + open, close)
}

fn host_name(host: &str) -> String {
    let host = host.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// Where the URL begins that something at `at` is part of.
fn start_of(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(LONGEST);
    text[from..at].iter().rposition(|it| BEFORE.contains(it)).map_or(from, |it| from + it + 1)
}

/// The end of a URL that begins at `start`, of which everything up to `from` is known.
fn quoted_or_not(text: &[u8], start: usize, from: usize) -> Option<&[u8]> {
    let rest = &text[from..text.len().min(from + LONGEST)];
    let quote = QUOTES.into_iter().find(|it| text[..start].ends_with(it));
    let value = if let Some(quote) = quote {
        let value = without_backslashes(&rest[..memmem::find(rest, quote)?]);
        // Several URLs may stand in one pair of quotes: those of `srcset`.
        end_of_candidate(value).map_or(value, |at| &value[..at])
    } else {
        let end = rest.iter().position(|it| BEFORE.contains(it) || *it == b'\\' || *it == b'&');
        &rest[..end.unwrap_or(rest.len())]
    };
    Some(value)
}

/// Where the URL of an image candidate ends that others follow: in one pass, since a text may be all commas.
fn end_of_candidate(value: &[u8]) -> Option<usize> {
    // Where the name begins, and where its address ends before what is asked of it (`?v=2`).
    let (mut start, mut end) = (0, None);
    for (at, byte) in value.iter().enumerate() {
        match byte {
            b'/' => (start, end) = (at + 1, None),
            b'?' | b'#' if end.is_none() => end = Some(at),
            // A blank after a blank says what the first one has said.
            b',' | b' '
                if (at == 0 || value[at - 1] != b' ')
                    && has_ending_in_name(&value[start..end.unwrap_or(at)])
                    && is_end_of_candidate(&value[at..]) =>
            {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

/// Whether the URL of an image candidate ends before this: by a comma, or by its width or density.
fn is_end_of_candidate(rest: &[u8]) -> bool {
    if rest.starts_with(b", ") {
        return true;
    }
    let Some(descriptor) = rest.strip_prefix(b" ").map(<[u8]>::trim_ascii_start) else { return false };
    let digits = descriptor.iter().take_while(|it| it.is_ascii_digit() || **it == b'.').count();
    digits > 0
        && matches!(descriptor.get(digits), Some(b'x' | b'w'))
        && matches!(descriptor.get(digits + 1), None | Some(b',' | b' '))
}

/// In JSON a quotation ends with backslashes before the mark.
fn without_backslashes(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b'\\'] = text {
        text = rest;
    }
    text
}

/// Whether a path ends like the name of a file: `.jpg`.
fn has_ending(path: &[u8]) -> bool {
    let name = path.rsplit(|it| *it == b'/').next().unwrap_or_default();
    has_ending_in_name(name.split(|it| *it == b'?' || *it == b'#').next().unwrap_or_default())
}

/// The same of a name. Of a long one its end is looked at alone.
fn has_ending_in_name(name: &[u8]) -> bool {
    let ending = name.iter().rev().take(13).position(|it| *it == b'.');
    ending.is_some_and(|length| length >= 2 && name[name.len() - length..].iter().all(u8::is_ascii_alphanumeric))
}

/// The value of `url` in what follows `{{media`.
fn directive(rest: &[u8]) -> Option<&[u8]> {
    let rest = &rest[..rest.len().min(LONGEST)];
    // In the middle of quotes there may be braces of the inner text, but no end of a directive.
    let body = &rest[..memmem::find(rest, b"}}")?];
    let after = &body[memmem::find(body, b"url")? + 3..];
    let value = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = &value[value.iter().take_while(|it| **it == b'\\').count()..];
    let quote = QUOTES.into_iter().find(|it| value.starts_with(it));
    Some(match quote {
        Some(quote) => {
            let inner = &value[quote.len()..];
            without_backslashes(&inner[..memmem::find(inner, quote)?])
        }
        None => value.split(u8::is_ascii_whitespace).next().unwrap_or_default(),
    })
}

/// A text without the ways in which HTML, JSON and URLs write their characters.
fn decoded(text: &[u8]) -> Vec<u8> {
    let text = match memmem::find(text, b"\\/") {
        Some(_) => Cow::Owned(replaced(text, b"\\/", b"/")),
        None => Cow::Borrowed(text),
    };
    let text = match std::str::from_utf8(&text) {
        Ok(utf8) if utf8.contains('&') => Cow::Owned(html_escape::decode_html_entities(utf8).into_owned().into_bytes()),
        _ => text,
    };
    percent_decode(&text).collect()
}

fn replaced(text: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut last = 0;
    for at in memmem::find_iter(text, what) {
        out.extend_from_slice(&text[last..at]);
        out.extend_from_slice(by);
        last = at + what.len();
    }
    out.extend_from_slice(&text[last..]);
    out
}

/// The path of a file below the media folder; none if it cannot be one.
fn path(reference: &[u8]) -> Option<Vec<u8>> {
    let end = reference.iter().position(|it| matches!(it, b'?' | b'#')).unwrap_or(reference.len());
    let path = normalised(&decoded(&reference[..end]))?;
    let is_file = has_ending(&path) && !path.iter().any(u8::is_ascii_control) && memmem::find(&path, b"{{").is_none();
    is_file.then_some(path)
}

/// A path without what the file system passes over; none if nothing is left, or it leads out of the folder.
pub fn normalised(path: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = path.split(|it| *it == b'/').filter(|it| !it.is_empty() && *it != b".").collect();
    if parts.is_empty() || parts.contains(&b"..".as_slice()) || path.ends_with(b"/") || path.len() > LONGEST {
        return None;
    }
    Some(parts.join(&b'/'))
}

/// A value that is the path of a file itself, as extensions keep them: below the media folder, with
/// or without its name.
pub fn bare(value: &[u8]) -> Option<Vec<u8>> {
    let value = value.trim_ascii();
    if value.len() > 255 || !has_ending(value) || memmem::find(value, b"//").is_some() || value.contains(&b'<') {
        return None;
    }
    let value = value.strip_prefix(b"/").unwrap_or(value);
    path(value.strip_prefix(b"media/").unwrap_or(value))
}

/// The files of custom options in what a quote or an order keeps of them: serialised by PHP, or JSON.
pub fn option_files(text: &[u8], found: &mut dyn FnMut(&[u8])) {
    const FOLDER: &[u8] = b"custom_options";
    for at in memmem::find_iter(text, FOLDER) {
        let rest = &text[at..text.len().min(at + LONGEST)];
        let end = rest.iter().position(|it| matches!(it, b'"' | b'\'')).unwrap_or(rest.len());
        if let Some(path) = path(&rest[..end]) {
            found(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanner() -> Scanner {
        let media = ["http://cdn.acme.com/media/", "https://static.acme.com/assets"];
        let base = ["http://shop.acme.com/", "https://shop.acme.com:8443/de/", "{{base_url}}"];
        Scanner::new(base, media)
    }

    fn found(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        scanner().scan(text.as_bytes(), &mut |path, is_certain| {
            let path = String::from_utf8_lossy(path);
            found.push(if is_certain { path.into_owned() } else { format!("perhaps {path}") });
        });
        found
    }

    #[test]
    fn directives_in_all_quotings() {
        let text = "<img src=\"{{media url=\"wysiwyg/a.jpg\"}}\"/> {{media url='wysiwyg/Größe Ü.jpg'}} \
            {{media url=wysiwyg/c.jpg}} {{media  url = \"/wysiwyg//d.jpg\" }} {{media url=&quot;wysiwyg/e.jpg&quot;}} \
            {\\\"image\\\":\\\"{{media url=\\\\\"wysiwyg/f.jpg\\\\\"}}\\\"} {{media url=\\\"wysiwyg\\/g.jpg\\\"}}";
        let expected =
            ["a.jpg", "Größe Ü.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg", "g.jpg"].map(|it| format!("wysiwyg/{it}"));
        assert_eq!(found(text), expected);
        assert_eq!(
            found("{{media url=\"\"}} {{media url=\"wysiwyg/\"}} {{media url='../x.jpg'}} {{media"),
            Vec::<String>::new()
        );
        assert_eq!(
            found("{{media url=\"wysiwyg/x.jpg}} and more \"text\""),
            Vec::<String>::new(),
            "a quote that is not closed"
        );
    }

    #[test]
    fn literal_urls_of_this_store() {
        for text in [
            "<img src=\"http://shop.acme.com/media/wysiwyg/a.jpg\">",
            "<img src='HTTPS://Shop.Acme.com:443/media/wysiwyg/a.jpg?v=2'>",
            "<img src=//cdn.acme.com/media/wysiwyg/a.jpg>",
            "background: url(/media/wysiwyg/a.jpg) no-repeat",
            "background: url(../../media/wysiwyg/a.jpg)",
            "<img src=\"media/wysiwyg/a.jpg\">",
            "<img src=\"{{store url=\"\"}}media/wysiwyg/a.jpg\">",
            "{\"image\":\"http:\\/\\/shop.acme.com\\/media\\/wysiwyg\\/a.jpg\"}",
            "https://shop.acme.com/de/media/wysiwyg/%61.jpg",
            "<a href=\"/media/wysiwyg%2Fa.jpg#top\">",
            "<img src=\"/pub/media/wysiwyg/a.jpg\">",
            "<img src=\"https://static.acme.com/assets/wysiwyg/a.jpg\">",
            "<img srcset=\"/media/wysiwyg/a.jpg 2x\">",
            "<i style=&quot;background:url(&#039;/media/wysiwyg/a.jpg&#039;)&quot;>",
            "<img src=\"/media&#x2F;wysiwyg/a.jpg\">",
            "{{MEDIA url=\"wysiwyg/a.jpg\"}}",
            "<img src=\"{{config path=\"web/unsecure/base_media_url\"}}wysiwyg/a.jpg\">",
            "{\"image\":\"https:\\/\\/static.acme.com\\/assets\\/wysiwyg\\/a.jpg\"}",
        ] {
            assert_eq!(found(text), ["wysiwyg/a.jpg"], "{text}");
        }
        assert_eq!(found("<img src=\"/media/wysiwyg/my file &amp; co.jpg\">"), ["wysiwyg/my file & co.jpg"]);
        assert_eq!(found("<img srcset=\"/media/a b.jpg 1x, /media/c.jpg 2x\">"), ["a b.jpg", "perhaps c.jpg"]);
        assert_eq!(found("<img srcset=\"/media/a.jpg, /media/c.jpg 480w\">"), ["a.jpg", "perhaps c.jpg"]);
        assert_eq!(found("<img src=\"/media/Model v2.10 red.jpg\">"), ["Model v2.10 red.jpg"]);
        // An old name of the host, a blank before the path.
        assert_eq!(found("<img src=\"http://www.shop.acme.com/media/a.jpg\">"), ["perhaps a.jpg"]);
        assert_eq!(found("url( /media/a.jpg )"), ["perhaps a.jpg"]);
        assert_eq!(found("<link href=\"/media/site.webmanifest\">"), ["site.webmanifest"]);
    }

    #[test]
    fn what_is_of_others_or_no_path_is_passed() {
        for text in [
            "<img src=\"http://example.com/files/media/wysiwyg/a.jpg\">",
            "<img src=\"/skin/frontend/media/a.jpg\">",
            "social media/press.html and (print-media/x.de)",
            "<a href=\"/media/\">",
            "<a href=\"/media/catalog\">",
            "multimedia/a.jpg",
            "{{skin url=\"media/banner.jpg\"}} {{view url='media/banner.jpg'}}",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_value_may_be_a_path_itself() {
        let said = |value: &str| bare(value.as_bytes()).map(|it| String::from_utf8_lossy(&it).into_owned());
        assert_eq!(said("promo/xmas.jpg").as_deref(), Some("promo/xmas.jpg"));
        assert_eq!(said("/media/promo/xmas.jpg").as_deref(), Some("promo/xmas.jpg"));
        assert_eq!([said("A sentence."), said("http://x.y/z.jpg"), said("<p>x.jpg")], [None, None, None]);
    }

    #[test]
    fn files_of_custom_options() {
        let mut paths = Vec::new();
        let php = b"a:2:{s:10:\"quote_path\";s:38:\"/media/custom_options/quote/x/y/1f.jpg\";s:10:\"secret_key\";s:2:\"ab\";}";
        option_files(php, &mut |it| paths.push(String::from_utf8_lossy(it).into_owned()));
        option_files(b"{\"order_path\":\"custom_options\\/order\\/x\\/y\\/1f.jpg\"}", &mut |it| {
            paths.push(String::from_utf8_lossy(it).into_owned());
        });
        assert_eq!(paths, ["custom_options/quote/x/y/1f.jpg", "custom_options/order/x/y/1f.jpg"]);
    }

    #[test]
    fn a_text_of_marks_is_scanned_in_one_pass() {
        // Once with names of two thousand letters, once with an end of an address at every comma: minutes, if what
        // was read once is read again for each mark.
        for part in ["media/".to_owned() + &"a".repeat(2000) + "\" ", "media/.jpg?, , , , , , ".repeat(85) + "\" "] {
            let text = "\"".to_owned() + &part.repeat(2000);
            assert!(found(&text).len() <= 200_000);
        }
        assert_eq!(end_of_candidate(b"a.jpg?v=1  2x"), Some(9));
        assert_eq!(end_of_candidate(b"b.d/a.jpg 2x, c"), Some(9));
        assert_eq!(end_of_candidate(b"a, b, c"), None);
    }
}
