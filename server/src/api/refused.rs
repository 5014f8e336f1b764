//! A refusal to a device: the problem, and the nonce to go on with.

use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use dutylog_core::sync::Nonce;
use dutylog_core::sync::auth::{NONCE_HEADER, nonce_to_header};

use crate::http::Problem;
use crate::http::layers::slim::Slim;

/// Why a device does not get what it asked for.
#[derive(Debug)]
pub(super) struct Refused {
    problem: Problem,
    nonce: Option<Nonce>,
}

impl Refused {
    /// A refusal after the request's nonce was used up: the device goes on with another.
    pub(super) fn with_nonce(problem: impl Into<Problem>, nonce: Nonce) -> Self {
        Self { problem: problem.into(), nonce: Some(nonce) }
    }

    /// The same, with a nonce if it has none.
    pub(super) fn or_nonce(self, nonce: Nonce) -> Self {
        Self { nonce: self.nonce.or(Some(nonce)), ..self }
    }
}

impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Self { problem: problem.into(), nonce: None }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.problem.into_response();
        if let Some(nonce) = self.nonce {
            response.headers_mut().insert(NONCE_HEADER, nonce_value(nonce));
        }
        response.extensions_mut().insert(Slim);
        response
    }
}

/// A nonce as a header's value.
pub(super) fn nonce_value(nonce: Nonce) -> HeaderValue {
    HeaderValue::from_str(&nonce_to_header(nonce)).expect("base64 is plain text")
}
