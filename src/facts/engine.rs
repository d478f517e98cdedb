//! Facts as they are declared, and the one engine that reads them.
//!
//! A fact has a [`FactReader`]: it lists what it asks of the database, each [`Ask`] beside the function that takes its
//! rows, and makes its value of what it took. Everything else follows from that list: what is read together, what
//! cannot be known, what a least-privilege user needs, and what the tests for secrets look through.

use super::Ground;
use crate::known::{Known, Lack};
use crate::pair::Side;
use crate::source::tables::{CellError, Condition, Ids, Read, ReadError, Row, Tables};

/// A fact that is being read.
pub(super) trait FactReader: Sized {
    /// What comes of it.
    type Value;

    /// Whether it is read even if nobody wants it: facts of a few rows, of which reports show some.
    const IS_SMALL: bool = false;

    /// Nothing of it has been read yet.
    fn begin(ground: &Ground<'_>) -> Self;

    /// All that it may ask, in the order in which what is lacking is told.
    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>>;

    /// Called after each pass over the database, before anything else is asked.
    fn passed(&mut self, answers: &Answers) {
        let _ = answers;
    }

    /// Reads whose rows were left out of what was given, each with what tells that there were some.
    fn emptied(&self) -> Vec<(Read, String)> {
        Vec::new()
    }

    /// What comes of it, now that everything was answered and nothing required is lacking.
    fn finish(self, answers: &mut Answers, ground: &Ground<'_>, tables: &mut dyn Tables) -> Known<Self::Value>;

    /// What comes of it where there is no database to ask.
    fn without_database(ground: &Ground<'_>, lack: &Lack) -> Known<Self::Value> {
        let _ = ground;
        Known::Not(lack.clone())
    }
}

/// What is to be said if a read fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Nothing can be said without it.
    Required,
    /// What depends on it is not known.
    Optional,
    /// Some versions or editions have no such table: where it is not there, it is empty.
    IfThere,
    /// Older versions have no such feature: what it tells is not known there, and nobody misses it.
    OfNewer,
}

/// What a taker of rows gives back: nothing, or that a row cannot be used.
pub(super) trait Taken {
    fn outcome(self) -> Result<(), CellError>;
}

impl Taken for () {
    fn outcome(self) -> Result<(), CellError> {
        Ok(())
    }
}

impl Taken for Result<(), CellError> {
    fn outcome(self) -> Self {
        self
    }
}

type Take<R> = Box<dyn Fn(&mut R, &Row<'_>) -> Result<(), CellError>>;
type Tell<R, T> = Box<dyn Fn(&R) -> T>;

/// A read, and what is done with its rows.
pub(super) struct Ask<R> {
    read: Read,
    need: Need,
    after: Vec<Read>,
    among: Option<Among<R>>,
    is_wanted: Option<Tell<R, bool>>,
    /// Whether every store has rows there.
    is_never_empty: bool,
    /// Reads of which at least one has no rows where there are none here.
    beside: Vec<Read>,
    /// Whether that is believed only of a table that may have been left out of a dump.
    is_believed_empty: bool,
    take: Take<R>,
}

/// A column whose value must be one of some ids that other reads tell.
struct Among<R> {
    column: &'static str,
    ids: Tell<R, Vec<u64>>,
}

impl<R> Ask<R> {
    fn new<T: Taken>(read: Read, need: Need, take: impl Fn(&mut R, &Row<'_>) -> T + 'static) -> Self {
        let take: Take<R> = Box::new(move |reader, row| take(reader, row).outcome());
        Self {
            read,
            need,
            after: Vec::new(),
            among: None,
            is_wanted: None,
            is_never_empty: false,
            beside: Vec::new(),
            is_believed_empty: false,
            take,
        }
    }

    /// Without this read nothing of the fact is known.
    pub(super) fn required<T: Taken>(read: Read, take: impl Fn(&mut R, &Row<'_>) -> T + 'static) -> Self {
        Self::new(read, Need::Required, take)
    }

    /// Without this read what depends on it is not known.
    pub(super) fn optional<T: Taken>(read: Read, take: impl Fn(&mut R, &Row<'_>) -> T + 'static) -> Self {
        Self::new(read, Need::Optional, take)
    }

    /// A table that only some versions or editions have: where it is not there, there is nothing in it.
    pub(super) fn if_there<T: Taken>(read: Read, take: impl Fn(&mut R, &Row<'_>) -> T + 'static) -> Self {
        Self::new(read, Need::IfThere, take)
    }

    /// A table of a feature that older versions do not have, if nothing of it is there: what it tells is not known then,
    /// and nobody misses it.
    pub(super) fn of_newer(mut self, has_feature: bool) -> Self {
        self.need = if has_feature { self.need } else { Need::OfNewer };
        self
    }

    /// Asked once other reads of the same fact were answered, since their rows tell what to ask for.
    pub(super) fn after(mut self, reads: &[Read]) -> Self {
        self.after.extend_from_slice(reads);
        self
    }

    /// Only rows whose column is one of these ids, however many there are.
    pub(super) fn among(mut self, column: &'static str, ids: impl Fn(&R) -> Vec<u64> + 'static) -> Self {
        self.among = Some(Among { column, ids: Box::new(ids) });
        self
    }

    /// Every store has rows there: without one it is not an empty store, but a structure whose rows were left out.
    /// Of a read with a condition no such thing can be said.
    pub(super) fn never_empty(mut self) -> Self {
        assert!(self.read.condition().is_none(), "other rows of the table {} may be there", self.read.name());
        self.is_never_empty = true;
        self
    }

    /// Every store that has rows of all these other reads has rows there, too.
    pub(super) fn never_empty_beside(mut self, reads: &[Read]) -> Self {
        self.beside = reads.to_vec();
        self
    }

    /// As [`never_empty_beside`](Self::never_empty_beside), unless it is known that the table has no rows: a table of links,
    /// whose own definition does not tell that there were any.
    pub(super) fn rarely_empty_beside(self, reads: &[Read]) -> Self {
        Self { is_believed_empty: true, ..self.never_empty_beside(reads) }
    }

    /// Not asked if what was read before shows that it is not needed.
    pub(super) fn only_if(mut self, is_wanted: impl Fn(&R) -> bool + 'static) -> Self {
        self.is_wanted = Some(Box::new(is_wanted));
        self
    }
}

/// What became of what a fact has asked.
#[derive(Debug)]
pub(super) struct Answers {
    side: Side,
    /// In the order in which it was asked.
    of_asks: Vec<Answer>,
    /// What else is not known of the fact.
    gaps: Vec<Lack>,
}

#[derive(Clone, Debug)]
struct Answer {
    read: Read,
    need: Need,
    rows: u64,
    /// None as long as it is not answered.
    outcome: Option<Result<(), ReadError>>,
    /// That a table which only some have is not there.
    absence: Option<ReadError>,
}

impl Answer {
    fn error(&self) -> Option<&ReadError> {
        self.outcome.as_ref()?.as_ref().err()
    }
}

impl Answers {
    /// Why a read told nothing; none if it did, was not needed, or is not one of this fact.
    pub(super) fn error(&self, read: &Read) -> Option<&ReadError> {
        self.of_asks.iter().filter(|it| it.read == *read).find_map(Answer::error)
    }

    /// That a table which only some versions or editions have is not there.
    pub(super) fn absence(&self, read: &Read) -> Option<Lack> {
        let own = self.of_asks.iter().filter(|it| it.read == *read);
        own.filter_map(|it| it.absence.as_ref()).map(|it| lack_of(self.side, it)).next()
    }

    /// Whether all of these reads were answered.
    pub(super) fn are_there(&self, reads: &[Read]) -> bool {
        self.of_asks.iter().filter(|it| reads.contains(&it.read)).all(|it| it.outcome.is_some())
    }

    /// Why what a read tells is not known.
    pub(super) fn lack(&self, read: &Read) -> Option<Lack> {
        self.error(read).map(|it| lack_of(self.side, it))
    }

    /// Something, if all of these reads told what they could.
    pub(super) fn known<T>(&self, reads: &[Read], value: T) -> Known<T> {
        reads.iter().find_map(|read| self.lack(read)).map_or(Known::Is(value), Known::Not)
    }

    /// Whether one of these reads told less than there is.
    pub(super) fn has_gap(&self, reads: &[Read]) -> bool {
        reads.iter().any(|it| self.error(it).is_some())
    }

    /// Something else is not known of the fact, whatever areas make of that.
    pub(super) fn tell_gap(&mut self, lack: Lack) {
        self.gaps.push(lack);
    }

    /// What of the fact is not known, whether or not the fact itself is; each reason once.
    fn into_gaps(self) -> Vec<Lack> {
        let mut gaps: Vec<Lack> = Vec::new();
        let own = self.of_asks.iter().filter_map(|it| Some((it.need, it.error()?)));
        let own = own.filter(|(need, error)| match need {
            // That a required table is not there, or cannot be read, is why the whole fact is not known.
            Need::Required => error.is_not_whole(),
            Need::OfNewer => !error.is_absence() && !error.is_denial(),
            Need::Optional | Need::IfThere => true,
        });
        for lack in own.map(|(_, error)| lack_of(self.side, error)).chain(self.gaps.iter().cloned()) {
            if !gaps.contains(&lack) {
                gaps.push(lack);
            }
        }
        gaps
    }

    /// A table that was read turns out to be without the rows that it had.
    fn empty(&mut self, at: usize, evidence: String) {
        let table = self.of_asks[at].read.name().to_owned();
        self.of_asks[at].outcome = Some(Err(ReadError::Emptied { table, evidence, next_key: None }));
    }

    /// The first required read that failed.
    fn required_lack(&self) -> Option<Lack> {
        let mut required = self.of_asks.iter().filter(|it| it.need == Need::Required);
        required.find_map(Answer::error).map(|it| lack_of(self.side, it))
    }
}

/// Why a fact whose required table was not read is not known.
pub(super) fn lack_of(side: Side, error: &ReadError) -> Lack {
    let why = format!("{side} database: {error}");
    match error {
        it if it.is_absence() => Lack::NotThere(why),
        it if it.is_not_whole() => Lack::NotWhole(why),
        _ => Lack::Failed(why),
    }
}

/// A fact of any kind, as the engine sees it.
pub(super) trait Gather {
    /// How many asks there are.
    fn len(&self) -> usize;
    /// An ask that is not answered yet.
    fn pending(&self, ask: usize) -> Option<Pending>;
    /// The reads that an ask stands for; none if it turned out not to be needed.
    fn reads(&self, ask: usize) -> Vec<Read>;
    /// Takes a row of one of them.
    fn row(&mut self, ask: usize, row: &Row<'_>) -> Result<(), CellError>;
    /// Takes what became of them all.
    fn answered(&mut self, ask: usize, outcome: Result<(), ReadError>);
    /// A pass is over.
    fn passed(&mut self);
    /// Everything was answered: finds out which tables are empty and cannot be, each with what tells that.
    fn settle(&mut self, tables: &dyn Tables) -> Vec<(&'static str, String)>;
    /// A table is empty that cannot be, whoever found that out.
    fn emptied(&mut self, table: &str, evidence: &str);
}

/// An ask that is not answered yet.
pub(super) struct Pending {
    read: Read,
    /// Whether all that it waits for was answered.
    is_ready: bool,
    /// Whether somebody else may ask for just the same rows.
    is_shared: bool,
}

/// A fact that is being read, with its asks and what became of them.
pub(super) struct Gathering<R> {
    reader: R,
    asks: Vec<Ask<R>>,
    answers: Answers,
}

impl<R: FactReader> Gathering<R> {
    /// Nothing has been asked yet.
    pub(super) fn begin(ground: &Ground<'_>) -> Self {
        let asks = R::asks(ground);
        for awaited in asks.iter().flat_map(|it| &it.after) {
            assert!(asks.iter().any(|it| it.read == *awaited), "nobody asks for the table {}", awaited.name());
        }
        let answer = |it: &Ask<R>| Answer { read: it.read, need: it.need, rows: 0, outcome: None, absence: None };
        let answers = Answers { side: ground.side, of_asks: asks.iter().map(answer).collect(), gaps: Vec::new() };
        Self { reader: R::begin(ground), asks, answers }
    }

    /// The fact, or why it is not known; and what of it is not known, either way.
    pub(super) fn finish(mut self, ground: &Ground<'_>, tables: &mut dyn Tables) -> (Known<R::Value>, Vec<Lack>) {
        let value = match self.answers.required_lack() {
            Some(lack) => Known::Not(lack),
            None => self.reader.finish(&mut self.answers, ground, tables),
        };
        (value, self.answers.into_gaps())
    }
}

impl<R: FactReader> Gather for Gathering<R> {
    fn len(&self) -> usize {
        self.asks.len()
    }

    fn pending(&self, ask: usize) -> Option<Pending> {
        let Ask { read, after, among, .. } = &self.asks[ask];
        let is_open = self.answers.of_asks[ask].outcome.is_none();
        let is_ready = self.answers.are_there(after);
        is_open.then_some(Pending { read: *read, is_ready, is_shared: among.is_none() })
    }

    fn reads(&self, ask: usize) -> Vec<Read> {
        let Ask { read, among, is_wanted, .. } = &self.asks[ask];
        if is_wanted.as_ref().is_some_and(|it| !it(&self.reader)) {
            return Vec::new();
        }
        let Some(Among { column, ids }) = among else { return vec![*read] };
        Ids::groups(&ids(&self.reader)).map(|it| read.only(column, Condition::OneOf(it))).collect()
    }

    fn row(&mut self, ask: usize, row: &Row<'_>) -> Result<(), CellError> {
        self.answers.of_asks[ask].rows += 1;
        (self.asks[ask].take)(&mut self.reader, row)
    }

    fn answered(&mut self, ask: usize, outcome: Result<(), ReadError>) {
        let answer = &mut self.answers.of_asks[ask];
        match outcome {
            Err(error) if answer.need == Need::IfThere && (error.is_absence() || error.is_denial()) => {
                answer.absence = Some(error);
                answer.outcome = Some(Ok(()));
            }
            Err(ReadError::NoTable { table }) if self.asks[ask].is_never_empty => {
                answer.outcome = Some(Err(ReadError::LeftOut { table }));
            }
            outcome => answer.outcome = Some(outcome),
        }
    }

    fn emptied(&mut self, table: &str, evidence: &str) {
        for at in 0..self.answers.of_asks.len() {
            let Answer { read, rows, absence, .. } = &self.answers.of_asks[at];
            if read.name() == table && *rows == 0 && absence.is_none() && self.answers.of_asks[at].error().is_none() {
                self.answers.empty(at, evidence.to_owned());
            }
        }
    }

    fn settle(&mut self, tables: &dyn Tables) -> Vec<(&'static str, String)> {
        let mut emptied = Vec::new();
        let rows = |answers: &Answers, read: &Read| -> u64 {
            answers.of_asks.iter().filter(|it| it.read == *read).map(|it| it.rows).sum()
        };
        for (at, ask) in self.asks.iter().enumerate() {
            let answer = &self.answers.of_asks[at];
            let evidence = match ask.beside.last() {
                _ if answer.rows > 0 || answer.absence.is_some() || answer.error().is_some() => continue,
                _ if ask.is_never_empty => "every store has some".to_owned(),
                Some(_) if ask.is_believed_empty && tables.is_surely_empty(ask.read.name()) => continue,
                Some(other) if ask.beside.iter().all(|it| rows(&self.answers, it) > 0) => {
                    format!("the table {} has some", other.name())
                }
                _ => continue,
            };
            emptied.push((ask.read.name(), evidence));
        }
        emptied.extend(self.reader.emptied().into_iter().map(|(read, evidence)| (read.name(), evidence)));
        emptied
    }

    fn passed(&mut self) {
        self.reader.passed(&self.answers);
    }
}

/// All that a fact may ask, by the side alone.
pub(super) fn declared_by<R: FactReader>(ground: &Ground<'_>) -> Vec<Declared> {
    let declared = |it: Ask<R>| Declared { read: it.read, need: it.need, is_never_empty: it.is_never_empty };
    R::asks(ground).into_iter().map(declared).collect()
}

/// A read of a fact, and what it means if nothing comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The read.
    pub read: Read,
    need: Need,
    /// Whether every store has rows there.
    pub is_never_empty: bool,
}

impl Declared {
    /// What becomes of the fact if the table is not there, in words.
    pub const fn without(&self) -> &'static str {
        match self.need {
            Need::Required => "nothing of it is known",
            Need::Optional => "what rests on it is not known",
            Need::IfThere => "it is taken for empty: not every store has it",
            Need::OfNewer => "nothing of the kind is there, if all tables of the feature are missing",
        }
    }
}

/// An ask whose turn has come: of which fact, which of its asks, and the first row that it could not use.
struct Asker {
    fact: usize,
    ask: usize,
    unusable: Option<CellError>,
}

/// Asks until nobody has anything left to ask: a dump is passed once for all that can be asked together, and what two
/// facts ask for is read once.
pub(super) fn gather(tables: &mut dyn Tables, facts: &mut [&mut dyn Gather]) {
    loop {
        let now = due(facts);
        if now.is_empty() {
            for fact in &mut *facts {
                let is_open = (0..fact.len()).any(|ask| fact.pending(ask).is_some());
                assert!(!is_open, "two asks wait for each other");
            }
            let emptied: Vec<(&str, String)> = facts.iter_mut().flat_map(|it| it.settle(tables)).collect();
            for (table, evidence) in &emptied {
                for fact in &mut *facts {
                    fact.emptied(table, evidence);
                }
            }
            return;
        }
        pass(tables, facts, &now);
        for fact in &mut *facts {
            fact.passed();
        }
    }
}

/// The asks of the next pass: those whose turn has come, but for reads that somebody else will ask for later as well.
fn due(facts: &[&mut dyn Gather]) -> Vec<(usize, usize)> {
    let mut ready: Vec<(usize, usize, Pending)> = Vec::new();
    let mut later: Vec<Read> = Vec::new();
    for (at, fact) in facts.iter().enumerate() {
        for (ask, pending) in (0..fact.len()).filter_map(|ask| Some((ask, fact.pending(ask)?))) {
            if pending.is_ready {
                ready.push((at, ask, pending));
            } else if pending.is_shared {
                later.push(pending.read);
            }
        }
    }
    let is_put_off = |pending: &Pending| pending.is_shared && later.contains(&pending.read);
    let place = |(fact, ask, _): &(usize, usize, Pending)| (*fact, *ask);
    let now: Vec<(usize, usize)> = ready.iter().filter(|(.., it)| !is_put_off(it)).map(place).collect();
    // Where everybody waits for another, all go on.
    if now.is_empty() { ready.iter().map(place).collect() } else { now }
}

/// One pass over the database.
fn pass(tables: &mut dyn Tables, facts: &mut [&mut dyn Gather], now: &[(usize, usize)]) {
    let mut reads: Vec<Read> = Vec::new();
    let mut askers: Vec<Vec<Asker>> = Vec::new();
    for &(fact, ask) in now {
        for read in facts[fact].reads(ask) {
            let asker = Asker { fact, ask, unusable: None };
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
            if let Err(error) = facts[asker.fact].row(asker.ask, row) {
                asker.unusable.get_or_insert(error);
            }
        }
    });
    // An ask stands for several reads where it has many ids: the first trouble is that of all.
    let mut told: Vec<Result<(), ReadError>> = now.iter().map(|_| Ok(())).collect();
    for (outcome, askers) in outcomes.into_iter().zip(askers) {
        for Asker { fact, ask, unusable } in askers {
            let unusable = unusable.map_or(Ok(()), |error| Err(error.into()));
            let Some(at) = now.iter().position(|it| *it == (fact, ask)) else { continue };
            if told[at].is_ok() {
                told[at] = outcome.clone().and(unusable);
            }
        }
    }
    for (&(fact, ask), outcome) in now.iter().zip(told) {
        facts[fact].answered(ask, outcome);
    }
}
