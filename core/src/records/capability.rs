//! What a person may do. Denied unless a post says otherwise.

use super::FieldValue;
use super::value::codes;
use crate::base::Value;

codes! {
    /// One thing that a post may allow.
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Capability {
        /// Read the site's records.
        SeeSite = 0,
        /// Check in and out of a shift.
        CheckIn = 1,
        /// Walk rounds and answer their items.
        Patrol = 2,
        /// Raise an incident and add what is known about it.
        RaiseIncident = 3,
        /// Lead an incident: change its severity, assign people.
        RunIncident = 4,
        /// Close an incident.
        CloseIncident = 5,
        /// Offer, accept, refuse and withdraw handovers.
        SignHandover = 6,
        /// Acknowledge an incident.
        Acknowledge = 7,
        /// Comment on a record.
        Comment = 8,
        /// Settle two values of one field.
        Settle = 9,
        /// Correct attendance, by a new entry that names the old.
        CorrectAttendance = 10,
        /// Publish the roster.
        Roster = 11,
        /// Describe the site: posts, people, grants, checkpoints, checklists, plans, rules.
        Configure = 12,
        /// Enrol and revoke devices and people.
        Enrol = 13,
        /// Review forks and epochs.
        Review = 14,
        /// Take records out as evidence.
        Export = 15,
        /// Decide about records that were held for review.
        ConfirmHeld = 16,
    }
}

/// A set of capabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Capabilities(u32);

impl Capabilities {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// Exactly these.
    #[must_use]
    pub const fn of(list: &[Capability]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < list.len() {
            bits |= 1 << list[i].code();
            i += 1;
        }
        Self(bits)
    }

    /// Whether it is among them.
    #[must_use]
    pub const fn has(self, capability: Capability) -> bool {
        self.0 & (1 << capability.code()) != 0
    }

    /// What either has.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// One by one, in order of number.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.iter().copied().filter(move |c| self.has(*c))
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(list: I) -> Self {
        list.into_iter().fold(Self::NONE, |set, c| set.and(Self::of(&[c])))
    }
}

impl FieldValue for Capabilities {
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(|c| c.to_value()).collect())
    }

    /// A capability that this version does not know allows nothing that it could be asked for: it is left out.
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.as_list()?.iter().filter_map(Capability::from_value).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_survives_as_a_value_and_drops_what_is_unknown() {
        let set = Capabilities::of(&[Capability::SeeSite, Capability::Export]);
        assert_eq!(Capabilities::from_value(&set.to_value()), Some(set));
        let newer = Value::List(vec![Value::Int(0), Value::Int(999)]);
        assert_eq!(Capabilities::from_value(&newer), Some(Capabilities::of(&[Capability::SeeSite])));
        assert_eq!(Capabilities::from_value(&Value::Null), None);
    }

    #[test]
    fn every_capability_has_its_own_bit() {
        assert!(Capability::ALL.iter().all(|c| c.code() < 32));
        let all: Capabilities = Capability::ALL.iter().copied().collect();
        assert_eq!(all.iter().count(), Capability::ALL.len());
    }
}
