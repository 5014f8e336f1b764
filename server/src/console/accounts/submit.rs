//! What an administrator does to accounts.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use dutylog_core::base::PersonId;
use dutylog_core::records::site_plan::person_id;
use serde::Deserialize;

use super::drawn;
use crate::accounts::{Added, By, Change, Changed, NewAccount, Role, SiteScope, Token};
use crate::app::AppState;
use crate::console::{Notice, View};
use crate::entropy::{random, readable};
use crate::http::extract::{Administrator, Form};
use crate::http::problem::{Problem, catalogue};

/// One of the forms.
#[derive(Debug, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::console) enum Asked {
    /// Another account.
    Add { name: String, display_name: String, staff_number: String, role: String, scope: String },
    /// Another role, other sites.
    Rights { name: String, role: String, scope: String },
    /// A new password, shown once.
    Password { name: String },
    /// Everybody who uses it is out.
    EndSessions { name: String },
    /// It lets nobody in.
    Disable { name: String },
    /// It lets its owner in again.
    Enable { name: String },
}

/// Does what a form asks.
pub(in crate::console) async fn submit(
    State(state): State<AppState>,
    Administrator(session): Administrator,
    view: View,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let by = session.token;
    let (name, change) = match asked {
        Asked::Add { name, display_name, staff_number, role, scope } => {
            let person = person(&state, &staff_number)?;
            let (role, scope) = (parsed(&role)?, self::scope(&state, &name, &scope).await?);
            return add(&state, &view, &by, NewAccount { name, display_name, role, person, scope }).await;
        }
        Asked::Password { name } => return reset(&state, &view, &by, name).await,
        Asked::Rights { name, role, scope } => {
            let change = Change::Rights(parsed(&role)?, self::scope(&state, &name, &scope).await?);
            (name, change)
        }
        Asked::EndSessions { name } => (name, Change::EndSessions),
        Asked::Disable { name } => (name, Change::Disable),
        Asked::Enable { name } => (name, Change::Enable),
    };
    let changed = state.accounts.change(By::Session(&by), &name, change).await?;
    said(&state, &view, changed).await
}

/// The page again, with what became of a change.
async fn said(state: &AppState, view: &View, changed: Changed) -> Result<Response, Problem> {
    let key = match changed {
        Changed::Done => return Ok(Redirect::to("/accounts?done=changed").into_response()),
        Changed::NotAllowed => return Err(catalogue::not_allowed()),
        Changed::NoSuch => "accounts-no-such",
        Changed::LastAdministrator => "accounts-last-administrator",
    };
    drawn(state, view, Some(Notice::error(view.text(key))), None).await
}

async fn add(state: &AppState, view: &View, by: &Token, new: NewAccount) -> Result<Response, Problem> {
    let (name, password) = (new.name.clone(), readable(&random::<20>()?));
    let key = match state.accounts.add_by(By::Session(by), new, password.clone().into()).await? {
        None => return Err(catalogue::not_allowed()),
        Some(Added::Account(_)) => return drawn(state, view, None, Some((name, password))).await,
        Some(Added::NameTaken) => "account-name-taken",
        Some(Added::BadName) => "account-bad-name",
        Some(Added::Weak(_)) => "password-like-name",
    };
    drawn(state, view, Some(Notice::error(view.text(key))), None).await
}

async fn reset(state: &AppState, view: &View, by: &Token, name: String) -> Result<Response, Problem> {
    let password = readable(&random::<20>()?);
    let change = Change::Password(password.clone().into());
    match state.accounts.change(By::Session(by), &name, change).await? {
        Changed::Done => drawn(state, view, None, Some((name, password))).await,
        other => said(state, view, other).await,
    }
}

fn parsed(role: &str) -> Result<Role, Problem> {
    role.parse().map_err(|_| catalogue::bad_request())
}

/// The person it acts as at sites: whoever has the staff number there, or nobody whom sites know.
fn person(state: &AppState, staff_number: &str) -> Result<PersonId, Problem> {
    match staff_number.trim() {
        "" => Ok(PersonId(random()?)),
        number => Ok(person_id(state.api.keys.org(), number)),
    }
}

/// All sites, one, or those it has.
async fn scope(state: &AppState, name: &str, asked: &str) -> Result<SiteScope, Problem> {
    match asked {
        "all" => Ok(SiteScope::All),
        "kept" => {
            let all = state.accounts.list().await?;
            let own = all.into_iter().find(|listed| listed.account.name == name);
            own.map(|listed| listed.account.scope).ok_or_else(catalogue::bad_request)
        }
        site => {
            let site = site.parse().map_err(|_| catalogue::bad_request())?;
            let there = state.api.ledger().sites().await.map_err(|error| Problem::internal(&error))?;
            there.contains(&site).then(|| SiteScope::Only([site].into())).ok_or_else(catalogue::bad_request)
        }
    }
}
