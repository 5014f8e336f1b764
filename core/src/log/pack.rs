//! Packed entries, `docs/log-format.md` section 7: what neighbours share is written once.

use std::collections::BTreeMap;

use super::entry::{Entry, MAX_ENTRY, MAX_RECORDS, derive_record};
use super::segment::MAX_SEGMENT;
use crate::base::{BootId, ChainId, Millis, PersonId, RecordId, Seq};

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

/// Who acted, in which session and boot: alike for long runs.
type Who = (Option<PersonId>, Seq, BootId);

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

fn pack_who(out: &mut Vec<u8>, frame: Frame, entries: &[Entry]) {
    let who = |e: &Entry| -> Who { (e.author, e.session, e.boot) };
    for run in entries.chunk_by(|a, b| who(a) == who(b)) {
        let (author, session, boot) = who(&run[0]);
        put(out, run.len() as u64);
        match author {
            Some(person) => {
                out.push(1);
                out.extend_from_slice(&person.0);
            }
            None => out.push(0),
        }
        put(out, session);
        if boot == frame.boot {
            out.push(0);
        } else {
            out.push(1);
            out.extend_from_slice(&boot.0);
        }
    }
}

fn unpack_who(column: &mut Cursor<'_>, frame: Frame, count: usize) -> Result<Vec<Who>, PackError> {
    let mut whos = Vec::with_capacity(count);
    while whos.len() < count {
        let run = column.len()?;
        if run == 0 || run > count - whos.len() {
            return Err(PackError("a run of the wrong length"));
        }
        let author = if column.flag()? { Some(PersonId(column.fixed()?)) } else { None };
        let session = column.seq()?;
        let boot = if column.flag()? { BootId(column.fixed()?) } else { frame.boot };
        whos.extend(std::iter::repeat_n((author, session, boot), run));
    }
    Ok(whos)
}

fn pack_statements(out: &mut Vec<u8>, entries: &[Entry]) {
    let mut without = 0;
    for entry in entries {
        let Some(statement) = &entry.statement else {
            without += 1;
            continue;
        };
        put(out, without);
        put(out, statement.len() as u64);
        out.extend_from_slice(statement);
        without = 0;
    }
    if without > 0 {
        put(out, without);
    }
}

fn unpack_statements(column: &mut Cursor<'_>, count: usize) -> Result<BTreeMap<usize, Vec<u8>>, PackError> {
    let mut statements = BTreeMap::new();
    let mut at = 0;
    while at < count {
        at = at.saturating_add(column.len()?);
        if at < count {
            let len = column.len()?;
            statements.insert(at, column.take(len)?.to_vec());
            at += 1;
        } else if at > count {
            return Err(PackError("a run of the wrong length"));
        }
    }
    Ok(statements)
}

/// The records column: the list before, and the records seen so far.
struct RecordLists {
    chain: ChainId,
    before: Vec<RecordId>,
    seen: Vec<RecordId>,
    index: BTreeMap<RecordId, usize>,
}

impl RecordLists {
    fn new(chain: ChainId) -> Self {
        Self { chain, before: Vec::new(), seen: Vec::new(), index: BTreeMap::new() }
    }

    fn remember(&mut self, record: RecordId) {
        let next = self.seen.len();
        if let std::collections::btree_map::Entry::Vacant(slot) = self.index.entry(record) {
            slot.insert(next);
            self.seen.push(record);
        }
    }

    fn pack(&mut self, out: &mut Vec<u8>, entry: &Entry) {
        let chain = self.chain;
        let derived = |n| derive_record(chain, entry.seq, entry.at, entry.boot, n);
        if self.before == entry.records {
            return put(out, 0);
        }
        if entry.records == [derived(0)] {
            put(out, 1);
            self.remember(derived(0));
        } else {
            put(out, entry.records.len() as u64 + 2);
            let mut n = 0;
            for record in &entry.records {
                if *record == derived(n) {
                    put(out, 1);
                    n += 1;
                } else if let Some(known) = self.index.get(record) {
                    put(out, 2 + *known as u64);
                } else {
                    put(out, 0);
                    out.extend_from_slice(&record.0);
                }
                self.remember(*record);
            }
        }
        self.before.clone_from(&entry.records);
    }

    fn unpack(
        &mut self,
        column: &mut Cursor<'_>,
        seq: Seq,
        at: Millis,
        boot: BootId,
    ) -> Result<Vec<RecordId>, PackError> {
        let chain = self.chain;
        let derived = |n| derive_record(chain, seq, at, boot, n);
        let list = match column.len()? {
            0 => return Ok(self.before.clone()),
            1 => {
                self.remember(derived(0));
                vec![derived(0)]
            }
            n if n - 2 > MAX_RECORDS => return Err(PackError("too many records")),
            n => {
                let mut list = Vec::with_capacity(n - 2);
                let mut made = 0;
                for _ in 0..n - 2 {
                    let record = match column.len()? {
                        0 => RecordId(column.fixed()?),
                        1 => {
                            made += 1;
                            derived(made - 1)
                        }
                        known => *self.seen.get(known - 2).ok_or(PackError("a record out of range"))?,
                    };
                    self.remember(record);
                    list.push(record);
                }
                list
            }
        };
        self.before.clone_from(&list);
        Ok(list)
    }
}

/// Appends an unsigned LEB128 number.
pub(crate) fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.push((n & 0x7f) as u8);
}

/// Appends a zig-zag LEB128 number.
pub(crate) fn put_signed(out: &mut Vec<u8>, n: i64) {
    put(out, ((n << 1) ^ (n >> 63)).cast_unsigned());
}

/// Reads what [`put`] and [`put_signed`] wrote; never past the end, never a number written longer than needed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'b>(pub(crate) &'b [u8]);

impl<'b> Cursor<'b> {
    pub(crate) fn take(&mut self, len: usize) -> Result<&'b [u8], PackError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(PackError("ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], PackError> {
        self.take(N)?.try_into().map_err(|_| PackError("ends too early"))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, PackError> {
        match self.fixed()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(PackError("neither 0 nor 1")),
        }
    }

    pub(crate) fn varint(&mut self) -> Result<u64, PackError> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.fixed()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part || (byte == 0 && shift > 0) {
                return Err(PackError("a number not in its shortest form"));
            }
            n |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(PackError("a number that does not end"))
    }

    /// A sequence number, or 0 for none.
    pub(crate) fn seq(&mut self) -> Result<Seq, PackError> {
        let n = self.varint()?;
        if i64::try_from(n).is_ok() { Ok(n) } else { Err(PackError("a number out of range")) }
    }

    pub(crate) fn len(&mut self) -> Result<usize, PackError> {
        let n = self.varint()?;
        // Nothing that is counted in a body can be larger than the largest entry times a segment.
        usize::try_from(n)
            .ok()
            .filter(|n| *n <= MAX_ENTRY * MAX_SEGMENT)
            .ok_or(PackError("a length out of range"))
    }

    pub(crate) fn signed(&mut self) -> Result<i64, PackError> {
        let n = self.varint()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }
}
