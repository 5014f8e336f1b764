//! Pausing: every connection closed while the app is in the background, and whoever was signed in still signed in afterwards.

use std::path::PathBuf;

use super::error::CompanionError;
use super::person::Session;
use super::{Companion, Host};
use crate::base::ChainId;
use crate::sync::Nonce;

/// A logbook whose files are closed. It holds nothing that the disk does not, save for who is signed in.
#[derive(Debug)]
pub struct Paused {
    folder: PathBuf,
    host: Host,
    session: Option<(ChainId, Session)>,
    nonce: Option<Nonce>,
}

impl Companion {
    /// Closes every connection and gives up the ownership of the files. Nothing is sealed and nothing signed.
    #[must_use]
    pub fn pause(self) -> Paused {
        let chain = self.store.chain();
        let Self { folder, store, host, session, nonce, .. } = self;
        drop(store);
        Paused { folder, host, session: chain.zip(session), nonce }
    }
}

impl Paused {
    /// Opens the files again. Whoever was signed in still is, unless the chain they signed in on is no longer written.
    ///
    /// # Errors
    /// What [`Companion::open`] fails with, and the paused logbook for another try.
    pub fn resume(self) -> Result<Companion, (CompanionError, Box<Self>)> {
        let Self { folder, host, session, nonce } = self;
        let parts = match Companion::load(&folder, &host) {
            Ok(parts) => parts,
            Err(error) => return Err((error, Box::new(Self { folder, host, session, nonce }))),
        };
        let mut companion = Companion::of(folder, host, parts);
        companion.nonce = nonce;
        let same = |(chain, _): &(ChainId, Session)| companion.store.chain() == Some(*chain);
        companion.session = session.filter(same).map(|(_, session)| session);
        Ok(companion)
    }
}
