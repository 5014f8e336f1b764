//! One page of the log, judged: what is to be written, what is to be folded, what must be judged again because of it.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Digest, Millis, Seq};
use dutylog_core::log::{Entry, EntryRef, Header};
use dutylog_core::merge::{Rejudge, Verdict};
use sqlx::Row as _;

use super::chain::ChainRow;
use super::clock::best;
use super::mind::{Mind, Sources, entries, judge_all};
use super::state::Counting;
use crate::ledger::Stored;
use crate::views::ViewError;
use crate::views::bulk::Bulk;
use crate::views::columns::{self, Bind};
use crate::views::family::Family;
use crate::views::verdict::{Outcome, Standing};

/// What judging a page came to.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) segments: Vec<Vec<Bind>>,
    pub(super) entries: Vec<Vec<Bind>>,
    pub(super) index: Vec<Vec<Bind>>,
    pub(super) told: BTreeMap<ChainId, Seq>,
    pub(super) counting: Vec<Counting>,
    pub(super) again: BTreeSet<Rejudge>,
    /// Chains that have forked and got more entries.
    pub(super) forked: BTreeSet<ChainId>,
    /// Chains that got entries.
    pub(super) touched: BTreeSet<ChainId>,
    /// Whether something was learnt that waiting entries may wait for.
    pub(super) news: bool,
    /// Whether HQ has written something.
    pub(super) configured: bool,
    seen: BTreeSet<EntryRef>,
    times: Times,
}

const RECEIVED: Bulk = Bulk::lookup(
    "WITH k (position) AS (VALUES",
    ") SELECT s.position, s.received_ms FROM k CROSS JOIN view_segments s WHERE s.site = ? AND s.position = k.position",
);
const NOT_BEFORE: Bulk = Bulk::lookup(
    "WITH k (id) AS (VALUES",
    ") SELECT s.id, s.not_before_ms FROM k CROSS JOIN view_segments s
     WHERE s.site = ? AND s.id = k.id AND s.not_before_ms IS NOT NULL",
);

/// When segments came and what they prove, of the page and of what it cites.
#[derive(Debug, Default)]
struct Times {
    received: BTreeMap<u64, Millis>,
    not_before: BTreeMap<Digest, Millis>,
}

/// A segment's place and times, as its entries share them.
struct Frame<'s> {
    stored: &'s Stored,
    not_before: Option<Millis>,
}

impl Page {
    /// Judges the segments in order, learning as it goes.
    pub(super) async fn judge(
        mind: &mut Mind,
        sources: &Sources,
        stored: &[Stored],
    ) -> Result<Self, ViewError> {
        let mut page = Self::default();
        page.know_devices(mind, sources, stored).await?;
        page.know_times(mind, sources, stored).await?;
        for segment in stored {
            page.segment(mind, sources, segment).await?;
        }
        Ok(page)
    }

    async fn know_devices(
        &mut self,
        mind: &mut Mind,
        sources: &Sources,
        stored: &[Stored],
    ) -> Result<(), ViewError> {
        if stored.iter().any(|s| mind.device_of(s).is_none()) {
            mind.learn_certificates(sources).await?;
            self.news = true;
        }
        Ok(())
    }

    async fn know_times(
        &mut self,
        mind: &Mind,
        sources: &Sources,
        stored: &[Stored],
    ) -> Result<(), ViewError> {
        let site = mind.scope.site();
        let mut db = sources.database.readers().acquire().await?;
        let roots: BTreeMap<u64, Digest> =
            stored.iter().filter_map(|s| s.segment.header.checkpoint).map(|c| (c.size, c.root)).collect();
        let mut positions = Vec::new();
        for (size, root) in roots {
            // A root that this log never had proves nothing.
            let known = sources.ledger.root_at(mind.scope, size).await?;
            positions.extend(size.checked_sub(1).filter(|_| known.is_some_and(|k| k.root == root)));
        }
        for own in stored.iter().filter(|s| positions.contains(&s.place.position)) {
            self.times.received.insert(own.place.position, own.place.received);
        }
        let keys: Vec<_> = positions.into_iter().map(|p| vec![p.into()]).collect();
        for row in RECEIVED.fetch(&mut db, site, &keys).await? {
            self.times.received.insert(columns::count(&row, "position")?, row.try_get("received_ms")?);
        }
        let ids: BTreeSet<Digest> = stored.iter().flat_map(|s| cited(&s.segment.header)).collect();
        let keys: Vec<_> = ids.into_iter().map(|id| vec![id.into()]).collect();
        for row in NOT_BEFORE.fetch(&mut db, site, &keys).await? {
            self.times.not_before.insert(Digest(columns::fixed(&row, "id")?), row.try_get("not_before_ms")?);
        }
        Ok(())
    }

    /// The newest thing a segment cites whose time is proven: it cannot have been begun before.
    fn not_before(&self, mind: &Mind, stored: &Stored) -> Option<Millis> {
        let header = &stored.segment.header;
        // A chain begins with its device's certificate, whose time is the server's.
        let device = mind.knowledge.device(header.chain).filter(|_| header.first == 1);
        let certified = device.map(|device| device.claims.issued);
        let of_root = header.checkpoint.and_then(|c| {
            let last = c.size.checked_sub(1).filter(|last| *last < stored.place.position)?;
            self.times.received.get(&last).copied()
        });
        cited(header)
            .filter_map(|id| self.times.not_before.get(&id).copied())
            .chain(of_root)
            .chain(certified)
            .max()
    }

