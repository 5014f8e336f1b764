//! What a phone is told when something did not work: one code, one sentence, what to do.

use crate::capture::{CaptureError, Rejection};
use crate::commit::TooLarge;
use crate::log::{KeyStoreError, SealError};
use crate::store::{Standing, StoreError};
use crate::sync::SyncError;
use crate::sync::bundle::BundleError;
use crate::sync::enrol::NotAnInvitation;

/// Why the companion did not do as asked. Nothing was recorded then, and what the person entered is untouched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompanionError {
    /// The action is not lawful; the rejection says why and what to do.
    #[error("{0:?}")]
    Rejected(Rejection),
    /// The phone's storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The phone's key store.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// Nothing may be added to the present chain.
    #[error("nothing may be added: {0}")]
    ReadOnly(Standing),
    /// A draft that somebody else has begun.
    #[error("the draft is another person's")]
    OthersDraft,
    /// What was stranded is recorded again by itself; striking it off would lose it.
    #[error("it is recorded again by itself")]
    NotToRedo,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// A person who was never enrolled on this phone.
    #[error("this person has not been enrolled on this phone")]
    UnknownPerson,
    /// A wrong PIN, or too many before.
    #[error("wrong PIN; the next try in {wait} ms")]
    WrongPin {
        /// How long to wait, in milliseconds.
        wait: i64,
        /// Too many: no further try is taken before the person has been enrolled on this phone again.
        locked: bool,
    },
    /// A PIN that would not protect anything.
    #[error("a PIN needs six digits that are not all alike")]
    WeakPin,
    /// Not an enrolment code.
    #[error(transparent)]
    NotAnInvitation(#[from] NotAnInvitation),
    /// An answer that proves nothing: another network, or another server.
    #[error("this network is not headquarters")]
    NotHeadquarters,
    /// The file of the enrolment is damaged.
    #[error("the enrolment on this phone cannot be read")]
    BadEnrolment,
    /// A certificate that is not proven.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// More than an entry can hold.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// A bundle that cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A file.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

impl CompanionError {
    /// Whether what was to be sealed can never be: its key is gone or another, or what it follows was lost. A key store that cannot be
    /// reached just now is no such thing.
    pub(super) fn seals_never(&self) -> bool {
        matches!(
            self,
            Self::Store(
                StoreError::Damaged { .. }
                    | StoreError::WrongKey
                    | StoreError::Keys(KeyStoreError::NotFound | KeyStoreError::WrongGuard)
            )
        )
    }
}

impl From<CaptureError<StoreError>> for CompanionError {
    fn from(error: CaptureError<StoreError>) -> Self {
        match error {
            CaptureError::Rejected(rejection) => Self::Rejected(rejection),
            CaptureError::State(error) => Self::Store(error),
        }
    }
}

impl From<SyncError<StoreError>> for CompanionError {
    fn from(error: SyncError<StoreError>) -> Self {
        match error {
            SyncError::Holdings(error) => Self::Store(error),
            SyncError::Keys(error) => Self::Keys(error),
        }
    }
}
