//! A site's log as Rust writes it: real keys, certificates, chains, statements, receipts and checkpoints, all from fixed seeds.

use std::convert::Infallible;

use dutylog_core::base::{BootId, ChainId, DeviceId, Digest, KeyId, Millis, OrgId, PersonId, SiteId, Value};
use dutylog_core::log::{
    Certificate, Checkpoint, Claims, ClockEvidence, ConfigCite, Entry, Head, Header, Peaks, Purpose, Quality,
    Receipt, Role, SealError, SecretKey, Segment, Signature, SiteRoot, Statement, genesis, merkle,
    session_digest, text_digest,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::json::{Json, to_hex};
use crate::strategies::{Shape, shape};

const ORG: OrgId = OrgId([1; 16]);
const SITE: SiteId = SiteId([2; 16]);
const T0: Millis = 1_790_000_000_000;
const BOOT: BootId = BootId([9; 8]);

/// A key with its certificate.
struct Certified {
    secret: SecretKey,
    certificate: Certificate,
}

fn secret(name: &str) -> SecretKey {
    SecretKey::from_seed(Digest::tagged("dutylog/test/seed", name.as_bytes()).0)
}

fn signing<E>(secret: &SecretKey) -> impl FnOnce(&[u8]) -> Result<Signature, E> + '_ {
    |message| Ok(secret.sign(message))
}

fn certify(by: KeyId, with: &SecretKey, name: &str, role: Role, holder: Option<[u8; 16]>) -> Certified {
    let site = (!matches!(role, Role::Issuing | Role::ServerLog)).then_some(SITE);
    let mut subject = [0; 16];
    subject.copy_from_slice(&Digest::of(name.as_bytes()).0[..16]);
    let (key, provisional) = (secret(name).public(), name.starts_with("provisional"));
    let claims = Claims { org: ORG, site, role, subject, holder, key, issued: T0, provisional };
    let certificate = claims.issue::<SealError>(by, signing(with)).expect("a strong key");
    Certified { secret: secret(name), certificate }
}

impl Certified {
    fn certify(&self, name: &str, role: Role, holder: Option<&Self>) -> Self {
        certify(self.id(), &self.secret, name, role, holder.map(|h| h.certificate.claims.subject))
    }

    fn id(&self) -> KeyId {
        self.certificate.id()
    }

    fn subject(&self) -> [u8; 16] {
        self.certificate.claims.subject
    }
}

/// One device, the people whose keys it holds, and its chain so far.
struct Device {
    key: Certified,
    people: Vec<Certified>,
    chain: ChainId,
    segments: Vec<Segment>,
}

impl Device {
    fn new(key: Certified, people: Vec<Certified>) -> Self {
        let chain = ChainId(key.subject().map(|b| b ^ 0xff));
        Self { key, people, chain, segments: Vec::new() }
    }

    fn next(&self) -> u64 {
        self.segments.last().map_or(1, |s| s.header.last() + 1)
    }

    fn prev(&self) -> Digest {
        let start = || genesis(&self.key.certificate, SITE, self.chain);
        self.segments.last().map_or_else(start, |s| s.header.id())
    }

    fn head(&self) -> Option<(ChainId, Head)> {
        self.segments.last().map(|s| (self.chain, s.header.head()))
    }

    fn entries(&self, shapes: &[Shape]) -> Vec<Entry> {
        let (mut before, mut entries) = ((T0, BOOT), Vec::new());
        for (shape, seq) in shapes.iter().zip(self.next()..) {
            let mut entry = shape.entry(self.chain, seq, before);
            before = (entry.at, entry.boot);
            self.authored(&mut entry, shape);
            entries.push(entry);
        }
        entries
    }

    /// Puts a real person and a real statement where the shape asks for them.
    fn authored(&self, entry: &mut Entry, shape: &Shape) {
        let person = shape.author.and_then(|n| self.people.get(usize::from(n) % self.people.len().max(1)));
        entry.author = person.map(|p| PersonId(p.subject()));
        let signer = person.filter(|_| shape.statement.is_some());
        entry.statement = signer.map(|person| self.statement(entry, person));
    }

    fn statement(&self, entry: &Entry, person: &Certified) -> Vec<u8> {
        let device = DeviceId(self.key.subject());
        let session = session_digest(SITE, device, PersonId(person.subject()), entry.at);
        let text = text_digest("所示文字 the text as shown");
        let accepted = [Value::Int(1), Value::Int(0), Value::from("备注 remarks"), Value::Null];
        let (purpose, digest, details) = match entry.kind % 4 {
            0 => (Purpose::Session, session, vec![Value::from("pin")]),
            1 => (Purpose::Handover, text, accepted.to_vec()),
            2 => (Purpose::Round, text, Vec::new()),
            _ => (Purpose::Incident, text, Vec::new()),
        };
        let statement =
            Statement { purpose, digest, chain: self.chain, seq: entry.seq, details: Value::List(details) };
        let Ok(signed) = statement.sign::<Infallible>(ORG, person.id(), signing(&person.secret));
        signed
    }

    fn seal(&mut self, shapes: &[Shape], header: Header) -> &Segment {
        let entries = self.entries(shapes).iter().map(Entry::to_bytes).collect();
        let Ok(segment) =
            Segment::seal::<Infallible>(header, self.key.id(), entries, signing(&self.key.secret));
        self.segments.push(segment);
        &self.segments[self.segments.len() - 1]
    }
}

