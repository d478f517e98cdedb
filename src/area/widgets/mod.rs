//! Widgets: is each of them in Magento 2, and shown where it was?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct Widgets;

impl Area for Widgets {
    fn name(&self) -> &'static str {
        "widgets"
    }

    fn title(&self) -> &'static str {
        "Widgets"
    }

    fn question(&self) -> &'static str {
        "Is every widget of the old store in the new one, and shown where it was?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Widgets, Fact::Stores]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Widgets are matched one to one by title, in passes: with the same type and store views, with the same store \
             views, with the same type, by title alone. Types of Magento 1 are translated by a table; store views are \
             the same if their codes are.",
            "A widget is placed if one of its pages has a layout update that a theme and a store view are linked to. The \
             official tool copies widgets and their pages, and neither the updates nor the links.",
            "A theme is the wrong one if it does not exist, is not one of the storefront, or is used by none of the \
             widget's store views: layout updates are read for the store view's own theme only.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let _ = context;
        let m1 = facts.sides.m1.widgets.get();
        m1.map(|m1| compare::compare(m1, facts)).unwrap_or_default()
    }
}
