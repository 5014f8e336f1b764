//! Handovers as leads make them: frozen from what the phone shows, answered on another phone or the same.

use dutylog_core::base::{PersonId, RecordId, random};
use dutylog_core::capture::{
    AcknowledgeAddendum, Action, AnswerHandover, OfferHandover, OneSidedHandover, ShiftName, WithdrawHandover,
};
use dutylog_core::records::handover::Decision;
use dutylog_core::records::{Bytes, Kind, RecordKind};

use super::acts::Pick;

/// Freezes a handover and offers it, or signs it alone.
pub(super) fn offer(pick: &mut Pick<'_>) -> Option<Action> {
    let frozen = freeze(pick)?;
    Some(if pick.dice.percent(80) {
        OfferHandover { record: frozen.record, document: frozen.document }.into()
    } else {
        let reason = pick.text().into();
        OneSidedHandover { record: frozen.record, document: Some(frozen.document), reason }.into()
    })
}

fn freeze(pick: &mut Pick<'_>) -> Option<dutylog_core::capture::handover::Frozen> {
    let (ctx, from) = (pick.context()?, pick.app.signed_in()?);
    let others: Vec<PersonId> = ctx.config.people().map(|(id, _)| id).filter(|p| *p != from).collect();
    let owner = *pick.dice.pick(&others)?;
    let record = RecordId(random(pick.dice));
    let date = ctx.config.zone()?.date(ctx.now)?;
    let key = if pick.dice.percent(50) { "day" } else { "night" };
    let shift = ShiftName { date, key: key.into() };
    let to = pick.dice.percent(60).then_some(owner);
    let mut freeze = pick.app.handover_so_far(record, &shift, to, pick.now).ok()?;
    freeze.items.iter_mut().for_each(|item| item.next_owner = Some(owner));
    freeze.freeze(&pick.context()?).ok()
}

/// Answers a handover that is held here.
pub(super) fn answer(pick: &mut Pick<'_>) -> Option<Action> {
    let record = pick.record(RecordKind::Handover)?;
    let entries = pick.app.store().reader().entries(record).expect("entries");
    let offers = |kind: u16| [Kind::HandoverOffered, Kind::HandoverOneSided].iter().any(|k| k.code() == kind);
    let statement =
        entries.into_iter().filter(|(_, _, e)| offers(e.kind)).find_map(|(_, _, e)| e.statement)?;
    let decision = *pick.dice.pick(Decision::ALL)?;
    let remarks = pick.text().into();
    Some(AnswerHandover { record, decision, remarks, outgoing: Bytes(statement) }.into())
}

/// Takes an offer back.
pub(super) fn withdraw(pick: &mut Pick<'_>) -> Option<Action> {
    let record = pick.record(RecordKind::Handover)?;
    Some(WithdrawHandover { record, reason: pick.text().into() }.into())
}

/// Takes notice of what arrived after the cut.
pub(super) fn addendum(pick: &mut Pick<'_>) -> Option<Action> {
    let record = pick.record(RecordKind::Handover)?;
    let addendum = dutylog_core::base::Digest::of(pick.text().as_bytes());
    Some(AcknowledgeAddendum { record, addendum }.into())
}
