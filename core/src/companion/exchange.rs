//! Exchange: with the server by requests the host carries, with another phone by bundles.

use std::sync::Arc;

use super::error::CompanionError;
use super::{Companion, clock, device_key};
use crate::base::{ChainId, Reading};
use crate::log::{Absorbed, Arrival, Holdings, Trust};
use crate::store::StoreError;
use crate::sync::auth::{Asked, nonce_from_header};
use crate::sync::{
    Bundle, HttpRequest, Nonce, Step, SyncConfig, SyncError, SyncSession, export_bundle,
};

/// What came of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Segments that were new.
    pub stored: usize,
    /// Segments that were held already.
    pub held: usize,
    /// Segments that wait for what comes before them.
    pub pending: usize,
    /// Chains of which two different entries with one number are held now.
    pub forked: Vec<ChainId>,
}

impl Companion {
    /// Begins a conversation with the server. What is open is sealed first, so that it can go.
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn begin_sync(&mut self) -> Result<SyncSession, CompanionError> {
        if self.store.chain().is_some() {
            self.seal()?;
        }
        Ok(SyncSession::new(SyncConfig {
            org: self.admitted.org,
            site: self.admitted.site,
            origin: self.admitted.origin.clone(),
            key_name: device_key(self.admitted.device),
            key: self.device.id(),
            trust: self.store.knowledge().trust().clone(),
            nonce: self.nonce,
        }))
    }

    /// The next step of a conversation. All that must survive is on the disk when this returns.
    ///
    /// # Errors
    /// [`CompanionError`]; the conversation can be asked again.
    pub fn sync_step(&mut self, session: &mut SyncSession, now: Reading) -> Result<Step, CompanionError> {
        if self.store.open_entries() > 0 {
            self.seal()?;
        }
        let keys = Arc::clone(&self.host.keys);
        let step = session.next(&mut self.store, &*keys, &mut *self.host.entropy, now)?;
        if let Step::Done(report) = &step {
            self.nonce = report.nonce;
            self.learn(&report.certificates)?;
            if let Some(sample) = report.sample {
                self.clock.compared(sample);
                clock::save(&mut self.store, &self.clock)?;
            }
        }
        Ok(step)
    }

    /// Signs any other request of this phone, such as a person's enrolment. The nonce comes from the server's last answer; without one the
    /// server refuses once and gives it.
    ///
    /// # Errors
    /// The key store's.
    pub fn sign_request(&self, method: &str, path: &str, body: &[u8]) -> Result<String, CompanionError> {
        let asked = Asked { method, path, site: self.admitted.site, body, origin: &self.admitted.origin };
        let name = device_key(self.admitted.device);
        let nonce = self.nonce.unwrap_or_default();
        Ok(asked.sign(self.device.id(), nonce, |message| self.host.keys.sign(&name, None, message))?)
    }

    /// Takes the nonce of an answer, from its `dutylog-nonce` header.
    pub fn heard_nonce(&mut self, header: &str) {
        self.nonce = nonce_from_header(header).or(self.nonce);
    }

    /// Everything another phone, or the server's drop-box, may lack: as bytes for a file, a cable, a share sheet or a sequence of codes.
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn export(&mut self, what: Export) -> Result<Vec<u8>, CompanionError> {
        if self.store.chain().is_some() {
            self.seal()?;
        }
        let trust = self.store.knowledge().trust();
        Ok(export_bundle(&self.store, trust, self.admitted.site, what)?)
    }

    /// Takes in a bundle of this site, whole or not at all. What is open is sealed first: it was recorded without knowing this.
    ///
    /// # Errors
    /// [`CompanionError::Bundle`] says how much of it could be read; nothing was imported then.
    pub fn import(&mut self, bytes: &[u8]) -> Result<Imported, CompanionError> {
        if self.store.chain().is_some() {
            self.seal()?;
        }
        let mut trust: Trust = self.store.knowledge().trust().clone();
        let bundle = Bundle::read(bytes, &mut trust, self.admitted.site)?;
        let certificates: Vec<Vec<u8>> = trust.certificates().map(|c| c.bytes.clone()).collect();
        self.learn(&certificates)?;
        let chains: Vec<ChainId> = bundle.arrivals.iter().map(|a: &Arrival| a.segment.header.chain).collect();
        let outcomes = self.store.absorb(bundle.arrivals, None)?;
        let mut imported = Imported::default();
        for (chain, outcome) in chains.into_iter().zip(outcomes) {
            match outcome {
                Absorbed::Stored => imported.stored += 1,
                Absorbed::Held => imported.held += 1,
                Absorbed::Pending { .. } | Absorbed::SetAside => imported.pending += 1,
                Absorbed::Forked { .. } => imported.forked.push(chain),
            }
        }
        Ok(imported)
    }
}
