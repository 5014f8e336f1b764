//! The store as sync sees it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::Store;
use super::chains::Chain;
use super::columns::{digest, fixed, number};
use super::error::StoreError;
use super::segments::{self, Stored};
use crate::base::{ChainId, Digest, Seq};
use crate::log::{Absorbed, Arrival, Head, Holdings, Peaks, Pulled, Receipt, Segment, TakenOver, Unsent};

impl Holdings for Store {
    type Error = StoreError;

    fn pulled(&self) -> Result<Pulled, StoreError> {
        let sql = "SELECT epoch, size, peaks FROM store WHERE one = 1";
        let (epoch, size, bytes) = self
            .db
            .prepare_cached(sql)?
            .query_row((), |row| Ok((row.get(0)?, number(row, 1)?, row.get::<_, Vec<u8>>(2)?)))?;
        let peaks = bytes.chunks(32).map(Digest::from_slice).collect::<Option<Vec<_>>>();
        let peaks = peaks.and_then(|peaks| Peaks::from_parts(size, peaks));
        Ok(Pulled { epoch, peaks: peaks.ok_or_else(|| StoreError::damaged("the Merkle peaks"))? })
    }

    fn heads(&self) -> Result<BTreeMap<ChainId, Vec<Head>>, StoreError> {
        let mut all = BTreeMap::new();
        for chain in self.memory.chains.iter() {
            let heads = heads(&self.db, chain)?;
            if !heads.is_empty() {
                all.insert(chain.id, heads);
            }
        }
        Ok(all)
    }

    fn unsent(&self) -> Result<Vec<Unsent>, StoreError> {
        super::outbox::unsent(&self.db, &self.memory.chains)
    }

    fn all_told(&self) -> Result<bool, StoreError> {
        Ok(self.open_entries() == 0 && self.unsent()?.is_empty())
    }

    fn segments_after(
        &self,
        chain: ChainId,
        after: Option<Digest>,
        max_bytes: usize,
    ) -> Result<Vec<Segment>, StoreError> {
        let chain = self.memory.chains.number(chain).and_then(|n| self.memory.chains.get(n));
        chain.map_or(Ok(Vec::new()), |chain| following(&self.db, chain, after, max_bytes))
    }

    fn segment(&self, id: &Digest) -> Result<Option<Segment>, StoreError> {
        Ok(segments::by_id(&self.db, id)?.map(|stored| stored.segment))
    }

