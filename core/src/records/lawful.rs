//! What each kind of action may change, what lists show, and whose name a value bears.

use super::round::{Answer, ItemStatus};
use super::{FieldId, FieldValue, Kind, Shape, describe};
use super::{chain, comment, handover, incident, round, shift};
use crate::base::{PersonId, Value};

/// Whether an action of this kind changes this field. What it does not list, it may not touch: otherwise a right to add a line
/// would be a right to change anything.
#[must_use]
pub fn may_write(kind: Kind, field: FieldId) -> bool {
    if kind.hq_only() && (16..=26).contains(&kind.code()) {
        return configured(kind) == Some(field);
    }
    match kind {
        Kind::ConflictSettled => describe(field).is_some_and(|d| d.shape != Shape::Set),
        _ => fields(kind).contains(&field),
    }
}

fn configured(kind: Kind) -> Option<FieldId> {
    let owner = kind.record_kind()?;
    super::schema::fields().iter().find(|f| f.owner == Some(owner) && f.shape == Shape::Set).map(|f| f.id)
}

fn fields(kind: Kind) -> &'static [FieldId] {
    const INTAKE: &[FieldId] = &[
        incident::OCCURRED.id(),
        incident::RECEIVED.id(),
        incident::REPORTER.id(),
        incident::CONTACT.id(),
        incident::PLACE.id(),
        incident::NATURE.id(),
        incident::FIRST_STATE.id(),
        incident::SUGGESTION.id(),
    ];
    const RAISED: &[FieldId] = &[
        incident::KIND.id(),
        incident::SEVERITY.id(),
        incident::ORIGIN.id(),
        incident::OCCURRED.id(),
        incident::RECEIVED.id(),
        incident::REPORTER.id(),
        incident::CONTACT.id(),
        incident::PLACE.id(),
        incident::NATURE.id(),
        incident::FIRST_STATE.id(),
        incident::SUGGESTION.id(),
    ];
    match kind {
        Kind::SessionOpened => const { &[chain::SESSION_OPENED.id()] },
        Kind::SessionClosed => const { &[chain::SESSION_CLOSED.id()] },
        Kind::ClockChanged => const { &[chain::CLOCK_CHANGED.id()] },
        Kind::ForkReviewed => const { &[chain::FORK_REVIEWED.id()] },
        Kind::AuthorClaimed => const { &[chain::AUTHOR_CLAIMED.id()] },
        Kind::EpochOpened => const { &[chain::EPOCH_OPENED.id()] },
        Kind::EpochAdopted => const { &[chain::EPOCH_ADOPTED.id()] },
        Kind::HeldReviewed => const { &[chain::HELD_REVIEWED.id()] },
        Kind::SnapshotTaken => const { &[chain::SNAPSHOT_TAKEN.id()] },
        Kind::CodeIssued => const { &[chain::CODE_ISSUED.id()] },
        Kind::PhoneNamed => const { &[chain::PHONE_NAMED.id()] },
        Kind::CheckedIn => const { &[shift::CHECK_IN.id()] },
        Kind::CheckedOut => const { &[shift::CHECK_OUT.id()] },
        Kind::AttendanceCorrected => const { &[shift::CORRECTED.id()] },
        Kind::RoundStarted => const { &[round::STARTED.id()] },
        Kind::ItemAnswered => const { &[round::RESULT.id()] },
        Kind::CheckpointReached => const { &[round::REACHED.id()] },
        Kind::RestNormal => const { &[round::REST_NORMAL.id()] },
        Kind::CheckpointSkipped => const { &[round::SKIPPED.id()] },
        Kind::RoundSigned => const { &[round::SIGNED.id()] },
        Kind::RoundSkipped => const { &[round::STARTED.id(), round::ROUND_SKIPPED.id()] },
        Kind::IncidentRaised => RAISED,
        Kind::IncidentDetailed => INTAKE,
        Kind::TimelineAdded => const { &[incident::TIMELINE.id()] },
        Kind::IncidentAcknowledged => const { &[incident::ACKNOWLEDGED.id()] },
        Kind::SeverityChanged => const { &[incident::SEVERITY.id()] },
        Kind::IncidentClosed => {
            const {
                &[
                    incident::RESULT.id(),
                    incident::CAUSE.id(),
                    incident::RESPONSIBILITY.id(),
                    incident::COUNTERMEASURE.id(),
                    incident::CLOSED.id(),
                ]
            }
        }
        Kind::ReportedByPhone => const { &[incident::PHONE_REPORT.id()] },
        Kind::IncidentAssigned => const { &[incident::ASSIGNED.id()] },
        Kind::HandoverOffered => const { &[handover::DOCUMENT.id(), handover::SIGNATURES.id()] },
        Kind::HandoverAccepted | Kind::HandoverRefused => const { &[handover::SIGNATURES.id()] },
        Kind::HandoverWithdrawn => const { &[handover::WITHDRAWN.id()] },
        Kind::HandoverOneSided => {
            const { &[handover::DOCUMENT.id(), handover::SIGNATURES.id(), handover::ONE_SIDED.id()] }
        }
        Kind::AddendumAcknowledged => const { &[handover::ADDENDUM_ACK.id()] },
        Kind::Commented => const { &[comment::COMMENTS.id()] },
        _ => &[],
    }
}

