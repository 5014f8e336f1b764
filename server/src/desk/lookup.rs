//! The views as the core's rules look things up: one at a time, waiting for each.

use std::sync::{Mutex, PoisonError};

use dutylog_core::base::RecordId;
use dutylog_core::merge::{Lookup, RecordState, Register, Summary};
use dutylog_core::records::Cell;
use tokio::runtime::Handle;

use crate::ledger::SiteScope;
use crate::views::{ViewError, Views};

/// Looks up in a site's views. To be used off the runtime's own threads.
#[derive(Debug)]
pub(super) struct ViewLookup {
    views: Views,
    scope: SiteScope,
    runtime: Handle,
    /// The record looked at last: an action asks for the same one again and again.
    last: Mutex<Option<RecordState>>,
}

impl ViewLookup {
    /// To be made on the runtime.
    pub(super) fn new(views: Views, scope: SiteScope) -> Self {
        Self { views, scope, runtime: Handle::current(), last: Mutex::default() }
    }
}

impl Lookup for ViewLookup {
    type Error = ViewError;

    fn register(&self, cell: &Cell) -> Result<Register, ViewError> {
        let record = self.record(cell.record)?;
        Ok(record.cells.get(&(cell.field, cell.member)).cloned().unwrap_or_default())
    }

    fn summary(&self, record: RecordId) -> Result<Option<Summary>, ViewError> {
        let state = self.record(record)?;
        let held = !(state.cells.is_empty() && state.additions.is_empty());
        Ok(held.then_some(state.summary))
    }

    fn record(&self, record: RecordId) -> Result<RecordState, ViewError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = last.as_ref().filter(|held| held.id == record) {
            return Ok(held.clone());
        }
        let found = self.runtime.block_on(self.views.record(self.scope, record))?;
        let found = found.unwrap_or_else(|| RecordState { id: record, ..RecordState::default() });
        *last = Some(found.clone());
        Ok(found)
    }
}
