//! Accounts as rows. Functions that write take a transaction, functions that read take connections that cannot write.

mod browsers;
mod sessions;
mod setup;

use std::collections::BTreeSet;

use dutylog_core::base::{Millis, PersonId, SiteId};
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{Error, Row as _};

pub(super) use self::browsers::{forget_browsers_before, know_browser, knows_browser};
pub(super) use self::sessions::{
    SessionRow, add_session, end_session, end_sessions_begun_before, end_sessions_of, session, touch_session,
};
pub(super) use self::setup::{opens_setup, set_setup_token, use_setup_token};
use super::manage::Listed;
use super::model::{Account, AccountId, Role, SiteScope};
use super::password::Kept;

const ACCOUNT: &str = "SELECT id, name, display_name, role, person_id, all_sites, salt, hash, memory_kib, passes, lanes, \
     disabled_ms FROM account WHERE name = ?";
const LIST: &str = "SELECT id, name, display_name, role, person_id, all_sites, disabled_ms, \
     (SELECT count(*) FROM account_session WHERE account_id = account.id) AS sessions, \
     (SELECT max(seen_ms) FROM account_session WHERE account_id = account.id) AS seen_ms FROM account ORDER BY name";
const ADD: &str = "INSERT INTO account (id, name, display_name, role, person_id, all_sites, salt, hash, memory_kib, passes, \
     lanes, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const SET_PASSWORD: &str = "UPDATE account SET salt = ?, hash = ?, memory_kib = ?, passes = ?, lanes = ? WHERE id = ? AND disabled_ms IS NULL";

/// An account with what is needed to sign in to it.
pub(super) struct Credentials {
    pub(super) account: Account,
    pub(super) kept: Kept,
    pub(super) disabled: bool,
}

pub(super) async fn any_account(pool: &SqlitePool) -> Result<bool, Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM account)").fetch_one(pool).await
}

pub(super) async fn credentials(pool: &SqlitePool, name: &str) -> Result<Option<Credentials>, Error> {
    let Some(row) = sqlx::query(ACCOUNT).bind(name).fetch_optional(pool).await? else { return Ok(None) };
    let disabled = row.try_get::<Option<Millis>, _>("disabled_ms")?.is_some();
    Ok(Some(Credentials { account: account(pool, &row).await?, kept: kept(&row)?, disabled }))
}

/// Adds an account; `false` when the name is taken.
pub(super) async fn add(
    tx: &mut SqliteConnection,
    account: &Account,
    kept: &Kept,
    now: Millis,
) -> Result<bool, Error> {
    let added = sqlx::query(ADD)
        .bind(account.id.0.as_slice())
        .bind(&account.name)
        .bind(&account.display_name)
        .bind(account.role.code())
        .bind(account.person.as_bytes().as_slice())
        .bind(account.scope == SiteScope::All)
        .bind(kept.salt.as_slice())
        .bind(kept.hash.as_slice())
        .bind(kept.memory_kib)
        .bind(kept.passes)
        .bind(kept.lanes)
        .bind(now)
        .execute(&mut *tx)
        .await;
    match added {
        Err(Error::Database(error)) if error.is_unique_violation() => return Ok(false),
        other => other.map(|_| ())?,
    }
    add_sites(tx, account.id, &account.scope).await?;
    Ok(true)
}

/// Every account, by name.
pub(super) async fn list(pool: &SqlitePool) -> Result<Vec<Listed>, Error> {
    let mut all = Vec::new();
    for row in sqlx::query(LIST).fetch_all(pool).await? {
        all.push(Listed {
            account: account(pool, &row).await?,
            disabled: row.try_get::<Option<Millis>, _>("disabled_ms")?.is_some(),
            sessions: row.try_get("sessions")?,
            seen_ms: row.try_get("seen_ms")?,
        });
    }
    Ok(all)
}

/// Lets an account in again; `false` when there is none, or it is not barred.
pub(super) async fn enable(tx: &mut SqliteConnection, id: AccountId) -> Result<bool, Error> {
    let query = sqlx::query("UPDATE account SET disabled_ms = NULL WHERE id = ? AND disabled_ms IS NOT NULL");
    Ok(query.bind(id.0.as_slice()).execute(tx).await?.rows_affected() == 1)
}

