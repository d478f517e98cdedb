//! `magegap.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::decision::{self, Decision};
use crate::error::Error;
use crate::language::Language;
use crate::source::dump::STANDARD_INPUT;
use crate::source::media::Compare;

/// The name of the file that is taken if none is given.
const DEFAULT: &str = "magegap.toml";

/// The whole file. Unknown keys are errors: a misspelt one must not be lost.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) m1: SideTable,
    pub(super) m2: SideTable,
    pub(super) scan: ScanTable,
    #[serde(rename = "match")]
    pub(super) matches: MatchTable,
    pub(super) limits: LimitsTable,
    pub(super) report: ReportTable,
    pub(super) effort: EffortTable,
    pub(super) owners: BTreeMap<String, String>,
    decision: Vec<toml::Spanned<decision::Table>>,
    /// The decisions, checked.
    #[serde(skip)]
    pub(super) decisions: Vec<Decision>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SideTable {
    pub(super) root: Option<PathBuf>,
    #[serde(deserialize_with = "one_or_several")]
    pub(super) db: Vec<String>,
    pub(super) media: Option<PathBuf>,
    pub(super) snapshot: Option<PathBuf>,
    pub(super) prefix: Option<String>,
    pub(super) database: Option<String>,
    pub(super) password_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ScanTable {
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
    pub(super) threads: Option<usize>,
    pub(super) io_limit: Option<u64>,
    pub(super) compare: Option<Compare>,
    pub(super) migration_config: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MatchTable {
    pub(super) users: BTreeMap<String, String>,
    pub(super) roles: BTreeMap<String, String>,
    pub(super) integrations: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsTable {
    pub(super) stale_days: Option<u32>,
    pub(super) connect_timeout: Option<u64>,
    pub(super) statement_timeout: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReportTable {
    pub(super) title: Option<String>,
    pub(super) client: Option<String>,
    pub(super) agency: Option<String>,
    pub(super) language: Option<Language>,
    pub(super) accent: Option<String>,
    pub(super) logo: Option<PathBuf>,
    #[serde(default)]
    pub(super) redact: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EffortTable {
    pub(super) minutes_per_point: Option<[u32; 2]>,
}

/// Reads the file that was given, or the one of the usual name if it is there.
pub(super) fn read(given: Option<&Path>) -> Result<File, Error> {
    let path = given.unwrap_or(Path::new(DEFAULT));
    let text = match crate::source::text_file(path) {
        Ok(text) => text,
        Err(error) if given.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(File::default()),
        Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
    };
    let mut file = parse(&text, path)?;
    // Paths in the file are relative to the file.
    let folder = path.parent().unwrap_or(Path::new(""));
    for side in [&mut file.m1, &mut file.m2] {
        for path in [&mut side.root, &mut side.media, &mut side.snapshot, &mut side.password_file].into_iter().flatten()
        {
            *path = folder.join(&*path);
        }
        for db in side.db.iter_mut().filter(|it| !it.contains("://") && *it != STANDARD_INPUT) {
            *db = folder.join(&*db).to_string_lossy().into_owned();
        }
    }
    for path in [&mut file.scan.migration_config, &mut file.report.logo].into_iter().flatten() {
        *path = folder.join(&*path);
    }
    Ok(file)
}

/// The file's text, with its decisions checked.
pub(super) fn parse(text: &str, path: &Path) -> Result<File, Error> {
    let mut file: File = toml::from_str(text).map_err(|error| {
        // Never the line itself, which may hold a password.
        let line = decision::line_of(text, error.span());
        Error::usage(format!("{} line {line}: {}", path.display(), harmless(error.message())))
    })?;
    file.decisions = decision::checked(std::mem::take(&mut file.decision), text, path)?;
    Ok(file)
}

/// A text, or a list of texts.
fn one_or_several<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Texts::deserialize(value)? {
        Texts::One(text) => vec![text],
        Texts::Several(texts) => texts,
    })
}

/// A message that does not quote a value: the value may be a password.
fn harmless(message: &str) -> &str {
    let is_quoting = ["invalid type", "invalid value", "data did not match"].iter().any(|it| message.starts_with(it));
    if is_quoting { "this key takes a value of another kind" } else { message }
}
