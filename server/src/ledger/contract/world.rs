//! A small world to test in: an organisation, two sites, phones that seal segments.

use std::sync::Arc;

use dutylog_core::base::{BootId, ChainId, Digest, Entropy, Millis, PersonId, RecordId, Seq, SiteId, random};
use dutylog_core::log::{
    Certificate, Claims, ClockEvidence, Entry, Header, Quality, Role, SealError, SecretKey, Segment,
    encode_ops, genesis,
};

use crate::keys::ServerKeys;
use crate::ledger::{Appended, Ledger, LedgerError, Placed, Proven, SiteScope, append, append_header};

/// Bytes that look random and are the same in every run (SplitMix64).
#[derive(Debug)]
struct Dice(u64);

impl Entropy for Dice {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// An organisation with two sites on one engine.
#[derive(Debug)]
pub struct World {
    /// The engine.
    pub ledger: Arc<dyn Ledger>,
    /// The organisation's keys.
    pub keys: Arc<ServerKeys>,
    /// The site most cases work on.
    pub here: SiteScope,
    /// The other one.
    pub there: SiteScope,
}

impl World {
    /// Makes the sites.
    pub async fn new(ledger: Arc<dyn Ledger>) -> Self {
        let keys = Arc::new(ServerKeys::generate(&mut Dice(1), 1_000).expect("keys"));
        let scope = |n| SiteScope::enter(SiteId([n; 16]), &*keys).expect("the server enters every site");
        let (here, there) = (scope(0xa), scope(0xb));
        for scope in [here, there] {
            ledger.create_site(scope, keys.org(), 1_000).await.expect("a new site");
        }
        Self { ledger, keys, here, there }
    }

    /// A phone enrolled here.
    #[must_use]
    pub fn phone(&self, seed: u64) -> Phone {
        self.phone_at(self.here, seed)
    }

    /// A phone enrolled at a site.
    #[must_use]
    pub fn phone_at(&self, scope: SiteScope, seed: u64) -> Phone {
        let mut dice = Dice(seed << 32);
        let key = Arc::new(SecretKey::from_seed(random(&mut dice)));
        let claims = Claims {
            org: self.keys.org(),
            site: Some(scope.site()),
            role: Role::Phone,
            subject: random(&mut dice),
            holder: None,
            key: key.public(),
            issued: 2_000,
            provisional: false,
        };
        let certificate = self.keys.certify(claims).expect("a certificate");
        let chain = ChainId(random(&mut dice));
        let prev = genesis(&certificate, scope.site(), chain);
        Phone { scope, key, certificate, chain, next: 1, prev }
    }

    /// Verifies and appends one segment in a transaction of its own.
    pub async fn push(&self, phone: &Phone, segment: &Segment) -> Appended {
        self.push_at(phone, segment, 5_000).await
    }

    /// The same at a given time.
    pub async fn push_at(&self, phone: &Phone, segment: &Segment, now: Millis) -> Appended {
        push(&self.ledger, phone, segment, now).await.expect("the ledger answers")
    }

    /// Appends a segment that must be placed.
    pub async fn place(&self, phone: &Phone, segment: &Segment) -> Placed {
        match self.push(phone, segment).await {
            Appended::Placed(placed) => placed,
            other => panic!("not placed: {other:?}"),
        }
    }

    /// Takes in a header whose body is bad.
    pub async fn push_header(&self, phone: &Phone, segment: &Segment) -> Appended {
        let mut writer = self.ledger.begin(phone.scope).await.expect("the lock");
        let start = genesis(&phone.certificate, phone.scope.site(), phone.chain);
        let answer = append_header(&mut *writer, segment, &start, phone.certificate.id(), 5_000).await;
        writer.commit().await.expect("a commit");
        answer.expect("the ledger answers")
    }

