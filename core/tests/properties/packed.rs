//! Entries and their packed form.

use dutylog_core::base::{BootId, ChainId, Millis};
use dutylog_core::log::pack::{Frame, pack, unpack};
use dutylog_core::log::{Entry, MAX_RECORDS, check_ops};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::strategies::{Shape, shape};

const CHAIN: ChainId = ChainId([7; 16]);
const BOOT: BootId = BootId([8; 8]);

fn frame(first: u64, wall: Millis) -> Frame {
    Frame { chain: CHAIN, first, wall, boot: BOOT }
}

fn entries(frame: Frame, shapes: &[Shape]) -> Vec<Entry> {
    let mut before = (frame.wall, frame.boot);
    let made = shapes.iter().zip(frame.first..).map(|(shape, seq)| {
        let entry = shape.entry(frame.chain, seq, before);
        before = (entry.at, entry.boot);
        entry
    });
    made.collect()
}

fn count(entries: &[Entry]) -> u32 {
    u32::try_from(entries.len()).expect("a segment is small")
}

/// What unpacking hostile bytes may give: the entries asked for, no more bytes than were there, and lists of records (which are
/// written shorter than they are, unless the entries are written as they are) of at most 16.
fn stays_within_bounds(count: u32, body: &[u8], unpacked: &[Entry]) -> bool {
    let bytes = |e: &Entry| e.ops.len() + e.statement.as_ref().map_or(0, Vec::len);
    unpacked.len() == count as usize
        && unpacked.iter().map(bytes).sum::<usize>() <= body.len()
        && (body.first() == Some(&0) || unpacked.iter().all(|e| e.records.len() <= MAX_RECORDS))
}

proptest! {
    #[test]
    fn an_entry_comes_back(shape in shape(), seq in 1..=u64::MAX / 2, wall in any::<i64>()) {
        let entry = shape.entry(CHAIN, seq, (wall, BOOT));
        prop_assert_eq!(Entry::from_bytes(&entry.to_bytes()), Ok(entry.clone()));
        prop_assert!(entry.within_limits());
        prop_assert_eq!(check_ops(&entry.ops, entry.records.len()), Ok(()));
    }

    #[test]
    fn packed_entries_come_back(shapes in vec(shape(), 1..40), first in 1..=u64::MAX / 4, wall in any::<i64>()) {
        let frame = frame(first, wall);
        let entries = entries(frame, &shapes);
        prop_assert_eq!(unpack(frame, count(&entries), &pack(frame, &entries)), Ok(entries));
    }

    #[test]
    fn arbitrary_bytes_unpack_to_nothing_large(body in vec(any::<u8>(), 0..400), count in 0_u32..=300) {
        if let Ok(unpacked) = unpack(frame(1, 0), count, &body) {
            prop_assert!(stays_within_bounds(count, &body, &unpacked));
        }
    }

    #[test]
    fn columns_of_arbitrary_bytes_unpack_to_nothing_large(columns in vec(vec(0_u8..24, 0..20), 7), count in 0_u32..=12) {
        let body: Vec<u8> =
            columns.iter().flat_map(|c| std::iter::once(c.len().to_be_bytes()[7]).chain(c.iter().copied())).collect();
        if let Ok(unpacked) = unpack(frame(1, 0), count, &body) {
            prop_assert!(stays_within_bounds(count, &body, &unpacked));
        }
    }

    #[test]
    fn damaged_bodies_unpack_to_nothing_large(
        shapes in vec(shape(), 1..12), at in any::<prop::sample::Index>(), mask in 1_u8..
    ) {
        let frame = frame(1, 0);
        let entries = entries(frame, &shapes);
        let mut body = pack(frame, &entries);
        let at = at.index(body.len());
        body[at] ^= mask;
        if let Ok(unpacked) = unpack(frame, count(&entries), &body) {
            prop_assert!(stays_within_bounds(count(&entries), &body, &unpacked));
        }
    }

    #[test]
    fn cut_bodies_are_refused(shapes in vec(shape(), 1..12), cut in any::<prop::sample::Index>()) {
        let frame = frame(1, 0);
        let entries = entries(frame, &shapes);
        let body = pack(frame, &entries);
        prop_assert!(unpack(frame, count(&entries), &body[..cut.index(body.len())]).is_err());
    }
}

/// Lengths that only claim to be large cost nothing: each is refused before anything of that size is made.
#[test]
fn claimed_lengths_are_not_believed() {
    for count in [0, 1, 256, 257, u32::MAX] {
        for claim in
            [&[0xff; 9][..], &[0xff, 0xff, 0xff, 0x07], &[0x80, 0x80, 0x80, 0x08], &[0xff, 0xff, 0x03]]
        {
            let body = [claim, &[0x01], &[0; 16]].concat();
            let verbatim = [&[0][..], claim, &[0x01]].concat();
            assert!(unpack(frame(1, 0), count, &body).is_err());
            assert!(unpack(frame(1, 0), count, &verbatim).is_err());
        }
    }
}
