//! One side, opened: whatever it is made of.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::facts::file::{self, SnapshotFile, SnapshotMedia};
use crate::known::{Known, Lack};
use crate::magento::migration::MigrationMap;
use crate::magento::tables;
use crate::magento::versions::Platform;
use crate::pair::Side;
use crate::progress::Progress;
use crate::settings::{DatabaseSource, SideSettings};
use crate::source::dump::{Dump, DumpError};
use crate::source::installation::code::{self, Code};
use crate::source::installation::themes::{self, ThemeFolders};
use crate::source::installation::{Installation, Locked};
use crate::source::media::looks_like_list;
use crate::source::server::{Address, Server};
use crate::source::tables::Tables;

/// One side of the migration, ready to be read.
#[derive(Debug)]
pub struct Store {
    /// Which side it is.
    pub side: Side,
    /// Its database.
    pub database: Known<Database>,
    /// Its media folder.
    pub media: Known<MediaSource>,
    /// All of it, if it is a snapshot that was taken elsewhere.
    pub snapshot: Option<Box<SnapshotFile>>,
    /// What its files tell of its version.
    pub platform: Platform,
    /// The inputs by the names they were given, for the report: database, media.
    pub inputs: Vec<(&'static str, String)>,
    /// The operator's rules of the migration tool: what they leave behind is looked into.
    pub migration: Option<MigrationMap>,
    /// The installation folder, if one was given.
    pub root: Option<PathBuf>,
    /// Names of the files with layout updates that can be selected, if an installation was given.
    pub layout_files: Option<BTreeSet<String>>,
    /// Settings that the installation's files lock.
    pub locked: Vec<Locked>,
    /// What limits the audit, and is nobody's error.
    pub notes: Vec<String>,
    /// Why a dump that was given cannot be read, whoever needs it.
    unreadable: Option<String>,
}

/// What tells of the files of a media folder.
#[derive(Clone, Debug)]
pub enum MediaSource {
    /// The folder itself.
    Folder(PathBuf),
    /// A list of its files that another program made.
    List(PathBuf),
    /// A snapshot.
    Snapshot(Box<SnapshotMedia>),
}

/// A database of one store.
#[derive(Debug)]
pub struct Database {
    /// Its tables; none once everything was read.
    tables: Option<Box<dyn Tables>>,
    /// What it is, for people.
    pub description: String,
    /// Why it is not complete, if it is not.
    pub trouble: Option<String>,
}

impl Database {
    fn new(tables: Box<dyn Tables>) -> Self {
        Self { description: tables.description(), trouble: tables.trouble(), tables: Some(tables) }
    }

    /// The tables, to be read.
    pub fn tables(&mut self) -> Option<&mut dyn Tables> {
        Some(self.tables.as_mut()?.as_mut())
    }

    /// Ends the connection and its snapshot, which costs a live server the more
    /// the longer it lasts. Media folders are read after that.
    pub fn close(&mut self) {
        self.tables = None;
    }
}

/// Which inputs are wanted at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The database.
    pub database: bool,
    /// The media folder.
    pub media: bool,
}

impl Store {
    /// Opens one side. What was given and cannot be what it should be is an
    /// error; a database that does not answer only makes its facts unknown.
    pub fn open(side: Side, settings: &SideSettings, wanted: Wanted, progress: &Progress) -> Result<Self, Error> {
        if let Some(path) = &settings.snapshot {
            return Self::of_snapshot(side, path, settings);
        }
        let installation = settings.root.as_deref().map(|root| Installation::read(root, side)).transpose()?;
        let mut store = Self {
            side,
            database: Known::Not(Lack::NotGiven(format!("no {side} database was given"))),
            media: Known::Not(Lack::NotGiven(format!("no {side} media folder was given"))),
            snapshot: None,
            platform: Platform::default(),
            inputs: Vec::new(),
            migration: None,
            root: settings.root.clone(),
            layout_files: None,
            locked: Vec::new(),
            notes: Vec::new(),
            unreadable: None,
        };
        store.media = store.media_of(settings, installation.as_ref(), wanted)?;
        let (source, prefix) = match installation {
            Some(installation) => {
                store.platform = installation.platform;
                store.notes = installation.notes;
                store.layout_files = installation.layout_files;
                store.locked = installation.locked;
                let source = settings.database.clone().map(Ok).or_else(|| {
                    Some(installation.database.map(|address| DatabaseSource::Server(settings.completed(address))))
                });
                (source, settings.prefix.clone().or(installation.prefix.filter(|_| settings.database.is_none())))
            }
            None => (settings.database.clone().map(Ok), settings.prefix.clone()),
        };
        // A dump that was given is looked at even if no area asks for it: it may be
        // cut off, or the other side's.
        let is_dump = matches!(source, Some(Ok(DatabaseSource::Dump(_))));
        if wanted.database || is_dump {
            store.database = match source {
                None => store.database,
                Some(Err(why)) => Known::Not(Lack::Failed(why)),
                Some(Ok(source)) => store.open_database(&source, prefix.as_deref(), settings, progress)?,
            };
        }
        Ok(store)
    }

