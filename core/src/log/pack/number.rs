//! Numbers and bytes of a packed body.

use super::PackError;
use crate::base::Seq;
use crate::log::entry::MAX_ENTRY;
use crate::log::segment::MAX_SEGMENT;

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
