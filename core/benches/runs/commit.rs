//! Durable commits, one action each: goals 1, 2 and 3.

use super::folder;
use crate::ratios::{Bound, Durability, Outcome, Pair, Paired, Recorder, Report, commits_by_turns};
use crate::site_year::Action;

/// Commits the actions by turns, each round of so many into databases of its own. `p50` and `p99` are what the ratios of
/// the medians and of the 99th percentiles may be at most.
pub(crate) fn commits<S: Recorder, L: Recorder>(
    report: &mut Report,
    (goal, durability): (u8, Durability),
    rounds: &[&[Action]],
    [p50, p99]: [Bound; 2],
) -> Outcome<()> {
    let mut times = Vec::new();
    for actions in rounds {
        let (ours, its) = (folder::fresh()?, folder::fresh()?);
        let (mut subject, mut limit) = (S::open(ours.path(), durability)?, L::open(its.path(), durability)?);
        times.push(commits_by_turns((&mut subject, actions), (&mut limit, actions))?);
        subject.close()?;
        limit.close()?;
    }
    let paired = Paired::of(&times);

    let name = format!("commit {durability:?}");
    let pair = Pair { subject: S::NAME, against: L::NAME };
    report.entry(goal, &name, pair).p50(&paired, p50).p99(&paired, p99).spreads(&paired);
    let itself = Pair { subject: S::NAME, against: "own p50" };
    let stall = [paired.ours.mean, paired.ours.p50];
    report.entry(3, name + ", mean", itself).figures("µs", stall, Some(1.5));
    Ok(())
}
