//! Building blocks of everything that speaks HTTP. No pages and no rules of the domain.

pub mod accept;
pub mod client_ip;
pub mod cookies;
pub mod extract;
pub mod health;
pub mod layers;
mod limits;
mod listener;
pub mod origin;
pub mod problem;
mod routes;
pub mod shown;
mod slots;

pub use limits::Limits;
pub(crate) use listener::{Listener, accept_until};
pub use problem::Problem;
pub(crate) use routes::Routes;
