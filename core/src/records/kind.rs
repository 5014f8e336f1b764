//! The kinds of action and of record. Numbers are never renamed, only added.

use super::Capability;
use super::value::codes;

codes! {
    /// What kind of action an entry is.
    pub enum Kind {
        /// A chain begins.
        ChainOpened = 1,
        /// A person signed in on the device.
        SessionOpened = 2,
        /// The session ended.
        SessionClosed = 3,
        /// The device's clock was moved.
        ClockChanged = 4,
        /// HQ looked at a forked chain.
        ForkReviewed = 5,
        /// A person claims what the device recorded alone.
        AuthorClaimed = 6,
        /// The server began a new epoch.
        EpochOpened = 7,
        /// HQ takes over entries of an earlier epoch that came back.
        EpochAdopted = 8,
        /// HQ decided about records that were held.
        HeldReviewed = 9,
        /// HQ told new phones what the log folds to.
        SnapshotTaken = 10,
        /// A code was made that enrols a phone or a person.
        CodeIssued = 11,
        /// A phone said what it is called.
        PhoneNamed = 12,
        /// The site itself.
        SiteDescribed = 16,
        /// A person.
        PersonDescribed = 17,
        /// A post.
        PostDescribed = 18,
        /// A person got a post.
        GrantGiven = 19,
        /// A checkpoint.
        CheckpointDescribed = 20,
        /// A checklist.
        ChecklistDescribed = 21,
        /// A round plan.
        RoundPlanDescribed = 22,
        /// The roster of a shift.
        RosterPublished = 23,
        /// The rule pack.
        RulesPublished = 24,
        /// A key was certified.
        CertificateIssued = 25,
        /// A device or person was cut off.
        Revoked = 26,
        /// A person came on duty.
        CheckedIn = 32,
        /// A person went off duty.
        CheckedOut = 33,
        /// A correction of attendance.
        AttendanceCorrected = 34,
        /// A round began.
        RoundStarted = 48,
        /// One item was answered.
        ItemAnswered = 49,
        /// A checkpoint was reached.
        CheckpointReached = 50,
        /// Everything else at a checkpoint is normal.
        RestNormal = 51,
        /// A checkpoint was left out, with a reason.
        CheckpointSkipped = 52,
        /// A round was finished and signed.
        RoundSigned = 53,
        /// A round was left out, with a reason.
        RoundSkipped = 54,
        /// An incident was raised.
        IncidentRaised = 64,
        /// More became known about an incident.
        IncidentDetailed = 65,
        /// A line was added to the timeline.
        TimelineAdded = 66,
        /// An incident was acknowledged.
        IncidentAcknowledged = 67,
        /// The severity changed.
        SeverityChanged = 68,
        /// An incident was closed.
        IncidentClosed = 69,
        /// An incident was reported by telephone.
        ReportedByPhone = 70,
        /// A person was assigned, or taken off.
        IncidentAssigned = 71,
        /// A handover was frozen, signed and offered.
        HandoverOffered = 80,
        /// A handover was accepted.
        HandoverAccepted = 81,
        /// A handover was refused.
        HandoverRefused = 82,
        /// A handover was withdrawn.
        HandoverWithdrawn = 83,
        /// A handover was signed by the outgoing lead alone.
        HandoverOneSided = 84,
        /// What arrived after the cut was acknowledged.
        AddendumAcknowledged = 85,
        /// A comment.
        Commented = 96,
        /// Two values of one field were settled.
        ConflictSettled = 97,
    }
}

codes! {
    /// What kind of thing a record is.
    pub enum RecordKind {
        /// A site.
        Site = 1,
        /// A person.
        Person = 2,
        /// A post.
        Post = 3,
        /// A grant.
        Grant = 4,
        /// A checkpoint.
        Checkpoint = 5,
        /// A checklist.
        Checklist = 6,
        /// A round plan.
        RoundPlan = 7,
        /// A shift's roster.
        Roster = 8,
        /// The rule pack.
        Rules = 9,
        /// A certificate.
        Certificate = 10,
        /// A revocation.
        Revocation = 11,
        /// A shift.
        Shift = 12,
        /// A round.
        Round = 13,
        /// An incident.
        Incident = 14,
        /// A handover.
        Handover = 15,
        /// A chain.
        Chain = 16,
    }
}

