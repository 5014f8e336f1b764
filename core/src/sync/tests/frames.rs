//! Frames: what goes in comes out, and damage never passes for something else.

use proptest::prelude::*;

use super::world::{BOOT, NOON, ORG, Org, Phone, SITE, Server};
use crate::base::{ChainId, Digest, ServerSample};
use crate::log::{Cite, ConfigCite, Head, Op, Quality, Segment, SiteRoot};
use crate::sync::frame::squeeze::{squeeze, unsqueeze};
use crate::sync::verify::{opaque, verify};
use crate::sync::{Cause, Checked, Fit, Frame, FrameError, FrameWriter, Item, Signatures};

fn phone() -> (Phone, Server) {
    let org = Org::new();
    let mut server = Server::new(&org);
    (org.phone(11, &mut server), server)
}

fn frame(segments: &[Segment], signatures: Signatures) -> Vec<u8> {
    let mut writer = FrameWriter::new(signatures, Some(7));
    segments.iter().for_each(|s| assert_eq!(writer.segment(s), Fit::Taken));
    writer.finish()
}

fn segments(bytes: &[u8]) -> Vec<Segment> {
    let items = Frame::decode(ORG, SITE, bytes).unwrap().items;
    let segment = |item| match item {
        Item::Segment(segment) => *segment,
        Item::Held { .. } => panic!("nothing was held"),
    };
    items.into_iter().map(segment).collect()
}

#[test]
fn every_part_of_a_header_survives() {
    let (mut phone, _) = phone();
    let mut plain = vec![phone.record(3, "one"), phone.record(2, "two"), phone.record(1, "three")];
    let header = &mut plain[1].header;
    header.clock.zone = -720;
    header.clock.hlc += 9;
    header.clock.hlc_counter = 4;
    header.clock.mono = i64::MIN;
    header.clock.boot.0[0] ^= 1;
    header.clock.quality = Quality::Moved;
    header.clock.sample = Some(ServerSample { server: NOON, mono: -5, rtt: 80, boot: BOOT });
    header.config = Some(ConfigCite { chain: ChainId([8; 16]), seq: 9 });
    header.checkpoint = Some(SiteRoot { size: 5, root: Digest([7; 32]) });
    header.seen = vec![(ChainId([1; 16]), Head { seq: 3, segment: Digest([2; 32]) })];
    let mut wild = plain[2].clone();
    wild.header.first = 900;
    wild.header.clock.wall = i64::MIN;
    wild.entries = vec![vec![0x80], b"no entry at all".to_vec()].into();
    wild.header.count = 2;
    wild.signature = None;
    plain.push(wild);
    assert_eq!(segments(&frame(&plain, Signatures::All)), plain);
}

#[test]
fn a_run_needs_one_signature_and_a_foreign_key_proves_nothing() {
    let (mut phone, _) = phone();
    let plain: Vec<_> = (0..5).map(|n| phone.record(3, &n.to_string())).collect();
    let run = segments(&frame(&plain, Signatures::Runs));
    let signed: Vec<_> = run.iter().map(|s| s.signature.is_some()).collect();
    assert_eq!(signed, [false, false, false, false, true]);
    let items = |segments: &[Segment]| segments.iter().cloned().map(|s| Item::Segment(Box::new(s))).collect();
    let good = |segments: &[Segment]| {
        verify(items(segments), &phone.trust).iter().filter(|c| matches!(c, Checked::Good(_))).count()
    };
    assert_eq!(good(&run), 5);
    assert_eq!(good(&run[..4]), 0);
    let mut broken = run.clone();
    broken[2].header.clock.zone = 1;
    assert_eq!(good(&broken), 2, "what comes before the damage is no longer named by anything proven");
    let mut stranger = run;
    stranger[1].key.0[0] ^= 1;
    let checked = verify(items(&stranger), &phone.trust);
    assert!(matches!(checked[1], Checked::Bad(fault) if fault.cause == Cause::UnknownSigner));
}

#[test]
fn a_long_run_is_signed_now_and_then() {
    let (mut phone, _) = phone();
    let note = |n: u32| (0..40).map(|m| Digest::of(&[n as u8, m]).to_string()).collect::<String>();
    let plain: Vec<_> = (0..80).map(|n| phone.record(1, &note(n))).collect();
    let run = segments(&frame(&plain, Signatures::Runs));
    let signed = run.iter().filter(|s| s.signature.is_some()).count();
    assert!((3..=6).contains(&signed), "{signed}");
}

