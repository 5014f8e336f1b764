//! What people see in the browser. Pages are plain structs with a template each; [`Page`] carries what all share.

mod account;
mod accounts;
mod act;
pub mod assets;
mod chart;
mod download;
mod error_page;
mod forks;
mod handovers;
mod incidents;
mod login;
mod next;
mod notice;
mod page;
mod parts;
mod remarks;
mod rounds;
mod saying;
mod setup;
mod site;
mod words;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
pub use notice::Notice;
pub use page::{Furniture, NavItem, Page, View, render};

use crate::http::Routes;

/// Forms that anybody may send are small.
const LOGIN_BODY_BYTES: usize = 4 * 1024;

/// The routes of the console's own pages.
pub(crate) fn routes() -> Routes {
    let small = || DefaultBodyLimit::max(LOGIN_BODY_BYTES);
    Routes::new()
        .route("/login", get(login::show).post(login::submit).layer(small()))
        .route("/setup", get(setup::show).post(setup::submit).layer(small()))
        .route("/", get(site::overview::show))
        .route("/events", get(site::events::listen_to_all))
        .route("/logout", post(login::leave))
        .route("/account", get(account::show).post(account::change_password))
        .route("/accounts", get(accounts::show).post(accounts::submit))
        .merge(site::routes())
        .merge(assets::routes())
}
