//! `--history`: what each run found, a line a run, and the findings of the last one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::effort::{AreaEffort, percent};
use super::json::v1::{AreaEffortV1, maybe_done};
use super::{Done, FINDINGS, Report};
use crate::area::Status;
use crate::error::Error;
use crate::finding::Severity;
use crate::source;
use crate::text::visible;

/// The file that has a line for each run.
const RUNS: &str = "history.jsonl";

/// The file that one run at a time holds while it writes.
const LOCK: &str = "lock";

/// The name and version of a line's form.
const SCHEMA: &str = "magegap.history/1";

/// Runs that a report shows: the last ones.
const SHOWN: usize = 30;

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// [`SCHEMA`].
    schema: String,
    /// Its time (RFC 3339, UTC).
    pub generated: String,
    /// Its exit status.
    pub exit: u8,
    /// Waived findings.
    pub waived: usize,
    /// The areas.
    pub areas: Vec<AreaRun>,
}

/// An area in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaRun {
    /// Its name.
    pub name: String,
    /// Whether it was checked.
    pub status: Status,
    /// Open findings by severity.
    pub counts: BTreeMap<Severity, usize>,
    /// How much of Magento 1 was in Magento 2.
    #[serde(with = "maybe_done", default)]
    pub done: Option<Done>,
    /// What it cost.
    #[serde(with = "AreaEffortV1", default)]
    pub effort: AreaEffort,
}

impl AreaRun {
    /// Whether anybody looked.
    pub const fn is_checked(&self) -> bool {
        coverage(self.status) > 0
    }

    /// Open findings that are to be dealt with.
    pub fn open(&self) -> usize {
        let counts = self.counts.iter().filter(|(severity, _)| **severity != Severity::Info);
        counts.fold(0, |sum, (_, it)| sum.saturating_add(*it))
    }
}

impl Run {
    fn of(report: &Report) -> Self {
        let areas = report.areas.iter().map(|it| AreaRun {
            name: it.name.to_string(),
            status: it.status,
            counts: it.counts.clone(),
            done: it.done,
            effort: it.effort,
        });
        Self {
            schema: SCHEMA.to_owned(),
            generated: report.generated.clone(),
            exit: report.verdict.exit,
            waived: report.waived(),
            areas: areas.collect(),
        }
    }

    /// Whether its numbers can be counted with, and its names be shown.
    pub fn check(&self) -> Result<(), String> {
        /// More findings than any store has.
        const MOST: usize = 1 << 40;
        if self.generated.parse::<jiff::Timestamp>().is_err() {
            return Err("its time is none".to_owned());
        }
        let is_name = |name: &str| name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        if let Some(it) = self.areas.iter().find(|it| !is_name(&it.name)) {
            return Err(format!("{:?} is no name of an area", visible(&it.name)));
        }
        let counts = || self.areas.iter().flat_map(|it| it.counts.values()).chain([&self.waived]);
        if counts().any(|it| *it > MOST) {
            return Err("it counts more than there can be".to_owned());
        }
        if self.areas.iter().filter_map(|it| it.done.as_ref()).any(|it| !it.is_possible()) {
            return Err("more is done than there is".to_owned());
        }
        Ok(())
    }

    /// Open findings of a severity.
    pub fn count(&self, severity: Severity) -> u64 {
        self.areas
            .iter()
            .filter_map(|it| it.counts.get(&severity))
            .fold(0, |sum: u64, it| sum.saturating_add(*it as u64))
    }

    /// An area, if it was there.
    pub fn area(&self, name: &str) -> Option<&AreaRun> {
        self.areas.iter().find(|it| it.name == name)
    }

    /// Areas that another run checked better: fewer findings are no progress there.
    pub fn gaps<'a>(&'a self, runs: &'a [Self]) -> impl Iterator<Item = &'a AreaRun> {
        let best = |name: &str| runs.iter().filter_map(|it| Some(coverage(it.area(name)?.status))).max();
        self.areas.iter().filter(move |it| best(&it.name) > Some(coverage(it.status)))
    }

    /// Points of what was open.
    pub fn points(&self) -> u64 {
        self.areas.iter().fold(0, |sum: u64, it| sum.saturating_add(it.effort.open.points()))
    }

    /// The share of the effort that was done.
    pub fn percent(&self) -> Option<u8> {
        percent(self.areas.iter().map(|it| (&it.effort, it.done.as_ref())))
    }
}

/// How much was looked at.
const fn coverage(status: Status) -> u8 {
    match status {
        Status::Checked => 2,
        Status::Partial => 1,
        Status::Failed | Status::NotChecked => 0,
    }
}

