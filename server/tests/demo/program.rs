//! The demonstration as somebody starts it who wants to see it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use dutylog_server::Config;
use serde_json::Value as Json;
use tempfile::TempDir;

/// Within this time the address is there.
const ADDRESS_WITHIN: Duration = Duration::from_secs(20);

/// The keys of the one JSON object.
const KEYS: [&str; 15] = [
    "phones",
    "entries_recorded",
    "entries_received",
    "entries_lost",
    "duplicates",
    "segments",
    "rounds",
    "incidents",
    "handovers_signed",
    "handovers_offline",
    "conflicts",
    "sync_round_trips",
    "bytes_up",
    "bytes_down",
    "seconds",
];

/// A demonstration at work.
struct Demo {
    child: Child,
    said: Receiver<String>,
}

impl Demo {
    fn start(data: &Path, days: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dutylog-server"))
            .env_clear()
            .args(["demo", "--headless", "--days", days, "--port", "0", "--json", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let (tell, said) = channel();
        let lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(tell.send(line))));
        Self { child, said }
    }

    /// Waits until it says where it is, on standard error.
    fn address(&self) -> String {
        let until = Instant::now() + ADDRESS_WITHIN;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.said.recv_timeout(left).expect("an address within 20 seconds");
            if let Some((_, address)) = line.split_once("http://") {
                return address.trim().to_owned();
            }
        }
    }

    /// Waits for its end; gives all of its standard output.
    fn end(mut self) -> (ExitStatus, String) {
        let mut output = String::new();
        let mut from = self.child.stdout.take().expect("its output");
        from.read_to_string(&mut output).expect("text");
        (self.child.wait().expect("ended"), output)
    }
}

/// A demonstration that has ended.
pub(crate) struct Shown {
    folder: TempDir,
    address: String,
    status: ExitStatus,
    output: String,
}

impl Shown {
    /// The data folder of its server.
    pub(crate) fn server(&self) -> PathBuf {
        self.folder.path().join("demo/server")
    }
}

/// Five days, played once for every test here.
pub(crate) static FIVE_DAYS: LazyLock<Shown> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("folder");
    let demo = Demo::start(&folder.path().join("demo"), "5");
    let address = demo.address();
    let (status, output) = demo.end();
    Shown { folder, address, status, output }
});

#[test]
fn the_program_says_where_it_is_and_ends_with_one_object_of_figures() {
    let Shown { address, status, output, .. } = &*FIVE_DAYS;
    let port: u16 = address.strip_prefix("127.0.0.1:").expect("this machine").parse().expect("a port");
    assert_ne!(port, 0, "port 0 picks a free one");
    assert!(status.success(), "{status}: {output}");
    let figures: Json = serde_json::from_str(output).expect("one JSON object and nothing else");
    let keys: BTreeSet<&str> = figures.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(KEYS));
    let figure = |key: &str| figures[key].as_u64().unwrap_or_else(|| panic!("{key} is no number: {output}"));
    assert!(figure("phones") >= 6);
    assert_eq!((figure("entries_lost"), figure("duplicates")), (0, 0));
    assert_eq!(figure("entries_received"), figure("entries_recorded"));
    for key in
        ["entries_recorded", "rounds", "incidents", "handovers_signed", "handovers_offline", "conflicts"]
    {
        assert!(figure(key) > 0, "{key}: {output}");
    }
}

/// To whoever judges, an entry that was deleted and one that never arrived are the same: a phone was told that it is saved, and the server
/// does not hold it. The journal is written to from outside, while the phones are at work.
#[test]
fn the_program_fails_when_one_entry_is_missing() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("demo");
    let demo = Demo::start(&data, "1");
    demo.address();
    let journal = data.join("journals/pump-patrol.journal");
    while !journal.exists() {
        demo.said.recv_timeout(Duration::from_millis(20)).ok();
    }
    let missing = format!("{} 1 {} -\n", "0a".repeat(16), "0b".repeat(32));
    let mut file = std::fs::File::options().append(true).open(journal).expect("a journal");
    file.write_all(missing.as_bytes()).expect("written");
    let (status, output) = demo.end();
    let figures: Json = serde_json::from_str(&output).expect("one JSON object and nothing else");
    assert_eq!((status.success(), &figures["entries_lost"]), (false, &1.into()), "{output}");
}

#[test]
fn the_program_itself_finds_the_data_folder_in_order() {
    let data = FIVE_DAYS.server();
    assert!(Config { data_dir: data.clone(), ..Config::default() }.database_file().exists());
    let mut verify = Command::new(env!("CARGO_BIN_EXE_dutylog-server"));
    let verified = verify.env_clear().arg("--data-dir").arg(&data).arg("verify").output().expect("runs");
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{said}{}", String::from_utf8_lossy(&verified.stderr));
    assert_eq!(said.matches("are good").count(), 3, "{said}");
}
