//! Each planted bug alone: a check made for it fails with the bug, and holds without it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use dutylog_core::base::{Bug, plant};
use dutylog_core::capture::Intent;
use dutylog_core::log::{PublicKey, SealError, Segment, Signature, scan};
use dutylog_core::records::Kind;
use dutylog_core::records::incident::{IncidentKind, KIND};
use dutylog_core::testing::Author;
use dutylog_server::ingest::{Outcome, Refusal};
use dutylog_tests::sim::{Fleet, check, heal, run, seeds};

/// Seeds in which a bug must show.
const SEEDS: u64 = 40;

/// The switch is one for the whole process.
static SWITCH: Mutex<()> = Mutex::new(());

/// That a check fails with the bug, and holds without it.
fn noticed(bug: Bug, check: impl Fn()) {
    let _alone = SWITCH.lock().unwrap_or_else(PoisonError::into_inner);
    plant(Some(bug));
    let with = catch_unwind(AssertUnwindSafe(&check));
    plant(None);
    assert!(with.is_err(), "{bug:?} is not noticed");
    check();
}

/// That some seed fails with the bug, and the first of them holds without it.
fn noticed_by_seeds(bug: Bug) {
    let _alone = SWITCH.lock().unwrap_or_else(PoisonError::into_inner);
    plant(Some(bug));
    let failed = seeds::failing(SEEDS, |seed| {
        run(seed);
    });
    plant(None);
    let Some((seed, why)) = failed.first() else { panic!("{bug:?} is not noticed in {SEEDS} seeds") };
    eprintln!("{bug:?}: seed {seed}: {why}");
    run(*seed);
}

fn incident(author: &mut Author) -> Segment {
    author.record(Intent::creating(Kind::IncidentRaised).set(KIND, &IncidentKind::Fire).done());
    author.seal()
}

fn gap(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(Refusal::Gap { .. }))
}

#[test]
fn saying_saved_before_the_commit() {
    noticed_by_seeds(Bug::AckBeforeCommit);
}

#[test]
fn going_on_with_a_chain_after_a_restore() {
    noticed_by_seeds(Bug::ReuseSequence);
}

#[test]
fn overwriting_a_branch_of_a_fork() {
    noticed_by_seeds(Bug::OverwriteFork);
}

#[test]
fn deciding_by_the_clock() {
    noticed_by_seeds(Bug::LastWriterWins);
}

#[test]
fn trusting_a_status() {
    noticed_by_seeds(Bug::TrustStatus);
}

#[test]
fn not_checking_what_a_segment_follows() {
    noticed(Bug::SkipPrev, || {
        let mut fleet = Fleet::new(1, 0);
        let mut author = fleet.server.author();
        let first = incident(&mut author);
        let mut copy = author.clone();
        copy.wall += 5_000;
        let (_unseen, after) = (incident(&mut author), incident(&mut author));
        let other = incident(&mut copy);
        let outcomes = fleet.server.push(first.key, vec![first, other, after], fleet.now);
        assert!(gap(&outcomes[2]), "{:?}", outcomes[2]);
    });
}

#[test]
fn applying_out_of_order() {
    noticed(Bug::ApplyOutOfOrder, || {
        let mut fleet = Fleet::new(1, 0);
        let mut author = fleet.server.author();
        let (first, _unseen, third) = (incident(&mut author), incident(&mut author), incident(&mut author));
        let outcomes = fleet.server.push(first.key, vec![first, third], fleet.now);
        assert!(gap(&outcomes[1]), "{:?}", outcomes[1]);
    });
}

#[test]
fn verifying_leniently() {
    // Under the neutral point as the key, this one signature is good for every message.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    noticed(Bug::LenientVerify, || {
        let verified = PublicKey(neutral).verify(b"anything", &Signature(signature));
        assert_eq!(verified, Err(SealError::WeakKey));
    });
}

#[test]
fn accepting_bytes_after_the_end() {
    noticed(Bug::TrailingBytes, || assert!(scan(&[0x80, 0x80]).is_err()));
}

#[test]
fn resuming_from_the_phones_own_mark() {
    noticed(Bug::ClientCheckpoint, || {
        let mut fleet = Fleet::new(2, 2);
        assert!(fleet.raise(0));
        fleet.sync(0);
        let backup = fleet.server.back_up();
        for _ in 0..3 {
            assert!(fleet.raise(0));
            fleet.sync(0);
        }
        fleet.server.restore(&backup);
        heal(&mut fleet);
        check::all(&mut fleet);
    });
}

#[test]
fn signing_a_receipt_before_the_commit() {
    noticed(Bug::ReceiptBeforeCommit, || {
        let mut fleet = Fleet::new(1, 0);
        let segment = incident(&mut fleet.server.author());
        fleet.server.break_commits();
        let outcomes = fleet.server.try_push(vec![segment.clone()], fleet.now).unwrap_or_default();
        let promised = outcomes.iter().any(|outcome| outcome.receipt().is_some());
        let held = fleet.server.log().iter().any(|stored| stored.segment.header.id() == segment.header.id());
        assert!(held || !promised, "a receipt for what is not there");
    });
}

#[test]
fn leaving_the_site_out_of_a_query() {
    noticed(Bug::MissingSiteFilter, || {
        let mut fleet = Fleet::new(1, 0);
        let id = fleet.server.log()[0].segment.header.id();
        assert!(!fleet.server.leaks(id), "a segment is shown at another site");
    });
}

#[test]
fn stopping_at_what_cannot_be_folded() {
    noticed(Bug::StopOnOpaque, || {
        let mut fleet = Fleet::new(3, 2);
        let mut author = fleet.server.author();
        let raised = || Intent::creating(Kind::IncidentRaised).set(KIND, &IncidentKind::Fire).done();
        author.record(raised());
        author.forge(|entry| entry.kind = 60_000);
        author.record(raised());
        let segment = author.seal();
        let outcomes = fleet.server.push(segment.key, vec![segment], fleet.now);
        assert!(matches!(outcomes[..], [Outcome::Taken(_)]), "{outcomes:?}");
        heal(&mut fleet);
        check::all(&mut fleet);
    });
}