/// Gives an account another role and other sites.
pub(super) async fn set_rights(
    tx: &mut SqliteConnection,
    id: AccountId,
    role: Role,
    scope: &SiteScope,
) -> Result<bool, Error> {
    let query = sqlx::query("UPDATE account SET role = ?, all_sites = ? WHERE id = ?").bind(role.code());
    let query = query.bind(*scope == SiteScope::All).bind(id.0.as_slice());
    let found = query.execute(&mut *tx).await?.rows_affected() == 1;
    sqlx::query("DELETE FROM account_site WHERE account_id = ?")
        .bind(id.0.as_slice())
        .execute(&mut *tx)
        .await?;
    add_sites(tx, id, scope).await?;
    Ok(found)
}

/// Whether somebody who is not barred administers.
pub(super) async fn any_administrator(tx: &mut SqliteConnection) -> Result<bool, Error> {
    let query = "SELECT EXISTS (SELECT 1 FROM account WHERE role = 'admin' AND all_sites = 1 AND disabled_ms IS NULL)";
    sqlx::query_scalar(query).fetch_one(tx).await
}

async fn add_sites(tx: &mut SqliteConnection, id: AccountId, scope: &SiteScope) -> Result<(), Error> {
    let SiteScope::Only(sites) = scope else { return Ok(()) };
    for site in sites {
        let query = sqlx::query("INSERT INTO account_site (account_id, site_id) VALUES (?, ?)");
        query.bind(id.0.as_slice()).bind(site.as_bytes().as_slice()).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Gives an account another password; `false` when it was disabled or changed in the meantime.
pub(super) async fn set_password(
    tx: &mut SqliteConnection,
    id: AccountId,
    kept: &Kept,
) -> Result<bool, Error> {
    let query = sqlx::query(SET_PASSWORD).bind(kept.salt.as_slice()).bind(kept.hash.as_slice());
    let query = query.bind(kept.memory_kib).bind(kept.passes).bind(kept.lanes).bind(id.0.as_slice());
    Ok(query.execute(tx).await?.rows_affected() == 1)
}

/// Whether a password that was checked still is the account's, and the account is not barred.
pub(super) async fn still_opens(
    tx: &mut SqliteConnection,
    id: AccountId,
    checked: &Kept,
) -> Result<bool, Error> {
    let query = "SELECT EXISTS (SELECT 1 FROM account WHERE id = ? AND salt = ? AND hash = ? AND disabled_ms IS NULL)";
    let query = sqlx::query_scalar(query).bind(id.0.as_slice());
    query.bind(checked.salt.as_slice()).bind(checked.hash.as_slice()).fetch_one(tx).await
}

/// Bars an account; `false` when there is none, or it is barred already.
pub(super) async fn disable(tx: &mut SqliteConnection, id: AccountId, now: Millis) -> Result<bool, Error> {
    let query = sqlx::query("UPDATE account SET disabled_ms = ? WHERE id = ? AND disabled_ms IS NULL");
    Ok(query.bind(now).bind(id.0.as_slice()).execute(tx).await?.rows_affected() == 1)
}

async fn account(pool: &SqlitePool, row: &SqliteRow) -> Result<Account, Error> {
    let id = AccountId(bytes(row, "id")?);
    let scope =
        if row.try_get("all_sites")? { SiteScope::All } else { SiteScope::Only(sites(pool, id).await?) };
    let role: &str = row.try_get("role")?;
    Ok(Account {
        id,
        name: row.try_get("name")?,
        display_name: row.try_get("display_name")?,
        role: role.parse().map_err(|error| Error::Decode(Box::new(error)))?,
        person: PersonId(bytes(row, "person_id")?),
        scope,
    })
}

async fn sites(pool: &SqlitePool, id: AccountId) -> Result<BTreeSet<SiteId>, Error> {
    let query = sqlx::query("SELECT site_id FROM account_site WHERE account_id = ?");
    let rows = query.bind(id.0.as_slice()).fetch_all(pool).await?;
    rows.iter().map(|row| bytes(row, "site_id").map(SiteId)).collect()
}

fn kept(row: &SqliteRow) -> Result<Kept, Error> {
    let (salt, hash) = (bytes(row, "salt")?, bytes(row, "hash")?);
    let (memory_kib, passes, lanes) =
        (row.try_get("memory_kib")?, row.try_get("passes")?, row.try_get("lanes")?);
    Ok(Kept { salt, hash, memory_kib, passes, lanes })
}

fn bytes<const N: usize>(row: &SqliteRow, column: &str) -> Result<[u8; N], Error> {
    let value: &[u8] = row.try_get(column)?;
    value.try_into().map_err(|error| Error::Decode(Box::new(error)))
}
