//! Runs the program, and makes what it is to look at.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A time for reports, so that they are the same in every run.
pub(crate) const NOW: &str = "2026-11-22T03:00:00Z";

/// A folder to work in, and the program run there.
pub(crate) struct Sandbox {
    folder: TempDir,
    /// What runs remember goes elsewhere than into the user's own folder.
    cache: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, making the folders that it needs.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Makes a media folder of a list (`fixtures/README.md`).
    pub(crate) fn media(&self, name: &str, list: &str) -> PathBuf {
        let path = self.path(name);
        magegap::source::demo::plant(&path, list).unwrap();
        path
    }

    /// Runs the program in the folder, with arguments between blanks.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.run_with(&arguments.split_whitespace().collect::<Vec<_>>(), &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = Command::from_std(self.command(arguments));
        command.envs(environment.iter().copied());
        Run::of(command.output().unwrap())
    }

    /// The program in the folder, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("magegap"));
        command.current_dir(self.folder.path()).args(arguments).env("XDG_CACHE_HOME", self.cache.path());
        for name in ["MAGEGAP_M1_DB_PASSWORD", "MAGEGAP_M2_DB_PASSWORD", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    /// Where runs remember what they have read.
    pub(crate) fn cache(&self) -> PathBuf {
        self.cache.path().join("magegap")
    }

    /// Writes the demo stores: `m1.sql`, `m1-media`, `m1-root`, and the same of `m2`.
    pub(crate) fn demo_stores(&self) {
        for side in ["m1", "m2"] {
            let fixture = |name: &str| {
                let path = format!("{}/fixtures/demo/{side}{name}", env!("CARGO_MANIFEST_DIR"));
                fs::read_to_string(path).unwrap()
            };
            self.write(&format!("{side}.sql"), fixture(".sql"));
            self.media(&format!("{side}-media"), &fixture("-media.list"));
            self.media(&format!("{side}-root"), &fixture("-root.list"));
        }
    }

    /// The findings of a report folder as lines `rule subject severity`, in their order.
    pub(crate) fn findings(&self, folder: &str) -> Vec<String> {
        let text = fs::read(self.path(folder).join("findings.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        reader.records().map(|it| it.unwrap()).map(|it| format!("{} {} {}", &it[1], &it[7], &it[3])).collect()
    }

    /// Every file of a folder, by its path below it.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.path(folder);
        let mut files = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.strip_prefix(&root).unwrap().to_owned(), fs::read(&path).unwrap());
                }
            }
        }
        files
    }

    /// What lies in the folder besides `names`: nothing may be left behind.
    pub(crate) fn strays(&self, names: &[&str]) -> Vec<String> {
        let all = fs::read_dir(self.folder.path()).unwrap();
        all.map(|it| it.unwrap().file_name().into_string().unwrap())
            .filter(|it| !names.contains(&it.as_str()))
            .collect()
    }
}

/// What the program did.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A refusal: status 2, one clear message, and no panic.
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.status, 2, "{}{}", self.out, self.err);
        assert!(self.err.starts_with("error: ") && !self.err.contains("panicked"), "{}", self.err);
        self.err
    }
}

/// A fixture dump.
pub(crate) fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}
