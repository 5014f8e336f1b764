//! The outbox: what the server has not confirmed. Derived from the log and the receipts, never from flags that could be wrong.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::Store;
use super::chains::{Chain, Chains, Own};
use super::error::StoreError;
use super::holdings::line;
use super::{aside, receipts, segments, tail};
use crate::base::{Millis, Seq};
use crate::log::{Entry, Unsent};

/// How much of what this phone recorded waits for a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outbox {
    /// Entries.
    pub entries: u64,
    /// The claimed time of the oldest of them.
    pub oldest: Option<Millis>,
}

/// The chains with segments that no receipt and no position in the site's log covers, those that wait beneath a snapshot included.
pub(super) fn unsent(db: &Connection, chains: &Chains) -> Result<Vec<Unsent>, StoreError> {
    let mut all = Vec::new();
    for chain in chains.iter() {
        let unconfirmed = segments::any_unplaced(db, chain.n)? && !unconfirmed(db, chain)?.is_empty();
        if unconfirmed || !aside::beneath(db, chain.n)?.is_empty() {
            let confirmed = receipts::heads(db, chain.n)?;
            let known = |head: &crate::log::Head| segments::place(db, chain.n, &head.segment);
            let confirmed = confirmed.into_iter().find(|head| matches!(known(head), Ok(Some(_))));
            all.push(Unsent { chain: chain.id, confirmed });
        }
    }
    Ok(all)
}

/// The rows of a chain's segments that nothing covers.
pub(super) fn unconfirmed(db: &Connection, chain: &Chain) -> Result<Vec<i64>, StoreError> {
    let mut covered = BTreeSet::new();
    let mut up_to: Seq = 0;
    for head in receipts::heads(db, chain.n)? {
        let Some((n, last)) = segments::place(db, chain.n, &head.segment)? else { continue };
        if chain.tangled {
            covered.append(&mut line(db, n)?);
        } else {
            up_to = up_to.max(last);
        }
    }
    let mut select = db.prepare_cached(
        "SELECT n FROM segments WHERE chain = ?1 AND placed = 0 AND first > ?2 ORDER BY first",
    )?;
    let rows =
        select.query_map(rusqlite::params![chain.n, up_to.cast_signed()], |row| row.get::<_, i64>(0))?;
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    rows.retain(|n| !covered.contains(n));
    Ok(rows)
}

impl Store {
    /// How much of what this phone recorded HQ has not confirmed, sealed or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn outbox(&self) -> Result<Outbox, StoreError> {
        let mut outbox = Outbox::default();
        for chain in self.memory.chains.iter().filter(|chain| chain.own != Own::No) {
            for n in unconfirmed(&self.db, chain)? {
                if let Some(stored) = segments::by_row(&self.db, n)? {
                    outbox.count(stored.segment.entries.len(), stored.segment.decode()?.first());
                }
            }
        }
        let open = tail::entries(&self.db, &self.memory.chains)?;
        outbox.count(open.len(), open.first().map(|(_, _, entry)| entry));
        Ok(outbox)
    }
}

impl Outbox {
    fn count(&mut self, entries: usize, first: Option<&Entry>) {
        self.entries += entries as u64;
        self.oldest = [self.oldest, first.map(|entry| entry.at)].into_iter().flatten().min();
    }
}
