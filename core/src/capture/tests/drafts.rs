use std::collections::BTreeSet;

use super::site::objects;
use crate::base::{ChainId, DeviceId, Digest, PersonId, RecordId};
use crate::capture::{
    Acknowledge, AcknowledgeAddendum, Action, AddTimelineLine, AdoptEpoch, AnswerHandover, AnswerItem,
    AssignPerson, ChangeSeverity, CheckIn, CheckOut, ClaimAuthor, CloseIncident, CloseSession, Comment,
    CorrectAttendance, DetailIncident, EnterSnapshot, Entered, Intake, IssueCertificate, IssueCode,
    MoveClock, NamePhone, OfferHandover, OneSidedHandover, OpenEpoch, OpenSession, Place, RaiseIncident,
    ReachCheckpoint, ReportByPhone, RestNormal, ReviewFork, ReviewHeld, Revoke, SettleConflict, ShiftName,
    SignRound, SkipCheckpoint, SkipRound, SkipWhat, StartRound, StartWhat, WithdrawHandover,
};
use crate::log::{decode_value, encode_value};
use crate::records::chain::{
    CodeIssued, EntryAt, EntryMark, EpochOpened, ForkCause, HeldDecision, PhoneNamed, SessionEnd,
    SignInMethod, SnapshotTaken,
};
use crate::records::handover::{Decision, Document};
use crate::records::incident::{IncidentKind, Origin, Severity};
use crate::records::round::{ItemStatus, PresenceGrade, Window};
use crate::records::security::{Revocation, RevocationKind};
use crate::records::shift::AttendanceKind;
use crate::records::{Bytes, Cell, FieldId, FieldValue, LongText, Member};

const RECORD: RecordId = RecordId([7; 16]);
const CHAIN: ChainId = ChainId([8; 16]);
const LAST: EntryMark = EntryMark { chain: CHAIN, seq: 2, mark: [9; 8] };
const PERSON: PersonId = PersonId([9; 16]);

/// What nobody could save, and no draft may lose.
fn typed() -> Entered {
    Entered(format!("a\u{0}\r{}", "泵".repeat(9_000)))
}

fn at_the_site() -> Vec<Action> {
    let shift = || ShiftName { date: "2026-03-01".parse().expect("a day"), key: "day".into() };
    let place = Some(Place { grade: PresenceGrade::Qr, evidence: typed() });
    let window = Window { start: 1, end: 2 };
    let (record, round, post, person) = (RECORD, RECORD, RECORD, PERSON);
    let (status, grade) = (ItemStatus::Abnormal, PresenceGrade::Typed);
    let entry = EntryAt { chain: CHAIN, seq: 3 };
    let kind = AttendanceKind::CheckOut;
    vec![
        OpenSession { method: SignInMethod::Pin }.into(),
        CloseSession { reason: SessionEnd::Idle }.into(),
        MoveClock { before: -1, after: 1 }.into(),
        ClaimAuthor { entry }.into(),
        CheckIn { shift: shift(), post, place }.into(),
        CheckOut { shift: shift(), post, place: None }.into(),
        CorrectAttendance { shift: shift(), person, kind, at: Some(1), reason: typed() }.into(),
        StartRound { what: StartWhat::Plan(RECORD, window) }.into(),
        StartRound { what: StartWhat::Checklist(RECORD) }.into(),
        AnswerItem { round, item: 1, status, reading: Some(-5), note: Some(typed()) }.into(),
        ReachCheckpoint { round, checkpoint: 1, grade, evidence: typed() }.into(),
        RestNormal { round, checkpoint: 2 }.into(),
        SkipCheckpoint { round, checkpoint: 2, reason: typed() }.into(),
        SignRound { round, shown_at: 5, shown: Digest::of(b"x") }.into(),
        SkipRound { what: SkipWhat::Begun(RECORD), reason: typed() }.into(),
        SkipRound { what: SkipWhat::Planned(RECORD, window), reason: typed() }.into(),
        Comment { record, text: typed() }.into(),
    ]
}

