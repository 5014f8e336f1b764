//! The open tail: entries that are durable and not sealed yet.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::chains::{Chain, Chains};
use super::columns::{maybe_fixed, number};
use super::error::StoreError;
use super::guard::Reached;
use super::running;
use crate::base::{ChainId, Digest, DraftId, Seq};
use crate::log::{Entry, EntryRef, Header, MAX_ENTRY, MAX_SEGMENT, leaf_of};

/// Bytes of open entries after which nothing is appended before they are sealed. With one more entry as large as any, a segment takes
/// 240 KiB: no more than one request carries, however little it can be compressed (`docs/sync-protocol.md`).
const MAX_OPEN: usize = 240 * 1024 - MAX_ENTRY;

/// One entry of the tail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) seq: Seq,
    pub(super) bytes: Vec<u8>,
    pub(super) leaf: Digest,
    pub(super) draft: Option<DraftId>,
}

/// What of the tail is kept in memory: enough to append without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) chain: u32,
    pub(super) id: ChainId,
    /// The newest sealed entry.
    pub(super) sealed: Seq,
    /// How many entries are open, and how many bytes they take.
    pub(super) open: u32,
    bytes: usize,
    /// Over the leaves up to the newest entry, and up to the one before.
    pub(super) running: Digest,
    pub(super) before: Digest,
    /// The header to be; there while entries are open.
    pub(super) opening: Option<Header>,
    /// The drafts that became open entries.
    pub(super) drafts: BTreeMap<DraftId, EntryRef>,
}

impl Tail {
    /// The newest entry.
    pub(super) fn last(&self) -> Seq {
        self.sealed + Seq::from(self.open)
    }

    /// The tail of the chain being written, if there is one.
    pub(super) fn load(db: &Connection, chains: &Chains) -> Result<Option<Self>, StoreError> {
        chains.current().map(|chain| Self::of(db, chain)).transpose()
    }

    /// The tail of an own chain.
    pub(super) fn of(db: &Connection, chain: &Chain) -> Result<Self, StoreError> {
        let mut tail = Self {
            chain: chain.n,
            id: chain.id,
            sealed: last_sealed(db, chain.n)?,
            open: 0,
            bytes: 0,
            running: chain.running,
            before: chain.running,
            opening: opening(db, chain.n)?,
            drafts: BTreeMap::new(),
        };
        for row in rows(db, chain.n)? {
            if tail.open == 0 && row.seq > tail.sealed {
                // Equal to the newest sealed entry, unless that was lost.
                tail.sealed = row.seq - 1;
            } else if row.seq != tail.last() + 1 {
                return Err(StoreError::damaged("the open tail has a gap"));
            }
            tail.push(&row);
        }
        Ok(tail)
    }

    /// Whether it must be sealed before anything is appended: a segment has so many entries at most, and must fit one push.
    pub(super) fn is_full(&self) -> bool {
        self.open as usize >= MAX_SEGMENT || self.bytes > MAX_OPEN
    }

    /// Takes note of an entry that was appended.
    pub(super) fn push(&mut self, row: &Row) {
        let (leaf, draft) = (row.leaf, row.draft);
        self.open += 1;
        self.bytes += row.bytes.len();
        self.before = self.running;
        self.running = running::extend(self.running, &leaf);
        if let Some(draft) = draft {
            self.drafts.insert(draft, EntryRef { chain: self.id, seq: self.last(), leaf });
        }
    }

    /// Takes note that everything was sealed.
    pub(super) fn seal(&mut self) {
        self.sealed = self.last();
        (self.open, self.bytes) = (0, 0);
        self.opening = None;
        self.drafts.clear();
    }

    /// What the guard is compared with.
    pub(super) fn reached(&self, current: bool) -> Reached {
        let before = (self.open > 0).then_some(self.before);
        Reached { seq: self.last(), tail: self.running, before, current }
    }
}

/// The newest sealed entry of an own chain.
fn last_sealed(db: &Connection, chain: u32) -> Result<Seq, StoreError> {
    let sql = "SELECT coalesce(max(first + count - 1), 0) FROM segments WHERE chain = ?1";
    Ok(db.query_row(sql, [chain], |row| number(row, 0))?)
}

/// The entries of a chain's tail, in order.
pub(super) fn rows(db: &Connection, chain: u32) -> Result<Vec<Row>, StoreError> {
    let mut select = db.prepare_cached("SELECT seq, entry, draft FROM tail WHERE chain = ?1 ORDER BY seq")?;
    let rows = select.query_map([chain], |row| {
        let bytes: Vec<u8> = row.get(1)?;
        let draft = maybe_fixed(row, 2)?.map(DraftId);
        Ok(Row { seq: number(row, 0)?, leaf: leaf_of(&bytes), bytes, draft })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The open entries of all own chains, with the header they will have.
pub(super) fn entries(
    db: &Connection,
    chains: &Chains,
) -> Result<Vec<(Header, EntryRef, Entry)>, StoreError> {
    let mut all = Vec::new();
    for chain in chains.iter() {
        let Some(header) = opening(db, chain.n)? else { continue };
        for row in rows(db, chain.n)? {
            let by = EntryRef { chain: chain.id, seq: row.seq, leaf: row.leaf };
            all.push((header.clone(), by, Entry::from_bytes(&row.bytes)?));
        }
    }
    Ok(all)
}

fn opening(db: &Connection, chain: u32) -> Result<Option<Header>, StoreError> {
    let mut select =
        db.prepare_cached("SELECT opening FROM tail WHERE chain = ?1 AND opening IS NOT NULL")?;
    let bytes = select.query_row([chain], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    Ok(bytes.map(|bytes| Header::from_bytes(&bytes)).transpose()?)
}

/// Appends an entry, if this is still the only writer and its draft has not become a sealed entry; false otherwise. One statement
/// for all of it, since it is part of every commit.
pub(super) fn insert(
    db: &Connection,
    generation: i64,
    tail: &Tail,
    row: &Row,
    opening: Option<&Header>,
) -> Result<bool, StoreError> {
    let mut insert = db.prepare_cached(
        "INSERT INTO tail (chain, seq, entry, draft, opening)
         SELECT ?1, ?2, ?3, ?4, ?5 FROM store WHERE one = 1 AND generation = ?6
         AND NOT EXISTS (SELECT 1 FROM done WHERE draft = ?4)",
    )?;
    let inserted = insert.execute(params![
        tail.chain,
        row.seq.cast_signed(),
        row.bytes,
        row.draft.map(|d| d.0),
        opening.map(Header::to_bytes),
        generation,
    ])?;
    Ok(inserted == 1)
}

/// Empties it, once its entries are sealed or set aside.
pub(super) fn clear(db: &Connection, chain: u32) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM tail WHERE chain = ?1")?.execute([chain])?;
    Ok(())
}
