//! Version and edition, as far as the database tells them.

use super::Gather;
use crate::magento::versions::{self, Platform};
use crate::pair::Side;
use crate::source::tables::{CellError, Read, ReadError, Row, Tables};

/// Setup versions of Magento 1's modules (`Mage_Core_Model_Resource_Setup`).
/// Magento 2.3 and later keep no such list.
const SETUPS: Read = Read::table("core_resource").columns(&["code"]).optional(&["version"]);

/// A platform that is being read.
pub(super) struct Reading {
    side: Side,
    of_tables: Platform,
    setups: Vec<(String, String)>,
}

pub(super) fn gather(side: Side, tables: &dyn Tables) -> Reading {
    let columns = |table: &str| tables.schema().columns(&format!("{}{table}", tables.prefix()));
    let has_table = |table: &str| columns(table).is_some();
    let has_column = |table: &str, column: &str| columns(table).is_some_and(|it| it.iter().any(|name| name == column));
    // In a dump that is cut off, what is not there tells nothing.
    let of_tables = if side == Side::M2 && tables.trouble().is_none() {
        versions::m2_from_tables(has_table, has_column)
    } else {
        Platform::default()
    };
    Reading { side, of_tables, setups: Vec::new() }
}

pub(super) fn reads(side: Side) -> Vec<Read> {
    if side == Side::M1 { vec![SETUPS] } else { Vec::new() }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        reads(self.side)
    }

    fn row(&mut self, _: usize, row: &Row<'_>) -> Result<(), CellError> {
        if let (Some(code), Some(version)) = (row.text("code"), row.text("version")) {
            self.setups.push((code, version));
        }
        Ok(())
    }

    fn outcomes(&mut self, _: Vec<Result<(), ReadError>>) {}
}

impl Reading {
    pub(super) fn finish(self) -> Platform {
        match self.side {
            Side::M1 => versions::m1_from_setups(&self.setups),
            Side::M2 => self.of_tables,
        }
    }
}
