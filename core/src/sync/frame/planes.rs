//! Columns of numbers, written by bytes of equal weight.
//!
//! The varints of a column are laid out as all first bytes, then all second bytes, and so on: bytes that behave alike stand
//! together, and a compressor sees it. Undone, the column is the plain sequence of varints again.

use crate::log::pack::{Cursor, PackError, put};

/// Bytes of the longest varint.
const MAX_PLANES: usize = 10;

/// Appends a column of varints, plane by plane.
pub(super) fn write(out: &mut Vec<u8>, column: &[u8]) {
    let mut planes: Vec<Vec<u8>> = Vec::new();
    let mut weight = 0;
    for byte in column {
        if planes.len() <= weight {
            planes.push(Vec::new());
        }
        planes[weight].push(*byte);
        weight = if byte & 0x80 == 0 { 0 } else { weight + 1 };
    }
    put(out, planes.len() as u64);
    for plane in planes {
        write_bytes(out, &plane);
    }
}

/// Reads what [`write()`] wrote, as the sequence of varints.
pub(super) fn read(body: &mut Cursor<'_>) -> Result<Vec<u8>, PackError> {
    let count = body.len()?;
    if count > MAX_PLANES {
        return Err(PackError("too many planes"));
    }
    let mut planes = Vec::with_capacity(count);
    for _ in 0..count {
        planes.push(read_bytes(body)?);
    }
    let mut column = Vec::with_capacity(planes.iter().map(|p| p.0.len()).sum());
    while planes.first().is_some_and(|p| !p.0.is_empty()) {
        for plane in &mut planes {
            let [byte] = plane.fixed()?;
            column.push(byte);
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    match planes.iter().all(|p| p.0.is_empty()) && column.last().is_none_or(|b| b & 0x80 == 0) {
        true => Ok(column),
        false => Err(PackError("planes that do not belong together")),
    }
}

/// Appends bytes after their length.
pub(super) fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads what [`write_bytes`] wrote.
pub(super) fn read_bytes<'b>(body: &mut Cursor<'b>) -> Result<Cursor<'b>, PackError> {
    let len = body.len()?;
    body.take(len).map(Cursor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::pack::put_signed;

    #[test]
    fn a_column_round_trips_whatever_its_numbers() {
        let mut column = Vec::new();
        for n in [0, 1, -1, 63, -64, 64, 90_000, i64::MAX, i64::MIN, 5] {
            put_signed(&mut column, n);
        }
        let mut out = Vec::new();
        write(&mut out, &column);
        assert_eq!(read(&mut Cursor(&out)), Ok(column));
    }

    #[test]
    fn planes_that_do_not_fit_are_refused() {
        for bad in [&[2, 1, 5, 1, 5][..], &[1, 1, 0x80], &[11], &[2, 1, 0x80, 2, 1, 1], &[1, 9, 0]] {
            assert!(read(&mut Cursor(bad)).is_err(), "{bad:?}");
        }
    }
}
