//! Damaged files, full disks, copies.

use std::fs;

use super::world::{Phone, config, keys};
use crate::base::{ChainId, RecordId};
use crate::store::files::beside;
use crate::store::{Standing, Store, StoreError};

/// A phone with many sealed segments, closed.
fn closed() -> (Phone, Vec<RecordId>) {
    let mut phone = Phone::new(1);
    let mut records = Vec::new();
    for n in 0..60 {
        let record = phone.raise(None, &format!("place {n}"));
        (0..4)
            .for_each(|line| phone.add_line(record, &format!("line {line} of a text that takes some room")));
        records.push(record);
        phone.seal();
    }
    phone.raise(Some(records[0]), "still open");
    phone.store.checkpoint().expect("checkpointed");
    (phone, records)
}

fn is_there(phone: &Phone, record: RecordId) -> bool {
    !phone.places(record).is_empty()
}

#[test]
fn pages_that_were_overwritten_cost_only_what_was_on_them() {
    let (phone, records) = closed();
    let size = fs::metadata(phone.path()).expect("a file").len();
    let pages = size / 4096;
    assert!(pages > 20);
    let mut phone = phone;
    // One page at a time in a fresh copy; the first is what says that it is a database.
    let whole = {
        let mut bytes = Vec::new();
        phone = phone.reopen_with(|path| bytes = fs::read(path).expect("read"));
        bytes
    };
    let mut salvaged = 0;
    for page in 0..pages {
        let mut torn = whole.clone();
        let at = usize::try_from(page * 4096).expect("small");
        torn[at..at + 4096].fill(0xa5);
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(&folder, 1);
        fs::write(&config.path, &torn).expect("written");
        // As after a stop that was not clean.
        let db = rusqlite::Connection::open(&config.path).expect("opens");
        let _ = db.execute("UPDATE store SET clean = 0", ());
        drop(db);
        let opened = Store::open(&config, keys(1)).unwrap_or_else(|e| panic!("page {page}: {e}"));
        let Some(salvage) = opened.report().salvage.clone() else { continue };
        salvaged += 1;
        assert!(salvage.kept_as.exists(), "the damaged file is kept");
        assert!(salvage.entries >= 240, "page {page} cost too much: {salvage:?}");
        let copy = Phone { n: 1, folder, store: opened, now: 0 };
        let there = records.iter().filter(|record| is_there(&copy, **record)).count();
        assert!(there >= 48, "page {page}: only {there} of 60 records");
        assert_ne!(copy.store.standing(), Standing::Writable, "a new chain first");
    }
    assert!(salvaged > pages / 2, "{salvaged} of {pages}");
    drop(phone);
}

#[test]
fn a_file_that_is_no_database_any_more_is_kept_and_recording_goes_on() {
    let (phone, _) = closed();
    let mut phone = phone.reopen_with(|path| fs::write(path, vec![7; 9_000]).expect("written"));
    let salvage = phone.store.report().salvage.clone().expect("salvaged");
    assert_eq!((salvage.entries, salvage.missing), (0, 0));
    assert_eq!(fs::read(&salvage.kept_as).expect("kept"), vec![7; 9_000]);
    assert_eq!(phone.store.standing(), Standing::RolledBack, "the guard remembers the chain");
    phone.enrol();
    phone.begin(ChainId([60; 16]));
    phone.raise(None, "gate");
    let phone = phone.reopen_with(|path| fs::write(path, vec![8; 9_000]).expect("written"));
    assert!(beside(&phone.path(), "damaged-1").exists() && beside(&phone.path(), "damaged-2").exists());
}

#[test]
fn a_database_that_vanished_beside_a_damaged_one_is_not_replaced_by_an_empty_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(&folder, 1);
    fs::write(beside(&config.path, "damaged-1"), b"once a log").expect("written");
    assert!(matches!(Store::open(&config, keys(1)), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_flipped_bit_in_a_segment_is_found_and_named() {
    let (phone, _) = closed();
    let flip = "DROP TRIGGER segments_stay;
        UPDATE segments SET body = CAST(substr(body, 1, 40) || x'ff' || substr(body, 42) AS BLOB) WHERE first = 11;";
    phone.store.db.execute_batch(flip).expect("flipped");
    let damage = phone.store.check().expect("checked");
    assert_eq!(damage.len(), 1);
    assert_eq!((damage[0].chain, damage[0].first, damage[0].count), (Some(ChainId([1; 16])), 11, 5));
}

#[test]
fn a_full_disk_costs_nothing_that_was_saved_and_the_ballast_is_given_up_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = config(&folder, 1);
    config.ballast = 100_000;
    let store = Store::open(&config, keys(1)).expect("a new database");
    let mut phone = Phone { n: 1, folder, store, now: 0 };
    phone.enrol();
    phone.begin(ChainId([1; 16]));
    let ballast = beside(&phone.path(), "ballast");
    assert_eq!(fs::metadata(&ballast).expect("a file").len(), 100_000);
    let record = phone.raise(None, "gate");
    let pages: i64 = phone.store.db.query_row("PRAGMA page_count", (), |row| row.get(0)).expect("read");
    phone.store.db.query_row(&format!("PRAGMA max_page_count = {pages}"), (), |_| Ok(())).expect("set");
    let before = phone.derived();
    let refused = loop {
        let entry = phone.line(record, &"x".repeat(3_000));
        let before = phone.store.memory.tail.clone();
        if let Err(error) = phone.commit(&entry, None) {
            assert_eq!(phone.store.memory.tail, before, "memory is as it was");
            break error;
        }
    };
    assert!(matches!(refused, StoreError::Full));
    assert!(!ballast.exists() && !phone.store.has_ballast());
    assert_eq!(phone.derived()["cells"], before["cells"]);
    phone.store.db.query_row("PRAGMA max_page_count = 1000000", (), |_| Ok(())).expect("set");
    phone.add_line(record, "space again");
    let phone = phone.reopen();
    assert!(!phone.store.report().unclean);
    assert_eq!(phone.store.check().expect("checked"), []);
}

#[test]
fn a_copy_holds_everything_and_is_recognised_as_one() {
    let (phone, _) = closed();
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(&folder, 1);
    phone.store.backup_to(&config.path).expect("copied");
    assert!(phone.store.backup_to(&config.path).is_err(), "nothing is overwritten");
    let copy = Store::open(&config, keys(1)).expect("opens");
    assert_eq!(copy.standing(), Standing::Unguarded);
    let copy = Phone { n: 1, folder, store: copy, now: 0 };
    assert_eq!(copy.derived(), phone.derived());
    assert_eq!(copy.segments(), phone.segments());
}
