//! The goals of speed and size, each beside its limit: `cargo bench -p dutylog-core --bench goals`.
//!
//! `README.md` in this folder says how it is measured and what was found.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

mod limits;
mod ratios;
mod runs;
mod site_year;

use std::env;
use std::path::Path;

use limits::{L0, L1, W2, W5};
use ratios::{COMMITS, Durability, Outcome, Recorder, Report};
use site_year::site_year;

/// Commits in a round when each has its fsync.
const FULL_COMMITS: usize = 1_000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let [runs::MEASURE, subject, work, folder] = arguments[..] {
        println!("{}", memory_of(subject, work, Path::new(folder))?);
        return Ok(());
    }
    let report = measure()?;
    if arguments.contains(&"--json") {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}

/// Every measurement. The limits stand beside each other; L1 beside itself shows how far from 1 the ratio of two equals
/// comes out on this machine.
fn measure() -> Outcome<Report> {
    let year = site_year();
    let mut report = Report::default();
    let rounds: Vec<_> = year.first.chunks_exact(COMMITS).collect();
    let full: Vec<_> = rounds.iter().map(|round| &round[..FULL_COMMITS]).collect();
    runs::commits::<L1, L0>(&mut report, (1, Durability::Full), &full, [None; 2])?;
    runs::commits::<L1, L0>(&mut report, (2, Durability::Normal), &rounds, [None; 2])?;
    runs::commits::<L1, L1>(&mut report, (2, Durability::Normal), &rounds, [None; 2])?;
    runs::disk::<L1, L0>(&mut report, &year.first, None)?;
    runs::flatness::<L1>(&mut report, &year.first)?;
    runs::first_sync::<L1, L0>(&mut report, &year, None)?;
    runs::first_sync::<L1, L1>(&mut report, &year, None)?;
    runs::wire::<W5, W2>(&mut report, &year.first, None)?;
    runs::apply::<L1, L0>(&mut report, &year, None)?;
    runs::list::<L1, L1>(&mut report, &year.first, None)?;
    runs::memory::<L1, L1>(&mut report, &year.first)?;
    Ok(report)
}

fn memory_of(subject: &str, work: &str, folder: &Path) -> Outcome<f64> {
    match subject {
        L1::NAME => runs::answer::<L1>(work, folder),
        _ => Err(format!("no such subject: {subject}").into()),
    }
}
