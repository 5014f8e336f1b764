//! How large the pieces are and how long the pauses.

use crate::base::{Entropy, random};

/// Unpacked bytes of a page: to begin with, at least, at most.
const PAGE: (u64, u64, u64) = (256 << 10, 16 << 10, crate::sync::frame::MAX_UNPACKED as u64);
/// Failures in a row before a session gives up.
const MAX_FAILURES: u32 = 8;
/// The first pause is at most this, each following at most twice the one before.
const FIRST_PAUSE_MS: u64 = 1_000;
/// The longest pause.
const MAX_PAUSE_MS: u64 = 600_000;

/// Sizes and pauses.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    pub(super) page: u64,
    /// Segments in one push.
    pub(super) push: usize,
    failures: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { page: PAGE.0, push: usize::MAX, failures: 0 }
    }
}

impl Pace {
    /// An answer came through.
    pub(super) fn success(&mut self) {
        self.failures = 0;
        self.page = (self.page * 2).min(PAGE.2);
        self.push = self.push.saturating_mul(2);
    }

    /// Smaller pieces from now on.
    pub(super) fn shrink(&mut self, sent: usize) {
        self.page = (self.page / 2).max(PAGE.1);
        if sent > 0 {
            self.push = (sent / 2).max(1);
        }
    }

    /// How long to pause after a failure: anything up to a limit that doubles; none if there were too many.
    pub(super) fn pause(&mut self, entropy: &mut dyn Entropy) -> Option<u64> {
        self.failures += 1;
        if self.failures > MAX_FAILURES {
            return None;
        }
        let limit = (FIRST_PAUSE_MS << (self.failures - 1)).min(MAX_PAUSE_MS);
        Some(u64::from_le_bytes(random(entropy)) % (limit + 1))
    }

    /// How long the server asked to wait: seconds, within reason.
    pub(super) fn asked(&mut self, retry_after: &str, entropy: &mut dyn Entropy) -> Option<u64> {
        let pause = self.pause(entropy)?;
        Some(retry_after.trim().parse::<u64>().map_or(pause, |s| s.saturating_mul(1_000).min(MAX_PAUSE_MS)))
    }
}
