//! What a run needs: command line, configuration file and environment together, all checked.

mod file;
mod report;

pub use self::report::report_settings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::area::{self, Setting};
use crate::cli::{CommonArgs, SidesArgs};
use crate::decision::{self, Decision};
use crate::error::Error;
use crate::facts::media::MediaOptions;
use crate::facts::store::{DatabaseSource, LiveInputs, SideInputs, SideSource};
use crate::magento::migration::MigrationMap;
use crate::matching::Judgement;
use crate::pair::{Pair, Side};
use crate::report::{FailOn, RenderOptions, ReportSettings};
use crate::source::dump::STANDARD_INPUT;
use crate::source::media::{Compare, Patterns};
use crate::source::migration;
use crate::source::server::{Address, Limits, Tls};

/// Everything that an audit needs to know.
#[derive(Debug)]
pub struct Settings {
    /// Where the stores are; no Magento 2 at all is an assessment.
    pub sides: Pair<SideInputs>,
    /// Areas named by `--only`; all if there is none.
    pub only: Vec<String>,
    /// Areas named by `--skip`.
    pub skip: Vec<String>,
    /// What fails the run.
    pub fail_on: FailOn,
    /// Whether it is known that rows were left out of what was given.
    pub accepts_gaps: bool,
    /// How the report is shown.
    pub render: RenderOptions,
    /// How media files are found, read and compared.
    pub media: MediaOptions,
    /// The time of the report.
    pub now: Timestamp,
    /// What the operator says of the stores.
    pub judgement: Judgement,
    /// The operator's rules of the migration tool; none if they were not given.
    pub migration: Option<MigrationMap>,
    /// The folder that remembers runs.
    pub history: Option<PathBuf>,
    /// What was decided about findings: what the own file says counts before the configuration.
    pub decisions: Vec<Decision>,
    /// The earlier report to compare with.
    pub baseline: Option<PathBuf>,
    /// Title of the report, and for whom it is.
    pub report: ReportSettings,
}

/// Days without login after which an account is stale, if nothing else is said.
const STALE_DAYS: u32 = 365;

impl Settings {
    /// Puts everything together. `warn` takes what is allowed but unwise.
    pub fn new(
        sides: &SidesArgs,
        common: &CommonArgs,
        now: Timestamp,
        warn: &mut dyn FnMut(String),
    ) -> Result<Self, Error> {
        let settings = Self::with(&file::read(common.scan.config.as_deref())?, sides, common, now, warn)?;
        require_m1(&settings.sides)?;
        Ok(settings)
    }

    /// Puts the settings of a snapshot together: one side is given.
    pub fn of_snapshot(
        side: Side,
        sides: &SidesArgs,
        common: &CommonArgs,
        now: Timestamp,
        warn: &mut dyn FnMut(String),
    ) -> Result<Self, Error> {
        let settings = Self::with(&file::read(common.scan.config.as_deref())?, sides, common, now, warn)?;
        let (own, other) = (settings.sides.of(side), side.other());
        if sides.names(other) {
            return Err(Error::usage(format!(
                "a snapshot of {side} takes no {other} options: it is taken of one store"
            )));
        }
        if own.snapshot().is_some() {
            return Err(Error::usage(format!(
                "a snapshot is taken of a store, not of a snapshot (--{}-snapshot)",
                side.code()
            )));
        }
        if own.is_empty() {
            let code = side.code();
            return Err(Error::usage(format!(
                "no {side} store was given: name its folder (--{code}), its database or dump (--{code}-db) or its media folder (--{code}-media)"
            )));
        }
        Ok(settings)
    }

    /// Puts the settings of the demo together: no configuration file is looked for.
    pub fn of_demo(sides: &SidesArgs, migration: &Path, common: &CommonArgs, now: Timestamp) -> Result<Self, Error> {
        let file = match &common.scan.config {
            Some(path) => file::read(Some(path))?,
            None => file::File::default(),
        };
        let mut settings = Self::with(&file, sides, common, now, &mut |_| {})?;
        if settings.migration.is_none() {
            settings.migration = Some(migration_map(migration)?);
        }
        Ok(settings)
    }

