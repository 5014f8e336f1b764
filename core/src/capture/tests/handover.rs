use std::collections::BTreeMap;

use super::site::{HANDOVER_LIST, LEAD, NEXT_LEAD, PATROL};
use super::world::{Actor, Done, World, phone, plain};
use crate::base::{Digest, PersonId, RecordId};
use crate::capture::handover::{Freeze, Frozen, HandoverDocument, LineAnswer, view_hash};
use crate::capture::{
    AcknowledgeAddendum, AddTimelineLine, AnswerHandover, Asked, Intake, OfferHandover, OneSidedHandover,
    RaiseIncident, Rejection, ShiftName, WithdrawHandover,
};
use crate::log::{statement_digest, text_digest};
use crate::merge::Lookup;
use crate::records::handover::{Decision, HandoverItem, HandoverState, SilentPhone, Subject, collect};
use crate::records::incident::{IncidentKind, IncidentState};
use crate::records::round::ItemStatus;
use crate::records::{Bilingual, Bytes, LongText, RecordKind};

const OUT: Actor = Actor { device: 2, person: Some(LEAD) };
const IN: Actor = Actor { device: 3, person: Some(NEXT_LEAD) };
const HANDOVER: RecordId = RecordId([77; 16]);

/// A site with one open incident, which is to be handed over.
fn begun() -> (World, Freeze) {
    let mut world = World::new();
    let incident = RaiseIncident {
        kind: IncidentKind::Water,
        severity: None,
        origin: None,
        intake: Intake { place: Some("泵房".into()), ..Intake::default() },
    };
    let incident = world.done(OUT, incident).record();
    let subject = Subject::Incident {
        kind: Some(IncidentKind::Water),
        severity: None,
        state: IncidentState::Open,
        about: "泵房".into(),
    };
    let freeze = Freeze {
        record: HANDOVER,
        shift: ShiftName { date: "2026-03-01".parse().expect("a day"), key: "day".into() },
        to: Some(NEXT_LEAD),
        heads: world.heads(),
        items: owned(collect([(incident, subject)]), Some(NEXT_LEAD)),
        answers: BTreeMap::from([(1, LineAnswer { status: ItemStatus::Normal, note: None })]),
        silent: vec![SilentPhone { name: "手机 3".into(), heard_until: None }],
        checkpoint: None,
    };
    (world, freeze)
}

fn owned(mut items: Vec<HandoverItem>, owner: Option<PersonId>) -> Vec<HandoverItem> {
    items.iter_mut().for_each(|i| i.next_owner = owner);
    items
}

fn frozen(world: &World, freeze: Freeze) -> Result<Frozen, Rejection> {
    plain(freeze.freeze(&world.context(OUT)))
}

fn offered() -> (World, Done) {
    let (mut world, freeze) = begun();
    let frozen = frozen(&world, freeze).expect("whole");
    let offer = world.done(OUT, OfferHandover { record: frozen.record, document: frozen.document });
    (world, offer)
}

fn answer(offer: &Done, decision: Decision, remarks: &str) -> AnswerHandover {
    let outgoing = Bytes(offer.entry.statement.clone().expect("signed"));
    AnswerHandover { record: HANDOVER, decision, remarks: remarks.into(), outgoing }
}

#[test]
fn what_is_not_answered_for_cannot_be_frozen() {
    let (world, freeze) = begun();
    let summary = "Incident · leak or flooding · open · 泵房".to_owned();
    let keys = Bilingual::new("钥匙 3 把", "3 keys");
    let unowned = owned(freeze.items.clone(), None);
    let stranger = owned(freeze.items.clone(), Some(PersonId([99; 16])));
    let table = [
        (Freeze { items: unowned, ..freeze.clone() }, Rejection::OwnersMissing { items: vec![summary] }),
        (Freeze { items: stranger, ..freeze.clone() }, Rejection::NotHere { kind: RecordKind::Person }),
        (
            Freeze { answers: BTreeMap::new(), ..freeze.clone() },
            Rejection::LinesUnanswered { lines: vec![keys] },
        ),
        (Freeze { to: Some(LEAD), ..freeze }, Rejection::OwnHandover),
    ];
    for (freeze, expected) in table {
        assert_eq!(frozen(&world, freeze).expect_err("rejected"), expected);
    }
}

#[test]
fn the_document_says_exactly_what_was_frozen() {
    let (mut world, freeze) = begun();
    let before = frozen(&world, freeze.clone()).expect("whole");
    let document = HandoverDocument::parse(&before.document.bytes.0).expect("a document");
    assert_eq!(document.to_bytes(), before.document.bytes.0);
    assert_eq!(before.digest, HandoverDocument::digest(&before.document.bytes.0));
    assert_eq!(document.text, text_digest(&before.document.text.0));
    assert_eq!((document.from, document.to), (LEAD, Some(NEXT_LEAD)));
    assert_eq!(document.template, (HANDOVER_LIST, 4));
    assert!(document.heads.is_sorted() && document.heads.len() == 2);
    assert_eq!(document.gaps, ["手机 3"]);
    assert_eq!(document.open[0].next_owner, NEXT_LEAD);
    let incident = document.items[0];
    assert_eq!(incident.kind, RecordKind::Incident.code());
    assert_eq!(incident.view, view_hash(&world.state.record(incident.record).expect("held")));

    world.done(OUT, AddTimelineLine { incident: incident.record, text: "x".into(), at: None });
    let after = frozen(&world, freeze).expect("whole");
    let after = HandoverDocument::parse(&after.document.bytes.0).expect("a document");
    assert_ne!(after.items[0].view, incident.view, "one line more is another view");
}

