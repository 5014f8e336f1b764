//! Incidents: saved with their kind alone, told in full before they are closed.

mod progress;
mod readback;

pub use progress::{IncidentFacts, IncidentState, ReportClock, report_clock};
pub use readback::read_back_code;

use super::value::{codes, list_value};
use super::{Field, FieldId, Members, Set};
use crate::base::{Digest, Millis, PersonId, RecordId};

/// What kind of incident it is.
pub const KIND: Field<IncidentKind> = Field::new(64);
/// How severe it is.
pub const SEVERITY: Field<Severity> = Field::new(65);
/// When it happened.
pub const OCCURRED: Field<Millis> = Field::new(66);
/// When the site was told, or saw it.
pub const RECEIVED: Field<Millis> = Field::new(67);
/// Who told.
pub const REPORTER: Field<String> = Field::new(68);
/// How to reach them.
pub const CONTACT: Field<String> = Field::new(69);
/// Where it is.
pub const PLACE: Field<String> = Field::new(70);
/// What it is, in brief.
pub const NATURE: Field<String> = Field::new(71);
/// What was found first.
pub const FIRST_STATE: Field<String> = Field::new(72);
/// What the reporter suggests.
pub const SUGGESTION: Field<String> = Field::new(73);
/// What was done, line by line.
pub const TIMELINE: Set<TimelineLine> = Set::new(74);
/// Who has taken notice.
pub const ACKNOWLEDGED: Set<Acknowledgement> = Set::new(75);
/// How it ended.
pub const RESULT: Field<String> = Field::new(76);
/// Why it happened.
pub const CAUSE: Field<String> = Field::new(77);
/// Who answers for it.
pub const RESPONSIBILITY: Field<String> = Field::new(78);
/// What keeps it from happening again.
pub const COUNTERMEASURE: Field<String> = Field::new(79);
/// That it was closed.
pub const CLOSED: Field<Closed> = Field::new(80);
/// The round and item it came from.
pub const ORIGIN: Field<Origin> = Field::new(81);
/// Who works on it, by person.
pub const ASSIGNED: Members<bool> = Members::new(82);
/// Reports by telephone.
pub const PHONE_REPORT: Set<PhoneReport> = Set::new(83);

/// What must be told of every incident (R45), asked for after it was saved.
pub const INTAKE: [FieldId; 8] = [
    OCCURRED.id(),
    RECEIVED.id(),
    REPORTER.id(),
    CONTACT.id(),
    PLACE.id(),
    NATURE.id(),
    FIRST_STATE.id(),
    SUGGESTION.id(),
];
/// What must be found before it is closed (R46, R57).
pub const CONCLUSION: [FieldId; 4] = [RESULT.id(), CAUSE.id(), RESPONSIBILITY.id(), COUNTERMEASURE.id()];

codes! {
    /// What kind of incident it is.
    pub enum IncidentKind {
        /// Equipment failed or misbehaves.
        Equipment = 1,
        /// Power is gone or unstable.
        Power = 2,
        /// The network or the communications are gone.
        Network = 3,
        /// A system or a program failed.
        System = 4,
        /// A computer virus.
        Virus = 5,
        /// Somebody got into a system.
        Intrusion = 6,
        /// Data got out.
        DataLeak = 7,
        /// Fire or smoke.
        Fire = 8,
        /// Water where it should not be, or leaking.
        Water = 9,
        /// Somebody is hurt or ill.
        Injury = 10,
        /// Somebody is where they should not be.
        Trespass = 11,
        /// Weather or nature.
        Weather = 12,
        /// A complaint or question about the service.
        Service = 13,
        /// Anything else.
        Other = 14,
    }
}

codes! {
    /// How severe an incident is.
    pub enum Severity {
        /// A slight delay, nothing of importance.
        Low = 1,
        /// Service is degraded or has failed in part.
        Medium = 2,
        /// The system is down or data got out: a major incident.
        High = 3,
    }
}

impl Severity {
    /// Whether it must be reported within the hour (R48).
    #[must_use]
    pub fn is_major(self) -> bool {
        self == Self::High
    }
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimelineLine {
    /// What was done or seen.
    pub text: String,
    /// When.
    pub at: Millis,
}
list_value!(TimelineLine { text, at });

/// Somebody has taken notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acknowledgement {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Millis,
}
list_value!(Acknowledgement { person, at });

/// Somebody closed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Closed {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Millis,
    /// The digest of the text that they signed; none if they did not, as is enough unless the incident is major.
    pub text: Option<Digest>,
}
list_value!(Closed { person, at, text });

impl Closed {
    /// Whether this closes an incident of a severity: a major one is closed by a person's own signature only.
    #[must_use]
    pub fn holds(&self, severity: Option<Severity>) -> bool {
        self.text.is_some() || !severity.is_some_and(Severity::is_major)
    }
}

/// The check that an incident came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The round.
    pub round: RecordId,
    /// The item's number.
    pub item: u32,
}
list_value!(Origin { round, item });

/// A report by telephone, where no data gets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhoneReport {
    /// Who was told.
    pub to: String,
    /// The code that both ends wrote down.
    pub code: String,
    /// When.
    pub at: Millis,
}
list_value!(PhoneReport { to, code, at });
