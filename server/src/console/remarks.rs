//! Comments under a record, and the form for one more.

use dutylog_core::records::Capability;
use dutylog_core::records::comment::Comment;

use super::parts::Source;
use super::site::OpenSite;
use crate::views::Said;

/// What people remarked about a record.
#[derive(Debug)]
pub(super) struct Remarks {
    /// Each with its text, oldest first.
    pub(super) comments: Vec<(String, Source)>,
    /// Where one more is posted to; none for readers who may not.
    pub(super) action: Option<String>,
}

impl Remarks {
    /// The comments of a record whose page is `here`.
    pub(super) fn new(site: &OpenSite, comments: &[Said<Comment>], here: &str) -> Self {
        let comment = |said: &Said<Comment>| (said.value.text.clone(), site.source(said));
        Self {
            comments: comments.iter().map(comment).collect(),
            action: site.may(Capability::Comment).then(|| here.to_owned()),
        }
    }
}
