//! What handlers take from requests.

mod client;
mod form;
mod session;

pub use client::{Browser, ClientIp};
pub use form::Form;
pub use session::{Administrator, Barred, Reviewer, SignedIn, Visitor};
