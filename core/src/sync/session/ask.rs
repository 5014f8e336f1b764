//! Putting the next request together.

use super::offer::Push;
use super::{End, Flight, HttpRequest, Lent, Problem, State, Step, SyncError, SyncSession};
use crate::base::SiteId;
use crate::log::{Holdings, Pulled};
use crate::sync::auth::Asked;
use crate::sync::message::{Nonce, Request, Wishes};

/// The content type of requests and answers.
pub const CONTENT_TYPE: &str = "application/x-dutylog";

/// Where a site's phones sync.
#[must_use]
pub fn sync_path(site: SiteId) -> String {
    format!("/v1/sites/{site}/sync")
}

/// What a snapshot is called among media types.
pub const SNAPSHOT_TYPE: &str = "application/x-dutylog-snapshot";

/// Where a site's phones ask for a snapshot.
#[must_use]
pub fn snapshot_path(site: SiteId) -> String {
    format!("/v1/sites/{site}/snapshot")
}

impl SyncSession {
    /// The next request, or the end if there is nothing left to ask or say.
    pub(super) fn ask<H: Holdings>(
        &mut self,
        holdings: &mut H,
        lent: &mut Lent<'_>,
    ) -> Result<Step, SyncError<H::Error>> {
        if self.snapshot.due() && holdings.wants_snapshot().map_err(SyncError::Holdings)? {
            return self.ask_snapshot(lent);
        }
        let push = self.next_push(holdings).map_err(SyncError::Holdings)?;
        if push.sent.is_empty() && !self.again {
            self.finish(holdings).map_err(SyncError::Holdings)?;
            return Ok(self.done());
        }
        let pulled = holdings.pulled().map_err(SyncError::Holdings)?;
        let told = holdings.all_told().map_err(SyncError::Holdings)?;
        let body = self.request(&pulled, told, push.frame).to_bytes();
        let request = self.http("POST", sync_path(self.config.site), body, lent)?;
        self.again = false;
        self.offers.sent(&push.sent);
        self.report.sent += push.sent.len() as u64;
        Ok(self.fly(Flight { id: request.id, sent: push.sent, at: lent.now, snapshot: false }, request))
    }

    fn ask_snapshot<E: std::error::Error>(&mut self, lent: &mut Lent<'_>) -> Result<Step, SyncError<E>> {
        let request = self.http("GET", snapshot_path(self.config.site), Vec::new(), lent)?;
        Ok(self.fly(Flight { id: request.id, sent: Vec::new(), at: lent.now, snapshot: true }, request))
    }

    fn fly(&mut self, flight: Flight, request: HttpRequest) -> Step {
        self.report.round_trips += 1;
        self.report.bytes_up += request.body.len() as u64;
        self.state = State::Flying(flight);
        Step::Http(request)
    }

    /// What to push next; a segment that no frame can carry is named as a problem, and its chain waits.
    fn next_push<H: Holdings>(&mut self, holdings: &H) -> Result<Push, H::Error> {
        loop {
            let push = self.offers.gather(holdings, self.pace.push)?;
            let Some(segment) = push.too_large else { return Ok(push) };
            self.offers.give_up(segment.chain);
            self.problem("segment_too_large", segment.chain, segment.first, segment.last);
        }
    }

    fn request(&self, pulled: &Pulled, told: bool, frame: Vec<u8>) -> Request {
        let first_sync = pulled.peaks.size() == 0;
        Request {
            epoch: pulled.epoch,
            position: pulled.peaks.size(),
            mark: pulled.peaks.root().mark(),
            from: self.beyond,
            max_unpacked: self.pace.page,
            wishes: Wishes { certificates: self.wishes.certificates || first_sync, ..self.wishes },
            told,
            frame,
        }
    }

    fn http<E: std::error::Error>(
        &mut self,
        method: &'static str,
        path: String,
        body: Vec<u8>,
        lent: &Lent<'_>,
    ) -> Result<HttpRequest, SyncError<E>> {
        let nonce: Nonce = self.report.nonce.unwrap_or_default();
        let origin = &self.config.origin;
        let asked = Asked { method, path: &path, site: self.config.site, body: &body, origin };
        let name = &self.config.key_name;
        let value = asked.sign(self.config.key, nonce, |message| lent.keys.sign(name, None, message))?;
        let headers = vec![("authorization", value), ("content-type", CONTENT_TYPE.to_owned())];
        self.last_id += 1;
        Ok(HttpRequest { id: self.last_id, method, path, headers, body })
    }

    /// Nothing is left to ask. What was offered and is still not covered by a receipt is named.
    fn finish<H: Holdings>(&mut self, holdings: &H) -> Result<(), H::Error> {
        for unsent in holdings.unsent()? {
            if !self.report.problems.iter().any(|p| p.chain == unsent.chain) {
                let have = unsent.confirmed.map_or(0, |head| head.seq);
                self.problem("not_receipted", unsent.chain, have + 1, have + 1);
            }
        }
        self.over(End::CaughtUp);
        Ok(())
    }

    pub(super) fn problem(&mut self, code: &str, chain: crate::base::ChainId, first: u64, last: u64) {
        let problem = Problem { code: code.to_owned(), chain, first, last };
        if !self.report.problems.contains(&problem) {
            self.report.problems.push(problem);
        }
    }
}
