//! `magegap decide`: a decision written to a file, whose comments and order stay.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::cli::DecideArgs;
use crate::commands::{World, printed};
use crate::decision;
use crate::error::Error;
use crate::source;

pub(super) fn run(args: &DecideArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let path = &args.file;
    let before = if source::exists(path) {
        source::text_file(path).map_err(|source| Error::Read { path: path.clone(), source })?
    } else {
        String::new()
    };
    let known = decision::find(&before, path)?;
    let after = added(&before, args, path)?;
    // What is written is what the next run reads.
    let decisions = decision::find(&after, path)?;
    let Some(new) = decisions.last() else { return Err(Error::usage("the decision is not in the file")) };
    if let Some(old) = known.iter().find(|it| it.aim() == new.aim()) {
        return Err(Error::usage(format!("{} has decided about {} already", old.place, old.aim())));
    }
    source::replace_file(path, after.as_bytes()).map_err(|source| Error::Write { path: path.clone(), source })?;
    printed(writeln!(world.out, "{}: {}, {}", new.place, new.aim(), new.verdict.code()))?;
    Ok(0)
}

/// The text with the decision at the end of the others.
fn added(before: &str, args: &DecideArgs, path: &Path) -> Result<String, Error> {
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map_or(1, |span| decision::line_of(before, span.start));
        Error::usage(format!("{} line {line}: {}", path.display(), error.message()))
    })?;
    let mut table = Table::new();
    let DecideArgs { fingerprint, rule, subject, scope, decision, reason, by, until, ticket, .. } = args;
    let texts = [
        ("fingerprint", fingerprint.as_deref()),
        ("rule", rule.as_deref()),
        ("subject", subject.as_deref()),
        ("scope", scope.as_deref()),
        ("decision", Some(decision.code())),
        ("reason", Some(reason.as_str())),
        ("by", by.as_deref()),
        ("until", until.as_deref()),
        ("ticket", ticket.as_deref()),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            table.insert(key, value(text));
        }
    }
    let decisions = document.entry("decision").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(decisions) = decisions.as_array_of_tables_mut() else {
        return Err(Error::usage(format!("{}: decision is no list of [[decision]]", path.display())));
    };
    decisions.push(table);
    Ok(document.to_string())
}
