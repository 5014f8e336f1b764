//! Proving who one is, and changing what proves it.

use std::net::IpAddr;

use dutylog_core::base::Digest;
use secrecy::SecretString;

use super::model::{self, Account, AccountId, NewAccount, Role};
use super::password::{self, Weak};
use super::store::Credentials;
use super::throttle::Key;
use super::{Accounts, AccountsError, By, Session, Token, store};
use crate::clock::HOUR;
use crate::entropy::random;

/// Somebody wants to sign in.
#[derive(Debug)]
pub struct Attempt {
    /// The name as typed.
    pub name: String,
    /// The password as typed.
    pub password: SecretString,
    /// The address it comes from.
    pub address: IpAddr,
    /// What tells the browser from others.
    pub browser: Digest,
    /// The session it had, which ends when a new one begins.
    pub previous: Option<Token>,
}

/// How an attempt ends.
#[derive(Debug)]
pub enum SignIn {
    /// It is them; a new session.
    In(Session),
    /// Wrong name, wrong password or disabled account: never said which.
    Refused,
    /// Not tried; come back in some seconds.
    TooManyTries(u32),
}

/// How adding an account ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is there.
    Account(AccountId),
    /// The name is empty, too long, or has characters that names do not have.
    BadName,
    /// Another account has the name.
    NameTaken,
    /// The password is not good enough.
    Weak(Weak),
}

/// How changing one's password ends.
#[derive(Debug)]
pub enum PasswordChange {
    /// It is changed, every session has ended, and this is a new one.
    Changed(Session),
    /// The current password is not that.
    WrongCurrent,
    /// The new one is not good enough.
    Weak(Weak),
    /// Not tried; come back in some seconds.
    TooManyTries(u32),
}

