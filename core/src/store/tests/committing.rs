//! Committing and sealing.

use super::world::PLACE;
use super::world::Phone;
use crate::base::{Digest, DraftId, RecordId, Value};
use crate::log::{Holdings, KeyStoreError, MAX_SEGMENT, Op};
use crate::merge::Lookup;
use crate::records::{Kind, Member};
use crate::store::{Draft, Standing, StoreError};
use crate::sync::{Fit, FrameWriter, Signatures};

#[test]
fn what_was_committed_is_there_after_opening_again_sealed_or_not() {
    let mut phone = Phone::new(1);
    let record = phone.raise(None, "泵房");
    phone.seal();
    phone.add_line(record, "到达");
    let before = phone.derived();
    let phone = phone.reopen();
    assert_eq!(phone.store.standing(), Standing::Writable);
    assert_eq!(phone.derived(), before);
    assert_eq!(phone.places(record), ["泵房"]);
    let state = phone.store.reader().record(record).expect("read");
    assert_eq!(state.additions.len(), 1);
    assert_eq!(phone.store.reader().entries(record).expect("read").len(), 2);
}

#[test]
fn a_repeated_commit_is_one_entry_before_and_after_the_sealing() {
    let mut phone = Phone::new(1);
    let draft = DraftId([9; 16]);
    let typed =
        Draft { id: draft, author: None, kind: Kind::IncidentRaised.code(), updated: 1, sealed: vec![1] };
    phone.store.save_draft(&typed).expect("saved");
    let entry = phone.place(None, "gate");
    let first = phone.commit(&entry, Some(draft)).expect("saved");
    assert_eq!(phone.store.drafts().expect("read"), []);
    let again = phone.commit(&entry, Some(draft)).expect("saved before");
    assert_eq!((again.by, again.repeated, again.open), (first.by, true, 1));
    let mut phone = phone.reopen();
    assert!(phone.commit(&entry, Some(draft)).expect("saved before").repeated);
    phone.seal();
    let mut phone = phone.reopen();
    let again = phone.commit(&entry, Some(draft)).expect("saved before");
    assert_eq!((again.by, again.repeated), (first.by, true));
    phone.store.save_draft(&typed).expect("ignored");
    assert_eq!(phone.store.drafts().expect("read"), [], "what was committed does not come back as a draft");
}

#[test]
fn numbers_follow_one_another() {
    let mut phone = Phone::new(1);
    let mut entry = phone.place(None, "gate");
    entry.seq = 2;
    assert!(matches!(phone.commit(&entry, None), Err(StoreError::OutOfSequence { want: 1, got: 2 })));
    entry.seq = 0;
    assert!(matches!(phone.commit(&entry, None), Err(StoreError::TooLarge)));
    entry.seq = 1;
    phone.commit(&entry, None).expect("saved");
    assert!(matches!(phone.commit(&entry, None), Err(StoreError::OutOfSequence { want: 2, got: 1 })));
}

#[test]
fn a_full_tail_must_be_sealed_first() {
    let mut phone = Phone::new(1);
    let record = phone.raise(None, "gate");
    (1..MAX_SEGMENT).for_each(|n| phone.add_line(record, &n.to_string()));
    let entry = phone.line(record, "one more");
    assert!(matches!(phone.commit(&entry, None), Err(StoreError::TailOpen)));
    assert_eq!(phone.seal().map(|s| s.entries.len()), Some(MAX_SEGMENT));
    phone.commit(&entry, None).expect("saved");
}

/// Bytes that cannot be compressed.
fn noise(seed: u64, len: usize) -> Vec<u8> {
    let words = (0..).flat_map(|n: u64| Digest::tagged("noise", &(seed << 32 | n).to_be_bytes()).0);
    words.take(len).collect()
}

