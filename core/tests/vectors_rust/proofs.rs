//! Proofs that the Python program made: they verify, say what it says, and are made alike.

use std::collections::BTreeMap;

use dutylog_core::base::Digest;
use dutylog_core::log::merkle::{inclusion, site_leaf};
use dutylog_core::log::{Claim, Proof, Proved, Proven, PublicKey, Segment, Shown};

use super::json::{Json, digests, family, fixed, hex, list, seq, text};
use super::world::entries;

#[test]
fn proofs() {
    let family = family("proofs");
    let root = PublicKey(fixed(&family["root_key"]));
    for v in list(&family["vectors"]) {
        let (bytes, meaning) = (hex(&v["proof"]), &v["meaning"]);
        let proof = Proof::from_bytes(&bytes).expect("of the right form");
        assert_eq!(proof.to_bytes(), bytes, "{}", v["name"]);
        match proof.verify(root).unwrap_or_else(|error| panic!("{}: {error}", v["name"])) {
            Proved::Entry(entry, receipt) => {
                assert_eq!((text(&meaning["kind"]), entry.leaf), ("entry", Digest(fixed(&meaning["leaf"]))));
                is_about(&entry, meaning);
                assert_eq!(receipt.log.size, seq(&meaning["size"]), "{}", v["name"]);
                assert_eq!(meaning["recv_ms"], receipt.received, "{}", v["name"]);
                assert_eq!(meaning["statement"], entry.statement.is_some(), "{}", v["name"]);
            }
            Proved::Fork(branches) => {
                assert_eq!(text(&meaning["kind"]), "fork");
                branches.iter().for_each(|branch| is_about(branch, meaning));
                assert_eq!(branches.map(|b| b.leaf).to_vec(), digests(&meaning["leaves"]));
            }
        }
    }
}

fn is_about(entry: &Proven, meaning: &Json) {
    let header = &entry.header;
    assert_eq!(header.site.0, fixed::<16>(&meaning["site"]));
    assert_eq!(header.chain.0, fixed::<16>(&meaning["chain"]));
    assert_eq!(entry.entry.seq, seq(&meaning["seq"]));
    assert_eq!(entry.device.claims.subject, fixed::<16>(&meaning["device"]));
}

/// From the same segments comes the same proof, byte for byte.
#[test]
fn proofs_made_again() {
    let (segments, log) = (segments(), family("site_log"));
    let ids = digests(&log["segment_ids"]);
    for v in list(&family("proofs")["vectors"]).iter().filter(|v| v.get("segments").is_some()) {
        let given = Proof::from_bytes(&hex(&v["proof"])).expect("of the right form");
        let mut run: Vec<_> = list(&v["segments"]).iter().map(|name| segments[text(name)].clone()).collect();
        let last = run.len() - 1;
        run[..last].iter_mut().for_each(|segment| segment.signature = None);
        let shown = Shown::of(&run, seq(&v["meaning"]["seq"])).expect("the run holds it");
        let at = ids.iter().position(|id| *id == run[0].header.id()).expect("in the site's log");
        let leaves: Vec<_> = (0..).zip(&ids[..=at]).map(|(position, id)| site_leaf(position, id)).collect();
        let Claim::Entry { receipt, .. } = &given.claim else { panic!("an entry") };
        let claim = Claim::Entry { shown, receipt: receipt.clone(), path: inclusion(&leaves, at) };
        assert_eq!(Proof { claim, ..given.clone() }, given, "{}", v["name"]);
    }
}

fn segments() -> BTreeMap<String, Segment> {
    let family = family("segments");
    let all = list(&family["chains"]).iter().flat_map(|chain| list(&chain["segments"]));
    let segment = |s: &Json| Segment::parse(&hex(&s["envelope"]), entries(s)).expect("a good segment");
    all.map(|s| (text(&s["name"]).to_owned(), segment(s))).collect()
}
