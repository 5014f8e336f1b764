//! The API for phones: enrolment, sync, and what belongs to them. Versioned under `/v1`.
//!
//! Bodies are canonical CBOR as `dutylog-core` defines it; refusals are problem documents whose code is also in a header,
//! so that a phone needs no JSON. Who asks is proven by a signature over the whole request, see `device`.

mod body;
mod budget;
mod device;
mod dropbox;
mod enrol;
mod openapi;
mod parts;
mod problems;
mod refused;
mod snapshot;
mod sync;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::http::Routes;

pub use openapi::document as openapi;
pub use parts::Api;
pub use snapshot::Snapshots;

/// Bytes of a push as sent.
const PUSH_BYTES: usize = 256 * 1024;
/// Bytes of a bundle that is dropped off.
const DROP_BYTES: usize = 5 * 1024 * 1024;
/// Bytes of an enrolment.
const ENROL_BYTES: usize = 4 * 1024;

/// Every route of the API.
pub(crate) fn routes() -> Routes {
    let sync = post(sync::exchange).layer(DefaultBodyLimit::max(PUSH_BYTES));
    let enrol = post(enrol::device).layer(DefaultBodyLimit::max(ENROL_BYTES));
    let person = post(enrol::person).layer(DefaultBodyLimit::max(ENROL_BYTES));
    let drop_off = post(dropbox::drop_off).layer(DefaultBodyLimit::max(DROP_BYTES));
    Routes::new()
        .route("/v1/dropbox/{site}", drop_off)
        .route("/v1/openapi.json", get(openapi::show))
        .route("/v1/sites/{site}/people", person)
        .route("/v1/sites/{site}/snapshot", get(snapshot::show))
        .route("/v1/sites/{site}/sync", sync)
        .route("/v1/enrol", enrol)
}
