//! A site with an organisation's keys and phones, without people: what a device may record alone is enough for the store.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::types::Value as Column;
use tempfile::TempDir;

use crate::base::{BootId, ChainId, DraftId, Entropy, KeyId, Millis, OrgId, RecordId, SiteId, Value};
use crate::log::{
    Absorbed, Arrival, Certificate, Claims, ClockEvidence, Entry, Holdings, KeyStoreError, Op, Quality, Role,
    SealError, SecretKey, Segment, SoftKeys, derive_record, encode_ops,
};
use crate::merge::{Lookup, Register};
use crate::records::{Cell, FieldId, Kind, Member, incident};
use crate::store::{Appended, Config, Context, Durability, Identity, Store, StoreError};

pub(super) const ORG: OrgId = OrgId([1; 16]);
pub(super) const SITE: SiteId = SiteId([2; 16]);
pub(super) const PLACE: FieldId = incident::PLACE.id();

fn root() -> SecretKey {
    SecretKey::from_seed([10; 32])
}

fn issuing() -> SecretKey {
    SecretKey::from_seed([11; 32])
}

fn certify(role: Role, subject: u8, key: &SecretKey, issuer: KeyId, by: &SecretKey) -> Certificate {
    let claims = Claims {
        org: ORG,
        site: (!matches!(role, Role::Issuing | Role::ServerLog)).then_some(SITE),
        role,
        subject: [subject; 16],
        holder: None,
        key: key.public(),
        issued: 0,
        provisional: false,
    };
    claims.issue(issuer, |bytes| Ok::<_, SealError>(by.sign(bytes))).expect("a good key")
}

fn issuing_certificate() -> Certificate {
    certify(Role::Issuing, 0, &issuing(), root().public().root_id(), &root())
}

/// The key of a phone.
pub(super) fn key(phone: u8) -> SecretKey {
    SecretKey::from_seed([100 + phone; 32])
}

/// The certificate of a phone.
pub(super) fn certificate(phone: u8) -> Certificate {
    certify(Role::Phone, phone, &key(phone), issuing_certificate().id(), &issuing())
}

/// The key by which the server signs what it promises.
pub(super) fn server_log() -> (SecretKey, Certificate) {
    let key = SecretKey::from_seed([12; 32]);
    let certificate = certify(Role::ServerLog, 9, &key, issuing_certificate().id(), &issuing());
    (key, certificate)
}

/// HQ's own device.
pub(super) fn certify_headquarters() -> (SecretKey, Certificate) {
    let key = SecretKey::from_seed([13; 32]);
    let certificate = certify(Role::Headquarters, 10, &key, issuing_certificate().id(), &issuing());
    (key, certificate)
}

