//! Forks: a chain that contradicts itself, what each branch holds, what headquarters found, and the proof to take away.

mod detail;
mod review;
mod show;

use axum::routing::get;

use crate::http::Routes;

/// The pages of forks.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/sites/{site}/forks/{chain}", get(show::show).post(review::submit))
        .route("/sites/{site}/forks/{chain}/proof", get(show::proof))
}