    async fn segment(
        &mut self,
        mind: &mut Mind,
        sources: &Sources,
        stored: &Stored,
    ) -> Result<(), ViewError> {
        let header = &stored.segment.header;
        let chain = header.chain;
        self.know_chain(mind, stored);
        let frame = Frame { stored, not_before: self.not_before(mind, stored) };
        self.push_segment(stored, frame.not_before);
        let overlaps = mind.chains.get(&chain).is_some_and(|row| header.first <= row.last);
        let held = if overlaps { held(mind, sources, header).await? } else { BTreeMap::new() };
        let mut newest = None;
        for (n, (by, entry)) in (0_u32..).zip(entries(stored)?) {
            let at = best(&header.clock, &entry, frame.not_before, stored.place.received);
            newest = Some((entry.at, at));
            let counts = held.get(&by).is_some_and(|standing| *standing == Standing::Counts);
            if held.contains_key(&by) || self.seen.contains(&by) {
                // One entry in two segments: under the other header it may count.
                self.news |= !counts;
                if !counts {
                    self.again.insert(Rejudge { chain, from: by.seq });
                }
                continue;
            }
            self.entry(mind, &frame, n, by, entry, at);
        }
        if overlaps {
            // It came late or beside others: what stands on it is to be judged again.
            self.again.insert(Rejudge { chain, from: header.first });
        }
        self.touched.insert(chain);
        let forked = mind.chains.get(&chain).is_some_and(|row| row.fork.is_some());
        if forked || stored.fork.is_some() {
            self.forked.insert(chain);
        }
        if let (Some((claimed, best)), Some(row)) = (newest, mind.chains.get_mut(&chain)) {
            row.extend(header, stored.place.received, claimed, best);
        }
        Ok(())
    }

    fn push_segment(&mut self, stored: &Stored, not_before: Option<Millis>) {
        let header = &stored.segment.header;
        let id = header.id();
        if let Some(at) = not_before {
            self.times.not_before.insert(id, at);
        }
        self.segments.push(vec![
            stored.place.position.into(),
            id.into(),
            header.chain.0.into(),
            header.first.into(),
            header.last().into(),
            (header.clock.quality as i64).into(),
            not_before.into(),
            stored.place.received.into(),
        ]);
        for (chain, head) in &header.seen {
            let told = self.told.entry(*chain).or_default();
            *told = head.seq.max(*told);
        }
    }

    fn know_chain(&mut self, mind: &mut Mind, stored: &Stored) {
        let chain = stored.segment.header.chain;
        if mind.chains.contains_key(&chain) {
            return;
        }
        // The ledger takes nothing of a device whose certificate it does not hold.
        if let Some(device) = mind.device_of(stored) {
            mind.knowledge.learn_device(chain, &device);
            mind.chains.insert(chain, ChainRow::new(&device));
            self.news = true;
        }
    }

    fn entry(
        &mut self,
        mind: &mut Mind,
        frame: &Frame<'_>,
        n: u32,
        by: EntryRef,
        entry: Entry,
        best: Millis,
    ) {
        let verdict = judge_all(&mut mind.knowledge, &[&frame.stored.segment.header], by, &entry);
        if let Some(again) = mind.learn(by, &entry, &verdict) {
            self.again.extend(again);
            self.news = true;
            self.configured |= mind.is_hq(by.chain);
        }
        self.push_entry(frame, n, by, &entry, best, Outcome::of(&verdict));
        self.seen.insert(by);
        if let Verdict::Counts(plan) = verdict {
            self.counting.push(Counting { by, entry, best, plan });
        }
    }

    fn push_entry(
        &mut self,
        frame: &Frame<'_>,
        n: u32,
        by: EntryRef,
        entry: &Entry,
        best: Millis,
        outcome: Outcome,
    ) {
        let position = frame.stored.place.position;
        self.entries.push(vec![
            position.into(),
            n.into(),
            by.chain.0.into(),
            by.seq.into(),
            by.leaf.into(),
            entry.kind.into(),
            Family::of(entry.kind).code().into(),
            entry.records.first().map(|r| r.0.to_vec()).into(),
            entry.author.map(|p| p.0.to_vec()).into(),
            entry.at.into(),
            best.into(),
            outcome.standing.code().into(),
            outcome.reason.into(),
        ]);
        for record in &entry.records {
            self.index.push(vec![record.0.into(), best.into(), position.into(), n.into()]);
        }
    }
}

/// The segments a header names: what it had seen, and its predecessor.
fn cited(header: &Header) -> impl Iterator<Item = Digest> + '_ {
    header.seen.iter().map(|(_, head)| head.segment).chain([header.prev])
}

/// The entries that are folded already under a segment's numbers.
async fn held(
    mind: &Mind,
    sources: &Sources,
    header: &Header,
) -> Result<BTreeMap<EntryRef, Standing>, ViewError> {
    let rows = sqlx::query(
        "SELECT seq, leaf, verdict FROM view_entries WHERE site = $1 AND chain = $2 AND seq >= $3 AND seq <= $4",
    )
    .bind(mind.scope.site().0.to_vec())
    .bind(header.chain.0.to_vec())
    .bind(header.first.cast_signed())
    .bind(header.last().cast_signed())
    .fetch_all(sources.database.readers())
    .await?;
    rows.iter()
        .map(|row| {
            let by = EntryRef {
                chain: header.chain,
                seq: columns::count(row, "seq")?,
                leaf: Digest(columns::fixed(row, "leaf")?),
            };
            let standing = Standing::from_code(row.try_get("verdict")?);
            Ok((by, standing.ok_or_else(|| ViewError::damaged("an unknown verdict"))?))
        })
        .collect()
}
