//! Incidents: what is known, what is missing, and the clock of a major one.

pub(super) mod detail;
pub(super) mod list;
