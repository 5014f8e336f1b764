//! Who may use the console: accounts, passwords, sessions.
//!
//! An account is not a person of a site. It names the person it acts as; what that person may do at a site is decided by
//! the site's log. Here is decided who somebody is, which role they have in the console and which sites they see.
//!
//! An expected refusal (wrong password, too many tries) is a value; errors mean that no answer could be given.

mod common;
mod credentials;
mod manage;
mod model;
mod password;
mod sessions;
mod setup;
mod store;
mod throttle;
mod token;

use std::sync::Arc;

pub use credentials::{Added, Attempt, PasswordChange, SignIn};
pub use manage::{By, Change, Changed, Listed};
pub use model::{Account, AccountId, NewAccount, Role, SiteScope};
pub use password::{MIN_PASSWORD_CHARS, PasswordError, Weak};
pub use sessions::Session;
pub use setup::{FirstAccount, SETUP_TOKEN_LIFE};
pub use token::Token;

use crate::clock::Clock;
use crate::database::Database;
use crate::entropy::EntropyError;

/// Why no answer can be given.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The database failed.
    #[error("accounts: {0}")]
    Database(#[from] sqlx::Error),
    /// No secret can be made.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A password cannot be hashed now.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Accounts and their sessions; cheap to clone.
#[derive(Debug, Clone)]
pub struct Accounts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    clock: Arc<dyn Clock>,
    hasher: password::Hasher,
    throttle: throttle::Throttle,
}

impl Accounts {
    /// Over a database, with the server's clock.
    #[must_use]
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        let (hasher, throttle) = (password::Hasher::default(), throttle::Throttle::default());
        Self(Arc::new(Inner { database, clock, hasher, throttle }))
    }

    fn now_ms(&self) -> dutylog_core::base::Millis {
        self.0.clock.now_ms()
    }
}
