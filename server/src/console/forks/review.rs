//! What headquarters found about a fork, as it was typed; it goes through the desk like everything that headquarters does.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Redirect;
use dutylog_core::capture::{Entered, ReviewFork};
use dutylog_core::log::Label;
use dutylog_core::records::chain::ForkCause;
use serde::Deserialize;

use super::show::fork;
use crate::app::AppState;
use crate::console::act::SignedInHere;
use crate::console::site::OpenSite;
use crate::console::words::hex;
use crate::http::extract::{Form, Reviewer};
use crate::http::problem::{Problem, catalogue};
use crate::views::ForkDetail;

/// The form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Review {
    /// The number of a cause.
    cause: u16,
    /// The name of the branch that the phone's own people wrote; empty if both did, or neither.
    own: String,
    /// What was found.
    note: String,
}

/// Puts it on record and goes back to the page.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path((_, chain)): Path<(String, String)>,
    site: OpenSite,
    Reviewer(session): Reviewer,
    Form(review): Form<Review>,
) -> Result<Redirect, Problem> {
    let fork = fork(&state, &site, &chain).await?;
    let cause = ForkCause::from_code(review.cause).ok_or_else(catalogue::bad_request)?;
    let own = branch(&fork, &review.own)?;
    let action =
        ReviewFork { chain: fork.chain, seq: fork.at, note: Entered(review.note), cause: Some(cause), own };
    let here = format!("{}/forks/{}", site.address(), fork.chain);
    let standing = SignedInHere::new(state.accounts, session.token, site.scope.site());
    state.desk.act_while(Arc::new(standing), site.scope, session.account.person, action).await?;
    Ok(Redirect::to(&format!("{here}?done=fork")))
}

/// The branch that was named, if one was.
fn branch(fork: &ForkDetail, named: &str) -> Result<Option<Label>, Problem> {
    let mut labels = fork.branches.iter().map(|branch| branch.label);
    match named {
        "" => Ok(None),
        name => labels.find(|label| hex(label) == name).map(Some).ok_or_else(catalogue::bad_request),
    }
}