impl Accounts {
    /// Whether there is any account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn any(&self) -> Result<bool, AccountsError> {
        Ok(store::any_account(self.0.database.readers()).await?)
    }

    /// Adds an account.
    ///
    /// # Errors
    /// When the database fails or no password can be hashed now.
    pub async fn add(&self, new: NewAccount, password: SecretString) -> Result<Added, AccountsError> {
        let added = self.add_by(By::Operator, new, password).await?;
        // Whoever runs the server may.
        Ok(added.unwrap_or(Added::BadName))
    }

    /// Tries to sign in. Takes the same time whether or not there is such an account.
    ///
    /// # Errors
    /// When the database fails or too many passwords are being checked.
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignIn, AccountsError> {
        let name = model::fold_name(&attempt.name);
        let by_name = self.key(&name, attempt.browser).await?;
        let keys = [by_name.clone(), Key::Address(attempt.address), Key::Everyone];
        if let Err(seconds) = self.0.throttle.count(self.now_ms(), &keys) {
            tracing::warn!(target: "security", "too many tries to sign in");
            return Ok(SignIn::TooManyTries(seconds));
        }
        let found = store::credentials(self.0.database.readers(), &name).await?;
        let kept = found.as_ref().map(|found| found.kept.clone());
        let matches = self.0.hasher.matches(attempt.password, kept).await?;
        let Some(found) = found.filter(|found| matches && !found.disabled) else {
            tracing::warn!(target: "security", "a try to sign in was refused");
            return Ok(SignIn::Refused);
        };
        self.0.throttle.forgive(&by_name);
        let Some(token) = self.begin_session(&found, attempt.previous, &attempt.browser).await? else {
            tracing::warn!(target: "security", "an account was changed while somebody signed in");
            return Ok(SignIn::Refused);
        };
        tracing::info!(target: "security", role = found.account.role.code(), "signed in");
        Ok(SignIn::In(Session { token, account: found.account }))
    }

    /// Changes an account's password and ends all its sessions, also those of other browsers.
    ///
    /// # Errors
    /// When the database fails or too many passwords are being checked.
    pub async fn change_password(
        &self,
        session: &Session,
        current: SecretString,
        new: SecretString,
    ) -> Result<PasswordChange, AccountsError> {
        let Session { token: old, account } = session;
        let name = account.name.clone();
        // Counted by session: a stranger who guesses at the name keeps nobody from changing it.
        let key = Key::Browser(name.clone(), old.digest());
        if let Err(seconds) = self.0.throttle.count(self.now_ms(), &[key]) {
            return Ok(PasswordChange::TooManyTries(seconds));
        }
        if let Err(weak) = password::check(&new, &name) {
            return Ok(PasswordChange::Weak(weak));
        }
        let found = store::credentials(self.0.database.readers(), &name).await?;
        let checked = found.filter(|found| !found.disabled).map(|found| found.kept);
        if !self.0.hasher.matches(current, checked.clone()).await? {
            return Ok(PasswordChange::WrongCurrent);
        }
        let Some(checked) = checked else { return Ok(PasswordChange::WrongCurrent) };
        let kept = self.0.hasher.keep(new).await?;
        let token = Token::new()?;
        let mut tx = self.0.database.write().await?;
        // Hashing took its time: somebody may have reset the password or ended the session meanwhile.
        let still = store::still_opens(&mut tx, account.id, &checked).await?;
        if !still
            || self.standing(old).await?.is_none()
            || !store::set_password(&mut tx, account.id, &kept).await?
        {
            return Ok(PasswordChange::WrongCurrent);
        }
        store::end_sessions_of(&mut tx, account.id).await?;
        store::add_session(&mut tx, &token.digest(), account.id, self.now_ms()).await?;
        tx.commit().await?;
        tracing::info!(target: "security", "a password was changed");
        Ok(PasswordChange::Changed(Session { token, account: account.clone() }))
    }

    /// Gives an account a new password on somebody else's word, and ends its sessions; `false` when there is no such
    /// account in use.
    ///
    /// # Errors
    /// When the database fails or too many passwords are being checked.
    pub async fn reset_password(&self, name: &str, new: SecretString) -> Result<bool, AccountsError> {
        let found = store::credentials(self.0.database.readers(), &model::fold_name(name)).await?;
        let Some(found) = found else { return Ok(false) };
        let kept = self.0.hasher.keep(new).await?;
        let mut tx = self.0.database.write().await?;
        let changed = store::set_password(&mut tx, found.account.id, &kept).await?;
        store::end_sessions_of(&mut tx, found.account.id).await?;
        tx.commit().await?;
        tracing::info!(target: "security", "a password was reset");
        Ok(changed)
    }

    /// Bars an account and ends its sessions; `false` when there is no such account in use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disable(&self, name: &str) -> Result<bool, AccountsError> {
        let found = store::credentials(self.0.database.readers(), &model::fold_name(name)).await?;
        let Some(found) = found else { return Ok(false) };
        let mut tx = self.0.database.write().await?;
        let disabled = store::disable(&mut tx, found.account.id, self.now_ms()).await?;
        store::end_sessions_of(&mut tx, found.account.id).await?;
        tx.commit().await?;
        tracing::info!(target: "security", "an account was disabled");
        Ok(disabled)
    }

    async fn key(&self, name: &str, browser: Digest) -> Result<Key, AccountsError> {
        let known = store::knows_browser(self.0.database.readers(), &browser, name).await?;
        Ok(if known { Key::Browser(name.to_owned(), browser) } else { Key::Name(name.to_owned()) })
    }

    async fn begin_session(
        &self,
        found: &Credentials,
        previous: Option<Token>,
        browser: &Digest,
    ) -> Result<Option<Token>, AccountsError> {
        let (token, now, account) = (Token::new()?, self.now_ms(), &found.account);
        let mut tx = self.0.database.write().await?;
        // Checking took its time: somebody may have reset the password or barred the account meanwhile.
        if !store::still_opens(&mut tx, account.id, &found.kept).await? {
            return Ok(None);
        }
        if let Some(previous) = previous {
            store::end_session(&mut tx, &previous.digest()).await?;
        }
        store::end_sessions_begun_before(&mut tx, now - LONGEST_SESSION).await?;
        store::add_session(&mut tx, &token.digest(), account.id, now).await?;
        store::forget_browsers_before(&mut tx, now - BROWSER_KNOWN).await?;
        store::know_browser(&mut tx, browser, account.id, now).await?;
        tx.commit().await?;
        Ok(Some(token))
    }
}

/// How long a browser stays known after its last sign-in.
const BROWSER_KNOWN: i64 = 365 * 24 * HOUR;
const LONGEST_SESSION: i64 = 12 * HOUR;
const _: () =
    assert!(Role::Hq.absolute_ms() <= LONGEST_SESSION && Role::Admin.absolute_ms() <= LONGEST_SESSION);

/// Checks what was typed and gives the account its identifier.
pub(super) fn prepare(
    new: NewAccount,
    password: &SecretString,
) -> Result<Result<Account, Added>, AccountsError> {
    let name = model::fold_name(&new.name);
    let display_name = new.display_name.trim();
    if !model::is_name(&name) || !model::is_display_name(display_name) {
        return Ok(Err(Added::BadName));
    }
    if let Err(weak) = password::check(password, &name) {
        return Ok(Err(Added::Weak(weak)));
    }
    let display_name = if display_name.is_empty() { name.clone() } else { display_name.to_owned() };
    let id = AccountId(random()?);
    Ok(Ok(Account { id, name, display_name, role: new.role, person: new.person, scope: new.scope }))
}
