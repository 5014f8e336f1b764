//! The laws of the fold: the same entries give the same state, in any order, however often, forked or not.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{BootId, ChainId, Digest, RecordId, Value};
use dutylog_core::log::{BranchMap, Entry, EntryRef, Op, encode_ops};
use dutylog_core::merge::{Forks, Plan, Register};
use dutylog_core::records::{Cell, Kind, Member, incident};
use proptest::prelude::*;

const RECORD: RecordId = RecordId([1; 16]);
const CELL: Cell = Cell { record: RECORD, field: incident::PLACE.id(), member: Member::Whole };

/// One participant: what it holds, and its own chain.
#[derive(Clone, Default)]
struct Replica {
    chain: ChainId,
    held: BTreeMap<EntryRef, (Entry, Option<Digest>)>,
    tail: Vec<Digest>,
}

impl Replica {
    fn new(n: u8) -> Self {
        Self { chain: ChainId([n; 16]), ..Self::default() }
    }

    fn write(&mut self, text: &str) {
        let register = self.fold(|_| true);
        let op = Op::Write {
            record: 0,
            field: CELL.field,
            member: CELL.member,
            value: Value::from(text),
            cites: register.cites_for(self.chain),
        };
        let entry = Entry {
            seq: self.tail.len() as u64 + 1,
            at: 0,
            boot: BootId::default(),
            author: None,
            session: 0,
            records: vec![RECORD],
            kind: Kind::IncidentDetailed.code(),
            ops: encode_ops(&[op]),
            statement: None,
            beyond: Vec::new(),
        };
        let by = EntryRef { chain: self.chain, seq: entry.seq, leaf: entry.leaf() };
        self.held.insert(by, (entry, self.tail.last().copied()));
        self.tail.push(by.leaf);
    }

    fn forks(&self) -> Forks {
        let mut chains: BTreeMap<ChainId, Vec<(EntryRef, Option<Digest>)>> = BTreeMap::new();
        for (by, (_, before)) in &self.held {
            chains.entry(by.chain).or_default().push((*by, *before));
        }
        let map = |entries: Vec<(EntryRef, Option<Digest>)>| {
            BranchMap::build(
                entries.iter().map(|(by, before)| (by.seq, *before, std::slice::from_ref(&by.leaf))),
            )
        };
        chains
            .into_iter()
            .map(|(chain, entries)| (chain, map(entries)))
            .filter(|(_, m)| m.fork().is_some())
            .collect()
    }

    /// Folds what is held in an order that `pick` may choose to reverse or repeat.
    fn fold(&self, forward: impl Fn(usize) -> bool) -> Register {
        let forks = self.forks();
        let mut order: Vec<_> = self.held.iter().collect();
        if !forward(0) {
            order.reverse();
        }
        let mut cells = BTreeMap::new();
        for (by, (entry, _)) in order.iter().chain(order.iter().filter(|_| !forward(1))) {
            let plan = Plan::of(entry).expect("a known kind and field");
            for (cell, _, after) in plan.apply(**by, &cells, &forks).cells {
                cells.insert(cell, after);
            }
        }
        cells.remove(&CELL).unwrap_or_default()
    }

    fn hear(&mut self, other: &Self) {
        self.held.extend(other.held.iter().map(|(k, v)| (*k, v.clone())));
    }
}

#[derive(Debug, Clone)]
enum Step {
    Write(usize, u8),
    Hear(usize, usize),
    /// One becomes a copy of another and goes on with its chain.
    Clone(usize, usize),
}

fn steps(forking: bool) -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        4 => (0..4_usize, any::<u8>()).prop_map(|(i, v)| Step::Write(i, v)),
        3 => (0..4_usize, 0..4_usize).prop_map(|(a, b)| Step::Hear(a, b)),
        u32::from(forking) => (0..4_usize, 0..4_usize).prop_map(|(a, b)| Step::Clone(a, b)),
    ];
    prop::collection::vec(one, 1..40)
}

fn run(steps: &[Step]) -> Vec<Replica> {
    let mut replicas: Vec<_> = (1..=4).map(Replica::new).collect();
    for step in steps {
        match step {
            Step::Write(i, v) => replicas[*i].write(&v.to_string()),
            Step::Hear(a, b) => {
                let other = replicas[*b].clone();
                replicas[*a].hear(&other);
            }
            Step::Clone(a, b) => replicas[*a] = replicas[*b].clone(),
        }
    }
    replicas
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_fold_is_a_function_of_the_set_of_entries(steps in steps(true)) {
        let replicas = run(&steps);
        let mut all = Replica::new(9);
        replicas.iter().for_each(|r| all.hear(r));
        let folded = all.fold(|_| true);
        for (order, repeat) in [(true, false), (false, true), (false, false)] {
            prop_assert_eq!(&folded, &all.fold(|i| if i == 0 { order } else { repeat }));
        }
        let again = Register::decode(
            &folded.encode(|chain| Ok::<_, ()>(u32::from(chain.0[0]))).expect("numbers for all"),
            |n| Some(ChainId([u8::try_from(n).expect("small"); 16])),
        );
        prop_assert_eq!(again.as_ref(), Ok(&folded));
    }

    #[test]
    fn one_who_has_seen_everything_settles_it(steps in steps(true)) {
        let mut settler = Replica::new(9);
        run(&steps).iter().for_each(|r| settler.hear(r));
        settler.write("settled");
        let register = settler.fold(|_| true);
        prop_assert_eq!(register.values().collect::<Vec<_>>(), [&Value::from("settled")]);
    }

    #[test]
    fn nothing_unseen_is_replaced(steps in steps(false)) {
        let replicas = run(&steps);
        let mut all = Replica::new(9);
        replicas.iter().for_each(|r| all.hear(r));
        // The newest write of a chain is gone only if somebody who held it wrote later.
        let live: BTreeSet<_> = all.fold(|_| true).versions().iter().map(|v| (v.actor.chain, v.seq)).collect();
        for replica in replicas.iter().filter(|r| !r.tail.is_empty()) {
            let last = (replica.chain, replica.tail.len() as u64);
            let seen = all.held.iter().any(|(by, (entry, _))| {
                by.chain != last.0 && entry.operations().expect("ours").iter().any(|op| match op {
                    Op::Write { cites, .. } => cites.iter().any(|c| (c.chain, c.seq) == last),
                    Op::Add { .. } => false,
                })
            });
            prop_assert!(live.contains(&last) || seen);
        }
    }
}
