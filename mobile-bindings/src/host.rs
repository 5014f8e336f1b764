//! What the phone lends: a key store, its clocks' readings, a language, a folder and a seed.

use std::sync::Arc;

use dutylog_core::base::{self, BootId, Digest};
use dutylog_core::locales::Locale;
use dutylog_core::log::{self, PublicKey, Signature};

/// Why a key store did not do as asked. The only error its methods may throw; anything else arrives as `Failed`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyStoreError {
    /// The store cannot be reached yet: a phone that was not unlocked since it started. The call is tried again later.
    #[error("the key store is not available yet")]
    Unavailable,
    /// There is no key of that name.
    #[error("there is no such key")]
    NotFound,
    /// The guard does not open the key: a wrong PIN.
    #[error("the key was not opened by this guard")]
    WrongGuard,
    /// Anything else.
    #[error("the key store failed: {reason}")]
    Failed {
        /// For support, not for people.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Creates and uses Ed25519 keys and never hands one out. Implement it over the platform's own store, or keep what
/// `softwareKeyStore` gives under a secret that the platform's store protects.
///
/// Methods are called on the thread that called the logbook, while it is at work: they must not call the logbook themselves.
#[uniffi::export(rust, foreign)]
pub trait KeyStore: Send + Sync {
    /// Makes a new key under a name, in place of any that was there, and gives its public half: 32 bytes. With a `guard` (32 bytes made
    /// from a person's PIN) the key must work with that guard only. It must have reached the disk when this returns.
    fn create(&self, name: String, guard: Option<Vec<u8>>) -> Result<Vec<u8>, KeyStoreError>;
    /// Signs: 64 bytes, Ed25519 over `content` as it is.
    fn sign(&self, name: String, guard: Option<Vec<u8>>, content: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;
    /// Authenticates bytes with a secret of this installation that never leaves it: 32 bytes, such as HMAC-SHA-256 over `name`, a zero
    /// byte and `content`. The same arguments give the same result as long as the app is installed.
    fn mac(&self, name: String, content: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;
    /// Forgets a key. Forgetting one that is not there is no error.
    fn delete(&self, name: String) -> Result<(), KeyStoreError>;
}

/// A language of texts and sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    /// Chinese as written in mainland China.
    Chinese,
    /// English.
    English,
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::Chinese => Self::ZhCn,
            Language::English => Self::En,
        }
    }
}

/// How a logbook is opened.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Options {
    /// A folder of the app's own for this site alone, made if it is not there. Keep it out of backups and cloud copies: a logbook that
    /// was copied is noticed and starts a new chain.
    pub folder: String,
    /// The language of the texts people sign, and of every sentence.
    pub language: Language,
    /// 32 bytes from the platform's secure random generator, drawn anew for each opening: everything that has to be unpredictable
    /// is made from it.
    pub seed: Vec<u8>,
}

/// What the phone's clocks say at the moment of a call. The logbook has no clock of its own; a wrong wall clock is noticed, and
/// nobody is accused for it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reading {
    /// The wall clock: Unix time in milliseconds, since 1970-01-01 UTC.
    pub wall_ms: i64,
    /// The wall clock's zone, minutes east of UTC.
    pub zone_minutes: i32,
    /// Milliseconds since the phone started, sleep included (`SystemClock.elapsedRealtime()`, `CLOCK_MONOTONIC_RAW` plus sleep).
    pub monotonic_ms: i64,
    /// A text that is the same until the phone restarts and another afterwards (`BOOT_COUNT`, `kern.bootsessionuuid`).
    pub boot: String,
}

impl From<&Reading> for base::Reading {
    fn from(reading: &Reading) -> Self {
        let mut boot = BootId::default();
        boot.0.copy_from_slice(&Digest::tagged("dutylog/boot/v1", reading.boot.as_bytes()).0[..8]);
        Self { wall: reading.wall_ms, zone: reading.zone_minutes, mono: reading.monotonic_ms, boot }
    }
}

/// The host's key store as the core sees it.
pub(crate) struct Lent(pub(crate) Arc<dyn KeyStore>);

impl log::KeyStore for Lent {
    fn create(&self, name: &str, guard: Option<&[u8]>) -> Result<PublicKey, log::KeyStoreError> {
        let key = self.0.create(name.to_owned(), guard.map(<[u8]>::to_vec))?;
        Ok(PublicKey(sized(&key)?))
    }

    fn sign(
        &self,
        name: &str,
        guard: Option<&[u8]>,
        message: &[u8],
    ) -> Result<Signature, log::KeyStoreError> {
        let signature = self.0.sign(name.to_owned(), guard.map(<[u8]>::to_vec), message.to_vec())?;
        Ok(Signature(sized(&signature)?))
    }

    fn mac(&self, name: &str, message: &[u8]) -> Result<Digest, log::KeyStoreError> {
        Ok(Digest(sized(&self.0.mac(name.to_owned(), message.to_vec())?)?))
    }

    fn delete(&self, name: &str) -> Result<(), log::KeyStoreError> {
        Ok(self.0.delete(name.to_owned())?)
    }
}

/// What the host gave, which must have the documented length.
fn sized<const N: usize>(bytes: &[u8]) -> Result<[u8; N], log::KeyStoreError> {
    let wrong = |_| log::KeyStoreError::Failed { detail: format!("{} bytes instead of {N}", bytes.len()) };
    bytes.try_into().map_err(wrong)
}

impl From<KeyStoreError> for log::KeyStoreError {
    fn from(error: KeyStoreError) -> Self {
        match error {
            KeyStoreError::Unavailable => Self::Unavailable,
            KeyStoreError::NotFound => Self::NotFound,
            KeyStoreError::WrongGuard => Self::WrongGuard,
            KeyStoreError::Failed { reason } => {
                #[cfg(feature = "drill")]
                crate::drill::obey(&reason);
                Self::Failed { detail: reason }
            }
        }
    }
}

impl From<log::KeyStoreError> for KeyStoreError {
    fn from(error: log::KeyStoreError) -> Self {
        match error {
            log::KeyStoreError::Unavailable => Self::Unavailable,
            log::KeyStoreError::NotFound => Self::NotFound,
            log::KeyStoreError::WrongGuard => Self::WrongGuard,
            log::KeyStoreError::Failed { detail } => Self::Failed { reason: detail },
        }
    }
}
