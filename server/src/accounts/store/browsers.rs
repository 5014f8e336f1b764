//! Browsers that an account knows, as rows.

use dutylog_core::base::{Digest, Millis};
use sqlx::Error;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use crate::accounts::model::AccountId;

pub(in crate::accounts) async fn knows_browser(
    pool: &SqlitePool,
    browser: &Digest,
    name: &str,
) -> Result<bool, Error> {
    let query = "SELECT EXISTS (SELECT 1 FROM account_browser b JOIN account a ON a.id = b.account_id \
                 WHERE b.token_hash = ? AND a.name = ?)";
    sqlx::query_scalar(query).bind(browser.as_bytes().as_slice()).bind(name).fetch_one(pool).await
}

pub(in crate::accounts) async fn know_browser(
    tx: &mut SqliteConnection,
    browser: &Digest,
    id: AccountId,
    now: Millis,
) -> Result<(), Error> {
    let query = "INSERT INTO account_browser (token_hash, account_id, seen_ms) VALUES (?, ?, ?) \
                 ON CONFLICT (token_hash, account_id) DO UPDATE SET seen_ms = excluded.seen_ms";
    let query = sqlx::query(query).bind(browser.as_bytes().as_slice()).bind(id.0.as_slice());
    query.bind(now).execute(tx).await.map(|_| ())
}

/// Forgets browsers that nobody used since a time.
pub(in crate::accounts) async fn forget_browsers_before(
    tx: &mut SqliteConnection,
    time: Millis,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM account_browser WHERE seen_ms < ?").bind(time).execute(tx).await.map(|_| ())
}
