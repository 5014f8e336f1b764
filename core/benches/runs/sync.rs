//! Taking in what others recorded: goals 6 and 8.

use std::path::Path;
use std::time::Duration;

use super::folder;
use crate::ratios::{Bound, Durability, Outcome, Pair, Recorder, Report, by_turns, timed};
use crate::site_year::SiteYear;

/// Takes the whole year into an empty folder. Whether the subject is sent a snapshot or segments is its parcel's business
/// and said in its name.
pub(crate) fn first_sync<S: Recorder, L: Recorder>(
    report: &mut Report,
    year: &SiteYear,
    bound: Bound,
) -> Outcome<()> {
    let parcels = (S::pack(&year.first)?, L::pack(&year.first)?);
    let empty = (folder::fresh()?, folder::fresh()?);
    let from = [empty.0.path(), empty.1.path()];
    taking_in::<S, L>(report, (6, "first sync of a year"), from, (&parcels.0, &parcels.1), bound)
}

/// Takes the second phone's 10,000 commits into a folder that holds the year.
pub(crate) fn apply<S: Recorder, L: Recorder>(
    report: &mut Report,
    year: &SiteYear,
    bound: Bound,
) -> Outcome<()> {
    let parcels = (S::pack(&year.second)?, L::pack(&year.second)?);
    let held = (folder::holding::<S>(&year.first)?, folder::holding::<L>(&year.first)?);
    let from = [held.0.path(), held.1.path()];
    taking_in::<S, L>(report, (8, "apply 10,000 remote commits"), from, (&parcels.0, &parcels.1), bound)
}

fn taking_in<S: Recorder, L: Recorder>(
    report: &mut Report,
    (goal, name): (u8, &str),
    [ours, its]: [&Path; 2],
    parcels: (&S::Parcel, &L::Parcel),
    bound: Bound,
) -> Outcome<()> {
    let paired = by_turns(1, || once::<S>(ours, parcels.0), || once::<L>(its, parcels.1))?;
    let pair = Pair { subject: S::NAME, against: L::NAME };
    report.entry(goal, name, pair).p50(&paired, bound).spreads(&paired);
    Ok(())
}

/// Into a copy of `from`, so that every turn begins alike.
fn once<R: Recorder>(from: &Path, parcel: &R::Parcel) -> Outcome<Duration> {
    let folder = folder::copy(from)?;
    let mut subject = R::open(folder.path(), Durability::Full)?;
    let time = timed(|| subject.apply(parcel))?;
    subject.close()?;
    Ok(time)
}
