//! A sealed segment: every byte of it is covered.

use std::convert::Infallible;

use dutylog_core::base::{BootId, ChainId, Digest, OrgId, SiteId};
use dutylog_core::log::{
    Certificate, Claims, ClockEvidence, Entry, Header, Quality, Role, SealError, SecretKey, Segment,
    SegmentError, genesis,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::strategies::{Shape, shape};

const ORG: OrgId = OrgId([1; 16]);
const SITE: SiteId = SiteId([2; 16]);
const CHAIN: ChainId = ChainId([3; 16]);
const BOOT: BootId = BootId([4; 8]);

fn secret() -> SecretKey {
    SecretKey::from_seed([5; 32])
}

fn device() -> Certificate {
    let root = SecretKey::from_seed([6; 32]);
    let claims = Claims {
        org: ORG,
        site: Some(SITE),
        role: Role::Phone,
        subject: [7; 16],
        holder: None,
        key: secret().public(),
        issued: 0,
        provisional: false,
    };
    claims.issue::<SealError>(root.public().root_id(), |m| Ok(root.sign(m))).expect("a strong key")
}

fn header(device: &Certificate) -> Header {
    let clock = ClockEvidence {
        wall: 1_790_000_000_000,
        zone: 480,
        hlc: 1_790_000_000_000,
        hlc_counter: 0,
        mono: 5_000,
        boot: BOOT,
        quality: Quality::Unchecked,
        sample: None,
    };
    let (prev, root) = (genesis(device, SITE, CHAIN), Digest::default());
    let (config, checkpoint, seen, beyond) = (None, None, Vec::new(), Vec::new());
    let (org, site, chain, first, count) = (ORG, SITE, CHAIN, 1, 0);
    Header { org, site, chain, first, count, prev, clock, config, checkpoint, seen, root, beyond }
}

fn seal(device: &Certificate, shapes: &[Shape]) -> Segment {
    let entries = shapes.iter().zip(1..).map(|(shape, seq)| shape.entry(CHAIN, seq, (0, BOOT)).to_bytes());
    let Ok(segment) =
        Segment::seal::<Infallible>(header(device), device.id(), entries.collect(), |m| Ok(secret().sign(m)));
    segment
}

fn open(device: &Certificate, envelope: &[u8], entries: Vec<Vec<u8>>) -> Result<Segment, SegmentError> {
    let segment = Segment::parse(envelope, entries)?;
    segment.check_seal(ORG, SITE, device)?;
    segment.check_body()?;
    Ok(segment)
}

fn envelope(segment: &Segment) -> Vec<u8> {
    segment.envelope().expect("sealed just now").to_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_segment_comes_back(shapes in vec(shape(), 1..20)) {
        let device = device();
        let segment = seal(&device, &shapes);
        let opened = open(&device, &envelope(&segment), segment.entries.to_vec());
        prop_assert_eq!(opened.as_ref(), Ok(&segment));
        prop_assert_eq!(Header::from_bytes(&segment.header.to_bytes()), Ok(segment.header));
    }

    #[test]
    fn entries_cannot_be_dropped_repeated_or_moved(shapes in vec(shape(), 2..12), at in any::<prop::sample::Index>()) {
        let device = device();
        let segment = seal(&device, &shapes);
        let at = at.index(segment.entries.len() - 1);
        let (mut dropped, mut repeated, mut moved) =
            (segment.entries.to_vec(), segment.entries.to_vec(), segment.entries.to_vec());
        dropped.remove(at);
        repeated.insert(at, segment.entries[at].clone());
        moved.swap(at, at + 1);
        for wrong in [dropped, repeated, moved] {
            prop_assert_eq!(open(&device, &envelope(&segment), wrong), Err(SegmentError::BadBody));
        }
    }
}

/// Three plain entries, small enough to try everything.
fn small() -> (Certificate, Segment) {
    let device = device();
    let entries = (1..=3).map(|seq| {
        let ops = vec![0x80];
        let (records, statement, beyond) = (Vec::new(), None, Vec::new());
        Entry { seq, at: 0, boot: BOOT, author: None, session: 0, records, kind: 1, ops, statement, beyond }
            .to_bytes()
    });
    let Ok(segment) =
        Segment::seal::<Infallible>(
            header(&device),
            device.id(),
            entries.collect(),
            |m| Ok(secret().sign(m)),
        );
    (device, segment)
}

/// Every way to change one byte.
fn changes(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len()).flat_map(move |at| {
        (1..=u8::MAX).map(move |mask| {
            let mut changed = bytes.to_vec();
            changed[at] ^= mask;
            changed
        })
    })
}

#[test]
fn every_changed_byte_of_every_entry_is_noticed() {
    let (device, segment) = small();
    open(&device, &envelope(&segment), segment.entries.to_vec()).expect("good before any change");
    for (number, entry) in segment.entries.iter().enumerate() {
        for changed in changes(entry) {
            let mut wrong = segment.clone();
            wrong.entries[number] = changed;
            assert_eq!(wrong.check_body(), Err(SegmentError::BadBody), "entry {number}");
        }
    }
}

/// The header is the envelope's payload, so this covers it as well.
#[test]
fn every_changed_byte_of_the_envelope_is_noticed() {
    let (device, segment) = small();
    for changed in changes(&envelope(&segment)) {
        assert!(open(&device, &changed, segment.entries.to_vec()).is_err(), "{changed:02x?}");
    }
}

#[test]
fn an_envelope_cut_short_or_continued_is_refused() {
    let (device, segment) = small();
    let whole = envelope(&segment);
    for len in 0..whole.len() {
        assert!(open(&device, &whole[..len], segment.entries.to_vec()).is_err(), "{len}");
    }
    for more in 0..=u8::MAX {
        assert!(open(&device, &[&whole[..], &[more]].concat(), segment.entries.to_vec()).is_err(), "{more}");
    }
}
