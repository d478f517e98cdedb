//! Media in the database: is anything kept there that Magento 2 has nowhere, and is Magento 2 set to look there?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome, Setting};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct MediaDb;

impl Area for MediaDb {
    fn name(&self) -> &'static str {
        "media_db"
    }

    fn title(&self) -> &'static str {
        "Media in the database"
    }

    fn question(&self) -> &'static str {
        "Does the old store keep media files in its database, and is each of them in the new one?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Stored]
    }

    fn uses(&self) -> &'static [Fact] {
        &[Fact::Media]
    }

    fn settings(&self) -> &'static [Setting] {
        &[Setting::Patterns]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Files in the database are compared by path and BLAKE3 hash: with the files of Magento 1's folder, of \
             Magento 2's folder, and of Magento 2's database. Files of generated folders are never lost.",
            "The synchronisation of Magento 1 follows symbolic links; so does this comparison, by what is written in them, \
             as long as they stay within the folder.",
            "A store without tables for media has none in its database: Magento 2 makes them when they are first used.",
        ]
    }

    fn compare(&self, facts: &Facts, _: &Context<'_>) -> Outcome {
        facts.sides.m1.stored.get().map(|stored| compare::compare(stored, facts)).unwrap_or_default()
    }
}
