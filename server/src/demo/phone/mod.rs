//! A simulated phone: the real core with its own database and key store, talking real HTTP.

mod act;
mod deed;
mod enrol;
mod error;
mod exchange;
mod handover;
pub(super) mod journal;
mod line;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dutylog_core::base::{BootId, DraftId, Millis, PersonId, random};
use dutylog_core::capture::Action;
use dutylog_core::companion::pin::PinCost;
use dutylog_core::companion::{Admitted, Companion, CompanionError, Enrolment, Host};
use dutylog_core::locales::Locale;
use dutylog_core::log::SoftKeys;
use dutylog_core::store::Durability;

use super::chance::Chance;
use super::world::PhoneCast;
pub(super) use deed::Scene;
pub use error::PhoneError;
use journal::Journal;
pub(super) use line::Line;
use watch::Watch;

/// How much a phone and the server had to say to each other.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traffic {
    /// Requests made.
    pub(super) round_trips: u64,
    /// Bytes of bodies sent.
    pub(super) bytes_up: u64,
    /// Bytes of bodies received.
    pub(super) bytes_down: u64,
}

/// A simulated phone.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) cast: PhoneCast,
    folder: PathBuf,
    keys: Arc<SoftKeys>,
    chance: Chance,
    watch: Watch,
    line: Line,
    journal: Journal,
    pins: BTreeMap<PersonId, String>,
    last: Option<(DraftId, Action)>,
    pub(super) traffic: Traffic,
    /// Only away while the app is closed.
    companion: Option<Companion>,
}

/// Where a phone keeps its things.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shelf<'a> {
    /// Its database and what belongs to it.
    pub(super) phones: &'a Path,
    /// Its journal, which is not its own to touch.
    pub(super) journals: &'a Path,
}

impl Phone {
    /// A phone that is enrolled with an invitation's text.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(super) fn enrol(
        cast: PhoneCast,
        shelf: Shelf<'_>,
        invitation: &str,
        line: Line,
        seed: u64,
        at: Millis,
    ) -> Result<Self, PhoneError> {
        let mut chance = Chance::new(seed, cast.key);
        let keys = Arc::new(SoftKeys::new(random(&mut chance), Box::new(chance.fork()), BTreeMap::new()));
        let boot = BootId(random(&mut chance));
        let mut phone = Self {
            folder: shelf.phones.join(cast.key),
            journal: Journal::create(&shelf.journals.join(format!("{}.journal", cast.key)))?,
            watch: Watch::new(boot, at, cast.clock_error),
            pins: BTreeMap::new(),
            last: None,
            traffic: Traffic::default(),
            companion: None,
            cast,
            keys,
            chance,
            line,
        };
        let admitted = phone.ask_in(invitation)?;
        let host = phone.host();
        phone.companion = Some(Companion::create(&phone.folder, &admitted, host)?);
        Ok(phone)
    }

    fn ask_in(&mut self, invitation: &str) -> Result<Admitted, PhoneError> {
        let enrolment = Enrolment::begin(invitation, self.cast.label, &mut self.host())?;
        let answer = enrol::ask(&self.line, &enrolment)?;
        Ok(enrolment.finish(&answer)?)
    }

    fn host(&mut self) -> Host {
        Host {
            keys: Arc::clone(&self.keys) as _,
            entropy: Box::new(self.chance.fork()),
            locale: Locale::ZhCn,
            pin_cost: PinCost::SIMULATION,
            // As on a real phone: what it calls saved survives a power cut.
            durability: Durability::Full,
            ballast: 0,
        }
    }

    fn open(&mut self) -> Result<&mut Companion, PhoneError> {
        self.companion.as_mut().ok_or(PhoneError::Missing("the app is closed"))
    }

    /// The app is closed and opened again; nobody is signed in then. What was acknowledged last is asked for once more, as
    /// somebody would who did not see the answer: it must not be recorded twice.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(super) fn restart(&mut self, at: Millis) -> Result<(), PhoneError> {
        self.companion = None;
        let host = self.host();
        self.companion = Some(Companion::open(&self.folder, host)?);
        let now = self.watch.read(at);
        if let Some((draft, action)) = self.last.clone() {
            let saved = self.open()?.act(draft, action, now)?;
            if !saved.repeated {
                return Err(PhoneError::Doubled);
            }
        }
        Ok(())
    }

    /// The phone is switched off and on.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(super) fn reboot(&mut self, at: Millis) -> Result<(), PhoneError> {
        self.watch.read(at);
        let boot = BootId(random(&mut self.chance));
        self.watch.reboot(boot);
        self.restart(at)
    }

    /// Somebody moves the wall clock.
    pub(super) fn move_clock(&mut self, ms: Millis) {
        self.watch.move_by(ms);
    }

    /// Whether everything it recorded has a receipt.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(super) fn unconfirmed(&mut self) -> Result<u64, PhoneError> {
        Ok(self.open()?.store().outbox().map_err(CompanionError::from)?.entries)
    }
}
