//! The signed log: entries, segments, chains, certificates, receipts. `docs/log-format.md` is the definition.

pub mod branch;
mod certificate;
mod codec;
mod entries;
mod entry;
mod handover;
mod holdings;
mod keys;
mod link;
mod memory;
pub mod merkle;
mod op;
pub mod pack;
mod private;
mod proof;
mod receipt;
mod seal;
mod segment;
mod statement;

pub use branch::{BranchMap, Label, TRUNK};
pub use certificate::{Certificate, Claims, Role, SUITE, Trust};
pub use codec::{CodecError, Reader, Writer, decode_value, encode_value, scan};
pub use entries::Entries;
pub use entry::{Entry, EntryRef, MAX_ENTRY, MAX_OPS, MAX_RECORDS, derive_record, leaf_of};
pub use handover::{FrozenItem, HandoverDocument, OpenItem};
pub use holdings::{Absorbed, Arrival, Holdings, Pulled, TakenOver, Unsent};
pub use keys::{KeyStore, KeyStoreError, SoftKeys};
pub use link::{Held, Link, diverges_at, link};
pub use memory::{MAX_PENDING, MemoryError, MemoryLog};
pub use merkle::{Head, Peaks, SiteRoot};
pub use op::{Cite, MAX_CITES, Op, check_ops, decode_ops, encode_ops};
pub use private::Private;
pub use proof::{Claim, Proof, ProofError, Proved, Proven, Shown};
pub use receipt::{Checkpoint, Receipt};
pub use seal::{Envelope, EnvelopeKind, PublicKey, SealError, SecretKey, Signature};
pub use segment::{
    ClockEvidence, ConfigCite, Header, MAX_SEEN, MAX_SEGMENT, Quality, Segment, SegmentError, genesis,
};
pub use statement::{Purpose, Statement, session_digest, statement_digest, text_digest};