/// Randomness that is the same every time.
pub(super) struct Counting(pub(super) u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

/// A key store of an installation.
pub(super) fn keys(secret: u8) -> Arc<SoftKeys> {
    Arc::new(SoftKeys::new([secret; 32], Box::new(Counting(secret)), BTreeMap::new()))
}

/// A phone: a folder, a database, a key.
pub(super) struct Phone {
    pub(super) n: u8,
    pub(super) folder: TempDir,
    pub(super) store: Store,
    pub(super) now: Millis,
}

impl Phone {
    /// Enrolled, with a chain.
    pub(super) fn new(n: u8) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&config(&folder, n), keys(n)).expect("a new database");
        let mut phone = Self { n, folder, store, now: 1_000_000 };
        phone.enrol();
        phone.begin(ChainId([n; 16]));
        phone
    }

    pub(super) fn enrol(&mut self) {
        let certificates =
            [issuing_certificate().bytes].into_iter().chain((1..8).map(|n| certificate(n).bytes));
        let known = self.store.trust(&certificates.collect::<Vec<_>>()).expect("stored");
        assert_eq!(known.map(|c| c.len()), Ok(8));
        let log = self.store.trust(&[server_log().1.bytes]).expect("stored");
        assert_eq!(log.map(|c| c.len()), Ok(1));
    }

    pub(super) fn begin(&mut self, chain: ChainId) {
        self.store.start_chain(chain, &certificate(self.n)).expect("a new chain");
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("log.db")
    }

    /// Closes and opens it again.
    pub(super) fn reopen(self) -> Self {
        self.reopen_with(|_| ())
    }

    /// Does something to the files while it is closed.
    pub(super) fn reopen_with(self, between: impl FnOnce(&PathBuf)) -> Self {
        let path = self.path();
        let Self { n, folder, store, now } = self;
        drop(store);
        between(&path);
        let store = Store::open(&config(&folder, n), keys(n)).expect("opens again");
        Self { n, folder, store, now }
    }

    pub(super) fn chain(&self) -> ChainId {
        self.store.memory.tail.as_ref().expect("a chain is written").id
    }

    pub(super) fn context(&self) -> Context {
        let clock = ClockEvidence {
            wall: self.now,
            zone: 480,
            hlc: self.now,
            hlc_counter: 0,
            mono: self.now,
            boot: BootId([self.n; 8]),
            quality: Quality::Unchecked,
            sample: None,
        };
        Context { clock, config: None, checkpoint: None, seen: Vec::new() }
    }

    /// An entry that comes next.
    pub(super) fn entry(
        &mut self,
        kind: Kind,
        record: Option<RecordId>,
        op: impl FnOnce(&Self, RecordId) -> Op,
    ) -> Entry {
        self.now += 5_000;
        let seq = self.store.memory.tail.as_ref().expect("a chain is written").last() + 1;
        let boot = BootId([self.n; 8]);
        let record = record.unwrap_or_else(|| derive_record(self.chain(), seq, self.now, boot, 0));
        let ops = encode_ops(&[op(self, record)]);
        let (at, kind) = (self.now, kind.code());
        Entry {
            seq,
            at,
            boot,
            author: None,
            session: 0,
            records: vec![record],
            kind,
            ops,
            statement: None,
            beyond: Vec::new(),
        }
    }

    /// An entry that writes the place of an incident.
    pub(super) fn place(&mut self, record: Option<RecordId>, text: &str) -> Entry {
        self.entry(Kind::IncidentRaised, record, |phone, record| {
            let register = phone.register(record);
            let cites = register.cites_for(phone.chain());
            Op::Write { record: 0, field: PLACE, member: Member::Whole, value: Value::from(text), cites }
        })
    }

    /// An entry that adds a line to the timeline.
    pub(super) fn line(&mut self, record: RecordId, text: &str) -> Entry {
        let value = Value::List(vec![Value::Int(self.now), Value::from(text)]);
        self.entry(Kind::TimelineAdded, Some(record), |_, _| Op::Add {
            record: 0,
            field: incident::TIMELINE.id(),
            value,
        })
    }

    pub(super) fn commit(&mut self, entry: &Entry, draft: Option<DraftId>) -> Result<Appended, StoreError> {
        let context = self.context();
        self.store.append(entry, draft, Some(&context))
    }

    /// Raises an incident, or writes its place again.
    pub(super) fn raise(&mut self, record: Option<RecordId>, text: &str) -> RecordId {
        let entry = self.place(record, text);
        self.commit(&entry, None).expect("saved");
        entry.records[0]
    }

    pub(super) fn add_line(&mut self, record: RecordId, text: &str) {
        let entry = self.line(record, text);
        self.commit(&entry, None).expect("saved");
    }

    pub(super) fn seal(&mut self) -> Option<Segment> {
        let key = key(self.n);
        self.store.seal(|bytes| Ok::<_, KeyStoreError>(key.sign(bytes))).expect("sealed")
    }

    pub(super) fn register(&self, record: RecordId) -> Register {
        let cell = Cell { record, field: PLACE, member: Member::Whole };
        self.store.reader().register(&cell).expect("read")
    }

    /// The live places of an incident.
    pub(super) fn places(&self, record: RecordId) -> Vec<String> {
        let register = self.register(record);
        register.values().filter_map(|v| v.as_text().map(str::to_owned)).collect()
    }

    /// Everything sealed, as somebody else would carry it.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let heads = self.store.heads().expect("heads");
        let all =
            heads.keys().map(|chain| self.store.segments_after(*chain, None, usize::MAX).expect("segments"));
        all.flatten().collect()
    }

    pub(super) fn absorb(&mut self, segments: Vec<Segment>) -> Result<Vec<Absorbed>, StoreError> {
        let arrivals = segments.into_iter().map(|segment| Arrival { position: None, segment });
        self.store.absorb(arrivals.collect(), None)
    }

    /// Takes in all that another phone holds.
    pub(super) fn hear(&mut self, other: &Self) -> Vec<Absorbed> {
        self.seal();
        self.absorb(other.segments()).expect("taken in")
    }

    /// Every derived row, as stored.
    pub(super) fn derived(&self) -> BTreeMap<&'static str, Vec<Vec<Column>>> {
        let tables = ["records", "cells", "additions", "record_segments", "uncounted"];
        tables.into_iter().map(|table| (table, self.rows(table))).collect()
    }

    fn rows(&self, table: &str) -> Vec<Vec<Column>> {
        let mut select = self
            .store
            .db
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3"))
            .or_else(|_| self.store.db.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")))
            .expect("a table");
        let columns = select.column_count();
        let rows = select.query_map((), |row| (0..columns).map(|i| row.get(i)).collect::<Result<_, _>>());
        rows.expect("rows").collect::<Result<_, _>>().expect("columns")
    }
}

pub(super) fn identity(n: u8) -> Identity {
    Identity { org: ORG, root: root().public(), site: SITE, install: [n; 16] }
}

pub(super) fn config(folder: &TempDir, n: u8) -> Config {
    let path = folder.path().join("log.db");
    Config { path, identity: identity(n), durability: Durability::Normal, ballast: 0 }
}

impl Store {
    /// Loses a segment, as when its page was damaged and the rest was salvaged.
    pub(crate) fn lose(&mut self, segment: &crate::base::Digest) {
        let sql = "DROP TRIGGER segments_are_kept; INSERT INTO settings VALUES ('salvaged', x'01')";
        self.db.execute_batch(sql).expect("as salvaged");
        self.db.execute("DELETE FROM segments WHERE id = ?1", [segment.0]).expect("lost");
    }
}

/// The state of a record as both phones must see it, whatever their local numbers.
pub(super) fn states(phone: &Phone, records: &[RecordId]) -> Vec<crate::merge::RecordState> {
    records.iter().map(|record| phone.store.reader().record(*record).expect("read")).collect()
}
