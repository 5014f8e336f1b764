//! A run: weeks of duty in which everything goes wrong that may, then a day on which everything heals.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use dutylog_core::base::Digest;
use dutylog_core::store::{Outbox, Standing};
use dutylog_core::sync::End;

use super::met::{Hazard, Met};
use super::{Fleet, Net, check};

/// Conversations of each phone in which everything must have arrived everywhere.
const ROUNDS: usize = 6;
/// Phones at most, copies included.
const MOST_PHONES: usize = 8;

/// What a run was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The digest of everything that happened.
    pub story: Digest,
    /// What went wrong.
    pub met: Met,
}

/// Runs a seed and checks what must hold.
///
/// # Panics
/// If anything does not hold; the end of the story is printed.
pub fn run(seed: u64) -> Ran {
    let phones = 2 + usize::try_from(seed % 11).expect("small") / 2;
    let mut fleet = Fleet::new(seed, phones.min(6));
    run_with(&mut fleet, |fleet| {
        begin(fleet);
        let steps = 60 + fleet.dice.below(60);
        (0..steps).for_each(|_| step(fleet));
        heal(fleet);
        check::all(fleet);
    });
    Ran { story: fleet.trace.digest(), met: fleet.met }
}

/// Does something with a fleet, and tells how it came to that if it panics.
pub fn run_with(fleet: &mut Fleet, story: impl FnOnce(&mut Fleet)) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| story(fleet))) {
        eprintln!("…\n{}", fleet.trace.tail(25));
        resume_unwind(panic);
    }
}

/// Most phones have heard of the site's people before they are taken out of reach.
fn begin(fleet: &mut Fleet) {
    for phone in 0..fleet.phones.len() {
        if fleet.dice.percent(85) {
            fleet.sync(phone);
        }
    }
}

/// Something happens.
fn step(fleet: &mut Fleet) {
    fleet.pass(1_000, 20 * 60_000);
    let phone = fleet.dice.below(fleet.phones.len());
    match fleet.dice.below(100) {
        0..61 => fleet.act(phone),
        61 => fleet.hear_newer_app(),
        62..74 => drop(fleet.sync(phone)),
        74..79 => hand_over(fleet, phone),
        79..83 => fleet.deliver(),
        83..86 => weather(fleet, phone),
        86..89 => fleet.configure(),
        89..91 => {
            fleet.trace.tell(format_args!("{phone} restarts"));
            fleet.phones[phone].restart();
        }
        91..93 => reboot(fleet, phone),
        93..95 => {
            let (now, dice) = (fleet.now, &mut fleet.dice);
            fleet.phones[phone].clock.set(dice);
            let wall = fleet.phones[phone].read(now).wall;
            fleet.trace.tell(format_args!("{phone} clock set to {wall}"));
        }
        95..97 => fleet.phones[phone].back_up(),
        97 => restore(fleet, phone),
        99 if fleet.phones.len() < MOST_PHONES => fleet.join(),
        98 if fleet.phones.len() < MOST_PHONES && fleet.copied.len() < 2 => drop(fleet.copy(phone)),
        _ => fleet.server.fold(),
    }
}

fn hand_over(fleet: &mut Fleet, from: usize) {
    let to = fleet.dice.below(fleet.phones.len());
    if from != to {
        fleet.send(from, to);
    }
}

fn weather(fleet: &mut Fleet, phone: usize) {
    let net = match fleet.dice.below(6) {
        0..2 => Net::Good,
        2..4 => Net::Bad(10 + fleet.dice.roll() % 60),
        4 => Net::Portal,
        _ => Net::Gone,
    };
    fleet.weather(phone, net);
}

fn reboot(fleet: &mut Fleet, phone: usize) {
    fleet.trace.tell(format_args!("{phone} reboots"));
    let (now, dice) = (fleet.now, &mut fleet.dice);
    fleet.phones[phone].clock.reboot(now, dice);
    fleet.phones[phone].restart();
}

/// An older copy of the database comes back. What it lacks is at the server already: more no phone could promise.
fn restore(fleet: &mut Fleet, phone: usize) {
    fleet.weather(phone, Net::Good);
    let told = fleet.sync(phone) == Some(End::CaughtUp);
    let nothing = fleet.phones[phone].app().store().outbox().expect("an outbox") == Outbox::default();
    if told && nothing && fleet.phones[phone].restore() {
        let standing = fleet.phones[phone].app().store().standing();
        fleet.met.note_if(standing != Standing::Writable, Hazard::OlderCopyRestored);
        fleet.trace.tell(format_args!("{phone} restored: {standing}"));
    }
}

/// All networks are good, all bundles arrive, every phone talks until nobody has anything to tell.
///
/// # Panics
/// If that takes too long.
pub fn heal(fleet: &mut Fleet) {
    (0..fleet.phones.len()).for_each(|n| fleet.weather(n, Net::Good));
    fleet.deliver_all();
    for _ in 0..ROUNDS {
        for phone in 0..fleet.phones.len() {
            fleet.pass(60_000, 120_000);
            let end = fleet.sync(phone);
            assert_eq!(end, Some(End::CaughtUp), "phone {phone}");
        }
        if at_rest(fleet) {
            return;
        }
    }
    panic!("not at rest after {ROUNDS} rounds");
}

fn at_rest(fleet: &mut Fleet) -> bool {
    let size = fleet.server.log().len() as u64;
    fleet.phones.iter_mut().all(|phone| {
        let store = phone.app().store();
        let told = store.outbox().expect("an outbox") == Outbox::default();
        told && store.site_root().expect("a root").is_some_and(|root| root.size == size)
    })
}
