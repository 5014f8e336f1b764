//! Why a bundle was not imported.

use crate::base::ChainId;
use crate::sync::frame::FrameError;
use crate::sync::verify::Cause;

/// Why a bundle was not imported. Nothing of it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Some other file.
    #[error("this is not a bundle")]
    Foreign,
    /// Made for another organisation.
    #[error("the bundle belongs to another organisation")]
    OtherOrganisation,
    /// Made for another site.
    #[error("the bundle belongs to another site")]
    OtherSite,
    /// Larger than [`MAX_BUNDLE`](super::MAX_BUNDLE).
    #[error("the bundle is larger than 64 MiB")]
    TooLarge,
    /// It ends too early.
    #[error("the file is incomplete ({readable} of {all} entries readable, nothing was imported)")]
    Incomplete {
        /// Entries that could be read.
        readable: u64,
        /// Entries it should have.
        all: u64,
    },
    /// Its bytes are not what was written.
    #[error("the file is damaged ({readable} of {all} entries readable, nothing was imported)")]
    Damaged {
        /// Entries that could be read.
        readable: u64,
        /// Entries it should have.
        all: u64,
    },
    /// A frame in it cannot be read.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A segment in it is not proven.
    #[error("a segment in it is not proven")]
    Unproven(#[source] Unproven),
}

/// The segment of a bundle that is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entries {first} to {last} of chain {chain}: {}", cause.code())]
pub struct Unproven {
    /// The chain.
    pub chain: ChainId,
    /// The first entry concerned.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// Why.
    pub cause: Cause,
}

impl BundleError {
    /// The stable code (`docs/sync-protocol.md` 7).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Foreign => "not_a_bundle",
            Self::OtherOrganisation => "bundle_of_other_organisation",
            Self::OtherSite => "bundle_of_other_site",
            Self::TooLarge => "bundle_too_large",
            Self::Incomplete { .. } => "bundle_incomplete",
            Self::Damaged { .. } => "bundle_damaged",
            Self::Frame(error) => error.code(),
            Self::Unproven(unproven) => unproven.cause.code(),
        }
    }
}
