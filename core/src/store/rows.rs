//! The derived rows: records, cells, additions, and entries that do not count.

use std::collections::BTreeMap;

use rusqlite::types::{ToSqlOutput, Value as Column, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::chains::Chains;
use super::columns::{digest, number};
use super::error::StoreError;
use crate::base::RecordId;
use crate::log::{EntryRef, decode_value, encode_value};
use crate::merge::{Addition, Register, Summary};
use crate::records::{FieldId, Member};

/// The row of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordRow {
    pub(super) n: i64,
    pub(super) summary: Summary,
}

/// Finds a record.
pub(super) fn record(db: &Connection, id: RecordId) -> Result<Option<RecordRow>, StoreError> {
    let mut select = db.prepare_cached("SELECT n, summary FROM records WHERE id = ?1")?;
    let row = select.query_row([id.0], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))).optional()?;
    row.map(|(n, summary)| Ok(RecordRow { n, summary: Summary::decode(&summary)? })).transpose()
}

/// The number that the next new record's row gets.
pub(super) fn next_record(db: &Connection) -> Result<i64, StoreError> {
    let mut select = db.prepare_cached("SELECT coalesce(max(n), 0) + 1 FROM records")?;
    Ok(select.query_row((), |row| row.get(0))?)
}

/// Where lists find a record: by its kind, and when it began.
pub(super) type ListKey = (u16, i64);

/// Where lists find a record of this summary.
pub(super) fn list_key(summary: &Summary) -> ListKey {
    (summary.kind.map_or(0, crate::records::RecordKind::code), summary.first_at)
}

/// Writes a record's row; `listed` is where lists find the one there is. The index of lists is touched only when that changes.
pub(super) fn put_record(
    db: &Connection,
    id: RecordId,
    n: i64,
    listed: Option<ListKey>,
    summary: &Summary,
) -> Result<ListKey, StoreError> {
    let (kind, sort) = list_key(summary);
    let bytes = summary.encode();
    match listed {
        None => db
            .prepare_cached("INSERT INTO records (n, id, kind, sort, summary) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![n, id.0, kind, sort, bytes])?,
        Some(same) if same == (kind, sort) => {
            db.prepare_cached("UPDATE records SET summary = ?2 WHERE n = ?1")?.execute(params![n, bytes])?
        }
        Some(_) => db
            .prepare_cached("UPDATE records SET summary = ?2, kind = ?3, sort = ?4 WHERE n = ?1")?
            .execute(params![n, bytes, kind, sort])?,
    };
    Ok((kind, sort))
}

/// A member as a column.
pub(super) struct MemberColumn(pub(super) Member);

impl ToSql for MemberColumn {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Member::Whole => ToSqlOutput::Borrowed(ValueRef::Blob(&[])),
            Member::Number(n) => ToSqlOutput::Owned(Column::Integer((*n).into())),
            Member::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id)),
        })
    }
}

fn member(row: &Row<'_>, column: usize) -> Result<Member, StoreError> {
    let found = match row.get_ref(column)? {
        ValueRef::Integer(n) => u32::try_from(n).ok().map(Member::Number),
        ValueRef::Blob([]) => Some(Member::Whole),
        ValueRef::Blob(id) => id.try_into().ok().map(Member::Id),
        _ => None,
    };
    found.ok_or_else(|| StoreError::damaged("a cell's member"))
}

/// The live values of a cell.
pub(super) fn register(
    db: &Connection,
    chains: &Chains,
    record: i64,
    (field, member): (FieldId, Member),
) -> Result<Register, StoreError> {
    let mut select =
        db.prepare_cached("SELECT live FROM cells WHERE record = ?1 AND field = ?2 AND member = ?3")?;
    let mut rows = select.query(params![record, field.0, MemberColumn(member)])?;
    match rows.next()? {
        Some(row) => {
            Ok(Register::decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, |n| chains.id(n))?)
        }
        None => Ok(Register::default()),
    }
}

/// Writes the live values of a cell. Chains that its values name and nobody knew get a number.
pub(super) fn put_register(
    db: &Connection,
    chains: &mut Chains,
    record: i64,
    (field, member): (FieldId, Member),
    register: &Register,
) -> Result<(), StoreError> {
    let live = register.encode(|chain| chains.assign(db, chain))?;
    db.prepare_cached(
        "INSERT INTO cells (record, field, member, live) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET live = excluded.live",
    )?
    .execute(params![record, field.0, MemberColumn(member), live])?;
    Ok(())
}

