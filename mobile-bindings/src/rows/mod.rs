//! What screens show: flat records in the phone's language, identifiers as 32 hexadecimal digits, times as milliseconds since
//! 1970-01-01 UTC. No bytes, nothing to compute.

mod handover;
mod incident;
mod round;
mod site;
mod standing;

pub use handover::{
    AddendumRow, ConflictRow, ConflictValueRow, FrozenHandover, HandoverDetail, HandoverItemRow,
    HandoverLineRow, HandoverPage, HandoverPreparation, HandoverRow, SignatureRow,
};
pub use incident::{
    CommentRow, FieldRow, IncidentDetail, IncidentPage, IncidentRow, PhoneReportRow, TimelineRow,
};
pub use round::{
    CheckpointRow, ItemRow, PlannedRoundRow, RoundDetail, RoundPage, RoundRow, RoundState, RoundStatus,
    Verdict,
};
pub use site::{AttendanceRow, ChecklistRow, PersonRow, PostRow, ShiftRow, SiteRow};
pub use standing::{
    Delivery, DraftRow, Freshness, Imported, Outbox, Saved, StrandedRow, ToSign, UnclaimedRow,
};

pub(crate) use site::name_of;