    fn with(
        file: &file::File,
        sides: &SidesArgs,
        common: &CommonArgs,
        now: Timestamp,
        warn: &mut dyn FnMut(String),
    ) -> Result<Self, Error> {
        let sides = side_settings(sides, file, warn)?;
        let stale_days = file.limits.stale_days.unwrap_or(STALE_DAYS);
        let now = match &common.scan.now {
            Some(text) => parse_time(text)?,
            None => now,
        };
        for name in common.only.iter().chain(&common.skip) {
            if !area::ALL.iter().any(|it| it.name() == name) {
                let known: Vec<&str> = area::ALL.iter().map(|it| it.name()).collect();
                return Err(Error::usage(format!("there is no area `{name}`; there are {}", known.join(", "))));
            }
        }
        if let Some(name) = common.only.iter().find(|it| common.skip.contains(it)) {
            return Err(Error::usage(format!("the area {name} is named by both --only and --skip")));
        }
        let threads = common.scan.threads.or(file.scan.threads).unwrap_or_else(default_threads);
        if threads == 0 || threads > 1024 {
            return Err(Error::usage("--threads takes a number from 1 to 1024"));
        }
        let io_limit = common.scan.io_limit.or(file.scan.io_limit);
        if io_limit == Some(0) {
            return Err(Error::usage("--io-limit takes a number of megabytes in a second, 1 or more"));
        }
        if common.fail_on.is_some_and(FailOn::is_new_only) && common.baseline.is_none() && common.history.is_none() {
            return Err(Error::usage("--fail-on …:new needs a --baseline or a --history that tells what is new"));
        }
        let cache = match &common.scan.cache {
            _ if common.scan.no_cache => None,
            Some(folder) => Some(folder.clone()),
            None => crate::source::cache_folder(),
        };
        let patterns = Patterns::new(file.scan.include.clone(), file.scan.exclude.clone())
            .map_err(|error| Error::usage(format!("[scan]: {error}")))?;
        let migration = common.migration_config.as_ref().or(file.scan.migration_config.as_ref());
        Ok(Self {
            sides,
            migration: migration.map(|it| migration_map(it)).transpose()?,
            only: common.only.clone(),
            skip: common.skip.clone(),
            fail_on: common.fail_on.unwrap_or(FailOn::High),
            accepts_gaps: common.accept_gaps,
            render: RenderOptions { redact: common.render.redact || file.report.redact, ..common.render.clone() },
            media: MediaOptions {
                compare: common.compare.or(file.scan.compare).unwrap_or_default(),
                include_generated: common.scan.include_generated,
                patterns,
                threads,
                io_limit: io_limit.map(|it| it.saturating_mul(1_000_000)),
                cache,
            },
            now,
            judgement: Judgement {
                users: file.matches.users.clone(),
                roles: file.matches.roles.clone(),
                integrations: file.matches.integrations.clone(),
                stale_days,
            },
            baseline: common.baseline.clone(),
            history: common.history.clone(),
            decisions: {
                let own = common.decisions.as_deref().map(decision::read).transpose()?;
                own.into_iter().flatten().chain(file.decisions.iter().cloned()).collect()
            },
            report: ReportSettings { language: common.render.language.or(file.report.language), ..report::of(file)? },
        })
    }

    /// What decides what is found, in words: two runs are compared by them, and what people are called by the
    /// configuration is not told.
    pub fn told(&self) -> BTreeMap<Setting, String> {
        let Judgement { users, roles, integrations, stale_days } = &self.judgement;
        let MediaOptions { compare, include_generated, patterns, .. } = &self.media;
        let compare = match compare {
            Compare::Content => "Content",
            Compare::Size => "Size",
            Compare::Hash => "Hash",
        };
        BTreeMap::from([
            (Setting::Compare, format!("compare = {compare}")),
            (Setting::IncludeGenerated, format!("include_generated = {include_generated}")),
            (
                Setting::Patterns,
                format!("include = {}, exclude = {}", listed(&patterns.include), listed(&patterns.exclude)),
            ),
            (Setting::StaleDays, format!("stale_days = {stale_days}")),
            (Setting::Matches, format!("match = {}", digest(&matches(&[users, roles, integrations])))),
            (Setting::MigrationConfig, format!("migration_config = {}", digest(&migration(self.migration.as_ref())))),
        ])
    }

    /// Whether there is only Magento 1 to look at.
    pub const fn is_assessment(&self) -> bool {
        self.sides.m2.is_empty()
    }
}

/// What tells settings from others without naming anybody.
fn digest(settings: &str) -> String {
    blake3::hash(settings.as_bytes()).to_hex()[..16].to_owned()
}

// Histories know settings by these texts: another one would call everything that is gone since "not checked".

/// Patterns, as histories have them.
fn listed(patterns: &[String]) -> String {
    format!("{patterns:?}")
}

/// What the operator says is the same, as histories have it.
fn matches(tables: &[&BTreeMap<String, String>; 3]) -> String {
    let [users, roles, integrations] = tables;
    format!("({users:?}, {roles:?}, {integrations:?})")
}

/// The rules of the migration tool, as histories have them.
fn migration(map: Option<&MigrationMap>) -> String {
    map.map_or_else(|| "None".to_owned(), |it| format!("Some({})", it.told()))
}

