use super::site::{HELPER, HOUR, MORNING, PATROL, ROUND_LIST};
use super::world::{Actor, World, locked, phone};
use crate::base::{ChainId, DeviceId, Digest, PersonId};
use crate::capture::{
    Change, ClaimAuthor, CloseSession, Intake, MoveClock, OpenSession, RaiseIncident, Rejection, StartRound,
    StartWhat,
};
use crate::locales::Locale;
use crate::log::{Purpose, Writer};
use crate::records::chain::{EntryAt, SessionEnd, SessionOpened, SignInMethod};
use crate::records::incident::IncidentKind;
use crate::records::{FieldValue, RecordKind};

const STAFF: Actor = Actor { device: 2, person: Some(PATROL) };

#[test]
fn signing_in_is_signed_over_site_device_person_and_time() {
    let world = World::new();
    let intent = world.capture(STAFF, OpenSession { method: SignInMethod::Biometric }).expect("captured");
    let signed = intent.to_sign.expect("signed");
    let context = world.context(STAFF);
    let mut w = Writer::default();
    w.array(4).bytes(&context.site.0).bytes(&DeviceId([2; 16]).0).bytes(&PATROL.0).int(world.now);
    assert_eq!(signed.digest, Digest::tagged("dutylog/session/v1", &w.finish()));
    assert_eq!(signed.purpose, Purpose::Session);
    assert_eq!(signed.details.as_list().and_then(|d| d[0].as_text()), Some("biometric"));

    let stranger = phone(2, PersonId([99; 16]));
    let pin = world.capture(stranger, OpenSession { method: SignInMethod::Pin });
    assert_eq!(pin.expect_err("unknown"), Rejection::NotHere { kind: RecordKind::Person });
    assert!(world.capture(stranger, OpenSession { method: SignInMethod::Provisional }).is_ok());
    let nobody = world.capture(locked(2), OpenSession { method: SignInMethod::Pin });
    assert_eq!(nobody.expect_err("nobody"), Rejection::NobodySignedIn);
}

#[test]
fn after_two_weeks_without_headquarters_signing_in_goes_on_and_is_marked() {
    let mut world = World::new();
    let marked = |world: &World| {
        let intent = world.capture(STAFF, OpenSession { method: SignInMethod::Pin }).expect("it goes on");
        let [Change::Add(_, _, value)] = &intent.changes[..] else { panic!("one addition") };
        SessionOpened::from_value(value).expect("a session").stale_days
    };
    world.now = world.context(STAFF).heard + 15 * 24 * HOUR - 1;
    assert_eq!(marked(&world), None);
    world.now += 1;
    assert_eq!(marked(&world), Some(15));
    assert!(world.capture(STAFF, StartRound { what: StartWhat::Checklist(ROUND_LIST) }).is_ok());
    assert_eq!(crate::locales::stale_text(15, Locale::ZhCn), "手机已有 15 天未与本部联系");
    assert_eq!(
        crate::locales::stale_text(15, Locale::En),
        "the phone had not heard of headquarters for 15 days"
    );
}

#[test]
fn the_device_alone_closes_sessions_and_notes_its_clock() {
    let mut world = World::new();
    assert!(world.done(STAFF, CloseSession { reason: SessionEnd::SignedOut }).intent.seals);
    assert!(world.done(locked(2), CloseSession { reason: SessionEnd::Restarted }).intent.seals);
    world.done(locked(2), MoveClock { before: 0, after: 1 });
}

#[test]
fn a_person_claims_what_their_phone_recorded_alone() {
    let mut world = World::new();
    let raise =
        RaiseIncident { kind: IncidentKind::Fire, severity: None, origin: None, intake: Intake::default() };
    let by = world.done(locked(2), raise).by;
    let claim = |chain| ClaimAuthor { entry: EntryAt { chain, seq: by.seq } };
    let other = world.act(STAFF, claim(ChainId([3; 16])));
    assert_eq!(other.expect_err("another phone's"), Rejection::EntryElsewhere);
    world.done(STAFF, claim(by.chain));
    assert_eq!(world.act(STAFF, claim(by.chain)).expect_err("twice"), Rejection::AlreadyClaimed);
}

#[test]
fn a_right_for_some_hours_is_judged_by_what_can_be_shown_of_the_time() {
    let world = World::new();
    let helper = phone(2, HELPER);
    let start = StartRound { what: StartWhat::Checklist(ROUND_LIST) };
    let table = [
        (MORNING, None, true),
        (MORNING + 50 * 365 * 24 * HOUR, None, true),
        (MORNING + 2 * HOUR, None, true),
        (MORNING - 50 * 365 * 24 * HOUR, None, false),
        (MORNING - 50 * 365 * 24 * HOUR, Some(MORNING), true),
        (MORNING, Some(MORNING + 2 * HOUR), false),
    ];
    for (now, sampled, allowed) in table {
        let mut world = world.clone();
        (world.now, world.sampled) = (now, sampled);
        assert_eq!(world.capture(helper, start.clone()).is_ok(), allowed, "{now} {sampled:?}");
    }
    let raise =
        RaiseIncident { kind: IncidentKind::Fire, severity: None, origin: None, intake: Intake::default() };
    assert!(world.capture(locked(2), raise).is_ok(), "an emergency asks nobody's rights");
}
