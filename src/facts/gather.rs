//! Several facts read at once: each table once, whoever asks for it.

use super::Fact;
use crate::known::Lack;
use crate::pair::Side;
use crate::source::tables::{CellError, Read, ReadError, Row, Tables};

/// A fact that is being read.
pub(super) trait Gather {
    /// What it reads.
    fn reads(&self) -> Vec<Read>;
    /// Takes a row of one of them.
    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError>;
    /// Takes what became of each of them.
    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>);
}

/// One who asked for a read: which fact, which of its reads, and the first row that it could not use.
struct Asker {
    fact: usize,
    which: usize,
    unusable: Option<CellError>,
}

/// Reads several facts at once: a dump is passed once for all of them, and what two facts ask
/// for is read once.
pub(super) fn gather_all(tables: &mut dyn Tables, facts: &mut [&mut dyn Gather]) {
    let mut reads: Vec<Read> = Vec::new();
    let mut askers: Vec<Vec<Asker>> = Vec::new();
    for (fact, it) in facts.iter().enumerate() {
        for (which, read) in it.reads().into_iter().enumerate() {
            let asker = Asker { fact, which, unusable: None };
            if let Some(at) = reads.iter().position(|it| *it == read) {
                askers[at].push(asker);
            } else {
                reads.push(read);
                askers.push(vec![asker]);
            }
        }
    }
    let outcomes = tables.read(&reads, &mut |at, row| {
        for asker in &mut askers[at] {
            if let Err(error) = facts[asker.fact].row(asker.which, row) {
                asker.unusable.get_or_insert(error);
            }
        }
    });
    let mut by_fact: Vec<Vec<(usize, Result<(), ReadError>)>> = facts.iter().map(|_| Vec::new()).collect();
    for (outcome, askers) in outcomes.into_iter().zip(askers) {
        for Asker { fact, which, unusable } in askers {
            let unusable = unusable.map_or(Ok(()), |error| Err(error.into()));
            by_fact[fact].push((which, outcome.clone().and(unusable)));
        }
    }
    for (fact, mut outcomes) in facts.iter_mut().zip(by_fact) {
        outcomes.sort_by_key(|(which, _)| *which);
        fact.outcomes(outcomes.into_iter().map(|(_, outcome)| outcome).collect());
    }
}

/// Why a fact whose required table was not read is not known.
pub(super) fn lack_of(side: Side, error: &ReadError) -> Lack {
    let why = format!("{side} database: {error}");
    if error.is_absence() { Lack::NotThere(why) } else { Lack::Failed(why) }
}

/// Reads those of several facts at once that are wanted.
pub(super) fn gather_wanted<const COUNT: usize>(
    tables: &mut dyn Tables,
    facts: [(Fact, &mut dyn Gather); COUNT],
    is_wanted: &dyn Fn(Fact) -> bool,
) {
    let mut wanted: Vec<&mut dyn Gather> =
        facts.into_iter().filter(|(fact, _)| is_wanted(*fact)).map(|(_, it)| it).collect();
    if !wanted.is_empty() {
        gather_all(tables, &mut wanted);
    }
}
