//! What a citation counts for: the live values follow from the set of writes and their citations, forged and dangling ones
//! included, and not from the order in which they are folded.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{BootId, ChainId, Digest, RecordId, Value};
use dutylog_core::log::{BranchMap, Cite, Entry, EntryRef, Op, encode_ops};
use dutylog_core::merge::{Forks, Plan, Register};
use dutylog_core::records::{Cell, FieldId, Kind, Member, handover, incident};
use proptest::prelude::*;

const RECORD: RecordId = RecordId([1; 16]);

/// What a write cites.
#[derive(Debug, Clone, Copy)]
enum Cited {
    /// One of the writes before it.
    Written(usize),
    /// An entry of a chain that nobody has, far ahead.
    Ahead(u8),
    /// A number that is held, with another entry's mark.
    Forged(usize),
}

/// One write: by which chain, of which value, what it cites, and whether it settles.
#[derive(Debug, Clone)]
struct Made {
    chain: u8,
    value: i64,
    cites: Vec<Cited>,
    settles: bool,
}

#[derive(Debug, Clone)]
struct Written {
    by: EntryRef,
    entry: Entry,
}

fn cell(field: FieldId) -> Cell {
    Cell { record: RECORD, field, member: Member::Whole }
}

impl Written {
    fn cite(&self) -> Cite {
        Cite { chain: self.by.chain, seq: self.by.seq, mark: self.by.leaf.mark() }
    }

    fn op(&self) -> (Value, Vec<Cite>) {
        match self.entry.operations().expect("ours").remove(0) {
            Op::Write { value, cites, .. } => (value, cites),
            Op::Add { .. } => unreachable!("only writes are made"),
        }
    }
}

fn write(field: FieldId, seq: u64, made: &Made, cites: Vec<Cite>) -> Written {
    let op = Op::Write { record: 0, field, member: Member::Whole, value: Value::Int(made.value), cites };
    let kind = if made.settles { Kind::ConflictSettled } else { Kind::IncidentDetailed };
    let entry = Entry {
        seq,
        at: 0,
        boot: BootId::default(),
        author: None,
        session: 0,
        records: vec![RECORD],
        kind: kind.code(),
        ops: encode_ops(&[op]),
        statement: None,
        beyond: Vec::new(),
    };
    let by = EntryRef { chain: ChainId([made.chain; 16]), seq, leaf: entry.leaf() };
    Written { by, entry }
}

fn written(field: FieldId, story: &[Made]) -> Vec<Written> {
    let mut all: Vec<Written> = Vec::new();
    let mut heads: BTreeMap<u8, u64> = BTreeMap::new();
    for made in story {
        let cite = |cited: &Cited| match *cited {
            Cited::Written(n) => Some(all.get(n % all.len().max(1))?.cite()),
            Cited::Ahead(chain) => Some(Cite { chain: ChainId([chain; 16]), seq: 1 << 62, mark: [7; 8] }),
            Cited::Forged(n) => Some(Cite { mark: [9; 8], ..all.get(n % all.len().max(1))?.cite() }),
        };
        let cites = made.cites.iter().filter_map(cite).collect();
        let seq = heads.entry(made.chain).or_default();
        *seq += 1;
        all.push(write(field, *seq, made, cites));
    }
    all
}

fn fold<'w>(field: FieldId, order: impl IntoIterator<Item = &'w Written>, forks: &Forks) -> Register {
    let mut cells = BTreeMap::new();
    for written in order {
        let plan = Plan::of(&written.entry).expect("a known kind and field");
        cells.extend(plan.apply(written.by, &cells, forks).cells.into_iter().map(|(c, _, after)| (c, after)));
    }
    cells.remove(&cell(field)).unwrap_or_default()
}

/// The definition: a write lives unless another one of its chain came later, or another cites it by its mark. A settlement of what
/// can only be chosen is none unless it has seen a write with its value.
fn defined(all: &[Written], choose: bool) -> BTreeSet<(ChainId, u64)> {
    let seen = |by: &Written, other: &Written| {
        let own = by.by.chain == other.by.chain && other.by.seq < by.by.seq;
        own || (by.by.chain != other.by.chain && by.op().1.contains(&other.cite()))
    };
    let settles = |w: &&Written| choose && w.entry.kind == Kind::ConflictSettled.code();
    let mut counted: Vec<&Written> = all.iter().filter(|w| !settles(w)).collect();
    let mut open: Vec<&Written> = all.iter().filter(settles).collect();
    let founded = |counted: &[&Written], w: &&Written| {
        counted.iter().any(|other| seen(w, other) && other.op().0 == w.op().0)
    };
    while let Some(n) = open.iter().position(|w| founded(&counted, w)) {
        counted.push(open.remove(n));
    }
    let lives = |w: &&&Written| !counted.iter().any(|by| seen(by, w));
    counted.iter().filter(lives).map(|w| (w.by.chain, w.by.seq)).collect()
}

