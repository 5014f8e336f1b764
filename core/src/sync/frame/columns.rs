//! The columns of a frame's body, in the order of `docs/sync-protocol.md` 3.2.

use super::planes::{read, read_bytes, write, write_bytes};
use crate::log::pack::{COLUMNS, Cursor, PackError};

/// The columns being written; those of numbers as plain varints.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) line: Vec<u8>,
    pub(super) form: Vec<u8>,
    pub(super) count: Vec<u8>,
    pub(super) first: Vec<u8>,
    pub(super) wall: Vec<u8>,
    pub(super) mono: Vec<u8>,
    pub(super) extras: Vec<u8>,
    pub(super) entries: [Vec<u8>; COLUMNS],
    pub(super) raw: Vec<u8>,
    pub(super) signatures: Vec<u8>,
}

/// Which of the columns of packed entries hold nothing but numbers: time, kind, length of operations.
const NUMBERS: [bool; COLUMNS] = [true, false, false, true, true, false, false];

/// How many columns there are.
const ALL: usize = 9 + COLUMNS;

impl Columns {
    fn all(&mut self) -> [&mut Vec<u8>; ALL] {
        let [time, who, records, kind, lengths, ops, statements] = &mut self.entries;
        [
            &mut self.line,
            &mut self.form,
            &mut self.count,
            &mut self.first,
            &mut self.wall,
            &mut self.mono,
            &mut self.extras,
            time,
            who,
            records,
            kind,
            lengths,
            ops,
            statements,
            &mut self.raw,
            &mut self.signatures,
        ]
    }

    /// How long each column is.
    pub(super) fn lens(&mut self) -> [usize; ALL] {
        self.all().map(|column| column.len())
    }

    /// Takes back what was written since [`Self::lens`].
    pub(super) fn truncate(&mut self, lens: [usize; ALL]) {
        self.all().into_iter().zip(lens).for_each(|(column, len)| column.truncate(len));
    }

    /// How long the columns are together.
    pub(super) fn len(&self) -> usize {
        let headers =
            [&self.line, &self.form, &self.count, &self.first, &self.wall, &self.mono, &self.extras];
        let rest = [&self.raw, &self.signatures];
        headers.into_iter().chain(&self.entries).chain(rest).map(Vec::len).sum()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for numbers in [&self.line, &self.form, &self.count, &self.first, &self.wall, &self.mono] {
            write(out, numbers);
        }
        write_bytes(out, &self.extras);
        for (column, numbers) in self.entries.iter().zip(NUMBERS) {
            if numbers { write(out, column) } else { write_bytes(out, column) }
        }
        write_bytes(out, &self.raw);
        write_bytes(out, &self.signatures);
    }

    pub(super) fn read(body: &mut Cursor<'_>) -> Result<Self, PackError> {
        let mut columns = Self {
            line: read(body)?,
            form: read(body)?,
            count: read(body)?,
            first: read(body)?,
            wall: read(body)?,
            mono: read(body)?,
            extras: read_bytes(body)?.0.to_vec(),
            ..Self::default()
        };
        for (column, numbers) in columns.entries.iter_mut().zip(NUMBERS) {
            *column = if numbers { read(body)? } else { read_bytes(body)?.0.to_vec() };
        }
        columns.raw = read_bytes(body)?.0.to_vec();
        columns.signatures = read_bytes(body)?.0.to_vec();
        if body.0.is_empty() { Ok(columns) } else { Err(PackError("bytes left over")) }
    }

    pub(super) fn cursors(&self) -> Cursors<'_> {
        Cursors {
            line: Cursor(&self.line),
            form: Cursor(&self.form),
            count: Cursor(&self.count),
            first: Cursor(&self.first),
            wall: Cursor(&self.wall),
            mono: Cursor(&self.mono),
            extras: Cursor(&self.extras),
            entries: std::array::from_fn(|n| Cursor(&self.entries[n])),
            raw: Cursor(&self.raw),
            signatures: Cursor(&self.signatures),
        }
    }
}

/// How far each column has been read.
#[derive(Debug)]
pub(super) struct Cursors<'c> {
    pub(super) line: Cursor<'c>,
    pub(super) form: Cursor<'c>,
    pub(super) count: Cursor<'c>,
    pub(super) first: Cursor<'c>,
    pub(super) wall: Cursor<'c>,
    pub(super) mono: Cursor<'c>,
    pub(super) extras: Cursor<'c>,
    pub(super) entries: [Cursor<'c>; COLUMNS],
    pub(super) raw: Cursor<'c>,
    pub(super) signatures: Cursor<'c>,
}

impl Cursors<'_> {
    pub(super) fn done(&self) -> Result<(), PackError> {
        let headers = [self.line, self.form, self.count, self.first, self.wall, self.mono, self.extras];
        let rest = [self.raw, self.signatures];
        match headers.iter().chain(&self.entries).chain(&rest).all(|c| c.0.is_empty()) {
            true => Ok(()),
            false => Err(PackError("bytes left over in a column")),
        }
    }
}
