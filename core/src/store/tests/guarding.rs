//! The rollback guard on real files.

use std::cell::RefCell;
use std::fs;

use super::world::{Phone, key, keys};
use crate::base::ChainId;
use crate::log::KeyStoreError;
use crate::store::files::{beside, wal};
use crate::store::{Standing, Store, StoreError};

fn copy_database(from: &std::path::Path, to: &std::path::Path) {
    fs::copy(from, to).expect("copied");
    let _ = fs::remove_file(wal(to));
    if wal(from).exists() {
        fs::copy(wal(from), wal(to)).expect("copied");
    }
}

#[test]
fn a_database_that_was_put_back_is_recognised_and_its_chain_never_written_again() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let mut saved = None;
    let mut phone = phone.reopen_with(|path| {
        let copy = beside(path, "copy");
        copy_database(path, &copy);
        saved = Some(copy);
    });
    phone.raise(None, "roof");
    phone.raise(None, "yard");
    let mut phone = phone.reopen_with(|path| copy_database(&saved.expect("a copy"), path));
    assert_eq!(phone.store.standing(), Standing::RolledBack);
    let entry = phone.place(None, "another");
    assert!(matches!(phone.commit(&entry, None), Err(StoreError::ReadOnly(Standing::RolledBack))));
    let mut phone = phone.reopen();
    assert_eq!(phone.store.standing(), Standing::RolledBack, "it stays so until a new chain begins");
    phone.seal();
    phone.begin(ChainId([50; 16]));
    phone.raise(None, "another");
    assert_eq!(phone.reopen().store.standing(), Standing::Writable);
}

#[test]
fn a_copy_on_another_phone_is_recognised() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let mut config = phone.store.config().clone();
    let path = phone.path();
    let Phone { folder, store, .. } = phone;
    drop(store);
    config.identity.install = [8; 16];
    let copied = Store::open(&config, keys(8)).expect("opens");
    assert_eq!(copied.standing(), Standing::Unguarded, "the guard is another installation's");
    drop(copied);
    config.identity.install = [1; 16];
    let copied = Store::open(&config, keys(8)).expect("opens");
    assert_eq!(copied.standing(), Standing::Unguarded, "another key store did not write the guard");
    drop(copied);
    fs::remove_file(beside(&path, "guard")).expect("removed");
    let copied = Store::open(&config, keys(1)).expect("opens");
    assert_eq!(copied.standing(), Standing::Unguarded, "the guard was not copied");
    drop((copied, folder));
}

#[test]
fn a_kill_between_commit_and_guard_is_no_rollback() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    phone.store.upkeep().expect("kept up");
    let path = beside(&phone.path(), "guard");
    let before = fs::read(&path).expect("read");
    phone.raise(None, "roof");
    let phone = phone.reopen_with(|_| fs::write(&path, &before).expect("written"));
    assert_eq!(phone.store.standing(), Standing::Writable);
    assert!(!phone.store.report().guard_behind);
}

#[test]
fn the_guard_never_lags_by_more_than_one_entry() {
    let mut phone = Phone::new(1);
    let path = beside(&phone.path(), "guard");
    for n in 0..3 {
        phone.raise(None, &n.to_string());
        let lagging = fs::read(&path).expect("read");
        phone = phone.reopen_with(|_| fs::write(&path, &lagging).expect("written"));
        assert!(!phone.store.report().guard_behind);
        phone.raise(None, "another");
    }
}

#[test]
fn a_kill_between_sealing_and_guard_is_no_rollback() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    phone.store.upkeep().expect("kept up");
    phone.raise(None, "roof");
    let path = beside(&phone.path(), "guard");
    let guard = RefCell::new(Vec::new());
    let sign = |bytes: &[u8]| {
        *guard.borrow_mut() = fs::read(&path).expect("read");
        Ok::<_, KeyStoreError>(key(1).sign(bytes))
    };
    phone.store.seal(sign).expect("sealed");
    let phone = phone.reopen_with(|_| fs::write(&path, &*guard.borrow()).expect("written"));
    assert_eq!(phone.store.standing(), Standing::Writable);
    assert!(!phone.store.report().guard_behind);
}

