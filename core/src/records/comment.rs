//! Comments: on any record.

use super::Set;
use super::value::list_value;
use crate::base::{Millis, PersonId};

/// Comments on a record of any kind.
pub const COMMENTS: Set<Comment> = Set::new(160);

/// What somebody says about a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comment {
    /// Who.
    pub person: PersonId,
    /// What.
    pub text: String,
    /// When.
    pub at: Millis,
}
list_value!(Comment { person, text, at });
