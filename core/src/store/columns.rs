//! Columns as our types; one of the wrong length is damage.

use rusqlite::types::FromSqlError;
use rusqlite::{Error, Row};

use crate::base::{Digest, KeyId};
use crate::log::Signature;

/// Bytes of a fixed length.
pub(super) fn fixed<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; N]> {
    row.get_ref(column)?.as_blob()?.try_into().map_err(|_| wrong(column))
}

/// Bytes of a fixed length, or nothing.
pub(super) fn maybe_fixed<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<[u8; N]>> {
    let bytes = row.get_ref(column)?.as_blob_or_null()?;
    bytes.map(|b| b.try_into().map_err(|_| wrong(column))).transpose()
}

fn wrong(column: usize) -> Error {
    let length = FromSqlError::Other("bytes of the wrong length".into());
    Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, Box::new(length))
}

pub(super) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    fixed(row, column).map(Digest)
}

pub(super) fn key(row: &Row<'_>, column: usize) -> rusqlite::Result<KeyId> {
    fixed(row, column).map(KeyId)
}

pub(super) fn signature(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Signature>> {
    Ok(maybe_fixed(row, column)?.map(Signature))
}

/// A sequence number, position or count, none of which is ever negative.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}
