//! Where an incident stands, what it still lacks, and the clock of a major one.

use std::collections::BTreeSet;

use super::{CONCLUSION, INTAKE, SEVERITY, Severity};
use crate::base::Millis;
use crate::records::FieldId;
use crate::records::round::{Phone, minutes};

/// What is known of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncidentFacts {
    /// Its severity; of several that nobody has settled, the worst.
    pub severity: Option<Severity>,
    /// When it was raised on a phone.
    pub recorded: Millis,
    /// When it happened, if told.
    pub occurred: Option<Millis>,
    /// When the site was told or saw it, if said.
    pub received: Option<Millis>,
    /// When it was first reported upwards: by telephone, or by reaching HQ.
    pub reported: Option<Millis>,
    /// When it was first acknowledged.
    pub acknowledged: Option<Millis>,
    /// When handling began: the first line of the timeline.
    pub handled: Option<Millis>,
    /// When it was closed.
    pub closed: Option<Millis>,
    /// Fields with a value.
    pub filled: BTreeSet<FieldId>,
    /// Fields with several values that nobody has settled.
    pub disputed: BTreeSet<FieldId>,
}

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IncidentState {
    /// Nobody has acknowledged it.
    Open,
    /// Acknowledged, not closed.
    Acknowledged,
    /// Closed.
    Closed,
}

impl IncidentState {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Open, Self::Acknowledged, Self::Closed];
}

impl IncidentFacts {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> IncidentState {
        match (self.closed, self.acknowledged) {
            (Some(_), _) => IncidentState::Closed,
            (None, Some(_)) => IncidentState::Acknowledged,
            (None, None) => IncidentState::Open,
        }
    }

    /// What must be told or settled before it can be closed (R45, R46, R57), in the order it is asked for.
    ///
    /// Nothing of it ever keeps anyone from acting.
    pub fn missing(&self) -> impl Iterator<Item = FieldId> {
        let wanted = [SEVERITY.id()].into_iter().chain(INTAKE).chain(CONCLUSION);
        wanted.filter(|f| !self.filled.contains(f) || self.disputed.contains(f))
    }

    /// When the site knew: as told, or when it was recorded.
    #[must_use]
    pub fn known_since(&self) -> Millis {
        self.received.unwrap_or(self.recorded)
    }
}

/// The clock of a major incident (R48), which starts when the site knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportClock {
    /// It need not be reported within a time.
    NotNeeded,
    /// To be reported until then.
    Running(Millis),
    /// Not reported though it was due then.
    Overdue(Millis),
    /// Reported in time.
    InTime(Millis),
    /// Reported, but later than due.
    TooLate(Millis),
    /// The first report that is known came later than due; phones are silent that may hold an earlier one.
    NoneEarlierYet(Millis),
}

/// Where the clock stands at `now`, with `limit_minutes` as the rule pack says. `phones` are the site's: a report by telephone may be on any of them,
/// and nobody is said to have been too late before all have been heard.
#[must_use]
pub fn report_clock(facts: &IncidentFacts, limit_minutes: u32, phones: &[Phone], now: Millis) -> ReportClock {
    if !facts.severity.is_some_and(Severity::is_major) {
        return ReportClock::NotNeeded;
    }
    let due = facts.known_since().saturating_add(minutes(limit_minutes));
    match facts.reported {
        Some(at) if at <= due => ReportClock::InTime(at),
        Some(at) if phones.iter().any(|phone| phone.may_still_tell(due)) => ReportClock::NoneEarlierYet(at),
        Some(at) => ReportClock::TooLate(at),
        None if now <= due => ReportClock::Running(due),
        None => ReportClock::Overdue(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::DeviceId;
    use crate::records::incident::{CAUSE, PLACE};
    use crate::records::round::Standing;

    const HOUR: Millis = 3_600_000;

    #[test]
    fn where_it_stands() {
        let open = IncidentFacts::default();
        let acknowledged = IncidentFacts { acknowledged: Some(1), ..open.clone() };
        let closed = IncidentFacts { closed: Some(2), ..open.clone() };
        let states = [open, acknowledged, closed].map(|f| f.state());
        assert_eq!(states, [IncidentState::Open, IncidentState::Acknowledged, IncidentState::Closed]);
    }

    #[test]
    fn it_closes_when_everything_is_told_and_settled() {
        let mut facts = IncidentFacts::default();
        assert_eq!(facts.missing().count(), 1 + INTAKE.len() + CONCLUSION.len());
        facts.filled = facts.missing().collect();
        assert_eq!(facts.missing().count(), 0);
        facts.disputed = BTreeSet::from([CAUSE.id(), PLACE.id()]);
        assert_eq!(facts.missing().collect::<Vec<_>>(), [PLACE.id(), CAUSE.id()]);
    }

    #[test]
    fn nobody_was_too_late_while_a_phone_is_silent_that_may_hold_an_earlier_report() {
        let facts = IncidentFacts {
            severity: Some(Severity::High),
            received: Some(0),
            reported: Some(5 * HOUR),
            ..IncidentFacts::default()
        };
        let phone = |heard_until, awaited, standing| Phone {
            device: DeviceId::default(),
            heard_until,
            awaited,
            standing,
        };
        let clock = |phone| report_clock(&facts, 60, &[phone], 9 * HOUR);
        let (late, unheard) = (ReportClock::TooLate(5 * HOUR), ReportClock::NoneEarlierYet(5 * HOUR));
        assert_eq!(clock(phone(Some(HOUR + 1), false, Standing::InUse)), late);
        assert_eq!(clock(phone(None, false, Standing::WrittenOff)), late);
        assert_eq!(clock(phone(Some(HOUR), false, Standing::InUse)), unheard);
        assert_eq!(clock(phone(None, false, Standing::InUse)), unheard);
        assert_eq!(clock(phone(Some(9 * HOUR), true, Standing::InUse)), unheard);
        assert_eq!(clock(phone(Some(9 * HOUR), false, Standing::Gone)), unheard);
        let in_time = IncidentFacts { reported: Some(HOUR), ..facts.clone() };
        let silent = phone(None, false, Standing::InUse);
        assert_eq!(report_clock(&in_time, 60, &[silent], 9 * HOUR), ReportClock::InTime(HOUR));
    }

    #[test]
    fn the_hour_runs_from_when_the_site_knew() {
        let major = IncidentFacts {
            severity: Some(Severity::High),
            recorded: HOUR,
            received: Some(0),
            ..IncidentFacts::default()
        };
        let reported = |at| IncidentFacts { reported: Some(at), ..major.clone() };
        let unsaid = IncidentFacts { received: None, ..major.clone() };
        let minor = IncidentFacts { severity: Some(Severity::Medium), ..major.clone() };
        let table = [
            (major.clone(), HOUR, ReportClock::Running(HOUR)),
            (major.clone(), HOUR + 1, ReportClock::Overdue(HOUR)),
            (unsaid, HOUR + 1, ReportClock::Running(2 * HOUR)),
            (reported(HOUR), 9 * HOUR, ReportClock::InTime(HOUR)),
            (reported(HOUR + 1), 9 * HOUR, ReportClock::TooLate(HOUR + 1)),
            (minor, 9 * HOUR, ReportClock::NotNeeded),
            (IncidentFacts::default(), 9 * HOUR, ReportClock::NotNeeded),
        ];
        for (facts, now, expected) in table {
            assert_eq!(report_clock(&facts, 60, &[], now), expected);
        }
    }
}
