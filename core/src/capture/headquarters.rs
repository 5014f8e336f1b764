//! What HQ's own device records: the site's configuration, epochs, and decisions about held records and forks.

use super::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::base::{ChainId, RecordId, Seq, Value};
use crate::merge::{Lookup, chain_record};
use crate::records::chain::{
    CODE_ISSUED, CodeIssued, EPOCH_ADOPTED, EPOCH_OPENED, EntryAt, EntryMark, EpochOpened, FORK_REVIEWED,
    ForkCause, ForkReview, HELD_REVIEWED, HeldDecision, HeldReview, PHONE_NAMED, PhoneNamed, SNAPSHOT_TAKEN,
    SnapshotTaken,
};
use crate::records::config::ConfigObject;
use crate::records::security::Revocation;
use crate::records::{Bytes, FieldId, FieldValue, Kind, Parts, list_value};

/// Writes a whole new version of an object of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribeConfig {
    /// The object's record.
    pub record: RecordId,
    /// The object.
    pub object: ConfigObject,
}

impl FieldValue for DescribeConfig {
    fn to_value(&self) -> Value {
        let field = u32::from(self.object.field().0).to_value();
        Value::List(vec![self.record.to_value(), field, self.object.to_value()])
    }

    fn from_value(value: &Value) -> Option<Self> {
        let mut parts = Parts::of(value)?;
        let (record, field) = (parts.take()?, parts.take::<u32>()?);
        let object = ConfigObject::read(FieldId(u16::try_from(field).ok()?), value.as_list()?.get(2)?)?;
        Some(Self { record, object })
    }
}

impl Capture for DescribeConfig {
    fn kind(&self) -> Kind {
        self.object.kind()
    }

    fn intent<L: Lookup>(self, _: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let about = Intent::about(self.object.kind(), self.record);
        Ok(about.put(self.object.field(), self.object.to_value()).done())
    }
}

/// Puts a certificate into the site's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueCertificate {
    /// The record of the device or person it certifies.
    pub record: RecordId,
    /// The envelope.
    pub certificate: Bytes,
}
list_value!(IssueCertificate { record, certificate });

impl Capture for IssueCertificate {
    fn kind(&self) -> Kind {
        Kind::CertificateIssued
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let object = ConfigObject::Certificate(self.certificate);
        DescribeConfig { record: self.record, object }.intent(ctx)
    }
}

/// Cuts a device or person off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoke {
    /// The revocation's record.
    pub record: RecordId,
    /// The revocation.
    pub revocation: Revocation,
}
list_value!(Revoke { record, revocation });

impl Capture for Revoke {
    fn kind(&self) -> Kind {
        Kind::Revoked
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let object = ConfigObject::Revocation(self.revocation);
        DescribeConfig { record: self.record, object }.intent(ctx)
    }
}

/// Opens a new epoch of the server, in its new chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEpoch {
    /// What it is and builds on.
    pub epoch: EpochOpened,
}
list_value!(OpenEpoch { epoch });

impl Capture for OpenEpoch {
    fn kind(&self) -> Kind {
        Kind::EpochOpened
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(EPOCH_OPENED, &self.epoch).done())
    }
}

/// Takes over entries of an earlier epoch that came back, up to one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptEpoch {
    /// The last entry that is taken over.
    pub entry: EntryAt,
}
list_value!(AdoptEpoch { entry });

impl Capture for AdoptEpoch {
    fn kind(&self) -> Kind {
        Kind::EpochAdopted
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(EPOCH_ADOPTED, &self.entry).done())
    }
}

/// Decides about records that were held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewHeld {
    /// The first number.
    pub first: Seq,
    /// The last entry that was looked at.
    pub last: EntryMark,
    /// What becomes of them.
    pub decision: HeldDecision,
    /// Why.
    pub note: Entered,
}
list_value!(ReviewHeld { first, last, decision, note });

impl Capture for ReviewHeld {
    fn kind(&self) -> Kind {
        Kind::HeldReviewed
    }

    fn intent<L: Lookup>(self, _: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        if self.first == 0 || self.first > self.last.seq {
            return Err(Rejection::NothingEntered.into());
        }
        let Self { first, last, decision, .. } = self;
        let note = self.note.required(Asked::Reason)?;
        let review = HeldReview { first, last, decision, note };
        Ok(Intent::about(Kind::HeldReviewed, chain_record(last.chain)).add(HELD_REVIEWED, &review).done())
    }
}

/// Puts on record what was found about a fork.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFork {
    /// The chain.
    pub chain: ChainId,
    /// The first number at which the branches differ.
    pub seq: Seq,
    /// What was found.
    pub note: Entered,
    /// How it came about.
    pub cause: Option<ForkCause>,
    /// The branch that the phone's own people wrote, by its name; none if both, or neither.
    pub own: Option<[u8; 8]>,
}
list_value!(ReviewFork { chain, seq, note, cause, own });

impl Capture for ReviewFork {
    fn kind(&self) -> Kind {
        Kind::ForkReviewed
    }

    fn intent<L: Lookup>(self, _: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        if self.seq == 0 {
            return Err(Rejection::NothingEntered.into());
        }
        let Self { seq, cause, own, .. } = self;
        let review = ForkReview { seq, note: self.note.required(Asked::Text)?, cause, own };
        Ok(Intent::about(Kind::ForkReviewed, chain_record(self.chain)).add(FORK_REVIEWED, &review).done())
    }
}

/// Puts on record what new phones are told that the site's log folds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnterSnapshot {
    /// What they are told.
    pub snapshot: SnapshotTaken,
}
list_value!(EnterSnapshot { snapshot });

impl Capture for EnterSnapshot {
    fn kind(&self) -> Kind {
        Kind::SnapshotTaken
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(SNAPSHOT_TAKEN, &self.snapshot).done())
    }
}

/// Puts on record that a code was made which enrols a phone or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssueCode {
    /// What can be said of it.
    pub code: CodeIssued,
}
list_value!(IssueCode { code });

impl Capture for IssueCode {
    fn kind(&self) -> Kind {
        Kind::CodeIssued
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(CODE_ISSUED, &self.code).done())
    }
}

/// Puts on record what a phone said it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePhone {
    /// The phone and its name.
    pub named: PhoneNamed,
}
list_value!(NamePhone { named });

impl Capture for NamePhone {
    fn kind(&self) -> Kind {
        Kind::PhoneNamed
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        Ok(Intent::about_chain(self.kind(), ctx.chain).add(PHONE_NAMED, &self.named).done())
    }
}
