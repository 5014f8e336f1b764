//! `POST /v1/sites/{site}/sync`: one exchange, both directions.

mod answer;
mod push;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::Response;
use dutylog_core::base::DeviceId;
use dutylog_core::log::Role;
use dutylog_core::sync::auth::CODE_HEADER;

use super::body::{self, Body};
use super::device::{Device, Signed};
use super::refused::Refused;
use crate::app::AppState;
use crate::ingest::Refusal;
use push::Pushed;

/// Takes what a phone brings and answers with what it lacks.
#[utoipa::path(
    post, path = "/v1/sites/{site}/sync", tag = "sync",
    params(("site" = String, Path, description = "The site, 32 hexadecimal digits")),
    request_body(content = Vec<u8>, content_type = "application/x-dutylog", description = "sync-protocol.md 2, request"),
    responses(
        (status = 200, content_type = "application/x-dutylog", body = Vec<u8>, description = "sync-protocol.md 2, response"),
        (status = 202, description = "The same; the gravest remark is `fork_detected` or `held_for_review`"),
        (status = 400, description = "`bad_message`, or a response whose gravest remark is `too_deep`"),
        (status = 401, description = "`signature_needed`, `wrong_signature`, `stale_nonce`, `device_revoked`"),
        (status = 404, description = "`not_found`: no such site, or not this device's"),
        (status = 409, description = "A response whose gravest remark is `gap`"),
        (status = 413, description = "`body_too_large`, `body_too_large_decompressed`"),
        (status = 415, description = "`wrong_media_type`"),
        (status = 422, description = "A response with a refused segment, or a body that cannot be read"),
        (status = 426, description = "`newer_version`"),
        (status = 429, description = "`too_many_requests`"),
    )
)]
pub(super) async fn exchange(
    State(state): State<AppState>,
    Path(site): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Refused> {
    let signed = Signed { method: &method, uri: &uri, headers: &headers, body: &body };
    let device = Device::admit(&state, &site, &signed).await?;
    let refuse = |refused: Refused| refused.or_nonce(device.nonce);
    let (received, segments) = push::read(&state, &device, body).await.map_err(refuse)?;
    touch(&state, &device, received.request.told).await.map_err(refuse)?;
    let pushed = push::store(&state, &device, segments).await.map_err(refuse)?;
    let bytes = match &device.revoked {
        None => answer::full(&state, &device, received, pushed.said()).await.map_err(refuse)?,
        Some(_) if pushed.is_empty() => return Err(device.refuse(Refusal::DeviceRevoked)),
        Some(_) => answer::bare(&device, &received, pushed.said()),
    };
    Ok(respond(&pushed, bytes))
}

/// Notes that the phone was in touch, and whether it has nothing left to tell: how fresh the site's log is depends on it.
async fn touch(state: &AppState, device: &Device, all_told: bool) -> Result<(), Refused> {
    if device.revoked.is_none() && device.claims.role == Role::Phone {
        let phone = DeviceId(device.claims.subject);
        state.views.contacted(device.scope, phone, device.now, all_told).await?;
    }
    Ok(())
}

/// The body says all there is to say of each segment; the status and the code say the gravest of it.
fn respond(pushed: &Pushed, bytes: Vec<u8>) -> Response {
    let mut response = body::answer(bytes);
    if let Some((status, code)) = pushed.gravest() {
        response.headers_mut().insert(CODE_HEADER, HeaderValue::from_static(code));
        *response.status_mut() = status;
    }
    response
}
