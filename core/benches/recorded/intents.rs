//! From the workload's actions to what a phone records: the same values, in fields that the product's own actions may write.

use dutylog_core::base::{Millis, RecordId, Value as Written};
use dutylog_core::capture::{About, Intent};
use dutylog_core::records::round::{Answer, ItemStatus, RESULT, SKIPPED, STARTED};
use dutylog_core::records::{FieldId, Kind as Recorded, Member, handover, incident};
use dutylog_core::testing::START;

use crate::site_year::{Action, Field, Kind, Value, YEAR_BEGINS, record_id};

/// The ten fields of an incident, by the workload's numbers.
const INCIDENT: [FieldId; 10] = [
    incident::KIND.id(),
    incident::SEVERITY.id(),
    incident::OCCURRED.id(),
    incident::RECEIVED.id(),
    incident::REPORTER.id(),
    incident::CONTACT.id(),
    incident::PLACE.id(),
    incident::NATURE.id(),
    incident::FIRST_STATE.id(),
    incident::SUGGESTION.id(),
];

/// When an action happened, in the time of the site: the posts there are younger than the workload's year.
pub(crate) fn at(action: &Action) -> Millis {
    action.at_ms - YEAR_BEGINS + START
}

/// The name under which all phones know a record.
pub(crate) fn known(action: &Action) -> RecordId {
    RecordId(record_id(action.record))
}

/// What an action records; without a record's name, it creates one.
///
/// A handover's twelve texts are written as twelve members, as many cells as L1 has rows: the product itself would freeze
/// them into one document.
pub(crate) fn intent(action: &Action, record: Option<RecordId>) -> Intent {
    let kind = match action.kind {
        Kind::Round => Recorded::RoundStarted,
        Kind::CheckResult | Kind::HandoverItem => Recorded::ItemAnswered,
        Kind::Handover => Recorded::CheckpointSkipped,
        Kind::Signature => Recorded::AddendumAcknowledged,
        Kind::Incident => Recorded::IncidentRaised,
        Kind::TimelineLine => Recorded::TimelineAdded,
    };
    let about = record.map_or_else(|| Intent::creating(kind), |record| Intent::about(kind, record));
    changes(about, action).done()
}

fn changes(about: About, action: &Action) -> About {
    let fields = &action.fields;
    match action.kind {
        Kind::Round => {
            let texts = fields.iter().map(|field| plain(&field.value)).collect();
            about.write(STARTED.id(), Member::Whole, Written::List(texts))
        }
        Kind::CheckResult | Kind::HandoverItem => {
            about.set_member(RESULT, u32::from(fields[0].item), &answer(fields))
        }
        Kind::Handover => fields.iter().fold(about, |about, field| {
            let member = Member::Number(u32::from(field.name) + 1);
            about.write(SKIPPED.id(), member, plain(&field.value))
        }),
        Kind::Incident => fields.iter().fold(about, |about, field| {
            about.write(INCIDENT[usize::from(field.name)], Member::Whole, plain(&field.value))
        }),
        Kind::Signature => about.put(handover::ADDENDUM_ACK.id(), plain(&fields[0].value)),
        Kind::TimelineLine => about.put(incident::TIMELINE.id(), plain(&fields[0].value)),
    }
}

fn plain(value: &Value) -> Written {
    match value {
        Value::Status(status) => Written::Int((*status).into()),
        Value::Reading(tenths) => Written::Int((*tenths).into()),
        Value::Text(text) => Written::Text(text.clone()),
        Value::Bytes(bytes) => Written::Bytes(bytes.clone()),
    }
}

fn answer(fields: &[Field]) -> Answer {
    let mut answer = Answer { status: ItemStatus::Normal, reading: None, note: None };
    for field in fields {
        match &field.value {
            Value::Status(status) => {
                answer.status = ItemStatus::from_code((*status).into()).unwrap_or(ItemStatus::Normal);
            }
            Value::Reading(tenths) => answer.reading = Some((*tenths).into()),
            Value::Text(text) => answer.note = Some(text.clone()),
            Value::Bytes(_) => {}
        }
    }
    answer
}
