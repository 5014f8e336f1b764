//! What people fill in: the forms that have several fields.

use dutylog_core::base::Value;
use dutylog_core::capture::{Entered, Intake};
use dutylog_core::records::{FieldValue as _, incident, round};

use crate::words::{IncidentKind, ItemStatus, Presence, ResourceState, Severity};

/// What was read at a place: a tag, a code, a position.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Proof {
    /// How well it proves presence.
    pub presence: Presence,
    /// What was read: the tag's or code's text, `latitude,longitude`; for `Typed`, what the person says, or nothing.
    pub evidence: String,
}

/// One shift of one day. Comes from `shifts()`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Shift {
    /// The day on which it starts, `2026-03-01`, by the site's calendar.
    pub date: String,
    /// Its short name, such as `day`.
    pub key: String,
}

/// What a round follows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum RoundTask {
    /// A plan in one of its windows, as `plannedRounds()` gives them.
    Planned {
        /// The plan, by its identifier: 32 hexadecimal digits.
        plan: String,
        /// When its window opens: Unix time in milliseconds.
        starts_ms: i64,
        /// When it closes, likewise.
        ends_ms: i64,
    },
    /// A checklist without any plan, as `checklists()` gives them.
    Checklist {
        /// The checklist, by its identifier: 32 hexadecimal digits.
        checklist: String,
    },
}

/// Which round is left out as a whole.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SkippedRound {
    /// One that was begun.
    Begun {
        /// The round, by its identifier: 32 hexadecimal digits.
        round: String,
    },
    /// One of a plan that nobody began.
    Planned {
        /// The plan, by its identifier: 32 hexadecimal digits.
        plan: String,
        /// When its window opens: Unix time in milliseconds.
        starts_ms: i64,
        /// When it closes, likewise.
        ends_ms: i64,
    },
}

/// The answer to one item of a round's checklist.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Answer {
    /// The round, by its identifier: 32 hexadecimal digits.
    pub round: String,
    /// The item's number in the checklist.
    pub item: u32,
    /// How it was found.
    pub status: ItemStatus,
    /// For an item that asks for one: the reading in its smallest step. With `decimals` 2, 12.34 MPa is 1234.
    #[uniffi(default = None)]
    pub reading: Option<i64>,
    /// What the person adds, at most 16 KiB.
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// What is told of an incident. All of it may come later; what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, uniffi::Record)]
pub struct IncidentIntake {
    /// When it happened: Unix time in milliseconds.
    #[uniffi(default = None)]
    pub occurred_ms: Option<i64>,
    /// When the site was told or saw it, Unix time in milliseconds; the one-hour clock of a major incident starts here. Left out while
    /// raising, it is now.
    #[uniffi(default = None)]
    pub received_ms: Option<i64>,
    /// Who told.
    #[uniffi(default = None)]
    pub reporter: Option<String>,
    /// How to reach them.
    #[uniffi(default = None)]
    pub contact: Option<String>,
    /// Where it is.
    #[uniffi(default = None)]
    pub place: Option<String>,
    /// What it is, in brief.
    #[uniffi(default = None)]
    pub nature: Option<String>,
    /// What was found first.
    #[uniffi(default = None)]
    pub first_state: Option<String>,
    /// What the reporter suggests.
    #[uniffi(default = None)]
    pub suggestion: Option<String>,
}

/// A new incident. The kind alone is enough, and works while nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewIncident {
    /// What kind it is.
    pub kind: IncidentKind,
    /// How severe it is, if that can be said.
    #[uniffi(default = None)]
    pub severity: Option<Severity>,
    /// The round whose check it came from.
    #[uniffi(default = None)]
    pub from_round: Option<String>,
    /// The item of that round's checklist; left out together with `fromRound`.
    #[uniffi(default = None)]
    pub from_item: Option<u32>,
    /// What is told of it by now.
    pub intake: IncidentIntake,
}

