//! One site's logbook on one phone: opening, pausing, closing, and what every call passes through.

mod attendance;
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

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dutylog_core::base::{self, DraftId, RecordId};
use dutylog_core::capture::handover::Frozen;
use dutylog_core::capture::{Action, Context, Rejection};
use dutylog_core::companion::{self as core, CompanionError, Paused};
use dutylog_core::locales::Trouble;
use dutylog_core::records::calendar::Zone;
use dutylog_core::records::{Kind, RecordKind};
use dutylog_core::store::Reader;

use crate::changes::{ChangeListener, Changes, Subscription, Topic};
use crate::error::{DutylogError, Failure};
use crate::host::{KeyStore, Options, Reading};
use crate::rows::Saved;
pub(crate) use lending::{Lending, is_there};

/// One site's logbook on one phone.
///
/// Every method may be called from any thread and blocks until it is done; most take a few milliseconds, signing in about an eighth of
/// a second. Call them off the main thread. When a method that records returns, what it recorded is on the disk.
///
/// `draft` makes recording repeatable: take one from `new_draft` when a form is opened, keep it with the form, and hand it over with
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

    /// Asks without changing anything.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&core::Companion) -> Answer<T>,
    ) -> Result<T, DutylogError> {
        self.with(|app, _| work(app))
    }

    /// Asks what depends on who is signed in and when it is.
    pub(crate) fn look<T>(
        &self,
        reading: &Reading,
        work: impl FnOnce(&Context<'_, Reader>) -> Answer<T>,
    ) -> Result<T, DutylogError> {
        self.read(|app| work(&app.context(reading.into())?))
    }

    /// Does something that changes these, and tells who listens.
    pub(crate) fn write<T>(
        &self,
        topics: &[Topic],
        work: impl FnOnce(&mut core::Companion) -> Answer<T>,
    ) -> Result<T, DutylogError> {
        let done = self.with(|app, _| work(app))?;
        if !topics.is_empty() {
            self.changes.publish(topics, &[], false);
        }
        Ok(done)
    }

    /// Records an action, and tells who listens.
    pub(crate) fn act(
        &self,
        draft: &str,
        reading: &Reading,
        action: impl FnOnce(&core::Companion) -> Answer<Action>,
    ) -> Result<Saved, DutylogError> {
        self.record(|app, _| {
            let draft = id::<DraftId>(draft, "draft")?;
            let action = action(app)?;
            Ok(app.act(draft, action, reading.into())?)
        })
    }

    /// Records something, and tells who listens.
    fn record(
        &self,
        work: impl FnOnce(&mut core::Companion, &mut Option<Frozen>) -> Answer<core::Saved>,
    ) -> Result<Saved, DutylogError> {
        let saved = self.with(work)?;
        let records: Vec<String> = saved.records.iter().map(ToString::to_string).collect();
        self.changes.publish(topics_of(saved.kind), &records, false);
        Ok(saved.into())
    }

    /// Every call's way to the core: one at a time, opened if need be, with errors put into words and panics kept in.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut core::Companion, &mut Option<Frozen>) -> Answer<T>,
    ) -> Result<T, DutylogError> {
        let _within = self.enter()?;
        let mut inner = self.lock();
        let told = |failure: Failure, zone| failure.told(zone, self.lending.locale);
        let Inner { state, frozen } = &mut *inner;
        let app = self.open_app(state).map_err(|failure| told(failure, None))?;
        match catch_unwind(AssertUnwindSafe(|| work(app, frozen))) {
            Ok(done) => done.map_err(|failure| told(failure, zone_of(app))),
            Err(_) => {
                // What the panic left half done is not looked at again; the files are, anew.
                let left = std::mem::replace(state, State::Faulted);
                drop(catch_unwind(AssertUnwindSafe(|| drop(left))));
                Err(told(Failure::Trouble(Trouble::Fault), None))
            }
        }
    }

    fn open_app<'s>(&self, state: &'s mut State) -> Answer<&'s mut core::Companion> {
        if matches!(state, State::Faulted) {
            let app = core::Companion::open(&self.lending.folder, self.lending.host())?;
            *state = State::Open(Box::new(app));
        }
        match state {
            State::Open(app) => Ok(app),
            State::Paused(_) => Err(Failure::Trouble(Trouble::Paused)),
            State::Faulted | State::Closed => Err(Failure::Trouble(Trouble::Closed)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic is caught before it can poison, save for one in the lock itself: then the state says what to do.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That this thread is not inside a call already: a key store that called back would wait for itself for ever.
    fn enter(&self) -> Result<Within, DutylogError> {
        let free = WITHIN.replace(true);
        if free {
            return Err(Failure::Trouble(Trouble::CalledFromWithin).told(None, self.lending.locale));
        }
        Ok(Within)
    }
}

thread_local! {
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// This thread is inside a call.
struct Within;

impl Drop for Within {
    fn drop(&mut self) {
        WITHIN.set(false);
    }
}

fn zone_of(app: &core::Companion) -> Option<Zone> {
    app.store().knowledge().now().zone()
}

/// An identifier that the app handed over.
pub(crate) fn id<T: FromStr>(text: &str, argument: &'static str) -> Answer<T> {
    text.parse().map_err(|_| Failure::Argument(argument))
}

/// A record that the app handed over.
pub(crate) fn record(text: &str, argument: &'static str) -> Answer<RecordId> {
    id(text, argument)
}

/// That a record of a kind is not on this phone.
pub(crate) fn not_here(kind: RecordKind) -> Failure {
    Failure::Core(CompanionError::Rejected(Rejection::NotHere { kind }))
}

/// What a screen has to look at again after such an entry.
fn topics_of(kind: Kind) -> &'static [Topic] {
    match kind.record_kind() {
        Some(RecordKind::Shift) => &[Topic::Attendance, Topic::Outbox],
        Some(RecordKind::Round) => &[Topic::Rounds, Topic::Drafts, Topic::Outbox],
        Some(RecordKind::Incident) => &[Topic::Incidents, Topic::Drafts, Topic::Outbox],
        Some(RecordKind::Handover) => &[Topic::Handovers, Topic::Drafts, Topic::Outbox],
        Some(RecordKind::Chain) => &[Topic::People, Topic::Outbox],
        _ => &[Topic::Rounds, Topic::Incidents, Topic::Handovers, Topic::Drafts, Topic::Outbox],
    }
}

/// The most that a page of a list holds.
const PAGE: u32 = 200;

/// A page's arguments: where it begins, and how long it is at most.
pub(crate) fn paging(
    cursor: Option<&str>,
    limit: u32,
) -> Answer<(Option<dutylog_core::store::Cursor>, usize)> {
    let cursor =
        cursor.map(|text| dutylog_core::store::Cursor::from_text(text).ok_or(Failure::Argument("cursor")));
    if limit == 0 || limit > PAGE {
        return Err(Failure::Argument("limit"));
    }
    Ok((cursor.transpose()?, limit as usize))
}

/// The present moment as the core reads it.
pub(crate) fn at(reading: &Reading) -> base::Reading {
    reading.into()
}
