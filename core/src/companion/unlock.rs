//! What a PIN opens: a person's own key. A wrong PIN slows; nothing is ever wiped.

use zeroize::Zeroizing;

use super::Companion;
use super::error::CompanionError;
use super::pin::{LAST_TRY, stretch, wait_after};
use crate::base::{Millis, PersonId, Reading};
use crate::log::{Certificate, KeyStoreError, Role, Signature};
use crate::store::Lock;

/// What is signed to learn whether a PIN opens a key, and which key it is.
const OPENED: &[u8] = b"dutylog/unlock/v1";

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

/// A person's key, opened.
pub(super) struct Unlocked {
    /// Its name in the key store.
    pub(super) key: String,
    /// What opens it.
    pub(super) guard: Zeroizing<Vec<u8>>,
    /// Whose it is, in headquarters' words.
    pub(super) certificate: Certificate,
}

/// How long a person still has to wait. It is the monotonic clock that counts, which nobody can set: after a reboot, when it begins anew,
/// the wait does too.
fn remaining(lock: &Lock, now: Reading) -> Millis {
    lock.until.saturating_sub(now.mono).clamp(0, wait_after(lock.tries))
}

/// The name of a person's key. It follows from the salt of the lock that opens it: a new enrolment makes a key beside the one in use, and
/// takes its place when the server has answered, not before.
pub(super) fn person_key(person: PersonId, salt: &[u8; 16]) -> String {
    let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("person/{person}/{salt}")
}

impl Companion {
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

    /// Opens a person's key: the right PIN gives all that is needed to sign with it, a wrong one costs time.
    pub(super) fn unlock(
        &mut self,
        person: PersonId,
        pin: &str,
        now: Reading,
    ) -> Result<Unlocked, CompanionError> {
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
        let key = person_key(person, &lock.salt);
        match self.host.keys.sign(&key, Some(&guard), OPENED) {
            Ok(signature) => {
                self.store.set_lock(person, &Lock { tries: 0, until: 0, ..lock })?;
                let certificate = self.certificate_of(person, &signature)?;
                Ok(Unlocked { key, guard, certificate })
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

    /// The newest certificate of a person's on this phone for the key that made a signature. Headquarters may have certified another since,
    /// whose answer never came.
    fn certificate_of(&self, person: PersonId, signature: &Signature) -> Result<Certificate, CompanionError> {
        let theirs = |c: &&Certificate| {
            c.claims.role == Role::Person
                && c.claims.subject == person.0
                && c.claims.holder == Some(self.admitted.device.0)
                && c.claims.key.verify(OPENED, signature).is_ok()
        };
        let all = self.store.knowledge().trust().certificates();
        let newest = all.filter(theirs).max_by_key(|c| c.claims.issued);
        newest.cloned().ok_or(CompanionError::UnknownPerson)
    }
}
