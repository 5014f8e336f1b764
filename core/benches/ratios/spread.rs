//! How times are spread.

use std::time::Duration;

use serde::Serialize;

/// p50, p99 and mean of some times, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    /// The median.
    pub p50: f64,
    /// What 99 of 100 stay under.
    pub p99: f64,
    /// The mean.
    pub(crate) mean: f64,
}

impl Spread {
    /// Of at least one time.
    pub(crate) fn of(times: &[Duration]) -> Self {
        let mut micros: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
        micros.sort_by(f64::total_cmp);
        let rank = |percent: usize| micros[(micros.len() * percent).div_ceil(100) - 1];
        Self {
            p50: rank(50),
            p99: rank(99),
            mean: times.iter().sum::<Duration>().as_secs_f64() * 1e6 / count(times),
        }
    }

    /// Each figure divided by the other's.
    pub(crate) fn over(&self, other: &Self) -> Self {
        Self { p50: self.p50 / other.p50, p99: self.p99 / other.p99, mean: self.mean / other.mean }
    }

    /// The median of each figure.
    pub(crate) fn median(spreads: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(spreads.iter().map(figure).collect());
        Self { p50: of(|s| s.p50), p99: of(|s| s.p99), mean: of(|s| s.mean) }
    }
}

fn count(times: &[Duration]) -> f64 {
    f64::from(u32::try_from(times.len()).expect("fewer than 2^32 times are taken"))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
