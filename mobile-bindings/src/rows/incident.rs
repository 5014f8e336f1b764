//! Incidents: what is told, what was done, what is still missing.

use super::Delivery;
use crate::words::{IncidentKind, Severity};

/// An incident, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IncidentRow {
    /// The incident, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// What kind it is; none if a newer version brought the kind.
    pub kind: Option<IncidentKind>,
    /// The same in words.
    pub kind_text: String,
    /// How severe it is, the worst of what is said; none if nothing is.
    pub severity: Option<Severity>,
    /// The same in words; empty if nothing is said.
    pub severity_text: String,
    /// Whether it is closed.
    pub closed: bool,
    /// Whether somebody has taken notice of it.
    pub acknowledged: bool,
    /// Where it stands, in words.
    pub state_text: String,
    /// What it is, in brief; empty if nobody has said.
    pub nature: String,
    /// Where it is; empty if nobody has said.
    pub place: String,
    /// When it was recorded first, by the phone's clock: Unix time in milliseconds.
    pub recorded_ms: i64,
    /// When something was last recorded about it: Unix time in milliseconds.
    pub changed_ms: i64,
    /// How many fields wait for a person to settle them.
    pub conflicts: u32,
    /// How far it has come.
    pub delivery: Delivery,
}

/// A page of incidents, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IncidentPage {
    /// The incidents.
    pub rows: Vec<IncidentRow>,
    /// Where the list goes on (the last page may be empty); none at its end.
    pub next: Option<String>,
}

/// One field and what is on record in it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldRow {
    /// The field's number, which never changes.
    pub field: u32,
    /// What people call it.
    pub name: String,
    /// What is on record; of several values, one on each line.
    pub text: String,
    /// It is still needed, or to be settled, before the incident can be closed.
    pub missing: bool,
}

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TimelineRow {
    /// When, as it was told: Unix time in milliseconds.
    pub at_ms: i64,
    /// What was done or seen.
    pub text: String,
}

/// A report by telephone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhoneReportRow {
    /// Who was told.
    pub to: String,
    /// The code that both ends write down.
    pub code: String,
    /// When: Unix time in milliseconds.
    pub at_ms: i64,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CommentRow {
    /// Who wrote it.
    pub name: String,
    /// What.
    pub text: String,
    /// When: Unix time in milliseconds.
    pub at_ms: i64,
}

/// An incident as it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IncidentDetail {
    /// What the list shows.
    pub row: IncidentRow,
    /// The intake and the conclusion, in the order they are asked for.
    pub fields: Vec<FieldRow>,
    /// What was done, oldest first.
    pub timeline: Vec<TimelineRow>,
    /// Who works on it, by name.
    pub assigned: Vec<String>,
    /// Who has taken notice, by name.
    pub acknowledged_by: Vec<String>,
    /// Reports by telephone.
    pub phone_reports: Vec<PhoneReportRow>,
    /// The code to read out over the telephone for this incident.
    pub read_back_code: String,
    /// Where the one-hour clock of a major incident stands, in words.
    pub report_clock: String,
    /// Comments, oldest first.
    pub comments: Vec<CommentRow>,
}
