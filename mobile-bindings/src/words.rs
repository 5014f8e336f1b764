//! The closed lists that people choose from.

use dutylog_core::records::{Kind, handover, incident, round};

/// Mirrors a closed list of the core's, both ways.
macro_rules! mirror {
    ($(#[$meta:meta])* $name:ident = $core:path { $($(#[$variant_meta:meta])* $variant:ident;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name { $($(#[$variant_meta])* $variant,)+ }

        impl From<$name> for $core {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant,)+ }
            }
        }

        impl From<$core> for $name {
            fn from(value: $core) -> Self {
                type Core = $core;
                match value { $(Core::$variant => Self::$variant,)+ }
            }
        }
    };
}

mirror! {
    /// How an item of a checklist was found.
    ItemStatus = round::ItemStatus {
        /// As it should be.
        Normal;
        /// Not as it should be.
        Abnormal;
        /// There is nothing to look at, as when the equipment is out of use.
        NotApplicable;
    }
}

mirror! {
    /// How well presence at a place is proven, best first.
    Presence = round::PresenceGrade {
        /// Its NFC tag was read.
        Nfc;
        /// Its QR code was read.
        Qr;
        /// The phone's position was near.
        Position;
        /// The person typed that they were there.
        Typed;
    }
}

mirror! {
    /// What kind of incident it is.
    IncidentKind = incident::IncidentKind {
        /// Equipment failed or misbehaves.
        Equipment;
        /// Power is gone or unstable.
        Power;
        /// The network or the communications are gone.
        Network;
        /// A system or a program failed.
        System;
        /// A computer virus.
        Virus;
        /// Somebody got into a system.
        Intrusion;
        /// Data got out.
        DataLeak;
        /// Fire or smoke.
        Fire;
        /// Water where it should not be, or leaking.
        Water;
        /// Somebody is hurt or ill.
        Injury;
        /// Somebody is where they should not be.
        Trespass;
        /// Weather or nature.
        Weather;
        /// A complaint or question about the service.
        Service;
        /// Anything else.
        Other;
    }
}

mirror! {
    /// How severe an incident is.
    Severity = incident::Severity {
        /// A slight delay, nothing of importance.
        Low;
        /// Service is degraded or has failed in part.
        Medium;
        /// The system is down or data got out: a major incident, to be reported within the hour and closed under a signature.
        High;
    }
}

mirror! {
    /// What the incoming lead answers to a handover.
    Decision = handover::Decision {
        /// Takes over.
        Accept;
        /// Takes over, with remarks that are signed along.
        AcceptWithRemarks;
        /// Does not take over, for the reason in the remarks.
        Refuse;
    }
}

mirror! {
    /// How a resource is handed over.
    ResourceState = handover::ResourceState {
        /// There, and works.
        Sound;
        /// There, and does not work.
        Faulty;
        /// Not there.
        Missing;
    }
}

/// What a draft is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum DraftKind {
    /// An answer to an item of a round.
    ItemAnswer,
    /// A new incident.
    Incident,
    /// More about an incident.
    IncidentDetail,
    /// A line of an incident's timeline.
    Timeline,
    /// The close of an incident.
    IncidentClose,
    /// A handover.
    Handover,
    /// An answer to a handover.
    HandoverAnswer,
    /// A comment.
    Comment,
}

const DRAFTS: [(DraftKind, Kind); 8] = [
    (DraftKind::ItemAnswer, Kind::ItemAnswered),
    (DraftKind::Incident, Kind::IncidentRaised),
    (DraftKind::IncidentDetail, Kind::IncidentDetailed),
    (DraftKind::Timeline, Kind::TimelineAdded),
    (DraftKind::IncidentClose, Kind::IncidentClosed),
    (DraftKind::Handover, Kind::HandoverOffered),
    (DraftKind::HandoverAnswer, Kind::HandoverAccepted),
    (DraftKind::Comment, Kind::Commented),
];

impl DraftKind {
    /// The kind of entry it becomes.
    pub(crate) fn becomes(self) -> Kind {
        DRAFTS.iter().find(|(draft, _)| *draft == self).map_or(Kind::Commented, |(_, kind)| *kind)
    }

    pub(crate) fn of(kind: Kind) -> Option<Self> {
        DRAFTS.iter().find(|(_, known)| *known == kind).map(|(draft, _)| *draft)
    }
}
