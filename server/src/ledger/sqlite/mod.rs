//! The ledger in SQLite, through sqlx with queries checked at run time by the contract suite.
//!
//! Every text of a query here is understood by PostgreSQL as it stands; what is SQLite's own is the locking (one writer) and the
//! migration.

mod columns;
mod ledger;
mod read;
mod registry;
#[cfg(test)]
mod tests;
mod writer;

use sqlx::SqlitePool;

use crate::database::Database;

/// The ledger of every site, in the server's database.
#[derive(Debug, Clone)]
pub struct SqliteLedger {
    database: Database,
}

impl SqliteLedger {
    /// A ledger over an open database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    const fn readers(&self) -> &SqlitePool {
        self.database.readers()
    }
}
