//! From what a person typed to what may be recorded. Pure: state, rights and time are handed in.
//!
//! Each family of records has a file with one small struct for each thing a person does. [`Capture::capture`] turns it into an
//! [`Intent`], or says in a [`Rejection`] what stands against it and what to do. What is captured is lawful: the same rights
//! and limits are checked that every holder applies to the entry later (`merge`). No rule keeps anybody from acting in an
//! emergency: what is missing blocks the closing and the signing, never the doing.

mod action;
mod attendance;
mod context;
mod entered;
pub mod handover;
mod headquarters;
mod incident;
mod intent;
mod rejection;
mod remark;
mod round;
mod session;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub use action::Action;
pub use attendance::{CheckIn, CheckOut, CorrectAttendance, Place, ShiftName};
pub use context::{Capture, CaptureError, Context, Side};
pub use entered::Entered;
pub use handover::{AcknowledgeAddendum, AnswerHandover, OfferHandover, OneSidedHandover, WithdrawHandover};
pub use headquarters::{
    AdoptEpoch, DescribeConfig, EnterSnapshot, IssueCertificate, IssueCode, NamePhone, OpenEpoch, ReviewFork,
    ReviewHeld, Revoke,
};
pub use incident::{
    Acknowledge, AddTimelineLine, AssignPerson, ChangeSeverity, CloseIncident, DetailIncident, Intake,
    RaiseIncident, ReportByPhone, incident_facts,
};
pub use intent::{About, Change, Intent, Target, ToSign};
pub use rejection::{Asked, Rejection};
pub use remark::{Comment, SettleConflict};
pub use round::{
    AnswerItem, ReachCheckpoint, RestNormal, RoundInHand, SignRound, SkipCheckpoint, SkipRound, SkipWhat,
    StartRound, StartWhat,
};
pub use session::{ClaimAuthor, CloseSession, MoveClock, OpenSession};
