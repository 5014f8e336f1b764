//! Certificates, revocations, codes, nonces and budgets in SQLite.

use dutylog_core::base::{ChainId, Digest, KeyId, Millis, SiteId};
use dutylog_core::log::PublicKey;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::columns;
use super::{SqliteLedger, read};
use crate::ledger::Answer;
use crate::ledger::error::LedgerError;
use crate::ledger::registry::{
    Code, Enrols, Level, Nonce, Registry, Revocation, RevocationKind, Revocations,
};
use crate::ledger::scope::SiteScope;

impl SqliteLedger {
    async fn insert_certificate(&self, scope: SiteScope, bytes: &[u8]) -> Result<(), LedgerError> {
        let mut tx = self.database.write().await?;
        read::state(&mut *tx, scope).await?;
        sqlx::query(
            "INSERT INTO certificates (site, key, bytes, number)
             SELECT $1, $2, $3, (SELECT count(*) FROM certificates WHERE site = $1) WHERE true ON CONFLICT DO NOTHING",
        )
        .bind(&scope.site().0[..])
        .bind(&Digest::of(bytes).mark()[..])
        .bind(bytes)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    async fn insert_revocation(
        &self,
        scope: SiteScope,
        key: KeyId,
        kind: RevocationKind,
        now: Millis,
    ) -> Result<(), LedgerError> {
        let mut tx = self.database.write().await?;
        read::state(&mut *tx, scope).await?;
        let new = sqlx::query(
            "INSERT INTO revocations (site, key, kind, decided_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(&scope.site().0[..])
        .bind(&key.0[..])
        .bind(kind.name())
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if new.rows_affected() == 1 {
            sqlx::query(
                "INSERT INTO cuts (site, key, chain, last)
                 SELECT site, key, chain, max(last) FROM segments WHERE site = $1 AND key = $2 GROUP BY site, key, chain",
            )
            .bind(&scope.site().0[..])
            .bind(&key.0[..])
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    async fn all_revocations(&self, scope: SiteScope) -> Result<Revocations, LedgerError> {
        let rows = sqlx::query(
            "SELECT r.key, r.kind, r.decided_ms, c.chain, c.last FROM revocations r
             LEFT JOIN cuts c ON c.site = r.site AND c.key = r.key WHERE r.site = $1",
        )
        .bind(&scope.site().0[..])
        .fetch_all(self.readers())
        .await?;
        let mut revocations = Revocations::new();
        for row in &rows {
            let (key, revocation) = revocation(row)?;
            let cut = &mut revocations.entry(key).or_insert(revocation).cut;
            if row.try_get::<Option<i64>, _>("last")?.is_some() {
                cut.insert(ChainId(columns::fixed(row, "chain")?), columns::count(row, "last")?);
            }
        }
        Ok(revocations)
    }

    async fn insert_code(&self, scope: SiteScope, code: Code) -> Result<(), LedgerError> {
        let (role, subject) = columns_of(code.enrols);
        let mut tx = self.database.write().await?;
        read::state(&mut *tx, scope).await?;
        sqlx::query(
            "INSERT INTO enrolments (site, code, role, subject, expires_ms) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(&scope.site().0[..])
        .bind(&code.digest.0[..])
        .bind(role)
        .bind(subject)
        .bind(code.expires)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Marks the code as used in one statement, so that two bearers cannot both have it.
    async fn use_code(
        &self,
        site: SiteId,
        code: Digest,
        what: Enrols,
        key: &PublicKey,
        now: Millis,
    ) -> Result<Option<SiteScope>, LedgerError> {
        let (role, subject) = columns_of(what);
        let mut tx = self.database.write().await?;
        let used = sqlx::query(
            "UPDATE enrolments SET used_ms = coalesce(used_ms, $3), used_by = $6
             WHERE site = $1 AND code = $2 AND role = $4 AND coalesce(subject, $5) = $5
               AND (used_by = $6 OR used_by IS NULL AND expires_ms > $3)",
        )
        .bind(&site.0[..])
        .bind(&code.0[..])
        .bind(now)
        .bind(role)
        .bind(subject.unwrap_or_default())
        .bind(&key.0[..])
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((used.rows_affected() == 1).then(|| SiteScope::by_code(site)))
    }

    async fn swap_nonce(
        &self,
        scope: SiteScope,
        key: KeyId,
        presented: Option<Nonce>,
        next: Nonce,
    ) -> Result<bool, LedgerError> {
        let mut note = self.database.note().await?;
        let used = sqlx::query("UPDATE nonces SET nonce = $3 WHERE site = $1 AND key = $2 AND nonce = $4")
            .bind(&scope.site().0[..])
            .bind(&key.0[..])
            .bind(&next[..])
            .bind(presented.as_ref().map(|nonce| &nonce[..]))
            .execute(note.connection())
            .await?;
        if used.rows_affected() == 1 {
            return Ok(true);
        }
        read::state(note.connection(), scope).await?;
        sqlx::query(
            "INSERT INTO nonces (site, key, nonce) VALUES ($1, $2, $3)
             ON CONFLICT (site, key) DO UPDATE SET nonce = excluded.nonce",
        )
        .bind(&scope.site().0[..])
        .bind(&key.0[..])
        .bind(&next[..])
        .execute(note.connection())
        .await?;
        Ok(false)
    }
}

impl Registry for SqliteLedger {
    fn add_certificate<'a>(&'a self, scope: SiteScope, bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(self.insert_certificate(scope, bytes))
    }

    fn certificates(&self, scope: SiteScope) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(async move {
            let rows = sqlx::query("SELECT bytes FROM certificates WHERE site = $1 ORDER BY number")
                .bind(&scope.site().0[..])
                .fetch_all(self.readers())
                .await?;
            rows.iter().map(|row| Ok(row.try_get("bytes")?)).collect()
        })
    }

    fn revoke(&self, scope: SiteScope, key: KeyId, kind: RevocationKind, now: Millis) -> Answer<'_, ()> {
        Box::pin(self.insert_revocation(scope, key, kind, now))
    }

    fn revocations(&self, scope: SiteScope) -> Answer<'_, Revocations> {
        Box::pin(self.all_revocations(scope))
    }

    fn add_code(&self, scope: SiteScope, code: Code) -> Answer<'_, ()> {
        Box::pin(self.insert_code(scope, code))
    }

    fn site_of_code(&self, code: Digest) -> Answer<'_, Option<SiteId>> {
        Box::pin(async move {
            let row = sqlx::query("SELECT site FROM enrolments WHERE code = $1")
                .bind(&code.0[..])
                .fetch_optional(self.readers())
                .await?;
            row.as_ref().map(columns::site).transpose()
        })
    }

