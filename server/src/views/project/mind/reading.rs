//! Reading what the fold leans on: segments, rows, and verdicts under several headers.

use std::collections::BTreeMap;

use dutylog_core::base::ChainId;
use dutylog_core::log::{Entry, EntryRef, Header};
use dutylog_core::merge::{Knowledge, Verdict};

use super::Sources;
use crate::ledger::{SiteScope, Stored};
use crate::views::ViewError;
use crate::views::columns;
use crate::views::project::chain::ChainRow;

/// A segment's entries with their identities.
pub(in crate::views::project) fn entries(stored: &Stored) -> Result<Vec<(EntryRef, Entry)>, ViewError> {
    let chain = stored.segment.header.chain;
    let leaves = stored.segment.leaves();
    let entries = stored.segment.decode()?;
    Ok(entries
        .into_iter()
        .zip(leaves)
        .map(|(entry, leaf)| (EntryRef { chain, seq: entry.seq, leaf }, entry))
        .collect())
}

/// The segment at a position.
pub(in crate::views::project) async fn stored_at(
    sources: &Sources,
    scope: SiteScope,
    position: u64,
) -> Result<Stored, ViewError> {
    let page = sources.ledger.page(scope, position, 1).await?;
    let found = page.into_iter().find(|s| s.place.position == position);
    found.ok_or_else(|| ViewError::damaged(format!("position {position} is not in the ledger")))
}

/// How far the site is folded.
pub(in crate::views::project) async fn cursor(sources: &Sources, scope: SiteScope) -> Result<u64, ViewError> {
    let row = sqlx::query("SELECT position FROM view_sites WHERE site = $1")
        .bind(scope.site().0.to_vec())
        .fetch_optional(sources.database.readers())
        .await?;
    row.map_or(Ok(0), |row| columns::count(&row, "position"))
}

pub(super) async fn chains(
    sources: &Sources,
    scope: SiteScope,
) -> Result<BTreeMap<ChainId, ChainRow>, ViewError> {
    let rows = sqlx::query("SELECT * FROM view_chains WHERE site = $1")
        .bind(scope.site().0.to_vec())
        .fetch_all(sources.database.readers())
        .await?;
    rows.iter().map(ChainRow::read).collect()
}

/// Judges an entry under every header it came under and keeps the most favourable verdict: which copy arrived first must not
/// decide. The last word to [`Knowledge`] is that verdict's.
pub(in crate::views::project) fn judge_all(
    knowledge: &mut Knowledge,
    headers: &[&Header],
    by: EntryRef,
    entry: &Entry,
) -> Verdict {
    use crate::views::verdict::Outcome;
    let rank = |v: &Verdict| {
        let outcome = Outcome::of(v);
        let (order, reason) = outcome.rank();
        (order, reason.to_owned())
    };
    let judged: Vec<_> = headers.iter().map(|h| (*h, knowledge.judge(h, by, entry))).collect();
    let best = judged.into_iter().min_by_key(|(_, v)| rank(v));
    match best {
        Some((_, verdict)) if headers.len() == 1 => verdict,
        Some((header, _)) => knowledge.judge(header, by, entry),
        None => Verdict::Waits,
    }
}
