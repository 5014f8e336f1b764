//! Raising an incident, and telling more about it.

use super::open;
use crate::base::{Millis, RecordId};
use crate::capture::{About, Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::merge::Lookup;
use crate::records::incident::{
    CONTACT, FIRST_STATE, IncidentKind, KIND, NATURE, OCCURRED, ORIGIN, Origin, PLACE, RECEIVED, REPORTER,
    SEVERITY, SUGGESTION, Severity,
};
use crate::records::{Kind, list_value};

/// What is told of an incident (R45): all of it may come later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    /// When it happened.
    pub occurred: Option<Millis>,
    /// When the site was told, or saw it.
    pub received: Option<Millis>,
    /// Who told.
    pub reporter: Option<Entered>,
    /// How to reach them.
    pub contact: Option<Entered>,
    /// Where it is.
    pub place: Option<Entered>,
    /// What it is, in brief.
    pub nature: Option<Entered>,
    /// What was found first.
    pub first_state: Option<Entered>,
    /// What the reporter suggests.
    pub suggestion: Option<Entered>,
}
list_value!(Intake { occurred, received, reporter, contact, place, nature, first_state, suggestion });

impl Intake {
    fn tell(&self, about: About) -> Result<About, Rejection> {
        let mut about =
            about.set_some(OCCURRED, self.occurred.as_ref()).set_some(RECEIVED, self.received.as_ref());
        let texts = [
            (REPORTER, &self.reporter),
            (CONTACT, &self.contact),
            (PLACE, &self.place),
            (NATURE, &self.nature),
            (FIRST_STATE, &self.first_state),
            (SUGGESTION, &self.suggestion),
        ];
        for (field, entered) in texts {
            about = about.set_some(field, Entered::told(entered.as_ref())?.as_ref());
        }
        Ok(about)
    }
}

/// Raises an incident. The kind alone is enough, and so is the device alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaiseIncident {
    /// Its kind.
    pub kind: IncidentKind,
    /// How severe it is, if that can be said.
    pub severity: Option<Severity>,
    /// The check that it came from.
    pub origin: Option<Origin>,
    /// What is told of it; it was received now if nothing else is said.
    pub intake: Intake,
}
list_value!(RaiseIncident { kind, severity, origin, intake });

impl Capture for RaiseIncident {
    fn kind(&self) -> Kind {
        Kind::IncidentRaised
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let about = Intent::creating(Kind::IncidentRaised)
            .set(KIND, &self.kind)
            .set_some(SEVERITY, self.severity.as_ref())
            .set_some(ORIGIN, self.origin.as_ref());
        let received = self.intake.received.or(Some(ctx.now));
        Ok(Intake { received, ..self.intake }.tell(about)?.done())
    }
}

/// Tells more about an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailIncident {
    /// The incident.
    pub incident: RecordId,
    /// What is told; what is not, stays as it is.
    pub intake: Intake,
}
list_value!(DetailIncident { incident, intake });

impl Capture for DetailIncident {
    fn kind(&self) -> Kind {
        Kind::IncidentDetailed
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        open(ctx, self.incident)?;
        let intent = self.intake.tell(Intent::about(self.kind(), self.incident))?.done();
        if intent.changes.is_empty() { Err(Rejection::NothingEntered.into()) } else { Ok(intent) }
    }
}
