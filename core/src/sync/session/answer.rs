//! Digesting what came back, or did not.

use super::{End, Event, Failure, Flight, Lent, State, SyncSession};
use crate::base::{Bug, Digest, planted};
use crate::log::{Head, Holdings, Receipt, SiteRoot};
use crate::sync::auth::{CODE_HEADER, NONCE_HEADER, nonce_from_header};

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
