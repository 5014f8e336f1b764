//! Packed entries, `docs/log-format.md` section 7: what neighbours share is written once.

mod number;
mod records;
mod runs;

use super::entry::Entry;
use super::segment::MAX_SEGMENT;
use crate::base::{BootId, ChainId, Millis, Seq};
pub(crate) use number::{Cursor, put, put_signed};
use records::RecordLists;
use runs::{pack_statements, pack_who, unpack_statements, unpack_who};

/// A packed body that cannot be expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the packed entries are damaged: {0}")]
pub struct PackError(pub(crate) &'static str);

impl PackError {
    /// The stable code of the refusal, `docs/log-format.md` section 9.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "bad_packing"
    }
}

/// What the header says that packing leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The chain.
    pub chain: ChainId,
    /// The number of the first entry.
    pub first: Seq,
    /// The wall clock at the first entry.
    pub wall: Millis,
    /// The boot.
    pub boot: BootId,
}

/// How many columns a body has.
pub(crate) const COLUMNS: usize = 7;

/// Packs consecutive entries. If one of them is opaque, all are written as they are.
#[must_use]
pub fn pack(frame: Frame, entries: &[Entry]) -> Vec<u8> {
    if entries.iter().any(|entry| !entry.beyond.is_empty()) {
        return verbatim(entries);
    }
    let mut columns: [Vec<u8>; COLUMNS] = Default::default();
    pack_columns(frame, entries, &mut columns);
    let mut body = Vec::with_capacity(columns.iter().map(|c| c.len() + 3).sum());
    for column in &columns {
        put(&mut body, column.len() as u64);
        body.extend_from_slice(column);
    }
    body
}

/// Appends the columns of consecutive entries, each to what the column holds already.
pub(crate) fn pack_columns(frame: Frame, entries: &[Entry], columns: &mut [Vec<u8>; COLUMNS]) {
    let [time, who, records, kind, lengths, ops, statements] = columns;
    let mut wall = frame.wall;
    let mut lists = RecordLists::new(frame.chain);
    for entry in entries {
        put_signed(time, entry.at.wrapping_sub(wall));
        wall = entry.at;
        lists.pack(records, entry);
        put(kind, entry.kind.into());
        put(lengths, entry.ops.len() as u64);
        ops.extend_from_slice(&entry.ops);
    }
    pack_who(who, frame, entries);
    pack_statements(statements, entries);
}

/// The byte that stands where the length of the first column would, which is never 0.
const VERBATIM: u8 = 0;

fn verbatim(entries: &[Entry]) -> Vec<u8> {
    let mut body = vec![VERBATIM];
    for entry in entries {
        let bytes = entry.to_bytes();
        put(&mut body, bytes.len() as u64);
        body.extend_from_slice(&bytes);
    }
    body
}

fn unpack_verbatim(mut body: Cursor<'_>, count: usize) -> Result<Vec<Entry>, PackError> {
    let entries = (0..count).map(|_| {
        let len = body.len()?;
        Entry::from_bytes(body.take(len)?).map_err(|_| PackError("an entry that is none"))
    });
    let entries = entries.collect::<Result<_, _>>()?;
    if body.0.is_empty() { Ok(entries) } else { Err(PackError("bytes left over")) }
}

/// Expands what [`pack`] made.
///
/// # Errors
/// [`PackError`] for anything else, however hostile; memory stays within a small multiple of the input.
pub fn unpack(frame: Frame, count: u32, body: &[u8]) -> Result<Vec<Entry>, PackError> {
    if let [VERBATIM, entries @ ..] = body {
        let count =
            usize::try_from(count).ok().filter(|c| *c <= MAX_SEGMENT).ok_or(PackError("too many entries"))?;
        return unpack_verbatim(Cursor(entries), count);
    }
    let mut body = Cursor(body);
    let mut columns = [Cursor(&[]); COLUMNS];
    for column in &mut columns {
        let len = body.len()?;
        *column = Cursor(body.take(len)?);
    }
    let entries = unpack_columns(frame, count, &mut columns)?;
    let nothing_left = columns.iter().chain([&body]).all(|c| c.0.is_empty());
    if nothing_left { Ok(entries) } else { Err(PackError("bytes left over")) }
}

/// Expands the next entries of columns that may go on after them.
pub(crate) fn unpack_columns(
    frame: Frame,
    count: u32,
    columns: &mut [Cursor<'_>; COLUMNS],
) -> Result<Vec<Entry>, PackError> {
    let count =
        usize::try_from(count).ok().filter(|c| *c <= MAX_SEGMENT).ok_or(PackError("too many entries"))?;
    let [time, who, records, kind, lengths, ops, statements] = columns;
    let whos = unpack_who(who, frame, count)?;
    let mut statements_of = unpack_statements(statements, count)?;
    let mut wall = frame.wall;
    let mut lists = RecordLists::new(frame.chain);
    let mut entries = Vec::with_capacity(count);
    for ((author, session, boot), seq) in whos.into_iter().zip(frame.first..) {
        wall = wall.wrapping_add(time.signed()?);
        let list = lists.unpack(records, seq, wall, boot)?;
        let len = lengths.len()?;
        entries.push(Entry {
            seq,
            at: wall,
            boot,
            author,
            session,
            records: list,
            kind: u16::try_from(kind.varint()?).map_err(|_| PackError("a kind out of range"))?,
            ops: ops.take(len)?.to_vec(),
            statement: statements_of.remove(&entries.len()),
            beyond: Vec::new(),
        });
    }
    Ok(entries)
}
