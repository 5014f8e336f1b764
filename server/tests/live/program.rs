//! `dutylog-server` as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use dutylog_server::app::Parts;
use dutylog_server::{Config, SystemClock};

pub(crate) const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/fixtures/site.json");
pub(crate) const SITE: &str = "qingshiling";

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dutylog-server"));
    command.env_clear().arg("--data-dir").arg(data);
    command
}

/// Runs a command to its end.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().expect("runs")
}

/// Runs a command that must succeed; gives what it said.
pub(crate) fn must(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// The data folder, opened in this process as another program would.
pub(crate) async fn open(data: &Path) -> Parts {
    let config = Config { data_dir: data.to_owned(), ..Config::default() };
    Parts::open(&config, Arc::new(SystemClock)).await.expect("opens")
}

/// A server that runs.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it and waits until it says where it is. Port 0 picks a free one.
    pub(crate) fn start(data: &Path, port: u16) -> Self {
        Self::start_logging(data, port, Stdio::null())
    }

    /// The same, with its log going somewhere.
    pub(crate) fn start_logging(data: &Path, port: u16, log: Stdio) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let mut child = command(data)
            .args(["--listen", &listen, "serve"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut lines = lines.map(|line| line.expect("text"));
        let address = lines.find_map(|line| line.rsplit_once("http://")?.1.trim().parse().ok());
        // What it says later goes nowhere.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.expect("it says where it is") }
    }

    /// Ends it as a power failure would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Gone already, after `kill`.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
