//! Bundles: whole, torn, foreign, hurt.

use proptest::prelude::*;

use super::world::{ORG, Org, Phone, SITE, Server, same};
use crate::base::{OrgId, SiteId};
use crate::log::Holdings as _;
use crate::sync::bundle::{BundleError, Evidence, certificates_for, export, import, lacking};

fn two() -> (Org, Server, Phone, Phone) {
    let org = Org::new();
    let mut server = Server::new(&org);
    let [a, b] = [11, 12].map(|n| org.phone(n, &mut server));
    (org, server, a, b)
}

/// What a phone has not sent, as a file.
fn bundle(phone: &Phone) -> Vec<u8> {
    let segments = lacking(&phone.log, None).unwrap();
    let certificates = certificates_for(&segments, &phone.trust);
    let receipts = phone.log.receipts().iter().map(|(_, bytes)| bytes.clone()).collect();
    let evidence = Evidence { certificates, checkpoints: Vec::new(), receipts };
    export(ORG, SITE, &evidence, &segments).unwrap()
}

#[test]
fn a_colleague_carries_what_was_not_sent() {
    let (_, mut server, mut a, mut b) = two();
    a.record(2, "sent");
    a.sync(&mut server);
    a.record(3, "not sent");
    b.sync(&mut server);
    let imported = import(&bundle(&a), SITE, &b.trust).unwrap();
    assert_eq!((imported.entries, imported.arrivals.len()), (3, 1));
    assert_eq!((imported.certificates.len(), imported.receipts.len()), (1, 1));
    assert!(imported.arrivals.iter().all(|arrival| arrival.position.is_none()));
    b.log.absorb(imported.arrivals, None).unwrap();
    b.sync(&mut server);
    assert!(same([&a.log, &b.log, &server.log]), "the colleague delivers it");
    a.sync(&mut server);
    assert!(a.log.unsent().unwrap().is_empty());
}

#[test]
fn only_what_the_other_lacks_is_exported() {
    let (_, _, mut a, mut b) = two();
    (0..3).for_each(|n| drop(a.record(2, &n.to_string())));
    let ours: Vec<_> = a.log.segments().cloned().collect();
    b.log.append(ours[0].clone());
    b.record(1, "own");
    let heads = b.log.heads().unwrap();
    assert_eq!(lacking(&a.log, Some(&heads)).unwrap(), ours[1..]);
    assert_eq!(lacking(&a.log, Some(&a.log.heads().unwrap())).unwrap(), []);
}

#[test]
fn a_torn_file_says_how_much_of_it_could_be_read() {
    let (_, _, mut a, b) = two();
    // Three frames: hardly compressible notes of 150 KB each.
    for n in 0..3_u8 {
        let note: String = (0..16).map(|m| crate::base::Digest::of(&[n, m]).to_string().repeat(12)).collect();
        a.record(14, &note);
    }
    let whole = bundle(&a);
    assert_eq!(import(&whole, SITE, &b.trust).unwrap().entries, 42);
    let torn = &whole[..whole.len() - 40];
    let error = import(torn, SITE, &b.trust).unwrap_err();
    let BundleError::Incomplete { readable, all } = error else { panic!("{error:?}") };
    assert!(all == 42 && readable < 42 && readable % 14 == 0, "{error}");
    for len in 0..whole.len().min(600) {
        assert!(import(&whole[..len], SITE, &b.trust).is_err());
    }
}

#[test]
fn a_bundle_for_somebody_else_is_refused_by_name() {
    let (_, _, mut a, b) = two();
    a.record(2, "x");
    let bytes = bundle(&a);
    assert_eq!(import(&bytes, SiteId([9; 16]), &b.trust), Err(BundleError::OtherSite));
    let mut other = b.trust.clone();
    other.org = OrgId([9; 16]);
    assert_eq!(import(&bytes, SITE, &other), Err(BundleError::OtherOrganisation));
    assert_eq!(import(b"PK\x03\x04 a zip file", SITE, &b.trust), Err(BundleError::Foreign));
}

#[test]
fn one_unproven_segment_refuses_the_whole() {
    let (_, _, mut a, b) = two();
    a.record(2, "good");
    let mut bad = a.seal(2, "bad");
    bad.entries[0][20] ^= 1;
    let segments = [a.log.segments().next().unwrap().clone(), bad];
    let certificates = certificates_for(&segments, &a.trust);
    let evidence = Evidence { certificates, ..Evidence::default() };
    let error = import(&export(ORG, SITE, &evidence, &segments).unwrap(), SITE, &b.trust).unwrap_err();
    assert_eq!(error.code(), "bad_segment");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_flipped_bit_is_noticed(at in any::<usize>(), bit in 0..8_u8) {
        let (_, _, mut a, b) = two();
        a.record(4, "x");
        let mut bytes = bundle(&a);
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(import(&bytes, SITE, &b.trust).is_err());
    }
}
