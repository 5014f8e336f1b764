//! The workload's actions as Dutylog records them: the same for the phone's benches and the server's.

mod intents;
mod segments;

pub(crate) use intents::{at, intent, known};
pub(crate) use segments::{Names, frames, segments};
