//! Segments that are held and not part of the log: some wait for what comes before them, some contradict themselves.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::body;
use super::columns::{key, number, signature};
use super::error::StoreError;
use crate::base::Digest;
use crate::log::{Header, Segment};

/// Entries of one chain that may wait.
const MAX_ENTRIES: u64 = 10_000;
/// Bytes of one chain that may wait.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Why a segment is aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// What comes before it is not held yet.
    Waits = 0,
    /// Its header contradicts itself: evidence, never part of the log.
    Broken = 1,
}

/// Puts a segment aside.
pub(super) fn put(
    db: &Connection,
    chain: u32,
    why: Why,
    id: Digest,
    segment: &Segment,
) -> Result<(), StoreError> {
    let Segment { header, key, signature, .. } = segment;
    let body = body::encode(header, segment.entries.decoded()?);
    db.execute(
        "INSERT INTO aside (id, state, chain, first, count, header, key, signature, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            id.0,
            why as i64,
            chain,
            header.first.cast_signed(),
            header.count,
            header.to_bytes(),
            key.0,
            signature.map(|s| s.0),
            body
        ],
    )?;
    Ok(())
}

/// Whether another segment of a chain may wait.
pub(super) fn has_room(db: &Connection, chain: u32, segment: &Segment) -> Result<bool, StoreError> {
    let bytes = segment.entries.iter().map(Vec::len).sum::<usize>() as u64;
    let sql = "SELECT coalesce(sum(count), 0), coalesce(sum(length(body)), 0) FROM aside WHERE chain = ?1 AND state = 0";
    let (held, size) = db.query_row(sql, [chain], |row| Ok((number(row, 0)?, number(row, 1)?)))?;
    Ok(held + u64::from(segment.header.count) <= MAX_ENTRIES && size + bytes <= MAX_BYTES)
}

/// Whether any segment is aside.
pub(super) fn any(db: &Connection) -> Result<bool, StoreError> {
    let mut select = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM aside)")?;
    Ok(select.query_row((), |row| row.get(0))?)
}

/// Why a segment is aside, if it is.
pub(super) fn why(db: &Connection, id: &Digest) -> Result<Option<Why>, StoreError> {
    let mut select = db.prepare_cached("SELECT state FROM aside WHERE id = ?1")?;
    let state = select.query_row([id.0], |row| row.get::<_, i64>(0)).optional()?;
    Ok(state.map(|state| if state == 0 { Why::Waits } else { Why::Broken }))
}

/// The chains of which something waits.
pub(super) fn chains(db: &Connection) -> Result<Vec<u32>, StoreError> {
    let mut select = db.prepare_cached("SELECT DISTINCT chain FROM aside WHERE state = 0 ORDER BY chain")?;
    Ok(select.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The segments of a chain that wait, in order.
pub(super) fn waiting(db: &Connection, chain: u32) -> Result<Vec<Segment>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT header, key, signature, body FROM aside WHERE chain = ?1 AND state = 0 ORDER BY first, id",
    )?;
    let mut rows = select.query([chain])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// The segments of a chain that begin where it is only told, with how long they are packed: whether HQ has them is for HQ to say.
pub(super) fn beneath(db: &Connection, chain: u32) -> Result<Vec<(Segment, usize)>, StoreError> {
    let Some(told) = super::told::head(db, chain)? else { return Ok(Vec::new()) };
    let mut select = db.prepare_cached(
        "SELECT header, key, signature, body FROM aside
         WHERE chain = ?1 AND state = 0 AND first <= ?2 AND signature IS NOT NULL ORDER BY first, id",
    )?;
    let mut rows = select.query(params![chain, told.seq.cast_signed()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let packed = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?.len();
        all.push((read(row)?, packed));
    }
    Ok(all)
}

/// Lets go of a segment that HQ has said it holds, and of those before it, if they begin where the chain is only told. What of them
/// is news comes back with its position.
pub(super) fn let_go(db: &Connection, chain: u32, id: Digest) -> Result<(), StoreError> {
    let waiting = beneath(db, chain)?;
    let mut next = Some(id);
    while let Some(id) = next.take() {
        if let Some((segment, _)) = waiting.iter().find(|(segment, _)| segment.header.id() == id) {
            take(db, &id)?;
            next = Some(segment.header.prev);
        }
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Segment, StoreError> {
    let header = Header::from_bytes(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
    let (entries, _) = body::decode(&header, row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?;
    Ok(Segment { header, key: key(row, 1)?, signature: signature(row, 2)?, entries })
}

/// Takes a segment back: it is part of the log now, or found to be broken after all.
pub(super) fn take(db: &Connection, id: &Digest) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM aside WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}
