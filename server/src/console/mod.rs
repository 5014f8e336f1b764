//! What people see in the browser. Pages are plain structs with a template each; [`Page`] carries what all share.

mod account;
mod act;
pub mod assets;
mod chart;
mod error_page;
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

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
pub use notice::Notice;
pub use page::{Furniture, NavItem, Page, View, render};

use crate::app::AppState;

/// Forms that anybody may send are small.
const LOGIN_BODY_BYTES: usize = 4 * 1024;

/// The routes of the console's own pages.
pub(crate) fn routes() -> Router<AppState> {
    let open = Router::new()
        .route("/login", get(login::show).post(login::submit))
        .route("/setup", get(setup::show).post(setup::submit))
        .layer(DefaultBodyLimit::max(LOGIN_BODY_BYTES));
    let own = Router::new()
        .route("/", get(site::overview::show))
        .route("/logout", post(login::leave))
        .route("/account", get(account::show).post(account::change_password));
    Router::new().merge(open).merge(own).merge(site::routes()).merge(assets::routes())
}
