//! Making everything that is derived from the log anew. The result is the same, byte for byte.

use rusqlite::Connection;

use super::Store;
use super::batch::Batch;
use super::error::StoreError;
use super::fold::Folding;
use super::memory::Memory;
use super::open::Identity;
use super::{forks, segments, tail};
use crate::merge::Plan;

/// The version of the fold. Grows whenever the same entries would give other rows, or fewer would be opaque.
pub(super) const FOLD: u32 = 2;

impl Store {
    /// Drops the derived rows and folds the whole log again.
    ///
    /// # Errors
    /// [`StoreError`]; everything is then as it was.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        let identity = self.config.identity;
        self.write(|db, memory| all(db, memory, &identity))
    }

    /// Rebuilds after an update of the app that folds differently.
    pub(super) fn refold_if_outdated(&mut self) -> Result<(), StoreError> {
        let fold: u32 = self.db.query_row("SELECT fold FROM store WHERE one = 1", (), |row| row.get(0))?;
        if fold != FOLD {
            self.rebuild()?;
            self.report.rebuilt = true;
        }
        Ok(())
    }
}

/// Folds everything again: onto what a snapshot told, if the log stands on one.
pub(super) fn all(db: &Connection, memory: &mut Memory, identity: &Identity) -> Result<(), StoreError> {
    for table in ["records", "cells", "additions", "record_segments", "uncounted"] {
        db.execute(&format!("DELETE FROM {table}"), ())?;
    }
    memory.batch = Batch::default();
    memory.knowledge = Memory::blank(db, identity)?;
    forks::learn_all(db, memory)?;
    let told = super::told::lay(db, memory)?;
    let rows = db
        .prepare("SELECT n FROM segments WHERE n > ?1 ORDER BY n")?
        .query_map([told], |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    let mut folding = Folding::new(db, memory);
    for n in rows {
        let Some(stored) = segments::by_row(db, n)? else { continue };
        let plans = stored.segment.entries.decoded()?.iter().map(Plan::of);
        folding.segment(n, &stored.segment, plans)?;
    }
    for (header, by, entry) in tail::entries(db, &folding.memory.chains)? {
        folding.entry(&header, by, &entry)?;
    }
    folding.settle()?;
    db.execute("UPDATE store SET fold = ?1", [FOLD])?;
    Ok(())
}
