//! Store views, and the address that each side is known by.

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::pair::Pair;
use crate::source::tables::{CellError, Read, Row, Tables};

/// A store view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreView {
    /// Its id, which the migration tool keeps.
    pub id: u64,
    /// Its code, by which the sides are matched.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is open.
    pub is_active: bool,
    /// The website that it belongs to.
    pub website: u64,
}

/// Store views in a finding: their codes, sorted; `all` for the store id 0, which stands for all of
/// them. One that does not exist any more is shown by its id.
pub fn scope(ids: &[u64], stores: &[StoreView]) -> String {
    if ids.contains(&0) {
        return "all".to_owned();
    }
    let code = |id: &u64| stores.iter().find(|it| it.id == *id).map_or_else(|| format!("#{id}"), |it| it.code.clone());
    let mut codes: Vec<String> = ids.iter().map(code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(",")
}

/// `Mage_Core_Model_Resource_Store`, `Magento\Store\Model\ResourceModel\Store`: only the table's name differs.
const STORES: Pair<Read> = Pair {
    m1: Read::table("core_store").columns(&["store_id", "code", "name", "is_active", "website_id"]),
    m2: Read::table("store").columns(&["store_id", "code", "name", "is_active", "website_id"]),
};

/// Store views that are being read.
pub(super) struct StoresReader(Vec<StoreView>);

impl StoresReader {
    fn view(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.0.push(StoreView {
            id: row.id("store_id")?,
            code: row.text("code").unwrap_or_default(),
            name: row.text("name").unwrap_or_default(),
            is_active: row.flag("is_active")?,
            website: row.number("website_id")?.unwrap_or(0),
        });
        Ok(())
    }
}

impl FactReader for StoresReader {
    type Value = Vec<StoreView>;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self(Vec::new())
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        vec![Ask::required(*STORES.of(ground.side), Self::view).never_empty()]
    }

    /// Store views without the administration's, by id.
    fn finish(mut self, _: &mut Answers, _: &Ground<'_>, _: &mut dyn Tables) -> Known<Vec<StoreView>> {
        self.0.retain(|it| it.id != 0);
        self.0.sort_by_key(|it| it.id);
        Known::Is(self.0)
    }
}
