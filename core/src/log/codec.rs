//! Canonical CBOR, `docs/log-format.md` section 1: one exact form for everything that is hashed or signed.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

use crate::base::{Bug, Value, planted};

/// Levels of arrays.
pub(super) const MAX_DEPTH: usize = 16;
/// Members of an array.
pub(super) const MAX_ARRAY: u64 = 4_096;
/// Bytes of a text.
pub(super) const MAX_TEXT: usize = 16 * 1024;
/// Bytes of a byte string.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Not in the exact form that is signed: a longer way to write a number, a map, trailing bytes…
    #[error("not in the exact form that was signed (byte {at}: {why})")]
    NotCanonical {
        /// Offset of the first byte that is wrong.
        at: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More than 16 arrays inside each other.
    #[error("nested more than 16 levels")]
    TooDeep,
    /// Canonical, but not of the form that belongs here.
    #[error("not of the form expected: {what}")]
    Shape {
        /// What was expected.
        what: &'static str,
    },
    /// Of the right form as far as this version knows it, but from a newer one: opaque, to be kept and never refused.
    #[error("from a newer version: {what}")]
    Newer {
        /// What would have been known.
        what: &'static str,
    },
}

impl CodecError {
    /// The stable code of the refusal (`docs/log-format.md` section 9), for what stands in a segment; `opaque` for what is none.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCanonical { .. } => "not_canonical",
            Self::TooDeep => "too_deep",
            Self::Shape { .. } => "bad_segment",
            Self::Newer { .. } => "opaque",
        }
    }
}

const fn shape(what: &'static str) -> CodecError {
    CodecError::Shape { what }
}

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

/// Writes canonical CBOR. Writing to memory cannot fail, so no method returns a result.
#[derive(Debug)]
pub struct Writer(Encoder<Vec<u8>>);

/// Why the encoder's results are unwrapped: its only errors are the writer's, and a `Vec` has none.
const NEVER: &str = "writing to a Vec cannot fail";

impl Default for Writer {
    fn default() -> Self {
        Self(Encoder::new(Vec::new()))
    }
}

impl Writer {
    /// Starts an array of so many members.
    pub fn array(&mut self, len: usize) -> &mut Self {
        self.0.array(len as u64).expect(NEVER);
        self
    }

    /// An unsigned number.
    pub fn uint(&mut self, n: u64) -> &mut Self {
        self.0.u64(n).expect(NEVER);
        self
    }

    /// A signed number.
    pub fn int(&mut self, n: i64) -> &mut Self {
        self.0.i64(n).expect(NEVER);
        self
    }

    /// A byte string.
    pub fn bytes(&mut self, b: &[u8]) -> &mut Self {
        self.0.bytes(b).expect(NEVER);
        self
    }

    /// A byte string or null.
    pub fn maybe_bytes(&mut self, b: Option<&[u8]>) -> &mut Self {
        match b {
            Some(b) => self.bytes(b),
            None => self.null(),
        }
    }

    /// A text.
    pub fn text(&mut self, t: &str) -> &mut Self {
        self.0.str(t).expect(NEVER);
        self
    }

    /// Yes or no.
    pub fn bool(&mut self, b: bool) -> &mut Self {
        self.0.bool(b).expect(NEVER);
        self
    }

    /// Nothing.
    pub fn null(&mut self) -> &mut Self {
        self.0.null().expect(NEVER);
        self
    }

    /// Any value.
    pub fn value(&mut self, value: &Value) -> &mut Self {
        match value {
            Value::Null => self.null(),
            Value::Bool(b) => self.bool(*b),
            Value::Int(n) => self.int(*n),
            Value::Text(t) => self.text(t),
            Value::Bytes(b) => self.bytes(b),
            Value::List(members) => {
                self.array(members.len());
                members.iter().fold(self, |w, m| w.value(m))
            }
        }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }
}

/// The canonical bytes of a value.
#[must_use]
pub fn encode_value(value: &Value) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.value(value);
    writer.finish()
}

/// Reads a value, refusing what is not canonical.
///
/// # Errors
/// As [`scan`].
pub fn decode_value(bytes: &[u8]) -> Result<Value, CodecError> {
    let mut reader = Reader::new(bytes)?;
    reader.value()
}

