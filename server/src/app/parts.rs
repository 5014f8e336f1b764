//! What serving and the command line both work with: the database, the keys, the ledger, the views and HQ's desk.
//!
//! Several processes may work on one data folder, such as a server and the command line: all that must not go wrong between them is decided
//! under the database's own lock, and what they remember besides only ever grows.

use std::sync::Arc;

use super::StartError;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::desk::{Desk, DeskParts};
use crate::entropy::SystemEntropy;
use crate::ingest::Ingest;
use crate::keys::{KeyFolder, KeysError, ServerKeys};
use crate::ledger::{Ledger, LedgerError, SiteScope, SqliteLedger};
use crate::views::{Projector, Views};

/// The opened data folder; cheap to clone.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The database.
    pub database: Database,
    /// The server's keys.
    pub keys: Arc<ServerKeys>,
    /// The door to the ledger.
    pub ingest: Ingest,
    /// What folds the log into views.
    pub projector: Arc<Projector>,
    /// What pages read.
    pub views: Views,
    /// What HQ acts with.
    pub desk: Desk,
}

impl Parts {
    /// Opens the data folder, making it at the first start.
    ///
    /// # Errors
    /// When the folder, the database or the keys cannot be used.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let database = super::open_database(config).await?;
        let ledger: Arc<dyn Ledger> = Arc::new(SqliteLedger::new(database.clone()));
        let keys = Arc::new(open_keys(config, &*ledger, &*clock).await?);
        let root = keys.trust().map_err(KeysError::from)?;
        let projector = Arc::new(Projector::new(database.clone(), Arc::clone(&ledger), root.clone()));
        let views = Views::new(database.clone(), Arc::clone(&ledger), root);
        let ingest = Ingest::new(ledger, Arc::clone(&keys));
        let desk = Desk::new(DeskParts {
            ingest: ingest.clone(),
            keys: Arc::clone(&keys),
            projector: Arc::clone(&projector),
            views: views.clone(),
            clock,
            guard: config.desk_guard_folder(),
        })?;
        Ok(Self { database, keys, ingest, projector, views, desk })
    }

    /// The ledger.
    #[must_use]
    pub fn ledger(&self) -> &dyn Ledger {
        &**self.ingest.ledger()
    }

    /// Every site, as the server itself enters them.
    ///
    /// # Errors
    /// [`LedgerError`]
    pub async fn scopes(&self) -> Result<Vec<SiteScope>, LedgerError> {
        let sites = self.ledger().sites().await?;
        Ok(sites.into_iter().filter_map(|site| SiteScope::enter(site, &*self.keys)).collect())
    }
}

/// The keys, with HQ's device key of the present epoch. A database that is behind what HQ has written in was restored: that is a
/// new epoch.
async fn open_keys(
    config: &Config,
    ledger: &dyn Ledger,
    clock: &dyn Clock,
) -> Result<ServerKeys, StartError> {
    let (folder, now) = (KeyFolder::at(config.key_folder()), clock.now_ms());
    let sites = ledger.sites().await?;
    // New keys would be another organisation's, which no phone of these sites knows.
    let mut keys = if sites.is_empty() { folder.open(&mut SystemEntropy, now)? } else { folder.load()? };
    for scope in sites.into_iter().filter_map(|site| SiteScope::enter(site, &keys)) {
        if ledger.state(scope).await?.org != keys.org() {
            return Err(StartError::OtherKeys(config.key_folder()));
        }
    }
    let mut epoch = ledger.epoch().await?;
    if epoch < keys.latest_epoch() {
        epoch = ledger.advance_epoch(keys.latest_epoch(), now).await?;
        tracing::warn!(target: "security", epoch, "the database is older than the keys: a new epoch begins");
    }
    folder.add_headquarters(&mut keys, epoch, &mut SystemEntropy)?;
    Ok(keys)
}
