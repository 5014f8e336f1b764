//! Whatever happens to phones, network, clocks and headquarters: once everybody has heard of everything, all agree, and nothing that
//! was called saved is lost or doubled.

use std::sync::{Mutex, PoisonError};

use dutylog_core::sync::End;
use dutylog_tests::sim::{Fleet, Hazard, Met, Net, run, seeds};

/// As many as the gate wants; `DUTYLOG_SEEDS` says otherwise.
const SEEDS: u64 = 500;
/// So many seeds must have met every hazard; fewer may miss one by chance.
const TELLING: u64 = 50;

#[test]
fn every_seed_converges() {
    let met = Mutex::new(Met::default());
    let all = || met.lock().unwrap_or_else(PoisonError::into_inner);
    let tried = seeds::each(seeds::count(SEEDS), |seed| {
        let ran = run(seed);
        all().add(&ran.met);
    });
    let met = all();
    Hazard::ALL.into_iter().for_each(|hazard| eprintln!("{:>7} {hazard:?}", met.times(hazard)));
    if tried >= TELLING {
        assert_eq!(
            met.never(),
            [],
            "what no run has met, of {tried}: the simulation proves nothing about it"
        );
    }
}

#[test]
fn a_seed_tells_the_same_story_twice() {
    for seed in [3, 9] {
        assert_eq!(run(seed), run(seed), "seed {seed}");
    }
}

#[test]
fn a_phone_whose_database_was_destroyed_gets_everything_back() {
    for seed in 0..8 {
        let mut fleet = Fleet::new(seed, 2);
        for phone in [0, 1] {
            fleet.weather(phone, Net::Good);
            (0..20).for_each(|_| fleet.act(phone));
            assert_eq!(fleet.sync(phone), Some(End::CaughtUp), "seed {seed}");
        }
        assert_eq!(fleet.sync(0), Some(End::CaughtUp), "seed {seed}");
        let before = fleet.phones[0].app().heads().expect("heads");
        fleet.phones[0].lose_database();
        assert_eq!(fleet.sync(0), Some(End::CaughtUp), "seed {seed}");
        let after = fleet.phones[0].app().heads().expect("heads");
        assert!(
            before.iter().all(|head| after.iter().any(|held| held == head)),
            "seed {seed}: {before:?} {after:?}"
        );
        // And it goes on, under new numbers; whoever wants to sign in enrols once more.
        assert!(fleet.phones[0].ensure_chain() && fleet.raise(0), "seed {seed}");
        assert_eq!(fleet.sync(0), Some(End::CaughtUp), "seed {seed}");
    }
}
