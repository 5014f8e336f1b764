//! The column of records: one that follows from its entry is not written, one that was named before is named by its place.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use super::PackError;
use super::number::{Cursor, put};
use crate::base::{BootId, ChainId, Millis, RecordId, Seq};
use crate::log::entry::{Entry, MAX_RECORDS, derive_record};

/// The records column: the list before, and the records seen so far.
pub(super) struct RecordLists {
    chain: ChainId,
    before: Vec<RecordId>,
    seen: Vec<RecordId>,
    index: BTreeMap<RecordId, usize>,
}

impl RecordLists {
    pub(super) fn new(chain: ChainId) -> Self {
        Self { chain, before: Vec::new(), seen: Vec::new(), index: BTreeMap::new() }
    }

    fn remember(&mut self, record: RecordId) {
        let next = self.seen.len();
        if let Slot::Vacant(slot) = self.index.entry(record) {
            slot.insert(next);
            self.seen.push(record);
        }
    }

    pub(super) fn pack(&mut self, out: &mut Vec<u8>, entry: &Entry) {
        let chain = self.chain;
        let derived = |n| derive_record(chain, entry.seq, entry.at, entry.boot, n);
        if self.before == entry.records {
            return put(out, 0);
        }
        if entry.records == [derived(0)] {
            put(out, 1);
            self.remember(derived(0));
        } else {
            put(out, entry.records.len() as u64 + 2);
            let mut n = 0;
            for record in &entry.records {
                if *record == derived(n) {
                    put(out, 1);
                    n += 1;
                } else if let Some(known) = self.index.get(record) {
                    put(out, 2 + *known as u64);
                } else {
                    put(out, 0);
                    out.extend_from_slice(&record.0);
                }
                self.remember(*record);
            }
        }
        self.before.clone_from(&entry.records);
    }

    pub(super) fn unpack(
        &mut self,
        column: &mut Cursor<'_>,
        seq: Seq,
        at: Millis,
        boot: BootId,
    ) -> Result<Vec<RecordId>, PackError> {
        let chain = self.chain;
        let derived = |n| derive_record(chain, seq, at, boot, n);
        let list = match column.len()? {
            0 => return Ok(self.before.clone()),
            1 => {
                self.remember(derived(0));
                vec![derived(0)]
            }
            n if n - 2 > MAX_RECORDS => return Err(PackError("too many records")),
            n => {
                let mut list = Vec::with_capacity(n - 2);
                let mut made = 0;
                for _ in 0..n - 2 {
                    let record = match column.len()? {
                        0 => RecordId(column.fixed()?),
                        1 => {
                            made += 1;
                            derived(made - 1)
                        }
                        known => *self.seen.get(known - 2).ok_or(PackError("a record out of range"))?,
                    };
                    self.remember(record);
                    list.push(record);
                }
                list
            }
        };
        self.before.clone_from(&list);
        Ok(list)
    }
}
