//! The first administrator. There is no default account; a one-time token, readable only by who runs the server, lets
//! somebody make the first one.

use std::net::IpAddr;

use dutylog_core::base::Millis;
use secrecy::SecretString;

use super::credentials::prepare;
use super::throttle::Key;
use super::{Accounts, AccountsError, Added, NewAccount, Token, store};
use crate::clock::HOUR;

/// How long the token is good.
pub const SETUP_TOKEN_LIFE: Millis = 24 * HOUR;

/// How making the first account ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstAccount {
    /// The token was not the one, is too old, was used, or there is an account already.
    BadToken,
    /// As for any account.
    Done(Added),
    /// Not tried; come back in some seconds.
    TooManyTries(u32),
}

impl Accounts {
    /// A new set-up token, which replaces the one before; nothing when there is an account.
    ///
    /// # Errors
    /// When the database fails or no token can be made.
    pub async fn open_setup(&self) -> Result<Option<Token>, AccountsError> {
        if self.any().await? {
            return Ok(None);
        }
        let token = Token::new()?;
        let mut tx = self.0.database.write().await?;
        store::set_setup_token(&mut tx, &token.digest(), self.now_ms() + SETUP_TOKEN_LIFE).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    /// Makes the first account and uses the token up; both or neither.
    ///
    /// # Errors
    /// When the database fails or no password can be hashed now.
    pub async fn add_first(
        &self,
        token: &Token,
        new: NewAccount,
        password: SecretString,
        address: IpAddr,
    ) -> Result<FirstAccount, AccountsError> {
        let keys = [Key::Address(address), Key::Everyone];
        if let Err(seconds) = self.0.throttle.count(self.now_ms(), &keys) {
            return Ok(FirstAccount::TooManyTries(seconds));
        }
        // Before any hashing: whoever has no token keeps nobody from signing in.
        if !store::opens_setup(self.0.database.readers(), &token.digest(), self.now_ms()).await? {
            tracing::warn!(target: "security", "a set-up token was refused");
            return Ok(FirstAccount::BadToken);
        }
        let account = match prepare(new, &password)? {
            Ok(account) => account,
            Err(refusal) => return Ok(FirstAccount::Done(refusal)),
        };
        let kept = self.0.hasher.keep(password).await?;
        let now = self.now_ms();
        let mut tx = self.0.database.write().await?;
        if !store::use_setup_token(&mut tx, &token.digest(), now).await? {
            tracing::warn!(target: "security", "a set-up token was refused");
            return Ok(FirstAccount::BadToken);
        }
        if !store::add(&mut tx, &account, &kept, now).await? {
            return Ok(FirstAccount::Done(Added::NameTaken));
        }
        tx.commit().await?;
        tracing::info!(target: "security", "the first account was added");
        Ok(FirstAccount::Done(Added::Account(account.id)))
    }
}
