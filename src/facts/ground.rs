//! What facts stand on besides rows: the side, the shape of its database, and what its files tell.

use std::collections::BTreeSet;

use crate::known::{Known, Lack};
use crate::magento::migration::MigrationMap;
use crate::pair::Side;
use crate::source::installation::code::Code;
use crate::source::installation::themes::ThemeFolders;
use crate::source::tables::{Schema, Tables};

/// What is known of a side before a row is read.
pub(super) struct Ground<'a> {
    pub(super) side: Side,
    /// The tables, with the store's prefix on them.
    pub(super) schema: Schema,
    pub(super) prefix: String,
    /// Whether the database is not whole, so that a table that is not there may have been there.
    pub(super) is_cut: bool,
    pub(super) code: Known<Code>,
    pub(super) themes: Known<ThemeFolders>,
    /// Names of the files with layout updates that can be selected, if an installation was given.
    pub(super) layout_files: Option<&'a BTreeSet<String>>,
    /// The operator's rules of the migration tool.
    pub(super) migration: Option<&'a MigrationMap>,
}

impl Ground<'_> {
    /// A side of which nothing is known but which one it is.
    pub(super) fn bare(side: Side) -> Self {
        let lack = || Lack::NotGiven(format!("no {side} installation folder was given"));
        Self {
            side,
            schema: Schema::default(),
            prefix: String::new(),
            is_cut: false,
            code: Known::Not(lack()),
            themes: Known::Not(lack()),
            layout_files: None,
            migration: None,
        }
    }

    /// With the shape of a database.
    pub(super) fn with_tables(self, tables: &dyn Tables) -> Self {
        Self {
            schema: tables.schema().clone(),
            prefix: tables.prefix().to_owned(),
            is_cut: tables.trouble().is_some(),
            ..self
        }
    }

    /// The columns of a table, which is named without prefix.
    pub(super) fn columns(&self, table: &str) -> Option<&[String]> {
        self.schema.columns(&format!("{}{table}", self.prefix))
    }

    /// The tables, without prefix. Those of others in the same database are left out.
    pub(super) fn table_names(&self) -> impl Iterator<Item = &str> {
        self.schema.table_names().filter_map(|it| it.strip_prefix(self.prefix.as_str()))
    }
}
