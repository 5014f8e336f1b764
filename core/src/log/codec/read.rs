//! Reading what was found canonical.

use minicbor::Decoder;
use minicbor::data::Type;

use super::scan::scan;
use super::{CodecError, shape};
use crate::base::Value;

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
