//! Modules: what an installation's files tell of them, and what they left in its database.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Gather, lack_of};
use crate::known::{Known, Lack};
use crate::magento::modules::{is_stock_setup, module_of_class};
use crate::pair::Side;
use crate::source::installation::code::Code;
use crate::source::tables::{CellError, Read, ReadError, Row};

/// Modules of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Modules {
    /// What the files tell.
    pub code: Known<Code>,
    /// Setup resources with their versions (`core_resource`); of Magento 2 modules (`setup_module`).
    pub setups: Known<BTreeMap<String, String>>,
    /// Whether there is a list of patches, as from Magento 2.3 on: then `setup_module` is none of modules.
    #[serde(default)]
    pub has_patch_list: bool,
    /// Modules whose patches were applied (`patch_list`). Magento 2.3 and later.
    pub patched: BTreeSet<String>,
    /// Cron jobs that were scheduled of late (`cron_schedule`).
    pub jobs: BTreeSet<String>,
    /// How many orders were sent by each method of a carrier (`carrier_method`). Magento 1 only.
    #[serde(default)]
    pub shipped: BTreeMap<String, Orders>,
    /// How many orders were paid by each method of payment. Magento 1 only.
    #[serde(default)]
    pub paid: BTreeMap<String, Orders>,
}

/// Orders that used something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// How many.
    pub count: u64,
    /// The day of the latest, if that is known.
    pub newest: Option<Date>,
}

impl Default for Modules {
    /// A side that has none.
    fn default() -> Self {
        Self {
            code: Known::Is(Code::default()),
            setups: Known::Is(BTreeMap::new()),
            has_patch_list: true,
            patched: BTreeSet::new(),
            jobs: BTreeSet::new(),
            shipped: BTreeMap::new(),
            paid: BTreeMap::new(),
        }
    }
}

const M1_SETUPS: Read = Read::table("core_resource").columns(&["code"]).optional(&["version"]);
const M2_SETUPS: Read = Read::table("setup_module").columns(&["module"]).optional(&["schema_version"]);
const PATCHES: Read = Read::table("patch_list").columns(&["patch_name"]);
const JOBS: Read = Read::table("cron_schedule").columns(&["job_code"]);

const SHIPPED: Read = Read::table("sales_flat_order").columns(&["shipping_method"]).optional(&["created_at"]);
const PAID: Read = Read::table("sales_flat_order_payment").columns(&["method"]);

/// More methods than any shop has: what a broken extension writes there does not fill the memory.
const MOST_METHODS: usize = 2_000;

/// Modules that are being read.
pub(super) struct Reading {
    side: Side,
    setups: BTreeMap<String, String>,
    patched: BTreeSet<String>,
    jobs: BTreeSet<String>,
    shipped: BTreeMap<String, Orders>,
    paid: BTreeMap<String, Orders>,
    outcomes: Vec<Result<(), ReadError>>,
}

pub(super) fn gather(side: Side) -> Reading {
    Reading {
        side,
        setups: BTreeMap::new(),
        patched: BTreeSet::new(),
        jobs: BTreeSet::new(),
        shipped: BTreeMap::new(),
        paid: BTreeMap::new(),
        outcomes: Vec::new(),
    }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        match self.side {
            Side::M1 => vec![M1_SETUPS, JOBS, SHIPPED, PAID],
            Side::M2 => vec![M2_SETUPS, PATCHES],
        }
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        match (self.side, which) {
            (Side::M1, 0) => {
                let version = row.text("version").unwrap_or_default();
                self.setups.insert(row.text("code").unwrap_or_default(), version);
            }
            (Side::M1, 1) => {
                let job = row.bytes("job_code").unwrap_or_default();
                if !self.jobs.iter().any(|it| it.as_bytes() == job) && self.jobs.len() < MOST_METHODS {
                    self.jobs.extend(row.text("job_code"));
                }
            }
            (Side::M1, 2) => note(&mut self.shipped, row.text("shipping_method"), row.date("created_at")),
            (Side::M1, _) => note(&mut self.paid, row.text("method"), None),
            (Side::M2, 0) => {
                let version = row.text("schema_version").unwrap_or_default();
                self.setups.insert(row.text("module").unwrap_or_default(), version);
            }
            (Side::M2, _) => self.patched.extend(row.text("patch_name").as_deref().and_then(module_of_class)),
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

fn note(orders: &mut BTreeMap<String, Orders>, method: Option<String>, date: Option<Date>) {
    let Some(method) = method.filter(|it| !it.is_empty()) else { return };
    if orders.len() >= MOST_METHODS && !orders.contains_key(&method) {
        return;
    }
    let found = orders.entry(method).or_default();
    found.count += 1;
    found.newest = found.newest.max(date);
}

impl Reading {
    /// How codes of attributes begin that extensions made: by the first word of their setup resources.
    pub(super) fn vendors(&self) -> Vec<String> {
        let own = self.setups.keys().filter(|it| self.side == Side::M1 && !is_stock_setup(it));
        own.filter_map(|it| Some(it.split_once('_')?.0.to_owned())).collect()
    }

    /// Known if anything of it is.
    pub(super) fn finish(self, code: Known<Code>) -> Known<Modules> {
        let lack = self.outcomes.first().and_then(|it| it.as_ref().err()).map(|it| lack_of(self.side, it));
        if let (Some(lack), Known::Not(_)) = (&lack, &code) {
            return Known::Not(lack.clone());
        }
        let has_patch_list = !self.outcomes.get(1).is_some_and(|it| it.as_ref().is_err_and(ReadError::is_absence));
        let setups = lack.map_or(Known::Is(self.setups), Known::Not);
        Known::Is(Modules {
            code,
            setups,
            has_patch_list,
            patched: self.patched,
            jobs: self.jobs,
            shipped: self.shipped,
            paid: self.paid,
        })
    }

    /// Where there is no database, the files alone.
    pub(super) fn of_code(code: Known<Code>, lack: &Lack) -> Known<Modules> {
        match code {
            Known::Is(_) => Known::Is(Modules { code, setups: Known::Not(lack.clone()), ..Modules::default() }),
            Known::Not(_) => Known::Not(lack.clone()),
        }
    }
}
