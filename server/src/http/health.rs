//! For machines that watch over the server.

use axum::extract::State;
use axum::routing::get;

use super::problem::catalogue;
use super::{Problem, Routes};
use crate::app::AppState;

/// `/healthz`: the process answers. `/readyz`: it can also do its work.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

async fn ready(State(state): State<AppState>) -> Result<&'static str, Problem> {
    state.database.ping().await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
        catalogue::not_ready()
    })?;
    Ok("ready\n")
}
