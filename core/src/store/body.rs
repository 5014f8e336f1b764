//! How a segment's entries lie on disk: packed, and compressed where that is shorter.

use std::cell::RefCell;

use zstd::bulk::Compressor;

use super::error::StoreError;
use crate::log::pack::{Frame, pack, unpack};
use crate::log::{Entries, Entry, Header, MAX_ENTRY, MAX_SEGMENT};

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
const LEVEL: i32 = 3;

fn frame(header: &Header) -> Frame {
    Frame { chain: header.chain, first: header.first, wall: header.clock.wall, boot: header.clock.boot }
}

thread_local! {
    /// To make one takes longer than to compress a segment.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::new(Compressor::new(LEVEL).ok());
}

/// Packs entries.
pub(super) fn encode(header: &Header, entries: &[Entry]) -> Vec<u8> {
    let packed = pack(frame(header), entries);
    let short = COMPRESSOR.with_borrow_mut(|compressor| compressor.as_mut()?.compress(&packed).ok());
    match short.filter(|short| short.len() < packed.len()) {
        Some(short) => [&[ZSTD], &short[..]].concat(),
        None => [&[PLAIN], &packed[..]].concat(),
    }
}

/// The entries, and how long they are packed.
pub(super) fn decode(header: &Header, body: &[u8]) -> Result<(Entries, usize), StoreError> {
    let packed = match body.split_first() {
        Some((&PLAIN, packed)) => packed.to_vec(),
        Some((&ZSTD, short)) => zstd::bulk::decompress(short, MAX_ENTRY * MAX_SEGMENT)
            .map_err(|error| StoreError::damaged(format!("a segment's body: {error}")))?,
        _ => return Err(StoreError::damaged("a segment's body of unknown form")),
    };
    let entries = unpack(frame(header), header.count, &packed)
        .map_err(|error| StoreError::damaged(format!("a segment's body: {error}")))?;
    Ok((entries.into(), packed.len()))
}
