//! Incidents: the list, major and open first, and one incident in detail.

use dutylog_core::base::{Millis, PersonId, RecordId};
use dutylog_core::capture::incident_facts;
use dutylog_core::merge::{RecordState, Summary};
use dutylog_core::records::comment::{COMMENTS, Comment};
use dutylog_core::records::incident::{
    ACKNOWLEDGED, ASSIGNED, Acknowledgement, CAUSE, CLOSED, CONTACT, COUNTERMEASURE, Closed, FIRST_STATE,
    IncidentFacts, IncidentKind, KIND, NATURE, OCCURRED, ORIGIN, Origin, PHONE_REPORT, PLACE, PhoneReport,
    RECEIVED, REPORTER, RESPONSIBILITY, RESULT, ReportClock, SEVERITY, SUGGESTION, Severity, TIMELINE,
    TimelineLine, report_clock,
};
use dutylog_core::records::{Field, FieldId, FieldValue, Member, RecordKind};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::said::{Behind, Said};
use super::{IncidentAt, ViewError, Views, columns};
use crate::ledger::SiteScope;

/// An incident as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentLine {
    /// Which.
    pub record: RecordId,
    /// Where it stands.
    pub at: IncidentAt,
    /// Its severity; of several that nobody has settled, the worst.
    pub severity: Option<Severity>,
    /// Its kinds: several while nobody has settled them.
    pub kinds: Vec<IncidentKind>,
    /// Where it is, likewise.
    pub places: Vec<String>,
    /// What it is, likewise.
    pub natures: Vec<String>,
    /// The best that is known of when it was raised.
    pub raised: Millis,
    /// When the newest entry about it was made.
    pub last: Millis,
    /// Fields that wait to be settled.
    pub conflicts: u32,
}

/// What must be told of an incident, as far as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// When it happened.
    pub occurred: Vec<Said<Millis>>,
    /// When the site was told or saw it.
    pub received: Vec<Said<Millis>>,
    /// Texts by field, in the order they are asked for: who told, how to reach them, where, what, first state, suggestion; then
    /// result, cause, responsibility, countermeasure.
    pub texts: Vec<(FieldId, Vec<Said<String>>)>,
}

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentDetail {
    /// Which.
    pub record: RecordId,
    /// Where it stands.
    pub at: IncidentAt,
    /// Its kind.
    pub kind: Vec<Said<IncidentKind>>,
    /// Its severity.
    pub severity: Vec<Said<Severity>>,
    /// What is told of it.
    pub intake: Intake,
    /// The check it came from.
    pub origin: Vec<Said<Origin>>,
    /// What must still be told or settled before it can be closed, in the order it is asked for.
    pub missing: Vec<FieldId>,
    /// What was done, line by line.
    pub timeline: Vec<Said<TimelineLine>>,
    /// Who has taken notice.
    pub acknowledged: Vec<Said<Acknowledgement>>,
    /// Who works on it: person by person, whether assigned.
    pub assigned: Vec<(PersonId, Vec<Said<bool>>)>,
    /// Reports by telephone.
    pub reported: Vec<Said<PhoneReport>>,
    /// That it was closed.
    pub closed: Vec<Said<Closed>>,
    /// Comments.
    pub comments: Vec<Said<Comment>>,
    /// When it first reached HQ.
    pub delivered: Option<Millis>,
    /// The figures that key figures are made of.
    pub facts: IncidentFacts,
    /// The clock of a major incident.
    pub clock: ReportClock,
    /// The entries behind it.
    pub behind: Behind,
}

