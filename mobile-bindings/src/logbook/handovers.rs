//! Handovers as screens show them.

use dutylog_core::base::{PersonId, RecordId};
use dutylog_core::companion as core;
use dutylog_core::locales::{Locale, Words as _};
use dutylog_core::log::HandoverDocument;
use dutylog_core::merge::{Lookup as _, RecordState};
use dutylog_core::records::RecordKind;
use dutylog_core::records::handover::{
    DOCUMENT, HandoverAction, HandoverSignature, HandoverState, ONE_SIDED, SIGNATURES, WITHDRAWN,
    handover_state,
};
use dutylog_core::store;

use super::rounds::delivery;
use super::{Answer, Logbook, not_here, paging, record};
use crate::error::DutylogError;
use crate::rows::{AddendumRow, HandoverDetail, HandoverPage, HandoverRow, SignatureRow, name_of};

#[uniffi::export]
impl Logbook {
    /// A page of the handovers this phone holds, the newest first. `cursor` is the `next` of the page before, none for the first;
    /// `limit` is 1 to 200.
    pub fn handovers(&self, cursor: Option<String>, limit: u32) -> Result<HandoverPage, DutylogError> {
        self.read(|app| {
            let (after, limit) = paging(cursor.as_deref(), limit)?;
            let listed = app.store().reader().list(RecordKind::Handover, after, limit)?;
            let waiting = app.store().waiting()?;
            let next = listed.get(limit - 1).map(|last| last.cursor.to_text());
            let row = |l: &store::Listed| -> Answer<HandoverRow> {
                let state = app.store().reader().record(l.id)?;
                Ok(row(app, l.id, &state, delivery(&waiting, l.id), self.lending.locale))
            };
            Ok(HandoverPage { rows: listed.iter().map(row).collect::<Answer<_>>()?, next })
        })
    }

    /// A handover with the text that both leads sign.
    pub fn handover(&self, handover: String) -> Result<HandoverDetail, DutylogError> {
        self.read(|app| detail(app, record(&handover, "handover")?, self.lending.locale))
    }

    /// What was recorded before a handover's cut and came to this phone after it; none if nothing did. Both who signed take notice of it.
    pub fn addendum(&self, handover: String) -> Result<Option<AddendumRow>, DutylogError> {
        self.read(|app| {
            let addendum = app.addendum(record(&handover, "handover")?)?;
            let config = app.store().knowledge().now();
            Ok(addendum.map(|addendum| AddendumRow {
                text: addendum.text,
                digest: addendum.digest.to_string(),
                entries: u32::try_from(addendum.entries).unwrap_or(u32::MAX),
                acknowledged_by: addendum.acknowledged.iter().map(|p| name_of(&config, *p)).collect(),
            }))
        })
    }
}

fn document(state: &RecordState) -> Option<HandoverDocument> {
    state.get(DOCUMENT).and_then(|document| HandoverDocument::parse(&document.bytes.0).ok())
}

fn standing(state: &RecordState) -> HandoverState {
    let signatures: Vec<_> = state.added(SIGNATURES).into_iter().map(|s| s.value).collect();
    let alone = !state.written(ONE_SIDED).is_empty();
    handover_state(&signatures, !state.written(WITHDRAWN).is_empty(), alone)
}

const fn code(state: HandoverState) -> &'static str {
    match state {
        HandoverState::Draft => "draft",
        HandoverState::Offered => "offered",
        HandoverState::Accepted => "accepted",
        HandoverState::Refused => "refused",
        HandoverState::Withdrawn => "withdrawn",
        HandoverState::OneSided => "one_sided",
    }
}

fn row(
    app: &core::Companion,
    id: RecordId,
    state: &RecordState,
    delivery: store::Delivery,
    locale: Locale,
) -> HandoverRow {
    let config = app.store().knowledge().now();
    let (document, stands, person) = (document(state), standing(state), app.signed_in());
    let called = |person: Option<PersonId>| person.map(|p| name_of(&config, p)).unwrap_or_default();
    let addressed = |document: &HandoverDocument| {
        person.is_some() && person != Some(document.from) && document.to.is_none_or(|to| Some(to) == person)
    };
    HandoverRow {
        id: id.to_string(),
        shift: document.as_ref().map(|d| format!("{} {}", d.date, d.shift)).unwrap_or_default(),
        from_name: called(document.as_ref().map(|document| document.from)),
        to_name: called(document.as_ref().and_then(|document| document.to)),
        state: code(stands).to_owned(),
        state_text: stands.words(locale).to_owned(),
        yours_to_answer: stands.allows(HandoverAction::Accept) && document.as_ref().is_some_and(addressed),
        changed_ms: state.summary.last_at,
        delivery: delivery.into(),
    }
}

fn detail(app: &core::Companion, id: RecordId, locale: Locale) -> Answer<HandoverDetail> {
    let state = app.store().reader().record(id)?;
    let shown = state.get(DOCUMENT).ok_or_else(|| not_here(RecordKind::Handover))?;
    let config = app.store().knowledge().now();
    let signature = |signature: HandoverSignature| SignatureRow {
        name: name_of(&config, signature.person),
        role: signature.role.words(locale).to_owned(),
        decision: signature.decision.words(locale).to_owned(),
        remarks: signature.remarks,
        at_ms: signature.at,
    };
    let mut signatures: Vec<_> = state.added(SIGNATURES).into_iter().map(|added| added.value).collect();
    signatures.sort_by_key(|signature| (signature.role, signature.at));
    let withdrawn = state.get(WITHDRAWN).map(|withdrawal| withdrawal.reason);
    let reason = withdrawn.or_else(|| state.get(ONE_SIDED).map(|alone| alone.reason));
    Ok(HandoverDetail {
        row: row(app, id, &state, delivery(&app.store().waiting()?, id), locale),
        digest: HandoverDocument::digest(&shown.bytes.0).to_string(),
        text: shown.text.0,
        signatures: signatures.into_iter().map(signature).collect(),
        reason: reason.unwrap_or_default(),
    })
}
