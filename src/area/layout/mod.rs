//! Layout updates in the database: is each of Magento 1's in force in Magento 2, in Magento 2's words?

mod cards;
mod compare;
mod loose;
mod partners;
mod rules;
mod subjects;
#[cfg(test)]
mod tests;
mod texts;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Layout;

impl Area for Layout {
    fn name(&self) -> &'static str {
        "layout"
    }

    fn title(&self) -> &'static str {
        "Layout updates in the database"
    }

    fn question(&self) -> &'static str {
        "Do single pages, categories and products look as they were made to look, by layout updates, page layouts and themes of their own?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Layout, Fact::Stores]
    }

    fn uses(&self) -> &'static [Fact] {
        // The themes that exist.
        &[Fact::Design]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "CMS pages are matched by identifier and store views, else by identifier where only one page has it; \
             categories by id, products by SKU, store views by code. Each store view is looked at for itself.",
            "A layout update is done if Magento 2 has one in its own words for the same thing and store view, or a \
             selected file, or, where it only chose a page layout, that page layout. Comments alone are none.",
            "A text is Magento 1's if anything in it means what it says there alone: <reference>, a block's type, \
             <remove name>, actions with other children than <argument>, a handle of Magento 1.",
            "The design of a category or product applies from custom_design_from to custom_design_to, the custom layout \
             of a page from custom_theme_from to custom_theme_to, by the date of the report (UTC). What is over, belongs \
             to something inactive, or to a store view that is gone, is proposed to be dropped.",
            "With Magento Commerce's staging, the version that is shown at the time of the report is compared.",
            "What becomes of each construct is told by tables of names, block types and handles.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let m1 = facts.sides.m1.layout.get().zip(facts.sides.m1.stores.get());
        m1.map(|(layout, stores)| compare::compare(layout, stores, facts, context)).unwrap_or_default()
    }
}
