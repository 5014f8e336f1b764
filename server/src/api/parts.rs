//! What the API's handlers share.

use std::sync::Arc;

use super::budget::Budgets;
use crate::ingest::Ingest;
use crate::keys::ServerKeys;
use crate::ledger::Ledger;

/// What the API's handlers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    /// The door to the ledger.
    pub ingest: Ingest,
    /// The server's keys.
    pub keys: Arc<ServerKeys>,
    pub(super) budgets: Arc<Budgets>,
}

impl Api {
    /// An API over a ledger.
    #[must_use]
    pub fn new(ingest: Ingest, keys: Arc<ServerKeys>) -> Self {
        Self { ingest, keys, budgets: Arc::default() }
    }

    /// The ledger.
    #[must_use]
    pub fn ledger(&self) -> &dyn Ledger {
        &**self.ingest.ledger()
    }
}
