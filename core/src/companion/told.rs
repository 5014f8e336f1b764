//! An error as people read it: a stable code, a sentence, what to do.

use super::CompanionError;
use crate::locales::{Locale, Trouble, rejection_text, trouble_text};
use crate::log::KeyStoreError;
use crate::records::calendar::Zone;
use crate::store::StoreError;
use crate::sync::bundle::BundleError;

/// An error as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// A code that never changes, for programs.
    pub code: &'static str,
    /// What happened.
    pub sentence: String,
    /// What to do now.
    pub what_to_do: String,
    /// Whether the same call may succeed later without anything being changed.
    pub passes: bool,
}

impl Told {
    /// Some trouble, in a language.
    #[must_use]
    pub fn of(trouble: Trouble, locale: Locale) -> Self {
        let text = trouble_text(trouble, locale);
        let (code, passes) = (trouble.code(), trouble.passes());
        Self { code, sentence: text.sentence, what_to_do: text.what_to_do, passes }
    }
}

impl CompanionError {
    /// The error in a language, with times as the site's zone shows them.
    #[must_use]
    pub fn told(&self, zone: Option<Zone>, locale: Locale) -> Told {
        match self {
            Self::Rejected(rejection) => {
                let text = rejection_text(rejection, zone, locale);
                let code = rejection.code();
                Told { code, sentence: text.sentence, what_to_do: text.what_to_do, passes: false }
            }
            other => Told::of(other.trouble(), locale),
        }
    }

    /// What kind of trouble it is; of a rejection, which says so itself, that the argument does not fit.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Store(error) => of_store(error),
            Self::Keys(error) => of_keys(error),
            Self::ReadOnly(_) => Trouble::ChainClosed,
            Self::NotToRedo => Trouble::NotToRedo,
            Self::OthersDraft => Trouble::OthersDraft,
            Self::NotSignedIn => Trouble::NotSignedIn,
            Self::UnknownPerson => Trouble::UnknownPerson,
            Self::WrongPin { locked: true, .. } => Trouble::PinLocked,
            Self::WrongPin { wait: 0, .. } => Trouble::WrongPin,
            Self::WrongPin { .. } => Trouble::PinWait,
            Self::WeakPin => Trouble::WeakPin,
            Self::NotAnInvitation(_) => Trouble::NotAnInvitation,
            Self::NotHeadquarters => Trouble::NotHeadquarters,
            Self::BadEnrolment => Trouble::BadEnrolment,
            Self::Seal(_) => Trouble::StorageDamaged,
            Self::TooLarge(_) => Trouble::TooLarge,
            Self::Bundle(error) => of_bundle(error),
            Self::File(_) => Trouble::FileFailed,
            Self::Rejected(_) => Trouble::BadArgument,
        }
    }
}

fn of_store(error: &StoreError) -> Trouble {
    match error {
        StoreError::Full => Trouble::StorageFull,
        StoreError::Busy => Trouble::StorageBusy,
        StoreError::OwnedElsewhere => Trouble::StorageInUse,
        StoreError::Damaged { .. } => Trouble::StorageDamaged,
        StoreError::Newer { .. } => Trouble::StorageNewer,
        StoreError::Elsewhere { .. } => Trouble::StorageElsewhere,
        StoreError::ReadOnly(_) => Trouble::ChainClosed,
        StoreError::Paused => Trouble::Paused,
        StoreError::Keys(error) => of_keys(error),
        StoreError::WrongKey => Trouble::KeyLost,
        StoreError::TooLarge => Trouble::TooLarge,
        StoreError::OldSqlite { .. }
        | StoreError::OutOfSequence { .. }
        | StoreError::TailOpen
        | StoreError::PendingFull { .. }
        | StoreError::File { .. }
        | StoreError::Sql(_) => Trouble::StorageFailed,
    }
}

fn of_keys(error: &KeyStoreError) -> Trouble {
    match error {
        KeyStoreError::Unavailable => Trouble::KeysLocked,
        KeyStoreError::NotFound | KeyStoreError::WrongGuard => Trouble::KeyLost,
        KeyStoreError::Failed { .. } => Trouble::KeysFailed,
    }
}

fn of_bundle(error: &BundleError) -> Trouble {
    match error {
        BundleError::OtherOrganisation | BundleError::OtherSite => Trouble::BundleElsewhere,
        BundleError::TooLarge => Trouble::BundleTooLarge,
        BundleError::Foreign
        | BundleError::Incomplete { .. }
        | BundleError::Damaged { .. }
        | BundleError::Frame(_)
        | BundleError::Unproven(_) => Trouble::BundleUnreadable,
    }
}
