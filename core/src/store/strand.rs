//! Open entries that can never be sealed: they leave the log and are kept, to be recorded again in a new chain.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::Store;
use super::columns::{digest, number};
use super::error::StoreError;
use super::fold::Folding;
use super::guard::Standing;
use super::{learn, tail};
use crate::base::{Digest, RecordId};
use crate::log::{Entry, EntryRef};
use crate::records::{Kind, RecordKind};

impl Store {
    /// Lets nothing more be appended to a tail that can never be sealed. Others' data may come in beside it, for it says what had been
    /// seen at its first entry.
    pub fn freeze(&mut self) {
        if self.standing == Standing::Writable {
            self.standing = Standing::Unsealable;
        }
    }

    /// Takes open entries out of the log that can never be sealed, because their key or what they follow is lost, and closes their
    /// chain. They are kept, see [`Self::stranded`].
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn strand(&mut self) -> Result<Vec<Entry>, StoreError> {
        let Some(chain) = self.memory.tail.as_ref().filter(|tail| tail.open > 0).map(|tail| tail.chain)
        else {
            return Ok(Vec::new());
        };
        let entries = self.write(|db, memory| {
            let entries = set_aside(db, chain)?;
            memory.chains.close(db)?;
            memory.tail = None;
            Folding::new(db, memory).records(touched(&entries))?;
            Ok(entries)
        })?;
        self.standing = Standing::NoChain;
        Ok(entries)
    }

    /// What was stranded and is not in the log, in the order it was recorded; without sessions and what else was about the chain alone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn stranded(&self) -> Result<Vec<(EntryRef, Entry)>, StoreError> {
        let mut all = Vec::new();
        for chain in self.memory.chains.iter() {
            for (seq, leaf, bytes) in rows(&self.db, chain.n)? {
                let by = EntryRef { chain: chain.id, seq, leaf };
                let arrived = learn::entry(&self.db, &self.memory.chains, by)?.is_some();
                // Bytes that cannot be read stay as they are.
                let entry =
                    Entry::from_bytes(&bytes).ok().filter(|entry| !arrived && !about_the_chain(entry));
                all.extend(entry.map(|entry| (by, entry)));
            }
        }
        Ok(all)
    }

    /// Takes note that a stranded entry is in the log again, under another number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn recorded_again(&mut self, by: EntryRef) -> Result<(), StoreError> {
        self.write(|db, memory| {
            let chain = memory.chains.number(by.chain);
            let delete = "DELETE FROM stranded WHERE chain = ?1 AND seq = ?2 AND leaf = ?3";
            db.execute(delete, params![chain, by.seq.cast_signed(), by.leaf.0])?;
            Ok(())
        })
    }
}

/// Moves a chain's tail to what is stranded; gives the entries that can be read.
pub(super) fn set_aside(db: &Connection, chain: u32) -> Result<Vec<Entry>, StoreError> {
    let rows = tail::rows(db, chain)?;
    for row in &rows {
        db.execute(
            "INSERT OR IGNORE INTO stranded (chain, seq, leaf, entry) VALUES (?1, ?2, ?3, ?4)",
            params![chain, row.seq.cast_signed(), row.leaf.0, row.bytes],
        )?;
    }
    tail::clear(db, chain)?;
    Ok(rows.iter().filter_map(|row| Entry::from_bytes(&row.bytes).ok()).collect())
}

fn about_the_chain(entry: &Entry) -> bool {
    Kind::from_code(entry.kind).and_then(Kind::record_kind) == Some(RecordKind::Chain)
}

/// The records that entries are about.
pub(super) fn touched(entries: &[Entry]) -> BTreeSet<RecordId> {
    entries.iter().flat_map(|entry| entry.records.clone()).collect()
}

fn rows(db: &Connection, chain: u32) -> Result<Vec<(u64, Digest, Vec<u8>)>, StoreError> {
    let mut select =
        db.prepare_cached("SELECT seq, leaf, entry FROM stranded WHERE chain = ?1 ORDER BY seq, leaf")?;
    let rows = select.query_map([chain], |row| Ok((number(row, 0)?, digest(row, 1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
