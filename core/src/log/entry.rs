//! The entry, `docs/log-format.md` section 3: one action of one person on one device.

use super::codec::{CodecError, Reader, Writer};
use super::op::{Op, decode_ops};
use crate::base::{BootId, ChainId, Digest, Hasher, Millis, PersonId, RecordId, Seq, Value};

/// Bytes of an entry.
pub const MAX_ENTRY: usize = 64 * 1024;
/// Bytes of an entry's operations.
pub const MAX_OPS: usize = 48 * 1024;
/// Records that one entry may touch.
pub const MAX_RECORDS: usize = 16;

/// One action of one person on one device. Never edited, never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the chain.
    pub seq: Seq,
    /// What the wall clock claimed.
    pub at: Millis,
    /// The boot in which it was made.
    pub boot: BootId,
    /// Who acted; none when the device acted alone, as with the incident button of a locked phone.
    pub author: Option<PersonId>,
    /// The number of the entry that opened the session, or 0.
    pub session: Seq,
    /// The records it touches, in order of first use.
    pub records: Vec<RecordId>,
    /// What kind of action it was, see [`crate::records::Kind`]; unknown numbers come from newer versions.
    pub kind: u16,
    /// The operations, verbatim.
    pub ops: Vec<u8>,
    /// A statement signed by a person's own key.
    pub statement: Option<Vec<u8>>,
    /// Members that a newer version appended: such an entry is opaque to this one, and carried as it is.
    pub beyond: Vec<Value>,
}

/// Which entry: a number in a chain, and which of them if the chain has forked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryRef {
    /// The chain.
    pub chain: ChainId,
    /// The number.
    pub seq: Seq,
    /// The hash.
    pub leaf: Digest,
}

impl Entry {
    /// The canonical bytes, which are what is hashed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let statement = self.statement.as_ref().map_or(0, Vec::len);
        self.to_bytes_in(Vec::with_capacity(72 + 17 * self.records.len() + self.ops.len() + statement))
    }

    /// The same in memory that was used before, whatever it holds.
    pub(crate) fn to_bytes_in(&self, memory: Vec<u8>) -> Vec<u8> {
        let mut w = Writer::reusing(memory);
        w.array(9 + self.beyond.len()).uint(self.seq).int(self.at).bytes(&self.boot.0);
        w.maybe_bytes(self.author.as_ref().map(|p| &p.0[..])).uint(self.session);
        w.array(self.records.len());
        for record in &self.records {
            w.bytes(&record.0);
        }
        w.uint(self.kind.into()).bytes(&self.ops).maybe_bytes(self.statement.as_deref());
        self.beyond.iter().for_each(|value| {
            w.value(value);
        });
        w.finish()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`CodecError`] if they are not canonical or not an entry.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        if bytes.len() > MAX_ENTRY {
            return Err(CodecError::Shape { what: "an entry of at most 64 KiB" });
        }
        let mut r = Reader::new(bytes)?;
        let beyond = r.at_least(9)?;
        Ok(Self {
            seq: r.uint()?,
            at: r.int()?,
            boot: BootId(r.fixed()?),
            author: r.maybe(|r| r.fixed().map(PersonId))?,
            session: r.uint()?,
            records: r.list(|r| r.fixed().map(RecordId))?,
            kind: r.small()?,
            ops: r.bytes()?.to_vec(),
            statement: r.maybe(|r| r.bytes().map(<[u8]>::to_vec))?,
            beyond: r.beyond(beyond)?,
        })
    }

    /// The hash that stands for this entry everywhere.
    #[must_use]
    pub fn leaf(&self) -> Digest {
        leaf_of(&self.to_bytes())
    }

    /// The operations, if this version understands them.
    ///
    /// # Errors
    /// [`CodecError`]: the entry is opaque to this version.
    pub fn operations(&self) -> Result<Vec<Op>, CodecError> {
        decode_ops(&self.ops)
    }

    /// Whether its parts are within the limits of `docs/log-format.md` section 3.
    #[must_use]
    pub fn within_limits(&self) -> bool {
        let distinct = self.records.iter().enumerate().all(|(i, r)| !self.records[..i].contains(r));
        self.ops.len() <= MAX_OPS
            && self.records.len() <= MAX_RECORDS
            && distinct
            && self.seq > 0
            && self.session <= self.seq
    }
}

/// The leaf of an entry's canonical bytes.
#[must_use]
pub fn leaf_of(bytes: &[u8]) -> Digest {
    Hasher::default().with(&[0]).with(bytes).finish()
}

/// The identifier of the `n`-th record that an entry creates (`docs/log-format.md` 3.2).
#[must_use]
pub fn derive_record(chain: ChainId, seq: Seq, at: Millis, boot: BootId, n: u8) -> RecordId {
    let digest = Hasher::tagged("dutylog/record/v1")
        .with(&chain.0)
        .with(&seq.to_be_bytes())
        .with(&at.to_be_bytes())
        .with(&boot.0)
        .with(&[n])
        .finish();
    let mut id = [0; 16];
    id.copy_from_slice(&digest.0[..16]);
    RecordId(id)
}
