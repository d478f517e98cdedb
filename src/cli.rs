//! The command line: what can be typed, and nothing more.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::decision::Verdict;
use crate::pair::Side;
use crate::report::{FailOn, RenderOptions};
use crate::source::media::Compare;

/// Tells what a Magento 1 store has that its Magento 2 successor still lacks.
///
/// magegap only reads. It compares installations, live databases, SQL dumps and
/// media folders, and writes a report of what is still missing and what to do
/// about it.
#[derive(Debug, Parser)]
#[command(version, after_help = "Start with `magegap demo`: it needs nothing, and writes a report to look at.")]
pub struct Cli {
    /// When to use colours.
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When the terminal output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare the two stores, write the report folder, print the verdict.
    #[command(after_help = AUDIT_EXAMPLES)]
    Audit(Box<AuditArgs>),
    /// Audit the two small demo stores that are built in; no server is needed.
    #[command(after_help = "Exit status: 0 when the report is written; with --fail-on as audit's.")]
    Demo(DemoArgs),
    /// Render a report again, in other formats or with other templates; no store is read.
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// Add a decision about findings to the configuration, or to a file of decisions.
    #[command(after_help = DECIDE_EXAMPLES)]
    Decide(DecideArgs),
    /// List the rules, or explain one.
    #[command(after_help = "Examples:\n  magegap rules\n  magegap rules media.moved\n  magegap rules admin_users")]
    Rules(RulesArgs),
    /// Write all facts of one store into a file, to be audited on another host.
    #[command(after_help = SNAPSHOT_EXAMPLES)]
    Snapshot(SnapshotArgs),
    /// Look at the inputs: access, versions, tables, and what will and will not be checked.
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor(DoctorArgs),
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page of this program, or of one of its commands.
    Man {
        /// The command; the program itself if none is given.
        command: Option<String>,
    },
}

const AUDIT_EXAMPLES: &str = "\
Examples:
  Before the migration, from a dump of the old shop and a copy of its media:
    magegap audit --m1-db shop-m1.sql.gz --m1-media /backup/media --out report

  After it, with both installations on this host:
    magegap audit --m1 /var/www/old --m2 /var/www/new --out report

  Nightly in CI, databases elsewhere; fails when a blocker is open:
    MAGEGAP_M1_DB_PASSWORD=… MAGEGAP_M2_DB_PASSWORD=… \\
    magegap audit --m1-db mysql://audit@db1/shop --m2-db mysql://audit@db2/shop2 \\
      --m1-media /mnt/m1/media --m2-media /mnt/m2/pub/media --fail-on blocker --out report

Exit status: 0 nothing open at or above --fail-on; 1 something is; 2 wrong use, or
something that was asked for could not be checked.";

const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  On the old host, which needs nothing but this program:
    magegap snapshot --side m1 --m1 /var/www/old --out m1.snapshot
  On the new one, or on a third:
    magegap audit --m1-snapshot m1.snapshot --m2 /var/www/new --out report

The file holds no password, key or token. It names people, as a report does.

Exit status: 0 when all that was given is in it; 2 wrong use, or something could not be
read: the file then says what.";

const REPORT_EXAMPLES: &str = "\
Examples:
  From the nightly run's folder, with the agency's own page:
    magegap report report --out for-the-client --templates our-templates
  From the file alone, that somebody has sent:
    magegap report findings.json --out report

Exit status: 0 the report is written; 2 it is not. What the audit ended with stands in the report.";

const DECIDE_EXAMPLES: &str = "\
Examples:
  One finding, by the fingerprint that report and CSV show:
    magegap decide --fingerprint 3f9a2c81d04b77e1 --decision accept --reason 'replaced in the new design'
  All pictures of a folder, until the end of the year:
    magegap decide --rule media.missing --subject 'wysiwyg/old/**' --decision later --until 2026-12-31 \\
      --reason 'the campaign archive follows' --by 'J. Smith' --ticket SHOP-12

The next audit heeds it. Blockers are waived by fingerprint or exact subject alone.

Exit status: 0 the decision is written; 2 it is not, and the file is as it was.";

const DOCTOR_EXAMPLES: &str = "\
Example:
  magegap doctor --m1 /var/www/old --m2-db mysql://audit@db2/shop2

Exit status: 0 everything given can be read; 2 something cannot.";

