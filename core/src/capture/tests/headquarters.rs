use super::site::{LEAD, PATROL, REVIEWER, objects};
use super::world::{Actor, HQ, World};
use crate::base::{ChainId, RecordId};
use crate::capture::{
    Action, AdoptEpoch, Asked, IssueCertificate, Rejection, ReviewFork, ReviewHeld, Revoke,
};
use crate::records::chain::{EntryAt, EntryMark, ForkCause, HeldDecision};
use crate::records::security::{Revocation, RevocationKind};
use crate::records::{Bytes, Capability, Kind};

const CHAIN: ChainId = ChainId([2; 16]);
const LAST: EntryMark = EntryMark { chain: CHAIN, seq: 5, mark: [5; 8] };
const REVIEWS: Actor = Actor { device: HQ.device, person: Some(REVIEWER) };

fn held(first: u64, note: &str) -> Action {
    let decision = HeldDecision::Accepted;
    ReviewHeld { first, last: LAST, decision, note: note.into() }.into()
}

fn fork(seq: u64, note: &str) -> Action {
    let (cause, own) = (Some(ForkCause::Copied), Some([3; 8]));
    ReviewFork { chain: CHAIN, seq, note: note.into(), cause, own }.into()
}

fn revoke() -> Action {
    let subject = RecordId([3; 16]);
    let revocation =
        Revocation { subject, kind: RevocationKind::Lost, cut: vec![LAST], decided_at: 0, written_off: None };
    Revoke { record: subject, revocation }.into()
}

#[test]
fn hq_decides_by_its_posts_and_with_a_reason() {
    let mut world = World::new();
    let site = objects().remove(0);
    let table = [
        (REVIEWS, held(1, "已核实"), Ok(())),
        (REVIEWS, held(1, ""), Err(Rejection::TextMissing { asked: Asked::Reason })),
        (REVIEWS, held(6, "x"), Err(Rejection::NothingEntered)),
        (REVIEWS, fork(3, "克隆"), Ok(())),
        (REVIEWS, fork(3, ""), Err(Rejection::TextMissing { asked: Asked::Text })),
        (REVIEWS, fork(0, "克隆"), Err(Rejection::NothingEntered)),
        (REVIEWS, AdoptEpoch { entry: EntryAt { chain: CHAIN, seq: 1 } }.into(), Ok(())),
        (REVIEWS, site.clone().into(), Err(Rejection::NotAllowed { capability: Capability::Configure })),
        (REVIEWS, revoke(), Err(Rejection::NotAllowed { capability: Capability::Enrol })),
        (HQ, revoke(), Ok(())),
        (HQ, site.into(), Ok(())),
    ];
    for (actor, action, expected) in table {
        assert_eq!(world.act(actor, action.clone()).map(drop), expected, "{action:?}");
    }
}

#[test]
fn phones_do_not_do_what_only_hq_does() {
    let world = World::new();
    let lead = Actor { device: 2, person: Some(LEAD) };
    for action in [revoke(), objects().remove(0).into()] {
        let kind = crate::capture::Capture::kind(&action);
        assert_eq!(world.capture(lead, action).expect_err("hq only"), Rejection::HqOnly { kind });
    }
}

#[test]
fn a_lead_decides_about_held_records_and_nobody_else_at_the_site() {
    let mut world = World::new();
    let at_site = |person| Actor { device: 2, person: Some(person) };
    assert_eq!(world.act(at_site(LEAD), held(1, "核实")).map(drop), Ok(()));
    let refused = Rejection::NotAllowed { capability: Capability::ConfirmHeld };
    assert_eq!(world.capture(at_site(PATROL), held(1, "x")).expect_err("no lead"), refused);
}

#[test]
fn what_one_entry_cannot_hold_is_refused_before_it_is_made() {
    let world = World::new();
    let certificate = |len| IssueCertificate { record: RecordId([3; 16]), certificate: Bytes(vec![0; len]) };
    assert!(world.capture(HQ, certificate(40 * 1024)).is_ok());
    assert_eq!(world.capture(HQ, certificate(47 * 1024)).expect_err("large"), Rejection::TooLarge);
    assert_eq!(world.capture(HQ, certificate(70 * 1024)).expect_err("large"), Rejection::TooLarge);
    assert_eq!(crate::capture::Capture::kind(&certificate(1)), Kind::CertificateIssued);
}
