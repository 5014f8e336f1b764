//! Signing in: what a PIN protects, and what the clocks did before.

use super::world::{PIN, Phone, Site};
use crate::base::{BootId, PersonId};
use crate::companion::{CompanionError, Saved};
use crate::merge::{Lookup, chain_record};
use crate::records::chain::{CLOCK_CHANGED, SESSION_OPENED};
use crate::testing::{HOUR, MINUTE};

fn attempt(phone: &mut Phone, person: PersonId, pin: &str) -> Result<Saved, CompanionError> {
    let now = phone.now;
    phone.app().sign_in(person, pin, now)
}

/// The wait and the lock that a try ends with.
fn refused(phone: &mut Phone, person: PersonId, pin: &str) -> (i64, bool) {
    match attempt(phone, person, pin) {
        Err(CompanionError::WrongPin { wait, locked }) => (wait, locked),
        other => panic!("{other:?}"),
    }
}

fn reboot(phone: &mut Phone) {
    (phone.now.mono, phone.now.boot) = (500, BootId([9; 8]));
    phone.open();
}

#[test]
fn a_wait_is_not_shortened_by_the_wall_clock_nor_by_a_reboot() {
    let mut site = Site::new();
    let mut phone = site.phone();
    (0..4).for_each(|_| assert_eq!(refused(&mut phone, site.staff, "111222"), (0, false)));
    assert_eq!(refused(&mut phone, site.staff, "111222"), (30_000, false));
    phone.now.wall += 5 * HOUR;
    assert_eq!(refused(&mut phone, site.staff, PIN), (30_000, false), "the wall clock says nothing");
    reboot(&mut phone);
    assert_eq!(refused(&mut phone, site.staff, PIN), (30_000, false), "it begins anew");
    phone.wait(29_000);
    assert_eq!(refused(&mut phone, site.staff, PIN), (1_000, false));
    phone.wait(1_000);
    attempt(&mut phone, site.staff, PIN).expect("waited");
    let now = phone.now;
    let people = phone.app().people(now).expect("read");
    assert!(people.iter().all(|p| (p.tries, p.wait, p.locked) == (0, 0, false)));
}

#[test]
fn after_ten_wrong_pins_only_enrolling_again_helps() {
    let mut site = Site::new();
    let mut phone = site.phone();
    for n in 1..=10 {
        let (wait, locked) = refused(&mut phone, site.staff, "111222");
        assert_eq!(locked, n == 10, "{n}");
        phone.wait(wait);
    }
    phone.wait(100 * HOUR);
    assert!(refused(&mut phone, site.staff, PIN).1, "not even the right one");
    reboot(&mut phone);
    phone.wait(100 * HOUR);
    assert!(refused(&mut phone, site.staff, PIN).1);
    attempt(&mut phone, site.lead, PIN).expect("others are unaffected");
    let staff = site.staff;
    site.enrol_person(&mut phone, staff);
    site.tell(&mut phone);
    attempt(&mut phone, staff, PIN).expect("enrolled again");
}

#[test]
fn tries_are_counted_across_restarts() {
    let mut site = Site::new();
    let mut phone = site.phone();
    for _ in 0..3 {
        refused(&mut phone, site.staff, "111222");
        phone.open();
    }
    let now = phone.now;
    assert!(phone.app().people(now).expect("read").iter().any(|p| p.tries == 3));
}

#[test]
fn a_clock_that_was_moved_while_nobody_was_signed_in_is_nobodys_doing_and_counts() {
    let mut site = Site::new();
    let mut phone = site.phone();
    phone.sign_in(site.staff).expect("signed in");
    phone.app().seal().expect("sealed");
    phone.open();
    phone.now.wall -= 30 * MINUTE;
    phone.sign_in(site.staff).expect("signed in");
    let chain = chain_record(phone.app().chain().expect("a chain"));
    let reader = phone.app().store().reader();
    assert_eq!(reader.uncounted(chain).expect("read"), []);
    let record = reader.record(chain).expect("read");
    assert_eq!((record.added(CLOCK_CHANGED).len(), record.added(SESSION_OPENED).len()), (1, 2));
}