/// A folder that remembers runs.
#[derive(Debug)]
pub struct History {
    folder: PathBuf,
    runs: Vec<Run>,
}

impl History {
    /// Reads what the folder remembers; nothing if it is new.
    ///
    /// # Errors
    /// If it cannot be read, a part of it is missing, or a line of it is none of magegap's.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let runs = read_runs(folder)?;
        let (path, has_findings) = (folder.join(RUNS), source::exists(&folder.join(FINDINGS)));
        if runs.is_empty() && has_findings {
            return Err(Error::usage(format!(
                "--history {} has a {FINDINGS} and no {RUNS}: it is no history, or its lines are lost; name another folder",
                folder.display()
            )));
        }
        if !runs.is_empty() && !has_findings {
            return Err(Error::usage(format!(
                "--history {} has lost its {FINDINGS}, so nobody knows what is new: bring it back, or move {} away to begin anew",
                folder.display(),
                path.display()
            )));
        }
        Ok(Self { folder: folder.to_owned(), runs })
    }

    /// The report of the last run, if there was one.
    pub fn last(&self) -> Option<PathBuf> {
        (!self.runs.is_empty()).then(|| self.folder.join(FINDINGS))
    }

    /// Makes sure that a run is later than those that are remembered: only then its trend is one.
    ///
    /// # Errors
    /// If it is not.
    pub fn check_time(&self, now: &str) -> Result<(), Error> {
        match self.runs.last() {
            Some(last) if last.generated.as_str() >= now => Err(Error::usage(format!(
                "--history {} has a run of {}, and this one is of {now}: a run is later than those before it",
                self.folder.display(),
                last.generated
            ))),
            _ => Ok(()),
        }
    }

    /// Makes sure that the run can be remembered, before it costs an hour.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn prepare(&self) -> Result<(), Error> {
        let failed = |path: PathBuf| move |source| Error::Write { path, source };
        source::make_private_folder(&self.folder).map_err(failed(self.folder.clone()))?;
        source::lock(&self.folder.join(LOCK)).map(drop).map_err(failed(self.folder.join(LOCK)))
    }

    /// Puts the last runs, and this one, into a report.
    pub fn tell(&self, report: &mut Report) {
        let mut runs: Vec<Run> = self.runs.iter().cloned().chain([Run::of(report)]).collect();
        runs.drain(..runs.len().saturating_sub(SHOWN));
        report.history = runs;
    }

    /// Remembers the run, beside those that others have added in the meantime.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn remember(&self, report: &Report, findings: &[u8]) -> Result<(), Error> {
        let failed = |path: PathBuf| move |source| Error::Write { path, source };
        let _lock = source::lock(&self.folder.join(LOCK)).map_err(failed(self.folder.join(LOCK)))?;
        let mut runs = read_runs(&self.folder)?;
        runs.push(Run::of(report));
        runs.sort_by(|one, other| one.generated.cmp(&other.generated));
        let mut text = String::new();
        for run in &runs {
            let line = serde_json::to_string(run).map_err(|error| failed(self.folder.join(RUNS))(error.into()))?;
            text.push_str(&line);
            text.push('\n');
        }
        // A run that began later may have ended before.
        let is_last = runs.last().is_some_and(|it| it.generated == report.generated);
        let files = [(FINDINGS, findings), (RUNS, text.as_bytes())];
        for (name, bytes) in files.into_iter().skip(usize::from(!is_last)) {
            let path = self.folder.join(name);
            source::replace_private_file(&path, bytes).map_err(failed(path))?;
        }
        Ok(())
    }
}

/// The runs of a folder, in their order.
fn read_runs(folder: &Path) -> Result<Vec<Run>, Error> {
    let path = folder.join(RUNS);
    let text = match source::text_file(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Error::Read { path, source }),
    };
    let line = |(at, line): (usize, &str)| {
        let wrong = |why: &str| {
            let path = path.display();
            Error::usage(format!("{path} line {} is no run of magegap: {why}; take the line out", at + 1))
        };
        let run: Run = serde_json::from_str(line).map_err(|error| wrong(&error.to_string()))?;
        if run.schema != SCHEMA {
            return Err(wrong(&format!("it is not of {SCHEMA}")));
        }
        run.check().map_err(|why| wrong(&why))?;
        Ok(run)
    };
    let lines = text.trim_start_matches('\u{FEFF}').lines().enumerate();
    lines.filter(|(_, it)| !it.trim().is_empty()).map(line).collect()
}
