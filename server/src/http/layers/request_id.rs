//! A name for every request, which people can read to support and support can find in the log.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::entropy;
use crate::http::problem::catalogue;

const HEADER: &str = "x-request-id";
const LENGTH: usize = 12;

/// The request's name, 60 random bits.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Names the request and says the name in the answer. What the client claims as a name is not taken over.
pub(crate) async fn assign(mut request: Request, next: Next) -> Response {
    let Ok(bytes) = entropy::random::<LENGTH>() else { return catalogue::internal().into_response() };
    let id = entropy::readable(&bytes);
    let value = HeaderValue::from_str(&id).expect("letters and digits");
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    response.headers_mut().insert(HEADER, value);
    response
}
