//! Becoming a phone of a site: from the QR code to a logbook, through as many restarts of the app as it takes.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use dutylog_core::companion::{self as core, CompanionError, Enrolment};
use dutylog_core::locales::Trouble;
use dutylog_core::sync::CONTENT_TYPE;
use dutylog_core::sync::auth::CODE_HEADER;

use crate::error::{DutylogError, Failure};
use crate::host::{KeyStore, Options, Reading};
use crate::keys::replace;
use crate::logbook::{Lending, Logbook, is_there};
use crate::sync::{HttpHeader, HttpRequest, HttpResponse};

/// Where an enrolment is kept until the server has answered.
const FILE: &str = "phone-enrolment";

/// An enrolment of this phone that waits for the server's answer. It is kept in the folder: after a kill, `pendingEnrolment` goes on with it.
#[derive(uniffi::Object)]
pub struct Enrolling {
    lending: Lending,
    enrolment: Mutex<Enrolment>,
}

#[uniffi::export]
impl Enrolling {
    /// Begins with the text of the QR code an administrator shows. `label` is what the phone is called, such as `巡检 2`. The code is
    /// good for ten minutes, and once.
    #[uniffi::constructor]
    pub fn begin(
        options: Options,
        key_store: Arc<dyn KeyStore>,
        qr_text: String,
        label: String,
        reading: Reading,
    ) -> Result<Arc<Self>, DutylogError> {
        Self::start(Lending::new(&options, key_store, &reading)?, &qr_text, &label)
    }

    /// What to send; the same each time.
    pub fn request(&self) -> HttpRequest {
        let enrolment = self.enrolment.lock().unwrap_or_else(PoisonError::into_inner);
        let headers = vec![HttpHeader { name: "content-type".into(), value: CONTENT_TYPE.into() }];
        HttpRequest::new(0, "POST", enrolment.origin(), Enrolment::PATH, headers, enrolment.body.clone())
    }

    /// Takes the server's answer and makes the logbook. After `enrolment_refused` begin again with a new code; after any other error
    /// the same request may be sent again.
    pub fn finish(&self, response: HttpResponse) -> Result<Arc<Logbook>, DutylogError> {
        self.finished(&response).map_err(|failure| failure.told(None, self.lending.locale))
    }
}

/// The enrolment that was begun in this folder and has no answer yet; none if there is none.
#[uniffi::export]
pub fn pending_enrolment(
    options: Options,
    key_store: Arc<dyn KeyStore>,
    reading: Reading,
) -> Result<Option<Arc<Enrolling>>, DutylogError> {
    let lending = Lending::new(&options, key_store, &reading)?;
    let locale = lending.locale;
    Enrolling::kept(lending).map_err(|failure| failure.told(None, locale))
}

impl Enrolling {
    /// Begins as `begin` does, for a logbook with what a test needs to be quick. Not part of what phones see.
    #[doc(hidden)]
    pub fn begin_quickly(
        options: &Options,
        key_store: Arc<dyn KeyStore>,
        qr_text: &str,
        reading: &Reading,
    ) -> Result<Arc<Self>, DutylogError> {
        Self::start(Lending::new(options, key_store, reading)?.cheap(), qr_text, "test")
    }

    fn start(lending: Lending, qr_text: &str, label: &str) -> Result<Arc<Self>, DutylogError> {
        let begun = Enrolment::begin(qr_text.trim(), label, &mut lending.host()).map_err(Failure::from);
        let begun = begun.and_then(|enrolment| {
            keep(&lending.folder, FILE, &enrolment.to_bytes())?;
            Ok(enrolment)
        });
        let enrolment = begun.map_err(|failure| failure.told(None, lending.locale))?;
        Ok(Arc::new(Self { lending, enrolment: Mutex::new(enrolment) }))
    }

    fn kept(lending: Lending) -> Result<Option<Arc<Self>>, Failure> {
        let Some(bytes) = kept(&lending.folder, FILE)? else { return Ok(None) };
        if is_there(&lending.folder) && core::Companion::open(&lending.folder, lending.host()).is_ok() {
            // The app ended between the logbook's making and its forgetting of this.
            forget(&lending.folder, FILE)?;
            return Ok(None);
        }
        let enrolment = Mutex::new(Enrolment::from_bytes(&bytes)?);
        Ok(Some(Arc::new(Self { lending, enrolment })))
    }

    fn finished(&self, response: &HttpResponse) -> Result<Arc<Logbook>, Failure> {
        if let Some(refusal) = refusal(response) {
            if refusal.is_final() {
                forget(&self.lending.folder, FILE)?;
            }
            return Err(refusal.into());
        }
        let enrolment = self.enrolment.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let admitted = enrolment.finish(&response.body)?;
        let app = core::Companion::create(&self.lending.folder, &admitted, self.lending.host())?;
        forget(&self.lending.folder, FILE)?;
        Ok(Logbook::over(app, self.lending.clone()))
    }
}

/// Why the server did not enrol.
pub(crate) enum Refusal {
    /// The nonce was old: it gave a fresh one.
    Stale,
    /// It will not, by its code.
    Final(String),
    /// It cannot now, or something else answered.
    Later(String),
    /// What answered is no server of ours.
    Stranger,
}

impl Refusal {
    /// Whether the same request is worth nothing any more.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Final(_))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Final(code) => Self::Refused(Trouble::EnrolmentRefused, code),
            Refusal::Stale => Self::Refused(Trouble::EnrolmentLater, "stale_nonce".into()),
            Refusal::Later(code) => Self::Refused(Trouble::EnrolmentLater, code),
            Refusal::Stranger => Self::Core(CompanionError::NotHeadquarters),
        }
    }
}

/// Why an answer is no enrolment; none if it may be one.
pub(crate) fn refusal(response: &HttpResponse) -> Option<Refusal> {
    if response.status == 200 {
        return None;
    }
    let Some(code) = response.header(CODE_HEADER).map(str::to_owned) else {
        // A server of ours names its code; one that is down behind its proxy cannot.
        return Some(if response.status >= 500 { Refusal::Later(String::new()) } else { Refusal::Stranger });
    };
    Some(match (response.status, code.as_str()) {
        (_, "stale_nonce") => Refusal::Stale,
        (429 | 500.., _) => Refusal::Later(code),
        _ => Refusal::Final(code),
    })
}

/// Keeps what waits for an answer.
pub(crate) fn keep(folder: &Path, file: &str, bytes: &[u8]) -> Result<(), Failure> {
    Ok(replace(&folder.join(file), bytes)?)
}

/// What was kept.
pub(crate) fn kept(folder: &Path, file: &str) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(folder.join(file)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Forgets it.
pub(crate) fn forget(folder: &Path, file: &str) -> Result<(), Failure> {
    match std::fs::remove_file(folder.join(file)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
