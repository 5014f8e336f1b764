//! Beginning with a snapshot: asked for once, by whoever holds nothing. Whatever comes of it, the ordinary pages follow.

use super::{Begun, End, Failure, Flight, Lent, SNAPSHOT_TYPE, SyncSession};
use crate::log::{Holdings, TakenOver};
use crate::sync::auth::{NONCE_HEADER, nonce_from_header};

/// How often a snapshot is asked for over a connection that breaks: pages come in smaller pieces.
const TRIES: u32 = 2;

/// How far asking for a snapshot has come.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    over: bool,
    broken: u32,
}

impl Snapshot {
    /// Whether one may still be asked for.
    pub(super) fn due(&self) -> bool {
        !self.over && self.broken < TRIES
    }

    /// Takes note of a request that failed.
    pub(super) fn failed(&mut self, asked: bool, failure: Failure) {
        self.broken += u32::from(asked && failure == Failure::Interrupted);
    }
}

impl SyncSession {
    /// What came in place of a snapshot's request.
    pub(super) fn digest_snapshot<H: Holdings>(
        &mut self,
        flight: &Flight,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
        holdings: &mut H,
        lent: &mut Lent<'_>,
    ) -> Result<(), H::Error> {
        let header = |name: &str| {
            headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
        };
        match (status, header("content-type")) {
            (200, Some(SNAPSHOT_TYPE)) => {
                self.report.nonce = header(NONCE_HEADER).and_then(nonce_from_header).or(self.report.nonce);
                self.pace.success();
                self.stale = false;
                self.snapshot.over = true;
                self.report.begun = match holdings.take_over(body)? {
                    TakenOver::Taken => Begun::Snapshot,
                    TakenOver::NotEmpty => Begun::Log,
                    TakenOver::Unproven => Begun::NotProven,
                };
            }
            (200..400, _) => self.over(End::NotHq),
            // It has none to give: the log itself will do.
            (404, _) if header(NONCE_HEADER).is_some() => {
                self.report.nonce = header(NONCE_HEADER).and_then(nonce_from_header).or(self.report.nonce);
                self.stale = false;
                self.snapshot.over = true;
            }
            _ => self.refused(flight, status, headers, lent),
        }
        Ok(())
    }
}
