//! Judging again what news may have changed, and folding again the records it touches, so that the result is the same as if the
//! news had come first.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Digest, RecordId, Seq};
use dutylog_core::log::{Entry, EntryRef, Header};
use dutylog_core::merge::{Plan, Rejudge};
use sqlx::{Row as _, SqliteConnection};

use super::mind::{Mind, Sources, entries, judge_all, stored_at};
use super::page::Page;
use super::state::{Counting, State};
use crate::ledger::Stored;
use crate::views::ViewError;
use crate::views::columns;
use crate::views::verdict::{Outcome, Standing};

/// How an entry stands in the tables.
struct Kept {
    position: u64,
    n: u32,
    outcome: Outcome,
}

/// One entry and every header it came under.
struct Copies<'s> {
    entry: Entry,
    headers: Vec<&'s Header>,
}

/// Settles everything that a page has unsettled. `end` is the position after the page, whose rows are written already.
pub(super) async fn settle(
    mind: &mut Mind,
    sources: &Sources,
    db: &mut SqliteConnection,
    page: &mut Page,
    relabelled: BTreeSet<RecordId>,
    end: u64,
) -> Result<(), ViewError> {
    let mut affected = relabelled;
    loop {
        let mut ranges: BTreeMap<ChainId, Seq> = BTreeMap::new();
        for again in std::mem::take(&mut page.again) {
            let from = ranges.entry(again.chain).or_insert(again.from);
            *from = again.from.min(*from);
        }
        let waiting =
            if std::mem::take(&mut page.news) { mind.knowledge.waiting().clone() } else { BTreeSet::new() };
        for by in waiting.iter().rev() {
            // The lowest number of each chain comes last.
            ranges.entry(by.chain).and_modify(|from| *from = by.seq.min(*from)).or_insert(by.seq);
        }
        if ranges.is_empty() {
            break;
        }
        for (chain, from) in ranges {
            affected.extend(judge_range(mind, sources, db, page, chain, from, end).await?);
        }
    }
    for record in affected {
        refold(mind, sources, db, record).await?;
    }
    Ok(())
}

async fn judge_range(
    mind: &mut Mind,
    sources: &Sources,
    db: &mut SqliteConnection,
    page: &mut Page,
    chain: ChainId,
    from: Seq,
    end: u64,
) -> Result<BTreeSet<RecordId>, ViewError> {
    let mut segments = sources.ledger.chain(mind.scope, chain, from).await?;
    segments.retain(|s| s.place.position < end);
    let kept = kept(mind, db, chain, from).await?;
    let mut affected = BTreeSet::new();
    for (by, copies) in copies(&segments, from)? {
        let Some(before) = kept.get(&by) else { continue };
        let verdict = judge_all(&mut mind.knowledge, &copies.headers, by, &copies.entry);
        let outcome = Outcome::of(&verdict);
        if outcome == before.outcome {
            continue;
        }
        update(mind, db, before, &outcome).await?;
        affected.extend(copies.entry.records.iter().copied());
        if let Some(again) = mind.learn(by, &copies.entry, &verdict) {
            page.again.extend(again);
            page.news = true;
        }
    }
    Ok(affected)
}

fn copies(segments: &[Stored], from: Seq) -> Result<BTreeMap<EntryRef, Copies<'_>>, ViewError> {
    let mut all: BTreeMap<EntryRef, Copies<'_>> = BTreeMap::new();
    for stored in segments {
        for (by, entry) in entries(stored)?.into_iter().filter(|(by, _)| by.seq >= from) {
            let copies = all.entry(by).or_insert_with(|| Copies { entry, headers: Vec::new() });
            copies.headers.push(&stored.segment.header);
        }
    }
    Ok(all)
}

