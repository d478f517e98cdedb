//! How a report is shown, for whom, and what fails a run: the words of the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::finding::Severity;
use crate::language::Language;

/// What all take that write a report.
#[derive(Clone, Debug, Default, Args)]
pub struct RenderOptions {
    /// Formats of the report.
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',', default_values_t = Format::DEFAULT)]
    pub formats: Vec<Format>,
    /// Readers of the page: the first has index.html, each other one a page of its own.
    #[arg(long, value_enum, value_name = "READER", value_delimiter = ',', default_values_t = [Audience::Developer])]
    pub audience: Vec<Audience>,
    /// Language of the pages, the workbook and the summary [default: en].
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub language: Option<Language>,
    /// Make people unreadable: admin users, e-mail addresses, home folders. The same person has the same mark
    /// everywhere; set `MAGEGAP_REDACT_KEY` so that nobody can check a guess.
    #[arg(long)]
    pub redact: bool,
    /// Folder of report templates that replace the built-in ones of the same name.
    #[arg(long, value_name = "FOLDER")]
    pub templates: Option<PathBuf>,
}

/// A reader of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Audience {
    /// Evidence, causes, and how to fix it.
    Developer,
    /// What passes in each area, what is open, and what was looked at.
    Verifier,
    /// One page: what is done, what blocks, which decisions are awaited.
    Manager,
    /// No jargon: what will be missed, what to decide, a sheet to tick and sign.
    Merchant,
}

impl Audience {
    /// The word in options and in the names of files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Verifier => "verifier",
            Self::Manager => "manager",
            Self::Merchant => "merchant",
        }
    }
}

/// The worst severity that may stay open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Blockers.
    Blocker,
    /// High and worse.
    High,
    /// Medium and worse.
    Medium,
    /// Low and worse.
    Low,
    /// Anything.
    Info,
    /// Nothing: status 0 unless something could not be checked.
    Never,
    /// Blockers that the baseline does not have.
    #[value(name = "blocker:new")]
    BlockerNew,
    /// High and worse, if the baseline does not have it.
    #[value(name = "high:new")]
    HighNew,
    /// Medium and worse, if the baseline does not have it.
    #[value(name = "medium:new")]
    MediumNew,
    /// Low and worse, if the baseline does not have it.
    #[value(name = "low:new")]
    LowNew,
    /// Anything that the baseline does not have.
    #[value(name = "info:new")]
    InfoNew,
}

impl FailOn {
    /// The mildest severity that fails the run; none for `never`.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Blocker | Self::BlockerNew => Some(Severity::Blocker),
            Self::High | Self::HighNew => Some(Severity::High),
            Self::Medium | Self::MediumNew => Some(Severity::Medium),
            Self::Low | Self::LowNew => Some(Severity::Low),
            Self::Info | Self::InfoNew => Some(Severity::Info),
            Self::Never => None,
        }
    }

    /// Whether only what is new fails the run.
    pub const fn is_new_only(self) -> bool {
        matches!(self, Self::BlockerNew | Self::HighNew | Self::MediumNew | Self::LowNew | Self::InfoNew)
    }
}

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Format {
    /// index.html, one self-contained page.
    Html,
    /// findings.csv and inventory/*.csv.
    Csv,
    /// findings.json, from which all others can be made.
    Json,
    /// report.xlsx, a workbook with a sheet for each area.
    Xlsx,
    /// summary.md, for tickets and the pages of CI jobs.
    Md,
    /// junit.xml, for the test pages of CI servers.
    Junit,
}

impl Format {
    /// The formats of who names none.
    pub const DEFAULT: [Self; 3] = [Self::Html, Self::Csv, Self::Json];
}
