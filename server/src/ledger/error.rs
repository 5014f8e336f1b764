//! Why the ledger could not answer. What it answers with, refusals included, are values.

/// The ledger could not answer; nothing was changed, and the same request may be made again.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is no such site.
    #[error("there is no such site")]
    NoSuchSite,
    /// What was stored is not what is there now. Evidence is never served unchecked.
    #[error("stored data is damaged: {what}")]
    Damaged {
        /// Which row, and how.
        what: String,
    },
    /// A number that no log can have.
    #[error("a number is out of range")]
    OutOfRange,
    /// A site of this identifier exists already, for another organisation.
    #[error("the site exists already")]
    SiteExists,
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

impl LedgerError {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}
