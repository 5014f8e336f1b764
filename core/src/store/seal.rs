//! Sealing: the open tail becomes a segment under the device's signature.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::columns::{digest, number};
use super::error::StoreError;
use super::guard::{Mark, Standing};
use super::salvage::SALVAGED;
use super::segments::{self, New};
use super::tail::{self, Tail};
use super::{body, guard_file::GuardFile, rows};
use crate::base::{ChainId, Digest, Seq};
use crate::log::{Certificate, Entry, Header, KeyStoreError, Segment, Signature, genesis};

/// How many committed drafts are remembered after their entries were sealed. A repetition comes at once or not at all.
const DRAFTS_REMEMBERED: i64 = 4_096;

impl Store {
    /// Seals the open tail with the device's key. None if nothing is open.
    ///
    /// # Errors
    /// [`StoreError`]; the tail is then still open. [`StoreError::Damaged`] if what it follows was lost, [`StoreError::WrongKey`] if the
    /// signature is not that of the chain's device: see [`Self::strand`].
    pub fn seal(
        &mut self,
        sign: impl Fn(&[u8]) -> Result<Signature, KeyStoreError>,
    ) -> Result<Option<Segment>, StoreError> {
        let Some(tail) = self.memory.tail.as_ref().filter(|tail| tail.open > 0) else { return Ok(None) };
        let entries = tail::rows(&self.db, tail.chain)?;
        let (header, device) = self.header(tail)?;
        let bytes = entries.iter().map(|row| row.bytes.clone()).collect();
        let segment = Segment::seal(header, device.id(), bytes, sign)?;
        // Under another key nobody would ever take it.
        let identity = self.config.identity;
        segment.check_seal(identity.org, identity.site, device).map_err(|_| StoreError::WrongKey)?;
        // Sealing moves nothing that the guard tells, so it is told first. One that cannot be written now is tried again by `upkeep`.
        let secured = self.secure_guard().is_ok();
        self.upkeep.noted(secured);
        let decoded = segment.entries.decoded()?;
        let body = body::encode(&segment.header, decoded);
        self.write(|db, memory| {
            let Some(tail) = memory.tail.as_mut() else {
                return Err(StoreError::ReadOnly(Standing::NoChain));
            };
            let prev = segments::place(db, tail.chain, &segment.header.prev)?.map_or(0, |(n, _)| n);
            let id = segment.header.id();
            let new = New { chain: tail.chain, prev, id, body: &body, placed: false, segment: &segment };
            let n = segments::insert(db, new)?;
            index(db, n, decoded)?;
            remember_drafts(db, tail.chain, &entries)?;
            tail::clear(db, tail.chain)?;
            memory.chains.advance(db, tail.chain, tail.running)?;
            tail.seal();
            Ok(())
        })?;
        Ok(Some(segment))
    }

    /// The header taken down at the first entry, with its place in the chain.
    fn header(&self, tail: &Tail) -> Result<(Header, &Certificate), StoreError> {
        let device = self.memory.knowledge.device(tail.id);
        let device =
            device.ok_or_else(|| StoreError::damaged("an own chain whose certificate is not known"))?;
        let opening = tail.opening.clone();
        let mut header = opening.ok_or_else(|| StoreError::damaged("the open tail has no header"))?;
        header.prev = match last_segment(&self.db, tail.chain)? {
            Some((id, last)) if last == tail.sealed => id,
            None if tail.sealed == 0 => genesis(device, self.config.identity.site, tail.id),
            _ => return Err(StoreError::damaged("what precedes the open tail is lost")),
        };
        Ok((header, device))
    }

    /// Starts a new chain under the device's certificate, which must be known. The chain written so far is closed for good.
    ///
    /// # Errors
    /// [`StoreError::TailOpen`] while entries are open: seal them, or [`Self::strand`] them if their key is lost.
    pub fn start_chain(&mut self, chain: ChainId, certificate: &Certificate) -> Result<(), StoreError> {
        let known = self.memory.chains.number(chain).is_some();
        if known || self.memory.tail.as_ref().is_some_and(|tail| tail.open > 0) {
            return Err(if known {
                StoreError::Elsewhere { what: "the chain exists" }
            } else {
                StoreError::TailOpen
            });
        }
        let install = self.config.identity.install;
        let nothing = Mark { install, chain, seq: 0, tail: Digest::default() };
        GuardFile::prepare(&self.config.path, &nothing, &*self.keys)?;
        self.write(|db, memory| {
            memory.chains.start(db, chain, &certificate.bytes)?;
            db.execute("UPDATE store SET install = ?1", [install])?;
            db.execute("DELETE FROM settings WHERE key = ?1", [SALVAGED])?;
            memory.knowledge.learn_device(chain, certificate);
            memory.tail = Tail::load(db, &memory.chains)?;
            Ok(())
        })?;
        let mark = self.mark().ok_or(StoreError::ReadOnly(Standing::NoChain))?;
        self.guard = Some(GuardFile::begin(&self.config.path, &mark, &*self.keys)?);
        self.standing = Standing::Writable;
        Ok(())
    }

    /// Closes the chain being written; see [`Self::start_chain`].
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn close_chain(&mut self) -> Result<(), StoreError> {
        if self.memory.tail.as_ref().is_some_and(|tail| tail.open > 0) {
            return Err(StoreError::TailOpen);
        }
        self.write(|db, memory| {
            memory.chains.close(db)?;
            memory.tail = None;
            Ok(())
        })?;
        self.standing = Standing::NoChain;
        Ok(())
    }
}

/// A chain's newest segment, and its last number.
fn last_segment(db: &Connection, chain: u32) -> Result<Option<(Digest, Seq)>, StoreError> {
    let sql = "SELECT id, first + count - 1 FROM segments WHERE chain = ?1 ORDER BY first DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([chain], |row| Ok((digest(row, 0)?, number(row, 1)?))).optional()?)
}

/// Notes which records a segment is about; they have been folded into already.
pub(super) fn index(db: &Connection, n: i64, entries: &[Entry]) -> Result<(), StoreError> {
    let records: BTreeSet<_> = entries.iter().flat_map(|entry| &entry.records).collect();
    for id in records {
        let record = rows::record(db, *id)?.ok_or_else(|| StoreError::damaged("a record without a row"))?;
        rows::index_segment(db, record.n, n)?;
    }
    Ok(())
}

/// Keeps the last committed drafts, for a repetition that comes after the sealing.
fn remember_drafts(db: &Connection, chain: u32, entries: &[tail::Row]) -> Result<(), StoreError> {
    let mut insert =
        db.prepare_cached("INSERT INTO done (draft, chain, seq, leaf) VALUES (?1, ?2, ?3, ?4)")?;
    for row in entries {
        if let Some(draft) = row.draft {
            insert.execute(params![draft.0, chain, row.seq.cast_signed(), row.leaf.0])?;
        }
    }
    db.prepare_cached("DELETE FROM done WHERE n <= (SELECT max(n) FROM done) - ?1")?
        .execute([DRAFTS_REMEMBERED])?;
    Ok(())
}
