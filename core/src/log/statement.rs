//! Statements, `docs/log-format.md` section 6: *this person meant it*.

use super::certificate::{Certificate, Role, Trust};
use super::codec::{CodecError, Reader, Writer};
use super::seal::{Envelope, EnvelopeKind, SealError, Signature};
use crate::base::{ChainId, Digest, KeyId, OrgId, PersonId, Seq, Value};

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

    fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(6)?;
        if r.uint()? != 1 {
            return Err(CodecError::Shape { what: "a statement of version 1" });
        }
        let name = r.text()?;
        let purpose = Purpose::ALL.into_iter().find(|p| p.name() == name);
        Ok(Self {
            purpose: purpose.ok_or(CodecError::Shape { what: "a purpose this version knows" })?,
            digest: Digest(r.fixed()?),
            chain: ChainId(r.fixed()?),
            seq: r.uint()?,
            details: r.value()?,
        })
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
    /// [`SealError`]; a certificate that is not known is [`SealError::BadEnvelope`].
    pub fn verify<'t>(bytes: &[u8], trust: &'t Trust) -> Result<(Self, &'t Certificate), SealError> {
        let envelope = Envelope::parse(EnvelopeKind::Statement, bytes)?;
        let certificate = trust.verify(&envelope, &[Role::Person])?;
        Ok((Self::from_bytes(&envelope.payload)?, certificate))
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

/// The digest of text that a person was shown before signing.
#[must_use]
pub fn text_digest(text: &str) -> Digest {
    Digest::tagged("dutylog/text/v1", text.as_bytes())
}
