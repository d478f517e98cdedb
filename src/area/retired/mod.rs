//! Retired data: what does the old database keep that Magento 2 has no place for?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Retired;

impl Area for Retired {
    fn name(&self) -> &'static str {
        "retired"
    }

    fn title(&self) -> &'static str {
        "Retired data"
    }

    fn question(&self) -> &'static str {
        "Which data does the old store have for features that Magento 2 does not have: does anybody need them, and does money depend on them?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Tables]
    }

    fn uses(&self) -> &'static [Fact] {
        &[Fact::Recurring, Fact::Stores]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "A table is known by its name first; only then by patterns, and these apply to names that begin like \
             Magento's own, so that the temporary table of an extension is not taken for an index.",
            "A feature is in use if its tables have more rows than the installation itself makes.",
            "Indexes, caches, statistics and temporary tables are made anew by Magento 2: they are counted as tables, and \
             their rows are not. Logs and sessions are counted, and nothing is to be done about them.",
            "A recurring profile is live if its state is active, pending or suspended. The next payment is computed from \
             the first one and its period; the payment provider's own records decide.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        facts.sides.m1.tables.get().map(|tables| compare::compare(tables, facts, context)).unwrap_or_default()
    }
}
