//! Who is signed in on a phone.

use zeroize::Zeroizing;

use super::error::CompanionError;
use super::unlock::Unlocked;
use super::{Companion, Saved};
use crate::base::{DraftId, PersonId, Reading, Seq, random};
use crate::capture::{CloseSession, OpenSession};
use crate::log::Certificate;
use crate::records::chain::{SessionEnd, SignInMethod};

/// Who is signed in.
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// The entry that opened it.
    pub seq: Seq,
    pub(super) key: String,
    pub(super) guard: Zeroizing<Vec<u8>>,
    pub(super) certificate: Certificate,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("person", &self.person).field("seq", &self.seq).finish()
    }
}

impl Companion {
    /// Signs a person in by PIN. Whoever was signed in is signed out first.
    ///
    /// # Errors
    /// [`CompanionError::WrongPin`] with how long to wait, or that no further try is taken before the person has been enrolled on this
    /// phone again; others and all records are unaffected.
    pub fn sign_in(&mut self, person: PersonId, pin: &str, now: Reading) -> Result<Saved, CompanionError> {
        let Unlocked { key, guard, certificate } = self.unlock(person, pin, now)?;
        if self.session.is_some() {
            self.sign_out(SessionEnd::Switched, now)?;
        }
        // What the clocks did before the session is nobody's doing in it.
        self.observe(now)?;
        let seq = self.store.newest() + 1;
        self.session = Some(Session { person, seq, key, guard, certificate });
        let draft = DraftId(random(&mut *self.host.entropy));
        let opened = self.act(draft, OpenSession { method: SignInMethod::Pin }, now);
        match &opened {
            Ok(saved) => {
                if let Some(session) = &mut self.session {
                    session.seq = saved.by.seq;
                }
            }
            Err(_) => self.session = None,
        }
        if opened.is_ok() {
            // Signed in is signed in. What could not be recorded again stays among what is stranded, and is tried with the next sign-in.
            drop(self.record_again());
        }
        opened
    }

    /// Signs out. Drafts stay, for their author only.
    ///
    /// # Errors
    /// The store's; the session is over all the same.
    pub fn sign_out(&mut self, reason: SessionEnd, now: Reading) -> Result<(), CompanionError> {
        if self.session.is_none() {
            return Ok(());
        }
        let draft = DraftId(random(&mut *self.host.entropy));
        let closed = self.act(draft, CloseSession { reason }, now);
        self.session = None;
        closed.map(drop)
    }

    /// Who is signed in.
    #[must_use]
    pub fn signed_in(&self) -> Option<PersonId> {
        self.session.as_ref().map(|session| session.person)
    }
}
