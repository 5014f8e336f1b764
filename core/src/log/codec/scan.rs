//! The form alone, whatever the bytes mean.

use super::CodecError;
use crate::base::{Bug, planted};

/// Levels of arrays.
const MAX_DEPTH: usize = 16;
/// Members of an array.
const MAX_ARRAY: u64 = 4_096;
/// Bytes of a text.
const MAX_TEXT: usize = 16 * 1024;
/// Bytes of a byte string.
const MAX_BYTES: usize = 64 * 1024;

/// Checks the canonical form without knowing what the bytes mean. Constant stack, one pass.
///
/// # Errors
/// [`CodecError::NotCanonical`] or [`CodecError::TooDeep`].
pub fn scan(bytes: &[u8]) -> Result<(), CodecError> {
    let mut at = 0;
    // Members still expected in each open array, outermost first.
    let mut open = [0_u64; MAX_DEPTH + 1];
    let mut depth = 0;
    open[0] = 1;
    loop {
        while open[depth] == 0 {
            if depth == 0 {
                return if at == bytes.len() || planted(Bug::TrailingBytes) {
                    Ok(())
                } else {
                    wrong(at, "bytes after the end")
                };
            }
            depth -= 1;
        }
        open[depth] -= 1;
        let head = Head::read(bytes, at)?;
        at = head.check(bytes, at)?;
        if head.major == 4 {
            if depth == MAX_DEPTH {
                return Err(CodecError::TooDeep);
            }
            depth += 1;
            open[depth] = head.argument;
        }
    }
}

fn wrong<T>(at: usize, why: &'static str) -> Result<T, CodecError> {
    Err(CodecError::NotCanonical { at, why })
}

/// The first bytes of an item: its major type and argument.
struct Head {
    major: u8,
    argument: u64,
    len: usize,
}

impl Head {
    fn read(bytes: &[u8], at: usize) -> Result<Self, CodecError> {
        let truncated = CodecError::NotCanonical { at, why: "ends too early" };
        let first = *bytes.get(at).ok_or(truncated)?;
        let (major, info) = (first >> 5, first & 31);
        let (extra, least) = match info {
            0..=23 => return Ok(Self { major, argument: u64::from(info), len: 1 }),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return wrong(at, "indefinite length"),
        };
        let raw = bytes.get(at + 1..at + 1 + extra).ok_or(truncated)?;
        let argument = raw.iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
        if major != 7 && argument < least {
            return wrong(at, "not the shortest form");
        }
        Ok(Self { major, argument, len: 1 + extra })
    }

    /// Checks the item and says where the next one starts (for an array: its first member).
    fn check(&self, bytes: &[u8], at: usize) -> Result<usize, CodecError> {
        let body = at + self.len;
        match self.major {
            0 | 1 if i64::try_from(self.argument).is_err() => wrong(at, "number out of range"),
            0 | 1 => Ok(body),
            2 => Ok(body + self.slice(bytes, at, MAX_BYTES)?.len()),
            3 => {
                let raw = self.slice(bytes, at, MAX_TEXT)?;
                let text = std::str::from_utf8(raw)
                    .map_err(|_| CodecError::NotCanonical { at, why: "text that is not UTF-8" })?;
                if text.bytes().any(|b| b < 0x20 && b != b'\n' && b != b'\t') {
                    return wrong(at, "control character in a text");
                }
                Ok(body + raw.len())
            }
            4 if self.argument > MAX_ARRAY => wrong(at, "array too long"),
            4 => Ok(body),
            5 => wrong(at, "a map"),
            6 => wrong(at, "a tag"),
            _ if self.len == 1 && matches!(self.argument, 20..=22) => Ok(body),
            _ => wrong(at, "a float or unknown simple value"),
        }
    }

    fn slice<'b>(&self, bytes: &'b [u8], at: usize, max: usize) -> Result<&'b [u8], CodecError> {
        let len = usize::try_from(self.argument).unwrap_or(usize::MAX);
        if len > max {
            return wrong(at, "too long");
        }
        let body = at + self.len;
        bytes.get(body..body + len).ok_or(CodecError::NotCanonical { at, why: "ends too early" })
    }
}
