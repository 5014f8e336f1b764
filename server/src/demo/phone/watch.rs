//! The clocks of a simulated phone.

use dutylog_core::base::{BootId, Millis, Reading};

/// Minutes east of UTC at all sites of the story.
const ZONE: i32 = 8 * 60;

/// A wall clock that may be wrong, and a monotonic clock that starts anew with each boot.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    error: Millis,
    boot: BootId,
    booted: Millis,
    latest: Millis,
}

impl Watch {
    /// A phone that was switched on at a time, with a clock that is wrong by so much.
    pub(super) const fn new(boot: BootId, at: Millis, error: Millis) -> Self {
        Self { error, boot, booted: at, latest: at }
    }

    /// What the clocks say at a true time. Time does not go back on a phone either.
    pub(super) fn read(&mut self, at: Millis) -> Reading {
        self.latest = self.latest.max(at);
        let (wall, mono) = (self.latest + self.error, self.latest - self.booted);
        Reading { wall, zone: ZONE, mono, boot: self.boot }
    }

    pub(super) fn reboot(&mut self, boot: BootId) {
        (self.boot, self.booted) = (boot, self.latest);
    }

    pub(super) fn move_by(&mut self, ms: Millis) {
        self.error += ms;
    }
}
