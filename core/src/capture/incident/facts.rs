//! What is known of an incident, read from its state.

use std::collections::BTreeSet;

use crate::base::{Millis, Value};
use crate::merge::RecordState;
use crate::records::incident::{
    ACKNOWLEDGED, CLOSED, CONCLUSION, INTAKE, IncidentFacts, OCCURRED, PHONE_REPORT, RECEIVED, SEVERITY,
    TIMELINE,
};
use crate::records::{FieldId, Member};

/// What is known of an incident. `delivered` is when it reached HQ, as far as the holder knows.
///
/// Of several times that wait to be settled the earliest counts, of several severities the worst.
#[must_use]
pub fn incident_facts(state: &RecordState, delivered: Option<Millis>) -> IncidentFacts {
    let first = |times: Vec<Millis>| times.into_iter().min();
    let written = |times: Vec<crate::merge::Written<Millis>>| times.into_iter().map(|w| w.value).min();
    let by_phone = first(state.added(PHONE_REPORT).into_iter().map(|a| a.value.at).collect());
    let wanted = || [SEVERITY.id()].into_iter().chain(INTAKE).chain(CONCLUSION);
    let severity = state.written(SEVERITY).into_iter().map(|w| w.value).max();
    let closed = state.written(CLOSED).into_iter().filter(|w| w.value.holds(severity));
    IncidentFacts {
        severity,
        recorded: state.summary.first_at,
        occurred: written(state.written(OCCURRED)),
        received: written(state.written(RECEIVED)),
        reported: by_phone.into_iter().chain(delivered).min(),
        acknowledged: first(state.added(ACKNOWLEDGED).into_iter().map(|a| a.value.at).collect()),
        handled: first(state.added(TIMELINE).into_iter().map(|a| a.value.at).collect()),
        closed: first(closed.map(|w| w.value.at).collect()),
        filled: wanted().filter(|f| values(state, *f).iter().any(|v| !v.is_null())).collect(),
        disputed: wanted().filter(|f| values(state, *f).len() > 1).collect::<BTreeSet<_>>(),
    }
}

fn values(state: &RecordState, field: FieldId) -> Vec<&Value> {
    state.cells.get(&(field, Member::Whole)).map(|r| r.values().collect()).unwrap_or_default()
}
