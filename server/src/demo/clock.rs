//! The server's clock while history is made: lent by the story, and given back to the machine when it is over.

use std::sync::atomic::{AtomicI64, Ordering};

use dutylog_core::base::Millis;

use crate::clock::{Clock, SystemClock};

/// Stands for "not lent any more".
const GIVEN_BACK: Millis = Millis::MIN;

/// A clock whose hands the story moves, until it gives it back.
#[derive(Debug)]
pub(super) struct LentClock(AtomicI64);

impl LentClock {
    /// A clock that shows `now`.
    pub(super) const fn at(now: Millis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Moves the hands; never back.
    pub(super) fn set(&self, now: Millis) {
        self.0.fetch_max(now, Ordering::SeqCst);
    }

    /// From now on it shows the true time.
    pub(super) fn give_back(&self) {
        self.0.store(GIVEN_BACK, Ordering::SeqCst);
    }
}

impl Clock for LentClock {
    fn now_ms(&self) -> Millis {
        match self.0.load(Ordering::SeqCst) {
            GIVEN_BACK => SystemClock.now_ms(),
            lent => lent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hands_are_the_storys_until_given_back() {
        let clock = LentClock::at(1_000);
        clock.set(2_000);
        clock.set(1_500);
        assert_eq!(clock.now_ms(), 2_000);
        clock.give_back();
        assert!(clock.now_ms() > 1_700_000_000_000);
    }
}
