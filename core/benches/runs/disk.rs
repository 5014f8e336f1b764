//! Size on disk: goal 5.

use super::folder;
use crate::ratios::{Bound, Durability, Outcome, Pair, Recorder, Report};
use crate::site_year::Action;

/// The year on disk, recorded one commit after the other.
pub(crate) fn disk<S: Recorder, L: Recorder>(
    report: &mut Report,
    year: &[Action],
    bound: Bound,
) -> Outcome<()> {
    let sizes = [year_mb::<S>(year)?, year_mb::<L>(year)?];
    report.entry(5, "year on disk", Pair { subject: S::NAME, against: L::NAME }).figures("MB", sizes, bound);
    Ok(())
}

fn year_mb<R: Recorder>(year: &[Action]) -> Outcome<f64> {
    let folder = folder::fresh()?;
    let mut subject = R::open(folder.path(), Durability::Normal)?;
    for action in year {
        subject.ready(action)?;
        subject.commit(action)?;
    }
    subject.close()?;
    folder::size_mb(folder.path())
}
