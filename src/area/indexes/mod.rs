//! Indexes: does the new store find and sell what the migration put into its database?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Indexes;

impl Area for Indexes {
    fn name(&self) -> &'static str {
        "indexes"
    }

    fn title(&self) -> &'static str {
        "Indexes"
    }

    fn question(&self) -> &'static str {
        "Are the indexes of the new store built from the data that the migration brought?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Indexers]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Indexes are never migrated: Magento 2 builds them from its own tables. Before the migration there is nothing to \
             check.",
            "The state of an indexer is what its table says, and not computed again: an index that is called valid may \
             still be older than the migration if a program wrote past Magento.",
        ]
    }

    fn compare(&self, facts: &Facts, _: &Context<'_>) -> Outcome {
        if facts.is_assessment {
            let why = "there is no Magento 2 yet, whose indexes could be looked at".to_owned();
            return Outcome { gaps: vec![why], ..Outcome::default() };
        }
        facts.sides.m2.indexers.get().map(|it| compare::compare(it)).unwrap_or_default()
    }
}
