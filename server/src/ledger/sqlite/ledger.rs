//! The ledger's methods: each one query on a reader, or one transaction of the writer.

use dutylog_core::base::{ChainId, Digest, Millis, OrgId, Seq, SiteId};
use dutylog_core::log::{Peaks, SiteRoot};

use super::columns::{self, int};
use super::{SqliteLedger, read};
use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, Fork, Heads, RestoreNotice, SiteState, Stored};
use crate::ledger::scope::SiteScope;
use crate::ledger::writer::SiteWriter;
use crate::ledger::{Answer, Ledger};

impl SqliteLedger {
    async fn create(&self, scope: SiteScope, org: OrgId, now: Millis) -> Result<(), LedgerError> {
        let mut tx = self.database.write().await?;
        sqlx::query(
            "INSERT INTO sites (site, org, epoch, size, peaks, created_ms)
             SELECT $1, $2, epoch, 0, $3, $4 FROM server WHERE id = 1 ON CONFLICT DO NOTHING",
        )
        .bind(&scope.site().0[..])
        .bind(&org.0[..])
        .bind(columns::peaks(&Peaks::default()))
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let state = read::state(&mut *tx, scope).await?;
        tx.commit().await?;
        if state.org == org { Ok(()) } else { Err(LedgerError::SiteExists) }
    }

    async fn current_epoch(&self) -> Result<u32, LedgerError> {
        let row = sqlx::query("SELECT epoch FROM server WHERE id = 1").fetch_one(self.readers()).await?;
        columns::count(&row, "epoch")
    }

    async fn next_epoch(&self, past: u32, now: Millis) -> Result<u32, LedgerError> {
        let mut tx = self.database.write().await?;
        let row = sqlx::query("SELECT epoch FROM server WHERE id = 1").fetch_one(&mut *tx).await?;
        let present: u32 = columns::count(&row, "epoch")?;
        let next = past.max(present).checked_add(1).ok_or(LedgerError::OutOfRange)?;
        sqlx::query("UPDATE server SET epoch = $1 WHERE id = 1").bind(next).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO restore_notices (site, epoch, at_ms, size, root)
             SELECT t.site, $1, $2, t.size, coalesce(
               (SELECT s.root FROM segments s WHERE s.site = t.site AND s.position = t.size - 1), $3) FROM sites t",
        )
        .bind(next)
        .bind(now)
        .bind(&Digest::of(&[]).0[..])
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE sites SET epoch = $1").bind(next).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(next)
    }
}

impl Ledger for SqliteLedger {
    fn create_site(&self, scope: SiteScope, org: OrgId, now: Millis) -> Answer<'_, ()> {
        Box::pin(self.create(scope, org, now))
    }

    fn sites(&self) -> Answer<'_, Vec<SiteId>> {
        Box::pin(async move {
            let rows = sqlx::query("SELECT site FROM sites ORDER BY site").fetch_all(self.readers()).await?;
            rows.iter().map(columns::site).collect()
        })
    }

    fn begin(&self, scope: SiteScope) -> Answer<'_, Box<dyn SiteWriter>> {
        Box::pin(self.lock(scope))
    }

    fn state(&self, scope: SiteScope) -> Answer<'_, SiteState> {
        Box::pin(read::state(self.readers(), scope))
    }

    fn page(&self, scope: SiteScope, from: u64, max_bytes: usize) -> Answer<'_, Vec<Stored>> {
        Box::pin(read::page(self.readers(), scope, from, max_bytes))
    }

    fn site_log(&self, scope: SiteScope, from: u64, to: u64) -> Answer<'_, Vec<Digest>> {
        Box::pin(read::site_log(self.readers(), scope, from, to))
    }

    fn root_at(&self, scope: SiteScope, size: u64) -> Answer<'_, Option<SiteRoot>> {
        Box::pin(read::root_at(self.readers(), scope, size))
    }

    fn heads<'a>(&'a self, scope: SiteScope, chains: Option<&'a [ChainId]>) -> Answer<'a, Heads> {
        Box::pin(async move {
            let Some(chains) = chains else { return read::heads(self.readers(), scope).await };
            let mut heads = Heads::new();
            for chain in chains {
                let ends = read::heads_of(self.readers(), scope, *chain).await?;
                if !ends.is_empty() {
                    heads.insert(*chain, ends);
                }
            }
            Ok(heads)
        })
    }

    fn segment(&self, scope: SiteScope, id: Digest) -> Answer<'_, Option<Stored>> {
        Box::pin(read::segment(self.readers(), scope, id))
    }

    fn chain(&self, scope: SiteScope, chain: ChainId, from: Seq) -> Answer<'_, Vec<Stored>> {
        Box::pin(read::chain(self.readers(), scope, chain, from, i64::MAX.cast_unsigned()))
    }

    fn forks(&self, scope: SiteScope) -> Answer<'_, Vec<Fork>> {
        Box::pin(read::forks(self.readers(), scope))
    }

    fn set_aside(&self, scope: SiteScope) -> Answer<'_, Vec<Aside>> {
        Box::pin(read::set_aside(self.readers(), scope))
    }

    fn backed_up(&self, scope: SiteScope, size: u64) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut tx = self.database.write().await?;
            let backed_up = size.min(read::state(&mut *tx, scope).await?.peaks.size());
            sqlx::query("UPDATE sites SET backed_up = $2 WHERE site = $1 AND backed_up < $2")
                .bind(&scope.site().0[..])
                .bind(int(backed_up)?)
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        })
    }

    fn restore_notices(&self, scope: SiteScope) -> Answer<'_, Vec<RestoreNotice>> {
        Box::pin(read::restore_notices(self.readers(), scope))
    }

    fn epoch(&self) -> Answer<'_, u32> {
        Box::pin(self.current_epoch())
    }

    fn advance_epoch(&self, past: u32, now: Millis) -> Answer<'_, u32> {
        Box::pin(self.next_epoch(past, now))
    }
}
