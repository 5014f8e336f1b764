//! Signing in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Notice, Page, View, next, render};
use crate::accounts::{Attempt, Session, SignIn, Token};
use crate::app::AppState;
use crate::http::cookies::Name;
use crate::http::extract::{Browser, ClientIp, Form, SignedIn};
use crate::http::problem::{Problem, catalogue};

const BROWSER_DAYS: i64 = 365;

#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage {
    page: Page,
    notice: Option<Notice>,
    name: String,
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginForm {
    name: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// The form.
pub(super) async fn show(
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
    browser: Browser,
    view: View,
) -> Result<Response, Problem> {
    let next = next::local(&wanted.next).to_owned();
    if view.session.is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    if !state.accounts.any().await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    with_browser(&state, &browser, view, |view| {
        render(&LoginPage { page: view.page("login-title"), notice: None, name: String::new(), next })
    })
}

/// The attempt.
pub(super) async fn submit(
    State(state): State<AppState>,
    ClientIp(address): ClientIp,
    Browser(browser): Browser,
    headers: HeaderMap,
    view: View,
    Form(form): Form<LoginForm>,
) -> Result<Response, Problem> {
    // The form's token was bound to the browser, or to a session that is still open.
    let browser = browser.map_or_else(Token::new, Ok).map_err(|error| Problem::internal(&error))?;
    let previous = state.cookies.read(&headers, Name::Session).as_deref().and_then(Token::parse);
    let (name, password) = (form.name.clone(), form.password);
    let attempt = Attempt { name, password, address, browser: browser.digest(), previous };
    let next = next::local(&form.next).to_owned();
    let (status, notice, wait) = match state.accounts.sign_in(attempt).await? {
        SignIn::In(session) => return Ok(enter(&state, &session, &next)),
        SignIn::Refused => (StatusCode::FORBIDDEN, view.text("login-refused"), None),
        SignIn::TooManyTries(seconds) => (
            StatusCode::TOO_MANY_REQUESTS,
            view.page("login-title").t1("login-wait", "seconds", seconds),
            Some(seconds),
        ),
    };
    let page = LoginPage {
        page: view.page("login-title"),
        notice: Some(Notice::error(notice)),
        name: form.name,
        next,
    };
    let wait = AppendHeaders(wait.map(|seconds| (header::RETRY_AFTER, seconds.to_string())));
    Ok((status, wait, render(&page)?).into_response())
}

/// Ends the session.
pub(super) async fn leave(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    state.accounts.sign_out(&signed_in.0.token).await?;
    let forget = AppendHeaders([(header::SET_COOKIE, state.cookies.forget(Name::Session))]);
    Ok((forget, Redirect::to("/login")).into_response())
}

/// Gives the browser its session and goes on.
pub(super) fn enter(state: &AppState, session: &Session, next: &str) -> Response {
    let cookie = state.cookies.session(session);
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(next)).into_response()
}

/// Answers with a page whose forms are bound to the browser, telling it which one it is if it does not know yet.
pub(super) fn with_browser(
    state: &AppState,
    browser: &Browser,
    view: View,
    answer: impl FnOnce(&View) -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    if browser.0.is_some() {
        return answer(&view);
    }
    let token = Token::new().map_err(|error| {
        tracing::error!(%error, "no token for a browser");
        catalogue::internal()
    })?;
    let cookie = state.cookies.set(Name::Browser, &token.text(), Some(BROWSER_DAYS));
    let response = answer(&view.with_form_token(token.form_token()))?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), response).into_response())
}
