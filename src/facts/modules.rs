//! Modules: what an installation's files tell of them, and what they left in its database.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::{Known, Lack};
use crate::magento::modules::module_of_class;
use crate::pair::{Pair, Side};
use crate::source::installation::code::Code;
use crate::source::tables::{Read, Row, Tables};

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

const SETUPS: Pair<Read> = Pair {
    m1: Read::table("core_resource").columns(&["code"]).optional(&["version"]),
    m2: Read::table("setup_module").columns(&["module"]).optional(&["schema_version"]),
};
const PATCHES: Read = Read::table("patch_list").columns(&["patch_name"]);
const JOBS: Read = Read::table("cron_schedule").columns(&["job_code"]);

const SHIPPED: Read = Read::table("sales_flat_order").columns(&["shipping_method"]).optional(&["created_at"]);
const PAID: Read = Read::table("sales_flat_order_payment").columns(&["method"]);

/// More methods than any shop has: what a broken extension writes there does not fill the memory.
const MOST_METHODS: usize = 2_000;

/// Modules that are being read.
#[derive(Default)]
pub(super) struct ModulesReader {
    setups: BTreeMap<String, String>,
    patched: BTreeSet<String>,
    jobs: BTreeSet<String>,
    shipped: BTreeMap<String, Orders>,
    paid: BTreeMap<String, Orders>,
}

impl ModulesReader {
    fn setup(&mut self, row: &Row<'_>) {
        self.setups.insert(row.text("code").unwrap_or_default(), row.text("version").unwrap_or_default());
    }

    fn module(&mut self, row: &Row<'_>) {
        self.setups.insert(row.text("module").unwrap_or_default(), row.text("schema_version").unwrap_or_default());
    }

    fn patch(&mut self, row: &Row<'_>) {
        self.patched.extend(row.text("patch_name").as_deref().and_then(module_of_class));
    }

    fn job(&mut self, row: &Row<'_>) {
        let job = row.bytes("job_code").unwrap_or_default();
        if !self.jobs.iter().any(|it| it.as_bytes() == job) && self.jobs.len() < MOST_METHODS {
            self.jobs.extend(row.text("job_code"));
        }
    }

    fn order(&mut self, row: &Row<'_>) {
        note(&mut self.shipped, row.text("shipping_method"), row.date("created_at"));
    }

    fn payment(&mut self, row: &Row<'_>) {
        note(&mut self.paid, row.text("method"), None);
    }
}

impl FactReader for ModulesReader {
    type Value = Modules;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        match ground.side {
            Side::M1 => vec![
                Ask::optional(SETUPS.m1, Self::setup).never_empty(),
                Ask::optional(JOBS, Self::job),
                Ask::optional(SHIPPED, Self::order),
                Ask::optional(PAID, Self::payment),
            ],
            Side::M2 => vec![Ask::optional(SETUPS.m2, Self::module).never_empty(), Ask::if_there(PATCHES, Self::patch)],
        }
    }

    /// Known if anything of it is.
    fn finish(self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<Modules> {
        let setups = answers.known(&[*SETUPS.of(ground.side)], self.setups);
        if let (Known::Not(lack), Known::Not(_)) = (&setups, &ground.code) {
            return Known::Not(lack.clone());
        }
        Known::Is(Modules {
            code: ground.code.clone(),
            setups,
            has_patch_list: answers.absence(&PATCHES).is_none(),
            patched: self.patched,
            jobs: self.jobs,
            shipped: self.shipped,
            paid: self.paid,
        })
    }

    /// The files alone.
    fn without_database(ground: &Ground<'_>, lack: &Lack) -> Known<Modules> {
        match ground.code.clone() {
            code @ Known::Is(_) => Known::Is(Modules { code, setups: Known::Not(lack.clone()), ..Modules::default() }),
            Known::Not(_) => Known::Not(lack.clone()),
        }
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
