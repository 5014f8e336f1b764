//! Requests that change something must come from our own pages; see [`Origins::allows`].

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::http::origin::Origins;
use crate::http::problem::catalogue;

/// Refuses what other sites' pages send.
pub(crate) async fn check(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    if origins.allows(request.method(), request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!(target: "security", "a request from another site's page was refused");
    catalogue::foreign_origin().into_response()
}
