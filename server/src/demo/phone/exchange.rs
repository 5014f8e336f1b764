//! Talking with the server, and with another phone.

use dutylog_core::base::Millis;
use dutylog_core::companion::{Companion, Imported};
use dutylog_core::sync::{End, Failure, HttpRequest, Report, Step};

use super::{Phone, PhoneError};

impl Phone {
    /// Talks with the server until both have what the other had to give. If the first answer is lost, what it acknowledged is sent again.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(in crate::demo) fn sync(&mut self, at: Millis, mut lose_answer: bool) -> Result<(), PhoneError> {
        let mut session = self.open()?.begin_sync()?;
        let mut at = at;
        loop {
            let now = self.watch.read(at);
            match self.open()?.sync_step(&mut session, now)? {
                Step::Http(request) => {
                    let (id, answer) = (request.id, self.carry(request)?);
                    let now = self.watch.read(at);
                    if std::mem::take(&mut lose_answer) {
                        session.on_failure(id, Failure::Interrupted);
                    } else {
                        session.on_response(id, answer.status, answer.headers, answer.body, now);
                    }
                }
                Step::Wait { ms } => at = at.saturating_add_unsigned(ms),
                Step::Done(report) => return self.over(*report),
            }
        }
    }

    fn carry(&mut self, request: HttpRequest) -> Result<super::line::Answer, PhoneError> {
        let url = format!("{}{}", self.open()?.admitted().origin, request.path);
        Ok(self.line.send(request.method, &url, &request.headers, request.body)?)
    }

    fn over(&mut self, report: Report) -> Result<(), PhoneError> {
        self.traffic.round_trips += report.round_trips;
        self.traffic.bytes_up += report.bytes_up;
        self.traffic.bytes_down += report.bytes_down;
        if report.end == End::CaughtUp && report.problems.is_empty() {
            Ok(())
        } else {
            Err(PhoneError::Sync(report.end, report.problems))
        }
    }

    /// Hands another phone what that one lacks: bytes for a cable, a file, a sequence of codes.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(in crate::demo) fn pass(&mut self, to: &mut Self) -> Result<(), PhoneError> {
        let theirs = to.open()?.heads()?;
        let bundle = self.open()?.export(Some(&theirs))?;
        let Imported { pending, forked, .. } = to.open()?.import(&bundle)?;
        if pending == 0 && forked.is_empty() { Ok(()) } else { Err(PhoneError::Bundle) }
    }

    pub(super) fn companion(&self) -> Result<&Companion, PhoneError> {
        self.companion.as_ref().ok_or(PhoneError::Missing("the app is closed"))
    }
}