/// Reads CBOR that [`scan`] has found canonical; what is left to fail is its shape.
#[derive(Debug)]
pub struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    /// Scans the bytes and starts reading.
    ///
    /// # Errors
    /// As [`scan`].
    pub fn new(bytes: &'b [u8]) -> Result<Self, CodecError> {
        scan(bytes)?;
        Ok(Self(Decoder::new(bytes)))
    }

    /// An array of exactly so many members.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn array(&mut self, len: u64) -> Result<(), CodecError> {
        if self.any_array()? == len { Ok(()) } else { Err(shape("another number of members")) }
    }

    /// An array of at least so many members; returns how many more there are. A newer version appends members at the end; whoever
    /// reads them reads them last, with [`Self::beyond`].
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn at_least(&mut self, len: u64) -> Result<u64, CodecError> {
        self.any_array()?.checked_sub(len).ok_or(shape("more members"))
    }

    /// The members that a newer version appended.
    ///
    /// # Errors
    /// [`CodecError::Shape`]; cannot happen to bytes that were scanned.
    pub fn beyond(&mut self, count: u64) -> Result<Vec<Value>, CodecError> {
        (0..count).map(|_| self.value()).collect()
    }

    /// An array; returns how many members follow.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn any_array(&mut self) -> Result<u64, CodecError> {
        self.0.array().ok().flatten().ok_or(shape("an array"))
    }

    /// An array read member by member.
    ///
    /// # Errors
    /// [`CodecError::Shape`], also that of a member.
    pub fn list<T>(
        &mut self,
        mut member: impl FnMut(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Vec<T>, CodecError> {
        (0..self.any_array()?).map(|_| member(self)).collect()
    }

    /// An unsigned number.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn uint(&mut self) -> Result<u64, CodecError> {
        self.0.u64().map_err(|_| shape("a number from 0"))
    }

    /// A signed number.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn int(&mut self) -> Result<i64, CodecError> {
        self.0.i64().map_err(|_| shape("a number"))
    }

    /// A sequence number: from 1, since 0 means "none".
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn seq(&mut self) -> Result<u64, CodecError> {
        match self.uint()? {
            0 => Err(shape("a number from 1")),
            n => Ok(n),
        }
    }

    /// A number that fits a smaller type.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else or it does not fit.
    pub fn small<T: TryFrom<i64>>(&mut self) -> Result<T, CodecError> {
        T::try_from(self.int()?).map_err(|_| shape("a smaller number"))
    }

    /// A byte string.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn bytes(&mut self) -> Result<&'b [u8], CodecError> {
        self.0.bytes().map_err(|_| shape("bytes"))
    }

    /// A byte string of a fixed length.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        self.bytes()?.try_into().map_err(|_| shape("bytes of another length"))
    }

    /// A text.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn text(&mut self) -> Result<&'b str, CodecError> {
        self.0.str().map_err(|_| shape("a text"))
    }

    /// Yes or no.
    ///
    /// # Errors
    /// [`CodecError::Shape`] if there is something else.
    pub fn bool(&mut self) -> Result<bool, CodecError> {
        self.0.bool().map_err(|_| shape("true or false"))
    }

    /// Something, or null.
    ///
    /// # Errors
    /// [`CodecError::Shape`] of the something.
    pub fn maybe<T>(
        &mut self,
        some: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        if matches!(self.0.datatype(), Ok(Type::Null)) {
            self.0.null().map_err(|_| shape("null"))?;
            return Ok(None);
        }
        some(self).map(Some)
    }

    /// Any value.
    ///
    /// # Errors
    /// [`CodecError::Shape`]; cannot happen to bytes that were scanned.
    pub fn value(&mut self) -> Result<Value, CodecError> {
        Ok(match self.0.datatype().map_err(|_| shape("a value"))? {
            Type::Null => {
                self.0.null().map_err(|_| shape("null"))?;
                Value::Null
            }
            Type::Bool => Value::Bool(self.bool()?),
            Type::Bytes => Value::Bytes(self.bytes()?.to_vec()),
            Type::String => Value::Text(self.text()?.to_owned()),
            Type::Array => Value::List(self.list(Self::value)?),
            _ => Value::Int(self.int()?),
        })
    }
}
