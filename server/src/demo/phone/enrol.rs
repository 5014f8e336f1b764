//! Enrolment over HTTP: the phone, and each person on it.

use dutylog_core::base::{Entropy as _, Millis, PersonId};
use dutylog_core::companion::{Enrolment, PersonEnrolment};
use dutylog_core::sync::CONTENT_TYPE;
use dutylog_core::sync::auth::NONCE_HEADER;

use super::line::{Answer, Line};
use super::{Phone, PhoneError};

fn content() -> (&'static str, String) {
    ("content-type", CONTENT_TYPE.to_owned())
}

/// Sends a phone's request for enrolment.
pub(super) fn ask(line: &Line, enrolment: &Enrolment) -> Result<Vec<u8>, PhoneError> {
    let url = format!("{}{}", enrolment.origin(), Enrolment::PATH);
    let answer = line.post(&url, &[content()], enrolment.body.clone())?;
    if answer.status == 200 { Ok(answer.body) } else { Err(PhoneError::NotEnrolled(answer.status)) }
}

impl Phone {
    /// A person's first sign-in on this phone: their code, and a PIN that they choose.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(in crate::demo) fn enrol_person(
        &mut self,
        person: PersonId,
        code: &str,
        at: Millis,
    ) -> Result<(), PhoneError> {
        self.watch.read(at);
        let pin = self.choose_pin();
        let asked = self.open()?.enrol_person(person, code, &pin)?;
        let mut answer = self.send_signed(&asked)?;
        if answer.status == 401 {
            // The first request of a phone brings the nonce that the second signs.
            answer = self.send_signed(&asked)?;
        }
        if answer.status != 200 {
            return Err(PhoneError::NotEnrolled(answer.status));
        }
        self.open()?.person_enrolled(&asked, &answer.body)?;
        self.pins.insert(person, pin);
        Ok(())
    }

    fn send_signed(&mut self, asked: &PersonEnrolment) -> Result<Answer, PhoneError> {
        let companion = self.open()?;
        let path = PersonEnrolment::path(companion.admitted().site);
        let signed = companion.sign_request("POST", &path, &asked.body)?;
        let url = format!("{}{path}", companion.admitted().origin);
        let headers = [content(), ("authorization", signed)];
        let answer = self.line.post(&url, &headers, asked.body.clone())?;
        if let Some(nonce) = answer.header(NONCE_HEADER) {
            self.open()?.heard_nonce(nonce);
        }
        Ok(answer)
    }

    /// Eight digits, the first two never alike.
    fn choose_pin(&mut self) -> String {
        let mut bytes = [0; 6];
        self.chance.fill(&mut bytes);
        let digits: String = bytes.iter().map(|byte| char::from(b'0' + byte % 10)).collect();
        format!("38{digits}")
    }
}
