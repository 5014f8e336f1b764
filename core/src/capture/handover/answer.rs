//! What the incoming lead does: accept, refuse; and what both do with what arrives after the cut.

use super::offer::details;
use super::stands::{Sound, Stands};
use crate::base::{Digest, RecordId, Seq};
use crate::capture::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::log::{EntryRef, Envelope, EnvelopeKind, Purpose, decode_value, statement_digest};
use crate::merge::Lookup;
use crate::records::handover::{
    ADDENDUM_ACK, AddendumAck, Decision, HandoverAction, HandoverSignature, Role, SIGNATURES,
};
use crate::records::{Bytes, FieldValue, Kind, list_value};

/// Signs for the incoming side: accepts, accepts with remarks, or refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerHandover {
    /// The handover.
    pub record: RecordId,
    /// The answer.
    pub decision: Decision,
    /// What is remarked or objected.
    pub remarks: Entered,
    /// The outgoing lead's statement, as the entry that offered the handover carries it.
    pub outgoing: Bytes,
}
list_value!(AnswerHandover { record, decision, remarks, outgoing });

impl Capture for AnswerHandover {
    fn kind(&self) -> Kind {
        match self.decision {
            Decision::Accept | Decision::AcceptWithRemarks => Kind::HandoverAccepted,
            Decision::Refuse => Kind::HandoverRefused,
        }
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let action = match self.decision {
            Decision::Refuse => HandoverAction::Refuse,
            _ => HandoverAction::Accept,
        };
        let stands = Stands::allowing(ctx, self.record, action)?;
        let sound = stands.document(ctx)?;
        let person = ctx.person()?;
        addressed(ctx, &sound)?;
        if !speaks_of(&self.outgoing.0, sound.digest, &stands.outgoing(sound.contents.from)) {
            return Err(Rejection::StatementUnsound.into());
        }
        let kind = self.kind();
        let (decision, role) = (self.decision, Role::Incoming);
        let remarks = match decision {
            Decision::Accept => self.remarks.text()?,
            _ => self.remarks.required(Asked::Remarks)?,
        };
        let other = statement_digest(&self.outgoing.0);
        let details = details(role, decision, &remarks, Some(other));
        let signature = HandoverSignature {
            person,
            role,
            decision,
            remarks,
            at: ctx.now,
            document: sound.digest,
            to: None,
        };
        let about = Intent::about(kind, self.record).add(SIGNATURES, &signature);
        Ok(about.signed(Purpose::Handover, sound.digest, details).done())
    }
}

/// That whoever is signed in may answer: the one it is addressed to, or anyone but the outgoing lead if it is to nobody.
fn addressed<L>(ctx: &Context<'_, L>, sound: &Sound) -> Result<(), Rejection> {
    let person = ctx.person()?;
    match sound.contents.to {
        _ if person == sound.contents.from => Err(Rejection::OwnHandover),
        Some(to) if to != person => Err(Rejection::NotAddressee { to: ctx.name(to) }),
        _ => Ok(()),
    }
}

/// Whether a statement is the outgoing lead's about this very document, in one of the entries with which they signed. That their key
/// made it was judged when the entry was folded.
fn speaks_of(envelope: &[u8], document: Digest, signed: &[EntryRef]) -> bool {
    let parsed = || {
        let envelope = Envelope::parse(EnvelopeKind::Statement, envelope).ok()?;
        let payload = decode_value(&envelope.payload).ok()?;
        let [_, purpose, digest, chain, seq, details, ..] = payload.as_list()? else { return None };
        let named = digest.as_bytes()? == document.as_bytes() && purpose.as_text()? == "handover";
        let outgoing = details.as_list()?.first()?.as_int()? == i64::from(Role::Outgoing.code());
        let place = |by: &EntryRef| {
            chain.as_bytes() == Some(by.chain.as_bytes()) && Seq::from_value(seq) == Some(by.seq)
        };
        Some(named && outgoing && signed.iter().any(place))
    };
    parsed().unwrap_or(false)
}

/// Takes notice of what was recorded before the cut and arrived after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcknowledgeAddendum {
    /// The handover.
    pub record: RecordId,
    /// The digest of the addendum as shown.
    pub addendum: Digest,
}
list_value!(AcknowledgeAddendum { record, addendum });

impl Capture for AcknowledgeAddendum {
    fn kind(&self) -> Kind {
        Kind::AddendumAcknowledged
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let stands = Stands::allowing(ctx, self.record, HandoverAction::AcknowledgeAddendum)?;
        let person = ctx.person()?;
        if !stands.signed_by(person) {
            return Err(Rejection::NotSigner.into());
        }
        let before = stands.record().added(ADDENDUM_ACK);
        if before.iter().any(|a| (a.value.person, a.value.addendum) == (person, self.addendum)) {
            return Err(Rejection::AlreadyAcknowledged.into());
        }
        let acknowledged = AddendumAck { person, addendum: self.addendum, at: ctx.now };
        Ok(Intent::about(self.kind(), self.record).add(ADDENDUM_ACK, &acknowledged).done())
    }
}
