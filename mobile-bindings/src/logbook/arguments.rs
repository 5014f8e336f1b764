//! What the app hands over as text, read.

use std::str::FromStr;

use dutylog_core::base::{self, RecordId};
use dutylog_core::capture::Rejection;
use dutylog_core::companion::CompanionError;
use dutylog_core::log::EntryRef;
use dutylog_core::records::RecordKind;
use dutylog_core::store::Cursor;

use super::Answer;
use crate::error::Failure;
use crate::host::Reading;

/// An identifier that the app handed over.
pub(super) fn id<T: FromStr>(text: &str, argument: &'static str) -> Answer<T> {
    text.parse().map_err(|_| Failure::Argument(argument))
}

/// A record that the app handed over.
pub(super) fn record(text: &str, argument: &'static str) -> Answer<RecordId> {
    id(text, argument)
}

/// That a record of a kind is not on this phone.
pub(super) fn not_here(kind: RecordKind) -> Failure {
    Failure::Core(CompanionError::Rejected(Rejection::NotHere { kind }))
}

/// An entry as the app was told of it: chain, number and hash.
pub(crate) fn entry_text(by: EntryRef) -> String {
    format!("{}/{}/{}", by.chain, by.seq, by.leaf)
}

/// An entry that the app handed over.
pub(super) fn entry(text: &str) -> Answer<EntryRef> {
    let mut parts = text.split('/');
    let mut next = || parts.next().unwrap_or_default();
    let by = EntryRef { chain: id(next(), "entry")?, seq: id(next(), "entry")?, leaf: id(next(), "entry")? };
    if parts.next().is_none() { Ok(by) } else { Err(Failure::Argument("entry")) }
}

/// The most that a page of a list holds.
const PAGE: u32 = 200;

/// A page's arguments: where it begins, and how long it is at most.
pub(super) fn paging(cursor: Option<&str>, limit: u32) -> Answer<(Option<Cursor>, usize)> {
    let cursor = cursor.map(|text| Cursor::from_text(text).ok_or(Failure::Argument("cursor")));
    if limit == 0 || limit > PAGE {
        return Err(Failure::Argument("limit"));
    }
    Ok((cursor.transpose()?, limit as usize))
}

/// The present moment as the core reads it.
pub(crate) fn at(reading: &Reading) -> base::Reading {
    reading.into()
}
