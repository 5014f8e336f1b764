use super::{Claim, Proof, ProofError, Proved, Shown};
use crate::base::{Digest, OrgId, RecordId};
use crate::capture::Intent;
use crate::log::merkle::{Peaks, inclusion, site_leaf};
use crate::log::{Certificate, PublicKey, Receipt, Role, SealError, SecretKey, Segment, SiteRoot};
use crate::records::Kind;
use crate::records::incident::PLACE;
use crate::testing::{Author, World};

/// A site with one phone, and the key that signs its receipts.
struct Site {
    world: World,
    phone: Author,
    log_key: SecretKey,
    log: Certificate,
}

impl Site {
    fn new() -> Self {
        let mut world = World::new(1);
        let phone = world.phone(&[]);
        let (log, log_key) = world.server_log();
        Self { world, phone, log_key, log }
    }

    fn certificates(&self) -> Vec<Vec<u8>> {
        let of = |role| self.world.certificates.iter().filter(move |c| c.claims.role == role);
        let device = [&self.phone.certificate, &self.log];
        of(Role::Issuing).chain(device).map(|c| c.bytes.clone()).collect()
    }

    fn proof(&self, claim: Claim) -> Proof {
        Proof { org: self.world.org, certificates: self.certificates(), claim }
    }

    fn root(&self) -> PublicKey {
        self.world.root()
    }

    /// The proof of an entry of the first of these segments, which is the third of the site's log.
    fn entry(&self, run: &[Segment], seq: u64) -> Proof {
        let header = &run[0].header;
        let ids = [Digest::of(b"one"), Digest::of(b"two"), header.id()];
        let leaves: Vec<_> = (0..).zip(&ids).map(|(at, id)| site_leaf(at, id)).collect();
        let root = leaves.iter().fold(Peaks::default(), |peaks, leaf| peaks.with(*leaf)).root();
        let log = SiteRoot { size: 3, root };
        let receipt = Receipt {
            site: header.site,
            epoch: 1,
            chain: header.chain,
            head: header.head(),
            log,
            received: 7,
        };
        let sign = |message: &[u8]| Ok::<_, SealError>(self.log_key.sign(message));
        let receipt = receipt.sign(self.world.org, self.log.id(), sign).expect("a key in memory signs");
        let shown = Shown::of(run, seq).expect("the run holds it");
        self.proof(Claim::Entry { shown, receipt, path: inclusion(&leaves, 2) })
    }
}

fn record(phone: &mut Author, place: &str) {
    let detailed = Intent::about(Kind::IncidentDetailed, RecordId([1; 16]));
    phone.record(detailed.set(PLACE, &place.to_owned()).done());
}

fn sealed(phone: &mut Author, places: &[&str]) -> Segment {
    places.iter().for_each(|place| record(phone, place));
    phone.seal()
}

#[test]
fn an_entry_is_shown_without_its_neighbours() {
    let mut site = Site::new();
    let segment = sealed(&mut site.phone, &["gate", "roof", "hall"]);
    for seq in 1..=3 {
        let bytes = site.entry(std::slice::from_ref(&segment), seq).to_bytes();
        let proof = Proof::from_bytes(&bytes).expect("of the right form");
        assert_eq!(proof.to_bytes(), bytes);
        let Ok(Proved::Entry(entry, receipt)) = proof.verify(site.root()) else { panic!("{seq}") };
        assert_eq!((entry.entry.seq, receipt.log.size), (seq, 3));
        assert_eq!(entry.leaf, segment.leaves()[usize::try_from(seq - 1).expect("small")]);
    }
    assert_eq!(Shown::of(std::slice::from_ref(&segment), 4), None);
    assert_eq!(Shown::of(&[], 1), None);
    assert_eq!(Shown::of(&[Segment { signature: None, ..segment }], 1), None, "nothing signs it");
}

#[test]
fn an_entry_whose_segment_lost_its_signature_is_proven_by_what_follows() {
    let mut site = Site::new();
    let mut run: Vec<_> = ["gate", "roof", "hall"].map(|place| sealed(&mut site.phone, &[place])).into();
    run[0].signature = None;
    run[1].signature = None;
    let proof = site.entry(&run, 1);
    assert!(matches!(proof.verify(site.root()), Ok(Proved::Entry(..))));
    let skipped = site.entry(&[run[0].clone(), run[2].clone()], 1);
    assert_eq!(skipped.verify(site.root()), Err(ProofError::BrokenLink));
}

#[test]
fn whatever_byte_is_changed_is_found() {
    let mut site = Site::new();
    let segment = sealed(&mut site.phone, &["gate", "roof", "hall"]);
    let good = site.entry(&[segment], 2).to_bytes();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let verdict = Proof::from_bytes(&bad).and_then(|proof| proof.verify(site.root()));
        assert!(verdict.is_err(), "byte {at}");
    }
}

#[test]
fn a_fork_is_shown_by_both_its_branches() {
    let mut site = Site::new();
    let before = sealed(&mut site.phone, &["gate"]);
    let mut copy = site.phone.clone();
    let one = sealed(&mut site.phone, &["roof", "hall"]);
    let other = sealed(&mut copy, &["cellar", "yard"]);
    let shown = |segment: &Segment, seq| Shown::of(std::slice::from_ref(segment), seq).expect("held");
    let fork = |a, b| site.proof(Claim::Fork([a, b])).verify(site.root());
    let Ok(Proved::Fork(branches)) = fork(shown(&one, 2), shown(&other, 2)) else { panic!("a fork") };
    assert_eq!(branches.each_ref().map(|branch| branch.entry.seq), [2, 2]);
    for (a, b) in [(shown(&one, 2), shown(&one, 2)), (shown(&one, 2), shown(&other, 3))] {
        assert_eq!(fork(a, b), Err(ProofError::NoFork));
    }
    assert_eq!(fork(shown(&before, 1), shown(&other, 2)), Err(ProofError::NoFork));
}

#[test]
fn a_receipt_of_another_segment_or_place_proves_nothing() {
    let mut site = Site::new();
    let (one, two) = (sealed(&mut site.phone, &["gate"]), sealed(&mut site.phone, &["roof"]));
    let claims = [site.entry(&[one], 1).claim, site.entry(&[two], 2).claim];
    let [Claim::Entry { shown, path, receipt }, Claim::Entry { receipt: other, .. }] = claims else {
        panic!("entries")
    };
    let verify = |receipt, path| {
        let shown = shown.clone();
        site.proof(Claim::Entry { shown, receipt, path }).verify(site.root()).err()
    };
    assert_eq!(verify(receipt.clone(), path.clone()), None);
    assert_eq!(verify(other, path.clone()), Some(ProofError::OtherReceipt));
    assert_eq!(verify(receipt, path[1..].to_vec()), Some(ProofError::NotInLog));
}

#[test]
fn nobody_elses_root_key_proves_it() {
    let mut site = Site::new();
    let segment = sealed(&mut site.phone, &["gate"]);
    let proof = site.entry(&[segment], 1);
    let stranger = SecretKey::from_seed([9; 32]).public();
    assert!(matches!(proof.verify(stranger), Err(ProofError::Certificate(_))));
    let elsewhere = Proof { org: OrgId([9; 16]), ..proof };
    assert!(matches!(elsewhere.verify(site.root()), Err(ProofError::Certificate(_))));
}
