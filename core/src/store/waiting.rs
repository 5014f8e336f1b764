//! How far what was recorded has come: on this phone alone, sent, or confirmed by headquarters' receipt.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;

use super::Store;
use super::error::StoreError;
use super::outbox::unconfirmed;
use super::{segments, tail};
use crate::base::{ChainId, Millis, RecordId, Seq};
use crate::log::{CodecError, Entry, EntryRef, Reader, Writer};

/// Where it is noted how much was sent.
const SENT: &str = "sent";

/// How far an entry has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// It is saved on this phone, and was not sent yet.
    Here,
    /// It was sent, and no receipt has come.
    Sent,
    /// Headquarters holds it: a receipt or its place in the site's log says so.
    Received,
}

/// How much of each chain was sent, whatever became of it.
pub type SentUpTo = BTreeMap<ChainId, Seq>;

impl Store {
    /// The records about which headquarters lacks something, with how far the last of that has come.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn waiting(&self) -> Result<BTreeMap<RecordId, Delivery>, StoreError> {
        let mut waiting = BTreeMap::new();
        self.each_unconfirmed(|entry, delivery| {
            for record in &entry.records {
                let known = waiting.entry(*record).or_insert(delivery);
                *known = delivery.min(*known);
            }
        })?;
        Ok(waiting)
    }

    /// How far one entry has come.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn delivery(&self, by: EntryRef) -> Result<Delivery, StoreError> {
        let mut found = Delivery::Received;
        self.each_unconfirmed_of(Some(by.chain), |entry, delivery| {
            if entry.seq == by.seq {
                found = delivery;
            }
        })?;
        Ok(found)
    }

    /// When headquarters signed its newest receipt, by its own clock.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn last_receipt(&self) -> Result<Option<Millis>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT max(received) FROM receipts")?;
        Ok(select.query_row((), |row| row.get(0)).optional()?.flatten())
    }

    /// Notes that segments up to these entries were sent.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn note_sent(&mut self, sent: impl IntoIterator<Item = (ChainId, Seq)>) -> Result<(), StoreError> {
        let mut noted = self.sent()?;
        let before = noted.clone();
        for (chain, seq) in sent {
            let up_to = noted.entry(chain).or_default();
            *up_to = seq.max(*up_to);
        }
        if noted == before { Ok(()) } else { self.set_setting(SENT, &write(&noted)) }
    }

    fn sent(&self) -> Result<SentUpTo, StoreError> {
        let noted = self.setting(SENT)?;
        // What a newer version noted otherwise is not known to have been sent.
        Ok(noted.and_then(|bytes| read(&bytes).ok()).unwrap_or_default())
    }

    fn each_unconfirmed(&self, each: impl FnMut(&Entry, Delivery)) -> Result<(), StoreError> {
        self.each_unconfirmed_of(None, each)
    }

    fn each_unconfirmed_of(
        &self,
        only: Option<ChainId>,
        mut each: impl FnMut(&Entry, Delivery),
    ) -> Result<(), StoreError> {
        let sent = self.sent()?;
        let wanted = |chain: ChainId| only.is_none_or(|only| only == chain);
        for chain in self.memory.chains.iter().filter(|chain| wanted(chain.id)) {
            let up_to = sent.get(&chain.id).copied().unwrap_or_default();
            for n in unconfirmed(&self.db, chain)? {
                let Some(stored) = segments::by_row(&self.db, n)? else { continue };
                for entry in stored.segment.decode()?.iter() {
                    each(entry, if entry.seq <= up_to { Delivery::Sent } else { Delivery::Here });
                }
            }
        }
        for (_, by, entry) in tail::entries(&self.db, &self.memory.chains)? {
            if wanted(by.chain) {
                each(&entry, Delivery::Here);
            }
        }
        Ok(())
    }
}

fn write(sent: &SentUpTo) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(sent.len());
    for (chain, seq) in sent {
        w.array(2).bytes(&chain.0).uint(*seq);
    }
    w.finish()
}

fn read(bytes: &[u8]) -> Result<SentUpTo, CodecError> {
    let pairs = Reader::new(bytes)?.list(|r| {
        r.array(2)?;
        Ok((ChainId(r.fixed()?), r.uint()?))
    })?;
    Ok(pairs.into_iter().collect())
}
