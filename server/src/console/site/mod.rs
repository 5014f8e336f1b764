//! Pages of one site.

pub(super) mod conflicts;
mod door;
mod entry;
pub(super) mod events;
mod frame;
mod lines;
pub(super) mod log;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod phones;
pub(super) mod proof;

pub(super) use door::{OpenSite, site_name, words};
pub(super) use frame::{SiteFrame, Tab, address};

use axum::routing::get;

use super::{act, forks, handovers, incidents, rounds};
use crate::http::Routes;

/// The pages of one site.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/sites/{site}", get(log::show))
        .route("/sites/{site}/events", get(events::listen))
        .route("/sites/{site}/conflicts", get(conflicts::show))
        .route("/sites/{site}/people", get(people::show))
        .route("/sites/{site}/phones", get(phones::show))
        .route("/sites/{site}/entries/{chain}/{seq}/{mark}", get(proof::show))
        .route("/sites/{site}/entries/{chain}/{seq}/{mark}/proof", get(proof::download))
        .route("/sites/{site}/rounds", get(rounds::list::show))
        .route("/sites/{site}/rounds/{record}", get(rounds::show::show).post(act::submit))
        .route("/sites/{site}/incidents", get(incidents::list::show))
        .route("/sites/{site}/incidents/{record}", get(incidents::show::show).post(act::submit))
        .route("/sites/{site}/handovers", get(handovers::list::show))
        .route("/sites/{site}/handovers/{record}", get(handovers::show::show).post(act::submit))
        .merge(forks::routes())
}
