//! Why HQ's desk did not do as asked.

use dutylog_core::capture::{CaptureError, Rejection};
use dutylog_core::commit::TooLarge;
use dutylog_core::log::SealError;

use crate::entropy::EntropyError;
use crate::ingest::IngestError;
use crate::ledger::LedgerError;
use crate::views::ViewError;

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A rule stands against it; `dutylog_core::locales::rejection_text` says it to people.
    #[error("rejected: {0}")]
    Rejected(#[from] Rejection),
    /// It does not fit into one entry.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Only a person's own key can sign this; HQ's desk holds none.
    #[error("this needs a person's own signature")]
    NeedsSignature,
    /// Whoever asked may not do so any more.
    #[error("the right to do this was taken away meanwhile")]
    NoLonger,
    /// Whether they may could not be found out.
    #[error("standing: {0}")]
    Standing(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Others kept writing in HQ's name at this site.
    #[error("HQ's chain went on meanwhile, again and again")]
    Overtaken,
    /// The database is older than what HQ has written since: it was restored without saying so, and HQ would write numbers a second time.
    #[error(
        "数据库比本部已写的记录旧：请用 restore 命令恢复备份 / the database is older than what HQ has written: restore backups with the \
         restore command (site {site}, epoch {epoch}: {held} held, {written} written)"
    )]
    RolledBack {
        /// The site.
        site: dutylog_core::base::SiteId,
        /// The epoch.
        epoch: u32,
        /// The last number held.
        held: u64,
        /// The last number written.
        written: u64,
    },
    /// HQ has no key for this epoch.
    #[error("HQ has no key for epoch {0}; start the server once more")]
    NoKey(u32),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A key does not seal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The note outside the database cannot be read or written.
    #[error("the note of how far HQ has written, {path}: {source}")]
    Guard {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Ingest could not answer.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The views could not answer.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// The task broke off.
    #[error("the work broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

impl From<CaptureError<ViewError>> for DeskError {
    fn from(error: CaptureError<ViewError>) -> Self {
        match error {
            CaptureError::Rejected(rejection) => Self::Rejected(rejection),
            CaptureError::State(error) => Self::Views(error),
        }
    }
}
