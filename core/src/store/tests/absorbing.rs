//! Taking in what others recorded.

use super::world::{PLACE, Phone, states};
use crate::base::{ChainId, RecordId};
use crate::log::{Absorbed, Cite, Holdings, Op, Segment};
use crate::records::{Kind, Member};
use crate::store::{Standing, StoreError};

#[test]
fn two_phones_come_to_the_same_whatever_the_order() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    let record = a.raise(None, "gate");
    a.seal();
    b.hear(&a);
    a.raise(Some(record), "north gate");
    b.raise(Some(record), "south gate");
    b.add_line(record, "on the way");
    a.hear(&{
        b.seal();
        b.reopen()
    });
    assert_eq!(a.places(record), ["north gate", "south gate"], "both are kept and shown");
    let mut c = Phone::new(3);
    let mut segments = a.segments();
    segments.reverse();
    c.absorb(segments).expect("taken in");
    assert_eq!(states(&c, &[record]), states(&a, &[record]));
    a.raise(Some(record), "both gates");
    c.hear(&{
        a.seal();
        a.reopen()
    });
    assert_eq!(c.places(record), ["both gates"]);
}

#[test]
fn what_is_held_is_not_taken_in_twice() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    let record = a.raise(None, "gate");
    a.add_line(record, "seen");
    a.seal();
    assert_eq!(b.hear(&a), [Absorbed::Stored]);
    let before = b.derived();
    assert_eq!(b.hear(&a), [Absorbed::Held]);
    assert_eq!(b.derived(), before);
}

#[test]
fn the_open_tail_is_sealed_before_others_data_is_taken_in() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    a.raise(None, "gate");
    a.seal();
    b.raise(None, "roof");
    assert!(matches!(b.absorb(a.segments()), Err(StoreError::TailOpen)));
}

fn three_segments(phone: &mut Phone) -> Vec<Segment> {
    let record = phone.raise(None, "gate");
    let mut segments: Vec<Segment> = phone.seal().into_iter().collect();
    for text in ["second", "third"] {
        phone.raise(Some(record), text);
        segments.extend(phone.seal());
    }
    segments
}

#[test]
fn what_comes_too_early_waits_and_is_taken_in_when_the_gap_closes() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    let [first, second, third] = <[Segment; 3]>::try_from(three_segments(&mut a)).expect("three");
    assert_eq!(b.absorb(vec![third.clone()]).expect("taken in"), [Absorbed::Pending { have: 0 }]);
    assert_eq!(b.absorb(vec![third]).expect("taken in"), [Absorbed::Pending { have: 0 }]);
    assert_eq!(b.absorb(vec![second]).expect("taken in"), [Absorbed::Pending { have: 0 }]);
    assert!(b.store.heads().expect("read").is_empty());
    let mut b = b.reopen();
    let record = first.decode().expect("entries")[0].records[0];
    assert_eq!(b.absorb(vec![first]).expect("taken in"), [Absorbed::Stored]);
    assert_eq!(b.places(record), ["third"]);
    assert_eq!(states(&b, &[record]), states(&a, &[record]));
}

#[test]
fn a_segment_that_contradicts_itself_is_kept_as_evidence_only() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    let [first, second, _] = <[Segment; 3]>::try_from(three_segments(&mut a)).expect("three");
    b.absorb(vec![first]).expect("taken in");
    let mut skipping = second.clone();
    skipping.header.first += 1;
    assert_eq!(b.absorb(vec![skipping.clone()]).expect("taken in"), [Absorbed::SetAside]);
    assert_eq!(b.absorb(vec![skipping]).expect("taken in"), [Absorbed::SetAside]);
    let mut elsewhere = second.clone();
    elsewhere.header.first = 1;
    assert_eq!(b.absorb(vec![elsewhere]).expect("taken in"), [Absorbed::SetAside]);
    assert_eq!(b.absorb(vec![second]).expect("taken in"), [Absorbed::Stored]);
}

#[test]
fn a_device_nobody_has_certified_waits_for_its_certificate() {
    let (mut a, folder) = (Phone::new(1), tempfile::tempdir().expect("a folder"));
    let record = a.raise(None, "gate");
    a.seal();
    let store = crate::store::Store::open(&super::world::config(&folder, 2), super::world::keys(2));
    let mut b = Phone { n: 2, folder, store: store.expect("a new database"), now: 0 };
    assert_eq!(b.absorb(a.segments()).expect("taken in"), [Absorbed::Pending { have: 0 }]);
    b.enrol();
    assert_eq!(b.absorb(a.segments()).expect("taken in"), [Absorbed::Stored]);
    assert_eq!(b.places(record), ["gate"]);
}

/// Two copies of one phone that each go on.
fn copies() -> (Phone, Phone, RecordId) {
    let mut one = Phone::new(1);
    let record = one.raise(None, "gate");
    let mut other = Phone::new(1);
    assert_eq!(other.raise(None, "gate"), record, "the copy has the same open tail");
    one.raise(Some(record), "north gate");
    other.now += 1;
    other.raise(Some(record), "south gate");
    other.add_line(record, "seen");
    one.seal();
    other.seal();
    (one, other, record)
}

