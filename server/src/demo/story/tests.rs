//! Whatever the seed and however many days: everything that the demonstration is to show comes up.

mod course;

use super::*;
use crate::demo::world::places;
use course::Course;

const MIDNIGHT: Millis = 1_772_294_400_000;

fn story(days: u32, seed: u64) -> Vec<Step> {
    write(places(), MIDNIGHT, MIDNIGHT + length(days), seed)
}

/// Stories of five days and more, each with its days and seed: every short one many times, long ones now and then.
fn stories() -> impl Iterator<Item = (u32, u64, Vec<Step>)> {
    let short = (5..=8).flat_map(|days| (0..100).map(move |seed| (days, seed)));
    let long = [14, 30, 31].into_iter().flat_map(|days| (0..4).map(move |seed| (days, seed)));
    short.chain(long).map(|(days, seed)| (days, seed, story(days, seed)))
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

type Turn<'s> = (&'static str, fn(&Course<'s>) -> bool);

/// What is seen only in the order of steps.
fn turns<'s>() -> [Turn<'s>; 7] {
    [
        ("an outage", Course::has_an_outage),
        ("a wrong clock", Course::has_a_wrong_clock),
        ("concurrent edits of one field", Course::has_concurrent_edits),
        ("a handover on one shared phone", Course::hands_over_on_a_shared_phone),
        ("a handover through the server", Course::hands_over_through_the_server),
        ("a handover between two phones without network", Course::hands_over_without_network),
        ("headquarters acknowledging", Course::is_acknowledged),
    ]
}

#[test]
fn every_element_comes_up_whatever_the_seed_and_however_many_days_from_five_on() {
    for (days, seed, steps) in stories() {
        for (what, is) in ELEMENTS {
            assert!(steps.iter().any(|step| is(&step.what)), "{days} days, seed {seed}: {what}");
        }
        let courses: Vec<_> = (0..places().len()).map(|site| Course::of(&steps, site)).collect();
        for (what, takes) in turns() {
            assert!(courses.iter().any(takes), "{days} days, seed {seed}: {what}");
        }
    }
}

#[test]
fn six_phones_and_more_take_part_and_some_of_their_clocks_are_wrong_from_the_start() {
    let phones: Vec<_> = places().iter().flat_map(|place| place.phones).collect();
    assert!(phones.len() >= 6 && phones.iter().any(|phone| phone.clock_error != 0));
}
