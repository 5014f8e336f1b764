//! Rounds: what was due, what was found.

mod course;
pub(super) mod detail;
pub(super) mod list;
pub(super) mod show;
pub(super) mod status;
