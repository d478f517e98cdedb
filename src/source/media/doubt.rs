//! Of which kind the hashes of a list are, where their length does not tell.

use std::cmp::Ordering;
use std::io::{self, Read};

use super::beneath::Root;
use super::digest::Algorithm;
use super::listing::{Doubt, Listing};
use crate::pair::{Pair, Side};

/// How many files are read to find out of which kind hashes are.
const PROBES: usize = 16;

/// Finds out of which of two kinds the hashes of a list are, by files that the other side has.
///
/// # Errors
///
/// If the other side cannot be read at all.
pub fn settle_doubt(listings: &mut Pair<Listing>) -> io::Result<()> {
    for side in Side::BOTH {
        let other = listings.of(side.other());
        let can_tell = match listings.of(side).doubt {
            Doubt::None => false,
            Doubt::Named => other.readable().is_some(),
            Doubt::Unknown => true,
        };
        let told = if can_tell { algorithm_of(listings.of(side), other)? } else { None };
        match (told, listings.of(side).doubt) {
            (Some(algorithm), _) => listings.of_mut(side).doubt_is_settled(algorithm),
            // Wrong hashes would make every file a changed one.
            (None, Doubt::Unknown) => listings.of_mut(side).doubt_stays(),
            (None, _) => {}
        }
    }
    Ok(())
}

/// Of which kind the hashes of a list are that have 64 digits, if that can be told.
fn algorithm_of(listing: &Listing, other: &Listing) -> io::Result<Option<Algorithm>> {
    let own = listing.algorithms().into_iter().find(|it| *it != Algorithm::Md5);
    let root = other.readable().and_then(|it| it.root.as_deref()).map(Root::open).transpose()?;
    let known = other.algorithms().into_iter().find(|it| *it != Algorithm::Md5);
    let (mut one, mut of_other) = (listing.cursor(own)?, other.cursor(known)?);
    let (mut has_one, mut has_other) = (one.advance()?, of_other.advance()?);
    let mut probes = 0;
    while has_one && has_other && probes < PROBES {
        let (file, partner) = (one.file(), of_other.file());
        let order = file.order(&partner);
        if let (Ordering::Equal, Some(digest)) = (order, file.digest) {
            let content = root.as_ref().and_then(|it| content(it, partner.path, partner.size));
            probes += usize::from(content.is_some());
            let is = |algorithm: Algorithm| content.as_ref().is_some_and(|it| algorithm.of(it) == digest);
            // What is equal is of the same kind, whichever that is.
            if partner.digest == Some(digest) {
                return Ok(known);
            }
            if let Some(told) = [Algorithm::Blake3, Algorithm::Sha256].into_iter().find(|it| is(*it)) {
                return Ok(Some(told));
            }
        }
        if order.is_le() {
            has_one = one.advance()?;
        }
        if order.is_ge() {
            has_other = of_other.advance()?;
        }
    }
    Ok(None)
}

/// The content of a file that is small enough to be read for a question.
fn content(root: &Root, path: &[u8], size: Option<u64>) -> Option<Vec<u8>> {
    const MOST: u64 = 16 * 1024 * 1024;
    let mut content = Vec::new();
    let (file, _) = root.file(path).ok().filter(|_| size.is_some_and(|it| it <= MOST))?;
    file.take(MOST).read_to_end(&mut content).ok()?;
    Some(content)
}
