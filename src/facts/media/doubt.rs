//! Whether a folder is Magento's media folder at all: one that is not mounted is empty, and a wrong one has nothing that
//! anybody looks for.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::census::Census;
use crate::facts::Snapshot;
use crate::magento::media_folders;
use crate::pair::{Pair, Side};
use crate::source;
use crate::source::media::{Comparison, Listing};

/// Why a side's folder may be another one.
#[derive(Debug)]
pub struct Doubt {
    /// What speaks against it, as a question.
    pub why: String,
    /// Whether a wrong folder would look as if nothing was missing: Magento 1's, of which nobody lacks what it does not
    /// have. A wrong one of Magento 2 lacks everything, which nobody overlooks.
    pub is_gap: bool,
    /// Whether it has files, and all of them are of something else.
    pub is_foreign: bool,
}

/// Why a list is refused that is of something else.
pub(super) fn refusal(side: Side, path: &Path) -> String {
    format!(
        "{} is no list of {side} media: none of its paths is on the other side, in the database, or below a folder of \
         Magento's (catalog, wysiwyg and so on); make it inside of the media folder",
        path.display()
    )
}

/// Words for an empty folder.
fn empty(side: Side) -> String {
    format!("the {side} media folder is empty: is it the right one, and is it mounted?")
}

/// Words for a folder of something else.
fn foreign(side: Side) -> String {
    format!(
        "nothing in the {side} media folder lies where Magento keeps media (catalog, wysiwyg and so on): is it the right one?"
    )
}

/// Doubts a folder whose files were listed and compared.
pub(super) fn of_files(
    side: Side,
    listing: &Listing,
    census: &Census,
    comparison: &Comparison,
    sides: &Pair<Snapshot>,
) -> Option<Doubt> {
    let about = &listing.about;
    let has_nothing_hidden = about.left_out.is_empty() && about.links.is_empty() && about.unreadable.is_empty();
    if about.files == 0 {
        return has_nothing_hidden.then(|| Doubt { why: empty(side), is_gap: side == Side::M1, is_foreign: false });
    }
    let is_known = comparison.parts.iter().any(|(part, it)| {
        let has_files = if side == Side::M1 { it.m1.files > 0 } else { it.m2.files > 0 };
        has_files && media_folders::is_of_magento(part) || it.same.files + it.changed.files + it.elsewhere.files > 0
    });
    let is_left_out_known = about.left_out.keys().any(|it| media_folders::is_of_magento(media_folders::part(it)));
    let are_links_known = about.links.iter().any(|it| media_folders::is_of_magento(media_folders::part(&it.path)));
    if is_known || is_left_out_known || are_links_known || census.is_used(side) {
        return None;
    }
    // Without a database that refers to files, the folder of a shop with few of them looks the same.
    let is_missed = sides.of(side).references.get().is_some_and(|it| it.places() > 0);
    Some(Doubt { why: foreign(side), is_gap: side == Side::M1 && is_missed, is_foreign: true })
}

/// Doubts a folder of which nothing but its own entries is known.
///
/// # Errors
///
/// If it cannot be listed.
pub fn of_folder(side: Side, path: &Path) -> io::Result<Option<Doubt>> {
    let names = source::entry_names(path)?;
    if names.is_empty() {
        return Ok(Some(Doubt { why: empty(side), is_gap: side == Side::M1, is_foreign: false }));
    }
    let is_foreign = !names.iter().any(|it| media_folders::is_of_magento(it.as_bytes()));
    Ok(is_foreign.then(|| Doubt { why: foreign(side), is_gap: false, is_foreign: true }))
}
