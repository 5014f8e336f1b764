//! Good vectors of what is signed and linked: segments, packed bodies, receipts, checkpoints, statements.

use dutylog_core::base::{ChainId, DeviceId, Digest, PersonId, SiteId};
use dutylog_core::log::{
    Checkpoint, Entry, Purpose, Receipt, Segment, Statement, genesis, merkle, pack, session_digest,
    statement_digest, text_digest,
};

use super::json::{Json, digest, digests, family, fixed, hex, int, list, seq, text};
use super::show;
use super::world::{World, certified, entries, frame, segments};

#[test]
fn segments_and_their_links() {
    let world = World::load();
    for chain in list(&family("segments")["chains"]) {
        let device = world.trust.get(certified(&hex(&chain["device_certificate"]))).expect("certified");
        let (site, id) = (SiteId(fixed(&chain["site"])), ChainId(fixed(&chain["chain"])));
        let (mut prev, mut next) = (genesis(device, site, id), 1);
        for v in list(&chain["segments"]) {
            let segment = Segment::parse(&hex(&v["envelope"]), entries(v)).expect("a good segment");
            segment.check_seal(world.org, site, device).expect("a good seal");
            segment.check_body().expect("a good body");
            assert_eq!((segment.header.prev, segment.header.first), (prev, next), "{}", v["name"]);
            assert_eq!(show::header(&segment.header), v["meaning"], "{}", v["name"]);
            assert_eq!(segment.header.to_bytes(), hex(&v["header"]), "{}", v["name"]);
            assert_eq!(segment.header.id(), digest(&v["id"]), "{}", v["name"]);
            sealed_again(&world, &segment, v);
            (prev, next) = (segment.header.id(), segment.header.last() + 1);
        }
    }
}

/// Sealing the same entries under the same header gives the same bytes.
fn sealed_again(world: &World, segment: &Segment, v: &Json) {
    let mut header = segment.header.clone();
    (header.count, header.root) = (0, Digest::default());
    let sign = world.sign(segment.key);
    let Ok(again) = Segment::seal(header, segment.key, segment.entries.to_vec(), sign);
    assert_eq!(&again, segment, "{}", v["name"]);
    assert_eq!(again.envelope().expect("signed").to_bytes(), hex(&v["envelope"]), "{}", v["name"]);
}

#[test]
fn packed_bodies() {
    let segments = segments();
    for v in list(&family("packed")["vectors"]) {
        let (header, bytes) = &segments[text(&v["segment"])];
        let entries: Vec<_> = bytes.iter().map(|b| Entry::from_bytes(b).expect("a good entry")).collect();
        let body = hex(&v["body"]);
        assert_eq!(pack::pack(frame(header), &entries), body, "{}", v["segment"]);
        assert_eq!(pack::unpack(frame(header), header.count, &body), Ok(entries), "{}", v["segment"]);
    }
}

#[test]
fn receipts() {
    let (world, family) = (World::load(), family("site_log"));
    let (ids, server) = (digests(&family["segment_ids"]), certified(&hex(&family["server_certificate"])));
    for v in list(&family["receipts"]) {
        let envelope = hex(&v["envelope"]);
        let receipt = Receipt::verify(&envelope, &world.trust).expect("a good receipt");
        assert_eq!(show::receipt(world.org, &receipt), v["meaning"], "{}", v["name"]);
        assert_eq!(receipt.sign(world.org, server, world.sign(server)), Ok(envelope), "{}", v["name"]);
        let leaves = site_leaves(&ids, receipt.log.size);
        assert_eq!(merkle::root(&leaves), receipt.log.root, "{}", v["name"]);
        let at = ids.iter().position(|id| *id == receipt.head.segment).expect("in the site's log");
        let path = merkle::inclusion(&leaves, at);
        let root = merkle::climb(leaves[at], at as u64, receipt.log.size, &path);
        assert_eq!(root, Some(receipt.log.root), "{}", v["name"]);
    }
}

#[test]
fn checkpoints() {
    let (world, family) = (World::load(), family("site_log"));
    let (ids, server) = (digests(&family["segment_ids"]), certified(&hex(&family["server_certificate"])));
    for v in list(&family["checkpoints"]) {
        let envelope = hex(&v["envelope"]);
        let checkpoint = Checkpoint::verify(&envelope, &world.trust).expect("a good checkpoint");
        assert_eq!(show::checkpoint(world.org, &checkpoint), v["meaning"], "{}", v["name"]);
        assert_eq!(checkpoint.sign(world.org, server, world.sign(server)), Ok(envelope), "{}", v["name"]);
        assert_eq!(
            merkle::root(&site_leaves(&ids, checkpoint.log.size)),
            checkpoint.log.root,
            "{}",
            v["name"]
        );
    }
}

fn site_leaves(ids: &[Digest], size: u64) -> Vec<Digest> {
    (0..size).zip(ids).map(|(position, id)| merkle::site_leaf(position, id)).collect()
}

#[test]
fn statements() {
    let world = World::load();
    for v in list(&family("statements")["vectors"]) {
        let (envelope, person) = (hex(&v["envelope"]), certified(&hex(&v["person_certificate"])));
        let (statement, signer) = Statement::verify(&envelope, &world.trust).expect("a good statement");
        assert_eq!(signer.id(), person, "{}", v["name"]);
        let purpose = match statement.purpose {
            Purpose::Session => "session",
            Purpose::Round => "round",
            Purpose::Handover => "handover",
            Purpose::Incident => "incident",
        };
        assert_eq!(show::statement(purpose, &statement), v["meaning"], "{}", v["name"]);
        assert_eq!(statement.to_bytes(), hex(&v["payload"]), "{}", v["name"]);
        assert_eq!(
            statement.sign(world.org, person, world.sign(person)),
            Ok(envelope.clone()),
            "{}",
            v["name"]
        );
        assert_eq!(statement.digest, digest_of(&v["of"]), "{}", v["name"]);
        assert_eq!(statement_digest(&envelope), digest(&v["statement_digest"]), "{}", v["name"]);
        statement.check_place(ChainId(fixed(&v["chain"])), seq(&v["seq"])).expect("where it says");
    }
}

fn digest_of(of: &Json) -> Digest {
    if let Some(s) = of.get("session") {
        let (device, person) = (DeviceId(fixed(&s["device"])), PersonId(fixed(&s["person"])));
        return session_digest(SiteId(fixed(&s["site"])), device, person, int(&s["t_ms"]));
    }
    match of.get("text") {
        Some(shown) => text_digest(text(shown)),
        None => Digest::tagged("dutylog/handover/v1", &hex(&of["handover"])),
    }
}

/// Every statement in the good chains is its author's, made on the chain's device, about the entry that carries it.
#[test]
fn carried_statements() {
    let world = World::load();
    let mut carried = 0;
    for chain in list(&family("segments")["chains"]) {
        let device = world.trust.get(certified(&hex(&chain["device_certificate"]))).expect("certified");
        let all = list(&chain["segments"]).iter().flat_map(entries);
        for entry in all.map(|bytes| Entry::from_bytes(&bytes).expect("a good entry")) {
            if entry.statement.is_some() {
                let id = ChainId(fixed(&chain["chain"]));
                Statement::verify_carried(&entry, id, device, &world.trust).expect("a good statement");
                carried += 1;
            }
        }
    }
    assert!(carried >= 5, "{carried}");
}
