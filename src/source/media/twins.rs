//! Files of different names that a database, or a person, takes for the same.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::list::Tree;

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
    fn key(self, path: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(path) else {
            return match self {
                Self::Form => path.to_vec(),
                Self::Case => path.to_ascii_lowercase(),
            };
        };
        let normal: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
        match self {
            Self::Form => normal.into_bytes(),
            Self::Case => normal.to_lowercase().into_bytes(),
        }
    }
}

/// For each path the file of a tree whose name means the same, and in what they differ.
///
/// The tree is gone through once, and only if there are paths.
pub(super) fn alike(tree: &Tree, paths: &[&[u8]]) -> Vec<Option<(usize, Difference)>> {
    let mut found = vec![None; paths.len()];
    for difference in [Difference::Form, Difference::Case] {
        let mut wanted: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, path) in paths.iter().enumerate().filter(|(at, _)| found[*at].is_none()) {
            wanted.entry(difference.key(path)).or_default().push(at);
        }
        if wanted.is_empty() {
            break;
        }
        for file in 0..tree.len() {
            for at in wanted.get(&difference.key(tree.path(file))).into_iter().flatten() {
                found[*at].get_or_insert((file, difference));
            }
        }
    }
    found
}

/// Pairs of paths that differ in this way only, one to one and in path order.
pub(super) fn pairs<'a>(
    difference: Difference,
    mut m1: std::iter::Peekable<impl Iterator<Item = (usize, &'a [u8])>>,
    m2: impl DoubleEndedIterator<Item = (usize, &'a [u8])>,
) -> Vec<(usize, usize)> {
    if m1.peek().is_none() {
        return Vec::new();
    }
    let mut free: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    for (at, path) in m2.rev() {
        free.entry(difference.key(path)).or_default().push(at);
    }
    if free.is_empty() {
        return Vec::new();
    }
    m1.filter_map(|(at, path)| Some((at, free.get_mut(&difference.key(path))?.pop()?))).collect()
}
