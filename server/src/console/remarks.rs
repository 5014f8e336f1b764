//! Comments under a record, and the form for one more.

use super::parts::Source;

/// What people remarked about a record.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// Each with its text, oldest first.
    pub(super) comments: Vec<(String, Source)>,
    /// Where one more is posted to; none for readers who may not.
    pub(super) action: Option<String>,
}
