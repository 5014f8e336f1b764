//! Incidents: raised with the kind alone, told and handled as it goes, closed when everything is told.

mod close;
mod facts;
mod raise;

pub use close::CloseIncident;
pub use facts::incident_facts;
pub use raise::{DetailIncident, Intake, RaiseIncident};

use super::{Asked, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::base::{Millis, PersonId, RecordId};
use crate::merge::{Lookup, RecordState};
use crate::records::incident::{
    ACKNOWLEDGED, ASSIGNED, Acknowledgement, PHONE_REPORT, PhoneReport, SEVERITY, Severity, TIMELINE,
    TimelineLine, read_back_code,
};
use crate::records::{Kind, RecordKind, list_value};

/// An incident that is held.
fn held<L: Lookup>(ctx: &Context<'_, L>, incident: RecordId) -> Result<RecordState, CaptureError<L::Error>> {
    ctx.held(incident, RecordKind::Incident)
}

/// An incident that is held and not closed.
fn open<L: Lookup>(ctx: &Context<'_, L>, incident: RecordId) -> Result<RecordState, CaptureError<L::Error>> {
    let state = held(ctx, incident)?;
    let closed = incident_facts(&state, None).closed;
    if closed.is_none() { Ok(state) } else { Err(Rejection::IncidentClosed.into()) }
}

/// Adds a line to the timeline. Works while nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddTimelineLine {
    /// The incident.
    pub incident: RecordId,
    /// What was done or seen.
    pub text: Entered,
    /// When; none: now.
    pub at: Option<Millis>,
}
list_value!(AddTimelineLine { incident, text, at });

impl Capture for AddTimelineLine {
    fn kind(&self) -> Kind {
        Kind::TimelineAdded
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        open(ctx, self.incident)?;
        let text = self.text.required(Asked::Text)?;
        let line = TimelineLine { text, at: self.at.unwrap_or(ctx.now) };
        Ok(Intent::about(Kind::TimelineAdded, self.incident).add(TIMELINE, &line).done())
    }
}

/// Changes how severe an incident is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSeverity {
    /// The incident.
    pub incident: RecordId,
    /// How severe it is.
    pub severity: Severity,
}
list_value!(ChangeSeverity { incident, severity });

impl Capture for ChangeSeverity {
    fn kind(&self) -> Kind {
        Kind::SeverityChanged
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        open(ctx, self.incident)?;
        Ok(Intent::about(self.kind(), self.incident).set(SEVERITY, &self.severity).done())
    }
}

/// Puts a person on an incident, or takes them off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignPerson {
    /// The incident.
    pub incident: RecordId,
    /// Who.
    pub person: PersonId,
    /// Whether they work on it.
    pub assigned: bool,
}
list_value!(AssignPerson { incident, person, assigned });

impl Capture for AssignPerson {
    fn kind(&self) -> Kind {
        Kind::IncidentAssigned
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        open(ctx, self.incident)?;
        ctx.config.person(self.person).ok_or(Rejection::NotHere { kind: RecordKind::Person })?;
        let about = Intent::about(self.kind(), self.incident);
        Ok(about.set_member(ASSIGNED, self.person, &self.assigned).done())
    }
}

/// Takes notice of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledge {
    /// The incident.
    pub incident: RecordId,
}
list_value!(Acknowledge { incident });

impl Capture for Acknowledge {
    fn kind(&self) -> Kind {
        Kind::IncidentAcknowledged
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let (person, state) = (ctx.person()?, held(ctx, self.incident)?);
        if state.added(ACKNOWLEDGED).iter().any(|a| a.value.person == person) {
            return Err(Rejection::AlreadyAcknowledged.into());
        }
        let acknowledged = Acknowledgement { person, at: ctx.now };
        Ok(Intent::about(self.kind(), self.incident).add(ACKNOWLEDGED, &acknowledged).done())
    }
}

/// Records that an incident was reported by telephone; the code that both ends write down comes from the incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportByPhone {
    /// The incident.
    pub incident: RecordId,
    /// Who was told.
    pub to: Entered,
}
list_value!(ReportByPhone { incident, to });

impl Capture for ReportByPhone {
    fn kind(&self) -> Kind {
        Kind::ReportedByPhone
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        open(ctx, self.incident)?;
        let to = self.to.required(Asked::Recipient)?;
        let report = PhoneReport { to, code: read_back_code(self.incident), at: ctx.now };
        Ok(Intent::about(Kind::ReportedByPhone, self.incident).add(PHONE_REPORT, &report).done())
    }
}
