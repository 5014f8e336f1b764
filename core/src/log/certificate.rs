//! Certificates, `docs/log-format.md` 2.1: which key belongs to whom, provable offline from the root key alone.

use super::codec::{CodecError, Reader, Writer};
use super::seal::{Envelope, EnvelopeKind, PublicKey, SealError, Signature};
use crate::base::{Digest, KeyId, Millis, OrgId, SiteId};

/// Ed25519 with SHA-256, the only suite so far.
pub const SUITE: u64 = 1;

/// What a certified key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Certificates.
    Issuing,
    /// Receipts and checkpoints.
    ServerLog,
    /// HQ's own chain.
    Headquarters,
    /// A phone's chains.
    Phone,
    /// A person's statements.
    Person,
}

impl Role {
    const ALL: [Self; 5] = [Self::Issuing, Self::ServerLog, Self::Headquarters, Self::Phone, Self::Person];

    fn code(self) -> u64 {
        match self {
            Self::Issuing => 1,
            Self::ServerLog => 2,
            Self::Headquarters => 3,
            Self::Phone => 4,
            Self::Person => 5,
        }
    }
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The organisation.
    pub org: OrgId,
    /// The site; none for the organisation's own keys.
    pub site: Option<SiteId>,
    /// What the key may sign.
    pub role: Role,
    /// The device or person.
    pub subject: [u8; 16],
    /// The device that keeps a person's key.
    pub holder: Option<[u8; 16]>,
    /// The key.
    pub key: PublicKey,
    /// When it was issued, by the issuer's clock.
    pub issued: Millis,
    /// Issued without the network, by a lead.
    pub provisional: bool,
}

/// A certificate: claims in the envelope that proves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// What it says.
    pub claims: Claims,
    /// The key that signed it.
    pub issuer: KeyId,
    /// The whole envelope, as received.
    pub bytes: Vec<u8>,
}

impl Claims {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(10).uint(1).bytes(&self.org.0);
        w.maybe_bytes(self.site.as_ref().map(|s| &s.0[..])).uint(self.role.code());
        w.bytes(&self.subject).maybe_bytes(self.holder.as_ref().map(|h| &h[..]));
        w.uint(SUITE).bytes(&self.key.0).int(self.issued).bool(self.provisional);
        w.finish()
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(10)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "a certificate of version 1" }.into());
        }
        let org = OrgId(r.fixed()?);
        let site = r.maybe(|r| r.fixed().map(SiteId))?;
        let code = r.uint()?;
        let role = Role::ALL.into_iter().find(|role| role.code() == code);
        let (subject, holder) = (r.fixed()?, r.maybe(Reader::fixed)?);
        if r.uint()? != SUITE {
            return Err(SealError::WrongSuite);
        }
        let (key, issued, provisional) = (PublicKey(r.fixed()?), r.int()?, r.bool()?);
        let role = role.ok_or(CodecError::Newer { what: "a role" })?;
        Self { org, site, role, subject, holder, key, issued, provisional }.check()
    }

    /// Checks that site, holder and provisional are there exactly for the roles that have them.
    fn check(self) -> Result<Self, SealError> {
        let person = self.role == Role::Person;
        if self.site.is_none() != matches!(self.role, Role::Issuing | Role::ServerLog) {
            return Err(SealError::BadEnvelope("a role without its site, or a site without such a role"));
        }
        if self.holder.is_some() != person || (self.provisional && !person) {
            return Err(SealError::BadEnvelope("held by a device or provisional, as only a person's key is"));
        }
        Ok(self)
    }

    /// Whether the holder of this certificate may issue the other.
    fn may_certify(&self, other: &Self) -> bool {
        match self.role {
            Role::Issuing => other.role != Role::Issuing && !other.provisional,
            Role::Person => other.provisional && !self.provisional && other.site == self.site,
            _ => false,
        }
    }

    /// Issues the certificate.
    ///
    /// # Errors
    /// [`SealError::WeakKey`] for a key that proves nothing; otherwise whatever `sign` fails with.
    pub fn issue<E: From<SealError>>(
        self,
        issuer: KeyId,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Certificate, E> {
        if self.key.is_weak() {
            return Err(SealError::WeakKey.into());
        }
        let envelope = Envelope::seal(EnvelopeKind::Certificate, self.org, issuer, self.to_bytes(), sign)?;
        Ok(Certificate { claims: self, issuer, bytes: envelope.to_bytes() })
    }
}

