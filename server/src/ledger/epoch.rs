//! Epochs at start: a database that went back in time must not go on as if it had not.

use dutylog_core::base::Millis;

use super::Ledger;
use super::error::LedgerError;

/// The epoch to work in. `known` is the highest epoch that is known from outside the database, see
/// [`crate::keys::ServerKeys::latest_epoch`]; `restored` says that a restore has just put this database in place.
///
/// A database behind what is known outside it was restored by hand, whoever did it: a new epoch begins, above both.
///
/// # Errors
/// [`LedgerError`]
pub async fn resume(
    ledger: &dyn Ledger,
    known: u32,
    restored: bool,
    now: Millis,
) -> Result<u32, LedgerError> {
    let present = ledger.epoch().await?;
    match restored || present < known {
        true => ledger.advance_epoch(known, now).await,
        false => Ok(present),
    }
}
