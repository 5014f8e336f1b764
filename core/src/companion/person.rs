//! People on a phone: each with a PIN that opens their own key. A wrong PIN slows; nothing is ever wiped.

use zeroize::Zeroizing;

use super::enrol::PersonEnrolment;
use super::error::CompanionError;
use super::pin::{LAST_TRY, may_choose, stretch, wait_after};
use super::{Companion, Saved};
use crate::base::{DraftId, Millis, PersonId, Reading, Seq, random};
use crate::capture::{CloseSession, OpenSession};
use crate::log::{Certificate, KeyStoreError, Role};
use crate::records::chain::{SessionEnd, SignInMethod};
use crate::store::Lock;
use crate::sync::enrol::{EnrolPerson, Enrolled, code_from_text, person_proof};

/// Who is signed in.
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// The entry that opened it.
    pub seq: Seq,
    pub(super) guard: Zeroizing<Vec<u8>>,
    pub(super) certificate: Certificate,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("person", &self.person).field("seq", &self.seq).finish()
    }
}

/// A person who can sign in on this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Who.
    pub person: PersonId,
    /// Wrong PINs in a row.
    pub tries: u32,
    /// How long to wait before the next try, in milliseconds.
    pub wait: i64,
    /// No further try is taken: the person has to be enrolled on this phone again.
    pub locked: bool,
}

/// How long a person still has to wait. It is the monotonic clock that counts, which nobody can set: after a reboot, when it begins anew,
/// the wait does too.
fn remaining(lock: &Lock, now: Reading) -> Millis {
    lock.until.saturating_sub(now.mono).clamp(0, wait_after(lock.tries))
}

pub(super) fn person_key(person: PersonId) -> String {
    format!("person/{person}")
}

impl Companion {
    /// Begins a person's first sign-in on this phone, which needs the network once: their code, and the PIN they choose.
    ///
    /// # Errors
    /// [`CompanionError::WeakPin`], [`CompanionError::NotAnInvitation`] for a mistyped code, or the key store's.
    pub fn enrol_person(
        &mut self,
        person: PersonId,
        code: &str,
        pin: &str,
    ) -> Result<PersonEnrolment, CompanionError> {
        if !may_choose(pin) {
            return Err(CompanionError::WeakPin);
        }
        let code = code_from_text(code)?;
        let salt = random(&mut *self.host.entropy);
        let guard = stretch(pin, &salt, self.host.pin_cost).ok_or(CompanionError::WeakPin)?;
        let name = person_key(person);
        let key = self.host.keys.create(&name, Some(&guard))?;
        let proof = person_proof(person, &code, self.admitted.device, &key);
        let proof = self.host.keys.sign(&name, Some(&guard), &proof.0)?;
        let body = EnrolPerson { person, code, key, proof }.to_bytes();
        Ok(PersonEnrolment { person, salt, body })
    }

    /// Takes the server's answer; the person can sign in from now on, with or without network.
    ///
    /// # Errors
    /// [`CompanionError::NotHeadquarters`] for an answer that proves nothing.
    pub fn person_enrolled(&mut self, asked: &PersonEnrolment, body: &[u8]) -> Result<(), CompanionError> {
        let answer = Enrolled::from_bytes(body).map_err(|_| CompanionError::NotHeadquarters)?;
        let mut trust = self.store.knowledge().trust().clone();
        let mut newest = None;
        for bytes in &answer.certificates {
            newest = Some(trust.add(bytes).map_err(|_| CompanionError::NotHeadquarters)?.clone());
        }
        let claims = newest.ok_or(CompanionError::NotHeadquarters)?.claims;
        let theirs = claims.role == Role::Person
            && claims.subject == asked.person.0
            && claims.holder == Some(self.admitted.device.0);
        if !theirs {
            return Err(CompanionError::NotHeadquarters);
        }
        self.learn(&answer.certificates)?;
        Ok(self.store.set_lock(asked.person, &Lock { salt: asked.salt, tries: 0, until: 0 })?)
    }

