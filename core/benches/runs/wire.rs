//! Bytes on the wire: goal 7.

use crate::ratios::{Bound, Outcome, Report, Wire};
use crate::site_year::Action;

/// The year as each writes it.
pub(crate) fn wire<S: Wire, L: Wire>(report: &mut Report, year: &[Action], bound: Bound) -> Outcome<()> {
    let count = f64::from(u32::try_from(year.len())?);
    let figures = [figure(S::bytes(year)?)?, figure(L::bytes(year)?)?];
    let per_action = figures.map(|bytes| bytes / count);
    report.figure(7, "wire of a year", [S::NAME, L::NAME], "MB", figures.map(|bytes| bytes / 1e6), bound);
    report.figure(7, "wire per action", [S::NAME, L::NAME], "B", per_action, bound);
    Ok(())
}

fn figure(bytes: usize) -> Outcome<f64> {
    Ok(f64::from(u32::try_from(bytes)?))
}