// An attribute and not a doc comment: what looks like a link there is none.
const M1_DB_HELP: &str = "Magento 1 database: mysql://USER@HOST[:PORT]/DB[?socket=…&ssl-mode=…] or a dump: FILE.sql[.gz|.zst|.xz|.bz2|.zip], a \
     folder of such files, or - for standard input; several are read as one";

const M1_MEDIA_HELP: &str = "Magento 1 media: the folder, or a list of its files as sha256sum, md5sum, b3sum, `rclone lsjson -R \
                             --hash` or `find -type f -printf '%s %P\\n'` print it";

/// Where the two stores are.
#[derive(Clone, Debug, Default, Args)]
pub struct SidesArgs {
    /// Magento 1 installation folder; its local.xml gives database and prefix, media/ follows.
    #[arg(long, value_name = "ROOT", help_heading = "Magento 1")]
    pub m1: Option<PathBuf>,
    /// Magento 1 database: a server or a dump.
    #[arg(long, value_name = "SRC", help_heading = "Magento 1", help = M1_DB_HELP)]
    pub m1_db: Vec<String>,
    /// Magento 1 media folder, or a list of its files.
    #[arg(long, value_name = "SRC", help_heading = "Magento 1", help = M1_MEDIA_HELP)]
    pub m1_media: Option<PathBuf>,
    /// Magento 1 table prefix; found from the table names if not given.
    #[arg(long, value_name = "TEXT", help_heading = "Magento 1")]
    pub m1_prefix: Option<String>,
    /// Magento 1 as a snapshot that was taken elsewhere, in place of all else.
    #[arg(long, value_name = "FILE", help_heading = "Magento 1", conflicts_with_all = ["m1", "m1_db", "m1_media", "m1_prefix"])]
    pub m1_snapshot: Option<PathBuf>,
    /// Magento 2 installation folder; its env.php gives database and prefix, pub/media/ follows.
    #[arg(long, value_name = "ROOT", help_heading = "Magento 2")]
    pub m2: Option<PathBuf>,
    /// Magento 2 database: as --m1-db.
    #[arg(long, value_name = "SRC", help_heading = "Magento 2")]
    pub m2_db: Vec<String>,
    /// Magento 2 media: as --m1-media.
    #[arg(long, value_name = "SRC", help_heading = "Magento 2")]
    pub m2_media: Option<PathBuf>,
    /// Magento 2 table prefix.
    #[arg(long, value_name = "TEXT", help_heading = "Magento 2")]
    pub m2_prefix: Option<String>,
    /// Magento 2 as a snapshot.
    #[arg(long, value_name = "FILE", help_heading = "Magento 2", conflicts_with_all = ["m2", "m2_db", "m2_media", "m2_prefix"])]
    pub m2_snapshot: Option<PathBuf>,
}

impl SidesArgs {
    /// Whether anything was typed of a store.
    pub const fn names(&self, side: Side) -> bool {
        match side {
            Side::M1 => {
                self.m1.is_some() || !self.m1_db.is_empty() || self.m1_media.is_some() || self.m1_snapshot.is_some()
            }
            Side::M2 => {
                self.m2.is_some() || !self.m2_db.is_empty() || self.m2_media.is_some() || self.m2_snapshot.is_some()
            }
        }
    }
}

/// What `audit` takes.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The stores.
    #[command(flatten)]
    pub sides: SidesArgs,
    /// Folder that the report goes to; a report that is there is replaced as a whole.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Everything else.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What `snapshot` takes.
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    /// Which of the two it is.
    #[arg(long, value_enum)]
    pub side: Side,
    /// The store.
    #[command(flatten)]
    pub sides: SidesArgs,
    /// File that the snapshot goes to; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// How it is read.
    #[command(flatten)]
    pub scan: ScanArgs,
}

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder that the report goes to.
    #[arg(long, value_name = "FOLDER", default_value = "magegap-report")]
    pub out: PathBuf,
    /// Everything else.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What `report` takes.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// A report folder, or the findings.json of one.
    #[arg(value_name = "REPORT")]
    pub input: PathBuf,
    /// Folder that the report goes to; a report that is there is replaced as a whole.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// How it is shown.
    #[command(flatten)]
    pub render: RenderOptions,
    /// Configuration file, whose words and look of reports count [default: magegap.toml in the current folder, if there is one].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print errors only.
    #[arg(short, long)]
    pub quiet: bool,
}

