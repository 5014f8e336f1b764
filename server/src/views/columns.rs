//! Between columns and values. A column that does not hold what it should is damage, never a default.

use dutylog_core::base::Digest;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::error::ViewError;

/// What is bound to a query's parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bind {
    Null,
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
}

impl From<i64> for Bind {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<u64> for Bind {
    /// Positions and sequence numbers stay below 2^63: the ledger refuses others.
    fn from(n: u64) -> Self {
        Self::Int(n.cast_signed())
    }
}

impl From<u32> for Bind {
    fn from(n: u32) -> Self {
        Self::Int(n.into())
    }
}

impl From<u16> for Bind {
    fn from(n: u16) -> Self {
        Self::Int(n.into())
    }
}

impl From<&[u8]> for Bind {
    fn from(b: &[u8]) -> Self {
        Self::Bytes(b.to_vec())
    }
}

impl From<Vec<u8>> for Bind {
    fn from(b: Vec<u8>) -> Self {
        Self::Bytes(b)
    }
}

impl<const N: usize> From<[u8; N]> for Bind {
    fn from(b: [u8; N]) -> Self {
        Self::Bytes(b.to_vec())
    }
}

impl From<Digest> for Bind {
    fn from(d: Digest) -> Self {
        d.0.into()
    }
}

impl From<String> for Bind {
    fn from(t: String) -> Self {
        Self::Text(t)
    }
}

impl<T: Into<Self>> From<Option<T>> for Bind {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

/// A column of fixed length.
pub(super) fn fixed<const N: usize>(row: &SqliteRow, column: &str) -> Result<[u8; N], ViewError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| ViewError::damaged(format!("{column} has the wrong length")))
}

/// A column of fixed length that may be empty.
pub(super) fn maybe_fixed<const N: usize>(
    row: &SqliteRow,
    column: &str,
) -> Result<Option<[u8; N]>, ViewError> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    let wrong = || ViewError::damaged(format!("{column} has the wrong length"));
    bytes.map(|b| b.try_into().map_err(|_| wrong())).transpose()
}

/// A column that counts.
pub(super) fn count<T: TryFrom<i64>>(row: &SqliteRow, column: &str) -> Result<T, ViewError> {
    let number: i64 = row.try_get(column)?;
    T::try_from(number).map_err(|_| ViewError::damaged(format!("{column} is out of range")))
}

/// A column that counts and may be empty.
pub(super) fn maybe_count<T: TryFrom<i64>>(row: &SqliteRow, column: &str) -> Result<Option<T>, ViewError> {
    let number: Option<i64> = row.try_get(column)?;
    let wrong = || ViewError::damaged(format!("{column} is out of range"));
    number.map(|n| T::try_from(n).map_err(|_| wrong())).transpose()
}
