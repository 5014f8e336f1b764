//! L0, the raw log: one row with the bytes of the action, found again by its record.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use super::sqlite;
use crate::ratios::{Durability, Outcome, Recorder};
use crate::site_year::Action;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, record INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS log_by_record ON log (record);";

/// The raw log.
#[derive(Debug)]
pub(crate) struct L0(Connection);

/// Appends one action.
pub(super) fn append(db: &Connection, action: &Action) -> Outcome<()> {
    let body = postcard::to_stdvec(action)?;
    let mut insert = db.prepare_cached("INSERT INTO log (record, body) VALUES (?1, ?2)")?;
    insert.execute(params![action.record, body])?;
    Ok(())
}

impl Recorder for L0 {
    const NAME: &'static str = "L0";
    type Parcel = Vec<Action>;

    fn open(folder: &Path, durability: Durability) -> Outcome<Self> {
        Ok(Self(sqlite::open(folder, durability, SCHEMA)?))
    }

    fn commit(&mut self, action: &Action) -> Outcome<()> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        append(&transaction, action)?;
        Ok(transaction.commit()?)
    }

    fn pack(actions: &[Action]) -> Outcome<Vec<Action>> {
        Ok(actions.to_vec())
    }

    fn apply(&mut self, actions: &Vec<Action>) -> Outcome<()> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        actions.iter().try_for_each(|action| append(&transaction, action))?;
        Ok(transaction.commit()?)
    }

    fn close(self) -> Outcome<()> {
        sqlite::close(self.0)
    }
}
