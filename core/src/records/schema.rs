//! Every field there is.

use super::field::Shape;
use super::{FieldId, FieldKind, RecordKind as R};
use super::{chain, checklist, comment, handover, incident, people, round, rules, security, shift, site};

const FIELDS: &[FieldKind] = &[
    site::SITE.of(R::Site),
    people::PERSON.of(R::Person),
    people::POST.of(R::Post),
    people::GRANT.of(R::Grant),
    checklist::CHECKPOINT.of(R::Checkpoint),
    checklist::CHECKLIST.of(R::Checklist),
    round::ROUND_PLAN.of(R::RoundPlan),
    shift::ROSTER.of(R::Roster),
    rules::RULES.of(R::Rules),
    security::CERTIFICATE.of(R::Certificate),
    security::REVOCATION.of(R::Revocation),
    round::STARTED.of(R::Round),
    round::RESULT.of(R::Round),
    round::REACHED.of(R::Round),
    round::SKIPPED.of(R::Round),
    round::SIGNED.of(R::Round),
    round::REST_NORMAL.of(R::Round),
    round::ROUND_SKIPPED.of(R::Round),
    incident::KIND.of(R::Incident),
    incident::SEVERITY.of(R::Incident),
    incident::OCCURRED.of(R::Incident),
    incident::RECEIVED.of(R::Incident),
    incident::REPORTER.of(R::Incident),
    incident::CONTACT.of(R::Incident),
    incident::PLACE.of(R::Incident),
    incident::NATURE.of(R::Incident),
    incident::FIRST_STATE.of(R::Incident),
    incident::SUGGESTION.of(R::Incident),
    incident::TIMELINE.of(R::Incident),
    incident::ACKNOWLEDGED.of(R::Incident),
    incident::RESULT.of(R::Incident),
    incident::CAUSE.of(R::Incident),
    incident::RESPONSIBILITY.of(R::Incident),
    incident::COUNTERMEASURE.of(R::Incident),
    incident::CLOSED.of(R::Incident),
    incident::ORIGIN.of(R::Incident),
    incident::ASSIGNED.of(R::Incident),
    incident::PHONE_REPORT.of(R::Incident),
    shift::CHECK_IN.of(R::Shift),
    shift::CHECK_OUT.of(R::Shift),
    shift::CORRECTED.of(R::Shift),
    handover::DOCUMENT.of(R::Handover),
    handover::SIGNATURES.of(R::Handover),
    handover::WITHDRAWN.of(R::Handover),
    handover::ADDENDUM_ACK.of(R::Handover),
    handover::ONE_SIDED.of(R::Handover),
    FieldKind { id: comment::COMMENTS.id(), owner: None, shape: Shape::Set },
    chain::SESSION_OPENED.of(R::Chain),
    chain::SESSION_CLOSED.of(R::Chain),
    chain::CLOCK_CHANGED.of(R::Chain),
    chain::FORK_REVIEWED.of(R::Chain),
    chain::AUTHOR_CLAIMED.of(R::Chain),
    chain::EPOCH_OPENED.of(R::Chain),
    chain::EPOCH_ADOPTED.of(R::Chain),
    chain::HELD_REVIEWED.of(R::Chain),
    chain::SNAPSHOT_TAKEN.of(R::Chain),
    chain::CODE_ISSUED.of(R::Chain),
    chain::PHONE_NAMED.of(R::Chain),
];

/// What a field's number stands for; none for a number that a newer version brought.
#[must_use]
pub fn describe(field: FieldId) -> Option<FieldKind> {
    FIELDS.binary_search_by_key(&field, |f| f.id).ok().map(|i| FIELDS[i])
}

/// Every field there is, in order of number.
#[must_use]
pub fn fields() -> &'static [FieldKind] {
    FIELDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_stands_for_one_field() {
        assert!(FIELDS.is_sorted_by(|a, b| a.id < b.id), "in order, and none twice");
        for field in FIELDS {
            assert_eq!(describe(field.id), Some(*field));
        }
        assert_eq!(describe(FieldId(0)), None);
        assert_eq!(describe(FieldId(9_999)), None);
    }

    #[test]
    fn shapes_are_what_the_handles_say() {
        assert_eq!(describe(round::RESULT.id()).map(|f| f.shape), Some(Shape::Members));
        assert_eq!(describe(incident::SEVERITY.id()).map(|f| f.shape), Some(Shape::Register));
        assert_eq!(describe(comment::COMMENTS.id()).and_then(|f| f.owner), None);
    }
}
