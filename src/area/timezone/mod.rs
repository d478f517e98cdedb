//! Time zones: does the new shop tell the same time, and are the dates of what was copied still right?

mod compare;
mod rules;
mod settings;
mod shift;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct TimeZone;

impl Area for TimeZone {
    fn name(&self) -> &'static str {
        "timezone"
    }

    fn title(&self) -> &'static str {
        "Time zones"
    }

    fn question(&self) -> &'static str {
        "Does every store view tell the time as before, and are the dates of orders, customers and texts still those of the old shop?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Configuration, Fact::Stores]
    }

    fn uses(&self) -> &'static [Fact] {
        &[Fact::Times]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "The time zone of a scope is that of its own setting, else of its website's, else the default; without any it is \
             America/Los_Angeles on both platforms. Only scopes that have a setting of their own in Magento 1 are compared.",
            "Dates are compared row by row, by the key that the migration keeps, over rows that both sides have; both databases \
             are read in UTC. Of a table with more than 200,000 rows a sample is taken: one in a power of two, picked by \
             a number that is made of the key, and the coarser one of both sides.",
            "Rows whose dates differ by what no two time zones do (quarters of an hour, up to 26 hours) are other rows: both \
             shops go on giving out the same keys once the migration was made. They are counted, and not judged.",
            "A column is shifted if at least four of five rows differ by the same time. It is mixed if two offsets of one hour \
             apart make up nine of ten rows and follow one another with the seasons. Fewer than ten rows make it likely, fewer \
             than three a guess.",
        ]
    }

    fn compare(&self, facts: &Facts, _: &Context<'_>) -> Outcome {
        compare::compare(facts)
    }
}
