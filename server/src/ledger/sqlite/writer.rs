//! Appending in SQLite: the transaction of the database's only writing connection is the site lock.

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Head, Header, Peaks, Signature};
use sqlx::{Sqlite, Transaction};

use super::columns::{self, int};
use super::{SqliteLedger, read};
use crate::ledger::Answer;
use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, Reason, SiteState, Stored};
use crate::ledger::registry::Level;
use crate::ledger::row::Row;
use crate::ledger::scope::SiteScope;
use crate::ledger::writer::SiteWriter;

/// A site under its lock.
#[derive(Debug)]
struct SqliteWriter {
    scope: SiteScope,
    state: SiteState,
    tx: Transaction<'static, Sqlite>,
}

impl SqliteLedger {
    /// Takes the site's lock.
    pub(super) async fn lock(&self, scope: SiteScope) -> Result<Box<dyn SiteWriter>, LedgerError> {
        let mut tx = self.database.write().await?;
        let state = read::state(&mut *tx, scope).await?;
        Ok(Box::new(SqliteWriter { scope, state, tx }))
    }
}

impl SqliteWriter {
    fn site(&self) -> Vec<u8> {
        self.scope.site().0.to_vec()
    }

    async fn insert(&mut self, row: &Row) -> Result<(), LedgerError> {
        let fork = row.fork.map(int).transpose()?;
        sqlx::query(
            "INSERT INTO segments (site, position, id, chain, first, last, prev, key, trunk, fork, header, signature, body, root,
             epoch, received_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(self.site())
        .bind(int(row.place.position)?)
        .bind(&row.id.0[..])
        .bind(&row.chain.0[..])
        .bind(int(row.first)?)
        .bind(int(row.last)?)
        .bind(&row.prev.0[..])
        .bind(&row.key.0[..])
        .bind(row.trunk)
        .bind(fork)
        .bind(&row.header)
        .bind(row.signature.as_ref().map(|signature| &signature[..]))
        .bind(&row.body)
        .bind(&row.place.root.0[..])
        .bind(row.place.epoch)
        .bind(row.place.received)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Moves the ends of a chain: this segment is one unless something names it already, and its predecessor is none any more.
    async fn move_head(&mut self, chain: ChainId, prev: Digest, head: Head) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM heads WHERE site = $1 AND chain = $2 AND segment = $3")
            .bind(self.site())
            .bind(&chain.0[..])
            .bind(&prev.0[..])
            .execute(&mut *self.tx)
            .await?;
        sqlx::query(
            "INSERT INTO heads (site, chain, segment, seq) SELECT $1, $2, $3, $4
             WHERE NOT EXISTS (SELECT 1 FROM segments s WHERE s.site = $1 AND s.chain = $2 AND s.last > $4 AND s.prev = $3)
               AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.site = $1 AND a.chain = $2 AND a.reason = $5 AND a.prev = $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(self.site())
        .bind(&chain.0[..])
        .bind(&head.segment.0[..])
        .bind(int(head.seq)?)
        .bind(Reason::AwaitsBody.name())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn grow(&mut self, peaks: Peaks) -> Result<(), LedgerError> {
        sqlx::query("UPDATE sites SET size = $2, peaks = $3 WHERE site = $1")
            .bind(self.site())
            .bind(int(peaks.size())?)
            .bind(columns::peaks(&peaks))
            .execute(&mut *self.tx)
            .await?;
        self.state.peaks = peaks;
        Ok(())
    }

    async fn keep(&mut self, aside: &Aside, header: &Header) -> Result<(), LedgerError> {
        let signature = aside.segment.signature.as_ref().map(|signature| &signature.0[..]);
        sqlx::query(
            "INSERT INTO set_aside (site, id, reason, chain, first, last, prev, key, header, signature, entries, carrier,
             received_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
        )
        .bind(self.site())
        .bind(&header.id().0[..])
        .bind(aside.reason.name())
        .bind(&header.chain.0[..])
        .bind(int(header.first)?)
        .bind(int(header.last())?)
        .bind(&header.prev.0[..])
        .bind(&aside.segment.key.0[..])
        .bind(header.to_bytes())
        .bind(signature)
        .bind(columns::join(&aside.segment.entries)?)
        .bind(&aside.carrier.0[..])
        .bind(aside.received)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

impl SiteWriter for SqliteWriter {
    fn scope(&self) -> SiteScope {
        self.scope
    }

    fn state(&self) -> &SiteState {
        &self.state
    }

    fn find(&mut self, id: Digest) -> Answer<'_, Option<Stored>> {
        Box::pin(async move { read::segment(&mut *self.tx, self.scope, id).await })
    }

    fn last_of(&mut self, chain: ChainId, id: Digest) -> Answer<'_, Option<Seq>> {
        Box::pin(async move {
            let found = sqlx::query(
                "SELECT last FROM segments WHERE site = $1 AND id = $2 AND chain = $3
                 UNION SELECT last FROM set_aside WHERE site = $1 AND id = $2 AND chain = $3 AND reason = $4",
            )
            .bind(self.site())
            .bind(&id.0[..])
            .bind(&chain.0[..])
            .bind(Reason::AwaitsBody.name())
            .fetch_optional(&mut *self.tx)
            .await?;
            found.map(|row| columns::count(&row, "last")).transpose()
        })
    }

    fn highest(&mut self, chain: ChainId) -> Answer<'_, Seq> {
        Box::pin(async move {
            let row = sqlx::query(
                "SELECT coalesce(max(last), 0) AS last FROM (
                   SELECT max(last) AS last FROM segments WHERE site = $1 AND chain = $2
                   UNION ALL SELECT max(last) FROM set_aside WHERE site = $1 AND chain = $2 AND reason = $3) AS held",
            )
            .bind(self.site())
            .bind(&chain.0[..])
            .bind(Reason::AwaitsBody.name())
            .fetch_one(&mut *self.tx)
            .await?;
            columns::count(&row, "last")
        })
    }

    fn owner(&mut self, chain: ChainId) -> Answer<'_, Option<KeyId>> {
        Box::pin(async move {
            let found = sqlx::query(
                "SELECT key FROM (SELECT key FROM segments WHERE site = $1 AND chain = $2 ORDER BY last LIMIT 1)
                 UNION ALL SELECT key FROM set_aside WHERE site = $1 AND chain = $2 AND reason = $3 LIMIT 1",
            )
            .bind(self.site())
            .bind(&chain.0[..])
            .bind(Reason::AwaitsBody.name())
            .fetch_optional(&mut *self.tx)
            .await?;
            found.map(|row| columns::fixed(&row, "key").map(KeyId)).transpose()
        })
    }

