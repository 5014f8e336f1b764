//! A person's first sign-in on a phone: a key of their own, under a PIN that they choose.

use super::Companion;
use super::enrol::version;
use super::error::CompanionError;
use super::pin::{may_choose, stretch};
use super::unlock::person_key;
use crate::base::{PersonId, SiteId, random};
use crate::log::{CodecError, Reader, Role, Writer};
use crate::store::Lock;
use crate::sync::enrol::{EnrolPerson, Enrolled, code_from_text, person_proof};

/// A person's enrolment on this phone that waits for the server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonEnrolment {
    person: PersonId,
    salt: [u8; 16],
    /// What to send, signed as any request of this phone, to [`Self::path`].
    pub body: Vec<u8>,
}

impl PersonEnrolment {
    /// All of it, to be kept until the server's answer is in, as [`Enrolment::to_bytes`](super::Enrolment::to_bytes).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(4).uint(1).bytes(&self.person.0).bytes(&self.salt).bytes(&self.body);
        w.finish()
    }

    /// Goes on with an enrolment that was kept.
    ///
    /// # Errors
    /// [`CompanionError::BadEnrolment`] if these are not the bytes of one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CompanionError> {
        Self::read(bytes).map_err(|_| CompanionError::BadEnrolment)
    }

    fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.at_least(4)?;
        version(&mut r)?;
        Ok(Self { person: PersonId(r.fixed()?), salt: r.fixed()?, body: r.bytes()?.to_vec() })
    }

    /// Where the request goes.
    #[must_use]
    pub fn path(site: SiteId) -> String {
        format!("/v1/sites/{site}/people")
    }
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
        let name = person_key(person, &salt);
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
        let before = self.store.lock(asked.person)?;
        self.store.set_lock(asked.person, &Lock { salt: asked.salt, tries: 0, until: 0 })?;
        match before {
            Some(before) if before.salt != asked.salt => self.retire(asked.person, &before),
            _ => Ok(()),
        }
    }

    /// Forgets a key that another has taken the place of. A session that it opened is over: what is signed with it would name the new certificate.
    fn retire(&mut self, person: PersonId, before: &Lock) -> Result<(), CompanionError> {
        let name = person_key(person, &before.salt);
        if self.session.as_ref().is_some_and(|session| session.key == name) {
            self.session = None;
        }
        Ok(self.host.keys.delete(&name)?)
    }
}
