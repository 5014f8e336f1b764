//! Refusals as people and programs can read them: RFC 9457 `application/problem+json`.
//!
//! A problem has a stable `code` for programs, and for people one plain sentence and what to do about it, in Chinese and
//! English. Handlers return it; the layer `layers::problems` writes it out, because only there it is known
//! which language the reader prefers, whether it is a person or a program, and the request's support id.

pub mod catalogue;

use std::borrow::Cow;
use std::error::Error;
use std::ops::Deref;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::accounts::{AccountsError, PasswordError};
use crate::i18n::Locale;

/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One language's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What is wrong, in one plain sentence.
    pub sentence: Cow<'static, str>,
    /// What the reader can do.
    pub what_to_do: Cow<'static, str>,
}

/// A refusal. Boxed, because it is what can go wrong in every handler.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Details>);

/// What a refusal says.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable, for programs: lower case, underscores.
    pub code: &'static str,
    /// Chinese.
    pub zh: Wording,
    /// English.
    pub en: Wording,
    /// Further members, for programs.
    pub fields: Map<String, Value>,
    /// When to come back, in seconds; sent as `Retry-After`.
    pub retry_after_s: Option<u32>,
}

/// A sentence and what to do.
pub type Words = (&'static str, &'static str);

impl Problem {
    /// A problem with fixed words.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, zh: Words, en: Words) -> Self {
        let wording =
            |(sentence, todo): Words| Wording { sentence: sentence.into(), what_to_do: todo.into() };
        Self::worded(status, code, wording(zh), wording(en))
    }

    /// A problem whose words depend on what happened.
    #[must_use]
    pub fn worded(status: StatusCode, code: &'static str, zh: Wording, en: Wording) -> Self {
        Self(Box::new(Details { status, code, zh, en, fields: Map::new(), retry_after_s: None }))
    }

    /// Something failed that is nobody's fault outside. It is logged here, once; outside it stays general.
    #[must_use]
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        let mut causes = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        tracing::error!(error = causes.join(": "), "a request failed");
        catalogue::internal()
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// The same words under another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// One language's words.
    #[must_use]
    pub fn wording(&self, locale: Locale) -> &Wording {
        match locale {
            Locale::Chinese => &self.zh,
            Locale::English => &self.en,
        }
    }

    /// The document: the reader's language in the standard members, both beside them.
    #[must_use]
    pub fn document(&self, locale: Locale, support_id: &str) -> Value {
        let words = |w: &Wording| json!({ "title": w.sentence, "what_to_do": w.what_to_do });
        let mut document = json!({
            "type": format!("urn:dutylog:problem:{}", self.code),
            "status": self.status.as_u16(),
            "code": self.code,
            "title": self.wording(locale).sentence,
            "what_to_do": self.wording(locale).what_to_do,
            "support_id": support_id,
            "zh": words(&self.zh),
            "en": words(&self.en),
        });
        if let Some(members) = document.as_object_mut() {
            // Standard members win: a field cannot pose as one of them.
            self.fields.iter().for_each(|(name, value)| {
                members.entry(name.clone()).or_insert_with(|| value.clone());
            });
        }
        document
    }

    /// The problem a response carries: its own, or for a bare error status one with general words. Nothing for a page, which
    /// says itself what is wrong.
    #[must_use]
    pub fn of(response: &Response) -> Option<Self> {
        if let Some(problem) = response.extensions().get::<Self>() {
            return Some(problem.clone());
        }
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
        (bare && (status.is_client_error() || status.is_server_error()))
            .then(|| catalogue::for_status(status))
    }
}

impl Deref for Problem {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AccountsError> for Problem {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::Password(PasswordError::Busy) => catalogue::busy(),
            AccountsError::Database(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => catalogue::busy(),
            other => Self::internal(&other),
        }
    }
}