fn live(register: &Register) -> BTreeSet<(ChainId, u64)> {
    register.versions().iter().map(|v| (v.actor.chain, v.seq)).collect()
}

/// Every order of so few.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let grow = |orders: Vec<Vec<usize>>, next: usize| {
        let insert = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, next);
                longer
            })
        };
        orders.into_iter().flat_map(insert).collect()
    };
    (0..n).fold(vec![vec![]], grow)
}

fn stories() -> impl Strategy<Value = Vec<Made>> {
    let cited = prop_oneof![
        6 => (0..8_usize).prop_map(Cited::Written),
        1 => (1..5_u8).prop_map(Cited::Ahead),
        1 => (0..8_usize).prop_map(Cited::Forged),
    ];
    let made = (1..5_u8, 0..3_i64, prop::collection::vec(cited, 0..4), any::<bool>());
    let made = made.prop_map(|(chain, value, cites, settles)| Made { chain, value, cites, settles });
    prop::collection::vec(made, 1..6)
}

/// A field whose conflicts may be settled with anything, and one whose values can only be chosen.
const FIELDS: [FieldId; 2] = [incident::PLACE.id(), handover::WITHDRAWN.id()];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_order_comes_to_the_same_register_and_to_what_is_defined(story in stories()) {
        for (field, choose) in FIELDS.into_iter().zip([false, true]) {
            let all = written(field, &story);
            let forks = Forks::new();
            let first = fold(field, &all, &forks);
            prop_assert_eq!(live(&first), defined(&all, choose));
            for order in orders(all.len()) {
                let order = order.iter().chain(order.first()).map(|n| &all[*n]);
                prop_assert_eq!(&first, &fold(field, order, &forks));
            }
            let bytes = first.encode(|chain| Ok::<_, ()>(u32::from(chain.0[0]))).expect("numbers for all");
            let again = Register::decode(&bytes, |n| Some(ChainId([u8::try_from(n).expect("small"); 16])));
            prop_assert_eq!(again.as_ref(), Ok(&first));
        }
    }
}

fn made(chain: u8, value: i64, cites: &[Cited]) -> Made {
    Made { chain, value, cites: cites.to_vec(), settles: false }
}

#[test]
fn a_citation_of_what_nobody_wrote_replaces_nothing() {
    let field = FIELDS[0];
    let all =
        written(field, &[made(1, 1, &[]), made(3, 3, &[Cited::Ahead(1), Cited::Forged(0)]), made(1, 2, &[])]);
    let folded = fold(field, &all, &Forks::new());
    assert_eq!(folded.values().collect::<Vec<_>>(), [&Value::Int(2), &Value::Int(3)]);
}

#[test]
fn what_a_replaced_write_had_seen_stays_replaced_in_every_order() {
    let field = FIELDS[0];
    let all = written(
        field,
        &[made(2, 1, &[]), made(1, 2, &[Cited::Written(0)]), made(3, 3, &[Cited::Written(1)])],
    );
    for order in orders(3) {
        let folded = fold(field, order.iter().map(|n| &all[*n]), &Forks::new());
        assert_eq!(folded.values().collect::<Vec<_>>(), [&Value::Int(3)], "{order:?}");
    }
}

#[test]
fn what_is_told_in_somebodys_name_can_only_be_chosen() {
    let field = FIELDS[1];
    let settled =
        |value| Made { chain: 3, value, cites: vec![Cited::Written(0), Cited::Written(1)], settles: true };
    let told = |value| {
        let all = written(field, &[made(1, 1, &[]), made(2, 2, &[]), settled(value)]);
        fold(field, &all, &Forks::new()).values().cloned().collect::<Vec<_>>()
    };
    assert_eq!(told(2), [Value::Int(2)]);
    assert_eq!(told(3), [Value::Int(1), Value::Int(2)]);
}

#[test]
fn on_a_forked_chain_every_order_comes_to_the_same_too() {
    let field = FIELDS[0];
    let mut all = written(field, &[made(1, 1, &[]), made(1, 2, &[]), made(2, 3, &[Cited::Written(1)])]);
    // A copy of the first phone went on beside it.
    let (one, two) = (made(1, 8, &[]), made(1, 9, &[]));
    all.push(write(field, 2, &one, vec![]));
    all.push(write(field, 3, &two, vec![all[2].cite()]));
    let leaf = |n: usize| all[n].by.leaf;
    let (a, b): ([Digest; 2], [Digest; 3]) = ([leaf(0), leaf(1)], [leaf(0), leaf(3), leaf(4)]);
    let map = BranchMap::build([(1, None, &a[..]), (1, None, &b[..])]);
    let forks = Forks::from([(ChainId([1; 16]), map)]);
    let first = fold(field, &all, &forks);
    assert_eq!(first.values().collect::<Vec<_>>(), [&Value::Int(9)]);
    for order in orders(all.len()) {
        assert_eq!(first, fold(field, order.iter().map(|n| &all[*n]), &forks), "{order:?}");
    }
}
