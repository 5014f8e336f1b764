//! Opening the logbook and listing what is newest: goal 9.

use std::path::Path;
use std::time::{Duration, Instant};

use super::folder;
use crate::ratios::{Bound, Durability, Lister, Outcome, Pair, Report, by_turns};
use crate::site_year::Action;

/// Times in each round.
const TIMES: usize = 40;
/// Records in a list.
pub(super) const SHOWN: u32 = 50;

/// Opens a folder that holds the year and lists the last 50 records, with the files in the system's cache.
pub(crate) fn list<S: Lister, L: Lister>(report: &mut Report, year: &[Action], bound: Bound) -> Outcome<()> {
    let name = "open and list the last 50";
    let folders = (folder::holding::<S>(year)?, folder::holding::<L>(year)?);
    let paired = by_turns(TIMES, || once::<S>(folders.0.path()), || once::<L>(folders.1.path()))?;
    let pair = Pair { subject: S::NAME, against: L::NAME };
    report.entry(9, name, pair).p50(&paired, bound).spreads(&paired);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn once<R: Lister>(folder: &Path) -> Outcome<Duration> {
    let start = Instant::now();
    let mut subject = R::open(folder, Durability::Full)?;
    let shown = subject.list_last(SHOWN)?;
    let time = start.elapsed();
    if shown != usize::try_from(SHOWN)? {
        return Err(format!("{} listed {shown} records of {SHOWN}", R::NAME).into());
    }
    subject.close()?;
    Ok(time)
}
