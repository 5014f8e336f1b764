//! Bad vectors: each is refused, and with its code.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, KeyId, SiteId};
use dutylog_core::log::{
    Certificate, Checkpoint, Entry, Envelope, EnvelopeKind, Held, Proof, PublicKey, SealError, Segment,
    SegmentError, Statement, Trust, decode_value, genesis, link, pack, scan,
};

use super::json::{Json, digest, expand, family, fixed, hex, list, seq, text};
use super::world::{World, certified, entries, frame, segments};

/// Reads every vector of a family and reports all that are not refused as they should be.
fn each(name: &str, read: impl Fn(&Json, &Json) -> Result<(), &'static str>) {
    let family = family(name);
    let vectors = list(&family["vectors"]);
    let wrong = vectors.iter().filter_map(|v| {
        let (given, expected) = (read(&family, v).err(), text(&v["code"]));
        (given != Some(expected)).then(|| format!("{}: gave {given:?}, expected {expected}", v["name"]))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(!vectors.is_empty() && wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn cbor() {
    each("bad_cbor", |_, v| {
        let bytes = expand(&v["bytes"]);
        let scanned = scan(&bytes).map_err(|e| e.code());
        assert_eq!(decode_value(&bytes).map(|_| ()).map_err(|e| e.code()), scanned);
        scanned
    });
}

#[test]
fn envelopes() {
    each("bad_envelopes", |_, v| open_envelope(v).map_err(|e| e.code()));
}

/// Opens an envelope that a given key must have signed.
fn open_envelope(v: &Json) -> Result<(), SealError> {
    let org = World::load().org;
    let (bytes, key, kid) =
        (hex(&v["envelope"]), PublicKey(fixed(&v["public_key"])), KeyId(fixed(&v["kid"])));
    let open = |kind| {
        let envelope = Envelope::parse(kind, &bytes)?;
        match envelope.key == kid {
            true => envelope.verify(org, &key).map(|()| envelope.payload),
            false => Err(SealError::BadEnvelope("signed with another key")),
        }
    };
    match text(&v["type"]) {
        "dutylog-certificate" => Certificate::verify(&bytes, org, &key).map(|_| ()),
        "dutylog-checkpoint" => Checkpoint::from_payload(&open(EnvelopeKind::Checkpoint)?, org).map(|_| ()),
        "dutylog-statement" => Statement::from_bytes(&open(EnvelopeKind::Statement)?)?
            .check_place(ChainId(fixed(&v["chain"])), seq(&v["seq"])),
        other => panic!("nothing opens {other}"),
    }
}

#[test]
fn certificates() {
    each("bad_certificates", |family, v| {
        let mut trust = Trust::new(World::load().org, PublicKey(fixed(&family["root_key"])));
        let (last, path) = list(&v["certificates"]).split_last().expect("at least one");
        for certificate in path {
            trust.add(&hex(certificate)).expect("the path is good");
        }
        trust.add(&hex(last)).map(|_| ()).map_err(|e| e.code())
    });
}

#[test]
fn statements() {
    let world = World::load();
    each("bad_statements", |family, v| {
        let device = world.trust.get(certified(&hex(&family["device_certificate"]))).expect("certified");
        let entry = Entry::from_bytes(&hex(&v["entry"])).expect("the entry itself is good");
        let chain = ChainId(fixed(&family["chain"]));
        Statement::verify_carried(&entry, chain, device, &world.trust).map(|_| ()).map_err(|e| e.code())
    });
}

#[test]
fn segments_that_do_not_belong() {
    let (world, held) = (World::load(), held());
    each("bad_segments", |family, v| take(&world, &held, family, v));
}

/// The last number of every good segment, by identifier.
fn held() -> BTreeMap<Digest, u64> {
    segments().values().map(|(header, _)| (header.id(), header.last())).collect()
}

/// Takes a segment as a holder of the chain up to `first` does, who asked for what follows.
fn take(world: &World, held: &BTreeMap<Digest, u64>, family: &Json, v: &Json) -> Result<(), &'static str> {
    let (site, chain) = (SiteId(fixed(&family["site"])), ChainId(fixed(&family["chain"])));
    let device = world.trust.get(certified(&hex(&family["device_certificate"]))).expect("certified");
    let segment =
        open_segment(world, &hex(&v["envelope"]), entries(v), (site, chain), device).map_err(|e| e.code())?;
    let (prev, highest) = (segment.header.prev, seq(&v["first"]) - 1);
    let known = held.get(&prev).copied().filter(|last| *last <= highest);
    let prev_last = if prev == genesis(device, site, chain) { Some(0) } else { known };
    let known = Held { already: false, prev_last, highest, owner: None };
    let link = link(&segment.header, segment.key, known);
    assert!(highest == 0 || held[&digest(&v["prev"])] == highest, "the vector's own place");
    link.code().map_or(Ok(()), Err)
}

fn open_segment(
    world: &World,
    envelope: &[u8],
    entries: Vec<Vec<u8>>,
    (site, chain): (SiteId, ChainId),
    device: &Certificate,
) -> Result<Segment, SegmentError> {
    let segment = Segment::parse(envelope, entries)?;
    segment.check_seal(world.org, site, device)?;
    if segment.header.chain != chain {
        return Err(SegmentError::Elsewhere("another chain than was asked for"));
    }
    segment.check_body()?;
    Ok(segment)
}

#[test]
fn proofs() {
    each("bad_proofs", |family, v| {
        let proof = Proof::from_bytes(&hex(&v["proof"])).map_err(|e| e.code())?;
        proof.verify(PublicKey(fixed(&family["root_key"]))).map(|_| ()).map_err(|e| e.code())
    });
}

#[test]
fn packed_bodies() {
    let segments = segments();
    each("bad_packed", |_, v| {
        let (header, _) = &segments[text(&v["segment"])];
        pack::unpack(frame(header), header.count, &hex(&v["body"])).map(|_| ()).map_err(|e| e.code())
    });
}
