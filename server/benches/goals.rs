//! The server's part of the goals, each beside its limit: `cargo bench -p dutylog-server --bench goals`.
//!
//! `core/benches/README.md` says how it is measured and what was found.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

#[path = "../../core/benches/ratios/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the phone's benches use all of it")]
mod ratios;
#[path = "../../core/benches/recorded/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the phone's benches use all of it")]
mod recorded;
mod server;
#[path = "../../core/benches/site_year/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the phone's benches use all of it")]
mod site_year;

use std::env;

use ratios::{Outcome, Report};

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let only: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| !a.starts_with("--")).collect();
    let wanted = |what: &str| only.is_empty() || only.contains(&what);
    let mut report = Report::default();
    let runtime = tokio::runtime::Runtime::new()?;
    if wanted("exchange") {
        server::exchange(&runtime, &mut report)?;
    }
    if wanted("ingest") {
        server::ingest(&runtime, &mut report)?;
    }
    if arguments.iter().any(|argument| argument == "--json") {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}
