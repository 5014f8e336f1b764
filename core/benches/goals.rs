//! The goals of speed and size, each beside its limit: `cargo bench -p dutylog-core --bench goals`.
//!
//! `README.md` in this folder says how it is measured and what was found.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

mod dutylog;
mod limits;
mod ratios;
mod recorded;
mod runs;
mod site_year;

use std::env;
use std::path::Path;

use dutylog::{ByRows, Dutylog};
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
    let only: Vec<&str> = arguments.iter().copied().filter(|a| !a.starts_with("--")).collect();
    let report = measure(&only)?;
    if arguments.contains(&"--json") {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}

/// Every measurement: Dutylog by its limits, then the limits by each other. L1 beside itself shows how far from 1 the
/// ratio of two equals comes out on this machine.
fn measure(only: &[&str]) -> Outcome<Report> {
    let year = site_year();
    let mut report = Report::default();
    let rounds: Vec<_> = year.first.chunks_exact(COMMITS).collect();
    let full: Vec<_> = rounds.iter().map(|round| &round[..FULL_COMMITS]).collect();
    let wanted = |what: &str| only.is_empty() || only.contains(&what);
    if wanted("commit") {
        runs::commits::<Dutylog, L0>(&mut report, (1, Durability::Full), &full, [Some(1.1), Some(1.3)])?;
    }
    if wanted("normal") {
        runs::commits::<Dutylog, L1>(&mut report, (2, Durability::Normal), &rounds, [Some(1.2), None])?;
    }
    if wanted("flat") {
        runs::flatness::<Dutylog>(&mut report, &year.first)?;
    }
    if wanted("disk") {
        runs::disk::<Dutylog, L1>(&mut report, &year.first, Some(1.15))?;
    }
    if wanted("sync") {
        runs::first_sync::<ByRows, L1>(&mut report, &year, Some(1.25))?;
        runs::first_sync::<Dutylog, L1>(&mut report, &year, Some(1.35))?;
    }
    if wanted("wire") {
        runs::wire::<Dutylog, W2>(&mut report, &year.first, Some(1.1))?;
        runs::wire::<Dutylog, W5>(&mut report, &year.first, Some(1.2))?;
    }
    if wanted("apply") {
        runs::apply::<Dutylog, L1>(&mut report, &year, Some(1.3))?;
    }
    if wanted("list") {
        runs::list::<Dutylog, L1>(&mut report, &year.first, Some(1.4))?;
    }
    if wanted("memory") {
        runs::memory::<Dutylog, L1>(&mut report, &year.first)?;
    }
    if wanted("limits") {
        runs::commits::<L1, L0>(&mut report, (0, Durability::Full), &full, [None; 2])?;
        runs::commits::<L1, L0>(&mut report, (0, Durability::Normal), &rounds, [None; 2])?;
        runs::commits::<L1, L1>(&mut report, (0, Durability::Normal), &rounds, [None; 2])?;
        runs::disk::<L1, L0>(&mut report, &year.first, None)?;
        runs::first_sync::<L1, L0>(&mut report, &year, None)?;
        runs::first_sync::<L1, L1>(&mut report, &year, None)?;
        runs::wire::<W5, W2>(&mut report, &year.first, None)?;
        runs::list::<L1, L1>(&mut report, &year.first, None)?;
    }
    Ok(report)
}

fn memory_of(subject: &str, work: &str, folder: &Path) -> Outcome<f64> {
    match subject {
        <Dutylog as Recorder>::NAME => runs::answer::<Dutylog>(work, folder),
        <L1 as Recorder>::NAME => runs::answer::<L1>(work, folder),
        _ => Err(format!("no such subject: {subject}").into()),
    }
}
