//! What phones and server show of a record, in one form that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Digest, RecordId, Seq};
use dutylog_core::companion::Companion;
use dutylog_core::log::{EntryRef, encode_value};
use dutylog_core::merge::{Lookup as _, Register, Summary};
use dutylog_core::records::{Cell, Member};
use rusqlite::Connection;

/// What is shown of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    summary: Option<Summary>,
    cells: BTreeMap<(u16, Vec<u8>), Register>,
    additions: BTreeSet<(u16, EntryRef, u32, Vec<u8>)>,
}

/// Each entry of the views: how many rows it has, and its verdict.
pub(super) type Verdicts = BTreeMap<EntryRef, (usize, i64)>;

/// Of a phone.
pub(super) fn of_phone(app: &Companion, id: RecordId) -> Shown {
    let reader = app.store().reader();
    let state = reader.record(id).expect("a record");
    let summary = reader.summary(id).expect("a summary");
    Shown {
        // A record of which nothing counts is no record.
        summary: summary.filter(|_| !state.cells.is_empty() || !state.additions.is_empty()),
        cells: state.cells.into_iter().map(|((f, m), register)| ((f.0, member(m)), register)).collect(),
        additions: state
            .additions
            .into_iter()
            .map(|a| (a.field.0, a.by, u32::from(a.n), encode_value(&a.value)))
            .collect(),
    }
}

/// The entries whose values of a cell live, on a phone.
pub(super) fn live_on_phone(app: &Companion, cell: Cell) -> BTreeSet<(ChainId, Seq)> {
    let register = app.store().reader().register(&cell).expect("a register");
    register.versions().iter().map(|v| (v.actor.chain, v.seq)).collect()
}

/// The entries that do not count on a phone.
pub(super) fn uncounted_on_phone(app: &Companion, records: &BTreeSet<RecordId>) -> BTreeMap<EntryRef, i64> {
    let of = |id: &RecordId| app.store().reader().uncounted(*id).expect("an answer");
    records.iter().flat_map(of).map(|u| (u.by, u.verdict as i64)).collect()
}

/// Every entry's verdict at the server.
pub(super) fn verdicts(db: &Connection) -> Verdicts {
    let mut all = Verdicts::new();
    let mut select = db.prepare("SELECT chain, seq, leaf, verdict FROM view_entries").expect("a table");
    let mut rows = select.query(()).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let by = EntryRef {
            chain: ChainId(row.get(0).expect("a chain")),
            seq: row.get::<_, i64>(1).expect("a number").cast_unsigned(),
            leaf: Digest(row.get(2).expect("a leaf")),
        };
        let kept = all.entry(by).or_insert((0, 0));
        *kept = (kept.0 + 1, row.get(3).expect("a verdict"));
    }
    all
}

/// Of the server's views.
pub(super) fn of_server(db: &Connection, id: RecordId) -> Shown {
    let mut shown = Shown { summary: None, cells: BTreeMap::new(), additions: BTreeSet::new() };
    each(db, "SELECT summary FROM view_records WHERE record = ?1", id, |row| {
        let bytes: Vec<u8> = row.get(0).expect("bytes");
        shown.summary = Some(Summary::decode(&bytes).expect("a summary"));
    });
    each(db, "SELECT field, member, value FROM view_cells WHERE record = ?1", id, |row| {
        let register = register(&row.get::<_, Vec<u8>>(2).expect("bytes"));
        shown.cells.insert((row.get(0).expect("a field"), row.get(1).expect("a member")), register);
    });
    let additions = "SELECT field, chain, seq, leaf, n, value FROM view_additions WHERE record = ?1";
    each(db, additions, id, |row| {
        let by = EntryRef {
            chain: ChainId(row.get(1).expect("a chain")),
            seq: row.get::<_, i64>(2).expect("a number").cast_unsigned(),
            leaf: Digest(row.get(3).expect("a leaf")),
        };
        let value = row.get(5).expect("a value");
        shown.additions.insert((row.get(0).expect("a field"), by, row.get(4).expect("a place"), value));
    });
    shown
}

fn each(db: &Connection, sql: &str, id: RecordId, mut take: impl FnMut(&rusqlite::Row<'_>)) {
    let mut select = db.prepare_cached(sql).expect("a table");
    let mut rows = select.query([id.0]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        take(row);
    }
}

/// Reads the row form of the server: how many chains in two bytes, each of them, the register.
fn register(bytes: &[u8]) -> Register {
    let (count, rest) = bytes.split_first_chunk().expect("a number of chains");
    let (chains, body) = rest.split_at(usize::from(u16::from_be_bytes(*count)) * ChainId::LEN);
    let (chains, _) = chains.as_chunks::<{ ChainId::LEN }>();
    let chain = |n: u32| chains.get(usize::try_from(n).ok()?).copied().map(ChainId);
    Register::decode(body, chain).expect("a register")
}

fn member(member: Member) -> Vec<u8> {
    match member {
        Member::Whole => Vec::new(),
        Member::Number(n) => n.to_be_bytes().to_vec(),
        Member::Id(id) => id.to_vec(),
    }
}
