//! Taking in segments of others, or own ones that come back: through the gate, into the log, folded, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::Store;
use super::aside::{self, Why};
use super::error::StoreError;
use super::fold::Folding;
use super::guard::Standing;
use super::segments::{self, New};
use super::tail::Tail;
use crate::base::{Bug, Digest, KeyId, Seq, planted};
use crate::log::{Absorbed, Arrival, Held, Link, Pulled, Segment, diverges_at, genesis, link};

impl Store {
    /// Takes segments in. The open tail must have been sealed: what was recorded before others' data arrived says so.
    pub(super) fn take_in(
        &mut self,
        arrivals: &[Arrival],
        pulled: Option<&Pulled>,
    ) -> Result<Vec<Absorbed>, StoreError> {
        if self.memory.tail.as_ref().is_some_and(|tail| tail.open > 0) {
            return Err(StoreError::TailOpen);
        }
        let identity = self.config.identity;
        let (verdicts, standing) = self.write(|db, memory| {
            let mut intake = Intake { folding: Folding::new(db, memory), grown: BTreeSet::new() };
            let verdicts = arrivals.iter().map(|a| intake.arrive(a)).collect::<Result<Vec<_>, _>>()?;
            let verdicts = intake.release(arrivals, verdicts)?;
            let standing = intake.finish()?;
            match (memory.told.outgrown(), pulled) {
                (true, _) => super::told::forget(db, memory, &identity)?,
                (false, Some(pulled)) => put_pulled(db, pulled)?,
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

/// One transaction's intake.
struct Intake<'t> {
    folding: Folding<'t>,
    /// Chains that grew.
    grown: BTreeSet<u32>,
}

impl Intake<'_> {
    fn db(&self) -> &Connection {
        self.folding.db
    }

    fn arrive(&mut self, arrival: &Arrival) -> Result<Absorbed, StoreError> {
        let id = arrival.segment.header.id();
        let chain = self.folding.memory.chains.assign(self.folding.db, arrival.segment.header.chain)?;
        let verdict = self.judge(chain, id, &arrival.segment, arrival.position.is_some())?;
        if let Some(position) = arrival.position {
            place(self.db(), position, &id, verdict)?;
        }
        Ok(verdict)
    }

    /// Judges a segment by what is held, and stores it accordingly.
    fn judge(
        &mut self,
        chain: u32,
        id: Digest,
        segment: &Segment,
        placed: bool,
    ) -> Result<Absorbed, StoreError> {
        let held = self.held(chain, id, segment)?;
        if !held.already && self.folding.memory.told.says(chain, segment.header.first, placed) {
            return Ok(Absorbed::Held);
        }
        match aside::why(self.db(), &id)? {
            Some(Why::Broken) => return Ok(Absorbed::SetAside),
            Some(Why::Waits) if held.prev_last.is_none() => {
                return Ok(Absorbed::Pending { have: held.highest });
            }
            Some(Why::Waits) => aside::take(self.db(), &id)?,
            None => {}
        }
        match link(&segment.header, segment.key, held) {
            Link::Duplicate => Ok(Absorbed::Held),
            Link::Extends => self.store(chain, id, segment, placed, None),
            Link::Overlaps { to } => {
                let at = self.divergence(chain, segment, to)?;
                self.folding.memory.chains.tangle(self.folding.db, chain, at)?;
                self.store(chain, id, segment, placed, at)
            }
            Link::Gap { have } => {
                aside::put(self.db(), chain, Why::Waits, id, segment)?;
                Ok(Absorbed::Pending { have })
            }
            Link::Broken => {
                aside::put(self.db(), chain, Why::Broken, id, segment)?;
                Ok(Absorbed::SetAside)
            }
        }
    }

    fn held(&self, chain: u32, id: Digest, segment: &Segment) -> Result<Held, StoreError> {
        let header = &segment.header;
        let told = self.folding.memory.told.head(chain);
        let prev_last = match segments::place(self.db(), chain, &header.prev)? {
            Some((_, last)) => Some(last),
            None if told.is_some_and(|head| head.segment == header.prev) => told.map(|head| head.seq),
            None if header.first == 1 => self.begins(segment),
            None => None,
        };
        Ok(Held {
            already: segments::place(self.db(), chain, &id)?.is_some(),
            prev_last,
            highest: segments::highest(self.db(), chain)?.max(told.map_or(0, |head| head.seq)),
            owner: self.owner(chain)?,
        })
    }

    /// The key that seals a chain.
    fn owner(&self, chain: u32) -> Result<Option<KeyId>, StoreError> {
        let own = self.folding.memory.chains.get(chain).and_then(|chain| chain.certificate.as_deref());
        super::learn::signer(self.db(), chain, own)
    }

    /// What a chain's first segment follows: 0, or something else if it does not name its own beginning; none if its device
    /// is not known, so that it cannot be told.
    fn begins(&self, segment: &Segment) -> Option<Seq> {
        let header = &segment.header;
        let device = self.folding.memory.knowledge.trust().get(segment.key)?;
        let start = genesis(device, header.site, header.chain);
        Some(if header.prev == start || planted(Bug::SkipPrev) { 0 } else { Seq::MAX - 1 })
    }

    /// Appends a segment and folds it at once: it may certify the device that sealed the next.
    fn store(
        &mut self,
        chain: u32,
        id: Digest,
        segment: &Segment,
        placed: bool,
        fork: Option<Seq>,
    ) -> Result<Absorbed, StoreError> {
        if fork.is_some() && planted(Bug::OverwriteFork) {
            overwrite(self.db(), chain, segment)?;
        }
        let prev = segments::place(self.db(), chain, &segment.header.prev)?.map_or(0, |(n, _)| n);
        let entries = segment.decode()?;
        let n = segments::insert(self.db(), New { chain, prev, id, entries: &entries, placed, segment })?;
        self.grown.insert(chain);
        self.folding.segment(n, segment, &entries)?;
        Ok(fork.map_or(Absorbed::Stored, |at| Absorbed::Forked { at }))
    }

    /// Where a segment that overlaps what is held differs from it, if it does.
    fn divergence(&self, chain: u32, segment: &Segment, to: Seq) -> Result<Option<Seq>, StoreError> {
        let first = segment.header.first;
        let mut held: BTreeMap<Seq, Vec<Digest>> = BTreeMap::new();
        segments::each_from(self.db(), chain, first, |stored| {
            let from = stored.segment.header.first;
            for (seq, leaf) in (from..=to).zip(stored.segment.leaves()) {
                held.entry(seq).or_default().push(leaf);
            }
            Ok(from <= to)
        })?;
        Ok(diverges_at(first, &segment.leaves(), |seq| held.get(&seq).map_or(&[], Vec::as_slice)))
    }

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
                    let verdict = self.judge(chain, id, &segment, false)?;
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
        let standing = self.close_own()?;
        self.folding.settle()?;
        Ok(standing)
    }

    /// Entries of the chain being written that this database did not write: it was rolled back, or copied.
    fn close_own(&mut self) -> Result<Option<Standing>, StoreError> {
        let Folding { db, memory, .. } = &mut self.folding;
        let own = memory.chains.current().filter(|own| self.grown.contains(&own.n));
        let Some(forked) = own.map(|own| own.fork.is_some()) else { return Ok(None) };
        if planted(Bug::ReuseSequence) {
            memory.tail = Tail::load(db, &memory.chains)?;
            return Ok(None);
        }
        memory.chains.close(db)?;
        memory.tail = None;
        Ok(Some(if forked { Standing::Forked } else { Standing::RolledBack }))
    }
}

/// What the planted bug does in a fork's place: the branch that arrives last takes the other's.
fn overwrite(db: &Connection, chain: u32, segment: &Segment) -> Result<(), StoreError> {
    db.execute_batch("DROP TRIGGER IF EXISTS segments_are_kept")?;
    db.execute(
        "DELETE FROM segments WHERE chain = ?1 AND first >= ?2",
        params![chain, segment.header.first.cast_signed()],
    )?;
    Ok(())
}

/// Notes a segment's position in the site's log.
fn place(db: &Connection, position: u64, id: &Digest, became: Absorbed) -> Result<(), StoreError> {
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
