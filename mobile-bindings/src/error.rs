//! The one error that crosses the boundary: a code for programs, a sentence for people, and what to do.

use dutylog_core::companion::{CompanionError, Told};
use dutylog_core::locales::{Locale, Trouble};
use dutylog_core::log::KeyStoreError;
use dutylog_core::records::calendar::Zone;
use dutylog_core::store::StoreError;

/// Why a call did not do as asked. Nothing was recorded then, and what the person typed is still the caller's.
///
/// Every variant carries `code` (stable, for programs and support), `sentence` and `whatToDo` (in the phone's language, ready to be
/// shown, one under the other) and `retryable` (the same call may succeed later without anything being changed).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum DutylogError {
    /// A rule stands against it: a right is missing, a text is empty, the round was signed already.
    #[error("{code}: {sentence}")]
    Rejected {
        /// Stable code, such as `not_allowed`.
        code: String,
        /// What stands against it.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Always false: something has to change first.
        retryable: bool,
    },
    /// Signing in did not succeed: a wrong PIN, a wait, nobody signed in, a person this phone does not know.
    #[error("{code}: {sentence}")]
    SignIn {
        /// Stable code: `wrong_pin`, `pin_wait`, `pin_locked`, `weak_pin`, `unknown_person`, `not_signed_in`, `others_draft`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Whether another try is taken, after `waitMs`.
        retryable: bool,
        /// How long to wait before the next try, in milliseconds; 0 if there is no wait.
        wait_ms: i64,
    },
    /// Enrolment or exchange: a code, a file or an answer is not what it should be.
    #[error("{code}: {sentence}")]
    Exchange {
        /// Stable code, such as `not_an_invitation`, `not_headquarters`, `bundle_unreadable`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Whether it may succeed later.
        retryable: bool,
        /// The server's own code, if it was the server that refused; else empty.
        server_code: String,
    },
    /// The phone's storage: full, busy, damaged, of a newer version.
    #[error("{code}: {sentence}")]
    Storage {
        /// Stable code, such as `storage_full`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Whether it may succeed later.
        retryable: bool,
        /// For support, not for people: what the system said. No names, no contents.
        reason: String,
    },
    /// The host's key store did not do as asked, or threw what it may not.
    #[error("{code}: {sentence}")]
    Keys {
        /// Stable code: `keys_locked`, `key_lost`, `keys_failed`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Whether it may succeed later.
        retryable: bool,
        /// For support, not for people: what the host said.
        reason: String,
    },
    /// The logbook is paused (resume it) or closed (open it again).
    #[error("{code}: {sentence}")]
    Paused {
        /// Stable code: `paused` or `closed`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// True while paused.
        retryable: bool,
    },
    /// The app handed over something that is not as documented: a fault of the app, not of the person.
    #[error("{code}: {sentence} ({argument})")]
    BadArgument {
        /// Stable code: `bad_argument` or `called_from_within`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Always false.
        retryable: bool,
        /// Which argument, by its name in the documentation.
        argument: String,
    },
    /// A fault in this library. The app goes on, the records are whole, whoever was signed in has to sign in again.
    #[error("{code}: {sentence}")]
    Fault {
        /// Stable code: `fault`.
        code: String,
        /// What happened.
        sentence: String,
        /// What to do now.
        what_to_do: String,
        /// Whether to try again, after looking whether the step was saved.
        retryable: bool,
    },
}

/// Why a method of the boundary stopped, before it is put into words.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The core said no.
    Core(CompanionError),
    /// An argument does not fit; its name.
    Argument(&'static str),
    /// The server refused an enrolment, by its code.
    Refused(Trouble, String),
    /// Some other trouble.
    Trouble(Trouble),
}

impl<E: Into<CompanionError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Core(error.into())
    }
}

