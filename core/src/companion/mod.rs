//! The core as a phone sees it: one object for one site's database, with a method for each thing a person does.
//!
//! It wires the stages in order (capture → commit → store → sync) and holds what lives only while the app runs: who is signed
//! in, and what the clocks said. Everything else is in the [`Store`]. All methods are synchronous; times and randomness come from the host.

mod act;
mod addendum;
mod again;
mod answer;
mod claim;
mod clock;
mod conflicts;
mod drafts;
mod enrol;
mod enrol_person;
mod error;
mod exchange;
mod handover;
mod heads;
mod pause;
mod person;
pub mod pin;
mod planned;
mod roots;
#[cfg(test)]
mod tests;
mod told;
mod unlock;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use act::Saved;
pub use addendum::Addendum;
pub use again::{Stranded, WayBack};
pub use claim::Unclaimed;
pub use conflicts::{Conflict, Contender};
pub use drafts::Draft;
pub use enrol::{Admitted, Enrolment};
pub use enrol_person::PersonEnrolment;
pub use error::CompanionError;
pub use exchange::{Heads, Imported};
pub use heads::{heads_from_text, heads_to_text};
pub use pause::Paused;
pub use person::Session;
use pin::PinCost;
pub use told::Told;
pub use unlock::SignIn;

use crate::base::{ChainId, DeviceId, Entropy, Reading, random};
use crate::commit::ClockWatch;
use crate::locales::Locale;
use crate::log::{Certificate, KeyStore};
use crate::store::{Config, Durability, Identity, Store};
use crate::sync::Nonce;

/// What the phone's platform lends.
pub struct Host {
    /// Keys that never leave it.
    pub keys: Arc<dyn KeyStore>,
    /// Randomness.
    pub entropy: Box<dyn Entropy>,
    /// The language of texts that people sign, and of sentences.
    pub locale: Locale,
    /// How much work a PIN is.
    pub pin_cost: PinCost,
    /// How much a commit waits for the disk.
    pub durability: Durability,
    /// Bytes kept in reserve for a full disk.
    pub ballast: u64,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("locale", &self.locale).field("durability", &self.durability).finish()
    }
}

/// One site's logbook on one phone.
#[derive(Debug)]
pub struct Companion {
    folder: PathBuf,
    admitted: Admitted,
    device: Certificate,
    store: Store,
    host: Host,
    clock: ClockWatch,
    session: Option<Session>,
    nonce: Option<Nonce>,
}

/// What a folder holds, opened.
struct Parts {
    admitted: Admitted,
    device: Certificate,
    store: Store,
    clock: ClockWatch,
}

impl Companion {
    /// Makes the logbook of a phone that has just been enrolled, and starts its first chain.
    ///
    /// # Errors
    /// [`CompanionError`]; nothing usable is left behind then, and it can be tried again.
    pub fn create(folder: &Path, admitted: &Admitted, host: Host) -> Result<Self, CompanionError> {
        admitted.save(folder)?;
        let mut companion = Self::open(folder, host)?;
        companion.start_chain()?;
        Ok(companion)
    }

    /// Opens the logbook of a phone that was enrolled before.
    ///
    /// # Errors
    /// [`CompanionError`]; the data is as it was.
    pub fn open(folder: &Path, host: Host) -> Result<Self, CompanionError> {
        let parts = Self::load(folder, &host)?;
        Ok(Self::of(folder.to_owned(), host, parts))
    }

    fn load(folder: &Path, host: &Host) -> Result<Parts, CompanionError> {
        let admitted = Admitted::load(folder)?;
        let mut config = Config::new(folder.join("log.db"), admitted.identity());
        config.durability = host.durability;
        config.ballast = host.ballast;
        let mut store = Store::open(&config, Arc::clone(&host.keys))?;
        // A new store knows nobody yet, nor does one in the place of a database that was destroyed: without these no answer of the server's
        // could be proven any more.
        let trusts = |bytes: &Vec<u8>| store.knowledge().trust().certificates().any(|c| c.bytes == *bytes);
        if !admitted.certificates.iter().all(trusts) {
            store.trust(&admitted.certificates)??;
        }
        let clock = clock::load(&store)?;
        let device = admitted.device()?;
        Ok(Parts { admitted, device, store, clock })
    }

    fn of(folder: PathBuf, host: Host, parts: Parts) -> Self {
        let Parts { admitted, device, store, clock } = parts;
        Self { folder, admitted, device, store, host, clock, session: None, nonce: None }
    }

    /// Starts a new chain: on a new phone, or after the old one had to be closed (restored, copied, forked). What was recorded stays: what
    /// was open is sealed, or recorded again in the new chain if it can never be sealed ([`Self::stranded`]).
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn start_chain(&mut self) -> Result<ChainId, CompanionError> {
        self.close_tail()?;
        self.store.strand()?;
        let chain = ChainId(random(&mut *self.host.entropy));
        self.store.start_chain(chain, &self.device)?;
        self.session = None;
        self.record_again()?;
        Ok(chain)
    }

    /// The chain that is being written.
    #[must_use]
    pub fn chain(&self) -> Option<ChainId> {
        self.store.chain()
    }

    /// The log, the lists and the details.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The same, for what the host does between actions (checkpoints, backups).
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// What enrolment gave.
    #[must_use]
    pub fn admitted(&self) -> &Admitted {
        &self.admitted
    }

    /// This phone.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.admitted.device
    }

    /// Where its files are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The best this phone knows of the true time.
    #[must_use]
    pub fn corrected(&self, now: Reading) -> i64 {
        self.clock.corrected(now)
    }

    /// Takes in certificates, issuers first; all of them, or none if one is not proven.
    fn learn(&mut self, certificates: &[Vec<u8>]) -> Result<(), CompanionError> {
        self.store.trust(certificates)??;
        Ok(())
    }
}

/// The name of a phone's key in the key store.
fn device_key(device: DeviceId) -> String {
    format!("device/{device}")
}

impl Admitted {
    fn identity(&self) -> Identity {
        Identity { org: self.org, root: self.root, site: self.site, install: self.install }
    }
}
