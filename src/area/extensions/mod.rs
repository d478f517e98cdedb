//! Extensions and custom code: what did the old shop have beyond Magento, is it still alive, and
//! what of it does the new shop have?

mod attributes;
mod compare;
mod inventory;
mod life;
mod loose;
mod rules;
mod successor;
mod tables;
#[cfg(test)]
mod tests;

use super::{Area, Context, Outcome};
use crate::facts::{Fact, Facts, TableFacts};
use crate::finding::Rule;

/// What tells of extensions, and shows that they are used; the first is the one that is needed.
const FACTS: &[Fact] = &[
    Fact::Modules,
    Fact::Tables,
    Fact::Attributes,
    Fact::Accounts,
    Fact::Configuration,
    Fact::Content,
    Fact::Credentials,
    Fact::Layout,
    Fact::Widgets,
];

/// The area.
pub(super) struct Extensions;

impl Area for Extensions {
    fn name(&self) -> &'static str {
        "extensions"
    }

    fn title(&self) -> &'static str {
        "Extensions and custom code"
    }

    fn question(&self) -> &'static str {
        "Which extensions and which code of its own did the old shop have, which of it is alive, and what became of its data?"
    }

    fn rules(&self) -> &'static [&'static Rule] {
        rules::ALL
    }

    fn needs(&self) -> &'static [Fact] {
        &FACTS[..1]
    }

    fn uses(&self) -> &'static [Fact] {
        FACTS.split_first().map_or(&[], |(_, used)| used)
    }

    fn issues(&self) -> &'static [&'static Rule] {
        &[&rules::MISSING]
    }

    fn method(&self) -> &'static [&'static str] {
        &[
            "Modules of Magento 1 are those that app/etc/modules declares, those that lie in a code pool without being \
             declared, and those of which only core_resource knows. What comes with Magento is left out.",
            "A table belongs to the module that declares it, or whose setup scripts name it, or after whose name it is named, \
             in this order. A table that no module claims is an orphan.",
            "A module shows evidence of life by rows in its tables, attributes with values, orders sent or paid by it, settings, widgets, blocks in texts \
             and layout updates, rights that roles have, and cron jobs that were scheduled. One without any is proposed to be \
             dropped: look at what it rewrites and observes before.",
            "The module of Magento 2 in its place is taken from a list of widespread extensions; else it is the one of the \
             same name; else, as a guess that leaves the finding open, the one of the same vendor whose name is most alike (Damerau-Levenshtein, \
             0.8 or more), each once. Without an installation folder of Magento 2, modules are known by setup_module and patch_list only.",
            "Verdicts of the inventory: in core now, present, perhaps present (by its name, with the score), switched off, not present (a successor is known), custom (none is \
             known), nothing to replace (the function was taken out). Its column of decisions has what [[decision]] says.",
            "Columns that are none of Magento 1.9.4.5 and hold anything but defaults are an extension's.",
            "A class of an attribute is provided by a module if the first two parts of its name are those of a module that is \
             switched on. Whether the file of the class is there is not looked at.",
        ]
    }

    fn compare(&self, facts: &Facts, context: &Context<'_>) -> Outcome {
        let m1 = &facts.sides.m1;
        let Some(modules) = m1.modules.get() else { return Outcome::default() };
        // Files alone still tell which modules there are.
        let none = TableFacts::default();
        let old = compare::Old {
            modules,
            tables: m1.tables.get().unwrap_or(&none),
            attributes: m1.attributes.get().map_or(&[], Vec::as_slice),
            has_database: m1.tables.get().is_some(),
        };
        compare::compare(&old, facts, context)
    }
}
