//! Receipts: what the server has promised to hold. Nothing else counts as received by HQ.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::chains::Chains;
use super::columns::{digest, number};
use super::error::StoreError;
use super::holdings::line;
use super::segments;
use crate::base::ChainId;
use crate::log::{Head, Receipt};

/// Keeps a verified receipt, in place of those it goes beyond.
pub(super) fn put(
    db: &Connection,
    chains: &mut Chains,
    receipt: &Receipt,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let chain = chains.assign(db, receipt.chain)?;
    db.prepare_cached(
        "INSERT INTO receipts (chain, segment, seq, epoch, size, root, received, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET epoch = excluded.epoch, size = excluded.size, root = excluded.root,
             received = excluded.received, bytes = excluded.bytes WHERE excluded.epoch > epoch",
    )?
    .execute(params![
        chain,
        receipt.head.segment.0,
        receipt.head.seq.cast_signed(),
        receipt.epoch,
        receipt.log.size.cast_signed(),
        receipt.log.root.0,
        receipt.received,
        bytes
    ])?;
    super::aside::let_go(db, chain, receipt.head.segment)?;
    let Some((n, _)) = segments::place(db, chain, &receipt.head.segment)? else { return Ok(()) };
    forget_covered(db, chain, n)
}

/// Forgets the receipts for what comes before a segment.
fn forget_covered(db: &Connection, chain: u32, n: i64) -> Result<(), StoreError> {
    let older = heads(db, chain)?;
    let line = if older.len() > 1 { line(db, n)? } else { return Ok(()) };
    for head in older {
        let covered = segments::place(db, chain, &head.segment)?;
        if covered.is_some_and(|(m, _)| m != n && line.contains(&m)) {
            forget(db, chain, &head)?;
        }
    }
    Ok(())
}

fn forget(db: &Connection, chain: u32, head: &Head) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM receipts WHERE chain = ?1 AND segment = ?2")?
        .execute(params![chain, head.segment.0])?;
    Ok(())
}

/// The heads of a chain that receipts confirm, newest first.
pub(super) fn heads(db: &Connection, chain: u32) -> Result<Vec<Head>, StoreError> {
    let mut select =
        db.prepare_cached("SELECT seq, segment FROM receipts WHERE chain = ?1 ORDER BY seq DESC, segment")?;
    let heads =
        select.query_map([chain], |row| Ok(Head { seq: number(row, 0)?, segment: digest(row, 1)? }))?;
    Ok(heads.collect::<Result<_, _>>()?)
}

/// After the server was restored: only what it still says it holds counts as confirmed.
///
/// A receipt goes if its segment is not among what led to the server's heads.
pub(super) fn keep_only(
    db: &Connection,
    chains: &Chains,
    server: &BTreeMap<ChainId, Vec<Head>>,
) -> Result<(), StoreError> {
    for chain in chains.iter() {
        let mut held = std::collections::BTreeSet::new();
        for head in server.get(&chain.id).into_iter().flatten() {
            if let Some((n, _)) = segments::place(db, chain.n, &head.segment)? {
                held.append(&mut line(db, n)?);
            }
        }
        for head in heads(db, chain.n)? {
            let place = segments::place(db, chain.n, &head.segment)?;
            if place.is_none_or(|(n, _)| !held.contains(&n)) {
                forget(db, chain.n, &head)?;
            }
        }
    }
    Ok(())
}
