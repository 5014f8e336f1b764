//! The signed envelope, `docs/log-format.md` section 2, and the only place that verifies a signature.

use std::fmt;

use coset::{Algorithm, CoseError, CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable, iana};
use ed25519_dalek::{Signature as DalekSignature, Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::codec::{CodecError, scan};
use crate::base::{Bug, Digest, KeyId, OrgId, planted};

/// COSE header parameter "typ" (RFC 9596).
const TYPE_LABEL: i64 = 16;

/// An Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey(pub [u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(")?;
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))?;
        f.write_str(")")
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}

impl PublicKey {
    /// How envelopes name the organisation's root key.
    #[must_use]
    pub fn root_id(&self) -> KeyId {
        KeyId(Digest::of(&self.0).mark())
    }

    /// Whether signatures under it would prove nothing, or it could be written in two ways: no point, one of small order, or
    /// not in its canonical encoding.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.strong().is_none()
    }

    fn strong(&self) -> Option<VerifyingKey> {
        let key = VerifyingKey::from_bytes(&self.0).ok()?;
        let canonical = key.to_edwards().compress().to_bytes() == self.0;
        (canonical && !key.is_weak()).then_some(key)
    }

    /// Verifies strictly: one message, one signature, no malleability.
    ///
    /// # Errors
    /// [`SealError::WeakKey`] or [`SealError::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SealError> {
        let signature = DalekSignature::from_bytes(&signature.0);
        if planted(Bug::LenientVerify) {
            let key = VerifyingKey::from_bytes(&self.0).map_err(|_| SealError::WeakKey)?;
            let verified = ed25519_dalek::Verifier::verify(&key, message, &signature);
            return verified.map_err(|_| SealError::BadSignature);
        }
        let key = self.strong().ok_or(SealError::WeakKey)?;
        key.verify_strict(message, &signature).map_err(|_| SealError::BadSignature)
    }
}

/// A private key held in memory, for servers and tests; wiped when dropped.
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Zeroizing::new(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(SigningKey::from_bytes(&self.0).verifying_key().to_bytes())
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(SigningKey::from_bytes(&self.0).sign(message).to_bytes())
    }

    /// The seed, to be stored where only this key's owner can read it.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What an envelope is about. A signature for one can never pass for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeKind {
    /// Whose key it is.
    Certificate,
    /// A run of entries.
    Segment,
    /// What a person says about an action.
    Statement,
    /// What the server holds.
    Receipt,
    /// How far the site's log had come.
    Checkpoint,
    /// What the site's log folds to.
    Snapshot,
}

impl EnvelopeKind {
    fn name(self) -> &'static str {
        match self {
            Self::Certificate => "dutylog-certificate",
            Self::Segment => "dutylog-segment",
            Self::Statement => "dutylog-statement",
            Self::Receipt => "dutylog-receipt",
            Self::Checkpoint => "dutylog-checkpoint",
            Self::Snapshot => "dutylog-snapshot",
        }
    }

    fn aad(self, org: OrgId) -> Vec<u8> {
        [self.name().as_bytes(), b"/v1", &org.0[..]].concat()
    }
}

/// Why an envelope was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not the one form of envelope that is allowed.
    #[error("not a valid envelope: {0}")]
    BadEnvelope(&'static str),
    /// Signed with a method this key is not registered for.
    #[error("signed with a method this key is not registered for")]
    WrongSuite,
    /// The signature does not belong to this content and key.
    #[error("the signature does not match")]
    BadSignature,
    /// No key that may sign this did.
    #[error("no certified key signed this: {0}")]
    NotCertified(&'static str),
    /// A key under which signatures prove nothing.
    #[error("the public key is weak")]
    WeakKey,
    /// The content is not canonical.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl SealError {
    /// The stable code of the refusal, `docs/log-format.md` section 9.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadEnvelope(_) | Self::Codec(CodecError::Shape { .. }) => "bad_envelope",
            Self::WrongSuite => "wrong_suite",
            Self::BadSignature | Self::NotCertified(_) => "bad_signature",
            Self::WeakKey => "weak_key",
            Self::Codec(error) => error.code(),
        }
    }
}

/// An envelope that has the right form; [`Envelope::verify`] says whether it is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What it is about.
    pub kind: EnvelopeKind,
    /// Which key is said to have signed.
    pub key: KeyId,
    /// The canonical bytes that are signed.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Signature,
}

impl Envelope {
    /// Signs a payload.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn seal<E>(
        kind: EnvelopeKind,
        org: OrgId,
        key: KeyId,
        payload: Vec<u8>,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Self, E> {
        let signature = sign(&skeleton(kind, key, &payload).tbs_data(&kind.aad(org)))?;
        Ok(Self { kind, key, payload, signature })
    }

    /// The exact bytes that are stored and sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut cose = skeleton(self.kind, self.key, &self.payload);
        cose.signature = self.signature.0.to_vec();
        cose.to_tagged_vec().expect("an envelope of byte strings always encodes")
    }

    /// Reads an envelope of a given kind; nothing but the one allowed form passes.
    ///
    /// # Errors
    /// [`SealError`]; the signature is not looked at.
    pub fn parse(kind: EnvelopeKind, bytes: &[u8]) -> Result<Self, SealError> {
        let cose = CoseSign1::from_tagged_slice(bytes).map_err(|error| match error {
            CoseError::UnregisteredIanaNonPrivateValue => SealError::WrongSuite,
            _ => SealError::BadEnvelope("not a COSE_Sign1"),
        })?;
        if !cose.unprotected.is_empty() {
            return Err(SealError::BadEnvelope("the unprotected header is not empty"));
        }
        let header = &cose.protected.header;
        match header.alg {
            Some(Algorithm::Assigned(iana::Algorithm::Ed25519)) => {}
            Some(Algorithm::Assigned(_) | Algorithm::PrivateUse(_)) => return Err(SealError::WrongSuite),
            Some(Algorithm::Text(_)) | None => return Err(SealError::BadEnvelope("no signature method")),
        }
        let key = KeyId::from_slice(&header.key_id).ok_or(SealError::BadEnvelope("no key identifier"))?;
        let payload = cose.payload.ok_or(SealError::BadEnvelope("no payload"))?;
        let signature = cose.signature.try_into().map_err(|_| SealError::BadEnvelope("no signature"))?;
        let envelope = Self { kind, key, payload, signature: Signature(signature) };
        if envelope.to_bytes() != bytes {
            return Err(SealError::BadEnvelope("another type or header, or not in the exact form"));
        }
        scan(&envelope.payload)?;
        Ok(envelope)
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// [`SealError::WeakKey`] or [`SealError::BadSignature`].
    pub fn verify(&self, org: OrgId, key: &PublicKey) -> Result<(), SealError> {
        let message = skeleton(self.kind, self.key, &self.payload).tbs_data(&self.kind.aad(org));
        key.verify(&message, &self.signature)
    }
}

fn skeleton(kind: EnvelopeKind, key: KeyId, payload: &[u8]) -> CoseSign1 {
    let protected = HeaderBuilder::new()
        .algorithm(iana::Algorithm::Ed25519)
        .key_id(key.0.to_vec())
        .value(TYPE_LABEL, coset::cbor::Value::Text(kind.name().to_owned()))
        .build();
    CoseSign1Builder::new().protected(protected).payload(payload.to_vec()).build()
}
