//! Who asks: the signature over a request, `docs/sync-protocol.md` 5. No time is in it, so a wrong clock locks nobody out.

use base64ct::{Base64UrlUnpadded, Encoding as _};

use super::message::Nonce;
use crate::base::{Digest, Hasher, KeyId, SiteId};
use crate::log::{Certificate, Role, SealError, Signature};

/// The scheme of the `Authorization` header.
pub const SCHEME: &str = "Dutylog";
/// The header by which a 401 brings a fresh nonce.
pub const NONCE_HEADER: &str = "dutylog-nonce";
/// The header by which a refusal brings its stable code.
pub const CODE_HEADER: &str = "dutylog-code";

/// What a request is about, as both ends see it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path, with the query if there is one.
    pub path: &'a str,
    /// The site.
    pub site: SiteId,
    /// The body as sent.
    pub body: &'a [u8],
    /// The server's origin, such as `https://duty.example`: a request to one server is worth nothing at another.
    pub origin: &'a str,
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorization {
    /// The device's key.
    pub key: KeyId,
    /// The nonce that was signed.
    pub nonce: Nonce,
    /// The signature.
    pub signature: Signature,
}

impl Asked<'_> {
    /// What is signed: a digest of everything, each text preceded by its length.
    #[must_use]
    pub fn digest(&self, nonce: Nonce) -> Digest {
        let text = |h: Hasher, t: &str| h.with(&(t.len() as u64).to_be_bytes()).with(t.as_bytes());
        let h = [self.method, self.path, self.origin]
            .into_iter()
            .fold(Hasher::tagged("dutylog/request/v1"), text);
        h.with(&self.site.0).with(&Digest::of(self.body).0).with(&nonce).finish()
    }

    /// The header's value for this request.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn sign<E>(
        &self,
        key: KeyId,
        nonce: Nonce,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<String, E> {
        let signature = sign(&self.digest(nonce).0)?;
        Ok(Authorization { key, nonce, signature }.to_header())
    }

    /// Checks that the device of this certificate signed the request. Whether the nonce is fresh, and the device still
    /// welcome, is the server's to know.
    ///
    /// # Errors
    /// [`SealError`]
    pub fn verify(&self, said: &Authorization, device: &Certificate) -> Result<(), SealError> {
        let may_ask = matches!(device.claims.role, Role::Phone | Role::Headquarters);
        if !may_ask || device.id() != said.key || device.claims.site != Some(self.site) {
            return Err(SealError::BadEnvelope("not a device of this site"));
        }
        device.claims.key.verify(&self.digest(said.nonce).0, &said.signature)
    }
}

impl Authorization {
    /// The header's value.
    #[must_use]
    pub fn to_header(&self) -> String {
        let bytes = [&self.key.0[..], &self.nonce, &self.signature.0].concat();
        format!("{SCHEME} {}", Base64UrlUnpadded::encode_string(&bytes))
    }

    /// Reads the header's value.
    #[must_use]
    pub fn from_header(value: &str) -> Option<Self> {
        let mut buffer = [0; 80];
        let encoded = value.strip_prefix(SCHEME)?.strip_prefix(' ')?;
        let bytes = Base64UrlUnpadded::decode(encoded, &mut buffer).ok().filter(|b| b.len() == 80)?;
        Some(Self {
            key: KeyId::from_slice(&bytes[..8])?,
            nonce: bytes[8..16].try_into().ok()?,
            signature: Signature(bytes[16..].try_into().ok()?),
        })
    }
}

/// A nonce as the text of [`NONCE_HEADER`].
#[must_use]
pub fn nonce_to_header(nonce: Nonce) -> String {
    Base64UrlUnpadded::encode_string(&nonce)
}

/// Reads what [`nonce_to_header`] wrote.
#[must_use]
pub fn nonce_from_header(value: &str) -> Option<Nonce> {
    let mut buffer = [0; 8];
    Base64UrlUnpadded::decode(value.trim(), &mut buffer).ok()?.try_into().ok()
}
