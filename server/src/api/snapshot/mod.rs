//! `GET /v1/sites/{site}/snapshot`: what a new phone begins with.

mod kept;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse as _, Response};
use dutylog_core::sync::SNAPSHOT_TYPE;
use dutylog_core::sync::auth::NONCE_HEADER;

use crate::api::device::{Device, Signed};
use crate::api::problems;
use crate::api::refused::{Refused, nonce_value};
use crate::app::AppState;
use crate::http::layers::slim::Slim;

pub use kept::Snapshots;

/// Gives the site's state at a position, for a phone that holds nothing yet.
#[utoipa::path(
    get, path = "/v1/sites/{site}/snapshot", tag = "sync",
    params(("site" = String, Path, description = "The site, 32 hexadecimal digits")),
    responses(
        (status = 200, content_type = "application/x-dutylog-snapshot", body = Vec<u8>, description = "sync-protocol.md 8"),
        (status = 401, description = "`signature_needed`, `wrong_signature`, `stale_nonce`, `device_revoked`"),
        (status = 404, description = "`not_found`, or `no_snapshot`: ask for the log itself"),
        (status = 429, description = "`too_many_requests`"),
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(site): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let signed = Signed { method: &method, uri: &uri, headers: &headers, body: &[] };
    let device = Device::admit(&state, &site, &signed).await?;
    device.may_read()?;
    let refuse = |refused: Refused| refused.or_nonce(device.nonce);
    let made = state.snapshots.of(&state, device.scope).await.map_err(|e| refuse(e.into()))?;
    let made = made.ok_or_else(|| device.refuse(problems::no_snapshot()))?;
    let mut response = made.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(SNAPSHOT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(NONCE_HEADER, nonce_value(device.nonce));
    response.extensions_mut().insert(Slim);
    Ok(response)
}
