//! What must be done now and then and never inside a commit: checkpoints, and securing the guard.

use super::Store;
use super::chains::Own;
use super::error::StoreError;
use super::guard::{Found, Mark, Reached, Standing, Verdict, judge};
use super::guard_file::GuardFile;
use super::salvage::SALVAGED;
use super::tail::Tail;
use crate::base::ChainId;

/// Writes after which a checkpoint is due: a few MB of log.
const CHECKPOINT: u32 = 256;
/// Writes after which one is made even inside a commit, because nobody called [`Store::upkeep`].
const OVERDUE: u32 = 8_192;
/// Entries after which the guard is secured.
const SECURE: u32 = 32;

/// What has come together since it was last done.
#[derive(Debug, Default)]
pub(super) struct Due {
    writes: u32,
    notes: u32,
    /// There is an entry that the guard has not been told of.
    guard_lags: bool,
    guard_failed: bool,
}

impl Due {
    pub(super) fn written(&mut self) {
        self.writes += 1;
    }

    /// An entry was recorded.
    pub(super) fn recorded(&mut self) {
        self.guard_lags = true;
    }

    /// The guard was written, or could not be.
    pub(super) fn noted(&mut self, done: bool) {
        self.notes += 1;
        self.guard_lags = !done;
        self.guard_failed = !done;
    }

    pub(super) fn overdue(&self) -> bool {
        self.writes >= OVERDUE
    }
}

impl Store {
    /// Does what has come due. To be called between actions, when nobody waits: after a screen was drawn, or when idle.
    ///
    /// # Errors
    /// [`StoreError`]; no record is concerned.
    pub fn upkeep(&mut self) -> Result<(), StoreError> {
        self.note_guard();
        if self.upkeep.notes >= SECURE || self.upkeep.guard_failed {
            self.secure_guard()?;
        }
        if self.upkeep.writes >= CHECKPOINT {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Moves what the write-ahead log holds into the database, as far as no reader needs it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))?;
        self.upkeep.writes = 0;
        Ok(())
    }

    /// Makes the guard survive a power cut.
    pub(super) fn secure_guard(&mut self) -> Result<(), StoreError> {
        if let (Some(mark), Some(guard)) = (self.mark(), self.guard.as_mut()) {
            guard.secure(&mark, &*self.keys)?;
            (self.upkeep.notes, self.upkeep.guard_lags, self.upkeep.guard_failed) = (0, false, false);
        }
        Ok(())
    }

    /// Tells the guard outside the database of the newest entry, without waiting for the disk. That it cannot be told is noticed at
    /// the next opening.
    pub(super) fn note_guard(&mut self) {
        if self.upkeep.guard_lags
            && let (Some(mark), Some(guard)) = (self.mark(), self.guard.as_mut())
        {
            self.upkeep.noted(guard.note(&mark).is_ok());
        }
    }

    /// What the guard is to say.
    pub(super) fn mark(&self) -> Option<Mark> {
        let tail = self.memory.tail.as_ref()?;
        Some(Mark {
            install: self.config.identity.install,
            chain: tail.id,
            seq: tail.last(),
            tail: tail.running,
        })
    }

    /// Compares the guard with the database, and decides whether the present chain may be written.
    pub(super) fn judge_guard(&mut self, found: Found, turn: usize) -> Result<(), StoreError> {
        let wrote = self.memory.chains.iter().any(|chain| chain.own != Own::No);
        let verdict = judge(found, self.config.identity.install, wrote, |chain| self.reached(chain));
        self.report.guard_behind = verdict == Verdict::Behind;
        self.standing = match (verdict, &self.memory.tail) {
            (Verdict::RolledBack, _) => Standing::RolledBack,
            (Verdict::Unguarded, _) => Standing::Unguarded,
            (_, None) => Standing::NoChain,
            (_, Some(_)) if self.setting(SALVAGED)?.is_some() => Standing::Salvaged,
            (_, Some(_)) => Standing::Writable,
        };
        if self.standing == Standing::Writable
            && let Some(mark) = self.mark()
        {
            let guard = match found {
                Found::Mark(newest) if newest == mark => GuardFile::resume(&self.config.path, turn)?,
                _ => GuardFile::begin(&self.config.path, &mark, &*self.keys)?,
            };
            self.guard = Some(guard);
        }
        Ok(())
    }

    /// How far the database says an own chain has come.
    fn reached(&self, chain: ChainId) -> Option<Reached> {
        let chain = self.memory.chains.get(self.memory.chains.number(chain)?)?;
        match &self.memory.tail {
            Some(tail) if tail.chain == chain.n => Some(tail.reached(true)),
            _ if chain.own == Own::Closed => Some(Tail::of(&self.db, chain).ok()?.reached(false)),
            _ => None,
        }
    }
}
