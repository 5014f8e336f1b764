//! People on a shared phone: enrolled once with network, then signing in by PIN without it.

use dutylog_core::base::PersonId;
use dutylog_core::companion::{self as core, PersonEnrolment};
use dutylog_core::locales::Trouble;
use dutylog_core::records::chain::SessionEnd;
use dutylog_core::records::site_plan::person_id;
use dutylog_core::sync::CONTENT_TYPE;
use dutylog_core::sync::auth::NONCE_HEADER;

use super::{Answer, Logbook, at, id};
use crate::changes::Topic;
use crate::enrolling::{Refusal, forget, keep, kept, refusal};
use crate::error::{DutylogError, Failure};
use crate::host::Reading;
use crate::rows::{PersonRow, Saved, name_of};
use crate::sync::{HttpHeader, HttpRequest, HttpResponse};

/// Where a person's enrolment is kept until the server has answered.
const FILE: &str = "person-enrolment";

#[uniffi::export]
impl Logbook {
    /// The people of the site and those who can sign in on this phone, by name.
    pub fn people(&self, reading: Reading) -> Result<Vec<PersonRow>, DutylogError> {
        self.read(|app| people(app, &reading))
    }

    /// Who is signed in; none if nobody is.
    pub fn signed_in(&self) -> Result<Option<String>, DutylogError> {
        self.read(|app| Ok(app.signed_in().map(|person| person.to_string())))
    }

    /// Begins a person's first sign-in on this phone, which needs the network once: their staff number, the code an administrator made
    /// for them, and the PIN they choose (six digits or more, or any longer text). Send the request and hand the answer to
    /// `personEnrolled`. It is kept in the folder, so that a killed app goes on with `pendingPerson`.
    pub fn enrol_person(
        &self,
        staff_number: String,
        code: String,
        pin: String,
    ) -> Result<HttpRequest, DutylogError> {
        self.write(&[], |app| {
            let person = person_id(app.admitted().org, staff_number.trim());
            let asked = app.enrol_person(person, &code, &pin)?;
            keep(&self.lending.folder, FILE, &asked.to_bytes())?;
            request(app, &asked)
        })
    }

    /// The enrolment of a person that waits for an answer; none if none does.
    pub fn pending_person(&self) -> Result<Option<HttpRequest>, DutylogError> {
        self.read(|app| waiting(&self.lending)?.map(|asked| request(app, &asked)).transpose())
    }

    /// Takes the server's answer. None: the person can sign in from now on, with or without network. A request: the server wants it
    /// once more, signed anew; send that one. After `enrolment_refused` nothing is pending any more; after other errors it still is.
    pub fn person_enrolled(&self, response: HttpResponse) -> Result<Option<HttpRequest>, DutylogError> {
        self.write(&[Topic::People], |app| {
            let asked = waiting(&self.lending)?.ok_or(Failure::Trouble(Trouble::BadEnrolment))?;
            let fresh = response.header(NONCE_HEADER).map(|nonce| app.heard_nonce(nonce));
            match refusal(&response) {
                None => app.person_enrolled(&asked, &response.body)?,
                Some(Refusal::Stale) if fresh.is_some() => return request(app, &asked).map(Some),
                Some(refusal) => {
                    if refusal.is_final() {
                        forget(&self.lending.folder, FILE)?;
                    }
                    return Err(refusal.into());
                }
            }
            forget(&self.lending.folder, FILE)?;
            Ok(None)
        })
    }

    /// Signs a person in by PIN; whoever was signed in is signed out first. Takes about an eighth of a second.
    ///
    /// `SignIn` says how long to wait after wrong PINs. A wrong PIN never wipes anything.
    pub fn sign_in(&self, person: String, pin: String, reading: Reading) -> Result<Saved, DutylogError> {
        self.record(|app, frozen| {
            *frozen = None;
            Ok(app.sign_in(id::<PersonId>(&person, "person")?, &pin, at(&reading))?)
        })
    }

    /// Signs out, and seals what was recorded. Drafts stay, for their author only. Does nothing if nobody is signed in. `idle`: the app does
    /// it because nobody has used the phone for a time; the log says so.
    #[uniffi::method(default(idle = false))]
    pub fn sign_out(&self, reading: Reading, idle: bool) -> Result<(), DutylogError> {
        let end = if idle { SessionEnd::Idle } else { SessionEnd::SignedOut };
        self.write(&[Topic::People, Topic::Drafts, Topic::Outbox], |app| Ok(app.sign_out(end, at(&reading))?))
    }
}

fn waiting(lending: &super::Lending) -> Answer<Option<PersonEnrolment>> {
    let bytes = kept(&lending.folder, FILE)?;
    Ok(bytes.map(|bytes| PersonEnrolment::from_bytes(&bytes)).transpose()?)
}

fn request(app: &core::Companion, asked: &PersonEnrolment) -> Answer<HttpRequest> {
    let path = PersonEnrolment::path(app.admitted().site);
    let authorization = app.sign_request("POST", &path, &asked.body)?;
    let headers = vec![
        HttpHeader { name: "content-type".into(), value: CONTENT_TYPE.into() },
        HttpHeader { name: "authorization".into(), value: authorization },
    ];
    Ok(HttpRequest::new(0, "POST", &app.admitted().origin, &path, headers, asked.body.clone()))
}

fn people(app: &core::Companion, reading: &Reading) -> Answer<Vec<PersonRow>> {
    let config = app.store().knowledge().now();
    let here = app.people(at(reading))?;
    let mut all: Vec<PersonId> = config.people().map(|(id, _)| id).collect();
    all.extend(here.iter().map(|sign_in| sign_in.person));
    all.sort_unstable();
    all.dedup();
    let row = |person: PersonId| {
        let lock = here.iter().find(|sign_in| sign_in.person == person);
        PersonRow {
            id: person.to_string(),
            name: name_of(&config, person),
            staff_number: config.person(person).map(|p| p.staff_number.clone()).unwrap_or_default(),
            on_this_phone: lock.is_some(),
            signed_in: app.signed_in() == Some(person),
            wait_ms: lock.map_or(0, |lock| lock.wait),
            locked: lock.is_some_and(|lock| lock.locked),
        }
    };
    let mut rows: Vec<_> = all.into_iter().map(row).collect();
    rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(rows)
}