    fn segment_at(&self, chain: ChainId, first: Seq) -> Result<Option<Segment>, StoreError> {
        let Some(chain) = self.memory.chains.number(chain) else { return Ok(None) };
        let mut found = Vec::new();
        segments::each_from(&self.db, chain, first, |stored| {
            let at = stored.segment.header.first;
            if at == first {
                found.push(stored.segment);
            }
            Ok(at <= first)
        })?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    fn site_log(&self, from: u64, to: u64) -> Result<Vec<Digest>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT segment FROM site_log WHERE position >= ?1 AND position < ?2 ORDER BY position",
        )?;
        let ids = select.query_map([from.cast_signed(), to.cast_signed()], |row| digest(row, 0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    fn stands_on(&self) -> Result<Peaks, StoreError> {
        Ok(self.memory.told.peaks().clone())
    }

    fn wants_snapshot(&self) -> Result<bool, StoreError> {
        self.is_blank()
    }

    fn take_over(&mut self, snapshot: &[u8]) -> Result<TakenOver, StoreError> {
        self.adopt(snapshot)
    }

    fn learn(&mut self, certificates: &[Vec<u8>]) -> Result<(), StoreError> {
        // One that is not proven leaves its segments waiting, visibly.
        self.trust(certificates).map(drop)
    }

    fn absorb(
        &mut self,
        arrivals: Vec<Arrival>,
        pulled: Option<Pulled>,
    ) -> Result<Vec<Absorbed>, StoreError> {
        self.take_in(&arrivals, pulled.as_ref())
    }

    fn confirm(&mut self, receipts: &[(Receipt, Vec<u8>)]) -> Result<(), StoreError> {
        self.write(|db, memory| {
            receipts
                .iter()
                .try_for_each(|(receipt, bytes)| super::receipts::put(db, &mut memory.chains, receipt, bytes))
        })
    }

    fn restored(
        &mut self,
        epoch: u32,
        kept: u64,
        heads: &BTreeMap<ChainId, Vec<Head>>,
    ) -> Result<(), StoreError> {
        let identity = self.config.identity;
        self.write(|db, memory| {
            if kept < memory.told.size() {
                // What the snapshot stood for is not all there any more: begin again with what is held here.
                super::told::forget(db, memory, &identity)?;
                db.execute("UPDATE segments SET placed = 0", ())?;
                super::receipts::keep_only(db, &memory.chains, heads)?;
                return super::absorb::put_pulled(db, &Pulled { epoch, peaks: Peaks::default() });
            }
            db.execute(
                "UPDATE segments SET placed = 0 WHERE id IN (SELECT segment FROM site_log WHERE position >= ?1)",
                [kept.cast_signed()],
            )?;
            db.execute("DELETE FROM site_log WHERE position >= ?1", [kept.cast_signed()])?;
            super::receipts::keep_only(db, &memory.chains, heads)?;
            super::absorb::put_pulled(db, &Pulled { epoch, peaks: peaks_of(db, memory.told.peaks(), kept)? })
        })
    }
}

/// The Merkle peaks over the first positions of the site's log, of which `base` has those that a snapshot stands for.
fn peaks_of(db: &Connection, base: &Peaks, size: u64) -> Result<Peaks, StoreError> {
    let mut select =
        db.prepare("SELECT position, segment FROM site_log WHERE position < ?1 ORDER BY position")?;
    let mut rows = select.query([size.cast_signed()])?;
    let mut peaks = base.clone();
    while let Some(row) = rows.next()? {
        let position = number(row, 0)?;
        if position != peaks.size() {
            return Err(StoreError::damaged("the site's log has a hole"));
        }
        peaks.push(crate::log::merkle::site_leaf(position, &Digest(fixed(row, 1)?)));
    }
    Ok(peaks)
}

/// The heads of one chain: the newest segment, or the ends of all branches if it has forked.
pub(super) fn heads(db: &Connection, chain: &Chain) -> Result<Vec<Head>, StoreError> {
    let sql = if chain.fork.is_some() {
        "SELECT first + count - 1, id FROM segments WHERE chain = ?1
         AND n NOT IN (SELECT prev FROM segments WHERE chain = ?1) ORDER BY first + count DESC, id"
    } else {
        // Without a fork the highest number is the head, however the same entries were cut.
        "SELECT first + count - 1, id FROM segments WHERE chain = ?1
         AND first >= (SELECT max(first) FROM segments WHERE chain = ?1) - 256
         ORDER BY first + count DESC, id LIMIT 1"
    };
    let mut select = db.prepare_cached(sql)?;
    let heads =
        select.query_map([chain.n], |row| Ok(Head { seq: number(row, 0)?, segment: digest(row, 1)? }))?;
    let heads: Vec<Head> = heads.collect::<Result<_, _>>()?;
    let told = super::told::head(db, chain.n)?;
    Ok(told
        .filter(|told| heads.first().is_none_or(|head| head.seq < told.seq))
        .map_or(heads, |told| vec![told]))
}

/// The segments that somebody who holds `after`, and so everything before it, lacks.
fn following(
    db: &Connection,
    chain: &Chain,
    after: Option<Digest>,
    max_bytes: usize,
) -> Result<Vec<Segment>, StoreError> {
    let held = match after {
        Some(id) => segments::place(db, chain.n, &id)?,
        None => None,
    };
    let ancestors = match held {
        Some((n, _)) if chain.tangled => line(db, n)?,
        _ => BTreeSet::new(),
    };
    // In a chain that overlaps nowhere, what was held is simply what came before.
    let from = held.filter(|_| !chain.tangled).map_or(0, |(_, last)| last + 1);
    let mut found = Vec::new();
    let mut bytes = 0;
    segments::each_from(db, chain.n, from, |Stored { n, packed, segment, .. }| {
        if ancestors.contains(&n) {
            return Ok(true);
        }
        bytes += packed;
        let fits = bytes <= max_bytes || found.is_empty();
        if fits {
            found.push(segment);
        }
        Ok(fits)
    })?;
    Ok(found)
}

/// A segment's row and those before it, back to the chain's start.
pub(super) fn line(db: &Connection, n: i64) -> Result<BTreeSet<i64>, StoreError> {
    let mut select = db.prepare_cached(
        "WITH RECURSIVE line (n) AS (
             SELECT ?1 UNION ALL SELECT s.prev FROM segments s JOIN line ON s.n = line.n WHERE s.prev > 0)
         SELECT n FROM line",
    )?;
    Ok(select.query_map(params![n], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
