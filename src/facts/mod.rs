//! What is read of one side, each kind once, by its subject and not by who wants it.
//!
//! What differs between the platforms stands in short declarations side by side
//! (`m1.rs`, `m2.rs`) that fill the same types.

pub mod accounts;
pub mod media;
pub mod platform;
pub mod stores;

use serde::{Deserialize, Serialize};

use crate::known::{Known, Lack};
use crate::magento::versions::Platform;
use crate::pair::{Pair, Side};
use crate::source::tables::{CellError, Read, ReadError, Row, Tables};
use crate::store::Store;

pub use accounts::Accounts;
pub use media::MediaFacts;
pub use stores::StoreView;

/// A kind of fact that an area may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Admin users and roles.
    Accounts,
    /// The media folder.
    Media,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The database.
    Database,
    /// The media folder.
    Media,
}

impl Fact {
    /// Where it comes from.
    pub const fn input(self) -> Input {
        match self {
            Self::Accounts => Input::Database,
            Self::Media => Input::Media,
        }
    }
}

/// All facts of one side that can be told without the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Version and edition.
    pub platform: Platform,
    /// Store views.
    pub stores: Known<Vec<StoreView>>,
    /// Admin users and roles.
    pub accounts: Known<Accounts>,
}

impl Snapshot {
    /// A side of which nothing is known, for this reason.
    pub fn unknown(lack: &Lack) -> Self {
        Self { platform: Platform::default(), stores: Known::Not(lack.clone()), accounts: Known::Not(lack.clone()) }
    }

    /// A side that is known to have nothing: Magento 2 in an assessment.
    pub fn empty() -> Self {
        Self { platform: Platform::default(), stores: Known::Is(Vec::new()), accounts: Known::Is(Accounts::default()) }
    }

    /// Reads all facts of a store that its database tells.
    pub fn read(store: &mut Store) -> Self {
        let side = store.side;
        let unknown = |lack: &Lack| Self { platform: store.platform.clone(), ..Self::unknown(lack) };
        let database = match &mut store.database {
            Known::Is(database) => database,
            Known::Not(lack) => return unknown(lack),
        };
        let Some(tables) = database.tables() else {
            return unknown(&Lack::NotGiven("the database was closed before".to_owned()));
        };
        let mut accounts = accounts::gather(side);
        let mut stores = stores::gather(side);
        let mut platform = platform::gather(side, tables);
        gather_all(tables, &mut [&mut accounts, &mut stores, &mut platform]);
        Self {
            platform: store.platform.clone().or(platform.finish()),
            stores: stores.finish(side),
            accounts: accounts.finish(side),
        }
    }
}

/// All facts of both sides.
#[derive(Debug)]
pub struct Facts {
    /// What each side's database tells.
    pub sides: Pair<Snapshot>,
    /// What the media folders have in common.
    pub media: MediaFacts,
    /// Whether there is no Magento 2 to compare with, and everything is work ahead.
    pub is_assessment: bool,
}

impl Facts {
    /// Why a fact of a side is not known.
    pub const fn lack(&self, side: Side, fact: Fact) -> Option<&Lack> {
        match fact {
            Fact::Accounts => self.sides.of(side).accounts.lack(),
            Fact::Media => self.media.known.of(side).lack(),
        }
    }
}

/// A fact that is being read.
trait Gather {
    /// What it reads.
    fn reads(&self) -> Vec<Read>;
    /// Takes a row of one of them.
    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError>;
    /// Takes what became of each of them.
    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>);
}

/// Reads several facts at once: a dump is passed once for all of them.
fn gather_all(tables: &mut dyn Tables, facts: &mut [&mut dyn Gather]) {
    let mut reads = Vec::new();
    let mut owners = Vec::new();
    for (owner, fact) in facts.iter().enumerate() {
        for (which, read) in fact.reads().into_iter().enumerate() {
            reads.push(read);
            owners.push((owner, which));
        }
    }
    let mut unusable: Vec<Option<CellError>> = vec![None; reads.len()];
    let outcomes = tables.read(&reads, &mut |at, row| {
        let (owner, which) = owners[at];
        if let Err(error) = facts[owner].row(which, row) {
            unusable[at].get_or_insert(error);
        }
    });
    let mut by_owner: Vec<Vec<Result<(), ReadError>>> = facts.iter().map(|_| Vec::new()).collect();
    for ((outcome, unusable), (owner, _)) in outcomes.into_iter().zip(unusable).zip(owners) {
        by_owner[owner].push(outcome.and_then(|()| unusable.map_or(Ok(()), |error| Err(error.into()))));
    }
    for (fact, outcomes) in facts.iter_mut().zip(by_owner) {
        fact.outcomes(outcomes);
    }
}

/// Why a fact whose required table was not read is not known.
fn lack_of(side: Side, error: &ReadError) -> Lack {
    let why = format!("{side} database: {error}");
    if error.is_absence() { Lack::NotThere(why) } else { Lack::Failed(why) }
}

/// Every read that this crate declares, by side: what a least-privilege user
/// needs, and what a test looks through for secrets.
pub fn all_reads(side: Side) -> Vec<Read> {
    let mut reads = accounts::gather(side).reads();
    reads.extend(stores::gather(side).reads());
    reads.extend(platform::reads(side));
    reads
}
