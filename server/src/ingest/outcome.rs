//! What becomes of a push, segment by segment.

use dutylog_core::base::Seq;
use dutylog_core::log::{Receipt, SealError};

use super::refusal::Refusal;
use crate::ledger::LedgerError;

/// Why a push could not be answered. Nothing of it was taken; it can be made again.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A certificate of the site does not stand any more.
    #[error("a stored certificate cannot be verified: {0}")]
    Trust(#[from] SealError),
    /// The task broke off.
    #[error("receiving broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// What became of one pushed segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the log.
    Taken(Taken),
    /// It is not in the log; the refusal says whether it is kept.
    Refused(Refusal),
}

/// A segment of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Whether it came just now; a repeated push changes nothing.
    pub fresh: bool,
    /// The receipt and its envelope. None while something before it in its chain awaits its body: it would promise too much.
    pub receipt: Option<(Receipt, Vec<u8>)>,
    /// The first number at which it differs from what was held before.
    pub fork: Option<Seq>,
    /// How many entries need a newer server.
    pub opaque: u32,
}

impl Outcome {
    /// What the sender is to be told, if anything.
    #[must_use]
    pub fn remark(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(*refusal),
            Self::Taken(Taken { fork: Some(at), .. }) => Some(Refusal::ForkDetected { at: *at }),
            Self::Taken(Taken { opaque: entries @ 1.., .. }) => {
                Some(Refusal::StoredOpaque { entries: *entries })
            }
            Self::Taken(_) => None,
        }
    }

    /// The signed receipt, if it got one.
    #[must_use]
    pub fn receipt(&self) -> Option<&[u8]> {
        match self {
            Self::Taken(taken) => taken.receipt.as_ref().map(|(_, envelope)| &envelope[..]),
            Self::Refused(_) => None,
        }
    }
}
