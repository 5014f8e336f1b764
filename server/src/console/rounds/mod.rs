//! Rounds: what was due, what was found.

pub(super) mod detail;
pub(super) mod list;
