//! Budgets per device: a token bucket that fills with time. Per device, because a whole crew may sit behind one address.

use dutylog_core::base::Millis;

use crate::ledger::Level;

/// How much of something a device may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How it is named in tables.
    pub name: &'static str,
    /// How many units it holds when full.
    pub burst: i64,
    /// How many units it gains in an hour.
    pub per_hour: i64,
}

/// Pushes of a device in good standing.
pub const PUSHES: Budget = Budget { name: "pushes", burst: 20, per_hour: 60 * 60 };
/// Pushes of a revoked device, which may only drop things off.
pub const DROPS: Budget = Budget { name: "drops", burst: 10, per_hour: 10 };
/// Bytes a revoked device may drop off.
pub const DROPPED_BYTES: Budget =
    Budget { name: "dropped_bytes", burst: 5 * 1024 * 1024, per_hour: 5 * 1024 * 1024 };

const HOUR: i128 = 60 * 60 * 1000;

impl Budget {
    /// Takes `cost` units from what is left.
    ///
    /// # Errors
    /// In how many seconds there will be enough. A cost above the burst is allowed when the bucket is full, so that nothing is too
    /// large for ever; the debt is worked off.
    pub fn spend(&self, left: Option<Level>, cost: i64, now: Millis) -> Result<Level, u32> {
        let missing = (i128::from(cost) * 1000).min(self.full()) - self.before(left, now);
        if missing > 0 {
            let thousandths_per_hour = i128::from(self.per_hour) * 1000 * 1000;
            let wait = (missing * HOUR + thousandths_per_hour - 1) / thousandths_per_hour;
            return Err(u32::try_from(wait).unwrap_or(u32::MAX));
        }
        Ok(self.charge(left, cost, now))
    }

    /// Takes `cost` units, whether there are enough or not.
    #[must_use]
    pub fn charge(&self, left: Option<Level>, cost: i64, now: Millis) -> Level {
        let after = self.before(left, now) - i128::from(cost) * 1000;
        Level { thousandths: i64::try_from(after).unwrap_or(i64::MIN), at: now }
    }

    /// Whether nothing is missing any more.
    #[must_use]
    pub fn is_full(&self, level: Level, now: Millis) -> bool {
        self.refilled(level, now) == self.full()
    }

    fn full(&self) -> i128 {
        i128::from(self.burst) * 1000
    }

    fn before(&self, left: Option<Level>, now: Millis) -> i128 {
        left.map_or(self.full(), |level| self.refilled(level, now))
    }

    /// What is left now. A clock that went back fills nothing.
    fn refilled(&self, level: Level, now: Millis) -> i128 {
        let passed = i128::from(now.saturating_sub(level.at).max(0));
        let gained = passed * i128::from(self.per_hour) * 1000 / HOUR;
        (i128::from(level.thousandths) + gained).min(self.full())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_free_then_time_pays() {
        let mut left = None;
        for _ in 0..DROPS.burst {
            left = Some(DROPS.spend(left, 1, 0).expect("within the burst"));
        }
        assert_eq!(DROPS.spend(left, 1, 0), Err(360));
        assert!(DROPS.spend(left, 1, 359_000).is_err());
        assert!(DROPS.spend(left, 1, 360_000).is_ok());
    }

    #[test]
    fn a_clock_that_went_back_neither_fills_nor_locks() {
        let left = Some(DROPS.spend(None, 5, 1_000_000).expect("within the burst"));
        assert!(DROPS.spend(left, 5, 0).is_ok());
        assert!(DROPS.spend(left, 6, 0).is_err());
    }

    #[test]
    fn what_is_larger_than_the_bucket_passes_when_it_is_full() {
        let left = DROPS.spend(None, 25, 0).expect("the bucket is full");
        assert!(DROPS.spend(Some(left), 1, 0).is_err());
        assert!(DROPS.spend(Some(left), 1, i64::MAX).is_ok());
    }
}
