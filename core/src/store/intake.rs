//! Judging arrivals one by one: a duplicate, the next of its chain, a branch, or something that has to wait.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::absorb::{Overflow, place};
use super::aside::{self, Why};
use super::error::StoreError;
use super::fold::Folding;
use super::memory::Memory;
use super::prepare::Prepared;
use super::segments::{self, New};
use crate::base::{Bug, Digest, KeyId, Seq, planted};
use crate::log::{Absorbed, Held, Link, Segment, diverges_at, genesis, link};

/// One transaction's intake.
pub(super) struct Intake<'t> {
    pub(super) folding: Folding<'t>,
    /// Chains that grew.
    pub(super) grown: BTreeSet<u32>,
    /// The chains that something arrived of.
    held: BTreeMap<u32, HeldChain>,
    /// Whether any segment is aside.
    aside: bool,
    overflow: Overflow,
}

/// What is held of a chain: read once, and kept up to date.
#[derive(Clone, Copy)]
struct HeldChain {
    highest: Seq,
    owner: Option<KeyId>,
    /// The segment stored last in this transaction, its row and its last number.
    newest: Option<(Digest, i64, Seq)>,
}

impl<'t> Intake<'t> {
    pub(super) fn new(
        db: &'t Connection,
        memory: &'t mut Memory,
        overflow: Overflow,
    ) -> Result<Self, StoreError> {
        let (folding, aside) = (Folding::new(db, memory), aside::any(db)?);
        Ok(Self { folding, grown: BTreeSet::new(), held: BTreeMap::new(), aside, overflow })
    }
}

