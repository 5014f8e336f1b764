//! What must hold once everybody has heard of everything.

mod shown;

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, RecordId, Seq};
use dutylog_core::log::{Entry, EntryRef};

use super::met::Hazard;
use super::{Fleet, model};
use shown::{Verdicts, of_phone, of_server, uncounted_on_phone, verdicts};

/// Every entry of the server's log, once.
type Entries = BTreeMap<EntryRef, Entry>;

/// Checks everything.
///
/// # Panics
/// If something does not hold.
pub fn all(fleet: &mut Fleet) {
    fleet.server.fold();
    let entries = entries(fleet);
    let verdicts = verdicts(&fleet.server.database());
    nothing_is_lost_or_doubled(fleet, &entries, &verdicts);
    chains_have_no_gaps(&entries);
    forks_are_those_injected(fleet, &entries);
    note_forks(fleet);
    everybody_shows_the_same(fleet, &entries, &verdicts);
    rebuilding_changes_nothing(fleet, &entries);
    // The desk's own boot is from the system's entropy: its entries are other ones in every run, and no part of the story.
    for acked in &fleet.journal {
        fleet.trace.tell(format_args!("{} {} {:?}", acked.by.seq, acked.by.leaf, verdicts[&acked.by]));
    }
    fleet.trace.tell(format_args!("{} entries", entries.len()));
}

fn entries(fleet: &Fleet) -> Entries {
    let mut all = Entries::new();
    for stored in fleet.server.log() {
        let chain = stored.segment.header.chain;
        let decoded = stored.segment.decode().expect("the log's entries can be read");
        for (entry, leaf) in decoded.into_iter().zip(stored.segment.leaves()) {
            all.insert(EntryRef { chain, seq: entry.seq, leaf }, entry);
        }
    }
    all
}

/// What was called saved is in the server's log and on every phone, and counted once.
fn nothing_is_lost_or_doubled(fleet: &mut Fleet, entries: &Entries, verdicts: &Verdicts) {
    for acked in &fleet.journal {
        assert!(entries.contains_key(&acked.by), "lost at the server: {acked:?}");
        for device in &mut fleet.phones {
            let store = device.app().store();
            let held = store.entry(acked.by).expect("a store that answers").is_some();
            let told = store.told(acked.by.chain).is_some_and(|seq| acked.by.seq <= seq);
            assert!(held || told, "phone {} lacks {acked:?}", device.number);
        }
    }
    for (by, (rows, _)) in verdicts {
        assert_eq!(*rows, 1, "an entry stands in the views {rows} times: {by:?}");
    }
    assert!(entries.keys().eq(verdicts.keys()), "the views do not have what the log has");
    assert_eq!(fleet.server.set_aside(), 0, "what honest phones sent was set aside");
}

fn chains_have_no_gaps(entries: &Entries) {
    let mut numbers: BTreeMap<ChainId, BTreeSet<Seq>> = BTreeMap::new();
    for by in entries.keys() {
        numbers.entry(by.chain).or_default().insert(by.seq);
    }
    for (chain, numbers) in numbers {
        assert!(numbers.iter().copied().eq(1..=numbers.len() as Seq), "chain {chain} has gaps");
    }
}

/// Exactly the copied chains have forked, where they were copied; both branches are held.
fn forks_are_those_injected(fleet: &Fleet, entries: &Entries) {
    assert_eq!(fleet.server.forks(), fleet.copied, "forks reported and forks injected");
    let mut leaves: BTreeMap<(ChainId, Seq), usize> = BTreeMap::new();
    entries.keys().for_each(|by| *leaves.entry((by.chain, by.seq)).or_default() += 1);
    let mut differ: BTreeMap<ChainId, Seq> = BTreeMap::new();
    for ((chain, seq), _) in leaves.into_iter().filter(|(_, n)| *n > 1) {
        differ.entry(chain).or_insert(seq);
    }
    assert_eq!(differ, fleet.copied, "chains that differ from themselves and forks injected");
}

/// The forks that were just found to be reported.
fn note_forks(fleet: &mut Fleet) {
    for chain in fleet.server.forks().keys() {
        fleet.met.note(Hazard::ForkReported);
        fleet.met.note_if(fleet.shared_tails.contains(chain), Hazard::OpenTailForked);
    }
}

/// Phones, server and the plain definition agree on every record.
fn everybody_shows_the_same(fleet: &mut Fleet, entries: &Entries, verdicts: &Verdicts) {
    let database = fleet.server.database();
    let records: BTreeSet<RecordId> = entries.values().flat_map(|e| e.records.iter().copied()).collect();
    let uncounted: BTreeMap<_, _> =
        verdicts.iter().filter(|(_, (_, v))| *v != 0).map(|(by, (_, v))| (*by, *v)).collect();
    for device in &mut fleet.phones {
        let number = device.number;
        let theirs = uncounted_on_phone(device.app(), &records);
        assert_eq!(theirs, uncounted, "what does not count on phone {number} and at the server");
    }
    for record in &records {
        let at_hq = of_server(&database, *record);
        for device in &mut fleet.phones {
            let theirs = of_phone(device.app(), *record);
            assert_eq!(theirs, at_hq, "record {record} on phone {} and at the server", device.number);
        }
    }
    let forked = fleet.copied.keys().copied().collect();
    let counted = entries.iter().filter(|(by, _)| !uncounted.contains_key(by)).map(|(by, e)| (*by, e));
    for (cell, live) in model::live_values(counted, &forked) {
        let held = shown::live_on_phone(fleet.phones[0].app(), cell);
        assert_eq!(held, live, "the live values of {cell:?}");
    }
}

/// What is derived from the log comes out the same when it is derived again.
fn rebuilding_changes_nothing(fleet: &mut Fleet, entries: &Entries) {
    let [live, rebuilt] = fleet.server.dumps();
    let differs = live.lines().zip(rebuilt.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "the server's views, live and rebuilt");
    assert_eq!(live.len(), rebuilt.len(), "the server's views, live and rebuilt");
    let records: BTreeSet<RecordId> = entries.values().flat_map(|e| e.records.iter().copied()).collect();
    for device in &mut fleet.phones {
        let number = device.number;
        let app = device.app();
        let before: Vec<_> = records.iter().map(|r| of_phone(app, *r)).collect();
        app.store_mut().rebuild().expect("rebuilt");
        let after: Vec<_> = records.iter().map(|r| of_phone(app, *r)).collect();
        assert_eq!(before, after, "phone {number}, live and rebuilt");
    }
}