    /// How many segments the site's log has.
    pub async fn size(&self) -> u64 {
        self.ledger.state(self.here).await.expect("a state").log().size
    }
}

/// Verifies and appends one segment in a transaction of its own.
pub(super) async fn push(
    ledger: &Arc<dyn Ledger>,
    phone: &Phone,
    segment: &Segment,
    now: Millis,
) -> Result<Appended, LedgerError> {
    let proven = phone.prove(segment);
    let mut writer = ledger.begin(phone.scope).await?;
    let answer = append(&mut *writer, &proven, now).await?;
    writer.commit().await?;
    Ok(answer)
}

/// A phone that seals segments. A clone of it is the same phone restored from a copy.
#[derive(Clone)]
pub struct Phone {
    /// Its site.
    pub scope: SiteScope,
    key: Arc<SecretKey>,
    /// Its certificate.
    pub certificate: Certificate,
    /// Its chain.
    pub chain: ChainId,
    next: Seq,
    prev: Digest,
}

impl Phone {
    /// Records so many entries and seals them. `tag` tells apart what different copies of a phone record.
    pub fn seal(&mut self, count: u64, tag: u8) -> Segment {
        let entries = (self.next..self.next + count).map(|seq| entry(seq, tag)).collect();
        self.seal_entries(entries)
    }

    /// Seals given entries.
    pub fn seal_entries(&mut self, entries: Vec<Vec<u8>>) -> Segment {
        let header = self.header();
        let segment = self.sign(header, entries);
        self.next = segment.header.last() + 1;
        self.prev = segment.header.id();
        segment
    }

    /// Goes on with this chain under another phone's key.
    pub fn take_over(&mut self, by: &Self) {
        self.key = Arc::clone(&by.key);
        self.certificate = by.certificate.clone();
    }

    /// Begins another phone's chain again under its own key.
    pub fn call_itself(&mut self, other: &Self) {
        self.chain = other.chain;
        self.prev = genesis(&self.certificate, self.scope.site(), self.chain);
    }

    /// Signs a header over entries, whatever they say.
    #[must_use]
    pub fn sign(&self, header: Header, entries: Vec<Vec<u8>>) -> Segment {
        let sign = |message: &[u8]| Ok::<_, SealError>(self.key.sign(message));
        Segment::seal(header, self.certificate.id(), entries, sign).expect("a key in memory signs")
    }

    /// The header of the next segment.
    #[must_use]
    pub fn header(&self) -> Header {
        Header {
            org: self.certificate.claims.org,
            site: self.scope.site(),
            chain: self.chain,
            first: self.next,
            count: 0,
            prev: self.prev,
            clock: ClockEvidence {
                wall: 3_000,
                zone: 480,
                hlc: 3_000,
                hlc_counter: 0,
                mono: 77,
                boot: BootId([1; 8]),
                quality: Quality::Unchecked,
                sample: None,
            },
            config: None,
            checkpoint: None,
            seen: Vec::new(),
            root: Digest::default(),
            beyond: Vec::new(),
        }
    }

    /// Verifies a segment that must be good.
    #[must_use]
    pub fn prove(&self, segment: &Segment) -> Proven {
        let org = self.certificate.claims.org;
        Proven::new(segment.clone(), org, self.scope, &self.certificate).expect("a good segment")
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Phone({} before {})", self.chain, self.next)
    }
}

/// An entry with everything in it that an entry can have.
#[must_use]
pub fn entry(seq: Seq, tag: u8) -> Vec<u8> {
    let full = seq.is_multiple_of(2);
    let entry = Entry {
        seq,
        at: 3_000 + i64::try_from(seq).expect("small"),
        boot: BootId([1; 8]),
        author: full.then_some(PersonId([tag; 16])),
        session: 0,
        records: if full { vec![RecordId([tag; 16])] } else { Vec::new() },
        kind: u16::from(tag),
        ops: encode_ops(&[]),
        statement: seq.is_multiple_of(3).then(|| vec![tag; 5]),
        beyond: Vec::new(),
    };
    entry.to_bytes()
}
