//! Exchange: with the server by requests the host carries, with another phone by bundles.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::CompanionError;
use super::{Companion, clock, device_key};
use crate::base::{ChainId, Reading};
use crate::log::{Absorbed, Head, Holdings};
use crate::sync::auth::{Asked, nonce_from_header};
use crate::sync::bundle;
use crate::sync::{Alarm, Step, SyncConfig, SyncSession};

/// What somebody holds: the ends of every chain.
pub type Heads = BTreeMap<ChainId, Vec<Head>>;

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
    /// The server has told whoever made the bundle another history than this phone. What people recorded is taken in all the same.
    pub alarm: Option<Alarm>,
    /// With an alarm: what the server signed for them.
    pub evidence: Option<Vec<u8>>,
}

impl Companion {
    /// Begins a conversation with the server. What is open is sealed first, so that it can go.
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn begin_sync(&mut self) -> Result<SyncSession, CompanionError> {
        self.close_tail()?;
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
        self.close_tail()?;
        let keys = Arc::clone(&self.host.keys);
        let step = session.next(&mut self.store, &*keys, &mut *self.host.entropy, now)?;
        if matches!(step, Step::Http(_)) {
            self.store.note_sent(session.flying())?;
        }
        if let Step::Done(report) = &step {
            self.nonce = report.nonce;
            self.learn(&report.certificates)?;
            self.keep_checkpoint(report.checkpoint.as_deref())?;
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

    /// What this phone holds, to be told to another so that it knows what to give.
    ///
    /// # Errors
    /// The store's.
    pub fn heads(&self) -> Result<Heads, CompanionError> {
        Ok(self.store.heads()?)
    }

    /// Segments that another place lacks, with all that proves them: bytes for a file, a cable, a share sheet or a sequence of codes.
    /// `theirs` is what [`Self::heads`] gave there; without it, everything the server has not confirmed.
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn export(&mut self, theirs: Option<&Heads>) -> Result<Vec<u8>, CompanionError> {
        self.close_tail()?;
        let segments = bundle::lacking(&self.store, theirs)?;
        let evidence = self.evidence(&segments)?;
        Ok(bundle::export(self.admitted.org, self.admitted.site, &evidence, &segments)?)
    }

    /// Takes in a bundle of this site, whole or not at all. What is open is sealed first: it was recorded without knowing this.
    ///
    /// # Errors
    /// [`CompanionError::Bundle`] says how much of it could be read; nothing was imported then.
    pub fn import(&mut self, bytes: &[u8]) -> Result<Imported, CompanionError> {
        self.close_tail()?;
        let read = bundle::import(bytes, self.admitted.site, self.store.knowledge().trust())?;
        self.learn(&read.certificates)?;
        let evidence = self.contradiction(&read)?;
        let segments: Vec<_> = read.arrivals.into_iter().map(|arrival| arrival.segment).collect();
        let chains: Vec<ChainId> = segments.iter().map(|segment| segment.header.chain).collect();
        let outcomes = self.store.take_carried(segments)?;
        let alarm = evidence.is_some().then_some(Alarm::Contradicts);
        let mut imported = Imported { alarm, evidence, ..Imported::default() };
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