impl Kind {
    /// Whether HQ's own device may do it although people at the site may too.
    #[must_use]
    pub const fn hq_may(self) -> bool {
        matches!(
            self,
            Self::ChainOpened
                | Self::ClockChanged
                | Self::IncidentAcknowledged
                | Self::Commented
                | Self::ConflictSettled
                | Self::AttendanceCorrected
                | Self::HeldReviewed
        )
    }
}

/// Whether lists show this field, so that its values are kept with the record's summary.
#[must_use]
pub fn is_headline(field: FieldId) -> bool {
    const HEADLINES: &[FieldId] = &[
        round::STARTED.id(),
        round::ROUND_SKIPPED.id(),
        incident::KIND.id(),
        incident::SEVERITY.id(),
        incident::RECEIVED.id(),
        incident::NATURE.id(),
        incident::PLACE.id(),
        incident::RESULT.id(),
        incident::CLOSED.id(),
        handover::WITHDRAWN.id(),
        handover::ONE_SIDED.id(),
    ];
    HEADLINES.contains(&field)
}

/// Whether a value asks for attention in lists: an abnormal answer.
#[must_use]
pub fn is_flagged(field: FieldId, value: &Value) -> bool {
    field == round::RESULT.id()
        && Answer::from_value(value).is_some_and(|answer| answer.status == ItemStatus::Abnormal)
}

/// In whose name a value speaks, for fields whose values begin with the person who acts. It must be the entry's author.
#[must_use]
pub fn speaks_for(field: FieldId, value: &Value) -> Option<PersonId> {
    const PERSONAL: &[FieldId] = &[
        chain::SESSION_OPENED.id(),
        shift::CHECK_IN.id(),
        shift::CHECK_OUT.id(),
        round::SIGNED.id(),
        incident::ACKNOWLEDGED.id(),
        incident::CLOSED.id(),
        handover::SIGNATURES.id(),
        handover::WITHDRAWN.id(),
        handover::ADDENDUM_ACK.id(),
        comment::COMMENTS.id(),
    ];
    let first = || value.as_list()?.first().and_then(PersonId::from_value);
    PERSONAL.contains(&field).then(first).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{FieldKind, security};

    #[test]
    fn every_field_has_an_action_that_writes_it_and_none_writes_another_familys() {
        for FieldKind { id, owner, .. } in super::super::schema::fields() {
            let writers: Vec<_> =
                Kind::ALL.iter().filter(|k| **k != Kind::ConflictSettled && may_write(**k, *id)).collect();
            assert!(!writers.is_empty(), "{id}");
            assert!(writers.iter().all(|k| owner.is_none() || k.record_kind() == *owner), "{id}");
        }
    }

    #[test]
    fn a_right_to_add_a_line_is_no_right_to_change_the_severity() {
        assert!(may_write(Kind::TimelineAdded, incident::TIMELINE.id()));
        assert!(!may_write(Kind::TimelineAdded, incident::SEVERITY.id()));
        assert!(!may_write(Kind::PersonDescribed, security::CERTIFICATE.id()));
        assert!(!may_write(Kind::ConflictSettled, incident::TIMELINE.id()));
    }

    #[test]
    fn values_say_in_whose_name_they_speak() {
        let person = PersonId([7; 16]);
        let said = comment::Comment { person, text: "好".into(), at: 0 }.to_value();
        assert_eq!(speaks_for(comment::COMMENTS.id(), &said), Some(person));
        assert_eq!(speaks_for(incident::KIND.id(), &said), None);
    }
}