/// What `doctor` takes.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The stores.
    #[command(flatten)]
    pub sides: SidesArgs,
    /// Configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Show no progress.
    #[arg(short, long)]
    pub quiet: bool,
    /// Show each table that an audit reads.
    #[arg(short, long)]
    pub verbose: bool,
}

/// What `decide` takes.
#[derive(Clone, Debug, Args)]
pub struct DecideArgs {
    /// File that it goes to; it is made if it is not there.
    #[arg(long, value_name = "FILE", default_value = "magegap.toml")]
    pub file: PathBuf,
    /// The finding's fingerprint.
    #[arg(long, value_name = "HEX", required_unless_present = "rule", conflicts_with_all = ["rule", "subject", "scope"])]
    pub fingerprint: Option<String>,
    /// The findings' rule, such as media.missing.
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Their subject, or a pattern of subjects. In paths of media `*` stays within a folder, and `**` crosses them.
    #[arg(long, value_name = "TEXT", requires = "rule")]
    pub subject: Option<String>,
    /// Their scope, as the report shows it.
    #[arg(long, value_name = "TEXT", requires = "rule")]
    pub scope: Option<String>,
    /// What was decided.
    #[arg(long, value_enum, value_name = "VERDICT")]
    pub decision: Verdict,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// By whom.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The last day on which it counts, such as 2026-12-31.
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    /// Where it is written down.
    #[arg(long, value_name = "TEXT")]
    pub ticket: Option<String>,
    /// Put it in the place of the decision about the same.
    #[arg(long)]
    pub replace: bool,
    /// The report that it is about, a folder or its findings.json: refuse what none of its findings is.
    #[arg(long, value_name = "REPORT")]
    pub report: Option<PathBuf>,
}

/// What `rules` takes.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// A rule, such as media.moved, or an area, such as media.
    pub code: Option<String>,
}

/// What all audits take.
#[derive(Debug, Default, Args)]
pub struct CommonArgs {
    /// Check these areas only.
    #[arg(long, value_name = "AREA", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Leave these areas out.
    #[arg(long, value_name = "AREA", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// End with status 1 if a finding of this severity or worse is open [default: high].
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// It is known that rows were left out of what was given (stripped dumps): say so, and do not end with status 2.
    #[arg(long)]
    pub accept_gaps: bool,
    /// How the report is shown.
    #[command(flatten)]
    pub render: RenderOptions,
    /// Folder of the migration tool's configuration as the operator has it: map.xml, class-map.xml, settings.xml.
    #[arg(long, value_name = "FOLDER")]
    pub migration_config: Option<PathBuf>,
    /// File of decisions, `[[decision]]`, about findings; those of the configuration file count after them.
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// findings.json of an earlier run: the report tells what is new, and what is fixed since.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Folder that remembers runs: its last one is the baseline, and the report shows the trend.
    #[arg(long, value_name = "FOLDER")]
    pub history: Option<PathBuf>,
    /// How media files are told apart [default: content].
    #[arg(long, value_enum, value_name = "HOW")]
    pub compare: Option<Compare>,
    /// How media files are read.
    #[command(flatten)]
    pub scan: ScanArgs,
    /// Print what is read.
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// What all take that read media files.
#[derive(Clone, Debug, Default, Args)]
pub struct ScanArgs {
    /// Configuration file [default: magegap.toml in the current folder, if there is one].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Compare generated media folders (caches, merged CSS and JS, thumbnails), too.
    #[arg(long)]
    pub include_generated: bool,
    /// Threads that read media files; 64 serve network file systems [default: twice the cores, at least 4].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Megabytes of media files that are read in a second at the most, for hosts in production.
    #[arg(long, value_name = "MB")]
    pub io_limit: Option<u64>,
    /// Folder that remembers what was read of media files [default: magegap in the user's folder for caches].
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_cache")]
    pub cache: Option<PathBuf>,
    /// Read every file anew, and remember nothing.
    #[arg(long)]
    pub no_cache: bool,
    /// The time of the report, such as 2026-11-22T03:00:00Z: the same stores and time give the same bytes.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Print errors only.
    #[arg(short, long)]
    pub quiet: bool,
}
