//! The way out: the next page of the site's log, receipts, and what proves them.

use dutylog_core::base::ChainId;
use dutylog_core::log::{Checkpoint, Head, Segment, SiteRoot};
use dutylog_core::sync::serve::{Answer, Page, Received, page};
use dutylog_core::sync::{OutcomeKind, Request, Response};

use super::push::Said;
use crate::api::device::Device;
use crate::api::refused::Refused;
use crate::app::AppState;
use crate::http::Problem;
use crate::ledger::{SiteState, Stored};

/// Unpacked bytes of a page at most, whatever the phone asks for.
const MAX_PAGE: u64 = 4 << 20;

/// The answer to a device in good standing.
pub(super) async fn full(
    state: &AppState,
    device: &Device,
    received: Received,
    said: Said,
) -> Result<Vec<u8>, Refused> {
    let (ledger, scope, request) = (state.api.ledger(), device.scope, &received.request);
    let site = ledger.state(scope).await?;
    let now = site.log();
    let page = next_page(state, device, &received, &site).await?;
    let end = page.as_ref().map_or(request.position.min(now.size), |page| page.end);
    let answer = Answer {
        epoch: site.epoch,
        time: device.now,
        nonce: device.nonce,
        now,
        end: root_at(state, device, now, end).await?,
        page,
        receipts: said.receipts,
        heads: heads(state, device, &site, request, &said.outcomes).await?,
        outcomes: said.outcomes,
        backup: (site.backed_up > 0).then_some(site.backed_up),
        restored: restored(state, device, request, &site).await?,
    };
    let checkpoint = answer.unsigned(&received).map(|log| {
        let (site, epoch, at) = (scope.site(), answer.epoch, device.now);
        state.api.keys.sign_checkpoint(&Checkpoint { site, epoch, log, at })
    });
    let response = answer.respond(&received, checkpoint).map_err(|e| Problem::internal(&e))?;
    Ok(response.to_bytes())
}

/// The answer to a device that was cut off: what became of its segments, and nothing of the site.
pub(super) fn bare(device: &Device, received: &Received, said: Said) -> Vec<u8> {
    let response = Response {
        epoch: device.epoch,
        time: device.now,
        nonce: device.nonce,
        size: received.request.position,
        outcomes: said.outcomes,
        ..Response::default()
    };
    response.to_bytes()
}

/// The next page, if the phone stands on this server's history and there is more of it.
async fn next_page(
    state: &AppState,
    device: &Device,
    received: &Received,
    site: &SiteState,
) -> Result<Option<Page>, Problem> {
    let (request, log) = (&received.request, site.log());
    let ours = [0, site.epoch].contains(&request.epoch) && request.position <= log.size;
    if !ours || received.wants_from() >= log.size {
        return Ok(None);
    }
    let held = root_at(state, device, log, request.position).await?;
    if held.root.mark() != request.mark {
        return Ok(None);
    }
    let max = usize::try_from(request.max_unpacked.min(MAX_PAGE)).unwrap_or(usize::MAX);
    let rows = state.api.ledger().page(device.scope, received.wants_from(), max).await?;
    let segments: Vec<Segment> = rows.into_iter().map(|Stored { segment, .. }| segment).collect();
    let wanted: Vec<_> = segments.iter().map(|segment| segment.key).collect();
    let trust = state.api.ingest.trust(device.scope, &wanted).await?;
    let (received, asker) = (received.clone(), device.key);
    let build = move || page(&received, asker, &trust, &segments);
    Ok(Some(tokio::task::spawn_blocking(build).await.map_err(|e| Problem::internal(&e))?))
}

/// The site's log at a size that it has had.
async fn root_at(state: &AppState, device: &Device, now: SiteRoot, size: u64) -> Result<SiteRoot, Problem> {
    if size == now.size {
        return Ok(now);
    }
    Ok(state.api.ledger().root_at(device.scope, size).await?.unwrap_or(now))
}

/// The heads the phone needs: of chains with a gap, or of all.
async fn heads(
    state: &AppState,
    device: &Device,
    site: &SiteState,
    request: &Request,
    outcomes: &[dutylog_core::sync::Outcome],
) -> Result<Vec<(ChainId, Head)>, Problem> {
    let gaps = outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Gap);
    let gaps: Vec<ChainId> = gaps.map(|outcome| outcome.chain).collect();
    let chains = (!Answer::wants_heads(site.epoch, request)).then_some(&gaps[..]);
    if chains.is_some_and(<[_]>::is_empty) {
        return Ok(Vec::new());
    }
    let heads = state.api.ledger().heads(device.scope, chains).await?;
    Ok(heads.into_iter().flat_map(|(chain, ends)| ends.into_iter().map(move |head| (chain, head))).collect())
}

/// What of the log the phone holds is still there, when the phone knows an earlier epoch.
async fn restored(
    state: &AppState,
    device: &Device,
    request: &Request,
    site: &SiteState,
) -> Result<Option<SiteRoot>, Problem> {
    if request.epoch == 0 || request.epoch >= site.epoch {
        return Ok(None);
    }
    let notices = state.api.ledger().restore_notices(device.scope).await?;
    let since = notices.iter().filter(|notice| notice.epoch > request.epoch);
    match since.map(|notice| notice.log.size).min() {
        Some(kept) => root_at(state, device, site.log(), kept.min(request.position)).await.map(Some),
        None => Ok(None),
    }
}
