//! The rule pack: figures that regulations give, as versioned data.

use super::value::{codes, list_value};
use super::{Bilingual, Set};

/// Versions of the rule pack. Its record is `config::rules_record`.
pub const RULES: Set<RulePack> = Set::new(9);

codes! {
    /// A figure that is a rule.
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum RuleId {
        /// Minutes after a round's window in which it is not yet called missed.
        RoundGrace = 1,
        /// Minutes before a shift at which its handover is signed.
        HandoverLead = 2,
        /// Minutes within which a major incident is reported.
        MajorReport = 3,
        /// Days that a phone may go without the server and still let people sign in.
        OfflineSignIn = 4,
        /// Rounds of a day.
        DailyRounds = 5,
        /// Hours that one duty should last at most.
        DutyLength = 6,
        /// Working days for which a change is watched.
        ChangeWatch = 7,
        /// Spot checks of a year.
        SpotChecks = 8,
        /// Drills of a year.
        Drills = 9,
        /// Days of notice for planned work.
        PlannedWorkNotice = 10,
        /// Days of history that a phone keeps beyond what is open.
        PhoneHistory = 11,
    }
}

codes! {
    /// What a rule's figure counts.
    pub enum RuleUnit {
        /// Minutes.
        Minutes = 1,
        /// Hours.
        Hours = 2,
        /// Days.
        Days = 3,
        /// Working days.
        WorkingDays = 4,
        /// Times in the period the rule names.
        Times = 5,
    }
}

impl RuleId {
    /// The figure that holds where the pack says nothing.
    #[must_use]
    pub const fn default_value(self) -> u32 {
        match self {
            Self::RoundGrace | Self::ChangeWatch => 15,
            Self::HandoverLead | Self::PhoneHistory => 30,
            Self::MajorReport => 60,
            Self::OfflineSignIn | Self::PlannedWorkNotice => 14,
            Self::DailyRounds => 2,
            Self::DutyLength => 8,
            Self::SpotChecks => 4,
            Self::Drills => 1,
        }
    }

    /// What its figure counts.
    #[must_use]
    pub const fn unit(self) -> RuleUnit {
        match self {
            Self::RoundGrace | Self::HandoverLead | Self::MajorReport => RuleUnit::Minutes,
            Self::OfflineSignIn | Self::PlannedWorkNotice | Self::PhoneHistory => RuleUnit::Days,
            Self::DutyLength => RuleUnit::Hours,
            Self::ChangeWatch => RuleUnit::WorkingDays,
            Self::DailyRounds | Self::SpotChecks | Self::Drills => RuleUnit::Times,
        }
    }
}

/// One rule of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The number of a [`RuleId`]; one that this version does not know is carried along.
    pub id: u32,
    /// Its figure.
    pub value: u32,
    /// The clause it comes from.
    pub clause: Bilingual,
}
list_value!(Rule { id, value, clause });

/// The rules of a site. A new version never judges the past again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct RulePack {
    /// Its version, counted from 1; 0 is what holds before any was published.
    pub version: u32,
    /// The rules that differ from, or confirm, what holds by default.
    pub rules: Vec<Rule>,
}
list_value!(RulePack { version, rules });

impl RulePack {
    /// The rule, if the pack speaks of it.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == u32::from(id.code()))
    }

    /// The figure that holds.
    #[must_use]
    pub fn value(&self, id: RuleId) -> u32 {
        self.rule(id).map_or(id.default_value(), |r| r.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_says_what_holds_and_defaults_say_the_rest() {
        let grace = Rule { id: 1, value: 20, clause: Bilingual::default() };
        let newer = Rule { id: 999, value: 1, clause: Bilingual::default() };
        let pack = RulePack { version: 1, rules: vec![newer, grace] };
        assert_eq!(pack.value(RuleId::RoundGrace), 20);
        assert_eq!(pack.value(RuleId::MajorReport), 60);
        assert_eq!(RulePack::default().value(RuleId::HandoverLead), 30);
    }
}
