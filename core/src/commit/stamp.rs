//! From an intent to an entry: who, when, which number, and what it has seen.

use std::collections::BTreeMap;

use crate::base::{BootId, ChainId, Millis, PersonId, RecordId, Seq};
use crate::capture::{Change, Intent, Target, ToSign};
use crate::log::{Entry, MAX_ENTRY, MAX_OPS, MAX_RECORDS, Op, Statement, derive_record, encode_ops};
use crate::merge::Register;
use crate::records::{Cell, Kind};

/// Where and when an entry is made, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The chain it is appended to.
    pub chain: ChainId,
    /// Its number: the chain's last plus one.
    pub seq: Seq,
    /// What the wall clock claims.
    pub at: Millis,
    /// The boot.
    pub boot: BootId,
    /// Who acts; none for the device alone.
    pub author: Option<PersonId>,
    /// The entry that opened the session, or 0.
    pub session: Seq,
}

/// An action too large for one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the entry is larger than 64 KiB, or touches more than 16 records")]
pub struct TooLarge;

/// An intent whose records have their names: what is left to know is what its cells hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    stamp: Stamp,
    kind: Kind,
    records: Vec<RecordId>,
    changes: Vec<(u8, Change)>,
    to_sign: Option<ToSign>,
}

impl Stamped {
    /// Gives an intent its place.
    ///
    /// # Errors
    /// [`TooLarge`] if it touches more records than an entry may.
    pub fn new(intent: Intent, stamp: Stamp) -> Result<Self, TooLarge> {
        let mut records = Vec::new();
        let mut changes = Vec::with_capacity(intent.changes.len());
        for change in intent.changes {
            let (Change::Write(target, ..) | Change::Add(target, ..)) = &change;
            let record = match target {
                Target::Known(record) => *record,
                Target::New(n) => derive_record(stamp.chain, stamp.seq, stamp.at, stamp.boot, *n),
            };
            let index = records.iter().position(|r| *r == record).unwrap_or_else(|| {
                records.push(record);
                records.len() - 1
            });
            changes.push((u8::try_from(index).map_err(|_| TooLarge)?, change));
        }
        if records.len() > MAX_RECORDS {
            return Err(TooLarge);
        }
        Ok(Self { stamp, kind: intent.kind, records, changes, to_sign: intent.to_sign })
    }

    /// The records it touches, by name.
    #[must_use]
    pub fn records(&self) -> &[RecordId] {
        &self.records
    }

    /// The cells it replaces; their registers are needed for the citations.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.changes.iter().filter_map(|(index, change)| match change {
            Change::Write(_, field, member, _) => {
                Some(Cell { record: self.records[usize::from(*index)], field: *field, member: *member })
            }
            Change::Add(..) => None,
        })
    }

    /// What the person's key is to sign.
    #[must_use]
    pub fn statement(&self) -> Option<Statement> {
        self.to_sign.as_ref().map(|to_sign| Statement {
            purpose: to_sign.purpose,
            digest: to_sign.digest,
            chain: self.stamp.chain,
            seq: self.stamp.seq,
            details: to_sign.details.clone(),
        })
    }

    /// The entry.
    ///
    /// # Errors
    /// [`TooLarge`]
    pub fn entry(
        self,
        cells: &BTreeMap<Cell, Register>,
        statement: Option<Vec<u8>>,
    ) -> Result<Entry, TooLarge> {
        let ops: Vec<Op> =
            self.changes.iter().map(|(index, change)| self.op(*index, change, cells)).collect();
        let entry = Entry {
            seq: self.stamp.seq,
            at: self.stamp.at,
            boot: self.stamp.boot,
            author: self.stamp.author,
            session: self.stamp.session,
            records: self.records,
            kind: self.kind.code(),
            ops: encode_ops(&ops),
            statement,
            beyond: Vec::new(),
        };
        let fits = entry.ops.len() <= MAX_OPS && entry.to_bytes().len() <= MAX_ENTRY;
        if fits { Ok(entry) } else { Err(TooLarge) }
    }

    fn op(&self, record: u8, change: &Change, cells: &BTreeMap<Cell, Register>) -> Op {
        match change {
            Change::Write(_, field, member, value) => {
                let cell = Cell { record: self.records[usize::from(record)], field: *field, member: *member };
                let cites = cells.get(&cell).map(|r| r.cites_for(self.stamp.chain)).unwrap_or_default();
                Op::Write { record, field: *field, member: *member, value: value.clone(), cites }
            }
            Change::Add(_, field, value) => Op::Add { record, field: *field, value: value.clone() },
        }
    }
}
