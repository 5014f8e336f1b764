//! Records until it is killed: `capture FOLDER`. Prints a line once the store is open, and one when the first action is saved.

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use dutylog_tests::capturing::Capturing;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else { return ExitCode::FAILURE };
    let mut phone = Capturing::open(&folder);
    let (saved, unanswered) = phone.journal().told();
    let next = saved.keys().next_back().map_or(0, |last| last + 1);
    // Whatever was not answered is asked for again, as an app does that was killed.
    let mut told = false;
    for n in unanswered.unwrap_or(next).. {
        phone.record(n);
        if !told && writeln!(stdout(), "saved").and_then(|()| stdout().flush()).is_err() {
            return ExitCode::FAILURE;
        }
        told = true;
        phone.rest();
    }
    ExitCode::SUCCESS
}