/// What is found in the end. What is on record already need not be said again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Conclusion {
    /// The incident, by its identifier: 32 hexadecimal digits.
    pub incident: String,
    /// How it ended.
    #[uniffi(default = None)]
    pub result: Option<String>,
    /// Why it happened.
    #[uniffi(default = None)]
    pub cause: Option<String>,
    /// Who answers for it.
    #[uniffi(default = None)]
    pub responsibility: Option<String>,
    /// What keeps it from happening again.
    #[uniffi(default = None)]
    pub countermeasure: Option<String>,
}

/// Who takes an open item of a handover over.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NextOwner {
    /// The item's key, as `prepareHandover` gave it.
    pub item: String,
    /// The person, by its identifier: 32 hexadecimal digits.
    pub person: String,
}

/// The answer to one line of the handover's checklist.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LineAnswer {
    /// The line's number.
    pub line: u32,
    /// How it was found.
    pub status: ItemStatus,
    /// What the person adds.
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// Something the next shift has to keep an eye on that no record says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WatchItem {
    /// What.
    pub text: String,
    /// Who does; left out if everybody on the shift does.
    #[uniffi(default = None)]
    pub next_owner: Option<String>,
}

/// A resource and how it is handed over.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Resource {
    /// What it is.
    pub name: String,
    /// How it is.
    pub state: ResourceState,
    /// What the person adds.
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// A handover that is being prepared: what the lead filled in. The logbook adds what is open by itself, anew each time.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HandoverForm {
    /// The handover, as `prepareHandover` named it.
    pub handover: String,
    /// The outgoing shift.
    pub shift: Shift,
    /// The incoming lead; left out if nobody is there.
    #[uniffi(default = None)]
    pub to: Option<String>,
    /// Who takes what over. Every item with `needsOwner` has to be named.
    pub owners: Vec<NextOwner>,
    /// Answers to every line of the checklist.
    pub lines: Vec<LineAnswer>,
    /// What no record says.
    pub watch: Vec<WatchItem>,
    /// Resources and their state.
    pub resources: Vec<Resource>,
}

/// A value that nobody wrote before, for a conflict in which neither was right.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum NewValue {
    /// A field of text, at most 16 KiB.
    Text {
        /// What is right.
        text: String,
    },
    /// A time.
    Moment {
        /// When: Unix time in milliseconds.
        at_ms: i64,
    },
    /// A kind of incident.
    Kind {
        /// The kind.
        kind: IncidentKind,
    },
    /// How severe an incident is.
    Severity {
        /// The severity.
        severity: Severity,
    },
    /// The answer to an item of a round's checklist.
    Answer {
        /// How it was found.
        status: ItemStatus,
        /// The reading in its smallest step, for an item that asks for one.
        reading: Option<i64>,
        /// What the person adds, at most 16 KiB.
        note: Option<String>,
    },
    /// Whether a person is assigned, or the rest at a checkpoint is normal.
    YesNo {
        /// Which.
        yes: bool,
    },
}

impl From<NewValue> for Value {
    fn from(value: NewValue) -> Self {
        match value {
            NewValue::Text { text } => Self::Text(text),
            NewValue::Moment { at_ms } => Self::Int(at_ms),
            NewValue::Kind { kind } => incident::IncidentKind::from(kind).to_value(),
            NewValue::Severity { severity } => incident::Severity::from(severity).to_value(),
            NewValue::Answer { status, reading, note } => {
                round::Answer { status: status.into(), reading, note }.to_value()
            }
            NewValue::YesNo { yes } => Self::Bool(yes),
        }
    }
}

/// Text as it was typed.
pub(crate) fn entered(text: &str) -> Entered {
    Entered::from(text)
}

/// Text as it was typed, if any was.
pub(crate) fn told(text: Option<&String>) -> Option<Entered> {
    text.map(|text| Entered::from(text.as_str()))
}

impl From<&IncidentIntake> for Intake {
    fn from(intake: &IncidentIntake) -> Self {
        Self {
            occurred: intake.occurred_ms,
            received: intake.received_ms,
            reporter: told(intake.reporter.as_ref()),
            contact: told(intake.contact.as_ref()),
            place: told(intake.place.as_ref()),
            nature: told(intake.nature.as_ref()),
            first_state: told(intake.first_state.as_ref()),
            suggestion: told(intake.suggestion.as_ref()),
        }
    }
}
