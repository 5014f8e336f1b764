//! Why a simulated phone could not do what the story asks.

use dutylog_core::base::Seq;
use dutylog_core::capture::{CaptureError, Rejection};
use dutylog_core::companion::CompanionError;
use dutylog_core::store::StoreError;
use dutylog_core::sync::{End, Problem};

/// Why a simulated phone could not do what the story asks. The story asks only for what is lawful, so each of these is a fault.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// The phone's own logbook refused or failed.
    #[error(transparent)]
    Companion(#[from] CompanionError),
    /// Something to be shown and signed could not be put together.
    #[error("rejected: {0:?}")]
    Rejected(Rejection),
    /// The connection.
    #[error("no connection: {0}")]
    Line(#[from] reqwest::Error),
    /// A request for enrolment was refused.
    #[error("enrolment was answered with status {0}")]
    NotEnrolled(u16),
    /// A conversation with the server did not end well.
    #[error("sync ended as {0:?} with {1:?}")]
    Sync(End, Vec<Problem>),
    /// A file.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// An entry is in the phone's log, and nothing was acknowledged for it.
    #[error("entry {0} was never acknowledged")]
    Unacknowledged(Seq),
    /// A repeated action became a second entry.
    #[error("a repeated action was recorded twice")]
    Doubled,
    /// A record of the story does not exist yet.
    #[error("the story speaks of record {0} before it exists")]
    Unknown(u32),
    /// A bundle that was passed did not go in whole.
    #[error("a bundle from another phone was not taken in whole")]
    Bundle,
    /// Something the story relies on is not there.
    #[error("missing: {0}")]
    Missing(&'static str),
}

impl From<StoreError> for PhoneError {
    fn from(error: StoreError) -> Self {
        Self::Companion(error.into())
    }
}

impl From<CaptureError<StoreError>> for PhoneError {
    fn from(error: CaptureError<StoreError>) -> Self {
        match error {
            CaptureError::Rejected(rejection) => Self::Rejected(rejection),
            CaptureError::State(error) => error.into(),
        }
    }
}
