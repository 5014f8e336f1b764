//! Forms of our own pages.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Browser, Visitor};
use crate::app::AppState;
use crate::http::problem::{Problem, catalogue};

/// The name of the hidden field.
const TOKEN_FIELD: &str = "form_token";
const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// A submitted form, after its hidden token proved that it is one of ours and made for this session (or, before anybody
/// signed in, for this browser). `T` should deny unknown fields; the token is not among them.
#[derive(Debug)]
pub struct Form<T>(pub T);

#[derive(Deserialize)]
struct Hidden {
    form_token: String,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let kind =
            parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case(MEDIA_TYPE)) {
            return Err(catalogue::wrong_media_type());
        }
        let Visitor(session) = Visitor::from_request_parts(&mut parts, state).await?;
        let Ok(Browser(browser)) = Browser::from_request_parts(&mut parts, state).await;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|rejection| catalogue::for_status(rejection.status()))?;
        let hidden: Hidden = serde_urlencoded::from_bytes(&bytes).map_err(|_| catalogue::form_expired())?;
        let bound_to = session.map(|session| session.token).or(browser);
        if !bound_to.is_some_and(|token| token.form_token_is(&hidden.form_token)) {
            tracing::warn!(target: "security", "a form with a wrong token was refused");
            return Err(catalogue::form_expired());
        }
        serde_urlencoded::from_bytes(&without_token(&bytes)).map(Self).map_err(|_| catalogue::bad_request())
    }
}

fn without_token(form: &[u8]) -> Vec<u8> {
    let is_token = |pair: &&[u8]| pair.split(|b| *b == b'=').next() == Some(TOKEN_FIELD.as_bytes());
    form.split(|b| *b == b'&').filter(|pair| !is_token(pair)).collect::<Vec<_>>().join(&b'&')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_taken_out() {
        assert_eq!(without_token(b"a=1&form_token=x&form_tokens=2&b="), b"a=1&form_tokens=2&b=");
        assert_eq!(without_token(b"form_token=x"), b"");
    }
}
