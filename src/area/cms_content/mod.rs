//! Content: is every page and block there, and does what stands between their words still work?

mod compare;
mod rules;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts};
use crate::finding::Rule;

/// The area.
pub(super) struct CmsContent;

impl Area for CmsContent {
    fn name(&self) -> &'static str {
        "cms_content"
    }

    fn title(&self) -> &'static str {
        "CMS content"
    }

    fn question(&self) -> &'static str {
        "Is every page and block in the new store, and does everything in their texts still work?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &[Fact::Content, Fact::Stores]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Pages and blocks are looked for by identifier, for each store view that had them and is open: one for the store \
             view or for all will do, so that one that was split or merged is not missing; one without store views is shown \
             nowhere. Templates of e-mails and newsletters are matched by code, categories by id, products by SKU, store views \
             by code.",
            "Of each text the directives widget, block and skin are counted. A widget is lost if Magento 2's text has fewer \
             of its type, aliases of Magento 1 counted as well; one of an extension, if no widget is left over for it.",
            "A directive is dead if it is {{skin}}, or names a type of Magento 1, which has a slash where a class has \
             backslashes.",
            "The official tool copies pages and blocks: without Magento 2 they are not said to be missing, and directives \
             are judged by what the tool makes of them.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let _ = context;
        let m1 = facts.sides.m1.content.get().zip(facts.sides.m1.stores.get());
        m1.map(|(content, stores)| compare::compare(content, stores, facts, context)).unwrap_or_default()
    }
}
