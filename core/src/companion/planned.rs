//! Which rounds are to be walked, and how they stand: what a phone shows at the beginning of a shift.

use super::{Companion, CompanionError};
use crate::base::{Millis, Reading};
use crate::capture::handover::PlannedRound;
use crate::capture::{Context, Rejection};

impl Companion {
    /// The planned rounds of the running shift and of today, by plan and window. When it is, is told by the best this phone knows.
    ///
    /// # Errors
    /// [`CompanionError`]; [`Rejection::SiteNotDescribed`] before the first sync.
    pub fn planned_rounds(&self, now: Reading) -> Result<Vec<PlannedRound>, CompanionError> {
        let at = self.corrected(now);
        let (since, until) = self.on_hand(at)?;
        let gathered = self.gather_since(since, now)?;
        let mut planned = gathered.planned(&Context { now: at, ..self.context(now)? }, until);
        planned.sort_by_key(|planned| (planned.window, planned.plan));
        Ok(planned)
    }

    /// From the earlier of midnight and the shift's beginning to the later of midnight and its end.
    fn on_hand(&self, at: Millis) -> Result<(Millis, Millis), CompanionError> {
        let config = self.store().knowledge().now();
        let described = || {
            let (site, zone) = (config.site()?, config.zone()?);
            let today = zone.date(at)?;
            let (from, until) = (zone.instant(today, 0)?, zone.instant(today.next()?, 0)?);
            let shift = site.shift_at(at);
            let begins = shift.as_ref().map_or(from, |shift| shift.start.min(from));
            Some((begins, shift.map_or(until, |shift| shift.end.max(until))))
        };
        described().ok_or(CompanionError::Rejected(Rejection::SiteNotDescribed))
    }
}