    /// Who can sign in on this phone.
    ///
    /// # Errors
    /// The store's.
    pub fn people(&self, now: Reading) -> Result<Vec<SignIn>, CompanionError> {
        let mut people = Vec::new();
        for person in self.store.people()? {
            if let Some(lock) = self.store.lock(person)? {
                let (tries, wait) = (lock.tries, remaining(&lock, now));
                people.push(SignIn { person, tries, wait, locked: tries >= LAST_TRY });
            }
        }
        Ok(people)
    }

    /// Signs a person in by PIN. Whoever was signed in is signed out first.
    ///
    /// # Errors
    /// [`CompanionError::WrongPin`] with how long to wait, or that no further try is taken before the person has been enrolled on this
    /// phone again; others and all records are unaffected.
    pub fn sign_in(&mut self, person: PersonId, pin: &str, now: Reading) -> Result<Saved, CompanionError> {
        let guard = self.unlock(person, pin, now)?;
        let certificate = self.person_certificate(person)?;
        if self.session.is_some() {
            self.sign_out(SessionEnd::Switched, now)?;
        }
        // What the clocks did before the session is nobody's doing in it.
        self.observe(now)?;
        let seq = self.store.newest() + 1;
        self.session = Some(Session { person, seq, guard, certificate });
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
            self.record_again()?;
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

    /// Opens a person's key: the right PIN gives the guard, a wrong one costs time.
    fn unlock(
        &mut self,
        person: PersonId,
        pin: &str,
        now: Reading,
    ) -> Result<Zeroizing<Vec<u8>>, CompanionError> {
        let lock = self.store.lock(person)?.ok_or(CompanionError::UnknownPerson)?;
        let (wait, locked) = (remaining(&lock, now), lock.tries >= LAST_TRY);
        if wait > 0 || locked {
            self.wait_from(person, &lock, now, wait)?;
            return Err(CompanionError::WrongPin { wait, locked });
        }
        let guard = stretch(pin, &lock.salt, self.host.pin_cost).ok_or(CompanionError::WeakPin)?;
        // Counted before it is known to be wrong: who ends the app in between has tried too.
        let tries = lock.tries.saturating_add(1);
        let wait = wait_after(tries);
        self.store.set_lock(person, &Lock { tries, until: now.mono.saturating_add(wait), ..lock })?;
        let opened = self.host.keys.sign(&person_key(person), Some(&guard), b"dutylog/unlock/v1");
        match opened {
            Ok(_) => {
                self.store.set_lock(person, &Lock { tries: 0, until: 0, ..lock })?;
                Ok(guard)
            }
            Err(KeyStoreError::WrongGuard) => {
                Err(CompanionError::WrongPin { wait, locked: tries >= LAST_TRY })
            }
            Err(error) => {
                self.store.set_lock(person, &lock)?;
                Err(error.into())
            }
        }
    }

    /// Lets a wait that was begun before a reboot count from now.
    fn wait_from(
        &mut self,
        person: PersonId,
        lock: &Lock,
        now: Reading,
        wait: Millis,
    ) -> Result<(), CompanionError> {
        let until = now.mono.saturating_add(wait);
        if until < lock.until {
            self.store.set_lock(person, &Lock { until, ..*lock })?;
        }
        Ok(())
    }

    /// The newest certificate for a person's key on this phone.
    fn person_certificate(&self, person: PersonId) -> Result<Certificate, CompanionError> {
        let here = |c: &&Certificate| {
            c.claims.role == Role::Person
                && c.claims.subject == person.0
                && c.claims.holder == Some(self.admitted.device.0)
        };
        let newest =
            self.store.knowledge().trust().certificates().filter(here).max_by_key(|c| c.claims.issued);
        newest.cloned().ok_or(CompanionError::UnknownPerson)
    }
}
