//! Files of different names that a database, or a person, takes for the same.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::fate::Found;
use super::listing::Listing;

/// In what two names differ that mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The Unicode normal form.
    Form,
    /// Letter case, and perhaps the form as well.
    Case,
}

impl Difference {
    /// The key by which such names are equal.
    fn key(self, path: &[u8]) -> Cow<'_, [u8]> {
        let lower = |path: &[u8]| match self {
            Self::Case if path.iter().any(u8::is_ascii_uppercase) => Some(path.to_ascii_lowercase()),
            _ => None,
        };
        match std::str::from_utf8(path) {
            Ok(text) if !path.is_ascii() => {
                let normal: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
                Cow::Owned(if self == Self::Case { normal.to_lowercase() } else { normal }.into_bytes())
            }
            // Nearly all names are of this kind, and millions of them are asked for.
            _ => lower(path).map_or(Cow::Borrowed(path), Cow::Owned),
        }
    }
}

/// A file whose name means the same as another path, and in what they differ.
pub type Alike = (Box<[u8]>, Difference);

/// For each path the file of a listing whose name means the same, and in what they differ: in the
/// form alone, if there is such a file.
///
/// The listing is gone through once, and only if there are paths.
pub(super) fn alike(listing: &Listing, paths: &[&[u8]]) -> io::Result<Vec<Option<Alike>>> {
    let mut found: Vec<Option<Alike>> = vec![None; paths.len()];
    if paths.is_empty() {
        return Ok(found);
    }
    let by = |difference: Difference| {
        let mut wanted: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, path) in paths.iter().enumerate() {
            wanted.entry(difference.key(path).into_owned()).or_default().push(at);
        }
        wanted
    };
    let wanted = [Difference::Form, Difference::Case].map(|it| (it, by(it)));
    listing.each(|path, _| {
        for (difference, wanted) in &wanted {
            for &at in wanted.get(&*difference.key(path)).into_iter().flatten() {
                let is_better = match &found[at] {
                    None => true,
                    Some((_, known)) => *known == Difference::Case && *difference == Difference::Form,
                };
                if is_better {
                    found[at] = Some((path.into(), *difference));
                }
            }
        }
    })?;
    Ok(found)
}

/// Pairs of files that differ in this way only, one to one and in path order: their places.
pub(super) fn pairs(difference: Difference, m1: &[Found], m2: &[Found]) -> Vec<(usize, usize)> {
    if m1.is_empty() || m2.is_empty() {
        return Vec::new();
    }
    let mut free: HashMap<Cow<'_, [u8]>, Vec<usize>> = HashMap::new();
    for (at, file) in m2.iter().enumerate().rev() {
        free.entry(difference.key(&file.path)).or_default().push(at);
    }
    let pair = |(at, file): (usize, &Found)| Some((at, free.get_mut(&*difference.key(&file.path))?.pop()?));
    m1.iter().enumerate().filter_map(pair).collect()
}
