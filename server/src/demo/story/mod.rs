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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::places;

    const MIDNIGHT: Millis = 1_772_294_400_000;

    fn story(days: u32, seed: u64) -> Vec<Step> {
        write(places(), MIDNIGHT, MIDNIGHT + length(days), seed)
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(format!("{:?}", story(6, 7)), format!("{:?}", story(6, 7)));
        assert_ne!(format!("{:?}", story(6, 7)), format!("{:?}", story(6, 8)));
    }

    type Element = (&'static str, fn(&What) -> bool);

    const ELEMENTS: [Element; 15] = [
        ("a round left out", |w| matches!(w, What::Phone(_, Deed::SkipRound(..)))),
        ("a checkpoint left out", |w| matches!(w, What::Phone(_, Deed::SkipCheckpoint(..)))),
        ("the rest is normal", |w| matches!(w, What::Phone(_, Deed::RestNormal(..)))),
        ("an incident from a check", |w| matches!(w, What::Phone(_, Deed::Raise(_, _, _, Some(_), _)))),
        ("a report by telephone", |w| matches!(w, What::Phone(_, Deed::ByPhone(..)))),
        ("a conflict settled", |w| matches!(w, What::Phone(_, Deed::SettlePlace(_)))),
        ("an incident closed", |w| matches!(w, What::Phone(_, Deed::Close(..)))),
        ("a handover accepted", |w| matches!(w, What::Phone(_, Deed::Accept(..)))),
        ("a lost answer", |w| matches!(w, What::Phone(_, Deed::Sync { lost_answer: true }))),
        ("an app restarted", |w| matches!(w, What::Phone(_, Deed::Restart))),
        ("a phone rebooted", |w| matches!(w, What::Phone(_, Deed::Reboot))),
        ("a clock moved", |w| matches!(w, What::Phone(_, Deed::MoveClock(_)))),
        ("a handover from phone to phone", |w| matches!(w, What::Pass { .. })),
        ("headquarters acknowledges", |w| matches!(w, What::HqAcknowledges(_))),
        ("headquarters comments", |w| matches!(w, What::HqComments(..))),
    ];

    #[test]
    fn every_element_comes_up_whatever_the_seed_and_however_many_days_from_five_on() {
        for (days, seed) in (5..=8).flat_map(|days| (0..100).map(move |seed| (days, seed))) {
            let steps = story(days, seed);
            for (what, is) in ELEMENTS {
                assert!(steps.iter().any(|step| is(&step.what)), "{days} days, seed {seed}: {what}");
            }
        }
    }
}
