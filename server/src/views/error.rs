//! Why a view could not answer.

use dutylog_core::log::CodecError;

use crate::ledger::LedgerError;

/// The views could not answer; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A row is not what was written. Views can be built again from the ledger.
    #[error("a view is damaged: {what}; rebuild the site's views")]
    Damaged {
        /// Which column, and how.
        what: String,
    },
    /// Somebody else folded the same site at the same time; theirs holds.
    #[error("another process folded this site meanwhile")]
    Overtaken,
}

impl ViewError {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

impl From<CodecError> for ViewError {
    fn from(error: CodecError) -> Self {
        Self::damaged(error.to_string())
    }
}
