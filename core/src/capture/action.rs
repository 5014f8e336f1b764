//! Everything that is done, in one type: the one entry point of phones, drafts and HQ's desk.

use super::Acknowledge;
use super::{
    AcknowledgeAddendum, AddTimelineLine, AdoptEpoch, AnswerHandover, AnswerItem, AssignPerson, Capture,
    CaptureError, ChangeSeverity, CheckIn, CheckOut, ClaimAuthor, CloseIncident, CloseSession, Comment,
    Context, CorrectAttendance, DescribeConfig, DetailIncident, EnterSnapshot, Intent, IssueCertificate,
    IssueCode, MoveClock, NamePhone, OfferHandover, OneSidedHandover, OpenEpoch, OpenSession, RaiseIncident,
    ReachCheckpoint, ReportByPhone, RestNormal, ReviewFork, ReviewHeld, Revoke, SettleConflict, SignRound,
    SkipCheckpoint, SkipRound, StartRound, WithdrawHandover,
};
use crate::base::Value;
use crate::merge::Lookup;
use crate::records::{FieldValue, Kind, Parts};

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident = $code:literal;)+) => {
        /// Something that a person, or the device alone, does.
        ///
        /// As a value it is a draft: it holds what was typed, whether or not it could be captured. Numbers are never used
        /// again for anything else.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Action { $($(#[$meta])* $action($action),)+ }

        impl Action {
            /// The numbers under which drafts are kept, in order of definition.
            pub const CODES: &[i64] = &[$($code),+];
        }

        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Self::$action(action)
            }
        })+

        impl FieldValue for Action {
            fn to_value(&self) -> Value {
                let (code, value) = match self { $(Self::$action(a) => ($code, a.to_value()),)+ };
                Value::List(vec![Value::Int(code), value])
            }

            fn from_value(value: &Value) -> Option<Self> {
                let mut parts = Parts::of(value)?;
                match parts.take::<i64>()? {
                    $($code => parts.take().map(Self::$action),)+
                    _ => None,
                }
            }
        }

        impl Capture for Action {
            fn kind(&self) -> Kind {
                match self { $(Self::$action(a) => a.kind(),)+ }
            }

            fn intent<L: Lookup>(self, ctx: &Context<'_, L>) -> Result<Intent, CaptureError<L::Error>> {
                match self { $(Self::$action(a) => a.intent(ctx),)+ }
            }
        }
    };
}

actions! {
    /// Signs in.
    OpenSession = 1;
    /// Ends the session.
    CloseSession = 2;
    /// Notes that the clock was moved.
    MoveClock = 3;
    /// Claims what the device recorded alone.
    ClaimAuthor = 4;
    /// Comes on duty.
    CheckIn = 10;
    /// Goes off duty.
    CheckOut = 11;
    /// Corrects attendance.
    CorrectAttendance = 12;
    /// Starts a round.
    StartRound = 20;
    /// Answers an item.
    AnswerItem = 21;
    /// Shows presence at a checkpoint.
    ReachCheckpoint = 22;
    /// Says that the rest is normal.
    RestNormal = 23;
    /// Leaves a checkpoint out.
    SkipCheckpoint = 24;
    /// Signs a round.
    SignRound = 25;
    /// Leaves a round out.
    SkipRound = 26;
    /// Raises an incident.
    RaiseIncident = 30;
    /// Tells more about an incident.
    DetailIncident = 31;
    /// Adds a line to the timeline.
    AddTimelineLine = 32;
    /// Changes the severity.
    ChangeSeverity = 33;
    /// Assigns a person.
    AssignPerson = 34;
    /// Acknowledges an incident.
    Acknowledge = 35;
    /// Reports by telephone.
    ReportByPhone = 36;
    /// Closes an incident.
    CloseIncident = 37;
    /// Offers a handover.
    OfferHandover = 40;
    /// Answers a handover.
    AnswerHandover = 41;
    /// Withdraws a handover.
    WithdrawHandover = 42;
    /// Hands over alone.
    OneSidedHandover = 43;
    /// Acknowledges an addendum.
    AcknowledgeAddendum = 44;
    /// Comments.
    Comment = 50;
    /// Settles a conflict.
    SettleConflict = 51;
    /// Describes an object of the configuration.
    DescribeConfig = 60;
    /// Issues a certificate.
    IssueCertificate = 61;
    /// Cuts a device or person off.
    Revoke = 62;
    /// Opens an epoch.
    OpenEpoch = 63;
    /// Takes over an earlier epoch.
    AdoptEpoch = 64;
    /// Decides about held records.
    ReviewHeld = 65;
    /// Reviews a fork.
    ReviewFork = 66;
    /// Enters a snapshot.
    EnterSnapshot = 67;
    /// Enters that a code was made.
    IssueCode = 68;
    /// Names a phone.
    NamePhone = 69;
}