#[test]
fn hollow_and_opaque_are_told_apart_from_bad() {
    let (mut phone, _) = phone();
    let good = phone.record(2, "x");
    let mut hollow = good.clone();
    hollow.entries[1][30] ^= 1;
    let newer = {
        let longer = [&[0x8a][..], &good.entries[0][1..], &[0xf6]].concat();
        let sign = |m: &[u8]| crate::log::KeyStore::sign(&phone.keys, "device", None, m);
        Segment::seal(good.header.clone(), phone.key, vec![longer, good.entries[1].clone()], sign).unwrap()
    };
    for (segment, want) in [(&good, 0), (&newer, 1)] {
        let back = segments(&frame(std::slice::from_ref(segment), Signatures::All));
        let checked = verify(vec![Item::Segment(Box::new(back[0].clone()))], &phone.trust);
        assert!(matches!(&checked[0], Checked::Good(segment) if opaque(segment) == want), "{checked:?}");
    }
    let back = segments(&frame(&[hollow], Signatures::All));
    let checked = verify(vec![Item::Segment(Box::new(back[0].clone()))], &phone.trust);
    assert!(matches!(&checked[0], Checked::Hollow { fault, .. } if (fault.first, fault.last) == (1, 2)));
}

#[test]
fn a_full_frame_takes_no_more_and_an_empty_one_takes_any_that_fits() {
    let (mut phone, _) = phone();
    let (one, two) = (phone.record(200, "x"), phone.record(200, "y"));
    let mut writer = FrameWriter::new(Signatures::All, None).limit(10);
    assert_eq!((writer.segment(&one), writer.segment(&two), writer.len()), (Fit::Taken, Fit::Full, 1));
    assert_eq!(segments(&writer.finish()), [one]);
}

#[test]
fn a_bomb_and_a_foreign_version_are_refused_by_name() {
    assert_eq!(Frame::decode(ORG, SITE, &squeeze(&vec![0; 8 << 20], 3)), Err(FrameError::TooLarge));
    assert_eq!(Frame::decode(ORG, SITE, &squeeze(&[9, 0, 0, 0], 3)), Err(FrameError::Version));
    assert!(matches!(Frame::decode(ORG, SITE, b"<html>"), Err(FrameError::Damaged(_))));
}

#[test]
fn entries_that_expand_without_end_stop_at_the_limit() {
    // One entry touching 16 records, then thousands that touch the same: one byte each that expands to hundreds.
    let (mut phone, _) = phone();
    let mut segment = phone.seal(256, "x");
    let records: Vec<_> = (0..16).map(|n| crate::base::RecordId([n; 16])).collect();
    let op = Op::Write {
        record: 0,
        field: crate::records::FieldId(1),
        member: crate::records::Member::Whole,
        value: crate::base::Value::Null,
        cites: vec![Cite { chain: phone.chain, seq: 1, mark: [0; 8] }; 32],
    };
    let ops = crate::log::encode_ops(&[op]);
    let mut entries = segment.decode().unwrap();
    entries.iter_mut().for_each(|e| (e.records, e.ops) = (records.clone(), ops.clone()));
    segment.entries = entries.into();
    let mut writer = FrameWriter::new(Signatures::All, None);
    let taken = (0..200).take_while(|_| writer.segment(&segment) == Fit::Taken).count();
    let frame = writer.finish();
    let size = Frame::decode(ORG, SITE, &frame).unwrap().items.len();
    assert_eq!(size, taken);
    assert!(taken < 60 && frame.len() < 64 << 10, "{taken} {}", frame.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics_and_never_passes(at in 0..4_000_usize, bit in 0..8_u8, cut in any::<bool>()) {
        let (mut phone, _) = phone();
        let plain: Vec<_> = (0..4).map(|n| phone.record(4, &n.to_string())).collect();
        let body = unsqueeze(&frame(&plain, Signatures::Runs), 1 << 20).unwrap();
        let at = at % body.len();
        let mut hurt = body;
        if cut { hurt.truncate(at) } else { hurt[at] ^= 1 << bit }
        if let Ok(frame) = Frame::decode(ORG, SITE, &squeeze(&hurt, 1)) {
            for checked in verify(frame.items, &phone.trust) {
                if let Checked::Good(segment) = checked {
                    let same = plain.iter().any(|p| (&p.header, &p.entries) == (&segment.header, &segment.entries));
                    prop_assert!(same, "accepted what was never written");
                }
            }
        }
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Frame::decode(ORG, SITE, &squeeze(&[&[1][..], &bytes].concat(), 1)).is_err() || bytes.len() < 600);
        prop_assert!(Frame::decode(ORG, SITE, &bytes).is_err());
        prop_assert!(crate::sync::Response::from_bytes(&bytes).is_err() || bytes.len() < 600);
    }
}
