//! What the phone's clocks do is on record, whatever else goes wrong just then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::world::{Phone, Site};
use crate::base::{BootId, Digest};
use crate::capture::{Intake, RaiseIncident};
use crate::companion::{Companion, CompanionError};
use crate::log::{KeyStore, KeyStoreError, PublicKey, Signature};
use crate::merge::{Lookup, chain_record};
use crate::records::chain::CLOCK_CHANGED;
use crate::records::incident::IncidentKind;
use crate::testing::MINUTE;

/// A key store that cannot always be reached.
struct Lockable {
    keys: Arc<dyn KeyStore>,
    locked: AtomicBool,
}

impl Lockable {
    fn reached(&self) -> Result<&dyn KeyStore, KeyStoreError> {
        if self.locked.load(Ordering::Relaxed) { Err(KeyStoreError::Unavailable) } else { Ok(&*self.keys) }
    }
}

impl KeyStore for Lockable {
    fn create(&self, name: &str, guard: Option<&[u8]>) -> Result<PublicKey, KeyStoreError> {
        self.reached()?.create(name, guard)
    }

    fn sign(&self, name: &str, guard: Option<&[u8]>, message: &[u8]) -> Result<Signature, KeyStoreError> {
        self.reached()?.sign(name, guard, message)
    }

    fn mac(&self, name: &str, message: &[u8]) -> Result<Digest, KeyStoreError> {
        self.reached()?.mac(name, message)
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.reached()?.delete(name)
    }
}

fn raise() -> RaiseIncident {
    RaiseIncident { kind: IncidentKind::Fire, severity: None, origin: None, intake: Intake::default() }
}

/// A phone with something open, and the lock of its key store.
fn open(site: &mut Site) -> (Phone, Arc<Lockable>) {
    let mut phone = site.phone();
    let keys = Arc::new(Lockable { keys: Arc::clone(&phone.keys) as _, locked: AtomicBool::new(false) });
    let mut host = phone.host();
    host.keys = Arc::clone(&keys) as _;
    drop(phone.stop());
    phone.start(Companion::open(&phone.path(), host).expect("opens"));
    phone.act(raise()).expect("saved");
    (phone, keys)
}

/// Moves of the wall clock that are on record.
fn moves(phone: &mut Phone) -> usize {
    let chain = chain_record(phone.app().chain().expect("a chain"));
    phone.app().store().reader().record(chain).expect("read").added(CLOCK_CHANGED).len()
}

#[test]
fn a_clock_that_is_moved_while_the_keys_are_locked_is_on_record_before_anything_else() {
    let mut site = Site::new();
    let (mut phone, keys) = open(&mut site);
    keys.locked.store(true, Ordering::Relaxed);
    phone.now.wall -= 30 * MINUTE;
    for _ in 0..3 {
        let refused = phone.act(raise());
        assert!(matches!(&refused, Err(CompanionError::Store(_) | CompanionError::Keys(_))), "{refused:?}");
    }
    assert_eq!(moves(&mut phone), 0);
    keys.locked.store(false, Ordering::Relaxed);
    let open_before = phone.app().store().open_entries();
    phone.act(raise()).expect("saved");
    assert_eq!(moves(&mut phone), 1);
    assert_eq!((open_before, phone.app().store().open_entries()), (1, 2), "the move begins a segment");
}

#[test]
fn what_is_recorded_after_a_restart_of_the_phone_stands_under_its_own_clock() {
    let mut site = Site::new();
    let (mut phone, keys) = open(&mut site);
    keys.locked.store(true, Ordering::Relaxed);
    phone.now.boot = BootId([2; 8]);
    phone.now.mono = 0;
    assert!(phone.act(raise()).is_err());
    assert!(phone.act(raise()).is_err(), "the second try meets what the first met");
    keys.locked.store(false, Ordering::Relaxed);
    phone.act(raise()).expect("saved");
    assert_eq!(phone.app().store().open_entries(), 1);
    assert_eq!(moves(&mut phone), 0);
}

#[test]
fn a_move_is_told_once_though_the_app_is_killed_after_it() {
    let mut site = Site::new();
    let (mut phone, _keys) = open(&mut site);
    phone.now.wall += 30 * MINUTE;
    phone.act(raise()).expect("saved");
    phone.open();
    phone.act(raise()).expect("saved");
    assert_eq!(moves(&mut phone), 1);
}
