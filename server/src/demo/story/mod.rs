//! What happens at the three sites, written down before it happens: a pure function of the seed.
//!
//! Every element comes up in the first five days, and again from time to time.

mod handover;
mod incident;
mod phrases;
mod round;
mod scribe;
mod shift;
mod step;
#[cfg(test)]
mod tests;
mod trouble;

use dutylog_core::base::Millis;

pub(super) use phrases::{DUTY_PHONE, SUGGESTION, said};
use scribe::Scribe;
pub(super) use step::{Conclusion, Deed, Slot, Step, Told, What, Window};

use super::world::Place;
use crate::clock::{HOUR, MINUTE};

/// How long a story of so many days is: from the first midnight until the last handover is over.
pub(super) const fn length(days: u32) -> Millis {
    days as Millis * 24 * HOUR + 8 * HOUR + 15 * MINUTE
}

/// The story from a midnight on, until some instant, in the order of time.
pub(super) fn write(places: &[Place], first: Millis, until: Millis, seed: u64) -> Vec<Step> {
    let mut steps: Vec<Step> = places
        .iter()
        .enumerate()
        .flat_map(|(site, place)| Scribe::new(place, site, first, until, seed).write())
        .filter(|step| step.at <= until)
        .collect();
    steps.sort_by_key(|step| step.at);
    steps
}

/// Something more at one site, after the story: a round that nobody planned, and what comes of it. `nth` keeps its records apart from all
/// others.
pub(super) fn errand(place: &Place, site: usize, now: Millis, nth: Slot, seed: u64) -> Vec<What> {
    let mut steps =
        Scribe::new(place, site, now - now.rem_euclid(24 * HOUR), Millis::MAX, seed).errand(now, nth);
    steps.sort_by_key(|step| step.at);
    steps.into_iter().map(|step| step.what).collect()
}