#[test]
fn two_leads_sign_the_same_document_on_two_phones() {
    let (mut world, offer) = offered();
    assert!(offer.intent.seals);
    let accepted = world.done(IN, answer(&offer, Decision::AcceptWithRemarks, "钥匙少一把"));
    let signed = accepted.intent.to_sign.expect("signed");
    assert_eq!(Some(signed.digest), offer.intent.to_sign.map(|s| s.digest));
    let other = statement_digest(offer.entry.statement.as_deref().expect("signed"));
    let details = signed.details.as_list().expect("a list");
    assert_eq!(details[3].as_bytes(), Some(&other.0[..]));

    let addendum = AcknowledgeAddendum { record: HANDOVER, addendum: Digest::of(b"late") };
    world.done(IN, addendum.clone());
    let again = world.act(IN, addendum.clone());
    assert_eq!(again.expect_err("twice"), Rejection::AlreadyAcknowledged);
    world.done(OUT, addendum);
    let late = world.act(OUT, WithdrawHandover { record: HANDOVER, reason: "x".into() });
    assert_eq!(late.expect_err("over"), Rejection::HandoverStands { state: HandoverState::Accepted });
}

#[test]
fn nobody_signs_what_is_not_theirs_or_not_whole() {
    let (mut world, offer) = offered();
    let accept = answer(&offer, Decision::Accept, "");
    let table = [
        (OUT, accept.clone(), Rejection::OwnHandover),
        (
            IN,
            AnswerHandover { decision: Decision::Refuse, ..accept.clone() },
            Rejection::TextMissing { asked: Asked::Remarks },
        ),
        (
            IN,
            AnswerHandover { outgoing: Bytes(vec![1, 2, 3]), ..accept.clone() },
            Rejection::StatementUnsound,
        ),
        (
            IN,
            AnswerHandover { record: RecordId([78; 16]), ..accept.clone() },
            Rejection::HandoverStands { state: HandoverState::Draft },
        ),
    ];
    for (actor, action, expected) in table {
        assert_eq!(world.act(actor, action).expect_err("rejected"), expected);
    }
    let withdrawn = world.act(IN, WithdrawHandover { record: HANDOVER, reason: "x".into() });
    assert_eq!(withdrawn.expect_err("not theirs"), Rejection::NotOutgoing { from: "张伟".into() });
    assert!(world.act(phone(3, PATROL), accept).is_err(), "patrol staff sign no handovers");
    world.done(IN, answer(&offer, Decision::Refuse, "数目不符"));
    let after = world.act(IN, answer(&offer, Decision::Accept, ""));
    assert_eq!(after.expect_err("refused"), Rejection::HandoverStands { state: HandoverState::Refused });
}

#[test]
fn a_document_that_was_touched_is_not_offered() {
    let (mut world, freeze) = begun();
    let whole = frozen(&world, freeze).expect("whole");
    let text = LongText(format!("{} ", whole.document.text.0));
    let mut bytes = whole.document.bytes.clone();
    bytes.0[40] ^= 1;
    let touched = [
        OfferHandover {
            record: HANDOVER,
            document: crate::records::handover::Document { text, ..whole.document.clone() },
        },
        OfferHandover {
            record: HANDOVER,
            document: crate::records::handover::Document { bytes, ..whole.document.clone() },
        },
        OfferHandover { record: RecordId([78; 16]), document: whole.document.clone() },
    ];
    for offer in touched {
        assert_eq!(world.act(OUT, offer).expect_err("touched"), Rejection::DocumentUnsound);
    }
    let theirs = OfferHandover { record: HANDOVER, document: whole.document };
    assert_eq!(world.act(IN, theirs).expect_err("another's"), Rejection::NotOutgoing { from: "张伟".into() });
}

#[test]
fn a_lead_alone_hands_over_with_a_reason_and_may_be_accepted_after_all() {
    let (mut world, freeze) = begun();
    let whole = frozen(&world, Freeze { to: None, ..freeze }).expect("whole");
    let alone =
        |document, reason: &str| OneSidedHandover { record: HANDOVER, document, reason: reason.into() };
    let nothing = world.act(OUT, alone(None, "道路中断"));
    assert_eq!(nothing.expect_err("no document"), Rejection::DocumentUnsound);
    let unsaid = world.act(OUT, alone(Some(whole.document.clone()), ""));
    assert_eq!(unsaid.expect_err("no reason"), Rejection::TextMissing { asked: Asked::Reason });
    let signed = world.done(OUT, alone(Some(whole.document), "道路中断"));
    world.done(IN, answer(&signed, Decision::Accept, ""));

    let (mut world, offer) = offered();
    world.done(OUT, alone(None, "接班人未到"));
    world.done(IN, answer(&offer, Decision::Accept, ""));
}

#[test]
fn an_offer_that_was_withdrawn_is_over() {
    let (mut world, offer) = offered();
    world.done(OUT, WithdrawHandover { record: HANDOVER, reason: "有误".into() });
    let late = world.act(IN, answer(&offer, Decision::Accept, ""));
    assert_eq!(late.expect_err("withdrawn"), Rejection::HandoverStands { state: HandoverState::Withdrawn });
}