/// All cells of a record.
pub(super) fn registers(
    db: &Connection,
    chains: &Chains,
    record: i64,
) -> Result<BTreeMap<(FieldId, Member), Register>, StoreError> {
    let mut select = db.prepare_cached("SELECT field, member, live FROM cells WHERE record = ?1")?;
    let mut rows = select.query([record])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let live = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        all.insert((FieldId(row.get(0)?), member(row, 1)?), Register::decode(live, |n| chains.id(n))?);
    }
    Ok(all)
}

/// Adds to a set; false if it was there already.
pub(super) fn put_addition(
    db: &Connection,
    chain: u32,
    record: i64,
    addition: &Addition,
) -> Result<bool, StoreError> {
    let added = db
        .prepare_cached(
            "INSERT INTO additions (record, field, chain, seq, leaf, n, value)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            record,
            addition.field.0,
            chain,
            addition.by.seq.cast_signed(),
            addition.by.leaf.0,
            addition.n,
            encode_value(&addition.value),
        ])?;
    Ok(added > 0)
}

/// What was added to a record's sets, in the order of set, chain and number.
pub(super) fn additions(
    db: &Connection,
    chains: &Chains,
    record: i64,
    id: RecordId,
) -> Result<Vec<Addition>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT chain, seq, leaf, field, n, value FROM additions WHERE record = ?1 ORDER BY field, chain, seq, leaf, n",
    )?;
    let mut rows = select.query([record])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let by = entry_ref(row, chains)?;
        let value: Vec<u8> = row.get(5)?;
        let (field, n) = (FieldId(row.get(3)?), row.get(4)?);
        all.push(Addition { record: id, field, by, n, value: decode_value(&value)? });
    }
    // Local numbers of chains differ between phones; their identifiers do not.
    all.sort_by_key(|a| (a.by, a.n));
    Ok(all)
}

/// The entry that the first three columns name.
pub(super) fn entry_ref(row: &Row<'_>, chains: &Chains) -> Result<EntryRef, StoreError> {
    let chain = chains.id(row.get(0)?).ok_or_else(|| StoreError::damaged("a row names an unknown chain"))?;
    Ok(EntryRef { chain, seq: number(row, 1)?, leaf: digest(row, 2)? })
}

/// Why an entry does not count, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCounted {
    /// It needs a newer version.
    Opaque = 1,
    /// It was not lawful.
    Refused = 2,
    /// Its device or author was cut off; somebody must review it.
    Held = 3,
    /// What it is to be judged by has not arrived.
    Waits = 4,
}

impl NotCounted {
    pub(super) fn from_code(code: i64) -> Option<Self> {
        [Self::Opaque, Self::Refused, Self::Held, Self::Waits].into_iter().find(|v| *v as i64 == code)
    }
}

/// Notes that an entry about a record does not count.
pub(super) fn put_uncounted(
    db: &Connection,
    record: i64,
    chain: u32,
    by: EntryRef,
    verdict: NotCounted,
    reason: &str,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO uncounted (record, chain, seq, leaf, verdict, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason",
    )?
    .execute(params![record, chain, by.seq.cast_signed(), by.leaf.0, verdict as i64, reason])?;
    Ok(())
}

/// Forgets that an entry did not count.
pub(super) fn forget_uncounted(
    db: &Connection,
    record: i64,
    chain: u32,
    by: EntryRef,
) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM uncounted WHERE record = ?1 AND chain = ?2 AND seq = ?3 AND leaf = ?4")?
        .execute(params![record, chain, by.seq.cast_signed(), by.leaf.0])?;
    Ok(())
}

/// Forgets everything derived about a record, so that it can be folded again.
pub(super) fn clear_record(db: &Connection, record: i64) -> Result<(), StoreError> {
    for table in ["cells", "additions", "uncounted"] {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE record = ?1"))?.execute([record])?;
    }
    Ok(())
}

/// Notes that a segment has entries about a record.
pub(super) fn index_segment(db: &Connection, record: i64, segment: i64) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO record_segments (record, segment) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute(params![record, segment])?;
    Ok(())
}
