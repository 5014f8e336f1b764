//! Statements, `docs/log-format.md` section 6: *this person meant it*.

use super::certificate::{Certificate, Role, Trust};
use super::codec::{CodecError, Reader, Writer};
use super::entry::Entry;
use super::seal::{Envelope, EnvelopeKind, SealError, Signature};
use crate::base::{ChainId, DeviceId, Digest, KeyId, Millis, OrgId, PersonId, Seq, SiteId, Value};

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Opening a session.
    Session,
    /// Signing a finished round.
    Round,
    /// Signing or refusing a handover.
    Handover,
    /// Closing a major incident.
    Incident,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::Session, Self::Round, Self::Handover, Self::Incident];

    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Round => "round",
            Self::Handover => "handover",
            Self::Incident => "incident",
        }
    }

    /// Whether the details are those of this purpose, whatever a newer version may have appended.
    fn takes(self, details: &Value) -> bool {
        let Value::List(details) = details else { return false };
        match (self, &details[..]) {
            (Self::Session, [Value::Text(_), ..]) | (Self::Round | Self::Incident, _) => true,
            (Self::Handover, [Value::Int(0..=1), Value::Int(0..=2), Value::Text(_), other, ..]) => {
                other.is_null() || other.as_bytes().is_some_and(|b| b.len() == 32)
            }
            _ => false,
        }
    }
}

/// What a person signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What for.
    pub purpose: Purpose,
    /// Of exactly what.
    pub digest: Digest,
    /// The chain of the entry that carries it.
    pub chain: ChainId,
    /// The number of that entry.
    pub seq: Seq,
    /// More, depending on the purpose.
    pub details: Value,
}

impl Statement {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(6).uint(1).text(self.purpose.name()).bytes(&self.digest.0);
        w.bytes(&self.chain.0).uint(self.seq).value(&self.details);
        w.finish()
    }

    /// Reads canonical bytes; who signed them is not looked at.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(6)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "a statement of version 1" });
        }
        let name = r.text()?;
        let (digest, chain) = (Digest(r.fixed()?), ChainId(r.fixed()?));
        let (seq, details) = (r.seq()?, r.value()?);
        let purpose = Purpose::ALL.into_iter().find(|p| p.name() == name);
        let purpose = purpose.ok_or(CodecError::Newer { what: "a purpose" })?;
        match purpose.takes(&details) {
            true => Ok(Self { purpose, digest, chain, seq, details }),
            false => Err(CodecError::Shape { what: "the details of its purpose" }),
        }
    }

    /// Signs it with a person's key.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn sign<E>(
        &self,
        org: OrgId,
        key: KeyId,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Vec<u8>, E> {
        Ok(Envelope::seal(EnvelopeKind::Statement, org, key, self.to_bytes(), sign)?.to_bytes())
    }

    /// Reads a signed statement and checks it against the person's certificate.
    ///
    /// # Errors
    /// [`SealError`]; a certificate that is not known is [`SealError::NotCertified`].
    pub fn verify<'t>(bytes: &[u8], trust: &'t Trust) -> Result<(Self, &'t Certificate), SealError> {
        let envelope = Envelope::parse(EnvelopeKind::Statement, bytes)?;
        let certificate = trust.verify(&envelope, &[Role::Person])?;
        Ok((Self::from_bytes(&envelope.payload)?, certificate))
    }

    /// Reads the statement that an entry carries and checks that it is its author's, made with the key that the chain's device
    /// holds, about this entry; a session's also that its digest is of this very session.
    ///
    /// # Errors
    /// [`SealError`]; a certificate that is not known is [`SealError::NotCertified`].
    pub fn verify_carried<'t>(
        entry: &Entry,
        chain: ChainId,
        device: &Certificate,
        trust: &'t Trust,
    ) -> Result<(Self, &'t Certificate), SealError> {
        let bytes = entry.statement.as_deref().ok_or(SealError::BadEnvelope("no statement"))?;
        let envelope = Envelope::parse(EnvelopeKind::Statement, bytes)?;
        let signer = trust.get(envelope.key).ok_or(SealError::NotCertified("the signer is not known"))?;
        let (claims, device) = (&signer.claims, &device.claims);
        let theirs = claims.role == Role::Person && claims.holder == Some(device.subject);
        let (Some(author), Some(site), true) = (entry.author, device.site, theirs) else {
            return Err(SealError::BadEnvelope("not by a person's key that this device holds"));
        };
        if claims.subject != author.0 || claims.site != Some(site) {
            return Err(SealError::BadEnvelope("by another person, or at another site"));
        }
        envelope.verify(trust.org, &claims.key)?;
        let statement = Self::from_bytes(&envelope.payload)?;
        statement.check_place(chain, entry.seq)?;
        let session = session_digest(site, DeviceId(device.subject), author, entry.at);
        match statement.purpose == Purpose::Session && statement.digest != session {
            true => Err(SealError::BadEnvelope("about another session")),
            false => Ok((statement, signer)),
        }
    }

    /// Checks that a statement belongs to the entry that carries it.
    ///
    /// # Errors
    /// [`SealError::BadEnvelope`]
    pub fn check_place(&self, chain: ChainId, seq: Seq) -> Result<(), SealError> {
        match (self.chain, self.seq) == (chain, seq) {
            true => Ok(()),
            false => Err(SealError::BadEnvelope("a statement of another entry")),
        }
    }

    /// Which person's key a certificate is about.
    #[must_use]
    pub fn signer(certificate: &Certificate) -> PersonId {
        PersonId(certificate.claims.subject)
    }
}

/// The digest by which one statement names another.
#[must_use]
pub fn statement_digest(envelope: &[u8]) -> Digest {
    Digest::tagged("dutylog/statement/v1", envelope)
}

/// What a person signs to open a session on a device.
#[must_use]
pub fn session_digest(site: SiteId, device: DeviceId, person: PersonId, at: Millis) -> Digest {
    let mut w = Writer::default();
    w.array(4).bytes(&site.0).bytes(&device.0).bytes(&person.0).int(at);
    Digest::tagged("dutylog/session/v1", &w.finish())
}

/// The digest of text that a person was shown before signing.
#[must_use]
pub fn text_digest(text: &str) -> Digest {
    Digest::tagged("dutylog/text/v1", text.as_bytes())
}
