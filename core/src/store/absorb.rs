//! Taking in segments of others, or own ones that come back: through the gate, into the log, folded, in one transaction.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::Store;
use super::aside;
use super::error::StoreError;
use super::fold::Folding;
use super::guard::Standing;
use super::intake::Intake;
use super::prepare::{self, Prepared};
use super::tail::Tail;
use super::{segments, strand};
use crate::base::{Bug, Digest, RecordId, planted};
use crate::log::{Absorbed, Arrival, Pulled, Segment};

impl Store {
    /// Takes in what somebody carried here, all or nothing.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::PendingFull`] if too much of a chain would wait for what comes before it.
    pub fn take_carried(&mut self, segments: Vec<Segment>) -> Result<Vec<Absorbed>, StoreError> {
        let arrivals: Vec<_> =
            segments.into_iter().map(|segment| Arrival { position: None, segment }).collect();
        self.take_in(&arrivals, None, Overflow::Refused)
    }

    /// Takes segments in. The open tail must have been sealed: what was recorded before others' data arrived says so. One to which nothing
    /// may be appended says so anyway.
    pub(super) fn take_in(
        &mut self,
        arrivals: &[Arrival],
        pulled: Option<&Pulled>,
        overflow: Overflow,
    ) -> Result<Vec<Absorbed>, StoreError> {
        if self.standing == Standing::Writable && self.open_entries() > 0 {
            return Err(StoreError::TailOpen);
        }
        let identity = self.config.identity;
        let (verdicts, standing) = self.write(|db, memory| {
            let mut intake = Intake::new(db, memory, overflow)?;
            let mut verdicts = Vec::with_capacity(arrivals.len());
            prepare::each(arrivals, |arrival, prepared| {
                verdicts.push(intake.arrive(prepared, arrival.position)?);
                Ok(())
            })?;
            let verdicts = intake.release(arrivals, verdicts)?;
            let standing = intake.finish()?;
            match (memory.told.outgrown(), pulled) {
                (true, _) => super::told::forget(db, memory, &identity)?,
                (false, Some(pulled)) => {
                    put_pulled(db, pulled)?;
                    super::promised::reached(db, pulled)?;
                }
                (false, None) => {}
            }
            Ok((verdicts, standing))
        })?;
        if let Some(standing) = standing {
            self.standing = standing;
            self.guard = None;
        }
        Ok(verdicts)
    }
}
/// What becomes of what may not wait any more, because too much of its chain waits already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// It is left where it came from: whoever sent it is asked again.
    Left,
    /// Nothing is taken in at all.
    Refused,
}

impl Intake<'_> {
    /// Takes in what waited and waits no longer; tells the arrivals among it what became of them.
    fn release(
        &mut self,
        arrivals: &[Arrival],
        mut verdicts: Vec<Absorbed>,
    ) -> Result<Vec<Absorbed>, StoreError> {
        let mut progress = true;
        while std::mem::take(&mut progress) {
            for chain in aside::chains(self.db())? {
                for segment in aside::waiting(self.db(), chain)? {
                    let id = segment.header.id();
                    let verdict = self.judge(chain, Prepared::of(&segment)?, false)?;
                    if matches!(verdict, Absorbed::Pending { .. }) {
                        continue;
                    }
                    progress = true;
                    let same =
                        arrivals.iter().zip(&mut verdicts).filter(|(a, _)| a.segment.header.id() == id);
                    same.for_each(|(_, v)| *v = verdict);
                }
            }
        }
        Ok(verdicts)
    }

    /// Settles what the new entries taught; says what becomes of the chain being written.
    fn finish(mut self) -> Result<Option<Standing>, StoreError> {
        let (standing, touched) = self.close_own()?;
        self.folding.records(touched)?;
        Ok(standing)
    }

    /// Entries of the chain being written that this database did not write: it was rolled back, or copied. Those that come before the
    /// open tail were lost, and are back. A chain whose fork headquarters has reviewed is closed, whether its other branch is here or not.
    fn close_own(&mut self) -> Result<(Option<Standing>, BTreeSet<RecordId>), StoreError> {
        let Folding { db, memory, .. } = &mut self.folding;
        let own = memory.chains.current();
        let own = own.map(|own| (own.n, own.fork.is_some(), memory.knowledge.is_frozen(own.id)));
        let Some((chain, forked)) = own
            .filter(|(n, _, frozen)| *frozen || self.grown.contains(n))
            .map(|(n, forked, frozen)| (n, forked || frozen))
        else {
            return Ok((None, BTreeSet::new()));
        };
        let open = memory.tail.as_ref().filter(|tail| tail.open > 0).map(|tail| tail.sealed);
        let back = match open {
            Some(sealed) => !forked && segments::highest(db, chain)? <= sealed,
            None => false,
        };
        if back || planted(Bug::ReuseSequence) {
            memory.tail = Tail::load(db, &memory.chains)?;
            return Ok((None, BTreeSet::new()));
        }
        let stranded = strand::set_aside(db, chain)?;
        memory.chains.close(db)?;
        memory.tail = None;
        let standing = if forked { Standing::Forked } else { Standing::RolledBack };
        Ok((Some(standing), strand::touched(&stranded)))
    }
}
/// Notes a segment's position in the site's log.
pub(super) fn place(db: &Connection, position: u64, id: &Digest, became: Absorbed) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO site_log (position, segment) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET segment = excluded.segment",
    )?
    .execute(params![position.cast_signed(), id.0])?;
    // One that was stored just now says so itself.
    if became == Absorbed::Held {
        db.prepare_cached("UPDATE segments SET placed = 1 WHERE id = ?1 AND placed = 0")?.execute([id.0])?;
    }
    Ok(())
}

pub(super) fn put_pulled(db: &Connection, pulled: &Pulled) -> Result<(), StoreError> {
    let peaks: Vec<u8> = pulled.peaks.hashes().iter().flat_map(|hash| hash.0).collect();
    db.execute(
        "UPDATE store SET epoch = ?1, size = ?2, peaks = ?3",
        params![pulled.epoch, pulled.peaks.size().cast_signed(), peaks],
    )?;
    Ok(())
}
