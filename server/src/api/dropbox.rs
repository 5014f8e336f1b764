//! `POST /v1/dropbox/{site}`: bundles from devices that may not come in themselves, and from whoever carries them.
//!
//! Write-only, and the sender need not prove who it is: what counts is who sealed the segments inside. A revoked device's are kept for review.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use dutylog_core::base::SiteId;
use dutylog_core::log::Segment;
use dutylog_core::sync::bundle::import;

use super::body::Body;
use super::budget::Whose;
use super::problems;
use super::refused::Refused;
use crate::app::AppState;
use crate::http::Problem;
use crate::http::layers::slim::Slim;
use crate::ingest::{Outcome, Refusal};
use crate::ledger::{LedgerError, SiteScope, SiteState};

/// Takes a bundle. The answer says nothing of the site: not even what became of the segments.
#[utoipa::path(
    post, path = "/v1/dropbox/{site}", tag = "sync",
    params(("site" = String, Path, description = "The site, 32 hexadecimal digits")),
    request_body(content = Vec<u8>, content_type = "application/x-dutylog", description = "A bundle"),
    responses(
        (status = 202, description = "Received and kept"),
        (status = 404, description = "`not_found`"),
        (status = 415, description = "`wrong_media_type`"),
        (status = 422, description = "The bundle's code, such as `bundle_incomplete`"),
        (status = 429, description = "`too_many_tries`"),
    )
)]
pub(super) async fn drop_off(
    State(state): State<AppState>,
    Path(site): Path<String>,
    Body(body): Body,
) -> Result<Response, Refused> {
    let site: SiteId = site.parse().map_err(|_| problems::no_such_site())?;
    let scope = SiteScope::enter(site, &*state.api.keys).ok_or_else(problems::no_such_site)?;
    let held = held(&state, scope).await?;
    let now = state.clock.now_ms();
    let whose = if held.is_some() { site } else { crowd(site) };
    state.api.budgets.spend(Whose::Drops(whose), now).map_err(problems::too_many_tries)?;
    let trust = match held {
        Some(_) => state.api.ingest.trust(scope, &[]).await?,
        None => Arc::new(state.api.keys.trust().map_err(|error| Problem::internal(&error))?),
    };
    let read = move || import(&body, site, &trust);
    let bundle = tokio::task::spawn_blocking(read).await.map_err(|e| Problem::internal(&e))?;
    let bundle = bundle.map_err(|error| problems::bad_bundle(error.code()))?;
    let segments: Vec<Segment> = bundle.arrivals.into_iter().map(|arrival| arrival.segment).collect();
    let epoch = held.ok_or_else(problems::no_such_site)?.epoch;
    tracing::info!(target: "security", %site, epoch, "a bundle was dropped off");
    if let Some(carrier) = segments.first().map(|segment| segment.key) {
        let outcomes = state.api.ingest.push(scope, carrier, segments, now).await?;
        if let Some(Outcome::Refused(refusal @ Refusal::TooMany { .. })) = outcomes.first() {
            return Err((*refusal).into());
        }
    }
    let mut response = StatusCode::ACCEPTED.into_response();
    response.extensions_mut().insert(Slim);
    Ok(response)
}

/// How the site's log stands; none if there is no such site. Strangers are not told which: what they send is read all the same,
/// and a bundle that proves itself for a site names one that exists.
async fn held(state: &AppState, scope: SiteScope) -> Result<Option<SiteState>, Refused> {
    match state.api.ledger().state(scope).await {
        Err(LedgerError::NoSuchSite) => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// Sites that do not exist share what is counted, a few hundred times over: their names cost no memory.
fn crowd(site: SiteId) -> SiteId {
    let mut shared = [0; 16];
    shared[..1].copy_from_slice(&site.0[..1]);
    SiteId(shared)
}
