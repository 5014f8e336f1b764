//! The one way to write: a transaction, by the owner, and again with the ballast's space if the disk is full.

use rusqlite::Connection;

use super::Store;
use super::error::StoreError;
use super::memory::Memory;
use crate::base::{Bug, planted};

impl Store {
    /// Runs `work` in a transaction. If it fails nothing has changed, in the database or in memory.
    pub(super) fn write<T>(
        &mut self,
        mut work: impl FnMut(&Connection, &mut Memory) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let generation = self.generation;
        self.transact(|db, memory| {
            check_generation(db, generation)?;
            work(db, memory)
        })
    }

    /// The same for work that checks the generation itself.
    pub(super) fn transact<T>(
        &mut self,
        mut work: impl FnMut(&Connection, &mut Memory) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.attempt(&mut work) {
            Err(StoreError::Full) if self.ballast.release()? => self.attempt(&mut work),
            result => result,
        }
    }

    fn attempt<T>(
        &mut self,
        work: &mut impl FnMut(&Connection, &mut Memory) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.stale {
            self.recover()?;
        }
        if self.upkeep.overdue() {
            self.checkpoint()?;
        }
        let result = begin(&self.db)
            .and_then(|()| work(&self.db, &mut self.memory))
            .and_then(|value| commit(&self.db).map(|()| value));
        if result.is_err() {
            self.stale = true;
            // Where this fails too, the next attempt begins with it; the reason to tell is the first one.
            drop(self.recover());
        }
        self.upkeep.written();
        result
    }

    /// After a failed transaction memory may be ahead of the database: it is read again before anything else is written.
    fn recover(&mut self) -> Result<(), StoreError> {
        if !self.db.is_autocommit() {
            self.db.execute_batch("ROLLBACK")?;
        }
        self.memory = Memory::load(&self.db, &self.config.identity)?;
        self.stale = false;
        Ok(())
    }
}

fn begin(db: &Connection) -> Result<(), StoreError> {
    if !db.is_autocommit() {
        db.execute_batch("COMMIT")?;
    }
    db.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
    Ok(())
}

/// A second writer that got past the lock has made the generation grow.
pub(super) fn check_generation(db: &Connection, generation: i64) -> Result<(), StoreError> {
    let mut select = db.prepare_cached("SELECT generation FROM store WHERE one = 1")?;
    let now: i64 = select.query_row((), |row| row.get(0))?;
    if now == generation { Ok(()) } else { Err(StoreError::OwnedElsewhere) }
}

fn commit(db: &Connection) -> Result<(), StoreError> {
    if planted(Bug::AckBeforeCommit) {
        return Ok(());
    }
    db.prepare_cached("COMMIT")?.execute(())?;
    Ok(())
}
