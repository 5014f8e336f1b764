//! Digesting what came back, or did not.

use std::collections::BTreeMap;

use super::offer::Sent;
use super::{Alarm, End, Event, Failure, Flight, Lent, State, SyncSession};
use crate::base::{Bug, ChainId, Digest, Reading, ServerSample, planted};
use crate::log::{Checkpoint, Head, Holdings, Pulled, Receipt, SiteRoot, merkle};
use crate::sync::auth::{CODE_HEADER, NONCE_HEADER, nonce_from_header};
use crate::sync::message::{Outcome, OutcomeKind, Response};
use crate::sync::wire::WireError;

/// How often a stretch is sent again, or a senseless answer asked for again, before going on without.
pub(super) const PATIENCE: u32 = 3;

impl SyncSession {
    pub(super) fn digest<H: Holdings>(
        &mut self,
        event: Event,
        holdings: &mut H,
        lent: &mut Lent<'_>,
    ) -> Result<(), H::Error> {
        match event {
            Event::Failed { flight, failure } => {
                self.snapshot.failed(flight.snapshot, failure);
                if failure == Failure::Interrupted {
                    self.pace.shrink(flight.sent.len());
                }
                self.pause(&flight, None, lent);
                Ok(())
            }
            Event::Answered { flight, status, headers, body, at } => {
                self.report.bytes_down += body.len() as u64;
                if flight.snapshot {
                    return self.digest_snapshot(&flight, status, &headers, &body, holdings, lent);
                }
                if planted(Bug::TrustStatus) && status == 200 {
                    confirm_unseen(&flight, self.config.site, holdings)?;
                }
                if is_answer(status, &headers) {
                    return self.accepted(&flight, &body, at, holdings);
                }
                self.refused(&flight, status, &headers, lent);
                Ok(())
            }
        }
    }

    /// Waits before the same is tried again.
    fn pause(&mut self, flight: &Flight, retry_after: Option<&str>, lent: &mut Lent<'_>) {
        self.offers.unsend(&flight.sent);
        let pause = match retry_after {
            Some(asked) => self.pace.asked(asked, lent.entropy),
            None => self.pace.pause(lent.entropy),
        };
        match pause.and_then(|ms| i64::try_from(ms).ok()) {
            Some(ms) => self.state = State::Waiting { until: lent.now.mono + ms, boot: lent.now.boot },
            None => self.over(End::Unreachable),
        }
    }

    pub(super) fn refused(
        &mut self,
        flight: &Flight,
        status: u16,
        headers: &[(String, String)],
        lent: &mut Lent<'_>,
    ) {
        let header = |name: &str| {
            headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
        };
        let nonce = header(NONCE_HEADER).and_then(nonce_from_header);
        self.report.nonce = nonce.or(self.report.nonce);
        match (status, header(CODE_HEADER)) {
            (401, Some("stale_nonce") | None) if !self.stale && nonce.is_some() => {
                self.stale = true;
                self.offers.unsend(&flight.sent);
            }
            (401, None) if header(NONCE_HEADER).is_some() => {
                self.over(End::Refused { code: "stale_nonce".into() });
            }
            (426, Some(_)) => self.over(End::UpgradeNeeded),
            (429 | 503, _) => self.pause(flight, header("retry-after"), lent),
            (500.., _) if status != 511 => {
                self.pace.shrink(flight.sent.len());
                self.pause(flight, None, lent);
            }
            (400 | 413 | 422, Some(code)) if !flight.sent.is_empty() => self.indigestible(flight, code),
            (_, Some(code)) => self.over(End::Refused { code: code.to_owned() }),
            (_, None) => self.over(End::NotHq),
        }
    }

    /// The server could make nothing of the whole push: smaller ones, down to the segment that is to blame.
    fn indigestible(&mut self, flight: &Flight, code: &str) {
        self.offers.unsend(&flight.sent);
        self.pace.shrink(flight.sent.len());
        if let [segment] = flight.sent[..] {
            self.offers.give_up(segment.chain);
            self.problem(code, segment.chain, segment.first, segment.last);
        }
    }

