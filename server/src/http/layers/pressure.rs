//! More than we can do, or longer than we wait, is refused early and cheaply.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;

use crate::http::problem::catalogue;

/// Refuses requests beyond a number at once. The place is given back with the answer's header, so that pages which listen
/// for news do not hold it.
pub(crate) async fn shed(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = places.try_acquire() else { return catalogue::busy().into_response() };
    next.run(request).await
}

/// Refuses to wait longer than this for an answer's header.
pub(crate) async fn hurry(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    answer.unwrap_or_else(|_| catalogue::too_slow().into_response())
}
