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
    fn passed(&mut self) {}

    /// What comes of it, now that everything was answered and nothing required is lacking.
    fn finish(self, answers: &Answers, ground: &Ground<'_>, tables: &mut dyn Tables) -> Known<Self::Value>;

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
    after: Option<Read>,
    among: Option<Among<R>>,
    is_wanted: Option<Tell<R, bool>>,
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
        Self { read, need, after: None, among: None, is_wanted: None, take }
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

    /// Asked once another read of the same fact was answered, since its rows tell what to ask for.
    pub(super) fn after(mut self, read: Read) -> Self {
        self.after = Some(read);
        self
    }

    /// Only rows whose column is one of these ids, however many there are.
    pub(super) fn among(mut self, column: &'static str, ids: impl Fn(&R) -> Vec<u64> + 'static) -> Self {
        self.among = Some(Among { column, ids: Box::new(ids) });
        self
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
    answers: Vec<Answer>,
}

#[derive(Clone, Debug)]
struct Answer {
    read: Read,
    need: Need,
    /// None as long as it is not answered.
    outcome: Option<Result<(), ReadError>>,
}

impl Answer {
    fn error(&self) -> Option<&ReadError> {
        self.outcome.as_ref()?.as_ref().err()
    }
}

impl Answers {
    /// Why a read told nothing; none if it did, was not needed, or is not one of this fact.
    pub(super) fn error(&self, read: &Read) -> Option<&ReadError> {
        self.answers.iter().filter(|it| it.read == *read).find_map(Answer::error)
    }

    /// Why what a read tells is not known.
    pub(super) fn lack(&self, read: &Read) -> Option<Lack> {
        self.error(read).map(|it| lack_of(self.side, it))
    }

    /// Something, if all of these reads told what they could.
    pub(super) fn known<T>(&self, reads: &[Read], value: T) -> Known<T> {
        reads.iter().find_map(|read| self.lack(read)).map_or(Known::Is(value), Known::Not)
    }

    /// Why what optional reads tell is not known, in words, each reason once.
    pub(super) fn lacks(&self) -> Vec<String> {
        let mut lacks: Vec<String> = Vec::new();
        for answer in &self.answers {
            let Some(error) = answer.error().filter(|it| answer.need != Need::IfThere || !it.is_absence()) else {
                continue;
            };
            let why = lack_of(self.side, error).why().to_owned();
            if !lacks.contains(&why) {
                lacks.push(why);
            }
        }
        lacks
    }

    /// The first required read that failed.
    fn required_lack(&self) -> Option<Lack> {
        let mut required = self.answers.iter().filter(|it| it.need == Need::Required);
        required.find_map(Answer::error).map(|it| lack_of(self.side, it))
    }
}

/// Why a fact whose required table was not read is not known.
pub(super) fn lack_of(side: Side, error: &ReadError) -> Lack {
    let why = format!("{side} database: {error}");
    if error.is_absence() { Lack::NotThere(why) } else { Lack::Failed(why) }
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
        let answer = |it: &Ask<R>| Answer { read: it.read, need: it.need, outcome: None };
        let answers = Answers { side: ground.side, answers: asks.iter().map(answer).collect() };
        Self { reader: R::begin(ground), asks, answers }
    }

    /// The fact, or why it is not known.
    pub(super) fn finish(self, ground: &Ground<'_>, tables: &mut dyn Tables) -> Known<R::Value> {
        match self.answers.required_lack() {
            Some(lack) => Known::Not(lack),
            None => self.reader.finish(&self.answers, ground, tables),
        }
    }

    fn is_answered(&self, read: &Read) -> bool {
        self.answers.answers.iter().filter(|it| it.read == *read).all(|it| it.outcome.is_some())
    }
}

impl<R: FactReader> Gather for Gathering<R> {
    fn len(&self) -> usize {
        self.asks.len()
    }

    fn pending(&self, ask: usize) -> Option<Pending> {
        let Ask { read, after, among, .. } = &self.asks[ask];
        let is_open = self.answers.answers[ask].outcome.is_none();
        let is_ready = after.is_none_or(|it| self.is_answered(&it));
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
        (self.asks[ask].take)(&mut self.reader, row)
    }

    fn answered(&mut self, ask: usize, outcome: Result<(), ReadError>) {
        self.answers.answers[ask].outcome = Some(outcome);
    }

    fn passed(&mut self) {
        self.reader.passed();
    }
}

/// All reads that a fact may make, by the side alone.
pub(super) fn reads_of<R: FactReader>(ground: &Ground<'_>) -> impl Iterator<Item = Read> + use<R> {
    R::asks(ground).into_iter().map(|it| it.read)
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
