//! Starts a MariaDB of the test's own.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use magegap::source::server::{Address, Limits, Tls};
use secrecy::SecretString;
use tempfile::TempDir;

/// A user's password with everything that breaks a URL.
pub(crate) const PASSWORD: &str = "pw@:/ %x'";

/// A server, which ends with the value.
pub(crate) struct Server {
    folder: TempDir,
    process: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts a server with a user `audit` who may read everything.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        // Servers that share a folder for temporary tables remove each other's.
        let scratch = folder.path().join("tmp");
        std::fs::create_dir(&scratch).unwrap();
        let is_root = std::fs::read_to_string("/proc/self/status").unwrap().contains("Uid:\t0\t");
        if is_root {
            run(Command::new("chown").args(["-R", "mysql"]).arg(folder.path()));
        }
        let mut user: Vec<String> = Vec::new();
        if is_root {
            user.push("--user=mysql".to_owned());
        }
        run(Command::new("mariadb-install-db")
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .args(&user)
            .arg(format!("--tmpdir={}", scratch.display()))
            .arg(format!("--datadir={}", data.display())));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(program("mariadbd"))
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=64M"])
            .args(&user)
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--tmpdir={}", scratch.display()))
            .arg(format!("--socket={}", folder.path().join("s.sock").display()))
            .arg(format!("--pid-file={}", folder.path().join("pid").display()))
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mariadbd starts");
        let server = Self { folder, process, port };
        let begun = Instant::now();
        while !server.client().args(["-e", "SELECT 1"]).output().unwrap().status.success() {
            assert!(begun.elapsed() < Duration::from_mins(1), "mariadbd does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        let password = PASSWORD.replace('\'', "''");
        server.sql(&format!("DELETE FROM mysql.global_priv WHERE User = ''; FLUSH PRIVILEGES; CREATE USER audit@'%' IDENTIFIED BY '{password}'; GRANT SELECT, TRIGGER ON *.* TO audit@'%'"));
        server
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("s.sock")
    }

    /// The command-line client, as root.
    pub(crate) fn client(&self) -> Command {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "-uroot", "--default-character-set=utf8mb4"]).arg("-S").arg(self.socket());
        client
    }

    pub(crate) fn sql(&self, text: &str) -> String {
        let output = self.client().args(["-N", "-e", text]).output().unwrap();
        assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Loads a dump into a new database.
    pub(crate) fn load(&self, database: &str, dump: impl AsRef<[u8]>) {
        self.sql(&format!("CREATE DATABASE {database}"));
        let mut client = self.client().arg(database).stdin(Stdio::piped()).spawn().unwrap();
        client.stdin.take().unwrap().write_all(dump.as_ref()).unwrap();
        assert!(client.wait().unwrap().success(), "{database} cannot be loaded");
    }

    pub(crate) fn address(&self, database: &str) -> Address {
        Address {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            socket: None,
            tries_sockets: false,
            user: "audit".to_owned(),
            password: Some(SecretString::from(PASSWORD)),
            database: database.to_owned(),
            tls: Tls::default(),
            tls_ca: None,
            limits: Limits { connect: Duration::from_secs(10), statement: Duration::from_secs(20) },
        }
    }

    /// The address as an option.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("mysql://audit@127.0.0.1:{}/{database}", self.port)
    }

    /// Ends the server at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program that Debian keeps out of the way of ordinary users.
fn program(name: &str) -> PathBuf {
    let sbin = Path::new("/usr/sbin").join(name);
    if sbin.exists() { sbin } else { PathBuf::from(name) }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} is needed by these tests: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A fixture dump.
pub(crate) fn fixture(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}
