//! Bytes on the wire: goal 7.

use crate::ratios::{Bound, Outcome, Pair, Report, Wire};
use crate::site_year::Action;

/// The year as each writes it.
pub(crate) fn wire<S: Wire, L: Wire>(report: &mut Report, year: &[Action], bound: Bound) -> Outcome<()> {
    let count = f64::from(u32::try_from(year.len())?);
    let figures = [figure(S::bytes(year)?)?, figure(L::bytes(year)?)?];
    let per_action = figures.map(|bytes| bytes / count);
    let pair = Pair { subject: S::NAME, against: L::NAME };
    report.entry(7, "wire of a year", pair).figures("MB", figures.map(|bytes| bytes / 1e6), bound);
    report.entry(7, "wire per action", pair).figures("B", per_action, bound);
    Ok(())
}

fn figure(bytes: usize) -> Outcome<f64> {
    Ok(f64::from(u32::try_from(bytes)?))
}
