//! Design: does every store view of Magento 2 look like a shop of its own, and can it load its design at all?

mod compare;
mod folders;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Design;

impl Area for Design {
    fn name(&self) -> &'static str {
        "design"
    }

    fn title(&self) -> &'static str {
        "Design"
    }

    fn question(&self) -> &'static str {
        "Has every store view a theme of its own again, and does anything scheduled or configured in the old store break or get lost?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Design, Fact::Stores]
    }

    fn uses(&self) -> &'static [Fact] {
        &[Fact::Layout, Fact::Widgets]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "The theme of a store view is that of its own setting, else of its website's, else the default; an empty \
             setting counts as none. Magento 2 without any setting shows Magento/luma.",
            "A theme of Magento 1 is customised if its package and theme, or one of its themes for templates, layout or \
             skin, do not come with Magento. Changes within a theme that does come with Magento are not seen here.",
            "A theme of Magento 1 is used if a store view that is open shows it by its configuration, or by an exception for some \
             browsers; if a scheduled design that is in force or to come names it; or if an active CMS page, category or product \
             has it and its time is not over. A theme that such a theme builds on is used, too. Widgets and layout links only \
             name a theme: they are seen where it is used.",
            "A scheduled design is in force from its first to its last day, both included, by the date of the report (UTC).",
            "A setting is lost if Magento 1 has a value for a scope and Magento 2 has no row for it, renamed paths \
             included. Other values are not compared: they may have been changed on purpose.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let m1 = facts.sides.m1.design.get().zip(facts.sides.m1.stores.get());
        m1.map(|(design, stores)| compare::compare(design, stores, facts, context)).unwrap_or_default()
    }
}
