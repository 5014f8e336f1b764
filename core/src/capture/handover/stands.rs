//! Where a handover stands, and whether its document is what it should be.

use crate::base::{Digest, PersonId, RecordId};
use crate::capture::{CaptureError, Context, Rejection};
use crate::log::{EntryRef, HandoverDocument, text_digest};
use crate::merge::{Lookup, RecordState};
use crate::records::handover::{
    DOCUMENT, Document, HandoverAction, HandoverState, ONE_SIDED, Role, SIGNATURES, WITHDRAWN, handover_state,
};

/// A handover's document that is whole: of this site and record, with the text that it names.
pub(super) struct Sound {
    pub(super) contents: HandoverDocument,
    pub(super) digest: Digest,
}

impl Sound {
    pub(super) fn check<L>(
        ctx: &Context<'_, L>,
        record: RecordId,
        document: &Document,
    ) -> Result<Self, Rejection> {
        let bytes = &document.bytes.0;
        let contents = HandoverDocument::parse(bytes).map_err(|_| Rejection::DocumentUnsound)?;
        let whole = (contents.org, contents.site, contents.record) == (ctx.org, ctx.site, record)
            && contents.text == text_digest(&document.text.0);
        let digest = HandoverDocument::digest(bytes);
        if whole { Ok(Self { contents, digest }) } else { Err(Rejection::DocumentUnsound) }
    }

    /// That the document is this person's own to hand over.
    pub(super) fn from<L>(self, ctx: &Context<'_, L>) -> Result<Self, Rejection> {
        let from = self.contents.from;
        if from == ctx.person()? { Ok(self) } else { Err(Rejection::NotOutgoing { from: ctx.name(from) }) }
    }
}

/// A handover as it is held.
pub(super) struct Stands {
    pub(super) state: HandoverState,
    record: RecordState,
}

impl Stands {
    pub(super) fn load<L: Lookup>(
        ctx: &Context<'_, L>,
        record: RecordId,
    ) -> Result<Self, CaptureError<L::Error>> {
        let record = RecordState { id: record, ..ctx.record(record)? };
        let signatures: Vec<_> = record.added(SIGNATURES).into_iter().map(|s| s.value).collect();
        let (withdrawn, one_sided) = (record.written(WITHDRAWN), record.written(ONE_SIDED));
        let state = handover_state(&signatures, !withdrawn.is_empty(), !one_sided.is_empty());
        Ok(Self { state, record })
    }

    /// A handover that allows an action.
    pub(super) fn allowing<L: Lookup>(
        ctx: &Context<'_, L>,
        record: RecordId,
        action: HandoverAction,
    ) -> Result<Self, CaptureError<L::Error>> {
        let stands = Self::load(ctx, record)?;
        let state = stands.state;
        if state.allows(action) { Ok(stands) } else { Err(Rejection::HandoverStands { state }.into()) }
    }

    /// The document that was offered. Of several, as after a fork, none can be taken for the one that is meant.
    pub(super) fn document<L>(&self, ctx: &Context<'_, L>) -> Result<Sound, Rejection> {
        match self.record.written(DOCUMENT).as_slice() {
            [only] => Sound::check(ctx, self.record.id, &only.value),
            _ => Err(Rejection::DocumentUnsound),
        }
    }

    /// The entries with which the outgoing lead signed.
    pub(super) fn outgoing(&self, lead: PersonId) -> Vec<EntryRef> {
        let signed = self.record.added(SIGNATURES).into_iter();
        signed.filter(|s| (s.value.role, s.value.person) == (Role::Outgoing, lead)).map(|s| s.by).collect()
    }

    pub(super) fn signed_by(&self, person: PersonId) -> bool {
        self.record.added(SIGNATURES).iter().any(|s| s.value.person == person)
    }

    pub(super) fn record(&self) -> &RecordState {
        &self.record
    }
}
