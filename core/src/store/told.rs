//! What a log stands on that did not begin at its beginning: a snapshot, and how far it tells of each chain.
//!
//! Its rows are laid under whatever is folded later. What would change how something below was judged (a chain that forks there, a
//! review of an old entry) cannot be answered from rows: then the snapshot is forgotten and the whole history fetched instead.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{digest, key, number};
use super::error::StoreError;
use super::fold::Folding;
use super::memory::Memory;
use super::open::Identity;
use super::{forks, layer, learn, rebuild, segments};
use crate::base::{Digest, KeyId, OrgId, RecordId, Seq};
use crate::log::{Head, Peaks, Pulled, SiteRoot};
use crate::snapshot::Snapshot;

/// What is at hand of the snapshot; empty where the log began at its beginning.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The chains it tells of, and whether their segments came whole.
    chains: BTreeMap<u32, (Head, bool)>,
    peaks: Peaks,
    /// The last of the segments that came with it.
    last: i64,
    outgrown: bool,
}

impl Told {
    pub(super) fn load(db: &Connection) -> Result<Self, StoreError> {
        let row = |row: &rusqlite::Row<'_>| Ok((number(row, 0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?));
        let found = db.query_row("SELECT size, peaks, last FROM snapshot", (), row).optional()?;
        let Some((size, peaks, last)) = found else { return Ok(Self::default()) };
        let peaks = peaks.chunks(32).map(Digest::from_slice).collect::<Option<Vec<_>>>();
        let peaks = peaks.and_then(|peaks| Peaks::from_parts(size, peaks));
        let peaks = peaks.ok_or_else(|| StoreError::damaged("the snapshot's Merkle peaks"))?;
        let mut select = db.prepare("SELECT chain, seq, segment, whole FROM told")?;
        let chains = select.query_map((), |row| {
            let head = Head { seq: number(row, 1)?, segment: digest(row, 2)? };
            Ok((row.get(0)?, (head, row.get(3)?)))
        })?;
        Ok(Self { chains: chains.collect::<Result<_, _>>()?, peaks, last, outgrown: false })
    }

    /// How many positions of the site's log it stands for; 0 without one.
    pub(super) fn size(&self) -> u64 {
        self.peaks.size()
    }

    pub(super) fn peaks(&self) -> &Peaks {
        &self.peaks
    }

    /// How far a chain is told whose segments did not all come along.
    pub(super) fn head(&self, chain: u32) -> Option<Head> {
        self.chains.get(&chain).filter(|(_, whole)| !whole).map(|(head, _)| *head)
    }

    /// Whether a segment that begins with a number is one the snapshot speaks of. One that comes up in the site's log only now is
    /// another than the snapshot knew.
    pub(super) fn says(&mut self, chain: u32, first: Seq, placed: bool) -> bool {
        let said = self.head(chain).is_some_and(|head| first <= head.seq);
        self.outgrown |= said && placed;
        said
    }

    /// Whether a chain that overlaps itself is told only in part; then the whole history is needed.
    pub(super) fn gives_up(&mut self, chain: u32) -> bool {
        let told = self.head(chain).is_some();
        self.outgrown |= told;
        told
    }

    /// Takes note that entries from a number on are to be judged again.
    pub(super) fn reconsider(&mut self, chain: Option<u32>, from: Seq) {
        let reach = chain.and_then(|chain| self.chains.get(&chain)).map_or(0, |(head, _)| head.seq);
        self.outgrown |= reach >= from;
    }

    /// Whether something came that rows cannot answer.
    pub(super) fn outgrown(&self) -> bool {
        self.outgrown
    }

    /// Lays what the snapshot tells of one record, which is being folded again.
    pub(super) fn lay_again(
        &self,
        db: &Connection,
        id: RecordId,
        n: i64,
        org: OrgId,
    ) -> Result<(), StoreError> {
        if self.size() == 0 {
            return Ok(());
        }
        let document = document(db)?;
        layer::record(db, &Snapshot::kept(&document, org)?, id, n)
    }
}

fn document(db: &Connection) -> Result<Vec<u8>, StoreError> {
    Ok(db.query_row("SELECT document FROM snapshot", (), |row| row.get(0))?)
}

/// Lays the rows of the snapshot, if there is one, and learns from them and from the segments that came with it what judging
/// the rest needs. Gives the last of those segments.
pub(super) fn lay(db: &Connection, memory: &mut Memory) -> Result<i64, StoreError> {
    if memory.told.size() == 0 {
        return Ok(0);
    }
    let document = document(db)?;
    layer::all(db, &Snapshot::kept(&document, memory.knowledge.trust().org)?, memory.told.chains.len())?;
    forks::learn_all(db, memory)?;
    learn::from_rows(db, memory)?;
    let last = memory.told.last;
    let mut folding = Folding::new(db, memory);
    for n in 1..=last {
        if let Some(stored) = segments::by_row(db, n)? {
            folding.told(n, &stored.segment)?;
        }
    }
    folding.settle()?;
    Ok(last)
}

/// Forgets the snapshot: what stands on it alone waits, visibly, for what comes before it, and the log is to be fetched from the start.
/// The root it had come to is remembered, for it must come to it again.
pub(super) fn forget(db: &Connection, memory: &mut Memory, identity: &Identity) -> Result<(), StoreError> {
    let had = super::holdings::pulled(db)?;
    let epoch = had.epoch;
    super::promised::keep(db, epoch, SiteRoot { size: had.peaks.size(), root: had.peaks.root() })?;
    db.execute_batch(
        "CREATE TEMP TABLE rooted AS WITH RECURSIVE rooted (n) AS (
             SELECT n FROM segments WHERE first = 1
             UNION SELECT s.n FROM segments s JOIN rooted ON s.prev = rooted.n)
         SELECT n FROM rooted;
         INSERT INTO aside (id, state, chain, first, count, header, key, signature, body)
             SELECT id, 0, chain, first, count, header, key, signature, body FROM segments
             WHERE n NOT IN (SELECT n FROM rooted);
         DELETE FROM record_segments;
         DELETE FROM segments WHERE n NOT IN (SELECT n FROM rooted);
         DROP TABLE rooted;
         DELETE FROM site_log;
         DELETE FROM told;
         DELETE FROM snapshot;",
    )?;
    super::absorb::put_pulled(db, &Pulled { epoch, peaks: Peaks::default() })?;
    memory.told = Told::default();
    rebuild::all(db, memory, identity)
}

/// The key that seals a chain of which nothing but this is held.
pub(super) fn signer(db: &Connection, chain: u32) -> Result<Option<KeyId>, StoreError> {
    let mut select = db.prepare_cached("SELECT key FROM told WHERE chain = ?1")?;
    Ok(select.query_row([chain], |row| key(row, 0)).optional()?)
}

/// How far a chain is told.
pub(super) fn head(db: &Connection, chain: u32) -> Result<Option<Head>, StoreError> {
    let mut select = db.prepare_cached("SELECT seq, segment FROM told WHERE chain = ?1 AND whole = 0")?;
    let head = |row: &rusqlite::Row<'_>| Ok(Head { seq: number(row, 0)?, segment: digest(row, 1)? });
    Ok(select.query_row(params![chain], head).optional()?)
}
