//! Making the first administrator, with the one-time token.

use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use dutylog_core::base::PersonId;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::login::{enter, with_browser};
use super::{Notice, Page, View, render};
use crate::accounts::{
    Added, Attempt, FirstAccount, MIN_PASSWORD_CHARS, NewAccount, Role, SignIn, SiteScope, Token, Weak,
};
use crate::app::AppState;
use crate::entropy::random;
use crate::http::extract::{Browser, ClientIp, Form};
use crate::http::problem::Problem;

#[derive(Template)]
#[template(path = "console/setup.html")]
struct SetupPage {
    page: Page,
    notice: Option<Notice>,
    name: String,
    display_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupForm {
    token: SecretString,
    name: String,
    #[serde(default)]
    display_name: String,
    password: SecretString,
    repeat: SecretString,
}

/// The form; there is nothing to set up once there is an account.
pub(super) async fn show(
    State(state): State<AppState>,
    browser: Browser,
    view: View,
) -> Result<Response, Problem> {
    if state.accounts.any().await? {
        return Ok(Redirect::to("/login").into_response());
    }
    with_browser(&state, &browser, view, |view| {
        let (name, display_name) = (String::new(), String::new());
        render(&SetupPage { page: view.page("setup-title"), notice: None, name, display_name })
    })
}

/// The attempt; on success the new administrator is signed in.
pub(super) async fn submit(
    State(state): State<AppState>,
    ClientIp(address): ClientIp,
    Browser(browser): Browser,
    view: View,
    Form(form): Form<SetupForm>,
) -> Result<Response, Problem> {
    let (why, count) = match attempt(&state, &form, address).await? {
        Ok(()) => {
            let browser = browser.map_or_else(Token::new, Ok).map_err(|error| Problem::internal(&error))?;
            let (name, password) = (form.name, form.password);
            let attempt = Attempt { name, password, address, browser: browser.digest(), previous: None };
            return Ok(match state.accounts.sign_in(attempt).await? {
                SignIn::In(session) => enter(&state, &session, "/"),
                SignIn::Refused | SignIn::TooManyTries(_) => Redirect::to("/login").into_response(),
            });
        }
        Err(why) => why,
    };
    let page = view.page("setup-title");
    let notice = Some(Notice::error(match count {
        Some(seconds) => page.t1(why, "seconds", seconds),
        None => page.t1(why, "minimum", MIN_PASSWORD_CHARS),
    }));
    let page = SetupPage { page, notice, name: form.name, display_name: form.display_name };
    Ok((StatusCode::FORBIDDEN, render(&page)?).into_response())
}

/// The message that says why not, and how many seconds to wait, if that is it.
type Why = (&'static str, Option<u32>);

/// Makes the account, or names the message that says why not.
async fn attempt(state: &AppState, form: &SetupForm, address: IpAddr) -> Result<Result<(), Why>, Problem> {
    if form.password.expose_secret() != form.repeat.expose_secret() {
        return Ok(Err(("password-repeat-differs", None)));
    }
    let Some(token) = Token::parse(form.token.expose_secret().trim()) else {
        return Ok(Err(("setup-bad-token", None)));
    };
    let person = PersonId(random().map_err(|error| Problem::internal(&error))?);
    let (name, display_name) = (form.name.clone(), form.display_name.clone());
    let new = NewAccount { name, display_name, role: Role::Admin, person, scope: SiteScope::All };
    Ok(match state.accounts.add_first(&token, new, form.password.clone(), address).await? {
        FirstAccount::Done(Added::Account(_)) => Ok(()),
        FirstAccount::Done(Added::BadName) => Err(("account-bad-name", None)),
        FirstAccount::Done(Added::NameTaken) => Err(("account-name-taken", None)),
        FirstAccount::Done(Added::Weak(weak)) => Err((weak_key(weak), None)),
        FirstAccount::BadToken => Err(("setup-bad-token", None)),
        FirstAccount::TooManyTries(seconds) => Err(("login-wait", Some(seconds))),
    })
}

/// The message for a password that is not good enough.
pub(super) const fn weak_key(weak: Weak) -> &'static str {
    match weak {
        Weak::TooShort => "password-too-short",
        Weak::TooLong => "password-too-long",
        Weak::Common => "password-common",
        Weak::LikeName => "password-like-name",
    }
}
