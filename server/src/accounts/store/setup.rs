//! The token that makes the first account, as a row.

use dutylog_core::base::{Digest, Millis};
use sqlx::Error;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

pub(in crate::accounts) async fn set_setup_token(
    tx: &mut SqliteConnection,
    token: &Digest,
    expires: Millis,
) -> Result<(), Error> {
    let query = "INSERT INTO account_setup (id, token_hash, expires_ms) VALUES (1, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, expires_ms = excluded.expires_ms";
    sqlx::query(query).bind(token.as_bytes().as_slice()).bind(expires).execute(tx).await.map(|_| ())
}

/// Whether a token would make the first account now.
pub(in crate::accounts) async fn opens_setup(
    pool: &SqlitePool,
    token: &Digest,
    now: Millis,
) -> Result<bool, Error> {
    let query = "SELECT EXISTS (SELECT 1 FROM account_setup WHERE token_hash = ? AND expires_ms > ? \
                 AND NOT EXISTS (SELECT 1 FROM account))";
    sqlx::query_scalar(query).bind(token.as_bytes().as_slice()).bind(now).fetch_one(pool).await
}

/// Uses the set-up token up, if it is the right one, still good, and there is no account yet.
pub(in crate::accounts) async fn use_setup_token(
    tx: &mut SqliteConnection,
    token: &Digest,
    now: Millis,
) -> Result<bool, Error> {
    let query = "DELETE FROM account_setup WHERE token_hash = ? AND expires_ms > ? AND NOT EXISTS (SELECT 1 FROM account)";
    let query = sqlx::query(query).bind(token.as_bytes().as_slice()).bind(now);
    Ok(query.execute(tx).await?.rows_affected() == 1)
}
