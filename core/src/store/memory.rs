//! What the store keeps in memory of the database: chains, the open tail, and what judging entries leans on.

use rusqlite::Connection;

use super::batch::Batch;
use super::chains::Chains;
use super::error::StoreError;
use super::open::Identity;
use super::tail::Tail;
use super::told::Told;
use super::{forks, learn};
use crate::log::Trust;
use crate::merge::Knowledge;

/// It changes together with a transaction; after a failed one it is read again.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) chains: Chains,
    pub(super) knowledge: Knowledge,
    pub(super) tail: Option<Tail>,
    /// What the log stands on, if it did not begin at its beginning.
    pub(super) told: Told,
    /// The rows last folded into: what people record next is mostly about the same record.
    pub(super) batch: Batch,
}

impl Memory {
    /// Reads everything.
    pub(super) fn load(db: &Connection, identity: &Identity) -> Result<Self, StoreError> {
        let chains = Chains::load(db)?;
        let tail = Tail::load(db, &chains)?;
        let knowledge = Self::blank(db, identity)?;
        let told = Told::load(db)?;
        let mut memory = Self { knowledge, chains, tail, told, batch: Batch::default() };
        forks::learn_all(db, &mut memory)?;
        learn::from_rows(db, &mut memory)?;
        Ok(memory)
    }

    /// The keys that came outside the log, and nothing else.
    pub(super) fn blank(db: &Connection, identity: &Identity) -> Result<Knowledge, StoreError> {
        let mut trust = Trust::new(identity.org, identity.root);
        let mut select = db.prepare("SELECT bytes FROM certificates ORDER BY n")?;
        for bytes in select.query_map((), |row| row.get::<_, Vec<u8>>(0))? {
            let added = trust.add(&bytes?).map(drop);
            added.map_err(|error| StoreError::damaged(format!("a certificate: {error}")))?;
        }
        Ok(Knowledge::new(trust))
    }
}
