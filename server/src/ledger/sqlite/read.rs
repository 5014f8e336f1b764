//! The queries that read, for readers and for the writer alike.

use dutylog_core::base::{Bug, ChainId, Digest, KeyId, Seq, planted};
use dutylog_core::log::{Head, SiteRoot};
use sqlx::{Row as _, SqliteExecutor};
use tokio_stream::StreamExt as _;

use super::columns::{self, int};
use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, Fork, Heads, RestoreNotice, SiteState, Stored};
use crate::ledger::registry::Level;
use crate::ledger::scope::SiteScope;

type Result<T> = std::result::Result<T, LedgerError>;

fn site(scope: SiteScope) -> Vec<u8> {
    scope.site().0.to_vec()
}

pub(super) async fn state(db: impl SqliteExecutor<'_>, scope: SiteScope) -> Result<SiteState> {
    let row = sqlx::query("SELECT org, epoch, size, peaks, backed_up FROM sites WHERE site = $1")
        .bind(site(scope))
        .fetch_optional(db)
        .await?;
    columns::state(&row.ok_or(LedgerError::NoSuchSite)?)
}

pub(super) async fn segment(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    id: Digest,
) -> Result<Option<Stored>> {
    let query = match planted(Bug::MissingSiteFilter) {
        false => sqlx::query("SELECT * FROM segments WHERE site = $1 AND id = $2").bind(site(scope)),
        true => sqlx::query("SELECT * FROM segments WHERE length($1) = 16 AND id = $2").bind(site(scope)),
    };
    let row = query.bind(id.0.to_vec()).fetch_optional(db).await?;
    row.map(|row| columns::row(&row)?.open()).transpose()
}

/// A chain's segments that hold any of the numbers `from..=to`.
pub(super) async fn chain(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    chain: ChainId,
    from: Seq,
    to: Seq,
) -> Result<Vec<Stored>> {
    let rows = sqlx::query(
        "SELECT * FROM segments WHERE site = $1 AND chain = $2 AND last >= $3 AND first <= $4 ORDER BY position",
    )
    .bind(site(scope))
    .bind(chain.0.to_vec())
    .bind(int(from)?)
    .bind(int(to)?)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| columns::row(row)?.open()).collect()
}

pub(super) async fn page(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    from: u64,
    max_bytes: usize,
) -> Result<Vec<Stored>> {
    let mut rows = sqlx::query("SELECT * FROM segments WHERE site = $1 AND position >= $2 ORDER BY position")
        .bind(site(scope))
        .bind(int(from)?)
        .fetch(db);
    let (mut page, mut weight) = (Vec::new(), 0);
    while let Some(row) = rows.next().await {
        let row = columns::row(&row?)?;
        weight += row.weight();
        if weight > max_bytes && !page.is_empty() {
            break;
        }
        page.push(row.open()?);
    }
    Ok(page)
}

pub(super) async fn site_log(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    from: u64,
    to: u64,
) -> Result<Vec<Digest>> {
    let rows = sqlx::query(
        "SELECT id FROM segments WHERE site = $1 AND position >= $2 AND position < $3 ORDER BY position",
    )
    .bind(site(scope))
    .bind(int(from)?)
    .bind(int(to)?)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| columns::fixed(row, "id").map(Digest)).collect()
}

pub(super) async fn root_at(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    size: u64,
) -> Result<Option<SiteRoot>> {
    let Some(last) = size.checked_sub(1) else {
        return Ok(Some(SiteRoot { size: 0, root: Digest::of(&[]) }));
    };
    let row = sqlx::query("SELECT root FROM segments WHERE site = $1 AND position = $2")
        .bind(site(scope))
        .bind(int(last)?)
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(SiteRoot { size, root: Digest(columns::fixed(&row, "root")?) })).transpose()
}

pub(super) async fn heads_of(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    chain: ChainId,
) -> Result<Vec<Head>> {
    let rows =
        sqlx::query("SELECT segment, seq FROM heads WHERE site = $1 AND chain = $2 ORDER BY seq, segment")
            .bind(site(scope))
            .bind(chain.0.to_vec())
            .fetch_all(db)
            .await?;
    rows.iter().map(head).collect()
}

pub(super) async fn heads(db: impl SqliteExecutor<'_>, scope: SiteScope) -> Result<Heads> {
    let rows =
        sqlx::query("SELECT chain, segment, seq FROM heads WHERE site = $1 ORDER BY chain, seq, segment")
            .bind(site(scope))
            .fetch_all(db)
            .await?;
    let mut heads = Heads::new();
    for row in &rows {
        heads.entry(ChainId(columns::fixed(row, "chain")?)).or_default().push(head(row)?);
    }
    Ok(heads)
}

fn head(row: &sqlx::sqlite::SqliteRow) -> Result<Head> {
    Ok(Head { seq: columns::count(row, "seq")?, segment: Digest(columns::fixed(row, "segment")?) })
}

pub(super) async fn forks(db: impl SqliteExecutor<'_>, scope: SiteScope) -> Result<Vec<Fork>> {
    let rows = sqlx::query(
        "SELECT chain, fork, id, position FROM segments WHERE site = $1 AND fork IS NOT NULL ORDER BY position",
    )
    .bind(site(scope))
    .fetch_all(db)
    .await?;
    let fork = |row| {
        Ok(Fork {
            chain: ChainId(columns::fixed(row, "chain")?),
            at: columns::count(row, "fork")?,
            segment: Digest(columns::fixed(row, "id")?),
            position: columns::count(row, "position")?,
        })
    };
    rows.iter().map(fork).collect()
}

pub(super) async fn set_aside(db: impl SqliteExecutor<'_>, scope: SiteScope) -> Result<Vec<Aside>> {
    let rows = sqlx::query(
        "SELECT * FROM set_aside a WHERE a.site = $1
         AND NOT EXISTS (SELECT 1 FROM segments s WHERE s.site = a.site AND s.id = a.id) ORDER BY a.id, a.reason",
    )
    .bind(site(scope))
    .fetch_all(db)
    .await?;
    let mut asides: Vec<Aside> = rows.iter().map(columns::aside).collect::<Result<_>>()?;
    asides.sort_by_cached_key(|aside| (aside.segment.header.id(), aside.reason));
    Ok(asides)
}

pub(super) async fn restore_notices(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
) -> Result<Vec<RestoreNotice>> {
    let rows =
        sqlx::query("SELECT epoch, at_ms, size, root FROM restore_notices WHERE site = $1 ORDER BY epoch")
            .bind(site(scope))
            .fetch_all(db)
            .await?;
    let notice = |row| {
        Ok(RestoreNotice {
            epoch: columns::count(row, "epoch")?,
            at: sqlx::Row::try_get(row, "at_ms")?,
            log: SiteRoot { size: columns::count(row, "size")?, root: Digest(columns::fixed(row, "root")?) },
        })
    };
    rows.iter().map(notice).collect()
}

pub(super) async fn budget(
    db: impl SqliteExecutor<'_>,
    scope: SiteScope,
    key: KeyId,
    what: &str,
) -> Result<Option<Level>> {
    let row = sqlx::query("SELECT level, at_ms FROM budgets WHERE site = $1 AND key = $2 AND what = $3")
        .bind(site(scope))
        .bind(key.0.to_vec())
        .bind(what.to_owned())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(Level { thousandths: row.try_get("level")?, at: row.try_get("at_ms")? })).transpose()
}
