//! Media: is every file of Magento 1's media folder where Magento 2 looks for it, with the same content?

mod compare;
mod figures;
mod rules;
#[cfg(test)]
mod tests;
mod usage;

use super::{Area, Context, Outcome, Setting};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Media;

impl Area for Media {
    fn name(&self) -> &'static str {
        "media"
    }

    fn title(&self) -> &'static str {
        "Media files"
    }

    fn question(&self) -> &'static str {
        "Is every file of the old media folder in the new one, under the same path and with the same content?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Media]
    }

    fn uses(&self) -> &'static [Fact] {
        &[Fact::References, Fact::Stored]
    }

    fn settings(&self) -> &'static [Setting] {
        &[Setting::Compare, Setting::IncludeGenerated, Setting::Patterns]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "A file of Magento 1 without its equal at the same path is the first of: changed (same path, other content), \
             Unicode twin, case twin, moved, missing.",
            "Paths are matched before contents, and contents one to one: each path of Magento 2 that has no partner \
             serves one file of Magento 1, in path order. Empty files are never moved.",
            "Folders that are generated or not to be copied on either platform, upload scratch folders (tmp, catalog/tmp, \
             downloadable/tmp), previews (.thumbs*, .renditions), folders of version control and .DS_Store, Thumbs.db \
             and desktop.ini are counted, not compared. Programs in them are still reported.",
            "A file is used if a product's gallery or attribute, a category, a text, a widget, a setting, a download, a \
             customer or an order of either database refers to it. What nothing refers to is called unused only in \
             folders of Magento's own; below wysiwyg that is likely, since extensions use it, too.",
            "A reference is broken if there is no such file; one that differs from a file in letter case or Unicode form \
             alone is a twin. References into folders that are not compared are not judged.",
            "An .htaccess file of Magento 1 is never missing, and Magento 2's own is never extra. Whose it is, is told by \
             its content; a content that is stock on both platforms proves nothing.",
            "A path is shown as text: bytes that are not UTF-8, and control, format and bidirectional characters, are \
             percent-encoded, and a % before two hex digits is shown as %25.",
            "Files that can be read on both sides are compared byte by byte; those of a snapshot or a list by their hashes. \
             Where there are none, and with --compare size, paths and sizes are compared: every verdict is then likely. A \
             file that changes while it is read is said to have changed, and is not judged.",
            "Symbolic links are never followed. Files that lie behind a link, or in a folder that cannot be read, are \
             called neither missing nor extra.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let Some(media) = &facts.media.comparison else {
            return Outcome { gaps: facts.media.gaps.clone(), ..Outcome::default() };
        };
        let mut outcome = compare::compare(media, facts);
        outcome.gaps.extend(context.media_filter.map(str::to_owned));
        outcome
    }
}
