//! Files that people take away.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use dutylog_core::log::Proof;

/// A proof, under a name made of letters, digits and hyphens.
pub(super) fn proof(name: &str, proof: &Proof) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"dutylog-{name}.proof\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, proof.to_bytes()).into_response()
}
