//! Handing over: gathering, freezing, signing; and what the incoming lead answers.

use std::collections::BTreeMap;

use dutylog_core::base::{PersonId, Reading as Moment, RecordId};
use dutylog_core::capture::handover::{Freeze, LineAnswer as Line};
use dutylog_core::capture::{
    AcknowledgeAddendum, OfferHandover, OneSidedHandover, Rejection, WithdrawHandover,
};
use dutylog_core::companion::{self as core, CompanionError};
use dutylog_core::locales::{Locale, Words as _, subject_text};
use dutylog_core::records::Bilingual;
use dutylog_core::records::calendar::Zone;
use dutylog_core::records::handover::{HandoverItem, Subject, collect};

use super::site::shift_name;
use super::{Answer, Logbook, at, id, record};
use crate::error::{DutylogError, Failure};
use crate::forms::{HandoverForm, Shift, entered, told};
use crate::host::Reading;
use crate::rows::{FrozenHandover, HandoverItemRow, HandoverLineRow, HandoverPreparation, Saved};
use crate::words::Decision;

#[uniffi::export]
impl Logbook {
    /// What the handover of a shift would be about now: everything open, the checklist's lines, the phones that are silent. `handover`
    /// is the `handover` of an earlier preparation that is continued, none for a new one. Nothing is recorded.
    pub fn prepare_handover(
        &self,
        shift: Shift,
        handover: Option<String>,
        reading: Reading,
    ) -> Result<HandoverPreparation, DutylogError> {
        let locale = self.lending.locale;
        self.with(|app, _| {
            let handover = match &handover {
                Some(known) => record(known, "handover")?,
                None => RecordId(app.new_draft().0),
            };
            let freeze = app.handover_so_far(handover, &shift_name(&shift)?, None, at(&reading))?;
            Ok(preparation(app, &freeze, locale))
        })
    }

    /// Freezes a handover: gathers anew, puts in what the lead filled in, and gives the exact text to show and sign. Fails with `Rejected`
    /// and the names of what still lacks an owner or an answer. Replaces what was frozen before and not offered.
    pub fn freeze_handover(
        &self,
        form: HandoverForm,
        reading: Reading,
    ) -> Result<FrozenHandover, DutylogError> {
        self.with(|app, kept| {
            let freeze = filled(app, &form, at(&reading))?;
            let frozen = freeze.freeze(&app.context(at(&reading))?)?;
            let shown = FrozenHandover {
                handover: frozen.record.to_string(),
                text: frozen.document.text.0.clone(),
                digest: frozen.digest.to_string(),
            };
            *kept = Some(frozen);
            Ok(shown)
        })
    }

    /// Signs and offers the handover that was frozen and shown, as the outgoing lead.
    pub fn offer_handover(
        &self,
        draft: String,
        handover: String,
        digest: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.record(|app, kept| {
            let record = record(&handover, "handover")?;
            let document = shown(kept.as_ref(), record, &digest)?;
            Ok(app.act(id(&draft, "draft")?, OfferHandover { record, document }, at(&reading))?)
        })
    }

    /// Signs alone, because nobody is there to take over; headquarters is told, and a lead who comes after all may still accept.
    /// `digest` names what was frozen and shown, none if the handover was offered before.
    pub fn hand_over_alone(
        &self,
        draft: String,
        handover: String,
        digest: Option<String>,
        reason: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.record(|app, kept| {
            let record = record(&handover, "handover")?;
            let document =
                digest.as_deref().map(|digest| shown(kept.as_ref(), record, digest)).transpose()?;
            let alone = OneSidedHandover { record, document, reason: entered(&reason) };
            Ok(app.act(id(&draft, "draft")?, alone, at(&reading))?)
        })
    }

    /// Takes an offer back, as the outgoing lead.
    pub fn withdraw_handover(
        &self,
        draft: String,
        handover: String,
        reason: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let record = record(&handover, "handover")?;
            Ok(WithdrawHandover { record, reason: entered(&reason) }.into())
        })
    }

    /// Signs for the incoming side what the outgoing lead signed: show `text` of the handover's details first. Remarks are needed for
    /// everything but `Accept`.
    pub fn answer_handover(
        &self,
        draft: String,
        handover: String,
        decision: Decision,
        remarks: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.record(|app, _| {
            let (draft, record) = (id(&draft, "draft")?, record(&handover, "handover")?);
            Ok(app.answer_handover(draft, record, decision.into(), entered(&remarks), at(&reading))?)
        })
    }

    /// Takes notice, as one of its signers, of records made before the cut that came after it. `addendum` is the
    /// `digest` of what `addendum` gave and was shown.
    pub fn acknowledge_addendum(
        &self,
        draft: String,
        handover: String,
        addendum: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let (record, addendum) = (record(&handover, "handover")?, id(&addendum, "addendum")?);
            Ok(AcknowledgeAddendum { record, addendum }.into())
        })
    }
}

