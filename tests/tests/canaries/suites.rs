//! Each planted bug in the whole gate: an ordinary test, written for what the product promises and not for the bug, turns red. It runs as
//! it always does, in a process of its own that `DUTYLOG_PLANT` gives the bug.

use std::collections::BTreeSet;
use std::process::Command;

use dutylog_core::base::Bug;
use dutylog_gate::root;

/// An ordinary test: its target and its name.
type Suite = (&'static str, &'static str);

const CONVERGENCE: Suite = ("convergence", "every_seed_converges");

/// Which ordinary test notices which bug; `tests/README.md` tells the same.
const NOTICED_BY: [(Bug, Suite); 13] = [
    (Bug::AckBeforeCommit, CONVERGENCE),
    (Bug::SkipPrev, ("hostile", "chain::what_follows_nothing_that_is_held_is_a_gap")),
    (Bug::LenientVerify, ("hostile", "enrolment::a_key_that_proves_nothing_is_not_enrolled")),
    (Bug::ReuseSequence, CONVERGENCE),
    (Bug::ClientCheckpoint, ("live", "restore::nothing_is_lost_and_hq_does_not_contradict_itself")),
    (Bug::ApplyOutOfOrder, ("hostile", "chain::a_gap_names_what_is_held")),
    (Bug::OverwriteFork, CONVERGENCE),
    (Bug::LastWriterWins, CONVERGENCE),
    (Bug::TrustStatus, CONVERGENCE),
    (Bug::TrailingBytes, ("hostile", "form::what_is_not_canonical_is_told_by_its_numbers")),
    (Bug::ReceiptBeforeCommit, ("hostile", "delivery::without_a_commit_there_is_no_receipt")),
    (Bug::MissingSiteFilter, ("hostile", "rights::another_sites_door_looks_like_no_door_at_all")),
    (Bug::StopOnOpaque, CONVERGENCE),
];

/// Seeds in which a bug must show.
const SEEDS: &str = "40";

/// Whether a test passes, in a process of its own.
///
/// # Panics
/// If it did not run to its end, one way or the other.
fn passes((target, test): Suite, bug: Option<Bug>) -> bool {
    let planted = bug.map(|bug| format!("{bug:?}")).unwrap_or_default();
    let ended = Command::new(env!("CARGO"))
        .args(["test", "--workspace", "--features", "dutylog-tests/canary", "--test", target])
        .args(["--", "--exact", test])
        .envs([("DUTYLOG_PLANT", planted.as_str()), ("DUTYLOG_SEEDS", SEEDS)])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    let said = [&ended.stdout[..], &ended.stderr[..]].map(String::from_utf8_lossy).concat();
    let passed = said.contains(&format!("test {test} ... ok"));
    let failed = said.contains(&format!("test {test} ... FAILED"));
    assert!(passed != failed && ended.status.success() == passed, "{test} with {bug:?}:\n{said}");
    passed
}

#[test]
fn every_planted_bug_turns_an_ordinary_test_red() {
    let suites: BTreeSet<Suite> = NOTICED_BY.iter().map(|(_, suite)| *suite).collect();
    let broken: Vec<_> = suites.into_iter().filter(|suite| !passes(*suite, None)).collect();
    assert_eq!(broken, [], "red without any bug");
    let unnoticed: Vec<_> = NOTICED_BY.iter().filter(|(bug, suite)| passes(*suite, Some(*bug))).collect();
    assert!(unnoticed.is_empty(), "not noticed: {unnoticed:?}");
}

#[test]
fn the_table_names_every_bug_once_and_the_readme_tells_the_same() {
    let named: BTreeSet<Bug> = NOTICED_BY.iter().map(|(bug, _)| *bug).collect();
    assert_eq!((named.len(), named), (NOTICED_BY.len(), BTreeSet::from(Bug::ALL)));
    let readme = std::fs::read_to_string(root().join("tests/README.md")).expect("it is there");
    for (bug, (target, test)) in NOTICED_BY {
        let row = format!("| `{bug:?}` | `{target}` `{test}` |");
        assert!(readme.contains(&row), "tests/README.md lacks: {row}");
    }
}
