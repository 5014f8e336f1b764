//! Taking in what others recorded: goals 6 and 8.

use std::path::Path;
use std::time::Duration;

use super::folder;
use crate::ratios::{Bound, Durability, Outcome, Peak, Recorder, Report, by_turns, timed};
use crate::site_year::SiteYear;

/// Takes the whole year into an empty folder. How the subject is sent the year (as a snapshot, as segments) is its
/// parcel's business.
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
    from: [&Path; 2],
    parcels: (&S::Parcel, &L::Parcel),
    bound: Bound,
) -> Outcome<()> {
    let mut peaks = [None, None];
    let [our_peak, its_peak] = &mut peaks;
    let paired = by_turns(
        1,
        || once::<S>(from[0], parcels.0, our_peak), //
        || once::<L>(from[1], parcels.1, its_peak),
    )?;
    report.p50(goal, name, [S::NAME, L::NAME], &paired, bound);
    report.spread(name, [S::NAME, L::NAME], &paired, peaks);
    Ok(())
}

/// Into a copy of `from`; the largest rise of memory so far is kept in `peak`.
fn once<R: Recorder>(from: &Path, parcel: &R::Parcel, peak: &mut Option<f64>) -> Outcome<Duration> {
    let folder = folder::copy(from)?;
    let mut subject = R::open(folder.path(), Durability::Full)?;
    let watch = Peak::start();
    let time = timed(|| subject.apply(parcel))?;
    *peak = peak.iter().copied().chain(watch.rise_mb()).reduce(f64::max);
    subject.close()?;
    Ok(time)
}
