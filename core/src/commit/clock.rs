//! What the phone's clocks prove. The wall clock is a claim; boots, the monotonic clock and comparisons with the server say
//! how good a claim it is.

use crate::base::{Millis, Reading, ServerSample};
use crate::log::{ClockEvidence, Quality};

/// A wall clock that moved by more than this against the monotonic clock was moved by somebody.
pub const JUMP: i64 = 2 * 60 * 1000;

/// The hybrid clock is never pulled ahead by others by more than this.
pub const MAX_PULL: i64 = 10 * 60 * 1000;

/// What the phone remembers between readings; kept in its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClockWatch {
    /// The reading before.
    pub last: Option<Reading>,
    /// The last comparison with the server.
    pub sample: Option<ServerSample>,
    /// The wall clock was moved since that comparison.
    pub moved: bool,
    /// The hybrid clock: the newest time given out or heard of.
    pub hlc: (Millis, u32),
}

/// What a reading changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// The evidence for a segment that starts now.
    pub evidence: ClockEvidence,
    /// Whether the open segment must be sealed first, because its header's evidence no longer covers what comes.
    pub breaks: bool,
    /// By how much the wall clock was moved since the reading before, if it was.
    pub jump: Option<i64>,
}

impl ClockWatch {
    /// Takes in a reading.
    pub fn observe(&mut self, now: Reading) -> Observed {
        let jump = self.last.and_then(|last| jump(&last, &now));
        let breaks = self.last.is_some_and(|last| last.boot != now.boot || last.zone != now.zone);
        self.moved |= jump.is_some();
        self.last = Some(now);
        self.tick(self.corrected(now));
        Observed { evidence: self.evidence(now), breaks: breaks || jump.is_some(), jump }
    }

    /// Takes in a comparison with the server. The open segment must be sealed, for what follows has better evidence.
    pub fn compared(&mut self, sample: ServerSample) {
        self.sample = Some(sample);
        self.moved = false;
    }

    /// Takes in another participant's hybrid time; a wild one pulls at most [`MAX_PULL`] ahead.
    pub fn heard(&mut self, hlc: (Millis, u32), now: Reading) {
        let most = self.corrected(now).saturating_add(MAX_PULL);
        self.hlc = self.hlc.max((hlc.0.min(most), hlc.1));
    }

    /// The best this phone knows of the true time.
    #[must_use]
    pub fn corrected(&self, now: Reading) -> Millis {
        match self.sample {
            Some(s) if s.boot == now.boot => s.server.saturating_add(now.mono.saturating_sub(s.mono)),
            _ => now.wall,
        }
    }

    fn tick(&mut self, physical: Millis) {
        self.hlc =
            if physical > self.hlc.0 { (physical, 0) } else { (self.hlc.0, self.hlc.1.saturating_add(1)) };
    }

    fn quality(&self, now: Reading) -> Quality {
        match self.sample {
            None => Quality::Unchecked,
            Some(_) if self.moved => Quality::Moved,
            Some(sample) if sample.boot == now.boot => Quality::Sampled,
            Some(_) => Quality::Rebooted,
        }
    }

    /// What a segment that begins now can say of its clocks.
    #[must_use]
    pub fn evidence(&self, now: Reading) -> ClockEvidence {
        ClockEvidence {
            wall: now.wall,
            zone: now.zone,
            hlc: self.hlc.0,
            hlc_counter: self.hlc.1,
            mono: now.mono,
            boot: now.boot,
            quality: self.quality(now),
            sample: self.sample,
        }
    }
}

/// By how much the wall clock moved against the monotonic clock within one boot; across boots only a step back can be told.
fn jump(last: &Reading, now: &Reading) -> Option<i64> {
    let walled = now.wall.saturating_sub(last.wall);
    let drift = if last.boot == now.boot {
        walled.saturating_sub(now.mono.saturating_sub(last.mono))
    } else {
        walled.min(0)
    };
    (drift.saturating_abs() > JUMP).then_some(drift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BootId;

    fn reading(wall: i64, mono: i64, boot: u8) -> Reading {
        Reading { wall, zone: 480, mono, boot: BootId([boot; 8]) }
    }

    fn sample(server: i64, mono: i64, boot: u8) -> ServerSample {
        ServerSample { server, mono, rtt: 80, boot: BootId([boot; 8]) }
    }

    #[test]
    fn quality_follows_what_happened_to_the_clock() {
        let mut watch = ClockWatch::default();
        assert_eq!(watch.observe(reading(1_000_000, 0, 1)).evidence.quality, Quality::Unchecked);
        watch.compared(sample(1_000_000, 0, 1));
        assert_eq!(watch.observe(reading(1_001_000, 1_000, 1)).evidence.quality, Quality::Sampled);
        let moved = watch.observe(reading(1_001_000 - 3 * 3_600_000, 2_000, 1));
        assert_eq!((moved.evidence.quality, moved.breaks), (Quality::Moved, true));
        watch.compared(sample(1_100_000, 3_000, 1));
        let rebooted = watch.observe(reading(1_101_000, 5, 2));
        assert_eq!((rebooted.evidence.quality, rebooted.breaks), (Quality::Rebooted, true));
    }

    #[test]
    fn the_true_time_is_told_from_the_server_whatever_the_wall_says() {
        let mut watch = ClockWatch::default();
        watch.compared(sample(5_000_000, 1_000, 1));
        assert_eq!(watch.corrected(reading(99, 61_000, 1)), 5_060_000);
    }

    #[test]
    fn a_clock_in_2099_pulls_nobody_far_ahead() {
        let mut watch = ClockWatch::default();
        let now = reading(1_000_000, 0, 1);
        watch.observe(now);
        watch.heard((4_070_908_800_000, 7), now);
        assert_eq!(watch.hlc.0, 1_000_000 + MAX_PULL);
    }
}
