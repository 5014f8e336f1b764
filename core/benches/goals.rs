//! The goals of speed and size, each beside its limit: `cargo bench -p dutylog-core --bench goals`.
//!
//! `README.md` in this folder says how it is measured and what was found.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

mod limits;
mod ratios;
mod runs;
mod site_year;

use std::env;

use limits::{L0, L1, W2, W5};
use ratios::{Durability, Outcome, Report};
use site_year::site_year;

/// So many commits with an fsync each are measured.
const FULL_COMMITS: usize = 5_000;

fn main() -> Outcome<()> {
    let year = site_year();
    let mut report = Report::default();

    // The limits beside each other; L1 beside itself shows what a ratio of equals looks like on this machine.
    let full = &year.first[..FULL_COMMITS];
    runs::commits::<L1, L0>(&mut report, (1, Durability::Full), full, [None; 3])?;
    runs::commits::<L1, L0>(&mut report, (2, Durability::Normal), &year.first, [None; 3])?;
    runs::flatness::<L1>(&mut report, &year.first)?;
    runs::first_sync::<L1, L0>(&mut report, &year, None)?;
    runs::first_sync::<L1, L1>(&mut report, &year, None)?;
    runs::wire::<W5, W2>(&mut report, &year.first, None)?;
    runs::apply::<L1, L0>(&mut report, &year, None)?;
    runs::list::<L1, L1>(&mut report, &year.first, None)?;

    if env::args().any(|argument| argument == "--json") {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}
