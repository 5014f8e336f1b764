//! Sealing what never leaves the phone, for whoever can have the same secret made again.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::base::{Entropy, random};

const NONCE: usize = 24;

/// Seals and opens under one secret.
pub struct Private(XChaCha20Poly1305);

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Private(…)")
    }
}

impl Private {
    /// Under a secret, for one purpose.
    #[must_use]
    pub fn new(secret: &[u8; 32], purpose: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        let expanded = Hkdf::<Sha256>::new(None, secret).expand(purpose, &mut key[..]);
        expanded.expect("32 bytes are within what HKDF can give");
        Self(XChaCha20Poly1305::new((&*key).into()))
    }

    /// Seals; `about` is not hidden, and without it nothing opens. None for more than the cipher can take, 256 GiB.
    #[must_use]
    pub fn seal(&self, entropy: &mut dyn Entropy, about: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE] = random(entropy);
        let body = self.0.encrypt(&XNonce::from(nonce), Payload { msg: content, aad: about }).ok()?;
        Some([&nonce[..], &body].concat())
    }

    /// Opens what was sealed; none if it was sealed otherwise, or changed.
    #[must_use]
    pub fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: about }).ok()
    }
}
