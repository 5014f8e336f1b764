//! Keeps the views of every site up to date while the server runs.

use std::collections::BTreeMap;
use std::time::Duration;

use dutylog_core::base::SiteId;

use super::Parts;
use crate::desk::DeskError;
use crate::ledger::{LedgerError, SiteScope};
use crate::shutdown::Shutdown;
use crate::views::ViewError;

/// How long until the log is looked at without any news: another process may have written to it.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// Follows the logs until asked to stop.
pub(super) async fn follow(parts: Parts, shutdown: Shutdown) {
    let mut news = parts.ingest.news();
    let mut seen = BTreeMap::new();
    loop {
        if let Err(error) = look(&parts, &mut seen).await {
            tracing::warn!(%error, "the sites cannot be listed");
        }
        tokio::select! {
            () = shutdown.asked() => return,
            changed = news.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(LOOK_AGAIN) => (),
        }
    }
}

async fn look(parts: &Parts, seen: &mut BTreeMap<SiteId, u64>) -> Result<(), LedgerError> {
    for scope in parts.scopes().await? {
        // One site that cannot be folded holds up no other.
        if let Err(error) = fold(parts, scope, seen).await {
            tracing::error!(%error, site = %scope.site(), "a site cannot be folded");
        }
    }
    Ok(())
}

async fn fold(parts: &Parts, scope: SiteScope, seen: &mut BTreeMap<SiteId, u64>) -> Result<(), DeskError> {
    let cursor = match parts.projector.catch_up(scope).await {
        // Another process was quicker; what it folded is found next time.
        Err(ViewError::Overtaken) => return Ok(()),
        folded => folded?,
    };
    if seen.get(&scope.site()) != Some(&cursor) {
        parts.desk.adopt(scope).await?;
        // Only now: what failed is tried again.
        seen.insert(scope.site(), cursor);
    }
    Ok(())
}