impl Certificate {
    /// Reads a certificate and checks it against the key that is said to have issued it.
    ///
    /// # Errors
    /// [`SealError`] if the form, the organisation, the key or the signature is wrong.
    pub fn verify(bytes: &[u8], org: OrgId, issuer: &PublicKey) -> Result<Self, SealError> {
        let envelope = Envelope::parse(EnvelopeKind::Certificate, bytes)?;
        envelope.verify(org, issuer)?;
        let claims = Claims::from_bytes(&envelope.payload)?;
        if claims.org != org {
            return Err(SealError::BadEnvelope("a certificate of another organisation"));
        }
        if claims.key.is_weak() {
            return Err(SealError::WeakKey);
        }
        Ok(Self { claims, issuer: envelope.key, bytes: bytes.to_vec() })
    }

    /// How envelopes signed by this key name it.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId(Digest::of(&self.bytes).mark())
    }
}

/// What a phone or auditor starts from: the root key and the certificates that hang on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The organisation.
    pub org: OrgId,
    /// Its root key, pinned at enrolment.
    pub root: PublicKey,
    certificates: std::collections::BTreeMap<KeyId, Certificate>,
}

impl Trust {
    /// Trusts a root key and nothing else yet.
    #[must_use]
    pub fn new(org: OrgId, root: PublicKey) -> Self {
        Self { org, root, certificates: std::collections::BTreeMap::new() }
    }

    /// Adds a certificate if the chain up to the root proves it. Adding one twice is harmless.
    ///
    /// # Errors
    /// [`SealError`]; an issuer that is not known yet is [`SealError::NotCertified`].
    pub fn add(&mut self, bytes: &[u8]) -> Result<&Certificate, SealError> {
        let id = KeyId(Digest::of(bytes).mark());
        if self.certificates.get(&id).is_none_or(|c| c.bytes != bytes) {
            let certificate = self.check(bytes)?;
            self.certificates.insert(id, certificate);
        }
        self.certificates.get(&id).ok_or(SealError::BadEnvelope("not held"))
    }

    fn check(&self, bytes: &[u8]) -> Result<Certificate, SealError> {
        let issuer = Envelope::parse(EnvelopeKind::Certificate, bytes)?.key;
        if issuer == self.root.root_id() {
            let certificate = Certificate::verify(bytes, self.org, &self.root)?;
            return match certificate.claims.role {
                Role::Issuing => Ok(certificate),
                _ => Err(SealError::NotCertified("the root key certifies issuing keys only")),
            };
        }
        let by = self.certificates.get(&issuer).ok_or(SealError::NotCertified("the issuer is not known"))?;
        let certificate = Certificate::verify(bytes, self.org, &by.claims.key)?;
        match by.claims.may_certify(&certificate.claims) {
            true => Ok(certificate),
            false => Err(SealError::NotCertified("the issuer may not certify this")),
        }
    }

    /// The certificate that an envelope names.
    #[must_use]
    pub fn get(&self, id: KeyId) -> Option<&Certificate> {
        self.certificates.get(&id)
    }

    /// All of them.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.values()
    }

    /// Checks an envelope against the certificate it names, which must have one of the given roles.
    ///
    /// # Errors
    /// [`SealError`]
    pub fn verify(&self, envelope: &Envelope, roles: &[Role]) -> Result<&Certificate, SealError> {
        let certificate = self.get(envelope.key).ok_or(SealError::NotCertified("the signer is not known"))?;
        if !roles.contains(&certificate.claims.role) {
            return Err(SealError::NotCertified("this key may not sign this"));
        }
        envelope.verify(self.org, &certificate.claims.key)?;
        Ok(certificate)
    }
}
