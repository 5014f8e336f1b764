//! The signed log: entries, segments, chains, certificates, receipts. `docs/log-format.md` is the definition.

mod codec;
mod entry;
mod op;

pub use codec::{CodecError, Reader, Writer, decode_value, encode_value, scan};
pub use entry::{Entry, EntryRef, MAX_ENTRY, MAX_OPS, MAX_RECORDS, derive_record, leaf_of};
pub use op::{Cite, MAX_CITES, Op, decode_ops, encode_ops};
