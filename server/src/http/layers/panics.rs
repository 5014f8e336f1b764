//! A panic in a handler is a bug of ours: it is logged, the client learns that something failed, the server goes on.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::http::problem::catalogue;

/// The answer in place of the one the handler owed. The message of a panic may quote data and is not logged here; the
/// panic hook has written where it happened.
pub(crate) fn answer(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    catalogue::internal().into_response()
}
