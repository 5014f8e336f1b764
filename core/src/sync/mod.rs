//! Sync.

pub mod auth;
pub mod enrol;
pub mod frame;
mod message;
mod receipts;
pub mod serve;
mod session;
pub mod verify;
pub mod wire;

pub use frame::{Fit, Frame, FrameError, FrameWriter, Item, Signatures};
pub use message::{Nonce, OLDEST, Outcome, OutcomeKind, Request, Response, ShortReceipt, VERSION, Wishes};
pub use receipts::Known;
pub use session::{
    Alarm, CONTENT_TYPE, End, Failure, HttpRequest, PATIENCE_MS, Problem, Report, Step, SyncConfig,
    SyncError, SyncSession, sync_path,
};
pub use verify::{Cause, Checked, Fault};
pub use wire::WireError;

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests")]
mod tests;