impl Kind {
    /// The kind of record it is about; none if it may be about any.
    #[must_use]
    pub const fn record_kind(self) -> Option<RecordKind> {
        Some(match self.code() {
            1..=12 => RecordKind::Chain,
            32..=34 => RecordKind::Shift,
            48..=54 => RecordKind::Round,
            64..=71 => RecordKind::Incident,
            80..=85 => RecordKind::Handover,
            _ => return self.configured(),
        })
    }

    const fn configured(self) -> Option<RecordKind> {
        Some(match self {
            Self::SiteDescribed => RecordKind::Site,
            Self::PersonDescribed => RecordKind::Person,
            Self::PostDescribed => RecordKind::Post,
            Self::GrantGiven => RecordKind::Grant,
            Self::CheckpointDescribed => RecordKind::Checkpoint,
            Self::ChecklistDescribed => RecordKind::Checklist,
            Self::RoundPlanDescribed => RecordKind::RoundPlan,
            Self::RosterPublished => RecordKind::Roster,
            Self::RulesPublished => RecordKind::Rules,
            Self::CertificateIssued => RecordKind::Certificate,
            Self::Revoked => RecordKind::Revocation,
            _ => return None,
        })
    }

    /// What a person must be allowed for it; none if being signed in is enough.
    #[must_use]
    pub const fn required(self) -> Option<Capability> {
        Some(match self {
            Self::ChainOpened
            | Self::SessionOpened
            | Self::SessionClosed
            | Self::ClockChanged
            | Self::AuthorClaimed => return None,
            Self::ForkReviewed | Self::EpochOpened | Self::EpochAdopted | Self::SnapshotTaken => {
                Capability::Review
            }
            Self::HeldReviewed => Capability::ConfirmHeld,
            Self::RosterPublished => Capability::Roster,
            Self::CertificateIssued | Self::Revoked | Self::CodeIssued | Self::PhoneNamed => {
                Capability::Enrol
            }
            Self::CheckedIn | Self::CheckedOut => Capability::CheckIn,
            Self::AttendanceCorrected => Capability::CorrectAttendance,
            Self::IncidentRaised | Self::IncidentDetailed | Self::TimelineAdded | Self::ReportedByPhone => {
                Capability::RaiseIncident
            }
            Self::IncidentAcknowledged => Capability::Acknowledge,
            Self::SeverityChanged | Self::IncidentAssigned => Capability::RunIncident,
            Self::IncidentClosed => Capability::CloseIncident,
            Self::Commented => Capability::Comment,
            Self::ConflictSettled => Capability::Settle,
            other => other.required_by_family(),
        })
    }

    const fn required_by_family(self) -> Capability {
        match self.code() {
            48..=54 => Capability::Patrol,
            80..=85 => Capability::SignHandover,
            _ => Capability::Configure,
        }
    }

    /// Whether a person must be signed in. HQ's own device writes configuration without one when it is set up from
    /// the command line, and the incident button works while a phone is locked.
    #[must_use]
    pub const fn needs_person(self) -> bool {
        let device_alone = matches!(
            self,
            Self::ChainOpened
                | Self::SessionClosed
                | Self::ClockChanged
                | Self::IncidentRaised
                | Self::TimelineAdded
        );
        !device_alone && !self.hq_only()
    }

    /// Whether only HQ's own device may do it: the site's configuration has one author.
    #[must_use]
    pub const fn hq_only(self) -> bool {
        matches!(self.code(), 16..=26)
            || matches!(
                self,
                Self::ForkReviewed
                    | Self::EpochOpened
                    | Self::EpochAdopted
                    | Self::SnapshotTaken
                    | Self::CodeIssued
                    | Self::PhoneNamed
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_keeps_its_number() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(Kind::from_code(0), None);
        assert_eq!(Kind::ConflictSettled.code(), 97);
    }

    #[test]
    fn only_general_kinds_are_about_any_record() {
        let general: Vec<_> = Kind::ALL.iter().filter(|k| k.record_kind().is_none()).collect();
        assert_eq!(general, [&Kind::Commented, &Kind::ConflictSettled]);
    }

    #[test]
    fn what_needs_a_capability() {
        assert_eq!(Kind::ItemAnswered.required(), Some(Capability::Patrol));
        assert_eq!(Kind::HandoverRefused.required(), Some(Capability::SignHandover));
        assert_eq!(Kind::SiteDescribed.required(), Some(Capability::Configure));
        assert_eq!(Kind::SessionOpened.required(), None);
        assert!(!Kind::IncidentRaised.needs_person(), "the incident button works while locked");
        assert!(Kind::GrantGiven.hq_only() && !Kind::RoundStarted.hq_only());
    }
}
