//! What the outgoing lead does: offer, withdraw, sign alone.

use super::stands::{Sound, Stands};
use crate::base::{Digest, Millis, PersonId, RecordId, Value};
use crate::capture::{About, Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::log::Purpose;
use crate::merge::Lookup;
use crate::records::handover::{
    DOCUMENT, Decision, Document, HandoverAction, HandoverSignature, HandoverState, ONE_SIDED, OneSided,
    Role, SIGNATURES, WITHDRAWN, Withdrawal,
};
use crate::records::{Kind, list_value};

/// Signs and offers a frozen handover ([`super::Freeze`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferHandover {
    /// The handover.
    pub record: RecordId,
    /// What was frozen and shown.
    pub document: Document,
}
list_value!(OfferHandover { record, document });

impl Capture for OfferHandover {
    fn kind(&self) -> Kind {
        Kind::HandoverOffered
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        Stands::allowing(ctx, self.record, HandoverAction::Offer)?;
        let sound = Sound::check(ctx, self.record, &self.document)?.from(ctx)?;
        let about = Intent::about(self.kind(), self.record).set(DOCUMENT, &self.document);
        let to = sound.contents.to;
        Ok(signed_out(about, &sound, to, String::new(), ctx.now).sealing().done())
    }
}

/// Hands over without an incoming lead. HQ is told, and a lead who comes after all may still accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneSidedHandover {
    /// The handover.
    pub record: RecordId,
    /// What was frozen and shown; none if it has been offered before.
    pub document: Option<Document>,
    /// Why nobody signs for the incoming side.
    pub reason: Entered,
}
list_value!(OneSidedHandover { record, document, reason });

impl Capture for OneSidedHandover {
    fn kind(&self) -> Kind {
        Kind::HandoverOneSided
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let stands = Stands::allowing(ctx, self.record, HandoverAction::SignAlone)?;
        let reason = self.reason.required(Asked::Reason)?;
        let mut about = Intent::about(Kind::HandoverOneSided, self.record);
        about = about.set(ONE_SIDED, &OneSided { reason: reason.clone() });
        let (sound, to) = if stands.state == HandoverState::Draft {
            let document = self.document.ok_or(Rejection::DocumentUnsound)?;
            about = about.set(DOCUMENT, &document);
            let sound = Sound::check(ctx, self.record, &document)?.from(ctx)?;
            let to = sound.contents.to;
            (sound, to)
        } else {
            (stands.document(ctx)?.from(ctx)?, None)
        };
        Ok(signed_out(about, &sound, to, reason, ctx.now).sealing().done())
    }
}

/// The outgoing lead's signature; `to` where the document goes along.
fn signed_out(about: About, sound: &Sound, to: Option<PersonId>, remarks: String, at: Millis) -> About {
    let details = details(Role::Outgoing, Decision::Accept, &remarks, None);
    let signature = HandoverSignature {
        person: sound.contents.from,
        role: Role::Outgoing,
        decision: Decision::Accept,
        remarks,
        at,
        document: sound.digest,
        to,
    };
    about.add(SIGNATURES, &signature).signed(Purpose::Handover, sound.digest, details)
}

/// What a statement says beside the digest (`docs/log-format.md` section 6).
pub(super) fn details(role: Role, decision: Decision, remarks: &str, other: Option<Digest>) -> Value {
    let other = other.map_or(Value::Null, |d| Value::Bytes(d.0.to_vec()));
    let code = |n: u16| Value::Int(n.into());
    Value::List(vec![code(role.code()), code(decision.code()), remarks.into(), other])
}

/// Takes an offer back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawHandover {
    /// The handover.
    pub record: RecordId,
    /// Why.
    pub reason: Entered,
}
list_value!(WithdrawHandover { record, reason });

impl Capture for WithdrawHandover {
    fn kind(&self) -> Kind {
        Kind::HandoverWithdrawn
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let stands = Stands::allowing(ctx, self.record, HandoverAction::Withdraw)?;
        let person = stands.document(ctx)?.from(ctx)?.contents.from;
        let reason = self.reason.required(Asked::Reason)?;
        let withdrawal = Withdrawal { person, reason, at: ctx.now };
        Ok(Intent::about(Kind::HandoverWithdrawn, self.record).set(WITHDRAWN, &withdrawal).done())
    }
}
