//! The same calls through the generated Python, in a process of its own that is told what to do line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;
use uniffi::TargetLanguage;

use crate::caller::{Call, Caller, Duty, TURN};
use crate::phone::{PIN, now};
use crate::support;

pub(crate) struct Outside {
    python: Child,
    told: ChildStdin,
    said: BufReader<ChildStdout>,
    _duty: Duty,
    _module: TempDir,
}

impl Outside {
    /// Hands the phone's files over to another process.
    pub(crate) fn new(duty: Duty) -> Self {
        duty.phone.app.shutdown().expect("closed");
        let module = tempfile::tempdir().expect("a folder");
        support::generate(TargetLanguage::Python, module.path());
        let library = support::library();
        let name = library.file_name().expect("a name");
        std::fs::copy(&library, module.path().join(name)).expect("the library lies beside the module");
        let mut python = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/boundary/outside.py"))
            .arg(duty.phone.folder())
            .args([PIN, &duty.person, &duty.round, &duty.item.to_string(), &duty.incident])
            .args([now(10).wall_ms, now(10).monotonic_ms].map(|ms| ms.to_string()))
            .env("PYTHONPATH", module.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let told = python.stdin.take().expect("piped");
        let said = BufReader::new(python.stdout.take().expect("piped"));
        Self { python, told, said, _duty: duty, _module: module }
    }
}

impl Caller for Outside {
    fn call(&mut self, call: Call) -> Vec<f64> {
        let name = format!("{call:?}").to_lowercase();
        writeln!(self.told, "{name} {TURN}").expect("it listens");
        let mut line = String::new();
        self.said.read_line(&mut line).expect("it answers");
        let times: Vec<f64> = line.split_whitespace().map(|time| time.parse().expect("a number")).collect();
        assert_eq!(times.len(), TURN, "Python answered: {line}");
        times
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is waited for.
        drop(self.python.kill());
        drop(self.python.wait());
    }
}
