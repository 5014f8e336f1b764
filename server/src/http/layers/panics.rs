//! A panic in a handler is a bug of ours: it is logged, the client learns that something failed, the server goes on.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::http::problem::catalogue;

/// The answer in place of the one the handler owed. Where it happened was logged when it did.
pub(crate) fn answer(_: Box<dyn Any + Send + 'static>) -> Response {
    catalogue::internal().into_response()
}
