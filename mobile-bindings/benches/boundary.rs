//! What the boundary costs: the same calls in Rust and through the generated Python, by turns; `README.md` in this folder says how.
//!
//! `cargo bench -p dutylog-mobile --bench boundary`
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

#[path = "boundary/caller.rs"]
mod caller;
#[path = "boundary/inside.rs"]
mod inside;
#[path = "boundary/outside.rs"]
mod outside;
#[allow(dead_code, reason = "tests use the rest of it")]
#[path = "../tests/boundary/phone.rs"]
mod phone;
#[path = "../tests/support/mod.rs"]
mod support;

use caller::{Call, Caller, Duty};
use inside::Inside;
use outside::Outside;
use phone::Site;

/// Each ratio is formed within a round; the median of so many is published.
const ROUNDS: usize = 5;

fn main() {
    // Two phones alike: what one commits does not make the other's database larger.
    let mut inside = Inside::new(Duty::begin(&mut Site::in_earnest()));
    let mut outside = Outside::new(Duty::begin(&mut Site::in_earnest()));
    println!("{:34} {:>10} {:>10} {:>10} {:>7}", "p50, µs", "Rust", "Python", "more", "ratio");
    for call in Call::ALL {
        let rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| by_turns(call, &mut inside, &mut outside)).collect();
        let rust = median(rounds.iter().map(|round| round[0]));
        let python = median(rounds.iter().map(|round| round[1]));
        let ratio = median(rounds.iter().map(|round| round[1] / round[0]));
        println!("{:34} {rust:>10.1} {python:>10.1} {:>10.1} {ratio:>7.2}", call.name(), python - rust);
    }
}

/// The medians of a round: a few calls here and a few there, until there were enough; who goes first changes every time.
fn by_turns(call: Call, inside: &mut Inside, outside: &mut Outside) -> [f64; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for turn in 0..call.turns() {
        let mut callers: [(usize, &mut dyn Caller); 2] = [(0, inside), (1, outside)];
        if turn % 2 == 1 {
            callers.reverse();
        }
        for (which, caller) in callers {
            times[which].extend(caller.call(call));
        }
    }
    times.map(|times| median(times.into_iter()))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