/// The document that was frozen and shown under this name and digest.
fn shown(
    kept: Option<&dutylog_core::capture::handover::Frozen>,
    record: RecordId,
    digest: &str,
) -> Answer<dutylog_core::records::handover::Document> {
    let digest = id(digest, "digest")?;
    let same = kept.filter(|frozen| (frozen.record, frozen.digest) == (record, digest));
    let changed = || Failure::Core(CompanionError::Rejected(Rejection::ShownTextChanged));
    same.map(|frozen| frozen.document.clone()).ok_or_else(changed)
}

/// What is frozen: what is open now, with what the lead filled in.
fn filled(app: &mut core::Companion, form: &HandoverForm, now: Moment) -> Answer<Freeze> {
    let handover = record(&form.handover, "form.handover")?;
    let to = form.to.as_deref().map(|to| id::<PersonId>(to, "form.to")).transpose()?;
    let mut freeze = app.prepare_handover(handover, &shift_name(&form.shift)?, to, now)?;
    freeze.items.extend(added(form, handover)?);
    for owner in &form.owners {
        let person = id::<PersonId>(&owner.person, "owners.person")?;
        let named = freeze.items.iter_mut().filter(|item| item.key() == owner.item);
        named.for_each(|item| item.next_owner = Some(person));
    }
    freeze.items.sort_by_key(|item| item.block);
    let line = |answer: &crate::forms::LineAnswer| {
        (answer.line, Line { status: answer.status.into(), note: told(answer.note.as_ref()) })
    };
    freeze.answers = form.lines.iter().map(line).collect::<BTreeMap<_, _>>();
    Ok(freeze)
}

/// Text as it goes into the document.
fn text(typed: &str) -> Answer<String> {
    entered(typed).text().map_err(|rejection| Failure::Core(CompanionError::Rejected(rejection)))
}

/// What no record says and the lead adds.
fn added(form: &HandoverForm, handover: RecordId) -> Answer<Vec<HandoverItem>> {
    let mut items = Vec::new();
    for watch in &form.watch {
        let owner = watch.next_owner.as_deref().map(|owner| id(owner, "watch.next_owner")).transpose()?;
        let subject = Subject::Watch { text: text(&watch.text)? };
        items.extend(
            collect([(handover, subject)]).into_iter().map(|item| HandoverItem { next_owner: owner, ..item }),
        );
    }
    for resource in &form.resources {
        let name = text(&resource.name)?;
        let note = resource.note.as_deref().map(text).transpose()?;
        let name = Bilingual::new(name.clone(), name);
        items.extend(collect([(handover, Subject::Resource { name, state: resource.state.into(), note })]));
    }
    Ok(items)
}

fn preparation(app: &core::Companion, freeze: &Freeze, locale: Locale) -> HandoverPreparation {
    let config = app.store().knowledge().now();
    let zone = config.zone().unwrap_or(Zone::UTC);
    let item = |item: &HandoverItem| HandoverItemRow {
        item: item.key(),
        record: item.record.to_string(),
        block: item.block.words(locale).to_owned(),
        text: subject_text(&item.subject, zone, locale),
        needs_owner: item.lacks_owner(),
    };
    let list = config.site().and_then(|site| site.handover_checklist).and_then(|list| config.checklist(list));
    let lines = list.into_iter().flat_map(|list| &list.items);
    let line = |item: &dutylog_core::records::checklist::Item| HandoverLineRow {
        line: item.number,
        text: item.text.get(locale).to_owned(),
    };
    let silent = freeze.silent.iter().map(|phone| match phone.heard_until {
        Some(heard) => format!("{} · {}", phone.name, zone.minute_text(heard)),
        None => phone.name.clone(),
    });
    HandoverPreparation {
        handover: freeze.record.to_string(),
        items: freeze.items.iter().map(item).collect(),
        lines: lines.map(line).collect(),
        silent: silent.collect(),
    }
}
