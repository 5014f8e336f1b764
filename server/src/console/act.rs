//! What headquarters does on a record's page: acknowledge, comment, settle. All of it goes through the desk.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Redirect;
use dutylog_core::base::{RecordId, SiteId};
use dutylog_core::capture::{Acknowledge, Action, Comment, Entered, SettleConflict};
use dutylog_core::merge::Version;
use dutylog_core::records::round::RESULT;
use dutylog_core::records::{Cell, FieldId, Member, RecordKind};
use serde::Deserialize;

use super::Notice;
use super::site::OpenSite;
use super::words::hex;
use crate::accounts::{Accounts, Token};
use crate::app::AppState;
use crate::desk::{DeskError, Standing};
use crate::http::extract::{Form, Reviewer};
use crate::http::problem::{Problem, catalogue};
use crate::views::Said;

/// One of the forms on a record's page.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    /// Somebody of headquarters has taken notice.
    Acknowledge,
    /// A comment.
    Comment {
        /// What was typed.
        text: String,
    },
    /// One of several values of a field stands.
    SettleField {
        /// The field's number.
        field: String,
        /// The value's key.
        choice: String,
    },
    /// One of several answers to an item of a round stands.
    SettleItem {
        /// The item's number.
        item: String,
        /// The answer's key.
        choice: String,
    },
}

/// What was done just now, as the address of the page says after a form went well.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

impl Done {
    /// What to say of it.
    pub(super) fn notice(&self, site: &OpenSite) -> Option<Notice> {
        let key = match self.done.as_str() {
            "acknowledge" => "done-acknowledge",
            "comment" => "done-comment",
            "settle" => "done-settle",
            "fork" => "done-fork",
            _ => return None,
        };
        Some(Notice::done(site.t(key)))
    }
}

impl Act {
    const fn done(&self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Comment { .. } => "comment",
            Self::SettleField { .. } | Self::SettleItem { .. } => "settle",
        }
    }
}

/// Does what a form on a record's page asks, and goes back to that page.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path((_, id)): Path<(String, String)>,
    site: OpenSite,
    Reviewer(session): Reviewer,
    Form(act): Form<Act>,
) -> Result<Redirect, Problem> {
    let record: RecordId = id.parse().map_err(|_| catalogue::not_found())?;
    let kind = state.views.record(site.scope, record).await?.and_then(|held| held.summary.kind);
    let here = site.record_href(record, kind).ok_or_else(catalogue::not_found)?;
    let done = act.done();
    let action = action(&state, &site, record, kind, act).await?;
    let standing = SignedInHere::new(state.accounts, session.token, site.scope.site());
    state.desk.act_while(Arc::new(standing), site.scope, session.account.person, action).await?;
    Ok(Redirect::to(&format!("{here}?done={done}")))
}

/// Somebody who is signed in, in a role that acts, for this site.
#[derive(Debug)]
pub(super) struct SignedInHere {
    accounts: Accounts,
    token: Token,
    site: SiteId,
}

impl SignedInHere {
    /// Whoever has this session.
    pub(super) const fn new(accounts: Accounts, token: Token, site: SiteId) -> Self {
        Self { accounts, token, site }
    }
}

impl Standing for SignedInHere {
    fn holds(&self) -> Pin<Box<dyn Future<Output = Result<bool, DeskError>> + Send + '_>> {
        let asked = self.accounts.may_act(&self.token, self.site);
        Box::pin(async { asked.await.map_err(|error| DeskError::Standing(Box::new(error))) })
    }
}

async fn action(
    state: &AppState,
    site: &OpenSite,
    record: RecordId,
    kind: Option<RecordKind>,
    act: Act,
) -> Result<Action, Problem> {
    Ok(match act {
        Act::Acknowledge if kind == Some(RecordKind::Incident) => Acknowledge { incident: record }.into(),
        Act::Acknowledge => return Err(catalogue::bad_request()),
        Act::Comment { text } => Comment { record, text: Entered(text) }.into(),
        Act::SettleField { field, choice } => {
            let field = FieldId(field.parse().map_err(|_| catalogue::bad_request())?);
            settle(state, site, Cell { record, field, member: Member::Whole }, &choice).await?
        }
        Act::SettleItem { item, choice } => {
            let member = Member::Number(item.parse().map_err(|_| catalogue::bad_request())?);
            settle(state, site, Cell { record, field: RESULT.id(), member }, &choice).await?
        }
    })
}

/// The value that was chosen, as it stands in the record now.
async fn settle(state: &AppState, site: &OpenSite, cell: Cell, choice: &str) -> Result<Action, Problem> {
    let held = state.views.record(site.scope, cell.record).await?;
    let register = held.and_then(|h| h.cells.get(&(cell.field, cell.member)).cloned()).unwrap_or_default();
    let chosen = register.versions().iter().find(|version| version_key(version) == choice);
    let value = chosen.map(|version| version.value.clone()).ok_or_else(catalogue::bad_request)?;
    Ok(SettleConflict { cell, value, is_new: false }.into())
}

fn version_key(version: &Version) -> String {
    format!("{}-{}-{}", version.actor.chain, version.seq, hex(&version.mark))
}

/// What names one of several live values in a form: the entry that wrote it.
pub(super) fn choice_key<T>(said: &Said<T>) -> String {
    said.by.map(|by| format!("{}-{}-{}", by.chain, by.seq, hex(&by.leaf.mark()))).unwrap_or_default()
}
