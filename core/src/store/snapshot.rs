//! Taking over a snapshot into an empty database: proven from end to end first, then stored in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::Store;
use super::body;
use super::columns::fixed;
use super::error::StoreError;
use super::memory::Memory;
use super::open::Identity;
use super::segments::{self, New};
use crate::base::{ChainId, Digest, RecordId, Seq};
use crate::log::{Pulled, TakenOver};
use crate::snapshot::Proven;

impl Store {
    /// Whether nothing was ever recorded or received here.
    pub(super) fn is_blank(&self) -> Result<bool, StoreError> {
        let any = self.db.query_row(
            "SELECT EXISTS (SELECT 1 FROM segments) OR EXISTS (SELECT 1 FROM tail) OR EXISTS (SELECT 1 FROM aside)
                 OR EXISTS (SELECT 1 FROM stranded) OR EXISTS (SELECT 1 FROM receipts) OR EXISTS (SELECT 1 FROM site_log)
                 OR EXISTS (SELECT 1 FROM done) OR (SELECT epoch <> 0 OR size <> 0 FROM store WHERE one = 1)",
            (),
            |row| row.get::<_, bool>(0),
        )?;
        Ok(!any)
    }

    /// Every record about which anything is held.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn records(&self) -> Result<Vec<RecordId>, StoreError> {
        let mut select = self.db.prepare("SELECT id FROM records ORDER BY id")?;
        Ok(select.query_map((), |row| fixed(row, 0).map(RecordId))?.collect::<Result<_, _>>()?)
    }

    /// Up to which number a chain is held as HQ told it, with or without its segments.
    #[must_use]
    pub fn told(&self, chain: ChainId) -> Option<Seq> {
        Some(self.memory.told.head(self.memory.chains.number(chain)?)?.seq)
    }

    /// Takes a snapshot over.
    pub(super) fn adopt(&mut self, document: &[u8]) -> Result<TakenOver, StoreError> {
        if !self.is_blank()? {
            return Ok(TakenOver::NotEmpty);
        }
        let identity = self.config.identity;
        let trust = self.memory.knowledge.trust().clone();
        let Ok(proven) = Proven::of(document, identity.site, trust) else { return Ok(TakenOver::Unproven) };
        if self.memory.chains.iter().any(|own| proven.chains.iter().any(|told| told.chain == own.id)) {
            return Ok(TakenOver::Unproven);
        }
        match self.write(|db, memory| Adoption(&proven).store(db, memory, &identity)) {
            Ok(()) => Ok(TakenOver::Taken),
            // Signed, and still no rows of ours.
            Err(StoreError::Damaged { .. }) => Ok(TakenOver::Unproven),
            Err(error) => Err(error),
        }
    }
}

/// A snapshot on its way into the tables.
struct Adoption<'p, 'b>(&'p Proven<'b>);

impl Adoption<'_, '_> {
    fn store(&self, db: &Connection, memory: &mut Memory, identity: &Identity) -> Result<(), StoreError> {
        for bytes in &self.0.certificates {
            db.execute("INSERT INTO certificates (bytes) VALUES (?1) ON CONFLICT DO NOTHING", [bytes])?;
        }
        self.put_chains(db)?;
        let last = self.put_segments(db)?;
        let peaks: Vec<u8> = self.0.peaks.hashes().iter().flat_map(|hash| hash.0).collect();
        db.execute(
            "INSERT INTO snapshot (one, document, size, peaks, last) VALUES (1, ?1, ?2, ?3, ?4)",
            params![self.0.document, self.0.peaks.size().cast_signed(), peaks, last],
        )?;
        let epoch = self.0.snapshot.claims.epoch;
        super::absorb::put_pulled(db, &Pulled { epoch, peaks: self.0.peaks.clone() })?;
        // Read anew: nothing of what was in memory is still so.
        *memory = Memory::load(db, identity)?;
        super::told::lay(db, memory).map(drop)
    }

    /// The chains under the numbers by which the snapshot's rows name them; those of this phone come after.
    fn put_chains(&self, db: &Connection) -> Result<(), StoreError> {
        let count = i64::try_from(self.0.chains.len()).map_err(|_| StoreError::damaged("too many chains"))?;
        // Backwards, so that no two have one number on the way.
        let own = "SELECT n FROM chains ORDER BY n DESC";
        let own = db.prepare(own)?.query_map((), |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        for n in own {
            db.execute("UPDATE chains SET n = ?2 WHERE n = ?1", [n, n + count])?;
        }
        for (n, told) in (1_i64..).zip(&self.0.chains) {
            db.execute("INSERT INTO chains (n, id) VALUES (?1, ?2)", params![n, told.chain.0])?;
            let head = &told.head;
            if head.seq == 0 {
                // Somebody cites it; nothing of it is told.
                continue;
            }
            db.execute(
                "INSERT INTO told (chain, key, seq, segment, whole) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![n, told.key.0, head.seq.cast_signed(), head.segment.0, told.whole],
            )?;
        }
        Ok(())
    }

    /// The segments that came along, none of which needs to be folded; gives the last.
    fn put_segments(&self, db: &Connection) -> Result<i64, StoreError> {
        let numbers: BTreeMap<ChainId, u32> = self.0.chains.iter().map(|told| told.chain).zip(1..).collect();
        let mut rows: BTreeMap<Digest, i64> = BTreeMap::new();
        for segment in &self.0.segments {
            let (header, id) = (&segment.header, segment.header.id());
            let chain = numbers[&header.chain];
            let prev = rows.get(&header.prev).copied().unwrap_or_default();
            let body = body::encode(header, segment.entries.decoded()?);
            let new = New { chain, prev, id, body: &body, placed: true, segment };
            rows.insert(id, segments::insert(db, new)?);
        }
        self.tangle(db, &numbers)?;
        Ok(rows.into_values().max().unwrap_or_default())
    }

    /// Notes which of the whole chains overlap themselves, and from where on they differ.
    fn tangle(&self, db: &Connection, numbers: &BTreeMap<ChainId, u32>) -> Result<(), StoreError> {
        let mut held: BTreeMap<ChainId, BTreeMap<u64, BTreeSet<Digest>>> = BTreeMap::new();
        let mut tangled: BTreeMap<ChainId, Option<u64>> = BTreeMap::new();
        for segment in &self.0.segments {
            let chain = segment.header.chain;
            for (seq, leaf) in (segment.header.first..).zip(segment.leaves()) {
                let leaves = held.entry(chain).or_default().entry(seq).or_default();
                let (again, new) = (!leaves.is_empty(), leaves.insert(leaf));
                if again {
                    let fork = tangled.entry(chain).or_default();
                    *fork = [*fork, new.then_some(seq)].into_iter().flatten().min();
                }
            }
        }
        for (chain, fork) in tangled {
            let fork = fork.map(u64::cast_signed);
            db.execute(
                "UPDATE chains SET tangled = 1, fork = ?2 WHERE n = ?1",
                params![numbers[&chain], fork],
            )?;
        }
        Ok(())
    }
}
