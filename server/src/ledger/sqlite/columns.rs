//! Between columns and values. A column that does not hold what it should is damage, never a default.

use dutylog_core::base::{ChainId, Digest, KeyId, OrgId, SiteId};
use dutylog_core::log::{Header, Peaks, Segment, Signature};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, Place, Reason, SiteState};
use crate::ledger::row::Row;

/// A number as the database keeps it.
pub(super) fn int(number: u64) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| LedgerError::OutOfRange)
}

/// A column of fixed length.
pub(super) fn fixed<const N: usize>(row: &SqliteRow, column: &str) -> Result<[u8; N], LedgerError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| LedgerError::damaged(format!("column {column} has the wrong length")))
}

/// A column of so many bytes, or none.
fn maybe_fixed<const N: usize>(row: &SqliteRow, column: &str) -> Result<Option<[u8; N]>, LedgerError> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    let wrong = |_| LedgerError::damaged(format!("column {column} has the wrong length"));
    bytes.map(|bytes| bytes.try_into().map_err(wrong)).transpose()
}

/// A column that counts.
pub(super) fn count<T: TryFrom<i64>>(row: &SqliteRow, column: &str) -> Result<T, LedgerError> {
    let number: i64 = row.try_get(column)?;
    T::try_from(number).map_err(|_| LedgerError::damaged(format!("column {column} is out of range")))
}

/// A segment of the log.
pub(super) fn row(row: &SqliteRow) -> Result<Row, LedgerError> {
    let fork: Option<i64> = row.try_get("fork")?;
    Ok(Row {
        place: Place {
            position: count(row, "position")?,
            root: Digest(fixed(row, "root")?),
            epoch: count(row, "epoch")?,
            received: row.try_get("received_ms")?,
        },
        id: Digest(fixed(row, "id")?),
        chain: ChainId(fixed(row, "chain")?),
        first: count(row, "first")?,
        last: count(row, "last")?,
        prev: Digest(fixed(row, "prev")?),
        key: KeyId(fixed(row, "key")?),
        trunk: row.try_get("trunk")?,
        fork: fork.map(|n| u64::try_from(n).map_err(|_| LedgerError::OutOfRange)).transpose()?,
        header: row.try_get("header")?,
        signature: maybe_fixed(row, "signature")?,
        body: row.try_get("body")?,
    })
}

/// A site.
pub(super) fn state(row: &SqliteRow) -> Result<SiteState, LedgerError> {
    let peaks: &[u8] = row.try_get("peaks")?;
    let (hashes, rest) = peaks.as_chunks::<32>();
    let peaks = rest
        .is_empty()
        .then(|| Peaks::from_parts(count(row, "size").ok()?, hashes.iter().copied().map(Digest).collect()))
        .flatten()
        .ok_or_else(|| LedgerError::damaged("the edge of a site's tree"))?;
    Ok(SiteState {
        org: OrgId(fixed(row, "org")?),
        epoch: count(row, "epoch")?,
        peaks,
        backed_up: count(row, "backed_up")?,
    })
}

/// The bytes of a tree's edge.
pub(super) fn peaks(peaks: &Peaks) -> Vec<u8> {
    peaks.hashes().iter().flat_map(|hash| hash.0).collect()
}

/// A site's identifier.
pub(super) fn site(row: &SqliteRow) -> Result<SiteId, LedgerError> {
    Ok(SiteId(fixed(row, "site")?))
}

/// A segment kept outside the log.
pub(super) fn aside(row: &SqliteRow) -> Result<Aside, LedgerError> {
    let header: &[u8] = row.try_get("header")?;
    let header =
        Header::from_bytes(header).map_err(|e| LedgerError::damaged(format!("a header set aside: {e}")))?;
    let reason: &str = row.try_get("reason")?;
    let segment = Segment {
        header,
        key: KeyId(fixed(row, "key")?),
        signature: maybe_fixed(row, "signature")?.map(Signature),
        entries: split(row.try_get("entries")?)?.into(),
    };
    Ok(Aside {
        segment,
        reason: Reason::named(reason).ok_or_else(|| LedgerError::damaged("an unknown reason"))?,
        carrier: KeyId(fixed(row, "carrier")?),
        received: row.try_get("received_ms")?,
    })
}

/// Entries as received, each after its length in 4 bytes: they may be anything, so no codec is asked.
pub(super) fn join(entries: &[Vec<u8>]) -> Result<Vec<u8>, LedgerError> {
    let mut bytes = Vec::with_capacity(entries.iter().map(|entry| entry.len() + 4).sum());
    for entry in entries {
        let len = u32::try_from(entry.len()).map_err(|_| LedgerError::OutOfRange)?;
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

fn split(mut bytes: &[u8]) -> Result<Vec<Vec<u8>>, LedgerError> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (entry, rest) = bytes
            .split_first_chunk()
            .and_then(|(len, rest)| rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?))
            .ok_or_else(|| LedgerError::damaged("entries set aside"))?;
        entries.push(entry.to_vec());
        bytes = rest;
    }
    Ok(entries)
}
