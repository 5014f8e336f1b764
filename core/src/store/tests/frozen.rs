//! A chain that headquarters has closed because it forked.

use super::world::{Phone, SITE, certify_headquarters};
use crate::base::{BootId, ChainId};
use crate::log::{
    Absorbed, ClockEvidence, Entry, Header, Holdings, Op, Quality, SealError, Segment, encode_ops, genesis,
};
use crate::merge::chain_record;
use crate::records::chain::{FORK_REVIEWED, ForkCause, ForkReview, hq_chain};
use crate::records::{FieldValue, Kind};
use crate::store::Standing;

/// HQ's first segment: that it has reviewed the fork of a chain.
fn review(of: ChainId) -> Segment {
    let (key, device) = certify_headquarters();
    let (chain, boot) = (hq_chain(SITE, 1), BootId([5; 8]));
    let review = ForkReview { seq: 2, note: "copied".into(), cause: Some(ForkCause::Copied), own: None };
    let op = Op::Add { record: 0, field: FORK_REVIEWED.id(), value: review.to_value() };
    let entry = Entry {
        seq: 1,
        at: 5,
        boot,
        author: None,
        session: 0,
        records: vec![chain_record(of)],
        kind: Kind::ForkReviewed.code(),
        ops: encode_ops(&[op]),
        statement: None,
        beyond: Vec::new(),
    };
    let clock = ClockEvidence {
        wall: 5,
        zone: 480,
        hlc: 5,
        hlc_counter: 0,
        mono: 5,
        boot,
        quality: Quality::Unchecked,
        sample: None,
    };
    let header = Header {
        org: super::world::ORG,
        site: SITE,
        chain,
        first: 1,
        count: 0,
        prev: genesis(&device, SITE, chain),
        clock,
        config: None,
        checkpoint: None,
        seen: Vec::new(),
        root: crate::base::Digest::default(),
        beyond: Vec::new(),
    };
    let sign = |message: &[u8]| Ok::<_, SealError>(key.sign(message));
    Segment::seal(header, device.id(), vec![entry.to_bytes()], sign).expect("a key in memory signs")
}

#[test]
fn a_phone_stops_writing_a_chain_that_headquarters_has_closed() {
    let mut phone = Phone::new(1);
    let known = phone.store.trust(&[certify_headquarters().1.bytes]).expect("stored");
    known.expect("proven");
    let record = phone.raise(None, "gate");
    phone.seal();
    let chain = phone.chain();
    assert_eq!(phone.absorb(vec![review(ChainId([9; 16]))]).expect("taken in"), [Absorbed::Stored]);
    assert_eq!(phone.store.standing(), Standing::Writable, "it was about another chain");

    let mut phone = Phone::new(1);
    phone.store.trust(&[certify_headquarters().1.bytes]).expect("stored").expect("proven");
    assert_eq!(phone.raise(None, "gate"), record);
    phone.seal();
    assert_eq!(phone.absorb(vec![review(chain)]).expect("taken in"), [Absorbed::Stored]);
    assert_eq!(phone.store.standing(), Standing::Forked, "though the other branch is not here");
    let heads = phone.store.heads().expect("read");
    assert_eq!(heads[&chain].len(), 1, "what was recorded stays, to be offered");
    let mut phone = phone.reopen();
    assert_eq!(phone.store.standing(), Standing::NoChain);
    phone.begin(ChainId([71; 16]));
    phone.raise(Some(record), "both gates");
    assert_eq!(phone.places(record), ["both gates"]);
}
