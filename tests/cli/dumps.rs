//! Dumps as they lie on disks and come through pipes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::Command as Program;

use crate::support::{NOW, Run, Sandbox, fixture};

/// A dump of the demo's Magento 1 store, in pieces.
struct Pieces {
    /// What stands before the first table.
    head: String,
    /// Each table: its structure, and what fills it.
    tables: Vec<(String, String)>,
    /// What stands behind the last table.
    tail: String,
}

impl Pieces {
    fn of(dump: &str) -> Self {
        let mut parts = dump.split("--\n-- Table structure for table ");
        let head = parts.next().unwrap().to_owned();
        let mut tables: Vec<(String, String)> = parts
            .map(|part| {
                let (structure, rows) = part.split_once("--\n-- Dumping data for table ").unwrap();
                (format!("-- {structure}"), format!("-- {rows}"))
            })
            .collect();
        let last = &mut tables.last_mut().unwrap().1;
        let end = last.find("UNLOCK TABLES;").unwrap() + "UNLOCK TABLES;".len();
        let tail = last.split_off(end);
        Self { head, tables, tail }
    }

    fn with(&self, text: &str) -> String {
        format!("{}{text}{}", self.head, self.tail)
    }

    fn structure(&self) -> String {
        self.with(&self.tables.iter().map(|(structure, _)| structure.as_str()).collect::<String>())
    }

    fn rows(&self) -> String {
        self.with(&self.tables.iter().map(|(_, rows)| rows.as_str()).collect::<String>())
    }
}

/// The findings of an audit with the Magento 1 database given like this.
fn findings(sandbox: &Sandbox, database: &str) -> String {
    let arguments = format!("audit {database} --m2-db m2.sql --fail-on never --no-cache --now {NOW} --out report");
    let run = sandbox.run(&arguments);
    assert_eq!(run.status, 0, "{database}: {}{}", run.out, run.err);
    fs::read_to_string(sandbox.path("report/findings.csv")).unwrap()
}

#[test]
fn a_store_gives_the_same_findings_however_its_dump_lies() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let whole = findings(&sandbox, "--m1-db m1.sql");
    assert!(whole.lines().count() > 50);
    let dump = fixture("demo/m1.sql");
    let pieces = Pieces::of(&dump);
    for (at, (structure, rows)) in pieces.tables.iter().enumerate() {
        sandbox.write(&format!("tables/{at:03}.sql"), pieces.with(&format!("{structure}{rows}")));
    }
    sandbox.write("apart/data.sql", pieces.rows());
    sandbox.write("apart/structure.sql", pieces.structure());
    let pack = |command: &str| {
        let made = Command::new("sh").args(["-c", command]).current_dir(sandbox.path(".")).status().unwrap();
        assert!(made.success(), "{command}");
    };
    pack("zip -q m1.zip m1.sql && gzip -k m1.sql && tar czf m1.tar.gz m1.sql && mkfifo pipe");
    sandbox.write("magegap.toml", "[m1]\ndb = [\"apart/structure.sql\", \"apart/data.sql\"]\n[m2]\ndb = \"m2.sql\"\n");
    for form in ["tables", "apart", "apart/structure.sql --m1-db apart/data.sql", "m1.zip", "m1.sql.gz", "m1.tar.gz"] {
        assert_eq!(findings(&sandbox, &format!("--m1-db {form}")), whole, "{form}");
    }
    sandbox.run(&format!("audit --config magegap.toml --fail-on never --no-cache --now {NOW} --out report"));
    assert_eq!(fs::read_to_string(sandbox.path("report/findings.csv")).unwrap(), whole);
    let (from, to) = (sandbox.path("m1.sql.gz"), sandbox.path("pipe"));
    let writer = std::thread::spawn(move || fs::write(to, fs::read(from).unwrap()).unwrap());
    assert_eq!(findings(&sandbox, "--m1-db pipe"), whole);
    writer.join().unwrap();
}

#[test]
fn standard_input_is_kept_while_it_is_read_and_no_longer() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let whole = findings(&sandbox, "--m1-db m1.sql");
    fs::create_dir(sandbox.path("tmp")).unwrap();
    let arguments = ["audit", "--m1-db", "-", "--m2-db", "m2.sql", "--no-cache", "--fail-on", "never", "--now", NOW];
    let mut command = sandbox.command(&arguments);
    command.args(["--out", "report"]).env("TMPDIR", sandbox.path("tmp"));
    let run = Run::of(Program::from_std(command).write_stdin(fixture("demo/m1.sql")).output().unwrap());
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert_eq!(fs::read_to_string(sandbox.path("report/findings.csv")).unwrap(), whole);
    assert_eq!(fs::read_dir(sandbox.path("tmp")).unwrap().count(), 0);
    let json = String::from_utf8(sandbox.files("report").remove(Path::new("findings.json")).unwrap()).unwrap();
    assert!(json.contains("the Magento 1 dump came through a pipe: its "), "{json}");
    let said = sandbox.run("audit --m1-db - --m2-db - --out report").refused();
    assert!(said.contains("standard input (-) holds one dump"), "{said}");
    let said = sandbox.run("audit --m1-db m1.sql --m1-db mysql://u@h/d --out report").refused();
    assert!(said.contains("--m1-db is given several times"), "{said}");
}

#[test]
fn a_pipe_that_waits_is_left_at_once_when_the_run_is_ended() {
    let sandbox = Sandbox::new();
    sandbox.demo_stores();
    let mut child =
        sandbox.command(&["doctor", "--m1-db", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let ended = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(ended.success());
    // Its input stays open all the while.
    let input = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    drop(input);
}
