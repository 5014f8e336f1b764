//! Durable commits, one action each: goals 1, 2, 3 and 5.

use super::folder;
use crate::ratios::{Bound, Durability, Outcome, Recorder, Report, commits_by_turns};
use crate::site_year::Action;

/// Commits the actions by turns. `bounds` are those of the ratios of the medians, of the 99th percentiles and of the
/// sizes on disk afterwards.
pub(crate) fn commits<S: Recorder, L: Recorder>(
    report: &mut Report,
    (goal, durability): (u8, Durability),
    actions: &[Action],
    [p50, p99, disk]: [Bound; 3],
) -> Outcome<()> {
    let name = format!("commit {durability:?}");
    let who = [S::NAME, L::NAME];
    let (ours, its) = (folder::fresh()?, folder::fresh()?);
    let (mut subject, mut limit) = (S::open(ours.path(), durability)?, L::open(its.path(), durability)?);
    let paired = commits_by_turns((&mut subject, actions), (&mut limit, actions))?;
    subject.close()?;
    limit.close()?;

    report.p50(goal, &name, who, &paired, p50);
    report.p99(goal, &name, who, &paired, p99);
    let stall = [paired.ours.mean, paired.ours.p50];
    report.figure(3, &format!("{name}, mean"), [S::NAME, "p50"], "µs", stall, Some(1.5));
    let sizes = [folder::size_mb(ours.path())?, folder::size_mb(its.path())?];
    report.figure(5, &format!("disk after {} commits", actions.len()), who, "MB", sizes, disk);
    report.spread(&name, who, &paired, [None, None]);
    Ok(())
}