#[test]
fn a_segment_of_the_largest_entries_still_fits_one_push() {
    let mut phone = Phone::new(1);
    for n in 0..25 {
        if phone.store.is_full() {
            phone.seal();
        }
        let mut entry = phone.entry(Kind::IncidentRaised, None, |_, _| Op::Write {
            record: 0,
            field: PLACE,
            member: Member::Whole,
            value: Value::Bytes(noise(n, 47 * 1024)),
            cites: Vec::new(),
        });
        entry.statement = Some(noise(n + 100, 16 * 1024));
        phone.commit(&entry, None).expect("saved");
        if n % 2 == 0 {
            phone = phone.reopen();
        }
    }
    phone.seal();
    let segments = phone.segments();
    assert!((8..=13).contains(&segments.len()), "{} segments", segments.len());
    for segment in segments {
        let mut writer = FrameWriter::new(Signatures::All, None);
        assert_eq!(writer.segment(&segment), Fit::Taken);
        let bytes = writer.finish().len();
        assert!(bytes <= 252 << 10, "{bytes} bytes for {} entries", segment.entries.len());
    }
}

#[test]
fn segments_follow_one_another_and_prove_themselves() {
    let mut phone = Phone::new(1);
    assert!(phone.seal().is_none(), "nothing is open");
    phone.raise(None, "gate");
    let first = phone.seal().expect("sealed");
    phone.raise(None, "roof");
    let second = phone.seal().expect("sealed");
    assert_eq!(second.header.prev, first.header.id());
    assert_eq!((second.header.first, second.header.count), (2, 1));
    assert_eq!(phone.store.segment(&first.header.id()).expect("read"), Some(first));
    assert_eq!(phone.store.check().expect("checked"), []);
}

#[test]
fn a_key_that_cannot_be_used_leaves_the_tail_open() {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let locked = phone.store.seal(|_| Err(KeyStoreError::Unavailable));
    assert!(matches!(locked, Err(StoreError::Keys(KeyStoreError::Unavailable))));
    phone.raise(None, "roof");
    let sealed = phone.seal().expect("sealed");
    assert_eq!(sealed.header.count, 2);
}

#[test]
fn a_rebuild_gives_the_same_bytes() {
    let mut phone = Phone::new(1);
    let mut other = Phone::new(2);
    let records: Vec<RecordId> = (0..5).map(|n| phone.raise(None, &format!("place {n}"))).collect();
    phone.seal();
    other.hear(&phone);
    for (n, record) in records.iter().enumerate() {
        phone.raise(Some(*record), &format!("here {n}"));
        other.raise(Some(*record), &format!("there {n}"));
        other.add_line(*record, "seen");
    }
    other.raise(None, "their own");
    phone.hear(&{
        other.seal();
        other
    });
    phone.raise(Some(records[0]), "settled");
    let before = phone.derived();
    assert_eq!(phone.places(records[1]).len(), 2);
    assert_eq!(phone.places(records[0]), ["settled"]);
    phone.store.rebuild().expect("rebuilt");
    assert_eq!(phone.derived(), before);
}

#[test]
fn one_process_owns_a_database() {
    let phone = Phone::new(1);
    let second = crate::store::Store::open(phone.store.config(), super::world::keys(1));
    assert!(matches!(second, Err(StoreError::OwnedElsewhere)));
    // A writer that got past the lock is noticed by the generation.
    let mut phone = phone;
    phone.store.db.execute("UPDATE store SET generation = generation + 1", ()).expect("written");
    let entry = phone.place(None, "gate");
    assert!(matches!(phone.commit(&entry, None), Err(StoreError::OwnedElsewhere)));
}

#[test]
fn entries_whose_key_is_lost_are_kept_and_given_back() {
    let mut phone = Phone::new(1);
    let record = phone.raise(None, "gate");
    phone.seal();
    phone.raise(Some(record), "roof");
    let stranded = phone.store.strand().expect("stranded");
    assert_eq!(stranded.len(), 1);
    assert_eq!(phone.places(record), ["gate"]);
    phone.begin(crate::base::ChainId([77; 16]));
    phone.raise(Some(record), "roof");
    assert_eq!(phone.places(record), ["roof"]);
}
