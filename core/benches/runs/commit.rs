//! Durable commits, one action each: goals 1, 2, 3 and 5.

use super::folder;
use crate::ratios::{Bound, Durability, Outcome, Pair, Recorder, Report, commits_by_turns};
use crate::site_year::Action;

/// Commits the actions by turns, and gives the sizes on disk afterwards in MB. `p50` and `p99` are what the ratios of the
/// medians and of the 99th percentiles may be at most.
pub(crate) fn commits<S: Recorder, L: Recorder>(
    report: &mut Report,
    (goal, durability): (u8, Durability),
    actions: &[Action],
    [p50, p99]: [Bound; 2],
) -> Outcome<[f64; 2]> {
    let name = format!("commit {durability:?}");
    let pair = Pair { subject: S::NAME, against: L::NAME };
    let (ours, its) = (folder::fresh()?, folder::fresh()?);
    let (mut subject, mut limit) = (S::open(ours.path(), durability)?, L::open(its.path(), durability)?);
    let paired = commits_by_turns((&mut subject, actions), (&mut limit, actions))?;
    subject.close()?;
    limit.close()?;

    report.entry(goal, &name, pair).p50(&paired, p50).p99(&paired, p99).spreads(&paired);
    let itself = Pair { subject: S::NAME, against: "own p50" };
    let stall = [paired.ours.mean, paired.ours.p50];
    report.entry(3, name + ", mean", itself).figures("µs", stall, Some(1.5));
    Ok([folder::size_mb(ours.path())?, folder::size_mb(its.path())?])
}

/// The whole year by turns, `synchronous=NORMAL`, and its size on disk.
pub(crate) fn year<S: Recorder, L: Recorder>(
    report: &mut Report,
    actions: &[Action],
    bounds: [Bound; 2],
    disk: Bound,
) -> Outcome<()> {
    let sizes = commits::<S, L>(report, (2, Durability::Normal), actions, bounds)?;
    let pair = Pair { subject: S::NAME, against: L::NAME };
    report.entry(5, "year on disk", pair).figures("MB", sizes, disk);
    Ok(())
}
