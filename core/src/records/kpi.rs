//! Key figures, defined once so that phone, server and report agree (R82).

use super::incident::{IncidentFacts, IncidentState};
use super::round::{RoundStatus, minutes};
use crate::base::Millis;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio {
    /// How many.
    pub count: u32,
    /// Of how many.
    pub of: u32,
}

impl Ratio {
    /// In thousandths, rounded down; none of nothing.
    #[must_use]
    pub fn per_mille(self) -> Option<u32> {
        let share = (u64::from(self.count) * 1000).checked_div(self.of.into())?;
        u32::try_from(share).ok()
    }

    fn tally(cases: impl IntoIterator<Item = Option<bool>>) -> Self {
        cases
            .into_iter()
            .flatten()
            .fold(Self::default(), |r, hit| Self { count: r.count + u32::from(hit), of: r.of + 1 })
    }
}

/// Response time: from when it happened (or, if that was not told, from when the site knew) until handling began:
/// the first acknowledgement or the first line of the timeline. Never negative; none while nobody has begun.
#[must_use]
pub fn response_time(incident: &IncidentFacts) -> Option<Millis> {
    let began = [incident.acknowledged, incident.handled].into_iter().flatten().min()?;
    let since = incident.occurred.unwrap_or_else(|| incident.known_since());
    Some(began.saturating_sub(since).max(0))
}

/// Resolution rate: closed incidents of all incidents.
#[must_use]
pub fn resolution_rate<'i>(incidents: impl IntoIterator<Item = &'i IncidentFacts>) -> Ratio {
    Ratio::tally(incidents.into_iter().map(|i| Some(i.state() == IncidentState::Closed)))
}

/// Rounds completed: done, on time or late, of those that are over and can be judged. What nobody can know yet, what
/// is not here yet and what was left out with a reason is not counted, neither for nor against anyone.
#[must_use]
pub fn rounds_completed<'r>(rounds: impl IntoIterator<Item = &'r RoundStatus>) -> Ratio {
    Ratio::tally(rounds.into_iter().map(|status| match status {
        RoundStatus::OnTime | RoundStatus::Late => Some(true),
        RoundStatus::Missed => Some(false),
        _ => None,
    }))
}

/// Whether a handover was signed by both early enough before the next shift (R67).
#[must_use]
pub fn handover_on_time(accepted: Option<Millis>, next_shift: Millis, lead_minutes: u32) -> bool {
    accepted.is_some_and(|at| at <= next_shift.saturating_sub(minutes(lead_minutes)))
}

/// Handovers on time: of the shifts that have ended.
#[must_use]
pub fn handovers_on_time(on_time: impl IntoIterator<Item = bool>) -> Ratio {
    Ratio::tally(on_time.into_iter().map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_begins_with_whoever_begins_first() {
        let facts = IncidentFacts { recorded: 100, ..IncidentFacts::default() };
        assert_eq!(response_time(&facts), None);
        let handled = IncidentFacts { handled: Some(160), acknowledged: Some(400), ..facts };
        assert_eq!(response_time(&handled), Some(60));
        let told = IncidentFacts { occurred: Some(40), ..handled.clone() };
        assert_eq!(response_time(&told), Some(120));
        let clock_moved = IncidentFacts { occurred: Some(900), ..handled };
        assert_eq!(response_time(&clock_moved), Some(0));
    }

    #[test]
    fn what_nobody_can_know_counts_neither_way() {
        use RoundStatus as S;
        let rounds = [S::OnTime, S::Late, S::Missed, S::Unknown(vec![]), S::NotHereYet(vec![]), S::Skipped];
        assert_eq!(rounds_completed(&rounds), Ratio { count: 2, of: 3 });
        assert_eq!(rounds_completed(&rounds).per_mille(), Some(666));
        assert_eq!(rounds_completed(&[S::Due]).per_mille(), None);
    }

    #[test]
    fn a_handover_is_on_time_before_its_lead() {
        let start = 3_600_000;
        assert!(handover_on_time(Some(start - 30 * 60_000), start, 30));
        assert!(!handover_on_time(Some(start - 30 * 60_000 + 1), start, 30));
        assert!(!handover_on_time(None, start, 30));
        assert_eq!(handovers_on_time([true, false, true]), Ratio { count: 2, of: 3 });
    }
}
