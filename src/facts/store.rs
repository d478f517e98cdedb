//! One side, opened: whatever it is made of.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::file::{self, SnapshotFile, SnapshotMedia};
use crate::error::Error;
use crate::known::{Known, Lack};
use crate::magento::migration::MigrationMap;
use crate::magento::tables;
use crate::magento::versions::Platform;
use crate::pair::Side;
use crate::progress::Progress;
use crate::source::dump::{Dump, DumpError};
use crate::source::installation;
use crate::source::installation::code::{self, Code};
use crate::source::installation::themes::{self, ThemeFolders};
use crate::source::installation::{Installation, Locked};
use crate::source::media::looks_like_list;
use crate::source::server::{Address, Limits, Server};
use crate::source::tables::Tables;

/// What was given of one store, and how it is to be read.
#[derive(Clone, Debug, Default)]
pub struct SideInputs {
    /// What it is.
    pub source: SideSource,
    /// Table prefix; `Some("")` is none.
    pub prefix: Option<String>,
    /// Which database of a dump that holds several.
    pub database_name: Option<String>,
    /// Password that stands apart from the URL.
    pub password: Option<SecretString>,
    /// Time limits of a server.
    pub limits: Limits,
    /// What the report calls the inputs, if not by their own names.
    pub label: Option<String>,
}

/// What one store is given as.
#[derive(Clone, Debug, Default)]
pub enum SideSource {
    /// Nothing of it was given.
    #[default]
    None,
    /// The store itself, or parts of it.
    Live(LiveInputs),
    /// A snapshot that was taken elsewhere.
    Snapshot(PathBuf),
}

/// The parts of a store: at least one of them was given.
#[derive(Clone, Debug, Default)]
pub struct LiveInputs {
    /// Installation folder.
    pub root: Option<PathBuf>,
    /// Database.
    pub database: Option<DatabaseSource>,
    /// Media folder, or a list of its files.
    pub media: Option<PathBuf>,
}

/// A database, live or dumped.
#[derive(Clone, Debug)]
pub enum DatabaseSource {
    /// A server.
    Server(Address),
    /// A dump: a file, or several files and folders that are read as one; `-` is standard input.
    Dump(Vec<PathBuf>),
}

impl LiveInputs {
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.root.is_none() && self.database.is_none() && self.media.is_none()
    }
}

impl SideInputs {
    /// Whether nothing of this store was given.
    pub const fn is_empty(&self) -> bool {
        matches!(self.source, SideSource::None)
    }

    /// The parts of the store, if it is not a snapshot.
    pub const fn live(&self) -> Option<&LiveInputs> {
        match &self.source {
            SideSource::Live(live) => Some(live),
            SideSource::None | SideSource::Snapshot(_) => None,
        }
    }

    /// The snapshot, if it is one.
    pub fn snapshot(&self) -> Option<&Path> {
        match &self.source {
            SideSource::Snapshot(path) => Some(path),
            SideSource::None | SideSource::Live(_) => None,
        }
    }

    /// An address of the store's own files, with what was said apart from them.
    fn completed(&self, mut address: Address) -> Address {
        address.limits = self.limits;
        if self.password.is_some() {
            address.password.clone_from(&self.password);
        }
        address
    }
}

