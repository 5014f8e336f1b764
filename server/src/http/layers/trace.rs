//! One log line, and one count, for every request: which route, how it ended, how long it took. No address, no query, no name: those
//! would be personal data (`docs/logging.md`).

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::RequestId;
use crate::metrics::Metrics;

/// Measures and logs.
pub(crate) async fn log(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().map_or("", |id| &id.0);
    let route = extensions.get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, method = %request.method(), route = %route);
    let begun = Instant::now();
    async move {
        let response = next.run(request).await;
        let took = begun.elapsed();
        metrics.answered(&route, response.status().as_u16(), took);
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), duration_ms, "answered");
        response
    }
    .instrument(span)
    .await
}
