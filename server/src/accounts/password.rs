//! Passwords: which are good enough, and how they are kept.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use super::common::is_common;
use crate::entropy::{EntropyError, random};

/// The shortest password that is accepted.
pub const MIN_PASSWORD_CHARS: usize = 12;
const MAX_PASSWORD_CHARS: usize = 256;

/// Argon2id costs about 0.12 s and 64 MiB with these; two at a time keep a small machine alive.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
const AT_ONCE: usize = 2;
const WAITING: usize = 32;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// Under [`MIN_PASSWORD_CHARS`].
    TooShort,
    /// Over 256 characters.
    TooLong,
    /// Among those that guessers try first, or one short piece over and over.
    Common,
    /// Little more than the account's name.
    LikeName,
}

/// Why a password cannot be hashed now.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// The parameters stored with a hash are not possible.
    #[error("argon2: {0}")]
    Argon2(argon2::Error),
    /// No salt can be made.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The work was cut off.
    #[error("password work: {0}")]
    Cut(#[from] JoinError),
}

/// A password as it is kept, with the parameters it was made with.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) salt: [u8; 16],
    pub(super) hash: [u8; 32],
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

/// Hashes and compares, a few at a time.
#[derive(Debug)]
pub(super) struct Hasher {
    queue: Arc<Semaphore>,
    work: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)), work: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Hasher {
    /// Makes what is kept of a new password.
    pub(super) async fn keep(&self, password: SecretString) -> Result<Kept, PasswordError> {
        let blank = Kept::blank(random()?);
        let hash = self.run(password, blank.clone()).await?;
        Ok(Kept { hash, ..blank })
    }

    /// Compares; with nothing to compare to, takes the same time to say no.
    pub(super) async fn matches(
        &self,
        password: SecretString,
        kept: Option<Kept>,
    ) -> Result<bool, PasswordError> {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| Kept::blank([0; 16]));
        let expected = kept.hash;
        let hash = self.run(password, kept).await?;
        Ok(bool::from(hash.ct_eq(&expected)) && known)
    }

    async fn run(&self, password: SecretString, with: Kept) -> Result<[u8; 32], PasswordError> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let turn = Arc::clone(&self.work).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        // The places go along, so that somebody who hangs up does not let in one more.
        tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            argon2id(password.expose_secret(), &with)
        })
        .await?
    }
}

impl Kept {
    const fn blank(salt: [u8; 16]) -> Self {
        Self { salt, hash: [0; 32], memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES }
    }
}

fn argon2id(password: &str, with: &Kept) -> Result<[u8; 32], PasswordError> {
    let params =
        Params::new(with.memory_kib, with.passes, with.lanes, Some(32)).map_err(PasswordError::Argon2)?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), &with.salt, &mut hash)
        .map_err(PasswordError::Argon2)?;
    Ok(hash)
}

/// Whether a password is good enough for an account of this name. Length counts, not the kinds of characters.
pub(super) fn check(password: &SecretString, name: &str) -> Result<(), Weak> {
    let password = password.expose_secret();
    let folded = password.to_lowercase();
    match password.chars().count() {
        ..MIN_PASSWORD_CHARS => Err(Weak::TooShort),
        count if count > MAX_PASSWORD_CHARS => Err(Weak::TooLong),
        _ if is_common(&folded) || repeats(&folded) => Err(Weak::Common),
        _ if is_like(&folded, name) => Err(Weak::LikeName),
        _ => Ok(()),
    }
}

/// `aaaaaaaaaaaa`, `abcabcabcabc`: one piece of up to four characters over and over.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// What remains without the name is short.
fn is_like(password: &str, name: &str) -> bool {
    !name.is_empty() && password.replace(name, "").chars().count() < MIN_PASSWORD_CHARS / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(password: &str) -> Result<(), Weak> {
        check(&SecretString::from(password), "li.wei")
    }

    #[test]
    fn length_and_guessability_count() {
        assert_eq!(checked("elevenchars"), Err(Weak::TooShort));
        assert_eq!(checked("十二个汉字就够了长度正好"), Ok(()));
        assert_eq!(checked(&"long phrase ".repeat(10)), Ok(()));
        assert_eq!(checked(&"x".repeat(257)), Err(Weak::TooLong));
        assert_eq!(checked("abcabcabcabcabc"), Err(Weak::Common));
        assert_eq!(checked("QWERTYUIOP123"), Err(Weak::Common));
        assert_eq!(checked("Li.WeiLi.Wei2026"), Err(Weak::LikeName));
    }

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let hasher = Hasher::default();
        let kept = hasher.keep("correct horse battery".into()).await.expect("hashes");
        assert!(hasher.matches("correct horse battery".into(), Some(kept.clone())).await.expect("compares"));
        assert!(!hasher.matches("correct horse batterx".into(), Some(kept)).await.expect("compares"));
        assert!(!hasher.matches("anything".into(), None).await.expect("compares"));
    }

    #[tokio::test]
    async fn a_long_queue_is_refused_at_once() {
        let hasher = Hasher::default();
        let held = Arc::clone(&hasher.queue).try_acquire_many_owned(34).expect("free");
        assert!(matches!(hasher.keep("anything".into()).await, Err(PasswordError::Busy)));
        drop(held);
        assert!(hasher.keep("anything".into()).await.is_ok());
    }
}