fn of_incidents() -> Vec<Action> {
    let (incident, person) = (RECORD, PERSON);
    let origin = Some(Origin { round: RECORD, item: 2 });
    let intake = || Intake { occurred: Some(1), place: Some(typed()), ..Intake::default() };
    let close = CloseIncident {
        incident,
        result: Some(typed()),
        cause: None,
        responsibility: None,
        countermeasure: Some("".into()),
        shown: Some(Digest::of(b"x")),
    };
    vec![
        RaiseIncident { kind: IncidentKind::Fire, severity: Some(Severity::High), origin, intake: intake() }
            .into(),
        DetailIncident { incident, intake: intake() }.into(),
        AddTimelineLine { incident, text: typed(), at: None }.into(),
        ChangeSeverity { incident, severity: Severity::Low }.into(),
        AssignPerson { incident, person, assigned: false }.into(),
        Acknowledge { incident }.into(),
        ReportByPhone { incident, to: typed() }.into(),
        close.into(),
    ]
}

fn of_handovers() -> Vec<Action> {
    let record = RECORD;
    let document = Document { bytes: Bytes(vec![1, 2]), text: LongText("文\r".into()) };
    let (decision, outgoing) = (Decision::Refuse, Bytes(vec![3]));
    vec![
        OfferHandover { record, document: document.clone() }.into(),
        AnswerHandover { record, decision, remarks: typed(), outgoing }.into(),
        WithdrawHandover { record, reason: typed() }.into(),
        OneSidedHandover { record, document: Some(document), reason: typed() }.into(),
        AcknowledgeAddendum { record, addendum: Digest::of(b"x") }.into(),
    ]
}

fn of_headquarters() -> Vec<Action> {
    let entry = EntryAt { chain: CHAIN, seq: 3 };
    let epoch = EpochOpened { epoch: 2, previous: Some(entry.clone()), size: 1, root: Digest::of(b"x") };
    let kind = RevocationKind::Lost;
    let revocation =
        Revocation { subject: RECORD, kind, cut: vec![LAST], decided_at: 0, written_off: Some(true) };
    let decision = HeldDecision::Excluded;
    let mut all: Vec<Action> = objects().into_iter().map(Action::from).collect();
    all.extend([
        IssueCertificate { record: RECORD, certificate: Bytes(vec![1]) }.into(),
        Revoke { record: RECORD, revocation }.into(),
        OpenEpoch { epoch }.into(),
        AdoptEpoch { entry }.into(),
        ReviewHeld { first: 1, last: LAST, decision, note: typed() }.into(),
        ReviewFork { chain: CHAIN, seq: 1, note: typed(), cause: Some(ForkCause::Fault), own: None }.into(),
        EnterSnapshot {
            snapshot: SnapshotTaken {
                size: 1,
                root: Digest::of(b"x"),
                certificates: 2,
                digest: Digest::of(b"y"),
            },
        }
        .into(),
        IssueCode { code: CodeIssued { mark: [1; 8], person: None, expires: 5 } }.into(),
        NamePhone { named: PhoneNamed { device: DeviceId([1; 16]), label: "东区".into() } }.into(),
    ]);
    for member in [Member::Whole, Member::Number(3), Member::Id([1; 16])] {
        let cell = Cell { record: RECORD, field: FieldId(33), member };
        all.push(SettleConflict { cell, value: "文".into(), is_new: true }.into());
    }
    all
}

#[test]
fn a_draft_of_anything_survives_as_canonical_bytes() {
    let mut codes = BTreeSet::new();
    let all = [at_the_site(), of_incidents(), of_handovers(), of_headquarters()].concat();
    for action in all {
        let value = action.to_value();
        codes.insert(value.as_list().and_then(|l| l[0].as_int()).expect("a number"));
        let read = decode_value(&encode_value(&value)).expect("canonical");
        assert_eq!(Action::from_value(&read), Some(action));
    }
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), Action::CODES, "a draft of every action");
}

#[test]
fn what_a_newer_version_drafted_is_not_taken_for_another() {
    use crate::base::Value;
    assert_eq!(Action::from_value(&Value::List(vec![Value::Int(999), Value::Null])), None);
    assert_eq!(Action::from_value(&Value::List(vec![Value::Int(30), Value::Null])), None);
}
