//! Version and edition, as far as the database tells them.

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::magento::versions::{self, Platform};
use crate::pair::Side;
use crate::source::tables::{Read, Row, Tables};

/// Setup versions of Magento 1's modules (`Mage_Core_Model_Resource_Setup`).
/// Magento 2.3 and later keep no such list.
const SETUPS: Read = Read::table("core_resource").columns(&["code"]).optional(&["version"]);

/// Patches that were applied, by their classes (`Magento\Framework\Setup\Patch\PatchHistory`). 2.3 and later.
const PATCHES: Read = Read::table("patch_list").columns(&["patch_name"]);

/// A platform that is being read.
#[derive(Default)]
pub(super) struct PlatformReader {
    setups: Vec<(String, String)>,
    patches: Vec<String>,
}

impl PlatformReader {
    fn setup(&mut self, row: &Row<'_>) {
        if let (Some(code), Some(version)) = (row.text("code"), row.text("version")) {
            self.setups.push((code, version));
        }
    }
}

impl FactReader for PlatformReader {
    type Value = Platform;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        match ground.side {
            Side::M1 => vec![Ask::optional(SETUPS, Self::setup)],
            Side::M2 => {
                vec![Ask::if_there(PATCHES, |reader: &mut Self, row| reader.patches.extend(row.text("patch_name")))]
            }
        }
    }

    fn finish(self, _: &mut Answers, ground: &Ground<'_>, tables: &mut dyn Tables) -> Known<Platform> {
        Known::Is(match ground.side {
            Side::M1 => versions::m1_from_setups(&self.setups),
            // What is not there tells nothing in a dump that is cut off, or to a user who may read single tables.
            Side::M2 if ground.is_cut || tables.hides_tables().is_some() => Platform::default(),
            Side::M2 => {
                let has_table = |table: &str| ground.columns(table).is_some();
                let has_column = |table: &str, column: &str| {
                    ground.columns(table).is_some_and(|it| it.iter().any(|name| name == column))
                };
                versions::m2_from_tables(has_table, has_column, &self.patches)
            }
        })
    }
}
