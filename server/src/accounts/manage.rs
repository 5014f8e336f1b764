//! Looking after accounts: who there is, what each may do, and taking it away.
//!
//! Every change is made in one transaction with the look at what allows it, and ends the account's sessions where it takes something away.

use dutylog_core::base::Millis;
use secrecy::SecretString;

use super::credentials::prepare;
use super::model::{self, Account, NewAccount, Role, SiteScope};
use super::{Accounts, AccountsError, Added, Token, store};

/// An account, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Whether it is barred.
    pub disabled: bool,
    /// How many sessions it has.
    pub sessions: u32,
    /// The last sign of life of any of them.
    pub seen_ms: Option<Millis>,
}

/// A change to an account.
#[derive(Debug)]
pub enum Change {
    /// Bars it and ends its sessions.
    Disable,
    /// Lets it in again.
    Enable,
    /// Ends its sessions.
    EndSessions,
    /// Gives it another role and other sites, and ends its sessions.
    Rights(Role, SiteScope),
    /// Gives it another password, and ends its sessions.
    Password(SecretString),
}

/// How a change ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is so.
    Done,
    /// There is no such account, or it is so already.
    NoSuch,
    /// Nobody would be left to administer.
    LastAdministrator,
    /// Whoever asked may not do so any more.
    NotAllowed,
}

/// By whose right an account is changed.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Whoever runs the server.
    Operator,
    /// An administrator who is signed in.
    Session(&'a Token),
}

impl Accounts {
    /// Every account, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self) -> Result<Vec<Listed>, AccountsError> {
        Ok(store::list(self.0.database.readers()).await?)
    }

    /// Changes an account.
    ///
    /// # Errors
    /// When the database fails or no password can be hashed now.
    pub async fn change(&self, by: By<'_>, name: &str, change: Change) -> Result<Changed, AccountsError> {
        let name = model::fold_name(name);
        let kept = match &change {
            Change::Password(password) => Some(self.0.hasher.keep(password.clone()).await?),
            _ => None,
        };
        let mut tx = self.0.database.write().await?;
        // Read while the only writer is held: nobody changes it meanwhile.
        if !self.may_administer(by).await? {
            return Ok(Changed::NotAllowed);
        }
        let found = store::credentials(self.0.database.readers(), &name).await?;
        let Some(found) = found else { return Ok(Changed::NoSuch) };
        let id = found.account.id;
        let done = match (&change, kept) {
            (Change::Disable, _) => store::disable(&mut tx, id, self.now_ms()).await?,
            (Change::Enable, _) => store::enable(&mut tx, id).await?,
            (Change::Rights(role, scope), _) => store::set_rights(&mut tx, id, *role, scope).await?,
            (Change::Password(_), Some(kept)) => store::set_password(&mut tx, id, &kept).await?,
            (Change::EndSessions | Change::Password(_), _) => true,
        };
        if !done {
            return Ok(Changed::NoSuch);
        }
        if matches!(by, By::Session(_)) && !store::any_administrator(&mut tx).await? {
            return Ok(Changed::LastAdministrator);
        }
        store::end_sessions_of(&mut tx, id).await?;
        tx.commit().await?;
        tracing::info!(target: "security", change = change.name(), "an account was changed");
        Ok(Changed::Done)
    }

    /// As [`Accounts::add`], by somebody who still may; none if they may not any more.
    ///
    /// # Errors
    /// When the database fails or no password can be hashed now.
    pub async fn add_by(
        &self,
        by: By<'_>,
        new: NewAccount,
        password: SecretString,
    ) -> Result<Option<Added>, AccountsError> {
        let account = match prepare(new, &password)? {
            Ok(account) => account,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let kept = self.0.hasher.keep(password).await?;
        let mut tx = self.0.database.write().await?;
        if !self.may_administer(by).await? {
            return Ok(None);
        }
        if !store::add(&mut tx, &account, &kept, self.now_ms()).await? {
            return Ok(Some(Added::NameTaken));
        }
        tx.commit().await?;
        tracing::info!(target: "security", role = account.role.code(), "an account was added");
        Ok(Some(Added::Account(account.id)))
    }

    async fn may_administer(&self, by: By<'_>) -> Result<bool, AccountsError> {
        match by {
            By::Operator => Ok(true),
            By::Session(token) => Ok(self.standing(token).await?.is_some_and(|a| a.administers())),
        }
    }
}

impl Change {
    const fn name(&self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::EndSessions => "end sessions",
            Self::Rights(..) => "rights",
            Self::Password(_) => "password",
        }
    }
}
