//! Running an incident: raising, telling, doing, reporting, closing; and comments, which go under any record.

use dutylog_core::base::PersonId;
use dutylog_core::capture::{
    Acknowledge, AddTimelineLine, AssignPerson, ChangeSeverity, CloseIncident, Comment, DetailIncident,
    RaiseIncident, ReportByPhone,
};
use dutylog_core::log::text_digest;
use dutylog_core::records::incident::Origin;

use super::{Answer, Logbook, id, record};
use crate::error::{DutylogError, Failure};
use crate::forms::{Conclusion, IncidentIntake, NewIncident, entered, told};
use crate::host::Reading;
use crate::rows::{Saved, ToSign};
use crate::words::Severity;

#[uniffi::export]
impl Logbook {
    /// Raises an incident; `Saved.record` names it. The kind alone is enough. Works while nobody is signed in.
    pub fn raise_incident(
        &self,
        draft: String,
        incident: NewIncident,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            Ok(RaiseIncident {
                kind: incident.kind.into(),
                severity: incident.severity.map(Into::into),
                origin: origin(&incident)?,
                intake: (&incident.intake).into(),
            }
            .into())
        })
    }

    /// Tells more about an incident; what is left out stays as it is.
    pub fn detail_incident(
        &self,
        draft: String,
        incident: String,
        intake: IncidentIntake,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let incident = record(&incident, "incident")?;
            Ok(DetailIncident { incident, intake: (&intake).into() }.into())
        })
    }

    /// Adds a line to the timeline; `atMs` is when it was (Unix time in milliseconds), none for now. Works while nobody is signed in.
    pub fn add_timeline(
        &self,
        draft: String,
        incident: String,
        text: String,
        at_ms: Option<i64>,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let incident = record(&incident, "incident")?;
            Ok(AddTimelineLine { incident, text: entered(&text), at: at_ms }.into())
        })
    }

    /// Changes how severe an incident is.
    pub fn change_severity(
        &self,
        draft: String,
        incident: String,
        severity: Severity,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let incident = record(&incident, "incident")?;
            Ok(ChangeSeverity { incident, severity: severity.into() }.into())
        })
    }

    /// Puts a person on an incident, or takes them off.
    pub fn assign(
        &self,
        draft: String,
        incident: String,
        person: String,
        assigned: bool,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            let (incident, person) = (record(&incident, "incident")?, id::<PersonId>(&person, "person")?);
            Ok(AssignPerson { incident, person, assigned }.into())
        })
    }

    /// Takes notice of an incident.
    pub fn acknowledge(
        &self,
        draft: String,
        incident: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| Ok(Acknowledge { incident: record(&incident, "incident")? }.into()))
    }

    /// Records that an incident was reported by telephone to `to`. Both ends write down `readBackCode` of its details.
    pub fn report_by_phone(
        &self,
        draft: String,
        incident: String,
        to: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            Ok(ReportByPhone { incident: record(&incident, "incident")?, to: entered(&to) }.into())
        })
    }

    /// The text to show to whoever closes an incident, with what they entered. Fails with `Rejected` while something is missing, naming it.
    pub fn close_text(&self, conclusion: Conclusion, reading: Reading) -> Result<ToSign, DutylogError> {
        self.look(&reading, |ctx| {
            let text = close(&conclusion, None)?.text(ctx)?;
            Ok(ToSign { digest: text_digest(&text).to_string(), text, shown_at_ms: ctx.now })
        })
    }

    /// Closes an incident. A major one needs the digest of the text that was shown, and is signed by the person's own key.
    pub fn close_incident(
        &self,
        draft: String,
        conclusion: Conclusion,
        digest: Option<String>,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| Ok(close(&conclusion, digest.as_deref())?.into()))
    }

    /// Comments on a round, an incident or a handover.
    pub fn comment(
        &self,
        draft: String,
        record: String,
        text: String,
        reading: Reading,
    ) -> Result<Saved, DutylogError> {
        self.act(&draft, &reading, |_| {
            Ok(Comment { record: super::record(&record, "record")?, text: entered(&text) }.into())
        })
    }
}

fn origin(incident: &NewIncident) -> Answer<Option<Origin>> {
    match (&incident.from_round, incident.from_item) {
        (Some(round), Some(item)) => Ok(Some(Origin { round: record(round, "from_round")?, item })),
        (None, None) => Ok(None),
        _ => Err(Failure::Argument("from_item")),
    }
}

fn close(conclusion: &Conclusion, digest: Option<&str>) -> Answer<CloseIncident> {
    Ok(CloseIncident {
        incident: record(&conclusion.incident, "incident")?,
        result: told(conclusion.result.as_ref()),
        cause: told(conclusion.cause.as_ref()),
        responsibility: told(conclusion.responsibility.as_ref()),
        countermeasure: told(conclusion.countermeasure.as_ref()),
        shown: digest.map(|digest| id(digest, "digest")).transpose()?,
    })
}
