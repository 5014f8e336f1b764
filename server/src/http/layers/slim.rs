//! Answers to programs that sign their requests carry no word more than those programs read.
//!
//! The headers that [`super::security_headers`] adds speak to browsers. No browser can get such an answer: it would have to send
//! an `Authorization` header across origins, for which we never give leave. On a weak link they would be most of the bytes.

use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

/// Marks an answer whose headers are cut down to those that [`KEPT`] names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slim;

/// What a signing program reads, and what keeps its answer out of caches.
const KEPT: [HeaderName; 6] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CACHE_CONTROL,
    header::RETRY_AFTER,
    HeaderName::from_static("dutylog-code"),
    HeaderName::from_static("dutylog-nonce"),
];

/// Cuts marked answers down.
pub(crate) async fn cut(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.extensions().get::<Slim>().is_some() {
        let headers = response.headers_mut();
        let kept = KEPT.map(|name| headers.remove(&name).map(|value| (name, value)));
        headers.clear();
        headers.extend(kept.into_iter().flatten());
    }
    response
}