    fn of_snapshot(side: Side, path: &Path, settings: &SideSettings) -> Result<Self, Error> {
        let (file, media) = file::open(side, path)?;
        let name = settings.label.clone().unwrap_or_else(|| path.display().to_string());
        let lack = Lack::NotGiven(format!("the snapshot of {side} was given in its place"));
        Ok(Self {
            side,
            database: Known::Not(lack),
            media,
            platform: Platform::default(),
            inputs: vec![("snapshot", name)],
            migration: None,
            root: None,
            layout_files: None,
            locked: Vec::new(),
            notes: file.notes.clone(),
            unreadable: file.trouble.clone(),
            snapshot: Some(Box::new(file)),
        })
    }

    fn media_of(
        &mut self,
        settings: &SideSettings,
        installation: Option<&Installation>,
        wanted: Wanted,
    ) -> Result<Known<MediaSource>, Error> {
        let side = self.side;
        if let Some(path) = &settings.media {
            if !crate::source::exists(path) {
                return Err(Error::usage(format!("the {side} media folder {} does not exist", path.display())));
            }
            self.inputs.push(("media", settings.label.clone().unwrap_or_else(|| path.display().to_string())));
            let is_folder = crate::source::is_folder(path);
            if !is_folder {
                looks_like_list(path).map_err(|error| {
                    Error::usage(format!(
                        "{}, given as {side} media, is not a folder, and no list of files: {error}",
                        path.display()
                    ))
                })?;
            }
            let source = if is_folder { MediaSource::Folder } else { MediaSource::List };
            return Ok(Known::Is(source(path.clone())));
        }
        let not_given = |why: String| Known::Not(Lack::NotGiven(why));
        Ok(match installation.filter(|_| wanted.media).map(|it| &it.media) {
            Some(Ok(path)) if crate::source::is_folder(path) => {
                self.inputs.push(("media", path.display().to_string()));
                Known::Is(MediaSource::Folder(path.clone()))
            }
            // A link to a place that is not mounted is there, and is no folder.
            Some(Ok(path)) if crate::source::is_anything(path) => {
                let why =
                    format!("the {side} media folder {} is there, and cannot be opened as a folder", path.display());
                Known::Not(Lack::Failed(why))
            }
            Some(Ok(path)) => not_given(format!("there is no media folder {}", path.display())),
            Some(Err(why)) => not_given(why.clone()),
            None => not_given(format!("no {side} media folder was given")),
        })
    }

    fn open_database(
        &mut self,
        source: &DatabaseSource,
        prefix: Option<&str>,
        settings: &SideSettings,
        progress: &Progress,
    ) -> Result<Known<Database>, Error> {
        let side = self.side;
        match source {
            DatabaseSource::Server(address) => {
                let what = address.place();
                self.inputs.push(("database", settings.label.clone().unwrap_or_else(|| what.clone())));
                match Server::open(address, side) {
                    Err(error) => Ok(Known::Not(Lack::Failed(error.to_string()))),
                    Ok(mut server) => {
                        let prefix = prefix_of(&server, side, prefix, &format!("the database {what}"))?;
                        server.set_prefix(&prefix);
                        Ok(Known::Is(Database::new(Box::new(server))))
                    }
                }
            }
            DatabaseSource::Dump(path) => {
                self.inputs.push(("database", settings.label.clone().unwrap_or_else(|| path.display().to_string())));
                let mut dump = match Dump::open(path, progress) {
                    Ok(dump) => dump,
                    // A file that is not there is a slip; one that cannot be read is a fact about the input.
                    Err(DumpError::Io { source, .. }) if source.kind() != io::ErrorKind::NotFound => {
                        let why = format!("cannot read the {side} dump {}: {source}", path.display());
                        self.unreadable = Some(why.clone());
                        return Ok(Known::Not(Lack::Failed(why)));
                    }
                    Err(DumpError::Io { path, .. }) => {
                        return Err(Error::usage(format!(
                            "there is no dump {} (a server is given as mysql://USER@HOST/DATABASE)",
                            path.display()
                        )));
                    }
                    Err(error) => return Err(error.into()),
                };
                select_database(&mut dump, side, settings, prefix)?;
                let prefix = prefix_of(&dump, side, prefix, &format!("the dump {}", path.display()))?;
                dump.set_prefix(&prefix);
                Ok(Known::Is(Database::new(Box::new(dump))))
            }
        }
    }

