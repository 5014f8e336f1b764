//! Reading records straight from the pages of a database file, without the trees that lead to them (SQLite's file format, 1.5, 1.6, 2.1).
//!
//! Whatever is found here must vouch for itself: pages may be damaged, and rows may be ones that were deleted long ago.

use rusqlite::types::Value;

/// A row: its number, if its table has numbers, and its columns.
pub(super) type Record = (Option<i64>, Vec<Value>);

const HEADER: usize = 100;

/// The pages of a file.
pub(super) struct Pages<'f> {
    file: &'f [u8],
    size: usize,
    /// What of a page is used; the rest is reserved.
    usable: usize,
}

impl<'f> Pages<'f> {
    pub(super) fn new(file: &'f [u8]) -> Self {
        let size = match file.get(16..18) {
            Some([0, 1]) => 65_536,
            Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])),
            _ => 0,
        };
        let size = if size.is_power_of_two() && size >= 512 { size } else { 4_096 };
        let reserved = file.get(20).copied().unwrap_or(0).into();
        Self { file, size, usable: size - if reserved < 64 { reserved } else { 0 } }
    }

    /// Every record on any leaf, and on any inner page of a table without row numbers.
    pub(super) fn records(&self) -> impl Iterator<Item = Record> + '_ {
        (1..=self.file.len() / self.size).flat_map(|number| self.records_on(number))
    }

    fn page(&self, number: usize) -> Option<&'f [u8]> {
        let start = number.checked_sub(1)?.checked_mul(self.size)?;
        self.file.get(start..start + self.size)
    }

    fn records_on(&self, number: usize) -> Vec<Record> {
        let Some(page) = self.page(number) else { return Vec::new() };
        let header = if number == 1 { HEADER } else { 0 };
        let pointers = match page[header] {
            0x0d | 0x0a => header + 8,
            0x02 => header + 12,
            _ => return Vec::new(),
        };
        let cells = usize::from(u16::from_be_bytes([page[header + 3], page[header + 4]]));
        let offset = |i: usize| {
            let at = pointers + i * 2;
            page.get(at..at + 2).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]])))
        };
        (0..cells.min(self.size / 4)).filter_map(|i| self.cell(page, page[header], offset(i)?)).collect()
    }

    fn cell(&self, page: &[u8], kind: u8, offset: usize) -> Option<Record> {
        let mut at = page.get(offset + if kind == 0x02 { 4 } else { 0 }..self.usable)?;
        let length = usize::try_from(varint(&mut at)?).ok().filter(|n| *n <= self.file.len())?;
        let number = if kind == 0x0d { Some(varint(&mut at)?.cast_signed()) } else { None };
        Some((number, columns(&self.payload(at, length, kind)?)?))
    }

    /// A payload of so many bytes, what is on overflow pages included.
    fn payload(&self, at: &[u8], length: usize, kind: u8) -> Option<Vec<u8>> {
        let most = if kind == 0x0d { self.usable - 35 } else { (self.usable - 12) * 64 / 255 - 23 };
        if length <= most {
            return Some(at.get(..length)?.to_vec());
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (self.usable - 4);
        let local = if fitting <= most { fitting } else { least };
        let mut payload = at.get(..local)?.to_vec();
        let mut next = number(at.get(local..)?)?;
        while payload.len() < length {
            let page = self.page(next)?;
            let part = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + part)?);
            next = number(page)?;
        }
        Some(payload)
    }
}

fn number(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()
}

/// SQLite's own variable-length number: up to nine bytes, the high ones first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0;
    for i in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if i == 8 {
            return Some(n << 8 | u64::from(*byte));
        }
        n = n << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(n)
}

/// The columns of a record.
fn columns(payload: &[u8]) -> Option<Vec<Value>> {
    let mut header = payload;
    let length = usize::try_from(varint(&mut header)?).ok()?;
    let mut body = payload.get(length..)?;
    let mut header = header.get(..length.checked_sub(payload.len() - header.len())?)?;
    let mut columns = Vec::new();
    while !header.is_empty() {
        let kind = varint(&mut header)?;
        columns.push(column(kind, &mut body)?);
    }
    Some(columns)
}

fn column(kind: u64, body: &mut &[u8]) -> Option<Value> {
    let length = match kind {
        0 | 8 | 9 => 0,
        1..=4 => kind,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => (kind - 12) / 2,
    };
    let (bytes, rest) = body.split_at_checked(usize::try_from(length).ok()?)?;
    *body = rest;
    Some(match kind {
        0 => Value::Null,
        8 | 9 => Value::Integer((kind - 8).cast_signed()),
        1..=6 => Value::Integer(integer(bytes)),
        7 => return None,
        _ if kind.is_multiple_of(2) => Value::Blob(bytes.to_vec()),
        _ => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
    })
}

fn integer(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|b| b & 0x80 != 0) { -1 } else { 0 };
    bytes.iter().fold(sign, |n, byte| n << 8 | i64::from(*byte))
}