impl Failure {
    /// The error as it crosses the boundary.
    pub(crate) fn told(self, zone: Option<Zone>, locale: Locale) -> DutylogError {
        match self {
            Self::Core(error) => of_core(&error, error.told(zone, locale)),
            Self::Argument(argument) => argued(Told::of(Trouble::BadArgument, locale), argument),
            Self::Refused(trouble, server_code) => exchange(Told::of(trouble, locale), server_code),
            Self::Trouble(trouble) => of_trouble(trouble, Told::of(trouble, locale), ""),
        }
    }
}

fn of_core(error: &CompanionError, told: Told) -> DutylogError {
    let Told { code, sentence, what_to_do, passes: retryable } = told.clone();
    let code = code.to_owned();
    match error {
        CompanionError::Rejected(_) => DutylogError::Rejected { code, sentence, what_to_do, retryable },
        CompanionError::WrongPin { wait, locked } => {
            let wait_ms = if *locked { 0 } else { *wait };
            DutylogError::SignIn { code, sentence, what_to_do, retryable, wait_ms }
        }
        other => of_trouble(other.trouble(), told, &reason(other)),
    }
}

/// What support may see: the kind of failure and the system's own number, never a path or a text.
fn reason(error: &CompanionError) -> String {
    match error {
        CompanionError::Store(StoreError::File { source, .. }) | CompanionError::File(source) => {
            source.kind().to_string()
        }
        CompanionError::Keys(KeyStoreError::Failed { detail })
        | CompanionError::Store(StoreError::Keys(KeyStoreError::Failed { detail })) => detail.clone(),
        CompanionError::Store(StoreError::Sql(error)) => error_chain(error),
        CompanionError::Store(error) => error.to_string(),
        _ => String::new(),
    }
}

fn error_chain(error: &dyn std::error::Error) -> String {
    let rest = std::iter::successors(Some(error), |error| error.source());
    rest.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn of_trouble(trouble: Trouble, told: Told, reason: &str) -> DutylogError {
    use Trouble as T;
    let Told { code, sentence, what_to_do, passes: retryable } = told.clone();
    let (code, reason) = (code.to_owned(), reason.to_owned());
    match trouble {
        T::KeysLocked | T::KeyLost | T::KeysFailed => {
            DutylogError::Keys { code, sentence, what_to_do, retryable, reason }
        }
        T::Paused | T::Closed => DutylogError::Paused { code, sentence, what_to_do, retryable },
        T::NotSignedIn
        | T::OthersDraft
        | T::UnknownPerson
        | T::WrongPin
        | T::PinWait
        | T::PinLocked
        | T::WeakPin => DutylogError::SignIn { code, sentence, what_to_do, retryable, wait_ms: 0 },
        T::NotAnInvitation
        | T::EnrolmentRefused
        | T::EnrolmentLater
        | T::NotHeadquarters
        | T::BadEnrolment
        | T::BundleUnreadable
        | T::BundleElsewhere
        | T::BundleTooLarge => exchange(told, String::new()),
        T::TooLarge | T::NotToRedo => DutylogError::Rejected { code, sentence, what_to_do, retryable },
        T::BadArgument | T::CalledFromWithin => argued(told, ""),
        T::Fault => DutylogError::Fault { code, sentence, what_to_do, retryable },
        T::StorageFull
        | T::StorageBusy
        | T::StorageInUse
        | T::StorageDamaged
        | T::StorageNewer
        | T::StorageElsewhere
        | T::StorageFailed
        | T::ChainClosed
        | T::FileFailed => DutylogError::Storage { code, sentence, what_to_do, retryable, reason },
    }
}

fn exchange(told: Told, server_code: String) -> DutylogError {
    let Told { code, sentence, what_to_do, passes: retryable } = told;
    DutylogError::Exchange { code: code.to_owned(), sentence, what_to_do, retryable, server_code }
}

fn argued(told: Told, argument: &str) -> DutylogError {
    let Told { code, sentence, what_to_do, passes: retryable } = told;
    let (code, argument) = (code.to_owned(), argument.to_owned());
    DutylogError::BadArgument { code, sentence, what_to_do, retryable, argument }
}
