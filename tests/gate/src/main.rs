//! `cargo gate`: everything that must hold before a change lands, in order, one line a step.
//!
//! `cargo gate quick` leaves out what is slow and rarely breaks by itself. A step that fails shows what it printed and ends the gate.

#![expect(clippy::print_stdout, reason = "a command line program")]

use std::process::ExitCode;

use dutylog_gate::{Outcome, Tally, packages, steps};

fn main() -> ExitCode {
    let quick = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [word] if word == "quick" => true,
        _ => {
            eprintln!("usage: cargo gate [quick]\n用法: cargo gate [quick]");
            return ExitCode::from(2);
        }
    };
    if let Err(problem) = packages::ensure() {
        eprintln!("{problem}");
        return ExitCode::FAILURE;
    }
    let mut tally = Tally::default();
    for step in steps::all(quick) {
        eprintln!("…     {:<44} {}", step.name, step.command_line());
        match step.run() {
            Outcome::Passed { seconds, tests, notes } => {
                println!("ok    {:<44} {seconds:>5} s{}", step.name, tests.shown());
                notes.iter().for_each(|note| println!("      {note}"));
                tally.add(tests);
            }
            Outcome::Failed { output } => {
                println!("{output}\nFAILED {}: {}", step.name, step.command_line());
                tally.failed += 1;
                println!("{tally}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("{tally}");
    ExitCode::SUCCESS
}