    /// An answer of this protocol: but only what verifies counts.
    fn accepted<H: Holdings>(
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

    /// Notes what became of segments that the server took.
    fn note(&mut self, response: &Response) {
        for outcome in &response.outcomes {
            let Outcome { chain, kind, first, last } = *outcome;
            match kind {
                OutcomeKind::Gap | OutcomeKind::Refused(_) => {}
                OutcomeKind::HeldForReview if self.reviewed.insert((chain, first, last)) => {
                    self.report.held += (last + 1).saturating_sub(first);
                }
                OutcomeKind::HeldForReview => {}
                _ => self.problem(kind.code(), chain, first, last),
            }
        }
    }

    /// Sends again what the server could not take.
    fn follow_up<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        holdings: &H,
    ) -> Result<(), H::Error> {
        let heads = by_chain(&response.heads);
        for outcome in &response.outcomes {
            match outcome.kind {
                OutcomeKind::Gap if !planted(Bug::ClientCheckpoint) => {
                    self.gap(outcome, &flight.sent, heads.get(&outcome.chain), holdings)?;
                }
                OutcomeKind::Refused(_) => self.send_again(outcome, &flight.sent),
                _ => {}
            }
        }
        Ok(())
    }

    /// The server lacks what comes before: go on after the newest of its heads that is held here too.
    fn gap<H: Holdings>(
        &mut self,
        gap: &Outcome,
        sent: &[Sent],
        heads: Option<&Vec<Head>>,
        holdings: &H,
    ) -> Result<(), H::Error> {
        let mut after: Option<Head> = None;
        for head in heads.into_iter().flatten() {
            if holdings.segment(&head.segment)?.is_some() {
                after = after.max(Some(*head));
            }
        }
        if self.offers.asked(gap.chain, 0) >= PATIENCE {
            self.offers.give_up(gap.chain);
            self.problem(gap.kind.code(), gap.chain, gap.last + 1, gap.last + 1);
            return Ok(());
        }
        let again: Vec<_> = sent.iter().filter(|s| s.chain == gap.chain).map(|s| s.id).collect();
        self.offers.resume(gap.chain, after.map(|head| head.segment), &again);
        Ok(())
    }

    /// A segment was refused: it is sent once more, in case it was hurt on the way; then the rest goes on without it.
    fn send_again(&mut self, refused: &Outcome, sent: &[Sent]) {
        let segment = sent.iter().find(|s| s.chain == refused.chain && s.first == refused.first);
        match segment {
            Some(segment) if self.offers.asked(refused.chain, refused.first) == 1 => {
                // The first segment of a chain follows nothing that is held.
                let before = (segment.first > 1).then_some(segment.prev);
                self.offers.resume(segment.chain, before, &[segment.id]);
            }
            _ => self.problem(refused.kind.code(), refused.chain, refused.first, refused.last),
        }
    }
}

/// Whether the body is an answer of this protocol: the status tells the gravest of it, the body tells it all.
fn is_answer(status: u16, headers: &[(String, String)]) -> bool {
    let ours = |(name, value): &(String, String)| {
        name.eq_ignore_ascii_case("content-type") && value == super::CONTENT_TYPE
    };
    status == 200 || headers.iter().any(ours)
}

/// The planted bug: what was sent counts as received because the status says so.
fn confirm_unseen<H: Holdings>(
    flight: &Flight,
    site: crate::base::SiteId,
    holdings: &mut H,
) -> Result<(), H::Error> {
    let log = SiteRoot { size: 0, root: Digest::default() };
    for s in &flight.sent {
        let head = Head { seq: s.last, segment: s.id };
        let receipt = Receipt { site, epoch: 0, chain: s.chain, head, log, received: 0 };
        holdings.confirm(&[(receipt, Vec::new())])?;
    }
    Ok(())
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

fn by_chain(heads: &[(ChainId, Head)]) -> BTreeMap<ChainId, Vec<Head>> {
    heads.iter().fold(BTreeMap::new(), |mut map, (chain, head)| {
        map.entry(*chain).or_insert_with(Vec::new).push(*head);
        map
    })
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
