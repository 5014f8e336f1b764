//! The description of the API, generated from the handlers. Kept as a reviewed file (`docs/openapi.json`), and shown to administrators.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

use crate::http::extract::Administrator;

#[derive(OpenApi)]
#[openapi(
    info(title = "Dutylog", description = "The API for phones. Bodies are defined in `core/docs/sync-protocol.md`; refusals are \
        RFC 9457 problem documents with a stable `code`, which is also in the header `dutylog-code`."),
    paths(super::sync::exchange, super::snapshot::show, super::enrol::device, super::enrol::person, super::dropbox::drop_off),
    tags((name = "sync"), (name = "enrolment"))
)]
struct Api;

/// The document.
#[must_use]
pub fn document() -> Document {
    Api::openapi()
}

/// `GET /v1/openapi.json`
pub(super) async fn show(_: Administrator) -> Json<Document> {
    Json(document())
}