    fn overlapping(&mut self, chain: ChainId, from: Seq, to: Seq) -> Answer<'_, Vec<Stored>> {
        Box::pin(async move { read::chain(&mut *self.tx, self.scope, chain, from, to).await })
    }

    fn awaits_before(&mut self, chain: ChainId, first: Seq) -> Answer<'_, bool> {
        Box::pin(async move {
            let found = sqlx::query(
                "SELECT 1 FROM set_aside a WHERE a.site = $1 AND a.chain = $2 AND a.reason = $3 AND a.first < $4
                 AND NOT EXISTS (SELECT 1 FROM segments s WHERE s.site = a.site AND s.id = a.id) LIMIT 1",
            )
            .bind(self.site())
            .bind(&chain.0[..])
            .bind(Reason::AwaitsBody.name())
            .bind(int(first)?)
            .fetch_optional(&mut *self.tx)
            .await?;
            Ok(found.is_some())
        })
    }

    fn heads(&mut self, chain: ChainId) -> Answer<'_, Vec<Head>> {
        Box::pin(async move { read::heads_of(&mut *self.tx, self.scope, chain).await })
    }

    fn push(&mut self, row: Row, peaks: Peaks) -> Answer<'_, ()> {
        Box::pin(async move {
            self.insert(&row).await?;
            self.move_head(row.chain, row.prev, Head { seq: row.last, segment: row.id }).await?;
            self.grow(peaks).await
        })
    }

    fn complete(&mut self, id: Digest, signature: Signature) -> Answer<'_, ()> {
        Box::pin(async move {
            sqlx::query(
                "UPDATE segments SET signature = $3 WHERE site = $1 AND id = $2 AND signature IS NULL",
            )
            .bind(self.site())
            .bind(&id.0[..])
            .bind(&signature.0[..])
            .execute(&mut *self.tx)
            .await?;
            Ok(())
        })
    }

    fn set_aside(&mut self, aside: Aside) -> Answer<'_, ()> {
        Box::pin(async move {
            let header = &aside.segment.header;
            self.keep(&aside, header).await?;
            match aside.reason {
                Reason::AwaitsBody => self.move_head(header.chain, header.prev, header.head()).await,
                _ => Ok(()),
            }
        })
    }

    fn budget<'a>(&'a mut self, key: KeyId, what: &'a str) -> Answer<'a, Option<Level>> {
        Box::pin(async move { read::budget(&mut *self.tx, self.scope, key, what).await })
    }

    fn set_budget<'a>(&'a mut self, key: KeyId, what: &'a str, level: Level) -> Answer<'a, ()> {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO budgets (site, key, what, level, at_ms) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (site, key, what) DO UPDATE SET level = excluded.level, at_ms = excluded.at_ms",
            )
            .bind(self.site())
            .bind(&key.0[..])
            .bind(what)
            .bind(level.thousandths)
            .bind(level.at)
            .execute(&mut *self.tx)
            .await?;
            Ok(())
        })
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async move { Ok(self.tx.commit().await?) })
    }
}
