//! `POST /v1/sites/{site}/sync`: one exchange, both directions.

mod answer;
mod push;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse as _, Response};
use dutylog_core::sync::CONTENT_TYPE;
use dutylog_core::sync::auth::CODE_HEADER;

use super::device::{Device, Signed};
use super::problems;
use super::refused::Refused;
use crate::app::AppState;
use crate::http::layers::slim::Slim;
use crate::ingest::Refusal;
use push::Pushed;

/// Takes what a phone brings and answers with what it lacks.
pub(super) async fn exchange(
    State(state): State<AppState>,
    Path(site): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(CONTENT_TYPE.as_bytes()) {
        return Err(problems::wrong_media_type().into());
    }
    let signed = Signed { method: &method, uri: &uri, headers: &headers, body: &body };
    let device = Device::admit(&state, &site, &signed).await?;
    let refuse = |refused: Refused| refused.or_nonce(device.nonce);
    let (received, segments) = push::read(&state, &device, body).await.map_err(refuse)?;
    let pushed = push::store(&state, &device, segments).await.map_err(refuse)?;
    let bytes = match &device.revoked {
        None => answer::full(&state, &device, received, pushed.said()).await.map_err(refuse)?,
        Some(_) if pushed.is_empty() => return Err(device.refuse(Refusal::DeviceRevoked)),
        Some(_) => answer::bare(&device, &received, pushed.said()),
    };
    Ok(respond(&pushed, bytes))
}

/// The body says all there is to say of each segment; the status and the code say the gravest of it.
fn respond(pushed: &Pushed, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some((status, code)) = pushed.gravest() {
        headers.insert(CODE_HEADER, HeaderValue::from_static(code));
        *response.status_mut() = status;
    }
    response.extensions_mut().insert(Slim);
    response
}
