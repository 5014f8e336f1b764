//! The running hash over the leaves of an own chain: what the rollback guard compares.

use rusqlite::{Connection, params};

use super::error::StoreError;
use super::segments;
use crate::base::{Digest, Hasher};

/// Goes on by one leaf. Before the first, it is all zeros.
pub(super) fn extend(running: Digest, leaf: &Digest) -> Digest {
    Hasher::default().with(&running.0).with(&leaf.0).finish()
}

/// Computes it for every own chain that lacks it, by reading the chain.
pub(super) fn compute_all(db: &Connection) -> Result<(), StoreError> {
    let mut own = db.prepare("SELECT n FROM chains WHERE own > 0 AND running IS NULL")?;
    let own = own.query_map((), |row| row.get::<_, u32>(0))?.collect::<Result<Vec<_>, _>>()?;
    for chain in own {
        let running = compute(db, chain)?;
        db.execute("UPDATE chains SET running = ?2 WHERE n = ?1", params![chain, running.0])?;
    }
    Ok(())
}

/// Over the sealed leaves of a chain, in order, each number once.
fn compute(db: &Connection, chain: u32) -> Result<Digest, StoreError> {
    let mut running = Digest::default();
    let mut next = 1;
    for segment in segments::of_chain(db, chain)? {
        for (seq, leaf) in (segment.header.first..).zip(segment.leaves()) {
            if seq >= next {
                running = extend(running, &leaf);
                next = seq + 1;
            }
        }
    }
    Ok(running)
}
