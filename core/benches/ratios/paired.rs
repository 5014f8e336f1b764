//! Two by turns.

use std::time::{Duration, Instant};

use super::{Outcome, Recorder, Spread};
use crate::site_year::Action;

/// How often each measurement is repeated; the published ratio is the median of so many.
pub(crate) const ROUNDS: usize = 5;

/// The most commits in one round: what they touch stays well inside SQLite's default cache of 2 MB.
pub(crate) const COMMITS: usize = 9_000;

/// The times of two that did the same work by turns.
#[derive(Debug, Clone)]
pub(crate) struct Paired {
    /// All times of the one measured, every round.
    pub(crate) ours: Spread,
    /// All times of the one it is measured by.
    pub(crate) limit: Spread,
    /// The median over the rounds of each round's ratio.
    pub(crate) ratio: Spread,
}

/// The times of one round: ours, the limit's.
pub(crate) type Round = (Vec<Duration>, Vec<Duration>);

impl Paired {
    /// From the times of each round.
    pub(crate) fn of(rounds: &[Round]) -> Self {
        let ours: Vec<_> = rounds.iter().flat_map(|round| &round.0).copied().collect();
        let limit: Vec<_> = rounds.iter().flat_map(|round| &round.1).copied().collect();
        let ratios: Vec<_> = rounds.iter().map(|(a, b)| Spread::of(a).over(&Spread::of(b))).collect();
        Self { ours: Spread::of(&ours), limit: Spread::of(&limit), ratio: Spread::median(&ratios) }
    }
}

/// Five rounds of `times` runs of each, by turns; each run says how long its measured part took.
pub(crate) fn by_turns(
    times: usize,
    mut ours: impl FnMut() -> Outcome<Duration>,
    mut limit: impl FnMut() -> Outcome<Duration>,
) -> Outcome<Paired> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = Round::default();
        for _ in 0..times {
            round.0.push(ours()?);
            round.1.push(limit()?);
        }
        rounds.push(round);
    }
    Ok(Paired::of(&rounds))
}

/// One round of commits by turns: each time one action here and one there; who goes first changes every time. The two may
/// be given different actions of equal number.
///
/// SQLite as rusqlite builds it lets all connections of a process share one page cache, and once the cache of one is full
/// it becomes slower by half while an equal one beside it does not. A round is therefore kept to [`COMMITS`].
pub(crate) fn commits_by_turns<A: Recorder, B: Recorder>(
    (ours, our_actions): (&mut A, &[Action]),
    (limit, its_actions): (&mut B, &[Action]),
) -> Outcome<Round> {
    let mut round = Round::default();
    for (turn, (a, b)) in our_actions.iter().zip(its_actions).enumerate() {
        ours.ready(a)?;
        limit.ready(b)?;
        if turn % 2 == 0 {
            round.0.push(timed(|| ours.commit(a))?);
            round.1.push(timed(|| limit.commit(b))?);
        } else {
            round.1.push(timed(|| limit.commit(b))?);
            round.0.push(timed(|| ours.commit(a))?);
        }
    }
    Ok(round)
}

/// How long something takes.
#[allow(clippy::disallowed_methods, reason = "a bench measures time")]
pub(crate) fn timed(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}
