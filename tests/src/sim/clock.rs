//! Clocks of phones: wrong by a minute or by fifty years, moved by hand, counted anew at each boot.

use dutylog_core::base::{BootId, Millis, Reading, random};

use super::Dice;

/// Fifty years, in milliseconds.
const FIFTY_YEARS: Millis = 50 * 365 * 24 * 3_600_000;

/// A phone's clocks, against the true time.
#[derive(Debug, Clone)]
pub struct PhoneClock {
    /// How far the wall clock is off.
    skew: Millis,
    /// The true time at which the phone was switched on.
    since: Millis,
    boot: BootId,
}

impl PhoneClock {
    /// A phone switched on at the true time `now`.
    pub fn started(now: Millis, dice: &mut Dice) -> Self {
        let mut clock = Self { skew: 0, since: now, boot: BootId(random(dice)) };
        clock.set(dice);
        clock
    }

    /// Somebody sets the wall clock: rightly, roughly, or to another half century.
    pub fn set(&mut self, dice: &mut Dice) {
        self.skew = match dice.below(10) {
            0..5 => dice.between(-90_000, 90_000),
            5..7 => dice.between(-3 * 3_600_000, 3 * 3_600_000),
            7 => FIFTY_YEARS,
            8 => -FIFTY_YEARS,
            _ => 0,
        };
    }

    /// How far the wall clock is off by decades, if it is: positive if it is ahead.
    #[must_use]
    pub fn decades_off(&self) -> Option<Millis> {
        (self.skew.abs() >= FIFTY_YEARS).then_some(self.skew)
    }

    /// The phone is switched off and on again.
    pub fn reboot(&mut self, now: Millis, dice: &mut Dice) {
        self.since = now;
        self.boot = BootId(random(dice));
    }

    /// What the clocks show at a true time.
    #[must_use]
    pub fn read(&self, now: Millis) -> Reading {
        Reading { wall: now + self.skew, zone: 480, mono: now - self.since, boot: self.boot }
    }
}