/// One side of the migration, ready to be read.
#[derive(Debug)]
pub struct Store {
    /// Which side it is.
    pub side: Side,
    /// What it is made of.
    pub source: StoreSource,
    /// Its media folder.
    pub media: Known<MediaSource>,
    /// The inputs by the names they were given, for the report: database, media, snapshot.
    pub inputs: Vec<(&'static str, String)>,
    /// The operator's rules of the migration tool: what they leave behind is looked into.
    pub migration: Option<MigrationMap>,
    /// What limits the audit, and is nobody's error.
    pub notes: Vec<String>,
    /// Why an input that was given cannot be read, or is not whole, whoever needs it.
    unreadable: Option<String>,
}

/// What a store is made of.
#[derive(Debug)]
pub enum StoreSource {
    /// The store itself, or parts of it.
    Live(Box<LiveStore>),
    /// A snapshot that was taken elsewhere.
    Snapshot(Box<SnapshotFile>),
}

/// A store itself, or parts of it.
#[derive(Debug)]
pub struct LiveStore {
    /// Its database.
    pub database: Known<Database>,
    /// What its files tell of its version.
    pub(super) platform: Platform,
    /// The installation folder, if one was given.
    pub(super) root: Option<PathBuf>,
    /// Names of the files with layout updates that can be selected, if an installation was given.
    pub(super) layout_files: Option<BTreeSet<String>>,
    /// Files and folders of the installation that cannot be read, where layout files may be.
    pub(super) unread: Vec<String>,
    /// Settings that the installation's files lock.
    pub(super) locked: Vec<Locked>,
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
    pub(crate) fn new(tables: Box<dyn Tables>) -> Self {
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
    pub fn open(side: Side, inputs: &SideInputs, wanted: Wanted, progress: &Progress) -> Result<Self, Error> {
        match &inputs.source {
            SideSource::Snapshot(path) => Self::of_snapshot(side, path, inputs),
            SideSource::Live(live) => Self::of_parts(side, live, inputs, wanted, progress),
            SideSource::None => Self::of_parts(side, &LiveInputs::default(), inputs, wanted, progress),
        }
    }

    fn of_snapshot(side: Side, path: &Path, inputs: &SideInputs) -> Result<Self, Error> {
        let (file, media) = file::open(side, path)?;
        let name = inputs.label.clone().unwrap_or_else(|| path.display().to_string());
        Ok(Self {
            side,
            media: media.map(|it| MediaSource::Snapshot(Box::new(it))),
            inputs: vec![("snapshot", name)],
            migration: None,
            notes: file.notes.clone(),
            unreadable: file.trouble.clone(),
            source: StoreSource::Snapshot(Box::new(file)),
        })
    }

    fn of_parts(
        side: Side,
        live: &LiveInputs,
        inputs: &SideInputs,
        wanted: Wanted,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let installation = live.root.as_deref().map(|root| Installation::read(root, side)).transpose()?;
        let mut opening = Opening { side, given: inputs, inputs: Vec::new(), unreadable: None, notes: Vec::new() };
        let media = opening.media_of(live, installation.as_ref(), wanted)?;
        let mut store = LiveStore {
            database: Known::Not(Lack::NotGiven(format!("no {side} database was given"))),
            platform: Platform::default(),
            root: live.root.clone(),
            layout_files: None,
            unread: Vec::new(),
            locked: Vec::new(),
        };
        let mut notes = Vec::new();
        let (source, prefix) = match installation {
            Some(installation) => {
                store.platform = installation.platform;
                notes = installation.notes;
                store.layout_files = installation.layout_files;
                store.unread = installation.unread;
                store.locked = installation.locked;
                let own =
                    installation.database.map(|it| it.map(|address| DatabaseSource::Server(inputs.completed(address))));
                let source = live.database.clone().map(Ok).or(own);
                if source.is_none() {
                    notes.push(format!(
                        "the {side} folder has no settings, as a checkout has none: its database is not known (give it with \
                         --{}-db)",
                        side.code()
                    ));
                }
                (source, inputs.prefix.clone().or(installation.prefix.filter(|_| live.database.is_none())))
            }
            None => (live.database.clone().map(Ok), inputs.prefix.clone()),
        };
        // A dump that was given is looked at even if no area asks for it: it may be
        // cut off, or the other side's.
        let is_dump = matches!(source, Some(Ok(DatabaseSource::Dump(_))));
        if wanted.database || is_dump {
            store.database = match source {
                None => store.database,
                Some(Err(why)) => Known::Not(Lack::Failed(why)),
                Some(Ok(source)) => opening.open_database(&source, prefix.as_deref(), progress)?,
            };
        }
        let Opening { inputs, unreadable, notes: of_dump, .. } = opening;
        notes.extend(of_dump);
        Ok(Self { side, source: StoreSource::Live(Box::new(store)), media, inputs, migration: None, notes, unreadable })
    }

    /// Its database, unless it is a snapshot.
    pub const fn database(&self) -> Option<&Known<Database>> {
        match &self.source {
            StoreSource::Live(live) => Some(&live.database),
            StoreSource::Snapshot(_) => None,
        }
    }

    /// The snapshot that it is, if it is one.
    pub fn snapshot(&self) -> Option<&SnapshotFile> {
        match &self.source {
            StoreSource::Live(_) => None,
            StoreSource::Snapshot(file) => Some(file),
        }
    }

    /// Ends what costs a live server something.
    pub fn close(&mut self) {
        if let StoreSource::Live(live) = &mut self.source
            && let Known::Is(database) = &mut live.database
        {
            database.close();
        }
    }

    /// Why this side must not be called checked, whatever was read of it.
    pub fn trouble(&self) -> Option<String> {
        self.unreadable.clone().or_else(|| self.database()?.get()?.trouble.clone())
    }
}

impl LiveStore {
    /// The code of the installation.
    pub(super) fn code(&self, side: Side) -> Known<Code> {
        match &self.root {
            Some(root) if !code::is_there(root, side) => Known::Not(Lack::NotThere(format!(
                "the {side} folder {} holds no code ({})",
                root.display(),
                code::places(side)
            ))),
            Some(root) => Known::Is(code::read(root, side)),
            None => Known::Not(Lack::NotGiven(format!("no {side} installation folder was given"))),
        }
    }