    /// The code of the installation.
    pub(crate) fn code(&self) -> Known<Code> {
        match &self.root {
            Some(root) if !code::is_there(root, self.side) => Known::Not(Lack::NotThere(format!(
                "the {} folder {} holds no code ({})",
                self.side,
                root.display(),
                code::places(self.side)
            ))),
            Some(root) => Known::Is(code::read(root, self.side)),
            None => Known::Not(Lack::NotGiven(format!("no {} installation folder was given", self.side))),
        }
    }

    /// The themes of the installation.
    pub(crate) fn themes(&self) -> Known<ThemeFolders> {
        match &self.root {
            Some(root) if !themes::is_there(root, self.side) => Known::Not(Lack::NotThere(format!(
                "the {} folder {} holds no themes ({})",
                self.side,
                root.display(),
                themes::places(self.side)
            ))),
            Some(root) => Known::Is(themes::read(root, self.side)),
            None => Known::Not(Lack::NotGiven(format!("no {} installation folder was given", self.side))),
        }
    }

    /// Ends what costs a live server something.
    pub fn close(&mut self) {
        if let Known::Is(database) = &mut self.database {
            database.close();
        }
    }

    /// Why this side must not be called checked, whatever was read of it.
    pub fn trouble(&self) -> Option<String> {
        self.unreadable.clone().or_else(|| self.database.get()?.trouble.clone())
    }
}

impl SideSettings {
    /// An address of the store's own files, with what was said apart from them.
    fn completed(&self, mut address: Address) -> Address {
        address.limits = self.limits;
        if self.password.is_some() {
            address.password.clone_from(&self.password);
        }
        address
    }
}

/// Picks the one database of a dump that holds a store of this side.
fn select_database(dump: &mut Dump, side: Side, settings: &SideSettings, prefix: Option<&str>) -> Result<(), Error> {
    let names: Vec<(String, bool)> = dump
        .databases()
        .map(|(name, schema)| {
            let is_this_side = tables::stores(schema.table_names())
                .iter()
                .any(|it| it.side == side && prefix.is_none_or(|prefix| prefix == it.prefix));
            (name.to_owned(), is_this_side)
        })
        .collect();
    let fitting: Vec<&str> = names.iter().filter(|(_, fits)| *fits).map(|(name, _)| name.as_str()).collect();
    let chosen = settings.database_name.as_deref().filter(|it| names.iter().any(|(name, _)| name == it));
    if let Some(chosen) = chosen {
        dump.select(chosen);
        return Ok(());
    }
    match fitting.as_slice() {
        [] => Ok(()),
        [name] => {
            dump.select(name);
            Ok(())
        }
        several => Err(Error::usage(format!(
            "the dump holds several {side} stores, in the databases {}: name one as `database` under [{}] in magegap.toml",
            several.join(", "),
            side.code()
        ))),
    }
}

/// The prefix of the store's tables, after making sure that it is a store of this side.
fn prefix_of(tables: &dyn Tables, side: Side, given: Option<&str>, what: &str) -> Result<String, Error> {
    let found = tables::stores(tables.schema().table_names());
    let of_given: Vec<&tables::Store> =
        found.iter().filter(|it| given.is_none_or(|given| it.prefix == given)).collect();
    let own: Vec<&&tables::Store> = of_given.iter().filter(|it| it.side == side).collect();
    match own.as_slice() {
        [only] => Ok(only.prefix.clone()),
        [first, second, ..] if first.tables > second.tables => Ok(first.prefix.clone()),
        [first, second, ..] => Err(Error::usage(format!(
            "{what} holds several {side} stores, with the table prefixes `{}` and `{}`: name one with --{}-prefix",
            first.prefix,
            second.prefix,
            side.code()
        ))),
        [] if !of_given.is_empty() => Err(Error::Swapped { side, what: what.to_owned() }),
        [] => Err(Error::NoStore { side, what: what.to_owned(), hint: hint(tables, given, &found) }),
    }
}

fn hint(tables: &dyn Tables, given: Option<&str>, found: &[tables::Store]) -> String {
    if let Some(trouble) = tables.trouble() {
        return format!("; {trouble}");
    }
    match (given, found.first()) {
        (Some(given), Some(other)) => {
            format!(" with the prefix `{given}`; there are tables with the prefix `{}`", other.prefix)
        }
        (Some(given), None) if !given.is_empty() => format!(" with the prefix `{given}`"),
        _ if tables.schema().is_empty() => ", and no other table that this user may read".to_owned(),
        _ => String::new(),
    }
}
