//! Handovers: what the outgoing lead offers, and what the incoming lead answers.

mod contents;
mod state;

pub use contents::{Block, CheckLine, HandoverItem, ResourceState, SilentPhone, Subject, collect};
pub use state::{HandoverAction, HandoverState, handover_state};

use super::value::{Bytes, LongText, codes, list_value};
use super::{Field, Set};
use crate::base::{Digest, Millis, PersonId};

/// What was frozen, and the text that was shown.
pub const DOCUMENT: Field<Document> = Field::new(128);
/// Signatures of both sides.
pub const SIGNATURES: Set<HandoverSignature> = Set::new(129);
/// That it was withdrawn before it was accepted.
pub const WITHDRAWN: Field<Withdrawal> = Field::new(130);
/// Acknowledgements of what arrived after the cut.
pub const ADDENDUM_ACK: Set<AddendumAck> = Set::new(131);
/// That the outgoing lead signed alone, and why.
pub const ONE_SIDED: Field<OneSided> = Field::new(132);

/// What both leads sign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document {
    /// The canonical document, `docs/log-format.md` 6.1.
    pub bytes: Bytes,
    /// The exact text that was shown.
    pub text: LongText,
}
list_value!(Document { bytes, text });

codes! {
    /// Which side signs.
    pub enum Role {
        /// The lead who goes.
        Outgoing = 0,
        /// The lead who comes.
        Incoming = 1,
    }
}

codes! {
    /// What a signature says.
    pub enum Decision {
        /// As it is.
        Accept = 0,
        /// With remarks.
        AcceptWithRemarks = 1,
        /// Not now.
        Refuse = 2,
    }
}

/// A signature under a handover.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HandoverSignature {
    /// Who.
    pub person: PersonId,
    /// For which side.
    pub role: Role,
    /// What it says.
    pub decision: Decision,
    /// What they add.
    pub remarks: String,
    /// When.
    pub at: Millis,
    /// The digest of the document that was signed.
    pub document: Digest,
    /// Beside an outgoing lead's document: to whom that is addressed, if to one person.
    pub to: Option<PersonId>,
}
list_value!(HandoverSignature { person, role, decision, remarks, at, document, to });

/// A handover was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withdrawal {
    /// By whom.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Millis,
}
list_value!(Withdrawal { person, reason, at });

/// A lead has seen what arrived after the cut.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddendumAck {
    /// Who.
    pub person: PersonId,
    /// The digest of the addendum as shown.
    pub addendum: Digest,
    /// When.
    pub at: Millis,
}
list_value!(AddendumAck { person, addendum, at });

/// The outgoing lead signed alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OneSided {
    /// Why nobody signed for the incoming side.
    pub reason: String,
}
list_value!(OneSided { reason });
