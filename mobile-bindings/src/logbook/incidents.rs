//! Incidents as screens show them.

use std::collections::BTreeSet;

use dutylog_core::base::{Millis, PersonId, RecordId};
use dutylog_core::capture::incident_facts;
use dutylog_core::companion as core;
use dutylog_core::locales::{Locale, Words as _, field_name, report_clock_text, value_text};
use dutylog_core::merge::{Lookup as _, RecordState, Summary};
use dutylog_core::records::calendar::Zone;
use dutylog_core::records::comment::COMMENTS;
use dutylog_core::records::incident::{
    ACKNOWLEDGED, ASSIGNED, CLOSED, CONCLUSION, Closed, INTAKE, IncidentFacts, IncidentKind, IncidentState,
    KIND, NATURE, PHONE_REPORT, PLACE, SEVERITY, Severity, TIMELINE, read_back_code, report_clock,
};
use dutylog_core::records::rules::RuleId;
use dutylog_core::records::{FieldId, FieldValue, Member, RecordKind};
use dutylog_core::store;

use super::rounds::delivery;
use super::{Answer, Logbook, at, not_here, paging, record};
use crate::error::DutylogError;
use crate::host::Reading;
use crate::rows::{
    CommentRow, FieldRow, IncidentDetail, IncidentPage, IncidentRow, PhoneReportRow, TimelineRow, name_of,
};

#[uniffi::export]
impl Logbook {
    /// A page of the incidents this phone holds, the newest first. `cursor` is the `next` of the page before, none for the first;
    /// `limit` is 1 to 200.
    pub fn incidents(&self, cursor: Option<String>, limit: u32) -> Result<IncidentPage, DutylogError> {
        self.read(|app| {
            let (after, limit) = paging(cursor.as_deref(), limit)?;
            let listed = app.store().reader().list(RecordKind::Incident, after, limit)?;
            let waiting = app.store().waiting()?;
            let next = listed.get(limit - 1).map(|last| last.cursor.to_text());
            let row =
                |l: &store::Listed| row(l.id, &l.summary, delivery(&waiting, l.id), self.lending.locale);
            Ok(IncidentPage { rows: listed.iter().map(row).collect(), next })
        })
    }

    /// An incident with all that is told of it.
    pub fn incident(&self, incident: String, reading: Reading) -> Result<IncidentDetail, DutylogError> {
        self.read(|app| {
            detail(app, record(&incident, "incident")?, app.corrected(at(&reading)), self.lending.locale)
        })
    }
}

fn row(id: RecordId, summary: &Summary, delivery: store::Delivery, locale: Locale) -> IncidentRow {
    let kind = values::<IncidentKind>(summary, KIND.id()).next();
    let severity = values::<Severity>(summary, SEVERITY.id()).max();
    let closed = values::<Closed>(summary, CLOSED.id()).any(|closed| closed.holds(severity));
    let acknowledged = summary.count(ACKNOWLEDGED.id()) > 0;
    let state = match (closed, acknowledged) {
        (true, _) => IncidentState::Closed,
        (_, true) => IncidentState::Acknowledged,
        _ => IncidentState::Open,
    };
    IncidentRow {
        id: id.to_string(),
        kind: kind.map(Into::into),
        kind_text: kind.map(|kind| kind.words(locale).to_owned()).unwrap_or_default(),
        severity: severity.map(Into::into),
        severity_text: severity.map(|severity| severity.words(locale).to_owned()).unwrap_or_default(),
        closed,
        acknowledged,
        state_text: state.words(locale).to_owned(),
        nature: values::<String>(summary, NATURE.id()).next().unwrap_or_default(),
        place: values::<String>(summary, PLACE.id()).next().unwrap_or_default(),
        recorded_ms: summary.first_at,
        changed_ms: summary.last_at,
        conflicts: summary.conflicts,
        delivery: delivery.into(),
    }
}