#[test]
fn a_power_cut_right_after_sealing_is_no_rollback() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    phone.seal();
    let path = beside(&phone.path(), "guard");
    let guard = fs::read(&path).expect("read");
    phone.raise(None, "roof");
    phone.seal();
    let phone = phone.reopen_with(|_| fs::write(&path, &guard).expect("written"));
    assert_eq!(phone.store.standing(), Standing::Writable);
}

#[test]
fn the_guard_is_on_the_disk_before_its_entry_is_sealed() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let path = beside(&phone.path(), "guard");
    let before = fs::read(&path).expect("read");
    let other = key(2);
    let refused = phone.store.seal(|bytes| Ok::<_, KeyStoreError>(other.sign(bytes)));
    assert!(matches!(refused, Err(StoreError::WrongKey)), "{refused:?}");
    assert_eq!(phone.store.open_entries(), 1);
    assert_eq!(fs::read(&path).expect("read"), before, "nothing has happened");
    phone.seal().expect("sealed");
    assert_ne!(fs::read(&path).expect("read"), before);
}

#[test]
fn a_kill_right_after_the_first_chain_was_begun_is_no_copy() {
    let phone = Phone::new(1);
    // The chain is committed, and the guard is not yet in its place.
    let mut phone = phone.reopen_with(|path| {
        fs::rename(beside(path, "guard"), beside(path, "guard-new")).expect("renamed");
    });
    assert_eq!(phone.store.standing(), Standing::Writable);
    phone.raise(None, "gate");
    let phone = phone.reopen_with(|path| {
        fs::rename(beside(path, "guard"), beside(path, "guard-new")).expect("renamed");
    });
    assert_eq!(phone.store.standing(), Standing::Writable, "it says just what the database says");
    let phone = phone.reopen_with(|path| fs::remove_file(beside(path, "guard")).expect("removed"));
    assert_eq!(phone.store.standing(), Standing::Unguarded);
}

#[test]
fn a_guard_that_is_not_being_written_is_mended_and_reported() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let path = beside(&phone.path(), "guard");
    let before = fs::read(&path).expect("read");
    for n in 0..3 {
        phone.raise(None, &n.to_string());
    }
    let phone = phone.reopen_with(|_| fs::write(&path, &before).expect("written"));
    assert_eq!(phone.store.standing(), Standing::Writable);
    assert!(phone.store.report().guard_behind);
    assert!(!phone.reopen().store.report().guard_behind);
}

#[test]
fn a_guard_torn_by_a_power_cut_still_has_a_slot_that_holds() {
    let mut phone = Phone::new(1);
    for n in 0..40 {
        phone.raise(None, &n.to_string());
        phone.store.upkeep().expect("kept up");
    }
    let path = beside(&phone.path(), "guard");
    let whole = fs::read(&path).expect("read");
    let mut phone = phone;
    // Either authenticated slot, or the fast one, may be torn; never two at once.
    for slot in 0..3 {
        let mut torn = whole.clone();
        torn[8 + slot * 104 + 50] ^= 1;
        phone = phone.reopen_with(|_| fs::write(&path, &torn).expect("written"));
        assert_eq!(phone.store.standing(), Standing::Writable, "slot {slot}");
    }
}

#[test]
fn a_key_store_that_is_locked_is_not_taken_for_a_copy() {
    #[derive(Debug)]
    struct Locked;
    impl crate::log::KeyStore for Locked {
        fn create(&self, _: &str, _: Option<&[u8]>) -> Result<crate::log::PublicKey, KeyStoreError> {
            Err(KeyStoreError::Unavailable)
        }
        fn sign(&self, _: &str, _: Option<&[u8]>, _: &[u8]) -> Result<crate::log::Signature, KeyStoreError> {
            Err(KeyStoreError::Unavailable)
        }
        fn mac(&self, _: &str, _: &[u8]) -> Result<crate::base::Digest, KeyStoreError> {
            Err(KeyStoreError::Unavailable)
        }
        fn delete(&self, _: &str) -> Result<(), KeyStoreError> {
            Err(KeyStoreError::Unavailable)
        }
    }
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let config = phone.store.config().clone();
    let Phone { folder, store, .. } = phone;
    drop(store);
    let opened = Store::open(&config, std::sync::Arc::new(Locked));
    assert!(matches!(opened, Err(StoreError::Keys(KeyStoreError::Unavailable))));
    let opened = Store::open(&config, keys(1)).expect("opens once unlocked");
    assert_eq!(opened.standing(), Standing::Writable);
    drop(folder);
}
