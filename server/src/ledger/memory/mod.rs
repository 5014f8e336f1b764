//! The ledger in memory: for tests and simulations. It keeps plain values and derives the rest when asked, so that it checks the
//! database engines by another road than theirs.

mod data;
mod read;
mod registry;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use dutylog_core::base::SiteId;
use tokio::sync::OwnedMutexGuard;

use self::data::SiteData;
use super::error::LedgerError;
use super::scope::SiteScope;

/// The ledger of every site, in memory.
#[derive(Debug)]
pub struct MemoryLedger {
    sites: Mutex<BTreeMap<SiteId, Arc<Cell>>>,
    epoch: tokio::sync::Mutex<u32>,
}

/// A site: what is committed, and its lock.
#[derive(Debug)]
struct Cell {
    lock: Arc<tokio::sync::Mutex<()>>,
    committed: RwLock<Arc<SiteData>>,
}

impl Default for MemoryLedger {
    fn default() -> Self {
        Self { sites: Mutex::default(), epoch: tokio::sync::Mutex::new(1) }
    }
}

impl MemoryLedger {
    fn cell(&self, site: SiteId) -> Result<Arc<Cell>, LedgerError> {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.get(&site).cloned().ok_or(LedgerError::NoSuchSite)
    }

    fn cells(&self) -> Vec<Arc<Cell>> {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The site as it is committed.
    fn read(&self, scope: SiteScope) -> Result<Arc<SiteData>, LedgerError> {
        Ok(self.cell(scope.site())?.read())
    }

    /// Changes a site under its lock.
    async fn update<T>(
        &self,
        scope: SiteScope,
        change: impl FnOnce(&mut SiteData) -> T,
    ) -> Result<T, LedgerError> {
        let mut open = self.cell(scope.site())?.open().await;
        let answer = change(&mut open.data);
        open.commit();
        Ok(answer)
    }
}

impl Cell {
    fn new(data: SiteData) -> Arc<Self> {
        Arc::new(Self { lock: Arc::default(), committed: RwLock::new(Arc::new(data)) })
    }

    fn read(&self) -> Arc<SiteData> {
        Arc::clone(&self.committed.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn open(self: Arc<Self>) -> Open {
        let guard = Arc::clone(&self.lock).lock_owned().await;
        let data = SiteData::clone(&self.read());
        Open { data, cell: self, _guard: guard }
    }
}

/// A site under its lock: a copy that replaces what is committed, or is dropped.
#[derive(Debug)]
struct Open {
    data: SiteData,
    cell: Arc<Cell>,
    _guard: OwnedMutexGuard<()>,
}

impl Open {
    fn commit(self) {
        *self.cell.committed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(self.data);
    }
}
