//! Handing a shift over: freezing what is handed over, offering it, answering it.

mod answer;
mod document;
mod freeze;
mod offer;
mod stands;
mod view;

pub use answer::{AcknowledgeAddendum, AnswerHandover};
pub use document::{FrozenItem, HandoverDocument, OpenItem};
pub use freeze::{Freeze, Frozen, LineAnswer};
pub use offer::{OfferHandover, OneSidedHandover, WithdrawHandover};
pub use view::{unsettled, view_hash};
