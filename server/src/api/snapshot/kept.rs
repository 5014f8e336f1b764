//! Snapshots ready to be handed out: made when one is asked for, and kept until the site's log has grown a good deal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use dutylog_core::base::SiteId;
use dutylog_core::capture::EnterSnapshot;

use crate::app::AppState;
use crate::http::Limits;
use crate::http::problem::Problem;
use crate::ledger::SiteScope;
use crate::views::Described;

/// What was made for each site, and one at a time of those being made.
#[derive(Debug, Default)]
pub struct Snapshots {
    sites: Mutex<BTreeMap<SiteId, Arc<tokio::sync::Mutex<Option<Made>>>>>,
}

#[derive(Debug)]
struct Made {
    epoch: u32,
    size: u64,
    bytes: Bytes,
}

impl Snapshots {
    /// The site's snapshot; none while its log is so short that it is as good as one, or if it cannot be told.
    ///
    /// # Errors
    /// When the site cannot be read.
    pub async fn of(&self, state: &AppState, scope: SiteScope) -> Result<Option<Bytes>, Problem> {
        let Limits { snapshot_segments: few, snapshot_recent: recent, .. } = *state.limits;
        let site = state.api.ledger().state(scope).await?;
        let size = site.peaks.size();
        if size < few {
            return Ok(None);
        }
        let place = self.site(scope);
        let mut made = place.lock().await;
        let fresh = |made: &&Made| made.epoch == site.epoch && size - made.size.min(size) < few.max(1);
        if let Some(made) = made.as_ref().filter(fresh) {
            return Ok(Some(made.bytes.clone()));
        }
        state.projector.wait_until(scope, size).await?;
        let recent = i64::try_from(recent.as_millis()).unwrap_or(i64::MAX);
        let since = state.clock.now_ms().saturating_sub(recent);
        let Some(described) = state.views.snapshot(scope, since).await? else { return Ok(None) };
        enter(state, scope, &described).await?;
        let unsigned = described.unsigned;
        let (epoch, size) = (unsigned.epoch, unsigned.log.size);
        let bytes = Bytes::from(state.api.keys.seal_snapshot(unsigned));
        *made = Some(Made { epoch, size, bytes: bytes.clone() });
        Ok(Some(bytes))
    }

    fn site(&self, scope: SiteScope) -> Arc<tokio::sync::Mutex<Option<Made>>> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(scope.site()).or_default())
    }
}

/// Puts on record what new phones are told, before the first of them is: any replay of the log can hold it against what it comes to.
async fn enter(state: &AppState, scope: SiteScope, described: &Described) -> Result<(), Problem> {
    let snapshot = described.told();
    let known = state.views.entered_snapshots(scope).await?;
    if known.iter().all(|entered| entered.told != snapshot) {
        state.desk.act(scope, None, EnterSnapshot { snapshot }).await?;
    }
    Ok(())
}
