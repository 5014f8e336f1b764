//! Learning what judgement leans on from what is stored: devices, HQ's chains, sessions, entries that wait.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::chains::Chains;
use super::columns::key;
use super::error::StoreError;
use super::memory::Memory;
use super::rows::{self, NotCounted, entry_ref};
use super::{segments, tail};
use crate::base::{ChainId, Digest, KeyId, RecordId};
use crate::log::{Entry, EntryRef, Header, Role, Segment, decode_value, leaf_of};
use crate::merge::{Addition, Rejudge, Verdict};
use crate::records::FieldId;
use crate::records::chain::{HELD_REVIEWED, SESSION_OPENED};

/// Learns everything at opening.
pub(super) fn from_rows(db: &Connection, memory: &mut Memory) -> Result<(), StoreError> {
    // HQ's first entries certify the devices that wrote the others.
    let mut learnt = BTreeSet::new();
    while devices(db, memory)? {
        headquarters(db, memory, &mut learnt)?;
    }
    sessions(db, memory)?;
    for (header, by, entry) in waiting_rows(db, &memory.chains)? {
        memory.knowledge.judge(&header, by, &entry);
    }
    Ok(())
}

/// Learns whose device each chain is; true if any became known now.
pub(super) fn devices(db: &Connection, memory: &mut Memory) -> Result<bool, StoreError> {
    let mut any = false;
    for chain in memory.chains.iter() {
        if memory.knowledge.device(chain.id).is_some() {
            continue;
        }
        if let Some(bytes) = &chain.certificate {
            memory.knowledge.certify(bytes);
        }
        let Some(device) = signer(db, chain.n, chain.certificate.as_deref())? else { continue };
        if let Some(device) = memory.knowledge.trust().get(device).cloned() {
            memory.knowledge.learn_device(chain.id, &device);
            any = true;
        }
    }
    Ok(any)
}

/// The key that seals a chain.
pub(super) fn signer(
    db: &Connection,
    chain: u32,
    certificate: Option<&[u8]>,
) -> Result<Option<KeyId>, StoreError> {
    if let Some(bytes) = certificate {
        return Ok(Some(KeyId(Digest::of(bytes).mark())));
    }
    let mut select = db.prepare_cached("SELECT key FROM segments WHERE chain = ?1 ORDER BY first LIMIT 1")?;
    match select.query_row([chain], |row| key(row, 0)).optional()? {
        Some(found) => Ok(Some(found)),
        None => super::told::signer(db, chain),
    }
}

/// Learns HQ's chains from their entries; what they wrote by number and time, and what counts of it.
fn headquarters(db: &Connection, memory: &mut Memory, learnt: &mut BTreeSet<u32>) -> Result<(), StoreError> {
    let ours = memory.chains.iter().filter(|c| headquarters_wrote(memory, c.id));
    let chains: Vec<u32> = ours.map(|c| c.n).collect();
    for chain in chains.into_iter().filter(|chain| learnt.insert(*chain)) {
        segments::each_from(db, chain, 0, |stored| {
            for (header, by, entry) in entries_in(&stored.segment)? {
                entry_again(memory, &header, by, &entry);
            }
            Ok(true)
        })?;
    }
    Ok(())
}

fn headquarters_wrote(memory: &Memory, chain: ChainId) -> bool {
    memory.knowledge.device(chain).is_some_and(|device| device.claims.role == Role::Headquarters)
}

/// Learns what an entry teaches, by what is known now; its rows are left alone. Says what must be judged again because of it.
pub(super) fn entry_again(memory: &mut Memory, header: &Header, by: EntryRef, entry: &Entry) -> Vec<Rejudge> {
    let added = match memory.knowledge.judge(header, by, entry) {
        Verdict::Counts(plan) => Some(plan.apply(by, &BTreeMap::new(), memory.knowledge.forks()).additions),
        _ => None,
    };
    memory.knowledge.learn(by, entry.at, added.as_deref())
}

/// Learns the sessions that were opened and what was decided at the site about held entries, from the rows of the sets they are in.
fn sessions(db: &Connection, memory: &mut Memory) -> Result<(), StoreError> {
    let chains: Vec<_> = memory.chains.iter().map(|c| c.id).collect();
    for chain in chains {
        let id = crate::merge::chain_record(chain);
        let Some(record) = rows::record(db, id)? else { continue };
        let mut select = db.prepare_cached(
            "SELECT chain, seq, leaf, n, value, field FROM additions WHERE record = ?1 AND field IN (?2, ?3)",
        )?;
        let fields = [SESSION_OPENED.id(), HELD_REVIEWED.id()];
        let mut found = select.query(rusqlite::params![record.n, fields[0].0, fields[1].0])?;
        while let Some(row) = found.next()? {
            let by = entry_ref(row, &memory.chains)?;
            let value = decode_value(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?)?;
            let addition = Addition { record: id, field: FieldId(row.get(5)?), by, n: row.get(3)?, value };
            // HQ's own were learnt with all else that it wrote.
            if !headquarters_wrote(memory, by.chain) {
                memory.knowledge.learn(by, 0, Some(&[addition]));
            }
        }
        for (header, by, entry) in held_rows(db, &memory.chains, record.n)? {
            memory.knowledge.judge(&header, by, &entry);
        }
    }
    Ok(())
}

