use super::site::{LEAD, LEAD_POST, MORNING, NEXT_LEAD, PATROL, PATROL_POST};
use super::world::{World, phone};
use crate::base::PersonId;
use crate::capture::{Asked, CheckIn, CheckOut, CorrectAttendance, Place, Rejection, ShiftName};
use crate::records::round::PresenceGrade;
use crate::records::shift::AttendanceKind;
use crate::records::{Bilingual, Capability, Kind, RecordKind};

fn day() -> ShiftName {
    ShiftName { date: "2026-03-01".parse().expect("a day"), key: "day".into() }
}

fn check_in(post: crate::base::RecordId) -> CheckIn {
    let place = Place { grade: PresenceGrade::Qr, evidence: "gate\r\n".into() };
    CheckIn { shift: day(), post, place: Some(place) }
}

fn post_name(code: u32) -> Bilingual {
    Bilingual::new(format!("岗位{code}"), format!("post {code}"))
}

#[test]
fn people_come_and_go_at_their_own_posts() {
    let mut world = World::new();
    let patrol = phone(2, PATROL);
    let came = world.done(patrol, check_in(PATROL_POST));
    assert_eq!(came.intent.kind, Kind::CheckedIn);
    let again = world.act(patrol, check_in(PATROL_POST));
    let since = MORNING + 1000;
    assert_eq!(again.expect_err("twice"), Rejection::AlreadyCheckedIn { post: post_name(6), since });
    world.done(patrol, CheckOut { shift: day(), post: PATROL_POST, place: None });
    world.done(patrol, check_in(PATROL_POST));
    world.done(patrol, check_in(LEAD_POST));
    world.done(phone(3, LEAD), CheckOut { shift: day(), post: LEAD_POST, place: None });
    let other = world.act(phone(2, NEXT_LEAD), check_in(PATROL_POST));
    assert_eq!(other.expect_err("another's post"), Rejection::PostNotYours { post: post_name(6) });
}

#[test]
fn a_shift_that_the_site_does_not_have_is_none() {
    let mut world = World::new();
    let shift = ShiftName { key: "dusk".into(), ..day() };
    let rejected = world.act(phone(2, PATROL), CheckIn { shift, post: PATROL_POST, place: None });
    assert_eq!(
        rejected.expect_err("no such shift"),
        Rejection::NoSuchShift { date: day().date, key: "dusk".into() }
    );
}

#[test]
fn attendance_is_corrected_by_name_and_with_a_reason() {
    let mut world = World::new();
    let correction = |person, reason: &str| CorrectAttendance {
        shift: day(),
        person,
        kind: AttendanceKind::CheckIn,
        at: None,
        reason: reason.into(),
    };
    world.done(phone(2, PATROL), check_in(PATROL_POST));
    let table = [
        (
            PATROL,
            correction(PATROL, "x"),
            Rejection::NotAllowed { capability: Capability::CorrectAttendance },
        ),
        (LEAD, correction(PATROL, " \n"), Rejection::TextMissing { asked: Asked::Reason }),
        (LEAD, correction(PersonId([99; 16]), "x"), Rejection::NotHere { kind: RecordKind::Person }),
    ];
    for (person, action, expected) in table {
        assert_eq!(world.act(phone(2, person), action).expect_err("rejected"), expected);
    }
    world.done(phone(2, LEAD), correction(PATROL, "误扫"));
    world.done(phone(2, PATROL), check_in(PATROL_POST));
}
