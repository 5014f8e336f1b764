//! Where private keys live: never in the core, always in a store that the host lends.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::seal::{PublicKey, SecretKey, Signature};
use crate::base::{Digest, Entropy, random};

/// Why the host's key store did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// The store cannot be reached now (a phone that has not been unlocked since it started). Not damage; try again.
    #[error("the key store is not available yet")]
    Unavailable,
    /// No key of that name.
    #[error("there is no such key")]
    NotFound,
    /// The guard does not open the key: a wrong PIN.
    #[error("the key was not opened by this guard")]
    WrongGuard,
    /// Anything else, in the host's words.
    #[error("the key store failed: {detail}")]
    Failed {
        /// What the host said.
        detail: String,
    },
}

/// Creates and uses keys; never hands one out. Implemented by the phone's platform, or by [`SoftKeys`].
///
/// A `guard` is what a person's PIN was stretched into. A key created with one works only with it.
pub trait KeyStore: Send + Sync {
    /// Makes a new key, replacing any of that name.
    ///
    /// # Errors
    /// [`KeyStoreError`]
    fn create(&self, name: &str, guard: Option<&[u8]>) -> Result<PublicKey, KeyStoreError>;
    /// Signs with a key.
    ///
    /// # Errors
    /// [`KeyStoreError`]
    fn sign(&self, name: &str, guard: Option<&[u8]>, message: &[u8]) -> Result<Signature, KeyStoreError>;
    /// Authenticates bytes with a secret of this installation, for this name.
    ///
    /// # Errors
    /// [`KeyStoreError`]
    fn mac(&self, name: &str, message: &[u8]) -> Result<Digest, KeyStoreError>;
    /// Forgets a key. Forgetting one that is not there is no error.
    ///
    /// # Errors
    /// [`KeyStoreError`]
    fn delete(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// A key store in software: for servers, tests, and hosts without hardware of their own.
///
/// Every key is sealed (XChaCha20-Poly1305) under the installation's secret and the guard, so that its saved form
/// is worthless without the secret, and a guarded key without the PIN.
pub struct SoftKeys {
    secret: Zeroizing<[u8; 32]>,
    state: Mutex<State>,
}

struct State {
    entropy: Box<dyn Entropy>,
    sealed: BTreeMap<String, Vec<u8>>,
}

impl fmt::Debug for SoftKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoftKeys(…)")
    }
}

const NONCE: usize = 24;

impl SoftKeys {
    /// A store under an installation's secret, with the sealed keys that [`Self::export`] gave earlier.
    #[must_use]
    pub fn new(secret: [u8; 32], entropy: Box<dyn Entropy>, sealed: BTreeMap<String, Vec<u8>>) -> Self {
        Self { secret: Zeroizing::new(secret), state: Mutex::new(State { entropy, sealed }) }
    }

    /// The sealed keys by name, to be kept in a file.
    #[must_use]
    pub fn export(&self) -> BTreeMap<String, Vec<u8>> {
        self.lock().sealed.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cipher(&self, name: &str, guard: Option<&[u8]>) -> XChaCha20Poly1305 {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(&self.secret[..]), guard.unwrap_or_default())
            .expand_multi_info(
                &[b"dutylog/key/v1", &[u8::from(guard.is_some())], name.as_bytes()],
                &mut key[..],
            )
            .expect("32 bytes are within what HKDF can give");
        XChaCha20Poly1305::new((&*key).into())
    }

    fn open(&self, name: &str, guard: Option<&[u8]>) -> Result<SecretKey, KeyStoreError> {
        let sealed = self.lock().sealed.get(name).cloned().ok_or(KeyStoreError::NotFound)?;
        let (nonce, body) = sealed
            .split_first_chunk::<NONCE>()
            .ok_or(KeyStoreError::Failed { detail: "a sealed key is too short".into() })?;
        let seed = self
            .cipher(name, guard)
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: name.as_bytes() })
            .map_err(|_| KeyStoreError::WrongGuard)?;
        let seed = Zeroizing::new(seed);
        let seed: [u8; 32] = seed[..].try_into().map_err(|_| KeyStoreError::WrongGuard)?;
        Ok(SecretKey::from_seed(seed))
    }
}

impl KeyStore for SoftKeys {
    fn create(&self, name: &str, guard: Option<&[u8]>) -> Result<PublicKey, KeyStoreError> {
        let cipher = self.cipher(name, guard);
        let mut state = self.lock();
        let key = SecretKey::from_seed(random(&mut *state.entropy));
        let nonce: [u8; NONCE] = random(&mut *state.entropy);
        let body = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: key.seed(), aad: name.as_bytes() })
            .map_err(|_| KeyStoreError::Failed { detail: "a key could not be sealed".into() })?;
        state.sealed.insert(name.to_owned(), [&nonce[..], &body].concat());
        Ok(key.public())
    }

    fn sign(&self, name: &str, guard: Option<&[u8]>, message: &[u8]) -> Result<Signature, KeyStoreError> {
        Ok(self.open(name, guard)?.sign(message))
    }

    fn mac(&self, name: &str, message: &[u8]) -> Result<Digest, KeyStoreError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret[..])
            .map_err(|_| KeyStoreError::Failed { detail: "no secret".into() })?;
        mac.update(name.as_bytes());
        mac.update(&[0]);
        mac.update(message);
        Ok(Digest(mac.finalize().into_bytes().into()))
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.lock().sealed.remove(name);
        Ok(())
    }
}
