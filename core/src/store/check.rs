//! Checking that what is stored is what was written.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::Store;
use super::error::StoreError;
use super::segments;
use crate::base::{ChainId, Digest, Seq};
use crate::log::genesis;

/// A part of the log that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The chain, if the row still tells.
    pub chain: Option<ChainId>,
    /// The first entry of the damaged segment.
    pub first: Seq,
    /// How many entries.
    pub count: u64,
    /// What was found.
    pub what: String,
}

/// Looks at the structure of the database: quick, after a stop that was not clean.
pub(super) fn quick_check(db: &Connection) -> Result<(), StoreError> {
    sound(db, "PRAGMA quick_check(1)")
}

/// Looks at all of the structure, indexes included.
pub(super) fn integrity_check(db: &Connection) -> Result<(), StoreError> {
    sound(db, "PRAGMA integrity_check(1)")
}

fn sound(db: &Connection, pragma: &str) -> Result<(), StoreError> {
    let found: String = db.query_row(pragma, (), |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::damaged(found)) }
}

impl Store {
    /// Checks everything: the file's structure, and each segment's identifier, entries, predecessor and seal.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be read; single damaged segments are in the answer.
    pub fn check(&self) -> Result<Vec<Damage>, StoreError> {
        integrity_check(&self.db)?;
        let mut damage = Vec::new();
        let mut ids: BTreeMap<i64, Digest> = BTreeMap::new();
        let sql = format!("SELECT {}, chain, first, count FROM segments ORDER BY n", segments::COLUMNS);
        let mut select = self.db.prepare(&sql)?;
        let mut rows = select.query(())?;
        while let Some(row) = rows.next()? {
            let found = segments::read(row).map_err(StoreError::from).and_then(|stored| stored);
            let verdict = found.map_err(|error| error.to_string()).and_then(|stored| {
                let before = ids.get(&stored.prev).copied();
                ids.insert(stored.n, stored.id);
                self.verify(&stored, before)
            });
            if let Err(what) = verdict {
                let chain = row.get::<_, u32>(7).ok().and_then(|n| self.memory.chains.id(n));
                let (first, count) =
                    (row.get::<_, i64>(8)?.cast_unsigned(), row.get::<_, i64>(9)?.cast_unsigned());
                damage.push(Damage { chain, first, count, what });
            }
        }
        Ok(damage)
    }

    fn verify(&self, stored: &segments::Stored, before: Option<Digest>) -> Result<(), String> {
        let segments::Stored { id, segment, .. } = stored;
        let header = &segment.header;
        segment.check_body().map_err(|error| error.to_string())?;
        if header.id() != *id {
            return Err("the header is not the one that was stored".into());
        }
        let Some(device) = self.memory.knowledge.trust().get(segment.key) else { return Ok(()) };
        let start = || genesis(device, header.site, header.chain);
        // What came before a snapshot's segments may not be held.
        let rootless = before.is_none() && header.first > 1;
        let told = self.memory.chains.number(header.chain);
        let unknown = rootless && told.is_some_and(|chain| self.memory.told.head(chain).is_some());
        if !unknown && header.prev != before.unwrap_or_else(start) {
            return Err("it does not follow the one before it".into());
        }
        match segment.signature {
            Some(_) => segment
                .check_seal(self.config.identity.org, self.config.identity.site, device)
                .map_err(|error| error.to_string()),
            // Proven by the next signature of its run, which names it.
            None => Ok(()),
        }
    }
}
