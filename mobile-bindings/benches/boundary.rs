//! What the boundary costs: the same calls in Rust, through the generated Kotlin on a JVM and through the generated Python, by turns;
//! `README.md` in this folder says how.
//!
//! `cargo bench -p dutylog-mobile --bench boundary`
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

#[path = "boundary/caller.rs"]
mod caller;
#[path = "boundary/drivers.rs"]
mod drivers;
#[path = "boundary/inside.rs"]
mod inside;
#[path = "../tests/kotlin/maven.rs"]
mod maven;
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

/// Who calls, in the order of the table: the first is what the others are compared with.
const CALLERS: [&str; 3] = ["Rust", "Kotlin", "Python"];

fn main() {
    let (mut python, _module) = drivers::python();
    // Phones alike: what one commits does not make another's database larger.
    let [rust_duty, kotlin_duty, python_duty] = CALLERS.map(|_| Duty::begin(&mut Site::in_earnest()));
    let mut callers: [Box<dyn Caller>; 3] = [
        Box::new(Inside::new(rust_duty)),
        Box::new(Outside::new(kotlin_duty, &mut drivers::kotlin())),
        Box::new(Outside::new(python_duty, &mut python)),
    ];
    let [rust, kotlin, python] = CALLERS;
    println!("{:30} {rust:>9} {kotlin:>9} {python:>9} {kotlin:>8}/{rust} {python:>8}/{rust}", "p50, µs");
    for call in Call::ALL {
        // What a virtual machine compiles while it runs is compiled by then.
        let _warm = by_turns(call, &mut callers);
        let rounds: Vec<[f64; 3]> = (0..ROUNDS).map(|_| by_turns(call, &mut callers)).collect();
        let [rust, kotlin, python] = [0, 1, 2].map(|who| median(rounds.iter().map(|round| round[who])));
        let [more, most] = [1, 2].map(|who| median(rounds.iter().map(|round| round[who] / round[0])));
        println!("{:30} {rust:>9.1} {kotlin:>9.1} {python:>9.1} {more:>13.2} {most:>13.2}", call.name());
    }
}

/// The medians of a round: a few calls each by turns, until there were enough; who goes first changes every time.
fn by_turns(call: Call, callers: &mut [Box<dyn Caller>; 3]) -> [f64; 3] {
    let mut times = [const { Vec::new() }; 3];
    for turn in 0..call.turns() {
        for place in 0..callers.len() {
            let who = (turn + place) % callers.len();
            times[who].extend(callers[who].call(call));
        }
    }
    times.map(|times| median(times.into_iter()))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
