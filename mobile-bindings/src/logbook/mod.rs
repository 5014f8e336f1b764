//! One site's logbook on one phone: opening, pausing, closing. What every call passes through is in `calls`.

mod arguments;
mod attendance;
mod calls;
mod claim;
mod conflicts;
mod drafts;
mod exchange;
mod handover;
mod handovers;
mod incident;
mod incidents;
mod lending;
mod people;
mod round;
mod rounds;
mod site;
mod stranded;

use std::sync::{Arc, Mutex};

use dutylog_core::capture::handover::Frozen;
use dutylog_core::companion::{self as core, Paused};

use crate::changes::{ChangeListener, Changes, Subscription, Topic};
use crate::error::{DutylogError, Failure};
use crate::host::{KeyStore, Options, Reading};
pub(crate) use arguments::{at, entry_text};
use arguments::{entry, id, not_here, paging, record};
pub(crate) use lending::{Lending, is_there};

/// One site's logbook on one phone.
///
/// Every method may be called from any thread and blocks until it is done; most take a few milliseconds, signing in about an eighth of
/// a second. Call them off the main thread. When a method that records returns, what it recorded is on the disk.
///
/// `draft` makes recording repeatable: take one from `newDraft` when a form is opened, keep it with the form, and hand it over with
/// every try. The same draft is never recorded twice, whatever happened to the app in between.
#[derive(uniffi::Object)]
pub struct Logbook {
    inner: Mutex<Inner>,
    pub(crate) changes: Arc<Changes>,
    pub(crate) lending: Lending,
}

struct Inner {
    state: State,
    /// The handover that was frozen last and is being shown.
    frozen: Option<Frozen>,
}

enum State {
    Open(Box<core::Companion>),
    Paused(Box<Paused>),
    /// Something panicked; the files are opened again by the next call.
    Faulted,
    Closed,
}

type Answer<T> = Result<T, Failure>;

#[uniffi::export]
impl Logbook {
    /// Opens the logbook of a phone that was enrolled before. Fails with `Exchange` (`bad_enrolment`) if it never was: then use
    /// `Enrolling`. Nobody is signed in.
    #[uniffi::constructor]
    pub fn open(
        options: Options,
        key_store: Arc<dyn KeyStore>,
        reading: Reading,
    ) -> Result<Arc<Self>, DutylogError> {
        Self::opened(Lending::new(&options, key_store, &reading)?)
    }

    /// Closes every connection and gives the files up, as a phone wants it of an app in the background. Nothing is sealed and nothing
    /// signed; whoever is signed in still is after `resume`. Until then every call fails with `Paused`. Pausing again does nothing.
    pub fn pause(&self) -> Result<(), DutylogError> {
        let _within = self.enter()?;
        let mut inner = self.lock();
        if matches!(inner.state, State::Faulted) {
            // Opened first, so that whatever is wrong with the files is told now and not in the background.
            self.open_app(&mut inner.state).map_err(|failure| failure.told(None, self.lending.locale))?;
        }
        match std::mem::replace(&mut inner.state, State::Faulted) {
            State::Open(app) => inner.state = State::Paused(Box::new(app.pause())),
            other => inner.state = other,
        }
        Ok(())
    }

    /// Opens the files again after `pause`. Resuming what is not paused does nothing.
    pub fn resume(&self) -> Result<(), DutylogError> {
        let _within = self.enter()?;
        let mut inner = self.lock();
        match std::mem::replace(&mut inner.state, State::Faulted) {
            State::Paused(paused) => match paused.resume() {
                Ok(app) => inner.state = State::Open(Box::new(app)),
                Err((error, paused)) => {
                    inner.state = State::Paused(paused);
                    return Err(Failure::Core(error).told(None, self.lending.locale));
                }
            },
            other => inner.state = other,
        }
        Ok(())
    }

    /// Closes the logbook for good: every later call fails with `Paused` (`closed`). Listeners are told nothing more.
    pub fn shutdown(&self) -> Result<(), DutylogError> {
        let _within = self.enter()?;
        let closed = std::mem::replace(&mut self.lock().state, State::Closed);
        drop(closed);
        Ok(())
    }

    /// A new draft, for a form that is being opened.
    pub fn new_draft(&self) -> Result<String, DutylogError> {
        self.write(&[], |app| Ok(app.new_draft().to_string()))
    }

    /// Tells a listener of every change from now on, until the subscription is let go.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Arc<Subscription> {
        self.changes.subscribe(listener)
    }

    /// Starts a new chain after `chain_closed`: the phone was restored from a backup, or its files were copied. Every record stays, and
    /// whoever was signed in has to sign in again.
    pub fn start_chain(&self) -> Result<(), DutylogError> {
        self.write(&[Topic::People, Topic::Outbox], |app| {
            app.start_chain()?;
            Ok(())
        })
    }

    /// Small upkeep of the files, a few milliseconds: call it when the app is idle, about once an hour.
    pub fn upkeep(&self) -> Result<(), DutylogError> {
        self.write(&[], |app| Ok(app.store_mut().upkeep()?))
    }
}

impl Logbook {
    /// Opens as `open` does, with what a test needs to be quick. Not part of what phones see.
    #[doc(hidden)]
    pub fn open_quickly(
        options: &Options,
        key_store: Arc<dyn KeyStore>,
        reading: &Reading,
    ) -> Result<Arc<Self>, DutylogError> {
        Self::opened(Lending::new(options, key_store, reading)?.cheap())
    }

    fn opened(lending: Lending) -> Result<Arc<Self>, DutylogError> {
        let app = core::Companion::open(&lending.folder, lending.host());
        let app = app.map_err(|error| Failure::Core(error).told(None, lending.locale))?;
        Ok(Self::over(app, lending))
    }

    pub(crate) fn over(app: core::Companion, lending: Lending) -> Arc<Self> {
        let inner = Inner { state: State::Open(Box::new(app)), frozen: None };
        Arc::new(Self { inner: Mutex::new(inner), changes: Arc::default(), lending })
    }
}
