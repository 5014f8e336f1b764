//! Sessions as rows.

use dutylog_core::base::{Digest, Millis};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Error, Row as _};

use super::account;
use crate::accounts::model::{Account, AccountId};

const SESSION: &str = "SELECT a.id, a.name, a.display_name, a.role, a.person_id, a.all_sites, s.created_ms, s.seen_ms \
     FROM account_session s JOIN account a ON a.id = s.account_id WHERE s.token_hash = ? AND a.disabled_ms IS NULL";

/// A session as it is stored.
pub(in crate::accounts) struct SessionRow {
    pub(in crate::accounts) account: Account,
    pub(in crate::accounts) created_ms: Millis,
    pub(in crate::accounts) seen_ms: Millis,
}

pub(in crate::accounts) async fn session(
    pool: &SqlitePool,
    token: &Digest,
) -> Result<Option<SessionRow>, Error> {
    let found = sqlx::query(SESSION).bind(token.as_bytes().as_slice()).fetch_optional(pool).await?;
    let Some(row) = found else { return Ok(None) };
    let (created_ms, seen_ms) = (row.try_get("created_ms")?, row.try_get("seen_ms")?);
    Ok(Some(SessionRow { account: account(pool, &row).await?, created_ms, seen_ms }))
}

pub(in crate::accounts) async fn add_session(
    tx: &mut SqliteConnection,
    token: &Digest,
    id: AccountId,
    now: Millis,
) -> Result<(), Error> {
    let query =
        "INSERT INTO account_session (token_hash, account_id, created_ms, seen_ms) VALUES (?, ?, ?, ?)";
    let query = sqlx::query(query).bind(token.as_bytes().as_slice()).bind(id.0.as_slice());
    query.bind(now).bind(now).execute(tx).await.map(|_| ())
}

pub(in crate::accounts) async fn touch_session(
    tx: &mut SqliteConnection,
    token: &Digest,
    now: Millis,
) -> Result<(), Error> {
    let query = sqlx::query("UPDATE account_session SET seen_ms = ? WHERE token_hash = ?");
    query.bind(now).bind(token.as_bytes().as_slice()).execute(tx).await.map(|_| ())
}

pub(in crate::accounts) async fn end_session(tx: &mut SqliteConnection, token: &Digest) -> Result<(), Error> {
    let query = sqlx::query("DELETE FROM account_session WHERE token_hash = ?");
    query.bind(token.as_bytes().as_slice()).execute(tx).await.map(|_| ())
}

pub(in crate::accounts) async fn end_sessions_of(
    tx: &mut SqliteConnection,
    id: AccountId,
) -> Result<(), Error> {
    let query = sqlx::query("DELETE FROM account_session WHERE account_id = ?");
    query.bind(id.0.as_slice()).execute(tx).await.map(|_| ())
}

/// Forgets sessions begun before a time, which no role's session outlives.
pub(in crate::accounts) async fn end_sessions_begun_before(
    tx: &mut SqliteConnection,
    time: Millis,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM account_session WHERE created_ms < ?").bind(time).execute(tx).await.map(|_| ())
}