/// The rules of the migration tool in a folder of its configuration.
fn migration_map(folder: &Path) -> Result<MigrationMap, Error> {
    let files = migration::files(folder).map_err(|source| Error::Read { path: folder.to_owned(), source })?;
    if !files.iter().any(|it| it.name == "map.xml") {
        return Err(Error::usage(format!(
            "--migration-config {} has no map.xml: name the folder where the migration tool's map.xml lies",
            folder.display()
        )));
    }
    let mut map = MigrationMap::default();
    for file in files {
        // The report names the file that was read: the tool's own ends in `.dist`.
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let taken = match file.name.as_str() {
            "class-map.xml" => map.take_classes(&name, &file.text),
            "settings.xml" => map.take_settings(&name, &file.text),
            _ => map.take_map(&name, &file.text),
        };
        taken.map_err(|why| Error::usage(format!("cannot understand {}: {why}", file.path.display())))?;
    }
    Ok(map)
}

/// The decisions of a configuration's text, if all of it is right.
///
/// # Errors
/// If anything in it is wrong.
pub fn decisions(text: &str, path: &Path) -> Result<Vec<Decision>, Error> {
    Ok(file::parse(text, path)?.decisions)
}

/// The sides alone, for `doctor`.
pub fn sides_of(
    sides: &SidesArgs,
    config: Option<&Path>,
    warn: &mut dyn FnMut(String),
) -> Result<Pair<SideInputs>, Error> {
    let sides = side_settings(sides, &file::read(config)?, warn)?;
    if sides.m2.is_empty() {
        require_m1(&sides)?;
    }
    Ok(sides)
}

fn side_settings(args: &SidesArgs, file: &file::File, warn: &mut dyn FnMut(String)) -> Result<Pair<SideInputs>, Error> {
    let mut side = |side: Side,
                    root: &Option<PathBuf>,
                    database: &[String],
                    media: &Option<PathBuf>,
                    snapshot: &Option<PathBuf>,
                    prefix: &Option<String>,
                    of_file: &file::SideTable| {
        let limits = Limits {
            connect: file.limits.connect_timeout.map_or(Limits::default().connect, Duration::from_secs),
            statement: file.limits.statement_timeout.map_or(Limits::default().statement, Duration::from_secs),
        };
        // A side named on the command line is that side: nothing of the file's is mixed in.
        let is_typed = root.is_some() || !database.is_empty() || media.is_some() || snapshot.is_some();
        let password = password(side, of_file.password_file.as_deref().filter(|_| !is_typed))?;
        let pick =
            |typed: &Option<PathBuf>, listed: &Option<PathBuf>| if is_typed { typed.clone() } else { listed.clone() };
        let database = if is_typed { database } else { of_file.db.as_slice() };
        let source = match database {
            [] => None,
            texts => Some(database_source(side, texts, password.clone(), limits, warn)?),
        };
        let prefix = prefix.clone().or_else(|| of_file.prefix.clone().filter(|_| !is_typed));
        if let Some(prefix) = &prefix
            && !prefix.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'$')
        {
            return Err(Error::usage(format!("the {side} table prefix may hold letters, digits and underscores only")));
        }
        let live = LiveInputs { root: pick(root, &of_file.root), database: source, media: pick(media, &of_file.media) };
        Ok(SideInputs {
            source: match pick(snapshot, &of_file.snapshot) {
                Some(file) => SideSource::Snapshot(file),
                None if live.is_empty() => SideSource::None,
                None => SideSource::Live(live),
            },
            prefix,
            database_name: of_file.database.clone(),
            password,
            limits,
            label: None,
        })
    };
    let m1 = side(Side::M1, &args.m1, &args.m1_db, &args.m1_media, &args.m1_snapshot, &args.m1_prefix, &file.m1)?;
    let m2 = side(Side::M2, &args.m2, &args.m2_db, &args.m2_media, &args.m2_snapshot, &args.m2_prefix, &file.m2)?;
    let from_input = |it: &SideInputs| match it.live().and_then(|it| it.database.as_ref()) {
        Some(DatabaseSource::Dump(paths)) => paths.iter().filter(|it| it.as_os_str() == STANDARD_INPUT).count(),
        _ => 0,
    };
    if from_input(&m1) + from_input(&m2) > 1 {
        return Err(Error::usage("standard input (-) holds one dump: name the file of the other one".to_owned()));
    }
    Ok(Pair { m1, m2 })
}

fn require_m1(sides: &Pair<SideInputs>) -> Result<(), Error> {
    if sides.m1.is_empty() {
        return Err(Error::usage(
            "no Magento 1 store was given: name its folder (--m1), its database or dump (--m1-db), its media folder (--m1-media) or a snapshot (--m1-snapshot)",
        ));
    }
    Ok(())
}

