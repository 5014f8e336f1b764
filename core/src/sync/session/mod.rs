//! The phone's side of sync, `docs/sync-protocol.md` 4. It yields requests and takes answers; who carries them is not its
//! business. All that must survive the process is in the [`Holdings`].

mod accepted;
mod answer;
mod ask;
mod offer;
mod outcomes;
mod pace;
mod page;
mod report;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{BootId, ChainId, Digest, Entropy, KeyId, OrgId, Reading, Seq, SiteId};
use crate::log::{Holdings, KeyStore, KeyStoreError, Trust};

use super::message::{Nonce, Response, Wishes};
pub use ask::{CONTENT_TYPE, SNAPSHOT_TYPE, snapshot_path, sync_path};
use offer::Offers;
use pace::Pace;
pub use report::{Alarm, Begun, End, Problem, Report};
use snapshot::Snapshot;

/// How long an answer may take before the host had better call [`SyncSession::on_failure`].
pub const PATIENCE_MS: u64 = 60_000;

/// What a session needs to know.
#[derive(Debug, Clone)]
pub struct SyncConfig {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The server, such as `https://duty.example`; signed with every request.
    pub origin: String,
    /// The name of the device's key in the key store.
    pub key_name: String,
    /// The device's key, as its certificate is known.
    pub key: KeyId,
    /// The root key and the certificates known so far.
    pub trust: Trust,
    /// What the last session's report gave; without it the first request costs one retry.
    pub nonce: Option<Nonce>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this and call [`SyncSession::on_response`] or [`SyncSession::on_failure`].
    Http(HttpRequest),
    /// Come back after so long, or when an answer is in.
    Wait {
        /// Milliseconds.
        ms: u64,
    },
    /// It is over.
    Done(Box<Report>),
}

/// A request to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// To be handed back with the answer.
    pub id: u64,
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The server could not be reached.
    NoConnection,
    /// The connection broke, or the answer took too long: smaller pieces may get through.
    Interrupted,
}

/// Why a session could not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncError<E: std::error::Error> {
    /// The holder's.
    #[error(transparent)]
    Holdings(E),
    /// The key store's.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
}

/// One phone's conversation with its server.
#[derive(Debug)]
pub struct SyncSession {
    config: SyncConfig,
    state: State,
    event: Option<Event>,
    pace: Pace,
    offers: Offers,
    wishes: Wishes,
    report: Report,
    last_id: u64,
    snapshot: Snapshot,
    /// Another request is needed whatever there is to send.
    again: bool,
    /// The server just refused the nonce.
    stale: bool,
    /// Answers in a row that made no sense.
    flaws: u32,
    /// Past a stretch that could not be proven: from where to go on without moving the mark.
    beyond: Option<u64>,
    /// Signed roots of the site's log further than it is held, to be held against it.
    promised: BTreeMap<u64, Digest>,
    /// Stretches counted as held for review.
    reviewed: BTreeSet<(ChainId, Seq, Seq)>,
}

#[derive(Debug)]
enum State {
    Ready,
    Flying(Flight),
    Waiting { until: i64, boot: BootId },
    Over,
}

/// A request on its way.
#[derive(Debug, Clone)]
struct Flight {
    id: u64,
    sent: Vec<offer::Sent>,
    at: Reading,
    /// It asks for a snapshot, and brings nothing.
    snapshot: bool,
}

#[derive(Debug)]
enum Event {
    Answered { flight: Flight, status: u16, headers: Vec<(String, String)>, body: Vec<u8>, at: Reading },
    Failed { flight: Flight, failure: Failure },
}

/// What a host lends for one step.
pub(super) struct Lent<'a> {
    pub(super) keys: &'a dyn KeyStore,
    pub(super) entropy: &'a mut dyn Entropy,
    pub(super) now: Reading,
}

impl SyncSession {
    /// A session that will ask at once.
    #[must_use]
    pub fn new(config: SyncConfig) -> Self {
        Self {
            report: Report { nonce: config.nonce, ..Report::default() },
            config,
            state: State::Ready,
            event: None,
            pace: Pace::default(),
            offers: Offers::default(),
            wishes: Wishes::default(),
            last_id: 0,
            snapshot: Snapshot::default(),
            again: true,
            stale: false,
            flaws: 0,
            beyond: None,
            promised: BTreeMap::new(),
            reviewed: BTreeSet::new(),
        }
    }

    /// What to do next. Answers are digested here, so this is where the holdings change.
    ///
    /// # Errors
    /// [`SyncError`]; the session can be asked again, nothing is lost.
    pub fn next<H: Holdings>(
        &mut self,
        holdings: &mut H,
        keys: &dyn KeyStore,
        entropy: &mut dyn Entropy,
        now: Reading,
    ) -> Result<Step, SyncError<H::Error>> {
        let mut lent = Lent { keys, entropy, now };
        if let Some(event) = self.event.take() {
            self.state = State::Ready;
            self.again = true;
            self.digest(event, holdings, &mut lent).map_err(SyncError::Holdings)?;
        }
        match self.state {
            State::Flying(_) => Ok(Step::Wait { ms: PATIENCE_MS }),
            State::Waiting { until, boot } if boot == now.boot && now.mono < until => {
                Ok(Step::Wait { ms: (until - now.mono).unsigned_abs() })
            }
            State::Over => Ok(self.done()),
            State::Ready | State::Waiting { .. } => self.ask(holdings, &mut lent),
        }
    }

    /// An answer is in. One that nobody waits for is ignored.
    pub fn on_response(
        &mut self,
        id: u64,
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        now: Reading,
    ) {
        if let Some(flight) = self.land(id) {
            self.event = Some(Event::Answered { flight, status, headers, body, at: now });
        }
    }

    /// No answer came.
    pub fn on_failure(&mut self, id: u64, failure: Failure) {
        if let Some(flight) = self.land(id) {
            self.event = Some(Event::Failed { flight, failure });
        }
    }

    /// What happened so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    fn land(&mut self, id: u64) -> Option<Flight> {
        match &self.state {
            State::Flying(flight) if flight.id == id && self.event.is_none() => Some(flight.clone()),
            _ => None,
        }
    }

    fn over(&mut self, end: End) {
        self.report.end = end;
        self.state = State::Over;
    }

    fn alarm(&mut self, alarm: Alarm, response: &Response) {
        self.report.evidence.clone_from(&response.checkpoint);
        self.over(End::Alarm(alarm));
    }

    fn done(&self) -> Step {
        Step::Done(Box::new(self.report.clone()))
    }
}