/// The entries about a record that are kept and do not count, held ones among them: sessions that were opened after a cut.
fn held_rows(db: &Connection, chains: &Chains, record: i64) -> Result<Vec<Found>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT DISTINCT chain, seq, leaf FROM uncounted WHERE record = ?1 AND verdict IN (?2, ?3)",
    )?;
    let verdicts = [NotCounted::Held as i64, NotCounted::Refused as i64];
    let mut found = select.query(rusqlite::params![record, verdicts[0], verdicts[1]])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let by = entry_ref(row, chains)?;
        all.extend(entry(db, chains, by)?);
    }
    Ok(all)
}

/// The entries whose rows say that they wait, with their headers.
pub(super) fn waiting_rows(db: &Connection, chains: &Chains) -> Result<Vec<Found>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT DISTINCT chain, seq, leaf FROM uncounted WHERE verdict = ?1 ORDER BY chain, seq, leaf",
    )?;
    let mut found = select.query([NotCounted::Waits as i64])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let by = entry_ref(row, chains)?;
        all.extend(entry(db, chains, by)?);
    }
    Ok(all)
}

/// An entry by its name, with the header of its segment.
pub(super) fn entry(db: &Connection, chains: &Chains, by: EntryRef) -> Result<Option<Found>, StoreError> {
    let Some(chain) = chains.number(by.chain) else { return Ok(None) };
    let mut found = None;
    segments::each_from(db, chain, by.seq, |stored| {
        let header = stored.segment.header;
        let bytes = by
            .seq
            .checked_sub(header.first)
            .and_then(|i| stored.segment.entries.get(usize::try_from(i).ok()?));
        if let Some(bytes) = bytes.filter(|bytes| leaf_of(bytes) == by.leaf) {
            found = Some((header.clone(), by, Entry::from_bytes(bytes)?));
        }
        Ok(found.is_none() && header.first <= by.seq)
    })?;
    if found.is_none() {
        found = tail::entries(db, chains)?.into_iter().find(|(_, at, _)| *at == by);
    }
    Ok(found)
}

/// An entry with its name and the header of its segment.
pub(super) type Found = (Header, EntryRef, Entry);

/// The entries of a stored segment.
pub(super) fn entries_in(segment: &Segment) -> Result<Vec<Found>, StoreError> {
    let found = |bytes: &Vec<u8>| {
        let entry = Entry::from_bytes(bytes)?;
        let by = EntryRef { chain: segment.header.chain, seq: entry.seq, leaf: leaf_of(bytes) };
        Ok((segment.header.clone(), by, entry))
    };
    segment.entries.iter().map(found).collect()
}

/// The entries of a chain from a number on, sealed and open, in order.
pub(super) fn entries_from(
    db: &Connection,
    chains: &Chains,
    from: Rejudge,
) -> Result<Vec<Found>, StoreError> {
    let mut all = Vec::new();
    if let Some(chain) = chains.number(from.chain) {
        segments::each_from(db, chain, from.from, |stored| {
            all.extend(entries_in(&stored.segment)?);
            Ok(true)
        })?;
    }
    all.extend(tail::entries(db, chains)?);
    all.retain(|(_, by, _)| by.chain == from.chain && by.seq >= from.from);
    Ok(all)
}

/// The entries about a record, sealed and open, in the order they came.
pub(super) fn entries_of(
    db: &Connection,
    chains: &Chains,
    record: i64,
    id: RecordId,
) -> Result<Vec<Found>, StoreError> {
    let mut select =
        db.prepare_cached("SELECT segment FROM record_segments WHERE record = ?1 ORDER BY segment")?;
    let numbers = select.query_map([record], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut all = Vec::new();
    for n in numbers {
        if let Some(stored) = segments::by_row(db, n)? {
            all.extend(entries_in(&stored.segment)?);
        }
    }
    all.extend(tail::entries(db, chains)?);
    all.retain(|(_, _, entry)| entry.records.contains(&id));
    Ok(all)
}