async fn kept(
    mind: &Mind,
    db: &mut SqliteConnection,
    chain: ChainId,
    from: Seq,
) -> Result<BTreeMap<EntryRef, Kept>, ViewError> {
    let rows = sqlx::query(
        "SELECT position, n, seq, leaf, verdict, reason FROM view_entries WHERE site = $1 AND chain = $2 AND seq >= $3",
    )
    .bind(mind.scope.site().0.to_vec())
    .bind(chain.0.to_vec())
    .bind(from.cast_signed())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let by = EntryRef {
                chain,
                seq: columns::count(row, "seq")?,
                leaf: Digest(columns::fixed(row, "leaf")?),
            };
            let standing = Standing::from_code(row.try_get("verdict")?);
            let standing = standing.ok_or_else(|| ViewError::damaged("an unknown verdict"))?;
            let outcome = Outcome { standing, reason: row.try_get("reason")? };
            Ok((
                by,
                Kept { position: columns::count(row, "position")?, n: columns::count(row, "n")?, outcome },
            ))
        })
        .collect()
}

async fn update(
    mind: &Mind,
    db: &mut SqliteConnection,
    kept: &Kept,
    outcome: &Outcome,
) -> Result<(), ViewError> {
    sqlx::query(
        "UPDATE view_entries SET verdict = $4, reason = $5 WHERE site = $1 AND position = $2 AND n = $3",
    )
    .bind(mind.scope.site().0.to_vec())
    .bind(kept.position.cast_signed())
    .bind(kept.n)
    .bind(outcome.standing.code())
    .bind(&outcome.reason)
    .execute(db)
    .await?;
    Ok(())
}

/// The records whose cells may bear another branch's name: those that a forked chain touches from the fork on.
pub(super) async fn relabelled(
    mind: &Mind,
    db: &mut SqliteConnection,
    again: Rejudge,
) -> Result<BTreeSet<RecordId>, ViewError> {
    let rows = sqlx::query(
        "SELECT DISTINCT r.record FROM view_entries e JOIN view_record_entries r
           ON r.site = e.site AND r.best_ms = e.best_ms AND r.position = e.position AND r.n = e.n
         WHERE e.site = $1 AND e.chain = $2 AND e.seq >= $3",
    )
    .bind(mind.scope.site().0.to_vec())
    .bind(again.chain.0.to_vec())
    .bind(again.from.cast_signed())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok(RecordId(columns::fixed(row, "record")?))).collect()
}

/// Folds one record again from its entries.
async fn refold(
    mind: &Mind,
    sources: &Sources,
    db: &mut SqliteConnection,
    record: RecordId,
) -> Result<(), ViewError> {
    let site = mind.scope.site().0.to_vec();
    let rows = sqlx::query(
        "SELECT e.position, e.n, e.best_ms FROM view_record_entries r JOIN view_entries e
           ON e.site = r.site AND e.position = r.position AND e.n = r.n
         WHERE r.site = $1 AND r.record = $2 AND e.verdict = 0 ORDER BY e.position, e.n",
    )
    .bind(&site)
    .bind(record.0.to_vec())
    .fetch_all(&mut *db)
    .await?;
    let mut state = State::default();
    let mut held: Option<Stored> = None;
    for row in &rows {
        let position = columns::count(row, "position")?;
        let stored = match held.take().filter(|s| s.place.position == position) {
            Some(stored) => stored,
            None => stored_at(sources, mind.scope, position).await?,
        };
        let n: usize = columns::count(row, "n")?;
        if let Some((by, entry)) = entries(&stored)?.into_iter().nth(n)
            && let Ok(plan) = Plan::of(&entry)
        {
            let counting = Counting { by, entry, best: row.try_get("best_ms")?, plan };
            state.apply(&counting, mind.knowledge.forks());
        }
        held = Some(stored);
    }
    state.retain(record);
    for table in ["cells", "additions", "records"] {
        let text = format!("DELETE FROM view_{table} WHERE site = $1 AND record = $2");
        let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(&site).bind(record.0.to_vec());
        query.execute(&mut *db).await?;
    }
    state.write(db, mind.scope.site()).await
}