/// The whole site under construction.
struct Site {
    server: Certified,
    certificates: Vec<Vec<u8>>,
    devices: Vec<Device>,
    log: Peaks,
    ids: Vec<Digest>,
    receipts: Vec<Vec<u8>>,
    checkpoints: Vec<Vec<u8>>,
}

impl Site {
    fn new() -> Self {
        let root = secret("root");
        let issuing = certify(root.public().root_id(), &root, "issuing", Role::Issuing, None);
        let server = issuing.certify("server", Role::ServerLog, None);
        let hq = issuing.certify("hq", Role::Headquarters, None);
        let [phone, tablet] = ["phone", "tablet"].map(|name| issuing.certify(name, Role::Phone, None));
        let lead = issuing.certify("lead", Role::Person, Some(&phone));
        let patrol = issuing.certify("patrol", Role::Person, Some(&phone));
        let newcomer = lead.certify("provisional newcomer", Role::Person, Some(&tablet));
        let all = [&issuing, &server, &hq, &phone, &tablet, &lead, &patrol, &newcomer];
        let certificates = all.map(|key| key.certificate.bytes.clone()).to_vec();
        let devices = vec![
            Device::new(hq, Vec::new()),
            Device::new(phone, vec![lead, patrol]),
            Device::new(tablet, vec![newcomer]),
        ];
        let (log, ids, receipts, checkpoints) = (Peaks::default(), Vec::new(), Vec::new(), Vec::new());
        Self { server, certificates, devices, log, ids, receipts, checkpoints }
    }

    fn root(&self) -> SiteRoot {
        SiteRoot { size: self.log.size(), root: self.log.root() }
    }

    fn header(&self, device: &Device, quality: Quality) -> Header {
        let mut seen: Vec<_> = self.devices.iter().filter_map(Device::head).collect();
        seen.sort_unstable();
        let configuration = self.devices[0].head().map(|(chain, head)| ConfigCite { chain, seq: head.seq });
        Header {
            org: ORG,
            site: SITE,
            chain: device.chain,
            first: device.next(),
            count: 0,
            prev: device.prev(),
            clock: ClockEvidence {
                wall: T0,
                zone: 480,
                hlc: T0,
                hlc_counter: 0,
                mono: 5_000,
                boot: BOOT,
                quality,
                sample: None,
            },
            config: configuration,
            checkpoint: (quality == Quality::Sampled).then(|| self.root()),
            seen,
            root: Digest::default(),
            beyond: Vec::new(),
        }
    }

    /// Seals a segment, takes it into the site's log, and receipts it.
    fn take(&mut self, device: usize, quality: Quality, shapes: &[Shape]) {
        let header = self.header(&self.devices[device], quality);
        let header = self.devices[device].seal(shapes, header).header.clone();
        self.ids.push(header.id());
        self.log.push(merkle::site_leaf(self.log.size(), &header.id()));
        let (log, received) = (self.root(), T0 + 1_000);
        let receipt =
            Receipt { site: SITE, epoch: 1, chain: header.chain, head: header.head(), log, received };
        let Ok(receipt) = receipt.sign::<Infallible>(ORG, self.server.id(), signing(&self.server.secret));
        self.receipts.push(receipt);
    }

    fn checkpoint(&mut self) {
        let checkpoint = Checkpoint { site: SITE, epoch: 1, log: self.root(), at: T0 };
        let Ok(signed) = checkpoint.sign::<Infallible>(ORG, self.server.id(), signing(&self.server.secret));
        self.checkpoints.push(signed);
    }

    fn document(&self) -> Json {
        let all = |envelopes: &[Vec<u8>]| envelopes.iter().map(|e| to_hex(e)).collect::<Json>();
        json!({
            "org": to_hex(&ORG.0), "root_key": to_hex(&secret("root").public().0),
            "certificates": all(&self.certificates),
            "site_log": self.ids.iter().map(|id| to_hex(&id.0)).collect::<Json>(),
            "receipts": all(&self.receipts), "checkpoints": all(&self.checkpoints),
            "chains": self.devices.iter().map(chain).collect::<Json>(),
        })
    }
}

fn chain(device: &Device) -> Json {
    let segment = |s: &Segment| {
        let envelope = s.envelope().expect("sealed just now").to_bytes();
        json!({
            "envelope": to_hex(&envelope),
            "entries": s.entries.iter().map(|e| to_hex(e)).collect::<Json>(),
        })
    };
    json!({
        "site": to_hex(&SITE.0), "chain": to_hex(&device.chain.0),
        "device_certificate": to_hex(&device.key.certificate.bytes),
        "segments": device.segments.iter().map(segment).collect::<Json>(),
    })
}

/// The log of a site whose devices sealed so many segments each, of random but always the same shapes, in the form that
/// `make_vectors.py verify` reads.
pub(super) fn site_log(rounds: usize) -> Json {
    let mut runner = TestRunner::deterministic();
    let plan = vec(vec((any::<bool>(), vec(shape(), 2..9)), 3), rounds);
    let plan = plan.new_tree(&mut runner).expect("nothing is filtered out").current();
    let mut site = Site::new();
    site.checkpoint();
    for round in plan {
        for (device, (sampled, shapes)) in round.iter().enumerate() {
            site.take(device, if *sampled { Quality::Sampled } else { Quality::Rebooted }, shapes);
        }
    }
    site.checkpoint();
    site.document()
}
