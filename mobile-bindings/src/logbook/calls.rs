//! What every call passes through: one at a time, files opened if need be, errors put into words, panics kept in, listeners told.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{MutexGuard, PoisonError};

use dutylog_core::base::DraftId;
use dutylog_core::capture::handover::Frozen;
use dutylog_core::capture::{Action, Context};
use dutylog_core::companion as core;
use dutylog_core::locales::Trouble;
use dutylog_core::records::calendar::Zone;
use dutylog_core::records::{Kind, RecordKind};
use dutylog_core::store::Reader;

use super::{Answer, Inner, Logbook, State, id};
use crate::changes::Topic;
use crate::error::{DutylogError, Failure};
use crate::host::Reading;
use crate::rows::Saved;

impl Logbook {
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
    pub(super) fn record(
        &self,
        work: impl FnOnce(&mut core::Companion, &mut Option<Frozen>) -> Answer<core::Saved>,
    ) -> Result<Saved, DutylogError> {
        let saved = self.with(work)?;
        let records: Vec<String> = saved.records.iter().map(ToString::to_string).collect();
        self.changes.publish(topics_of(saved.kind), &records, false);
        Ok(saved.into())
    }

    /// Every call's way to the core: one at a time, opened if need be, with errors put into words and panics kept in.
    pub(super) fn with<T>(
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

    pub(super) fn open_app<'s>(&self, state: &'s mut State) -> Answer<&'s mut core::Companion> {
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

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic is caught before it can poison, save for one in the lock itself: then the state says what to do.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That this thread is not inside a call already: a key store that called back would wait for itself for ever.
    pub(super) fn enter(&self) -> Result<Within, DutylogError> {
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
pub(super) struct Within;

impl Drop for Within {
    fn drop(&mut self) {
        WITHIN.set(false);
    }
}

fn zone_of(app: &core::Companion) -> Option<Zone> {
    app.store().knowledge().now().zone()
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