impl Views {
    /// Open incidents, the worst first; or the newest of all, those before an instant.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn incidents(
        &self,
        scope: SiteScope,
        open_only: bool,
        before: Option<Millis>,
        limit: u32,
    ) -> Result<Vec<IncidentLine>, ViewError> {
        let query = if open_only {
            "SELECT record, state, severity, first_ms, last_ms, summary FROM view_records
             WHERE site = $1 AND kind = $2 AND state IN ($5, $6) AND at_ms < $3
             ORDER BY severity DESC, at_ms DESC, record LIMIT $4"
        } else {
            "SELECT record, state, severity, first_ms, last_ms, summary FROM view_records
             WHERE site = $1 AND kind = $2 AND at_ms < $3 AND $5 < $6 ORDER BY at_ms DESC, record DESC LIMIT $4"
        };
        let rows = sqlx::query(query)
            .bind(scope.site().0.to_vec())
            .bind(RecordKind::Incident.code())
            .bind(before.unwrap_or(Millis::MAX))
            .bind(limit)
            .bind(IncidentAt::Open.code())
            .bind(IncidentAt::Acknowledged.code())
            .fetch_all(self.readers())
            .await?;
        rows.iter().map(line).collect()
    }

    /// One incident; none if it is not one.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn incident(
        &self,
        scope: SiteScope,
        record: RecordId,
        now: Millis,
    ) -> Result<Option<IncidentDetail>, ViewError> {
        let Some(state) = self.record(scope, record).await? else { return Ok(None) };
        if state.summary.kind != Some(RecordKind::Incident) {
            return Ok(None);
        }
        let behind = self.behind(scope, record).await?;
        let board = self.board(scope).await?;
        let counting = behind.lines().into_iter().filter(|l| l.outcome.standing == super::Standing::Counts);
        let delivered = counting.map(|line| line.times.not_after).min();
        let facts = incident_facts(&state, delivered);
        let phones = self.phones_of(scope, &board).await?;
        let phones: Vec<_> = phones.iter().map(super::PhoneView::standing).collect();
        Ok(Some(IncidentDetail {
            record,
            at: stands(&facts),
            kind: behind.written(state.written(KIND)),
            severity: behind.written(state.written(SEVERITY)),
            intake: intake(&state, &behind),
            origin: behind.written(state.written(ORIGIN)),
            missing: facts.missing().collect(),
            timeline: behind.added(state.added(TIMELINE)),
            acknowledged: behind.added(state.added(ACKNOWLEDGED)),
            assigned: assigned(&state, &behind),
            reported: behind.added(state.added(PHONE_REPORT)),
            closed: behind.written(state.written(CLOSED)),
            comments: behind.added(state.added(COMMENTS)),
            delivered,
            clock: report_clock(&facts, board.report_minutes, &phones, now),
            facts,
            behind,
        }))
    }
}

fn stands(facts: &IncidentFacts) -> IncidentAt {
    match (facts.closed, facts.acknowledged) {
        (Some(_), _) => IncidentAt::Closed,
        (None, Some(_)) => IncidentAt::Acknowledged,
        (None, None) => IncidentAt::Open,
    }
}

fn intake(state: &RecordState, behind: &Behind) -> Intake {
    let text = |field: Field<String>| (field.id(), behind.written(state.written(field)));
    Intake {
        occurred: behind.written(state.written(OCCURRED)),
        received: behind.written(state.written(RECEIVED)),
        texts: [
            REPORTER,
            CONTACT,
            PLACE,
            NATURE,
            FIRST_STATE,
            SUGGESTION,
            RESULT,
            CAUSE,
            RESPONSIBILITY,
            COUNTERMEASURE,
        ]
        .map(text)
        .into(),
    }
}

fn assigned(state: &RecordState, behind: &Behind) -> Vec<(PersonId, Vec<Said<bool>>)> {
    let person = |member| if let Member::Id(id) = member { Some(PersonId(id)) } else { None };
    let members = state.members(ASSIGNED).into_iter();
    members.filter_map(|(member, written)| Some((person(member)?, behind.written(written)))).collect()
}

fn line(row: &SqliteRow) -> Result<IncidentLine, ViewError> {
    let summary = Summary::decode(row.try_get("summary")?)?;
    let at = IncidentAt::from_code(row.try_get("state")?);
    Ok(IncidentLine {
        record: RecordId(columns::fixed(row, "record")?),
        at: at.ok_or_else(|| ViewError::damaged("an unknown state of an incident"))?,
        severity: Severity::from_code(columns::count(row, "severity")?),
        kinds: live(&summary, KIND),
        places: live(&summary, PLACE),
        natures: live(&summary, NATURE),
        raised: row.try_get("first_ms")?,
        last: row.try_get("last_ms")?,
        conflicts: summary.conflicts,
    })
}

/// The live values of a field that lists show.
pub(super) fn live<T: FieldValue>(summary: &Summary, field: Field<T>) -> Vec<T> {
    summary.headline.get(&field.id()).into_iter().flatten().filter_map(T::from_value).collect()
}
