//! Verifying: everything that was promised is worked out again from what is stored, and held against it.

mod chains;
mod error;
mod file;
mod folder;
mod replay;
mod workplace;

use dutylog_core::base::SiteId;

pub use error::Failed;
pub use file::{file, proof};
pub use folder::folder;
pub use replay::replay;

/// What was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The site.
    pub site: SiteId,
    /// Segments.
    pub segments: u64,
    /// Entries.
    pub entries: u64,
    /// The size of the log that this is all of, if that is proven.
    pub complete: Option<u64>,
}
