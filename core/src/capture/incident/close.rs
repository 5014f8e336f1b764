//! Closing an incident: everything told, everything found, and for a major one a signature under the text.

use super::{incident_facts, open};
use crate::base::{Digest, Millis, RecordId, Value};
use crate::capture::{Capture, CaptureError, Context, Entered, Intent, Rejection};
use crate::locales::{IncidentSheet, incident_text};
use crate::log::{Purpose, text_digest};
use crate::merge::{Lookup, RecordState};
use crate::records::calendar::Zone;
use crate::records::incident::{
    CAUSE, CLOSED, CONCLUSION, COUNTERMEASURE, Closed, INTAKE, IncidentFacts, KIND, OCCURRED, RECEIVED,
    RESPONSIBILITY, RESULT, Severity, TIMELINE,
};
use crate::records::{Field, FieldId, FieldValue, Kind, Member, list_value};

/// Closes an incident. What is on record already need not be said again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseIncident {
    /// The incident.
    pub incident: RecordId,
    /// How it ended.
    pub result: Option<Entered>,
    /// Why it happened.
    pub cause: Option<Entered>,
    /// Who answers for it.
    pub responsibility: Option<Entered>,
    /// What keeps it from happening again.
    pub countermeasure: Option<Entered>,
    /// The digest of the text that was shown ([`Self::text`]); a major incident is closed by signing it.
    pub shown: Option<Digest>,
}
list_value!(CloseIncident { incident, result, cause, responsibility, countermeasure, shown });

/// What is found in the end, text by text.
type Conclusion = Vec<(Field<String>, String)>;

impl CloseIncident {
    /// The exact text to show to whoever closes it, with what they entered.
    ///
    /// # Errors
    /// [`CaptureError`]; what keeps the incident from being closed is told here already.
    pub fn text<L: Lookup>(&self, ctx: &Context<'_, L>) -> Result<String, CaptureError<L::Error>> {
        let state = open(ctx, self.incident)?;
        let conclusion = self.conclusion()?;
        complete(&state, &conclusion)?;
        Ok(shown_text(ctx, &state, &conclusion)?)
    }

    fn conclusion(&self) -> Result<Conclusion, Rejection> {
        let entered = [
            (RESULT, &self.result),
            (CAUSE, &self.cause),
            (RESPONSIBILITY, &self.responsibility),
            (COUNTERMEASURE, &self.countermeasure),
        ];
        let mut told = Vec::new();
        for (field, entered) in entered {
            told.extend(Entered::told(entered.as_ref())?.map(|text| (field, text)));
        }
        Ok(told)
    }
}

impl Capture for CloseIncident {
    fn kind(&self) -> Kind {
        Kind::IncidentClosed
    }

    fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
        let state = open(ctx, self.incident)?;
        let conclusion = self.conclusion()?;
        let facts = complete(&state, &conclusion)?;
        let mut closed = Closed { person: ctx.person()?, at: ctx.now, text: None };
        let mut about = Intent::about(self.kind(), self.incident);
        for (field, text) in &conclusion {
            about = about.set(*field, text);
        }
        if facts.severity.is_some_and(Severity::is_major) {
            let text = text_digest(&shown_text(ctx, &state, &conclusion)?);
            if self.shown != Some(text) {
                return Err(Rejection::ShownTextChanged.into());
            }
            closed.text = Some(text);
            about = about.signed(Purpose::Incident, text, Value::List(Vec::new()));
        }
        Ok(about.set(CLOSED, &closed).done())
    }
}

/// The facts, if nothing is missing once the conclusion is written. Writing a field settles it.
fn complete(state: &RecordState, conclusion: &Conclusion) -> Result<IncidentFacts, Rejection> {
    let mut facts = incident_facts(state, None);
    for (field, _) in conclusion {
        facts.filled.insert(field.id());
        facts.disputed.remove(&field.id());
    }
    let (disputed, missing): (Vec<_>, Vec<_>) =
        facts.missing().partition(|field| facts.disputed.contains(field));
    let whole = missing.is_empty() && disputed.is_empty();
    if whole { Ok(facts) } else { Err(Rejection::IncidentIncomplete { missing, disputed }) }
}

fn shown_text<L>(
    ctx: &Context<'_, L>,
    state: &RecordState,
    conclusion: &Conclusion,
) -> Result<String, Rejection> {
    let (site, zone) = ctx.site_and_zone()?;
    let entered = |field: FieldId| conclusion.iter().find(|(f, _)| f.id() == field).map(|(_, t)| t.clone());
    let fields = INTAKE.into_iter().chain(CONCLUSION);
    let fields: Vec<_> =
        fields.map(|f| (f, entered(f).unwrap_or_else(|| value_text(state, f, zone)))).collect();
    let mut timeline: Vec<_> = state.added(TIMELINE).into_iter().map(|a| (a.value, a.by)).collect();
    timeline.sort_by_key(|(line, by)| (line.at, *by));
    let sheet = IncidentSheet {
        site: &site.name,
        zone,
        kind: state.get(KIND),
        severity: incident_facts(state, None).severity,
        fields: &fields,
        timeline: &timeline.into_iter().map(|(line, _)| line).collect::<Vec<_>>(),
    };
    Ok(incident_text(&sheet, ctx.locale))
}

/// A field of the intake or conclusion as people read it.
fn value_text(state: &RecordState, field: FieldId, zone: Zone) -> String {
    let register = state.cells.get(&(field, Member::Whole));
    let Some(value) = register.and_then(|r| r.values().next()) else { return String::new() };
    if field == OCCURRED.id() || field == RECEIVED.id() {
        return Millis::from_value(value).map_or_else(String::new, |at| zone.minute_text(at));
    }
    String::from_value(value).unwrap_or_default()
}