impl Intake<'_> {
    pub(super) fn db(&self) -> &Connection {
        self.folding.db
    }

    pub(super) fn arrive(
        &mut self,
        prepared: Prepared<'_>,
        position: Option<u64>,
    ) -> Result<Absorbed, StoreError> {
        let id = prepared.id;
        let chain = self.folding.memory.chains.assign(self.folding.db, prepared.segment.header.chain)?;
        let verdict = self.judge(chain, prepared, position.is_some())?;
        if let Some(position) = position {
            place(self.db(), position, &id, verdict)?;
        }
        Ok(verdict)
    }

    /// Judges a segment by what is held, and stores it accordingly.
    pub(super) fn judge(
        &mut self,
        chain: u32,
        prepared: Prepared<'_>,
        placed: bool,
    ) -> Result<Absorbed, StoreError> {
        let Prepared { segment, id, .. } = prepared;
        let (held, prev) = self.held(chain, id, segment)?;
        if !held.already && self.folding.memory.told.says(chain, segment.header.first, placed) {
            return self.beneath(chain, id, segment, placed, held.highest);
        }
        match if self.aside { aside::why(self.db(), &id)? } else { None } {
            Some(Why::Broken) => return Ok(Absorbed::SetAside),
            Some(Why::Waits) if held.prev_last.is_none() => {
                return Ok(Absorbed::Pending { have: held.highest });
            }
            Some(Why::Waits) => aside::take(self.db(), &id)?,
            None => {}
        }
        match link(&segment.header, segment.key, held) {
            Link::Duplicate => Ok(Absorbed::Held),
            Link::Extends => self.store(chain, prev, prepared, placed, None),
            // Where the chain's beginning is only told, its branches cannot be named.
            Link::Overlaps { .. } if self.folding.memory.told.gives_up(chain) => {
                let have = held.highest;
                self.wait(chain, id, segment, placed)?;
                Ok(Absorbed::Pending { have })
            }
            Link::Overlaps { to } => {
                let at = self.divergence(chain, segment, to)?;
                self.folding.memory.chains.tangle(self.folding.db, chain, at)?;
                self.store(chain, prev, prepared, placed, at)
            }
            Link::Gap { have } => {
                self.wait(chain, id, segment, placed)?;
                Ok(Absorbed::Pending { have })
            }
            Link::Broken => {
                self.put_aside(chain, Why::Broken, id, segment)?;
                Ok(Absorbed::SetAside)
            }
        }
    }

    /// A segment that begins where the chain is only told: what a snapshot told, or a branch that HQ has never seen. Which of them cannot
    /// be said here, so it waits, and is offered on.
    fn beneath(
        &mut self,
        chain: u32,
        id: Digest,
        segment: &Segment,
        placed: bool,
        have: Seq,
    ) -> Result<Absorbed, StoreError> {
        let told = self.folding.memory.told.head(chain);
        if placed || told.is_some_and(|head| head.segment == id) {
            return Ok(Absorbed::Held);
        }
        if !self.aside || aside::why(self.db(), &id)?.is_none() {
            self.wait(chain, id, segment, placed)?;
        }
        Ok(Absorbed::Pending { have })
    }

    /// Lets a segment wait, if there is room. What has a position in the site's log is not offered again, so there is always room for it.
    fn wait(&mut self, chain: u32, id: Digest, segment: &Segment, placed: bool) -> Result<(), StoreError> {
        match self.overflow {
            _ if placed || aside::has_room(self.db(), chain, segment)? => {
                self.put_aside(chain, Why::Waits, id, segment)
            }
            Overflow::Left => Ok(()),
            Overflow::Refused => Err(StoreError::PendingFull { chain: segment.header.chain }),
        }
    }

    fn put_aside(&mut self, chain: u32, why: Why, id: Digest, segment: &Segment) -> Result<(), StoreError> {
        self.aside = true;
        aside::put(self.db(), chain, why, id, segment)
    }

    /// What bears on a segment, and the row of the one before it, 0 for none.
    fn held(&mut self, chain: u32, id: Digest, segment: &Segment) -> Result<(Held, i64), StoreError> {
        let header = &segment.header;
        let HeldChain { highest, owner, newest } = self.held_chain(chain)?;
        let prev = match newest {
            Some((id, n, last)) if id == header.prev => Some((n, last)),
            _ => segments::place(self.db(), chain, &header.prev)?,
        };
        let told = self.folding.memory.told.head(chain);
        let prev_last = match prev {
            Some((_, last)) => Some(last),
            None if told.is_some_and(|head| head.segment == header.prev) => told.map(|head| head.seq),
            None if header.first == 1 => self.begins(segment),
            None => None,
        };
        // What is held ends at the highest number or before it.
        let already = header.first <= highest && segments::place(self.db(), chain, &id)?.is_some();
        let highest = highest.max(told.map_or(0, |head| head.seq));
        Ok((Held { already, prev_last, highest, owner }, prev.map_or(0, |(n, _)| n)))
    }

    fn held_chain(&mut self, chain: u32) -> Result<HeldChain, StoreError> {
        if let Some(held) = self.held.get(&chain) {
            return Ok(*held);
        }
        let own = self.folding.memory.chains.get(chain).and_then(|chain| chain.certificate.as_deref());
        let owner = super::learn::signer(self.db(), chain, own)?;
        let held = HeldChain { highest: segments::highest(self.db(), chain)?, owner, newest: None };
        self.held.insert(chain, held);
        Ok(held)
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
        prev: i64,
        Prepared { segment, id, body, plans }: Prepared<'_>,
        placed: bool,
        fork: Option<Seq>,
    ) -> Result<Absorbed, StoreError> {
        if fork.is_some() && planted(Bug::OverwriteFork) {
            overwrite(self.db(), chain, segment)?;
            self.held.remove(&chain);
        }
        let n = segments::insert(self.db(), New { chain, prev, id, body: &body, placed, segment })?;
        if let Some(held) = self.held.get_mut(&chain) {
            let last = segment.header.last();
            held.highest = held.highest.max(last);
            held.owner.get_or_insert(segment.key);
            held.newest = Some((id, n, last));
        }
        self.grown.insert(chain);
        self.folding.segment(n, segment, plans)?;
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
