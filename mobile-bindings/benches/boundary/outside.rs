//! The same calls through a generated language, in a process of its own that is told what to do line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::caller::{Call, Caller, Duty, TURN};
use crate::phone::{PIN, now};

pub(crate) struct Outside {
    driver: Child,
    told: ChildStdin,
    said: BufReader<ChildStdout>,
    _duty: Duty,
}

impl Outside {
    /// Hands the phone's files over to a driver: another process, which takes them over with its first call.
    pub(crate) fn new(duty: Duty, driver: &mut Command) -> Self {
        duty.phone.app.shutdown().expect("closed");
        let mut driver = driver
            .arg(duty.phone.folder())
            .args([PIN, &duty.person, &duty.round, &duty.item.to_string(), &duty.incident])
            .args([now(10).wall_ms, now(10).monotonic_ms].map(|ms| ms.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the driver starts");
        let told = driver.stdin.take().expect("piped");
        let said = BufReader::new(driver.stdout.take().expect("piped"));
        Self { driver, told, said, _duty: duty }
    }
}

impl Caller for Outside {
    fn call(&mut self, call: Call) -> Vec<f64> {
        writeln!(self.told, "{} {TURN}", call.word()).expect("it listens");
        let mut line = String::new();
        self.said.read_line(&mut line).expect("it answers");
        let times: Vec<f64> = line.split_whitespace().map(|time| time.parse().expect("a number")).collect();
        assert_eq!(times.len(), TURN, "the driver answered: {line}");
        times
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is waited for.
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}
