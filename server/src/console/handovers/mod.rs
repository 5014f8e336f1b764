//! Handovers: the text that was signed, by whom, and what came after the cut.

pub(super) mod detail;
pub(super) mod list;