/// The password that stands apart: in the environment, or in a file that the configuration names.
fn password(side: Side, file: Option<&Path>) -> Result<Option<SecretString>, Error> {
    let variable = format!("MAGEGAP_{}_DB_PASSWORD", side.code().to_uppercase());
    if let Some(password) = crate::source::environment(&variable).filter(|it| !it.is_empty()) {
        return Ok(Some(SecretString::from(password)));
    }
    let Some(path) = file else { return Ok(None) };
    let text = crate::source::text_file(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Ok(Some(SecretString::from(text.trim_end_matches(['\n', '\r']).to_owned())))
}

fn database_source(
    side: Side,
    texts: &[String],
    password: Option<SecretString>,
    limits: Limits,
    warn: &mut dyn FnMut(String),
) -> Result<DatabaseSource, Error> {
    let option = format!("--{}-db", side.code());
    let is_address = |it: &String| it.contains("://") || it.starts_with("mysql:") || it.starts_with("mariadb:");
    let text = match texts {
        [text] if is_address(text) => text,
        _ if texts.iter().any(is_address) => {
            return Err(Error::usage(format!("{option} is given several times: files are, and a server is not")));
        }
        files => return Ok(DatabaseSource::Dump(files.iter().map(PathBuf::from).collect())),
    };
    // From here on the text is never shown: it may hold a password.
    let wrong = |why: &str| Error::usage(format!("{option} {why}: it must look like mysql://USER@HOST:3306/DATABASE"));
    let url = url::Url::parse(text).map_err(|error| wrong(&format!("is no URL ({error})")))?;
    if !matches!(url.scheme(), "mysql" | "mariadb") {
        return Err(wrong("must begin with mysql:// or name a dump file"));
    }
    let decode = |it: &str| percent_encoding::percent_decode_str(it).decode_utf8_lossy().into_owned();
    let database = decode(url.path().trim_start_matches('/'));
    if database.is_empty() {
        return Err(wrong("names no database"));
    }
    if database.contains(['/', '@', ':']) {
        return Err(wrong("has a / or @ where it may not (in a password they are written %2F and %40)"));
    }
    if url.username().is_empty() {
        return Err(wrong("names no user"));
    }
    if url.password().is_some() {
        warn(format!(
            "the password in {option} can be seen by everybody on this machine (ps); \
             put it into MAGEGAP_{}_DB_PASSWORD instead",
            side.code().to_uppercase()
        ));
    }
    let mut address = Address {
        host: url.host_str().map_or_else(|| "localhost".to_owned(), |it| decode(it.trim_matches(['[', ']']))),
        port: url.port().unwrap_or(3306),
        socket: None,
        tries_sockets: false,
        user: decode(url.username()),
        password: url.password().map(|it| SecretString::from(decode(it))).or(password),
        database,
        tls: Tls::default(),
        tls_ca: None,
        limits,
    };
    for (key, value) in url.query_pairs() {
        match key.as_ref() {
            "socket" => address.socket = Some(PathBuf::from(value.as_ref())),
            "ssl-ca" => address.tls_ca = Some(PathBuf::from(value.as_ref())),
            "ssl-mode" => {
                address.tls = match value.to_ascii_lowercase().replace('-', "_").as_str() {
                    "disabled" => Tls::Disabled,
                    "preferred" => Tls::Preferred,
                    "required" => Tls::Required,
                    "verify_ca" => Tls::VerifyCa,
                    "verify_identity" => Tls::VerifyIdentity,
                    _ => {
                        return Err(Error::usage(format!(
                            "{option}: ssl-mode is one of disabled, preferred, required, verify_ca, verify_identity"
                        )));
                    }
                }
            }
            other => {
                return Err(Error::usage(format!(
                    "{option}: unknown parameter `{other}`; there are socket, ssl-mode, ssl-ca"
                )));
            }
        }
    }
    if address.host.starts_with('/') {
        address.socket = Some(PathBuf::from(std::mem::replace(&mut address.host, "localhost".to_owned())));
    }
    address.tries_sockets = address.host == "localhost" && address.socket.is_none() && url.port().is_none();
    Ok(DatabaseSource::Server(address))
}

fn parse_time(text: &str) -> Result<Timestamp, Error> {
    let day =
        || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|it| it.timestamp());
    text.parse().ok().or_else(day).ok_or_else(|| {
        Error::usage(format!(
            "--now takes a time such as 2026-11-22T03:00:00Z or a day such as 2026-11-22, not `{}`",
            crate::text::visible(text)
        ))
    })
}

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(4, |it| (it.get() * 2).max(4))
}
