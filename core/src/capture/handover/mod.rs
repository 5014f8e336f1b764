//! Handing a shift over: freezing what is handed over, offering it, answering it.

mod answer;
mod freeze;
mod gather;
mod offer;
mod stands;
mod view;

pub use crate::log::{FrozenItem, HandoverDocument, OpenItem};
pub use answer::{AcknowledgeAddendum, AnswerHandover};
pub use freeze::{Freeze, Frozen, LineAnswer};
pub use gather::{Gathered, HeardPhone, PlannedRound, SILENT_AFTER};
pub use offer::{OfferHandover, OneSidedHandover, WithdrawHandover};
pub use view::{unsettled, view_hash};
