//! One conversation with the server, step by step: the phone's own HTTP carries the bytes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dutylog_core::locales::{end_text, problem_text};
use dutylog_core::sync::{self as core, End, Failure as Broken, SyncSession};

use crate::changes::Topic;
use crate::error::DutylogError;
use crate::host::Reading;
use crate::logbook::{Logbook, at};

/// A header of a request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Its name; in requests in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A request to be sent by the phone's own HTTP: exactly as it is, without following redirects to other hosts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpRequest {
    /// To be handed back with the answer.
    pub id: u64,
    /// `GET` or `POST`.
    pub method: String,
    /// Where to, whole.
    pub url: String,
    /// The path alone, for a host that goes through another address.
    pub path: String,
    /// The headers.
    pub headers: Vec<HttpHeader>,
    /// The body, at most 256 KiB; empty for `GET`.
    pub body: Vec<u8>,
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpResponse {
    /// The status, such as 200.
    pub status: u16,
    /// The headers.
    pub headers: Vec<HttpHeader>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HttpFailure {
    /// The server could not be reached.
    NoConnection,
    /// The connection broke, or the answer took longer than a minute: smaller pieces may get through.
    Interrupted,
}

/// What to do next in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Step {
    /// Send this, then call `onResponse` or `onFailure`, then `next`.
    Http {
        /// The request.
        request: HttpRequest,
    },
    /// Call `next` again after so long, or when an answer is in.
    Wait {
        /// Milliseconds.
        ms: u64,
    },
    /// It is over.
    Done {
        /// What it came to.
        report: SyncReport,
    },
}

/// A stretch of records that was not simply taken; the rest went on.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncProblem {
    /// Stable code, such as `held_for_review`.
    pub code: String,
    /// What happened.
    pub sentence: String,
    /// What to do.
    pub what_to_do: String,
}

/// How a conversation went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Delivered {
    /// Both sides have what the other had to give.
    All,
    /// It ended early; what is not delivered waits on the phone.
    NotAll,
    /// The server contradicts itself. Nothing was merged and nothing must be deleted: tell headquarters.
    Alarm,
}

/// What a conversation came to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Whether everything is across.
    pub delivered: Delivered,
    /// Stable code: `caught_up`, `unreachable`, `not_hq`, `upgrade_needed`, `log_went_back`, `log_contradicts`, or the server's own.
    pub code: String,
    /// What happened; empty if all went well.
    pub sentence: String,
    /// What to do; empty if nothing.
    pub what_to_do: String,
    /// Segments sent, repetitions included.
    pub sent: u64,
    /// Segments that were new here.
    pub received: u64,
    /// Receipts that verified.
    pub receipts: u64,
    /// Requests made.
    pub round_trips: u64,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
    /// What was not simply taken.
    pub problems: Vec<SyncProblem>,
}

/// One conversation with the server. Everything a step brings is on the disk when `next` returns: after a kill, begin another.
///
/// Call `next` until it says `Done`. One conversation at a time is enough; a second is harmless.
#[derive(uniffi::Object)]
pub struct SyncRun {
    logbook: Arc<Logbook>,
    session: Mutex<SyncSession>,
}

#[uniffi::export]
impl Logbook {
    /// Begins a conversation with the server. What is open is sealed first, so that it can go.
    pub fn begin_sync(self: Arc<Self>) -> Result<Arc<SyncRun>, DutylogError> {
        let session = self.write(&[], |app| Ok(app.begin_sync()?))?;
        Ok(Arc::new(SyncRun { logbook: self, session: Mutex::new(session) }))
    }
}

#[uniffi::export]
impl SyncRun {
    /// What to do next. An answer that came is taken in here.
    pub fn next(&self, reading: Reading) -> Result<Step, DutylogError> {
        let mut session = self.lock();
        let before = (session.report().received, session.report().receipts);
        let step = self.logbook.write(&[], |app| {
            let step = app.sync_step(&mut session, at(&reading))?;
            Ok(self.told(step, &app.admitted().origin))
        });
        let report = session.report();
        let (received, receipts) = (report.received > before.0, report.receipts > before.1);
        drop(session);
        if received {
            self.logbook.changes.publish(Topic::ARRIVALS, &[], true);
        } else if receipts {
            self.logbook.changes.publish(&[Topic::Outbox], &[], false);
        }
        step
    }

    /// An answer is in, whatever its status. One to a request that nobody waits for is ignored.
    pub fn on_response(&self, id: u64, response: HttpResponse, reading: Reading) {
        let HttpResponse { status, headers, body } = response;
        let headers = headers.into_iter().map(|header| (header.name, header.value)).collect();
        self.lock().on_response(id, status, headers, body, at(&reading));
    }

    /// No answer came.
    pub fn on_failure(&self, id: u64, failure: HttpFailure) {
        let failure = match failure {
            HttpFailure::NoConnection => Broken::NoConnection,
            HttpFailure::Interrupted => Broken::Interrupted,
        };
        self.lock().on_failure(id, failure);
    }
}

impl SyncRun {
    fn lock(&self) -> MutexGuard<'_, SyncSession> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self, step: core::Step, origin: &str) -> Step {
        match step {
            core::Step::Wait { ms } => Step::Wait { ms },
            core::Step::Done(report) => Step::Done { report: self.report(&report) },
            core::Step::Http(request) => {
                let header = |(name, value): (&str, String)| HttpHeader { name: name.into(), value };
                let headers = request.headers.into_iter().map(header).collect();
                let request = HttpRequest::new(
                    request.id,
                    request.method,
                    origin,
                    &request.path,
                    headers,
                    request.body,
                );
                Step::Http { request }
            }
        }
    }

    fn report(&self, report: &core::Report) -> SyncReport {
        let locale = self.logbook.lending.locale;
        let text = end_text(report, locale);
        let problem = |problem: &core::Problem| {
            let text = problem_text(problem, locale);
            SyncProblem { code: problem.code.clone(), sentence: text.sentence, what_to_do: text.what_to_do }
        };
        SyncReport {
            delivered: match report.end {
                End::CaughtUp => Delivered::All,
                End::Alarm(_) => Delivered::Alarm,
                _ => Delivered::NotAll,
            },
            code: report.end.code().to_owned(),
            sentence: text.as_ref().map(|text| text.sentence.clone()).unwrap_or_default(),
            what_to_do: text.map(|text| text.what_to_do).unwrap_or_default(),
            sent: report.sent,
            received: report.received,
            receipts: report.receipts,
            round_trips: report.round_trips,
            bytes_up: report.bytes_up,
            bytes_down: report.bytes_down,
            problems: report.problems.iter().map(problem).collect(),
        }
    }
}

impl HttpRequest {
    pub(crate) fn new(
        id: u64,
        method: &str,
        origin: &str,
        path: &str,
        headers: Vec<HttpHeader>,
        body: Vec<u8>,
    ) -> Self {
        let (url, path) = (format!("{origin}{path}"), path.to_owned());
        Self { id, method: method.to_owned(), url, path, headers, body }
    }
}

impl HttpResponse {
    /// The value of a header, whatever the case of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| header.value.as_str())
    }
}
