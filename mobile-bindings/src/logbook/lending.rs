//! What the host lent, and how the core is opened with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dutylog_core::companion::Host;
use dutylog_core::companion::pin::PinCost;
use dutylog_core::locales::Locale;
use dutylog_core::store::{BALLAST, Durability};

use crate::error::{DutylogError, Failure};
use crate::host::{KeyStore, Lent, Options, Reading};
use crate::seed::{SEED, Seeded};

/// What the host lent, to open the files with as often as needed.
#[derive(Clone)]
pub(crate) struct Lending {
    pub(crate) folder: PathBuf,
    pub(crate) locale: Locale,
    keys: Arc<dyn KeyStore>,
    seeded: Seeded,
    pin_cost: PinCost,
    durability: Durability,
    ballast: u64,
}

impl Lending {
    /// # Errors
    /// An argument that does not fit, or the key store's.
    pub(crate) fn new(
        options: &Options,
        keys: Arc<dyn KeyStore>,
        now: &Reading,
    ) -> Result<Self, DutylogError> {
        let locale = options.language.into();
        let seeded = if options.seed.len() < SEED {
            Err(Failure::Argument("seed"))
        } else {
            Seeded::new(&options.seed, &Lent(Arc::clone(&keys)), now.into()).map_err(Failure::from)
        };
        let seeded = seeded.map_err(|failure| failure.told(None, locale))?;
        Ok(Self {
            folder: PathBuf::from(&options.folder),
            locale,
            keys,
            seeded,
            pin_cost: PinCost::PHONE,
            durability: Durability::Full,
            ballast: BALLAST,
        })
    }

    pub(crate) fn host(&self) -> Host {
        Host {
            keys: Arc::new(Lent(Arc::clone(&self.keys))),
            entropy: Box::new(self.seeded.clone()),
            locale: self.locale,
            pin_cost: self.pin_cost,
            durability: self.durability,
            ballast: self.ballast,
        }
    }

    /// For tests that sign in often: a PIN that costs nothing to guess, and commits that wait for no disk.
    pub(crate) fn cheap(mut self) -> Self {
        (self.pin_cost, self.durability, self.ballast) = (PinCost::SIMULATION, Durability::Normal, 0);
        self
    }
}

/// Whether a logbook lies in a folder.
pub(crate) fn is_there(folder: &Path) -> bool {
    folder.join("log.db").exists()
}