#[test]
fn both_branches_of_a_fork_are_kept_and_everybody_names_them_alike() {
    let (one, other, record) = copies();
    let (mut b, mut c) = (Phone::new(2), Phone::new(3));
    b.hear(&one);
    assert_eq!(b.places(record), ["north gate"]);
    assert_eq!(b.hear(&other), [Absorbed::Forked { at: 2 }]);
    c.hear(&other);
    c.hear(&one);
    let mut both = b.places(record);
    both.sort();
    assert_eq!(both, ["north gate", "south gate"]);
    assert_eq!(states(&b, &[record]), states(&c, &[record]));
    assert_eq!(b.store.heads().expect("read")[&ChainId([1; 16])].len(), 2);
    assert_eq!(b.segments().len(), 2);
    let before = b.derived();
    b.store.rebuild().expect("rebuilt");
    assert_eq!(b.derived(), before);
    let b = b.reopen();
    assert_eq!(b.store.knowledge().forks().len(), 1);
}

#[test]
fn the_same_entries_cut_differently_are_no_fork() {
    let mut one = Phone::new(1);
    let record = one.raise(None, "gate");
    let mut other = Phone::new(1);
    other.raise(None, "gate");
    one.seal();
    for phone in [&mut one, &mut other] {
        phone.raise(Some(record), "north gate");
        phone.seal();
    }
    let mut b = Phone::new(2);
    b.hear(&one);
    let before = b.derived();
    assert_eq!(b.hear(&other), [Absorbed::Stored]);
    assert_eq!(b.places(record), ["north gate"]);
    assert_eq!(b.store.heads().expect("read")[&ChainId([1; 16])].len(), 1);
    assert_eq!(b.derived()["cells"], before["cells"]);
}

#[test]
fn a_phone_that_meets_its_own_later_entries_never_writes_that_chain_again() {
    let (mut one, other, record) = copies();
    assert_eq!(one.hear(&other), [Absorbed::Forked { at: 2 }]);
    assert_eq!(one.store.standing(), Standing::Forked);
    let entry = one.store.seal(|_| unreachable!("nothing is open"));
    assert_eq!(entry.expect("nothing to do"), None);
    let mut one = one.reopen();
    assert_eq!(one.store.standing(), Standing::NoChain);
    one.begin(ChainId([71; 16]));
    one.raise(Some(record), "both gates");
    assert_eq!(one.places(record), ["both gates"]);
}

#[test]
fn own_segments_that_were_lost_come_back_before_the_open_tail() {
    let (mut one, mut other) = (Phone::new(1), Phone::new(2));
    let record = one.raise(None, "gate");
    one.seal();
    other.hear(&one);
    one.raise(Some(record), "roof");
    let lost = other.segments()[0].header.id();
    one.store.lose(&lost);
    let mut one = one.reopen();
    assert_eq!(one.store.standing(), Standing::Salvaged);
    let sealed = one.store.seal(|_| unreachable!("nothing to seal it after"));
    assert!(matches!(sealed, Err(StoreError::Damaged { .. })));
    assert_eq!(one.absorb(other.segments()).expect("taken in"), [Absorbed::Stored]);
    assert_eq!(one.seal().map(|s| s.header.first), Some(2));
    assert_eq!(one.places(record), ["roof"]);
}

#[test]
fn too_much_that_waits_is_refused_by_name() {
    let mut a = Phone::new(1);
    let record = a.raise(None, "gate");
    a.seal();
    let mut segments = Vec::new();
    for _ in 0..41 {
        (0..250).for_each(|_| a.add_line(record, "x"));
        segments.extend(a.seal());
    }
    let mut b = Phone::new(2);
    let refused = b.store.take_carried(segments.clone());
    assert!(matches!(refused, Err(StoreError::PendingFull { chain }) if chain == ChainId([1; 16])));
    let became = b.absorb(segments.clone()).expect("a page is taken in, whatever cannot wait");
    assert!(became.iter().all(|a| matches!(a, Absorbed::Pending { .. })));
    let mut other = Phone::new(3);
    other.raise(None, "roof");
    other.seal();
    let became = b.absorb([segments.split_off(40), other.segments()].concat()).expect("taken in");
    assert_eq!(became, [Absorbed::Pending { have: 0 }, Absorbed::Stored], "and stops nobody else");
    b.hear(&a);
    assert_eq!(states(&b, &[record]), states(&a, &[record]));
}

#[test]
fn a_citation_of_a_chain_that_nobody_has_leaves_no_trace_among_the_chains() {
    let (mut a, mut b) = (Phone::new(1), Phone::new(2));
    let record = a.raise(None, "gate");
    for n in 0..40 {
        let cites = vec![Cite { chain: ChainId([100 + n; 16]), seq: 7, mark: [n; 8] }];
        let entry = a.entry(Kind::IncidentRaised, Some(record), |_, _| Op::Write {
            record: 0,
            field: PLACE,
            member: Member::Whole,
            value: "roof".into(),
            cites,
        });
        a.commit(&entry, None).expect("saved");
    }
    a.seal();
    assert_eq!(b.hear(&a), [Absorbed::Stored]);
    for phone in [&a, &b] {
        let chains = phone.store.db.query_row("SELECT count(*) FROM chains", (), |row| row.get::<_, u32>(0));
        assert!(chains.expect("a count") <= 2, "its own, and the other phone's");
    }
    let before = b.derived();
    b.store.rebuild().expect("rebuilt");
    assert_eq!(b.derived(), before);
}
