//! Telling the app what changed: after the commit, with no lock held, several changes at once where they come faster than they are taken.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Records named in one set of changes; beyond it, `all` is set.
const NAMED: usize = 50;

/// What a screen shows that may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum Topic {
    /// Who is signed in, and who may sign in on this phone.
    People,
    /// The site's configuration: shifts, posts, checklists, plans.
    Site,
    /// Check-ins and check-outs.
    Attendance,
    /// Rounds, planned or begun.
    Rounds,
    /// Incidents.
    Incidents,
    /// Handovers.
    Handovers,
    /// Drafts.
    Drafts,
    /// How much waits for headquarters, and what has been received.
    Outbox,
}

impl Topic {
    /// What may change when records arrive from elsewhere.
    pub(crate) const ARRIVALS: &[Self] =
        &[Self::Site, Self::Attendance, Self::Rounds, Self::Incidents, Self::Handovers, Self::Outbox];
}

/// What changed since the last call. Ask the logbook again for what is on the screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ChangeSet {
    /// What to look at again, in a fixed order, each once.
    pub topics: Vec<Topic>,
    /// The records that changed, at most 50.
    pub records: Vec<String>,
    /// More changed than is named: records arrived from elsewhere, or very many were changed.
    pub all: bool,
    /// Counts up with every set of changes of this logbook, until the app ends.
    pub revision: u64,
}

/// Told of changes. It may call the logbook; it is never called twice at the same time, and not at all while the logbook is at work
/// on the same thread.
#[uniffi::export(foreign)]
pub trait ChangeListener: Send + Sync {
    /// Something changed and is on the disk. Called on the thread that made the change, so return soon; what it throws is ignored.
    fn on_changed(&self, changes: ChangeSet);
}

/// Keeps a listener listening. Letting go of it (`close()` in Kotlin, the last reference in Swift) ends it; a call that is
/// under way still returns.
#[derive(uniffi::Object)]
pub struct Subscription {
    changes: Weak<Changes>,
    id: u64,
}

#[uniffi::export]
impl Subscription {
    /// Ends it now. Ending it again does nothing.
    pub fn cancel(&self) {
        if let Some(changes) = self.changes.upgrade() {
            // Let go of after the lock is: the host may do as it likes then.
            let gone = changes.lock().listeners.remove(&self.id);
            drop(gone);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Who listens to a logbook, and what they have not been told.
#[derive(Default)]
pub(crate) struct Changes {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    listeners: BTreeMap<u64, Arc<dyn ChangeListener>>,
    last_id: u64,
    revision: u64,
    pending: Option<ChangeSet>,
    /// A thread is telling; it will find what is pending.
    telling: bool,
}

impl Changes {
    pub(crate) fn subscribe(self: &Arc<Self>, listener: Arc<dyn ChangeListener>) -> Arc<Subscription> {
        let mut state = self.lock();
        state.last_id += 1;
        let id = state.last_id;
        state.listeners.insert(id, listener);
        Arc::new(Subscription { changes: Arc::downgrade(self), id })
    }

    /// Notes a change and tells it, unless somebody is telling already: they go on with this one.
    pub(crate) fn publish(&self, topics: &[Topic], records: &[String], all: bool) {
        self.lock().note(topics, records, all);
        while let Some((changes, listeners)) = self.take() {
            for listener in listeners {
                // A listener's fault is not the logbook's.
                drop(catch_unwind(AssertUnwindSafe(|| listener.on_changed(changes.clone()))));
            }
            self.lock().telling = false;
        }
    }

    fn take(&self) -> Option<(ChangeSet, Vec<Arc<dyn ChangeListener>>)> {
        let mut state = self.lock();
        if state.telling {
            return None;
        }
        let changes = state.pending.take()?;
        state.telling = true;
        Some((changes, state.listeners.values().cloned().collect()))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, topics: &[Topic], records: &[String], all: bool) {
        self.revision += 1;
        let none = || ChangeSet { topics: Vec::new(), records: Vec::new(), all: false, revision: 0 };
        let pending = self.pending.get_or_insert_with(none);
        pending.revision = self.revision;
        pending.topics.extend(topics);
        pending.topics.sort();
        pending.topics.dedup();
        let unnamed = records.iter().filter(|record| !pending.records.contains(record));
        let unnamed: Vec<_> = unnamed.cloned().collect();
        pending.records.extend(unnamed);
        pending.all |= all || pending.records.len() > NAMED;
        pending.records.truncate(NAMED);
    }
}
