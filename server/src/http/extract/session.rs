//! Who is signed in, and what they may do.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::accounts::{Account, Role, Session, Token};
use crate::app::AppState;
use crate::http::accept::wants_page;
use crate::http::cookies::Name;
use crate::http::problem::{Problem, catalogue};

/// Somebody who is signed in, in any role. People who are not are sent to sign in and come back; programs get a problem.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Session);

/// Somebody who may administer: [`Role::Admin`] of all sites.
#[derive(Debug, Clone)]
pub struct Administrator(pub Session);

/// Somebody who may act for headquarters: [`Role::Admin`] or [`Role::Hq`]. Auditors may only look.
#[derive(Debug, Clone)]
pub struct Reviewer(pub Session);

/// Anybody, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor(pub Option<Session>);

/// Why somebody may not go on.
#[derive(Debug)]
pub enum Barred {
    /// They should sign in first, and come back to this page.
    SignIn(String),
    /// A plain refusal.
    Problem(Problem),
}

impl IntoResponse for Barred {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl From<Problem> for Barred {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl SignedIn {
    /// Passes if the account has one of the roles.
    ///
    /// # Errors
    /// The problem to answer with otherwise.
    pub fn require(self, roles: &[Role]) -> Result<Session, Problem> {
        if roles.contains(&self.0.account.role) {
            return Ok(self.0);
        }
        tracing::warn!(target: "security", role = self.0.account.role.code(), "not allowed in this role");
        Err(catalogue::not_allowed())
    }

    /// Who it is.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.0.account
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        // One look-up for each request, however many extractors ask.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let token = state.cookies.read(&parts.headers, Name::Session).as_deref().and_then(Token::parse);
        let session = match token {
            // What a page fetches by itself is no sign that anybody is there.
            Some(token) if fetched_by_a_page(parts) => state.accounts.unattended(&token).await?,
            Some(token) => state.accounts.session(&token).await?,
            None => None,
        };
        parts.extensions.insert(Self(session.clone()));
        Ok(Self(session))
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Barred;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Barred> {
        let Visitor(session) = Visitor::from_request_parts(parts, state).await?;
        session.map(Self).ok_or_else(|| nobody(parts))
    }
}

impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, Problem> {
        let Visitor(session) =
            <Visitor as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        Ok(session.map(Self))
    }
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = Barred;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Barred> {
        let signed_in = <SignedIn as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        let session = signed_in.require(&[Role::Admin])?;
        if session.account.administers() { Ok(Self(session)) } else { Err(catalogue::not_allowed().into()) }
    }
}

impl FromRequestParts<AppState> for Reviewer {
    type Rejection = Barred;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Barred> {
        let signed_in = <SignedIn as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        Ok(Self(signed_in.require(&[Role::Admin, Role::Hq])?))
    }
}

/// Whether a page that is open asks, not a person. Browsers say so; what says nothing counts as a person.
fn fetched_by_a_page(parts: &Parts) -> bool {
    let mode = parts.headers.get("sec-fetch-mode").and_then(|mode| mode.to_str().ok());
    parts.method == Method::GET && mode.is_some_and(|mode| mode != "navigate")
}

fn nobody(parts: &Parts) -> Barred {
    if !wants_page(&parts.headers) {
        return catalogue::sign_in_needed().into();
    }
    // What was being sent is lost with the session; the start page is the honest place to come back to.
    let back = match (&parts.method, parts.uri.path_and_query()) {
        (&Method::GET, Some(back)) => back.as_str(),
        _ => "/",
    };
    let query = serde_urlencoded::to_string([("next", back)]).unwrap_or_default();
    Barred::SignIn(format!("/login?{query}"))
}
