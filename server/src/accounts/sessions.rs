//! Being signed in. Everything is looked up on every request, so that a role or scope taken away is gone at once.

use dutylog_core::base::{Millis, SiteId};

use super::{Account, Accounts, AccountsError, Role, Token, store};
use crate::clock::SECOND;

/// How stale the note of the last request may get before it is written again.
const TOUCH_AFTER: Millis = 15 * SECOND;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Their token.
    pub token: Token,
    /// Who they are.
    pub account: Account,
}

impl Accounts {
    /// Who a token belongs to, if its session is still good; counts as a sign of life.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, token: &Token) -> Result<Option<Session>, AccountsError> {
        let digest = token.digest();
        let Some(row) = store::session(self.0.database.readers(), &digest).await? else { return Ok(None) };
        let (now, role) = (self.now_ms(), row.account.role);
        let (rested, lasted) = (now - row.seen_ms, now - row.created_ms);
        if rested >= role.idle_ms() || lasted >= role.absolute_ms() {
            self.sign_out(token).await?;
            return Ok(None);
        }
        if rested >= TOUCH_AFTER {
            let mut tx = self.0.database.write().await?;
            store::touch_session(&mut tx, &digest, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Session { token: token.clone(), account: row.account }))
    }

    /// As [`Accounts::session`], and no sign of life.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unattended(&self, token: &Token) -> Result<Option<Session>, AccountsError> {
        let standing = self.standing(token).await?;
        Ok(standing.map(|account| Session { token: token.clone(), account }))
    }

    /// Whether a session may act for headquarters at a site, as committed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may_act(&self, token: &Token, site: SiteId) -> Result<bool, AccountsError> {
        let standing = self.standing(token).await?;
        Ok(standing.is_some_and(|account| account.role != Role::Auditor && account.scope.includes(&site)))
    }

    /// Who a session belongs to, as committed, if it is still good; takes no sign of life and writes nothing, so that it can be asked
    /// while the only writer is held.
    pub(super) async fn standing(&self, token: &Token) -> Result<Option<Account>, AccountsError> {
        let row = store::session(self.0.database.readers(), &token.digest()).await?;
        let (now, lives) = (self.now_ms(), |row: &store::SessionRow, now: Millis| {
            let role = row.account.role;
            now - row.seen_ms < role.idle_ms() && now - row.created_ms < role.absolute_ms()
        });
        Ok(row.filter(|row| lives(row, now)).map(|row| row.account))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, token: &Token) -> Result<(), AccountsError> {
        let mut tx = self.0.database.write().await?;
        store::end_session(&mut tx, &token.digest()).await?;
        Ok(tx.commit().await?)
    }
}
