//! Bodies of the API, in and out: of one content type, which no browser sends from a foreign page and no network answers with by itself.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use dutylog_core::sync::CONTENT_TYPE;

use super::problems;
use super::refused::Refused;
use crate::http::layers::slim::Slim;

/// What came in, if it says that it is ours.
#[derive(Debug)]
pub(super) struct Body(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        if kind != Some(CONTENT_TYPE.as_bytes()) {
            return Err(Refused::from(problems::wrong_media_type()).into_response());
        }
        Bytes::from_request(request, state).await.map(Self).map_err(|refused| refused.into_response())
    }
}

/// What goes out: never cached, and without the headers that only browsers read.
pub(super) fn answer(bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Slim);
    response
}
