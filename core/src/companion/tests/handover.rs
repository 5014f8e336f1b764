//! What a handover says of rounds and phones rests on proven times alone.

use super::world::{Phone, Site};
use crate::base::{DeviceId, Millis, RecordId, ServerSample};
use crate::capture::{Intake, RaiseIncident, ShiftName};
use crate::records::calendar::Zone;
use crate::records::handover::Subject;
use crate::records::incident::IncidentKind;
use crate::records::round::RoundStatus;
use crate::testing::{HOUR, START};

fn at(phone: &mut Phone, hour: Millis) {
    phone.wait(START + hour * HOUR - phone.now.wall);
}

/// The server tells a phone the time, whatever its wall clock says.
fn sampled(phone: &mut Phone, hour: Millis) {
    let now = phone.now;
    let sample = ServerSample { server: START + hour * HOUR, mono: now.mono, rtt: 50, boot: now.boot };
    phone.app().clock.compared(sample);
}

fn record_something(phone: &mut Phone, site: &Site) {
    phone.sign_in(site.staff).expect("signed in");
    let kind = IncidentKind::Equipment;
    phone
        .act(RaiseIncident { kind, severity: None, origin: None, intake: Intake::default() })
        .expect("saved");
}

/// What the lead's handover would say of the morning's round, and how many phones it would name as silent.
fn morning(lead: &mut Phone) -> (RoundStatus, usize) {
    let date = Zone::named("Asia/Shanghai").and_then(|zone| zone.date(START)).expect("a day");
    let shift = ShiftName { date, key: "day".into() };
    let now = lead.now;
    let freeze = lead.app().handover_so_far(RecordId([5; 16]), &shift, None, now).expect("gathered");
    let mut rounds = freeze.items.iter().filter_map(|item| match &item.subject {
        Subject::Round { status, .. } => Some(status.clone()),
        _ => None,
    });
    (rounds.next_back().expect("the morning's round"), freeze.silent.len())
}

fn hear(lead: &mut Phone, other: &mut Phone) {
    let bundle = other.app().export(None).expect("exported");
    lead.app().import(&bundle).expect("imported");
}

fn two(site: &mut Site) -> (Phone, Phone, DeviceId) {
    let (mut lead, mut other) = (site.phone(), site.phone());
    site.tell(&mut lead);
    sampled(&mut lead, 8);
    lead.sign_in(site.lead).expect("signed in");
    let id = other.app().device();
    (lead, other, id)
}

#[test]
fn a_fast_clock_on_a_phone_that_was_never_compared_makes_no_round_missed() {
    let mut site = Site::new();
    let (mut lead, mut other, id) = two(&mut site);
    other.now.wall += 10 * HOUR;
    record_something(&mut other, &site);
    hear(&mut lead, &mut other);
    at(&mut lead, 16);
    assert_eq!(morning(&mut lead), (RoundStatus::Unknown(vec![id]), 1));
}

#[test]
fn a_phone_that_was_compared_and_heard_after_the_window_is_not_silent_whatever_the_wall_clocks_say() {
    for skew in [0, -10 * HOUR, 10 * HOUR] {
        let mut site = Site::new();
        let (mut lead, mut other, _) = two(&mut site);
        at(&mut other, 14);
        sampled(&mut other, 14);
        record_something(&mut other, &site);
        hear(&mut lead, &mut other);
        at(&mut lead, 16);
        lead.now.wall += skew;
        assert_eq!(morning(&mut lead), (RoundStatus::Missed, 0), "{skew}");
    }
}

#[test]
fn a_phone_whose_own_time_is_not_proven_accuses_nobody() {
    let mut site = Site::new();
    let mut lead = site.phone();
    lead.sign_in(site.lead).expect("signed in");
    at(&mut lead, 16);
    let id = lead.app().device();
    assert_eq!(morning(&mut lead).0, RoundStatus::Unknown(vec![id]));
}