    fn redeem<'a>(
        &'a self,
        site: SiteId,
        code: Digest,
        what: Enrols,
        key: &'a PublicKey,
        now: Millis,
    ) -> Answer<'a, Option<SiteScope>> {
        Box::pin(self.use_code(site, code, what, key, now))
    }

    fn exchange_nonce(
        &self,
        scope: SiteScope,
        key: KeyId,
        presented: Option<Nonce>,
        next: Nonce,
    ) -> Answer<'_, bool> {
        Box::pin(self.swap_nonce(scope, key, presented, next))
    }

    fn budget<'a>(&'a self, scope: SiteScope, key: KeyId, what: &'a str) -> Answer<'a, Option<Level>> {
        Box::pin(read::budget(self.readers(), scope, key, what))
    }
}

fn revocation(row: &SqliteRow) -> Result<(KeyId, Revocation), LedgerError> {
    let kind: &str = row.try_get("kind")?;
    let kind = RevocationKind::ALL.into_iter().find(|k| k.name() == kind);
    let kind = kind.ok_or_else(|| LedgerError::damaged("an unknown kind of revocation"))?;
    let decided = row.try_get("decided_ms")?;
    Ok((KeyId(columns::fixed(row, "key")?), Revocation { kind, decided, cut: Default::default() }))
}

fn columns_of(enrols: Enrols) -> (&'static str, Option<Vec<u8>>) {
    match enrols {
        Enrols::Phone => ("phone", None),
        Enrols::Person(person) => ("person", Some(person.0.to_vec())),
    }
}
