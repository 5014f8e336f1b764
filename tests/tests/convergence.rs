//! Whatever happens to phones, network, clocks and headquarters: once everybody has heard of everything, all agree, and nothing that
//! was called saved is lost or doubled.

use dutylog_tests::sim::{run, seeds};

/// As many as the gate wants; `DUTYLOG_SEEDS` says otherwise.
const SEEDS: u64 = 500;

#[test]
fn every_seed_converges() {
    seeds::each(seeds::count(SEEDS), |seed| {
        run(seed);
    });
}

#[test]
fn a_seed_tells_the_same_story_twice() {
    for seed in [3, 9] {
        assert_eq!(run(seed), run(seed), "seed {seed}");
    }
}
