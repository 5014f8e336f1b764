//! What timelines filter by: families of actions.

use dutylog_core::records::{Kind, RecordKind};

/// A family of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// What this version does not know.
    Other,
    /// Check-ins, check-outs, corrections.
    Attendance,
    /// Rounds.
    Rounds,
    /// Incidents.
    Incidents,
    /// Handovers.
    Handovers,
    /// Comments and settled conflicts, on records of any kind.
    Remarks,
    /// HQ's description of the site.
    Configuration,
    /// Sessions, clocks, forks, epochs.
    Chains,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Other,
        Self::Attendance,
        Self::Rounds,
        Self::Incidents,
        Self::Handovers,
        Self::Remarks,
        Self::Configuration,
        Self::Chains,
    ];

    /// Its number in tables.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The family of an action by its number.
    #[must_use]
    pub fn of(kind: u16) -> Self {
        let Some(kind) = Kind::from_code(kind) else { return Self::Other };
        match kind.record_kind() {
            None => Self::Remarks,
            Some(RecordKind::Shift) => Self::Attendance,
            Some(RecordKind::Round) => Self::Rounds,
            Some(RecordKind::Incident) => Self::Incidents,
            Some(RecordKind::Handover) => Self::Handovers,
            Some(RecordKind::Chain) => Self::Chains,
            Some(_) => Self::Configuration,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_family() {
        assert_eq!(Family::of(Kind::CheckedIn.code()), Family::Attendance);
        assert_eq!(Family::of(Kind::Commented.code()), Family::Remarks);
        assert_eq!(Family::of(Kind::GrantGiven.code()), Family::Configuration);
        assert_eq!(Family::of(60_000), Family::Other);
        assert!(Family::ALL.iter().enumerate().all(|(n, f)| usize::from(f.code()) == n));
    }
}
