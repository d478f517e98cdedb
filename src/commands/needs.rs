//! `docs/needs.md`: what each area needs, and what a least-privilege user has to be granted.

use std::fmt::Write;

use crate::area;
use crate::facts::{Declared, Fact, Input, declared};
use crate::pair::Side;

/// The page, from the list of areas and the list of facts.
pub fn documentation() -> String {
    let mut text = "# What each area needs\n\nMade from the lists of areas and facts; a test fails when this file is not \
                    what they say.\n\n\
                    What was not given, or is not in what was given, is never taken for empty. A table that is not there \
                    makes the areas that need it not checked, and those that use it checked in part. A table whose rows were \
                    left out (`n98-magerun db:dump --strip`, `mysqldump --no-data`), or a column that the user may not read, \
                    does the same, and the run ends with 2 unless `--accept-gaps` says that this is known.\n\n\
                    A dump's empty table was emptied if its definition says that it had rows (`AUTO_INCREMENT` above 1), if \
                    every store has some, or if rows of other tables tell that there were some. A server's empty table is \
                    believed, but for the last two.\n"
        .to_owned();
    for area in area::ALL {
        write!(text, "\n## {}\n\n{}\n\n", area.name(), area.question()).expect("a String takes everything");
        let facts = [("needs", area.needs()), ("uses", area.uses())];
        for (word, facts) in facts.into_iter().filter(|(_, it)| !it.is_empty()) {
            let names: Vec<String> = facts.iter().map(|it| named(*it)).collect();
            writeln!(text, "- It {word}: {}", names.join(", ")).expect("a String takes everything");
        }
    }
    text.push_str("\n# What each fact is made of\n\nColumns in brackets are those that not every version has.\n");
    let of_sides = Side::BOTH.map(|side| (side, declared(side)));
    for fact in Fact::ALL.iter().copied().filter(|it| it.input() == Input::Database) {
        write!(text, "\n## Fact: {}\n\n", fact.name()).expect("a String takes everything");
        let rows = of_sides.iter().flat_map(|(side, all)| {
            let own = all.iter().filter(|(of, _)| *of == fact).flat_map(|(_, it)| it);
            own.map(|it| row(*side, it))
        });
        let rows: String = rows.collect();
        if rows.is_empty() {
            text.push_str(
                "Rows are counted of tables that are found, as far as no other fact reads them. A user who may read single \
                 tables only sees no others: grant SELECT on the database, and TRIGGER for what the migration left.\n",
            );
        } else {
            write!(text, "| side | table | columns | without it |\n|---|---|---|---|\n{rows}")
                .expect("a String takes everything");
        }
    }
    text
}

/// A fact, with a link to what it is made of.
fn named(fact: Fact) -> String {
    match fact.input() {
        Input::Database => format!("[{}](#fact-{})", fact.name(), fact.name().replace(' ', "-")),
        Input::Media => "the media folder".to_owned(),
    }
}

fn row(side: Side, it: &Declared) -> String {
    let required = it.read.required_columns();
    let columns: Vec<String> = it
        .read
        .touched_columns()
        .map(|name| {
            if required.contains(&name) || !it.read.column_names().any(|own| own == name) {
                format!("`{name}`")
            } else {
                format!("[`{name}`]")
            }
        })
        .collect();
    let rows = if it.is_never_empty { "; every store has rows" } else { "" };
    format!("| {side} | `{}` | {} | {}{rows} |\n", it.read.name(), columns.join(" "), it.without())
}