/// What the list knows of a field.
fn values<T: FieldValue>(summary: &Summary, field: FieldId) -> impl Iterator<Item = T> {
    let live = summary.headline.get(&field).into_iter().flatten();
    live.filter_map(T::from_value).collect::<Vec<_>>().into_iter()
}

fn detail(app: &core::Companion, id: RecordId, now: Millis, locale: Locale) -> Answer<IncidentDetail> {
    let state = app.store().reader().record(id)?;
    if state.summary.kind != Some(RecordKind::Incident) {
        return Err(not_here(RecordKind::Incident));
    }
    let config = app.store().knowledge().now();
    let zone = config.zone().unwrap_or(Zone::UTC);
    let facts = incident_facts(&state, None);
    let clock = report_clock(&facts, config.rules().value(RuleId::MajorReport), &[], now);
    let called = |person: PersonId| name_of(&config, person);
    let acknowledged = state.added(ACKNOWLEDGED).into_iter().map(|a| called(a.value.person));
    Ok(IncidentDetail {
        row: row(id, &state.summary, delivery(&app.store().waiting()?, id), locale),
        fields: fields(&state, &facts, zone, locale),
        timeline: timeline(&state),
        assigned: assigned(&state).into_iter().map(called).collect(),
        acknowledged_by: acknowledged.collect(),
        phone_reports: phone_reports(&state),
        read_back_code: read_back_code(id),
        report_clock: report_clock_text(clock, zone, locale),
        comments: comments(app, &state),
    })
}

fn fields(state: &RecordState, facts: &IncidentFacts, zone: Zone, locale: Locale) -> Vec<FieldRow> {
    let missing: BTreeSet<FieldId> = facts.missing().collect();
    let text = |field: FieldId| {
        let register = state.cells.get(&(field, Member::Whole));
        let values = register.map(|register| register.values().collect::<Vec<_>>()).unwrap_or_default();
        let said = values.into_iter().filter(|value| !value.is_null());
        said.map(|value| value_text(field, value, None, Some(zone), locale)).collect::<Vec<_>>().join("\n")
    };
    let wanted = [SEVERITY.id()].into_iter().chain(INTAKE).chain(CONCLUSION);
    wanted
        .map(|field| FieldRow {
            field: field.0.into(),
            name: field_name(field, locale),
            text: text(field),
            missing: missing.contains(&field),
        })
        .collect()
}

fn timeline(state: &RecordState) -> Vec<TimelineRow> {
    let mut lines: Vec<_> = state.added(TIMELINE).into_iter().map(|added| (added.value, added.by)).collect();
    lines.sort_by_key(|(line, by)| (line.at, *by));
    lines.into_iter().map(|(line, _)| TimelineRow { at_ms: line.at, text: line.text }).collect()
}

fn assigned(state: &RecordState) -> Vec<PersonId> {
    let members = state.members(ASSIGNED).into_iter();
    let on = members.filter(|(_, written)| written.iter().any(|written| written.value));
    on.filter_map(|(member, _)| if let Member::Id(id) = member { Some(PersonId(id)) } else { None }).collect()
}

fn phone_reports(state: &RecordState) -> Vec<PhoneReportRow> {
    let reports = state.added(PHONE_REPORT).into_iter().map(|added| added.value);
    reports.map(|report| PhoneReportRow { to: report.to, code: report.code, at_ms: report.at }).collect()
}

fn comments(app: &core::Companion, state: &RecordState) -> Vec<CommentRow> {
    let config = app.store().knowledge().now();
    let mut said: Vec<_> = state.added(COMMENTS).into_iter().map(|added| (added.value, added.by)).collect();
    said.sort_by_key(|(comment, by)| (comment.at, *by));
    let row = |comment: dutylog_core::records::comment::Comment| CommentRow {
        name: name_of(&config, comment.person),
        text: comment.text,
        at_ms: comment.at,
    };
    said.into_iter().map(|(comment, _)| row(comment)).collect()
}
