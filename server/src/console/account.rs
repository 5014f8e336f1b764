//! One's own account.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::setup::weak_key;
use super::{Notice, Page, View, render};
use crate::accounts::{Account, MIN_PASSWORD_CHARS, PasswordChange, Role, SiteScope};
use crate::app::AppState;
use crate::http::extract::{Form, SignedIn};
use crate::http::problem::Problem;

const CHANGED: &str = "/account?changed=true";

#[derive(Template)]
#[template(path = "console/account.html")]
struct AccountPage {
    page: Page,
    notice: Option<Notice>,
    account: Account,
}

/// The message that names a role.
pub(super) const fn role_key(role: Role) -> &'static str {
    match role {
        Role::Admin => "role-admin",
        Role::Hq => "role-hq",
        Role::Auditor => "role-auditor",
    }
}

impl AccountPage {
    const fn role_key(&self) -> &'static str {
        role_key(self.account.role)
    }

    fn scope(&self) -> String {
        match &self.account.scope {
            SiteScope::All => self.page.t("scope-all"),
            SiteScope::Only(sites) => self.page.t1("scope-some", "count", sites.len()),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Outcome {
    #[serde(default)]
    changed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordForm {
    current: SecretString,
    password: SecretString,
    repeat: SecretString,
}

/// Who one is, and the form to change the password.
pub(super) async fn show(
    SignedIn(session): SignedIn,
    Query(outcome): Query<Outcome>,
    view: View,
) -> Result<Response, Problem> {
    let notice = outcome.changed.then(|| Notice::done(view.text("password-changed")));
    render(&AccountPage { page: view.page("account-title"), notice, account: session.account })
}

/// Changes the password; every other session of the account ends.
pub(super) async fn change_password(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    view: View,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let page = view.page("account-title");
    let account = session.account.clone();
    let refuse = |text: String, page: Page, account: Account| {
        let page = AccountPage { page, notice: Some(Notice::error(text)), account };
        Ok((StatusCode::FORBIDDEN, render(&page)?).into_response())
    };
    if form.password.expose_secret() != form.repeat.expose_secret() {
        return refuse(page.t("password-repeat-differs"), page, account);
    }
    match state.accounts.change_password(&session, form.current, form.password).await? {
        PasswordChange::Changed(session) => {
            let cookie = state.cookies.session(&session);
            Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(CHANGED)).into_response())
        }
        PasswordChange::WrongCurrent => refuse(page.t("password-wrong-current"), page, account),
        PasswordChange::Weak(weak) => {
            refuse(page.t1(weak_key(weak), "minimum", MIN_PASSWORD_CHARS), page, account)
        }
        PasswordChange::TooManyTries(seconds) => {
            refuse(page.t1("login-wait", "seconds", seconds), page, account)
        }
    }
}
