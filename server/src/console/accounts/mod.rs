//! Accounts, for administrators: who there is, what each may do, and changing it.

mod submit;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use dutylog_core::base::SiteId;
use serde::Deserialize;
pub(super) use submit::submit;

use super::account::role_key;
use super::parts::{Badge, Moment, Tone, filters};
use super::site::{site_name, words};
use super::{Notice, Page, View, render};
use crate::accounts::{Listed, Role, SiteScope};
use crate::app::AppState;
use crate::http::extract::Administrator;
use crate::http::problem::Problem;
use crate::ledger::SiteScope as Entered;

/// The page.
#[derive(Debug, Template)]
#[template(path = "console/accounts.html")]
struct AccountsPage {
    page: Page,
    notice: Option<Notice>,
    /// A password that was just made: whose, and what; it is shown this once.
    password: Option<(String, String)>,
    accounts: Vec<AccountCard>,
    /// For a new account.
    rights: Rights,
}

/// One account.
#[derive(Debug)]
struct AccountCard {
    name: String,
    display_name: String,
    role: Badge,
    disabled: bool,
    /// The sites it sees, by name.
    sites: Vec<String>,
    sessions: u32,
    seen: Option<Moment>,
    rights: Rights,
}

impl AccountsPage {
    /// The other forms of an account: what each changes, the message on its button, how that looks.
    fn changes(&self, account: &AccountCard) -> Vec<(&'static str, &'static str, &'static str)> {
        if account.disabled {
            return vec![("enable", "account-enable", "quiet")];
        }
        let mut changes = vec![("password", "account-reset-password", "quiet")];
        if account.sessions > 0 {
            changes.push(("end_sessions", "account-end-sessions", "quiet"));
        }
        changes.push(("disable", "account-disable", "danger"));
        changes
    }
}

/// What can be chosen of rights, and what is.
#[derive(Debug)]
struct Rights {
    /// Tells the controls of one form from those of another.
    id: usize,
    roles: Vec<Choice>,
    scopes: Vec<Choice>,
}

#[derive(Debug)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

/// Every account, and the form for another.
pub(super) async fn show(
    State(state): State<AppState>,
    Administrator(_): Administrator,
    Query(Done { done }): Query<Done>,
    view: View,
) -> Result<Response, Problem> {
    let notice = (done == "changed").then(|| Notice::done(view.text("accounts-changed")));
    drawn(&state, &view, notice, None).await
}

async fn drawn(
    state: &AppState,
    view: &View,
    notice: Option<Notice>,
    password: Option<(String, String)>,
) -> Result<Response, Problem> {
    let (accounts, draw) = (state.accounts.list().await?, Draw { view, sites: sites(state, view).await? });
    let cards = (1..).zip(&accounts).map(|(id, listed)| draw.card(id, listed)).collect();
    let rights = draw.rights(0, Role::Hq, &SiteScope::All);
    render(&AccountsPage { page: view.page("accounts-title"), notice, password, accounts: cards, rights })
}

/// Every site with its name.
async fn sites(state: &AppState, view: &View) -> Result<Vec<(SiteId, String)>, Problem> {
    let mut named = Vec::new();
    for site in state.api.ledger().sites().await.map_err(|error| Problem::internal(&error))? {
        if let Some(scope) = Entered::enter(site, &SiteScope::All) {
            let board = state.views.board(scope).await?;
            let name = words(view, &board).text(&board.site_name());
            named.push((site, site_name(&name, site)));
        }
    }
    named.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(named)
}

/// What drawing needs.
struct Draw<'a> {
    view: &'a View,
    sites: Vec<(SiteId, String)>,
}

impl Draw<'_> {
    fn card(&self, id: usize, listed: &Listed) -> AccountCard {
        let account = &listed.account;
        AccountCard {
            name: account.name.clone(),
            display_name: account.display_name.clone(),
            role: Badge::new(Tone::Info, self.view.text(role_key(account.role))),
            disabled: listed.disabled,
            sites: self.names(&account.scope),
            sessions: listed.sessions,
            seen: listed.seen_ms.map(|at| words(self.view, &Default::default()).moment(at)),
            rights: self.rights(id, account.role, &account.scope),
        }
    }

    fn names(&self, scope: &SiteScope) -> Vec<String> {
        match scope {
            SiteScope::All => vec![self.view.text("scope-all")],
            SiteScope::Only(_) => {
                let seen = self.sites.iter().filter(|(site, _)| scope.includes(site));
                seen.map(|(_, name)| name.clone()).collect()
            }
        }
    }

    fn rights(&self, id: usize, role: Role, scope: &SiteScope) -> Rights {
        let roles = Role::ALL.iter().map(|r| Choice {
            value: r.code().into(),
            label: self.view.text(role_key(*r)),
            chosen: *r == role,
        });
        let all = Choice {
            value: "all".into(),
            label: self.view.text("scope-all"),
            chosen: *scope == SiteScope::All,
        };
        let several = matches!(scope, SiteScope::Only(sites) if sites.len() != 1);
        let kept = several.then(|| Choice {
            value: "kept".into(),
            label: self.names(scope).join(self.view.locale.domain().pick("、", ", ")),
            chosen: true,
        });
        let one = self.sites.iter().map(|(site, name)| Choice {
            value: site.to_string(),
            label: name.clone(),
            chosen: !several && *scope != SiteScope::All && scope.includes(site),
        });
        Rights { id, roles: roles.collect(), scopes: kept.into_iter().chain([all]).chain(one).collect() }
    }
}