    /// The themes of the installation.
    pub(super) fn themes(&self, side: Side) -> Known<ThemeFolders> {
        match &self.root {
            Some(root) if !themes::is_there(root, side) => Known::Not(Lack::NotThere(format!(
                "the {side} folder {} holds no themes ({})",
                root.display(),
                themes::places(side)
            ))),
            Some(root) => Known::Is(themes::read(root, side)),
            None => Known::Not(Lack::NotGiven(format!("no {side} installation folder was given"))),
        }
    }
}

/// A store that is being opened.
struct Opening<'a> {
    side: Side,
    given: &'a SideInputs,
    /// The inputs by the names they were given.
    inputs: Vec<(&'static str, String)>,
    unreadable: Option<String>,
    notes: Vec<String>,
}

impl Opening<'_> {
    /// What an input is called in the report.
    fn name(&mut self, kind: &'static str, own: String) {
        self.inputs.push((kind, self.given.label.clone().unwrap_or(own)));
    }

    fn media_of(
        &mut self,
        live: &LiveInputs,
        installation: Option<&Installation>,
        wanted: Wanted,
    ) -> Result<Known<MediaSource>, Error> {
        let side = self.side;
        if let Some(path) = &live.media {
            if !crate::source::exists(path) {
                return Err(Error::usage(format!("the {side} media folder {} does not exist", path.display())));
            }
            if let Some(media) = installation::media_folder_in(path) {
                return Err(Error::usage(format!(
                    "{}, given as {side} media, is the folder of the shop itself: its media folder is {}",
                    path.display(),
                    media.display()
                )));
            }
            self.name("media", path.display().to_string());
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
        progress: &Progress,
    ) -> Result<Known<Database>, Error> {
        let side = self.side;
        match source {
            DatabaseSource::Server(address) => {
                let what = address.place();
                self.name("database", what.clone());
                match Server::open(address, side) {
                    Err(error) => Ok(Known::Not(Lack::Failed(error.to_string()))),
                    Ok(mut server) => {
                        let prefix = prefix_of(&server, side, prefix, &format!("the database {what}"))?;
                        server.set_prefix(&prefix);
                        Ok(Known::Is(Database::new(Box::new(server))))
                    }
                }
            }
            DatabaseSource::Dump(paths) => self.open_dump(paths, prefix, progress),
        }
    }

    fn open_dump(
        &mut self,
        paths: &[PathBuf],
        prefix: Option<&str>,
        progress: &Progress,
    ) -> Result<Known<Database>, Error> {
        let side = self.side;
        let name = paths.iter().map(|it| it.display().to_string()).collect::<Vec<_>>().join(", ");
        self.name("database", name.clone());
        if let Some(path) = paths.iter().find(|it| file::is_snapshot(it)) {
            return Err(Error::usage(format!(
                "{} is a snapshot that this program took: give it as --{code}-snapshot, and not as --{code}-db",
                path.display(),
                code = side.code()
            )));
        }
        let mut dump = match Dump::open_all(paths, progress) {
            Ok(dump) => dump,
            // A file that is not there is a slip; one that cannot be read is a fact about the input.
            Err(DumpError::Io { path, source }) if source.kind() != io::ErrorKind::NotFound => {
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
        if let Some(bytes) = dump.spooled() {
            self.notes.push(format!(
                "the {side} dump came through a pipe: its {} were kept in a temporary file while it was read",
                crate::text::bytes(bytes)
            ));
        }
        select_database(&mut dump, side, self.given.database_name.as_deref(), prefix)?;
        let prefix = prefix_of(&dump, side, prefix, &format!("the dump {name}"))?;
        dump.set_prefix(&prefix);
        refuse_structure(&dump, side, &name)?;
        Ok(Known::Is(Database::new(Box::new(dump))))
    }
}

/// A dump of the structure alone is no store: every store has store views.
fn refuse_structure(dump: &Dump, side: Side, name: &str) -> Result<(), Error> {
    let views = match side {
        Side::M1 => "core_store",
        Side::M2 => "store",
    };
    if dump.rows(views) == Some(0) && dump.trouble().is_none() {
        return Err(Error::usage(format!(
            "the dump {name} has the tables of a {side} store without their rows ({views} is empty, and every store has store \
             views): give the file with the rows as well (--{code}-db is taken several times), or dump them too, without \
             --no-data and without --strip",
            code = side.code()
        )));
    }
    Ok(())
}

/// Picks the one database of a dump that holds a store of this side.
fn select_database(dump: &mut Dump, side: Side, given: Option<&str>, prefix: Option<&str>) -> Result<(), Error> {
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
    let chosen = given.filter(|it| names.iter().any(|(name, _)| name == it));
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
