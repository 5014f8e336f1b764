//! What kind of answer the other side reads.

use axum::http::{HeaderMap, header};

/// Whether a person's browser is asking for a page, rather than a program for data.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
