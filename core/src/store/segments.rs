//! Rows of sealed segments.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::body;
use super::columns::{digest, key, signature};
use super::error::StoreError;
use crate::base::{Digest, Seq};
use crate::log::{Header, Segment};

/// What a stored segment looks like from the log's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// The row.
    pub(super) n: i64,
    /// The segment before it, or 0.
    pub(super) prev: i64,
    /// Its identifier.
    pub(super) id: Digest,
    /// How long its entries are packed.
    pub(super) packed: usize,
    /// The segment.
    pub(super) segment: Segment,
}

/// The columns [`read`] expects.
pub(super) const COLUMNS: &str = "n, prev, id, header, key, signature, body";

/// Reads a row of [`COLUMNS`]; the outer error is SQLite's, the inner one says that the row is damaged.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Result<Stored, StoreError>> {
    let (n, prev, id) = (row.get(0)?, row.get(1)?, digest(row, 2)?);
    let (header, key, signature) = (row.get_ref(3)?.as_blob()?, key(row, 4)?, signature(row, 5)?);
    let body = row.get_ref(6)?.as_blob()?;
    let stored = Header::from_bytes(header).map_err(StoreError::from).and_then(|header| {
        let (entries, packed) = body::decode(&header, body)?;
        Ok(Stored { n, prev, id, packed, segment: Segment { header, key, signature, entries } })
    });
    Ok(stored)
}

/// A new row.
#[derive(Debug, Clone, Copy)]
pub(super) struct New<'s> {
    pub(super) chain: u32,
    pub(super) prev: i64,
    pub(super) id: Digest,
    /// Its entries as they lie on disk.
    pub(super) body: &'s [u8],
    /// Whether it has a position in the site's log.
    pub(super) placed: bool,
    pub(super) segment: &'s Segment,
}

/// Appends a segment to the log.
pub(super) fn insert(db: &Connection, new: New<'_>) -> Result<i64, StoreError> {
    let Segment { header, key, signature, .. } = new.segment;
    let mut insert = db.prepare_cached(
        "INSERT INTO segments (chain, first, count, prev, id, placed, header, key, signature, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    insert.execute(params![
        new.chain,
        header.first.cast_signed(),
        header.count,
        new.prev,
        new.id.0,
        new.placed,
        header.to_bytes(),
        key.0,
        signature.map(|s| s.0),
        new.body,
    ])?;
    Ok(db.last_insert_rowid())
}

/// One segment by what `condition` says about `?1`.
fn one(db: &Connection, condition: &str, value: impl rusqlite::ToSql) -> Result<Option<Stored>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM segments WHERE {condition}");
    db.prepare_cached(&sql)?.query_row([value], read).optional()?.transpose()
}

/// The segment of an identifier.
pub(super) fn by_id(db: &Connection, id: &Digest) -> Result<Option<Stored>, StoreError> {
    one(db, "id = ?1", id.0)
}

/// The segment of a row.
pub(super) fn by_row(db: &Connection, n: i64) -> Result<Option<Stored>, StoreError> {
    one(db, "n = ?1", n)
}

/// What follows a number in a chain, on any branch, in order; read lazily, since a chain may be long.
pub(super) fn each_from(
    db: &Connection,
    chain: u32,
    from: Seq,
    mut f: impl FnMut(Stored) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM segments WHERE chain = ?1 AND first > ?2 - 256 AND first + count > ?2 ORDER BY first, n"
    );
    let mut select = db.prepare_cached(&sql)?;
    let mut rows = select.query(params![chain, from.cast_signed()])?;
    while let Some(row) = rows.next()? {
        if !f(read(row)??)? {
            break;
        }
    }
    Ok(())
}

/// All segments of a chain, on any branch, in order.
pub(super) fn of_chain(db: &Connection, chain: u32) -> Result<Vec<Segment>, StoreError> {
    let mut all = Vec::new();
    each_from(db, chain, 0, |stored| {
        all.push(stored.segment);
        Ok(true)
    })?;
    Ok(all)
}

/// Row and last number of the segment of an identifier, if it is of this chain.
pub(super) fn place(db: &Connection, chain: u32, id: &Digest) -> Result<Option<(i64, Seq)>, StoreError> {
    let mut select =
        db.prepare_cached("SELECT n, first + count - 1 FROM segments WHERE id = ?1 AND chain = ?2")?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
    Ok(select.query_row(params![id.0, chain], row).optional()?)
}

/// Whether a chain has segments without a position in the site's log.
pub(super) fn any_unplaced(db: &Connection, chain: u32) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM segments WHERE chain = ?1 AND placed = 0)";
    Ok(db.prepare_cached(sql)?.query_row([chain], |row| row.get(0))?)
}

/// The highest number held of a chain, on any branch; 0 for none.
pub(super) fn highest(db: &Connection, chain: u32) -> Result<Seq, StoreError> {
    // A segment has at most 256 entries, so the highest number is among the last that many beginnings.
    let mut select = db.prepare_cached(
        "SELECT coalesce(max(first + count - 1), 0) FROM segments WHERE chain = ?1
         AND first >= (SELECT max(first) FROM segments WHERE chain = ?1) - 256",
    )?;
    Ok(select.query_row([chain], |row| super::columns::number(row, 0))?)
}
