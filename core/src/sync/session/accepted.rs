//! An answer of this protocol: only what verifies counts.

use super::answer::PATIENCE;
use super::outcomes::by_chain;
use super::{Alarm, End, Flight, State, SyncSession};
use crate::base::{Bug, Digest, Reading, ServerSample, planted};
use crate::log::{Checkpoint, Holdings, Pulled, SiteRoot, merkle};
use crate::sync::message::Response;
use crate::sync::wire::WireError;

impl SyncSession {
    /// Takes an answer in.
    pub(super) fn accepted<H: Holdings>(
        &mut self,
        flight: &Flight,
        body: &[u8],
        at: Reading,
        holdings: &mut H,
    ) -> Result<(), H::Error> {
        let response = match Response::from_bytes(body) {
            Ok(response) => response,
            Err(error) => {
                self.over(match error {
                    WireError::Version(_) => End::UpgradeNeeded,
                    _ => End::NotHq,
                });
                return Ok(());
            }
        };
        self.pace.success();
        self.stale = false;
        self.report.nonce = Some(response.nonce);
        self.report.backup = response.backup.or(self.report.backup);
        self.report.sample = sample(&response, flight.at, at).or(self.report.sample);
        let pulled = holdings.pulled()?;
        // A phone that holds nothing yet knows no epoch; it takes over that of the first page it proves.
        let known = pulled.epoch != 0;
        let epoch = if known { pulled.epoch } else { response.epoch };
        let promised = holdings.promised()?.filter(|(of, _)| *of == epoch).map(|(_, root)| root);
        if known && response.epoch > pulled.epoch {
            return self.restored(flight, &response, &pulled, promised, holdings);
        }
        let least = promised.as_ref().map_or(0, |root| root.size).max(pulled.peaks.size());
        if response.epoch < pulled.epoch || response.size < least {
            self.went_back(&response);
            return Ok(());
        }
        self.promised.extend(promised.map(|root| (root.size, root.root)));
        self.take(flight, &response, pulled, holdings)
    }

    /// The server says it has less than it had: an alarm if it signed that, nonsense otherwise.
    fn went_back(&mut self, response: &Response) {
        let signed = response.checkpoint.as_deref().and_then(|bytes| self.checkpoint(bytes, response.epoch));
        match signed {
            Some(checkpoint) if checkpoint.log.size == response.size => self.alarm(Alarm::WentBack, response),
            _ => self.over(End::Refused { code: "bad_answer".into() }),
        }
    }

    /// The answer of a server whose epoch we know.
    fn take<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        pulled: Pulled,
        holdings: &mut H,
    ) -> Result<(), H::Error> {
        self.note(response);
        if self.merge(flight, response, pulled, holdings)? {
            self.follow_up(flight, response, holdings)?;
        } else if !matches!(self.state, State::Over) {
            self.flaws += 1;
            self.again = true;
            self.offers.unsend(&flight.sent);
            if self.flaws > PATIENCE {
                self.over(End::Refused { code: "bad_answer".into() });
            }
        }
        Ok(())
    }

    /// The server was restored: what it lacks is offered again, whoever wrote it.
    fn restored<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        pulled: &Pulled,
        promised: Option<SiteRoot>,
        holdings: &mut H,
    ) -> Result<(), H::Error> {
        let signed = response.checkpoint.as_deref().and_then(|b| self.checkpoint(b, response.epoch));
        let (Some(_), Some(kept)) = (signed, response.restored) else {
            self.over(End::Refused { code: "bad_answer".into() });
            return Ok(());
        };
        let ours = match promised {
            _ if kept.size <= pulled.peaks.size() => root_at(kept.size, holdings)?,
            Some(promised) if kept.size < promised.size => None,
            Some(promised) if kept.size == promised.size => Some(promised.root),
            _ => {
                self.alarm(Alarm::Contradicts, response);
                return Ok(());
            }
        };
        if ours.is_some_and(|ours| ours != kept.root) {
            self.alarm(Alarm::Contradicts, response);
            return Ok(());
        }
        let heads =
            if planted(Bug::ClientCheckpoint) { holdings.heads()? } else { by_chain(&response.heads) };
        holdings.restored(response.epoch, kept.size, &heads)?;
        self.offers = super::Offers::default();
        self.promised.clear();
        self.beyond = None;
        self.again = true;
        let end = SiteRoot { size: kept.size, root: kept.root };
        let receipts = self.receipts(flight, response, end);
        holdings.confirm(&receipts)?;
        self.report.receipts += receipts.len() as u64;
        Ok(())
    }

    /// A checkpoint of this site and epoch, if it proves anything.
    pub(super) fn checkpoint(&self, bytes: &[u8], epoch: u32) -> Option<Checkpoint> {
        let ours = |c: &Checkpoint| c.site == self.config.site && c.epoch == epoch;
        Checkpoint::verify(bytes, &self.config.trust).ok().filter(ours)
    }
}

/// The root that the log held had at a size; none if a snapshot stands for more than that.
pub(super) fn root_at<H: Holdings>(size: u64, holdings: &H) -> Result<Option<Digest>, H::Error> {
    let base = holdings.stands_on()?;
    if size < base.size() {
        return Ok(None);
    }
    let ids = holdings.site_log(base.size(), size)?;
    let peaks = (base.size()..).zip(&ids).fold(base, |peaks, (at, id)| peaks.with(merkle::site_leaf(at, id)));
    Ok(Some(peaks.root()))
}

fn sample(response: &Response, sent: Reading, received: Reading) -> Option<ServerSample> {
    let rtt = received.mono - sent.mono;
    (sent.boot == received.boot && rtt >= 0).then_some(ServerSample {
        server: response.time,
        mono: received.mono,
        rtt,
        boot: received.boot,
    })
}
