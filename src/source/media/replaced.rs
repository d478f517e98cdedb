//! Names that rclone replaces bytes in: those that are not UTF-8, and control characters.

use std::collections::HashMap;
use std::io;

use super::listing::Listing;
use crate::pair::{Pair, Side};

/// What rclone writes for bytes that are not UTF-8.
const REPLACED: char = char::REPLACEMENT_CHARACTER;

/// How rclone writes a name (`lib/encoder`); none if it writes it as it is.
fn as_rclone(name: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(name);
    let is_control = |it: char| it.is_ascii_control();
    if !text.contains(is_control) && std::str::from_utf8(name).is_ok() {
        return None;
    }
    let picture = |it: char| match it {
        '\x7F' => '\u{2421}',
        it if it.is_ascii_control() => char::from_u32(0x2400 + u32::from(it)).unwrap_or(it),
        it => it,
    };
    Some(text.chars().map(picture).collect())
}

/// Whether a path of a list may stand for another one.
fn may_be_replaced(path: &[u8]) -> bool {
    std::str::from_utf8(path)
        .is_ok_and(|it| it.contains(|it: char| it == REPLACED || ('\u{2400}'..='\u{2421}').contains(&it)))
}

/// Gives files of lists the names that the other side has them by, where just one of its files is written so. Returns how
/// many were found on each side.
///
/// # Errors
///
/// If a listing cannot be read.
pub fn settle_replaced_names(listings: &mut Pair<Listing>) -> io::Result<Pair<u64>> {
    let mut settled = Pair::default();
    for side in Side::BOTH {
        let mut replaced: HashMap<Vec<u8>, Option<Vec<u8>>> = HashMap::new();
        if listings.of(side).is_list() {
            listings.of(side).each(|path, _| {
                if may_be_replaced(path) {
                    replaced.insert(path.to_vec(), None);
                }
            })?;
        }
        if replaced.is_empty() {
            continue;
        }
        let mut is_ambiguous = Vec::new();
        listings.of(side.other()).each(|path, _| {
            let Some(written) = as_rclone(path) else { return };
            match replaced.get_mut(written.as_bytes()) {
                Some(Some(_)) => is_ambiguous.push(written),
                Some(name) => *name = Some(path.to_vec()),
                None => {}
            }
        })?;
        for written in is_ambiguous {
            replaced.remove(written.as_bytes());
        }
        let names = replaced.into_iter().filter_map(|(written, name)| Some((written, name?))).collect();
        *settled.of_mut(side) = listings.of_mut(side).rename(&names);
    }
    Ok(settled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_rclone_does() {
        assert_eq!(as_rclone(b"lat\xE9.jpg").as_deref(), Some("lat\u{FFFD}.jpg"));
        assert_eq!(as_rclone(b"nl\nx.jpg").as_deref(), Some("nl\u{240A}x.jpg"));
        assert_eq!(as_rclone("ä b.jpg".as_bytes()), None);
    }
}
