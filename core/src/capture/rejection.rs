//! What stands against an action. `locales::rejection_text` says it to people, with what to do.

use crate::base::Millis;
use crate::records::calendar::Date;
use crate::records::handover::HandoverState;
use crate::records::limits::Unfit;
use crate::records::{Bilingual, Capability, FieldId, Kind, RecordKind};

/// A text that an action cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Why.
    Reason,
    /// What the incoming lead adds or objects.
    Remarks,
    /// What is to be said.
    Text,
    /// Who was told.
    Recipient,
    /// What was read at the place.
    Evidence,
}

impl Asked {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Reason, Self::Remarks, Self::Text, Self::Recipient, Self::Evidence];
}

macro_rules! rejections {
    ($($(#[$meta:meta])* $variant:ident $({ $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ })? = $code:literal;)+) => {
        /// Why an action was not captured. What the person typed stays in the draft.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error("{}", self.code())]
        pub enum Rejection {
            $($(#[$meta])* $variant $({ $($(#[$field_meta])* $field: $type,)+ })?,)+
        }

        impl Rejection {
            /// All codes, in order of definition.
            pub const CODES: &[&str] = &[$($code),+];

            /// A code that never changes, for programs.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant $({ $($field: _,)+ })? => $code,)+ }
            }
        }
    };
}

rejections! {
    /// It needs a person, and nobody is signed in.
    NobodySignedIn = "nobody_signed_in";
    /// No post of the person allows it.
    NotAllowed {
        /// What would have to be allowed.
        capability: Capability,
    } = "not_allowed";
    /// Only HQ does this.
    HqOnly {
        /// What.
        kind: Kind,
    } = "hq_only";
    /// Only people at the site do this.
    SiteOnly {
        /// What.
        kind: Kind,
    } = "site_only";
    /// The record it is about is not held here, or is of another kind.
    NotHere {
        /// What kind of record is meant.
        kind: RecordKind,
    } = "not_here";
    /// The site's configuration has not arrived, or its time zone is not one.
    SiteNotDescribed = "site_not_described";
    /// The site has no shift of that name on that day.
    NoSuchShift {
        /// The day.
        date: Date,
        /// The shift's short name.
        key: String,
    } = "no_such_shift";
    /// The person neither holds the post nor is on its roster for this shift.
    PostNotYours {
        /// The post.
        post: Bilingual,
    } = "post_not_yours";
    /// The person is checked in there already.
    AlreadyCheckedIn {
        /// At which post.
        post: Bilingual,
        /// Since when.
        since: Millis,
    } = "already_checked_in";
    /// The plan has no such window.
    NoSuchWindow {
        /// The plan.
        plan: Bilingual,
    } = "no_such_window";
    /// The round was signed: its results stand.
    RoundSigned = "round_signed";
    /// The round was left out as a whole.
    RoundSkipped = "round_skipped";
    /// The person has signed the round before.
    AlreadySigned = "already_signed";
    /// The round's checklist has no such item.
    NoSuchItem {
        /// Its number.
        item: u32,
    } = "no_such_item";
    /// The round's checklist does not stop at such a checkpoint.
    NoSuchCheckpoint {
        /// Its number.
        checkpoint: u32,
    } = "no_such_checkpoint";
    /// The item asks for a reading.
    ReadingMissing {
        /// The item.
        item: Bilingual,
    } = "reading_missing";
    /// The item takes no reading.
    ReadingNotAsked {
        /// The item.
        item: Bilingual,
    } = "reading_not_asked";
    /// The code that was read belongs to another place.
    WrongTag {
        /// The checkpoint that was meant.
        checkpoint: Bilingual,
    } = "wrong_tag";
    /// The checkpoint has no code on record to compare with.
    NoTagOnRecord {
        /// The checkpoint.
        checkpoint: Bilingual,
    } = "no_tag_on_record";
    /// Nothing is left at the checkpoint that "the rest is normal" could stand for.
    NothingLeftNormal {
        /// The checkpoint.
        checkpoint: Bilingual,
    } = "nothing_left_normal";
    /// Required items have no outcome.
    ItemsOpen {
        /// Which.
        items: Vec<Bilingual>,
    } = "items_open";
    /// Items have several answers that nobody has settled.
    ItemsDisputed {
        /// Which.
        items: Vec<Bilingual>,
    } = "items_disputed";
    /// What is to be signed is no longer what was shown.
    ShownTextChanged = "shown_text_changed";
    /// The incident is closed.
    IncidentClosed = "incident_closed";
    /// The incident still lacks something.
    IncidentIncomplete {
        /// Fields without a value.
        missing: Vec<FieldId>,
        /// Fields with several values that nobody has settled.
        disputed: Vec<FieldId>,
    } = "incident_incomplete";
    /// The person has acknowledged it before.
    AlreadyAcknowledged = "already_acknowledged";
    /// There is nothing in it.
    NothingEntered = "nothing_entered";
    /// A text that it cannot do without is empty.
    TextMissing {
        /// Which.
        asked: Asked,
    } = "text_missing";
    /// A text is longer than the log can carry.
    TextTooLong {
        /// Bytes it has.
        bytes: usize,
        /// Bytes it may have.
        limit: usize,
    } = "text_too_long";
    /// A text has a control character.
    ControlCharacter = "control_character";
    /// The whole does not fit into one entry.
    TooLarge = "too_large";
    /// Open items have no next owner.
    OwnersMissing {
        /// Which, as the handover shows them.
        items: Vec<String>,
    } = "owners_missing";
    /// Lines of the handover's checklist have no answer.
    LinesUnanswered {
        /// Which.
        lines: Vec<Bilingual>,
    } = "lines_unanswered";
    /// As the handover stands, this is not done any more, or not yet.
    HandoverStands {
        /// How it stands.
        state: HandoverState,
    } = "handover_stands";
    /// The handover's document is not what it should be: it is not of this handover, or its text is another.
    DocumentUnsound = "document_unsound";
    /// The outgoing lead's statement is not about this document.
    StatementUnsound = "statement_unsound";
    /// The handover is addressed to somebody else.
    NotAddressee {
        /// To whom.
        to: String,
    } = "not_addressee";
    /// Nobody takes over from themselves.
    OwnHandover = "own_handover";
    /// Only the outgoing lead of the handover does this.
    NotOutgoing {
        /// Who that is.
        from: String,
    } = "not_outgoing";
    /// Only those who signed the handover do this.
    NotSigner = "not_signer";
    /// The values are settled already.
    NothingToSettle {
        /// Of which field.
        field: FieldId,
    } = "nothing_to_settle";
    /// The chosen value is none of those to choose from.
    NotALiveValue {
        /// Of which field.
        field: FieldId,
    } = "not_a_live_value";
    /// The new value is not one that the field takes.
    ValueUnfit {
        /// Which field.
        field: FieldId,
    } = "value_unfit";
    /// The entry was not recorded on this phone.
    EntryElsewhere = "entry_elsewhere";
    /// Somebody has claimed the entry before.
    AlreadyClaimed = "already_claimed";
}

impl From<Unfit> for Rejection {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::ControlCharacter => Self::ControlCharacter,
            Unfit::TooLong => Self::TooLarge,
        }
    }
}
