//! Good vectors of single things: decoding gives the meaning, encoding the bytes.

use std::collections::BTreeMap;

use dutylog_core::base::{BootId, ChainId, Digest};
use dutylog_core::log::{
    CodecError, Entry, Header, PublicKey, Receipt, SecretKey, check_ops, decode_ops, decode_value,
    derive_record, encode_ops, encode_value, leaf_of, merkle, scan, text_digest,
};

use super::json::{Json, digest, digests, expand, family, fixed, hex, int, list, seq, show_value, text};
use super::show;
use super::world::World;

fn each(name: &str, check: impl Fn(&Json)) {
    let family = family(name);
    let vectors = list(&family["vectors"]);
    assert!(!vectors.is_empty());
    vectors.iter().for_each(check);
}

#[test]
fn cbor() {
    each("cbor", |v| {
        let bytes = expand(&v["bytes"]);
        assert_eq!(scan(&bytes), Ok(()), "{}", v["name"]);
        let value = decode_value(&bytes).expect("a good value");
        if let Some(meaning) = v.get("value") {
            assert_eq!(&show_value(&value), meaning, "{}", v["name"]);
        }
        assert_eq!(encode_value(&value), bytes, "{}", v["name"]);
    });
}

#[test]
fn keys() {
    let world = World::load();
    each("keys", |v| {
        let public = PublicKey(fixed(&v["public_key"]));
        assert_eq!(SecretKey::from_seed(fixed(&v["seed"])).public(), public, "{}", v["name"]);
        assert!(!public.is_weak(), "{}", v["name"]);
        let kid = dutylog_core::base::KeyId(fixed(&v["kid"]));
        match world.trust.get(kid) {
            Some(certificate) => assert_eq!(certificate.claims.key, public, "{}", v["name"]),
            None => assert_eq!((kid, world.trust.root), (public.root_id(), public), "{}", v["name"]),
        }
    });
}

#[test]
fn certificates() {
    let world = World::load();
    let mut roles = BTreeMap::new();
    each("certificates", |v| {
        let envelope = hex(&v["envelope"]);
        let mut trust = world.trust.clone();
        let certificate = trust.add(&envelope).expect("a good certificate");
        assert_eq!(show::claims(&certificate.claims), v["meaning"], "{}", v["name"]);
        assert_eq!(certificate.claims.to_bytes(), hex(&v["payload"]), "{}", v["name"]);
        assert_eq!((certificate.id().0, certificate.issuer.0), (fixed(&v["kid"]), fixed(&v["signer_kid"])));
        let claims = certificate.claims.clone();
        let issued = claims.issue(certificate.issuer, |message| {
            world.sign(certificate.issuer)(message).map_err(|never| match never {})
        });
        let issued: Result<_, dutylog_core::log::SealError> = issued;
        assert_eq!(issued.expect("a strong key").bytes, envelope, "{}", v["name"]);
    });
    world.trust.certificates().for_each(|c| *roles.entry(c.claims.role).or_insert(0) += 1);
    assert_eq!(roles.len(), 5, "one certificate of each role at least");
}

#[test]
fn entries() {
    each("entries", |v| {
        let bytes = expand(&v["bytes"]);
        let entry = Entry::from_bytes(&bytes).expect("a good entry");
        assert!(entry.within_limits(), "{}", v["name"]);
        assert_eq!(entry.to_bytes(), bytes, "{}", v["name"]);
        assert_eq!(
            (entry.leaf(), leaf_of(&bytes)),
            (digest(&v["leaf"]), digest(&v["leaf"])),
            "{}",
            v["name"]
        );
        assert_eq!(check_ops(&entry.ops, entry.records.len()), Ok(()), "{}", v["name"]);
        let ops = entry.operations().expect("known operations");
        assert_eq!(encode_ops(&ops), entry.ops, "{}", v["name"]);
        if let (Some(meaning), Some(shown)) = (v.get("meaning"), v.get("ops")) {
            assert_eq!((&show::entry(&entry), &show::ops(&ops)), (meaning, shown), "{}", v["name"]);
        }
    });
}

#[test]
fn opaque() {
    let org = World::load().org;
    each("opaque", |v| {
        let bytes = hex(&v["bytes"]);
        match text(&v["what"]) {
            "entry" => {
                let entry = Entry::from_bytes(&bytes).expect("kept");
                assert!(!entry.beyond.is_empty() && entry.to_bytes() == bytes, "{}", v["name"]);
            }
            "segment" => {
                let header = Header::from_bytes(&bytes).expect("kept");
                assert!(!header.beyond.is_empty() && header.to_bytes() == bytes, "{}", v["name"]);
            }
            "receipt" => assert!(Receipt::from_payload(&bytes, org).is_ok(), "{}", v["name"]),
            "ops" => {
                assert_eq!(check_ops(&bytes, 1), Ok(()), "{}", v["name"]);
                assert!(matches!(decode_ops(&bytes), Err(CodecError::Newer { .. })), "{}", v["name"]);
            }
            other => panic!("nothing reads {other}"),
        }
    });
}

#[test]
fn records() {
    each("records", |v| {
        let n = u8::try_from(seq(&v["n"])).expect("one byte");
        let (chain, boot) = (ChainId(fixed(&v["chain"])), BootId(fixed(&v["boot"])));
        let record = derive_record(chain, seq(&v["seq"]), int(&v["t_ms"]), boot, n);
        assert_eq!(record.0, fixed(&v["record"]), "{v}");
    });
}

#[test]
fn merkle_trees() {
    let family = family("merkle");
    let (ids, leaves, roots) =
        (digests(&family["segment_ids"]), digests(&family["leaves"]), digests(&family["roots"]));
    let made: Vec<Digest> = (0..).zip(&ids).map(|(position, id)| merkle::site_leaf(position, id)).collect();
    assert_eq!(made, leaves);
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(merkle::root(&leaves[..size]), *root, "{size}");
    }
    for v in list(&family["inclusion"]) {
        let (index, size, path) = (seq(&v["index"]), seq(&v["size"]), digests(&v["path"]));
        let (at, of) = (usize::try_from(index).expect("small"), usize::try_from(size).expect("small"));
        assert_eq!(merkle::inclusion(&leaves[..of], at), path, "{index} in {size}");
        assert_eq!(merkle::climb(leaves[at], index, size, &path), Some(roots[of]), "{index} in {size}");
        for wrong in spoiled(&path) {
            assert_ne!(merkle::climb(leaves[at], index, size, &wrong), Some(roots[of]), "{index} in {size}");
        }
    }
}

/// A path with one step more, one less, or one changed.
fn spoiled(path: &[Digest]) -> Vec<Vec<Digest>> {
    let mut wrong = vec![[path, &[Digest::default()]].concat()];
    for i in 0..path.len() {
        wrong.push([&path[..i], &path[i + 1..]].concat());
        wrong.push([&path[..i], &[Digest::default()], &path[i + 1..]].concat());
    }
    wrong
}

#[test]
fn handovers() {
    each("handover", |v| {
        let bytes = hex(&v["bytes"]);
        assert_eq!(scan(&bytes), Ok(()), "{}", v["name"]);
        assert_eq!(Digest::tagged("dutylog/handover/v1", &bytes), digest(&v["digest"]), "{}", v["name"]);
        assert_eq!(text_digest(text(&v["shown_text"])), digest(&v["meaning"]["text"]), "{}", v["name"]);
    });
}
