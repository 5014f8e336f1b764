//! The phone's store: one SQLite database for each site, the only importer of `rusqlite`.
//!
//! The log is the truth; everything else in the database can be made from it again. One process owns a database, one connection
//! writes, others read. Every write is one transaction, and what is called saved has reached the disk. `migrations/` holds the tables.

mod absorb;
mod append;
mod aside;
mod backup;
mod ballast;
mod batch;
mod body;
mod chains;
mod check;
mod columns;
mod drafts;
mod error;
mod files;
mod fold;
mod forks;
mod guard;
mod guard_file;
mod holdings;
mod intake;
mod layer;
mod learn;
mod lock;
mod memory;
mod open;
mod outbox;
mod people;
mod pragma;
mod prepare;
mod present;
mod promised;
mod raw;
mod reader;
mod rebuild;
mod receipts;
mod remains;
mod rescue;
mod rows;
mod running;
mod salvage;
mod schema;
mod seal;
mod segments;
mod settings;
mod snapshot;
mod strand;
mod tail;
mod told;
mod upgrade;
mod upkeep;
mod waiting;
mod write;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rusqlite::Connection;

pub use append::{Appended, Context};
pub use check::Damage;
pub use drafts::Draft;
pub use error::StoreError;
pub use guard::Standing;
pub use open::{BALLAST, Config, Identity, Report};
pub use outbox::Outbox;
pub use people::Lock;
pub use pragma::Durability;
pub use reader::{Cursor, Listed, PAGE, Reader, Uncounted};
pub use rescue::rescue;
pub use rows::NotCounted;
pub use salvage::Salvage;
pub use waiting::{Delivery, SentUpTo};

use crate::log::KeyStore;
use crate::merge::Knowledge;

/// The log of one site on one phone, open for writing.
///
/// Dropping it closes every connection and gives up the ownership; [`Store::open`] goes on where it was.
pub struct Store {
    config: Config,
    keys: Arc<dyn KeyStore>,
    /// Closed before the connection that writes, so that that one can empty the write-ahead log.
    reader: Reader,
    db: Connection,
    generation: i64,
    memory: memory::Memory,
    guard: Option<guard_file::GuardFile>,
    standing: Standing,
    report: Report,
    ballast: ballast::Ballast,
    upkeep: upkeep::Due,
    /// A transaction failed, and memory could not be read again since.
    stale: bool,
    /// Given up last.
    _owner: lock::Ownership,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.config.path).field("standing", &self.standing).finish()
    }
}

impl Store {
    /// Whether the present chain may be written, and why not.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What opening found worth telling.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// How it was opened.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What is known of the site: keys, configuration, sessions, forks.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.memory.knowledge
    }

    /// The connection for lists and details.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Whether the reserve for a full disk is still there.
    #[must_use]
    pub fn has_ballast(&self) -> bool {
        self.ballast.held()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.note_guard();
        // Best effort: without it the next opening looks more closely, nothing else.
        drop(self.db.execute("UPDATE store SET clean = 1 WHERE generation = ?1", [self.generation]));
    }
}
