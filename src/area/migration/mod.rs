//! What the migration tool left: in both databases, and by the rules that its operator added.

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome, Setting};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Migration;

impl Area for Migration {
    fn name(&self) -> &'static str {
        "migration"
    }

    fn title(&self) -> &'static str {
        "Traces of the migration"
    }

    fn question(&self) -> &'static str {
        "What did the migration tool leave lying about, which data did its operator tell it to ignore, and which settings did it carry over that hurt?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Configuration, Fact::Tables]
    }

    fn uses(&self) -> &'static [Fact] {
        &[Fact::Stores]
    }

    fn settings(&self) -> &'static [Setting] {
        &[Setting::MigrationConfig]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "The operator's rules are read from --migration-config; without them the tool's own are taken, and nothing can be \
             said of what was ignored beyond them. The tool's own rules are those of all editions for tables, and of \
             opensource-to-opensource 1.9.4.5 for columns and settings.",
            "A column that is ignored counts only if it holds more than defaults.",
            "Triggers are shown only to users with the privilege TRIGGER on the tables: without it change logs are found, and \
             triggers are not.",
            "The storage of media and scheduled designs that were carried over have rules of their own (media_db.mode-carried, \
             design.schedule-broken).",
        ]
    }

    fn compare(&self, facts: &Facts, _: &Context<'_>) -> Outcome {
        compare::compare(facts)
    }
}
