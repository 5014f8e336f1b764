//! Ratios formed inside one run: two programs do the same work by turns, and each turn gives one ratio.
//!
//! Times on shared machines are noise; what disturbs one of two that alternate disturbs the other as well.

mod memory;
mod paired;
mod report;
mod spread;
mod subject;

pub(crate) use memory::{peak_mb, reset_peak};
pub(crate) use paired::{COMMITS, Paired, ROUNDS, by_turns, commits_by_turns, timed};
pub(crate) use report::{Bound, Pair, Report};
pub(crate) use spread::Spread;
pub(crate) use subject::{Durability, Lister, Recorder, Wire};

/// What a measurement gives: a value, or why it could not be taken.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
