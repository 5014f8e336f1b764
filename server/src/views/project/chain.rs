//! What is known of a chain as a whole.

use dutylog_core::base::{ChainId, KeyId, Millis, Seq};
use dutylog_core::log::{Certificate, Header};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::views::ViewError;
use crate::views::columns::{self, Bind};

/// One row of `view_chains`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainRow {
    pub(super) device: [u8; 16],
    pub(super) key: KeyId,
    role: i64,
    pub(super) last: Seq,
    received: Millis,
    claimed: Millis,
    best: Millis,
    quality: i64,
    pub(super) fork: Option<Seq>,
}

impl ChainRow {
    /// A chain of which nothing is folded yet.
    pub(super) fn new(device: &Certificate) -> Self {
        Self {
            device: device.claims.subject,
            key: device.id(),
            role: device.claims.role as i64,
            last: 0,
            received: Millis::MIN,
            claimed: Millis::MIN,
            best: Millis::MIN,
            quality: 0,
            fork: None,
        }
    }

    /// Takes in a segment, given the times of its last entry.
    pub(super) fn extend(&mut self, header: &Header, received: Millis, claimed: Millis, best: Millis) {
        self.received = self.received.max(received);
        self.best = self.best.max(best);
        if header.last() >= self.last {
            self.last = header.last();
            self.claimed = claimed;
            self.quality = header.clock.quality as i64;
        }
    }

    /// Reads a row.
    pub(super) fn read(row: &SqliteRow) -> Result<(ChainId, Self), ViewError> {
        let chain = ChainId(columns::fixed(row, "chain")?);
        let read = Self {
            device: columns::fixed(row, "device")?,
            key: KeyId(columns::fixed(row, "key")?),
            role: row.try_get("role")?,
            last: columns::count(row, "last")?,
            received: row.try_get("received_ms")?,
            claimed: row.try_get("claimed_ms")?,
            best: row.try_get("best_ms")?,
            quality: row.try_get("quality")?,
            fork: columns::maybe_count(row, "fork")?,
        };
        Ok((chain, read))
    }

    /// The columns after the site, in the order of [`super::write::CHAINS`].
    pub(super) fn binds(&self, chain: ChainId) -> Vec<Bind> {
        vec![
            chain.0.into(),
            self.device.into(),
            self.key.0.into(),
            self.role.into(),
            self.last.into(),
            self.received.into(),
            self.claimed.into(),
            self.best.into(),
            self.quality.into(),
            self.fork.into(),
        ]
    }
}
