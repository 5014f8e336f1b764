//! Entries of any shape, for the tests that make up logs.

use dutylog_core::base::{BootId, ChainId, Millis, PersonId, RecordId, Value};
use dutylog_core::log::{Cite, Entry, Op, derive_record, encode_ops};
use dutylog_core::records::{FieldId, Member};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any value within the limits of the log, nested a few levels.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let flat = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-300_i64..300).prop_map(Value::Int),
        "[ -~\n\t值班巡检😀]{0,40}".prop_map(Value::Text),
        vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
    ];
    flat.prop_recursive(6, 40, 8, |inner| vec(inner, 0..8).prop_map(Value::List))
}

/// How an entry names one of its records.
#[derive(Debug, Clone)]
enum Name {
    /// It creates it.
    Created,
    /// One of a few that are named again and again.
    Common(u8),
    /// One that is named nowhere else.
    Own([u8; 16]),
}

/// What an entry is like, whatever its place in a chain.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    step: i64,
    rebooted: bool,
    /// Which of the people of the device acted.
    pub(crate) author: Option<u8>,
    names: Vec<Name>,
    kind: u16,
    values: Vec<(u16, Value, Option<[u8; 16]>)>,
    /// Whether it carries a statement, and bytes that may stand in for one.
    pub(crate) statement: Option<Vec<u8>>,
    newer: bool,
}

/// Any shape of entry.
pub(crate) fn shape() -> impl Strategy<Value = Shape> {
    let step = prop_oneof![8 => 0_i64..120_000, 1 => any::<i64>()];
    let name = prop_oneof![
        Just(Name::Created),
        (0_u8..4).prop_map(Name::Common),
        any::<[u8; 16]>().prop_map(Name::Own)
    ];
    let field = (0_u16..200, value(), proptest::option::of(any::<[u8; 16]>()));
    let parts = (
        (step, prop::bool::weighted(0.1), proptest::option::weighted(0.7, 0_u8..3)),
        (vec(name, 0..=16), any::<u16>(), vec(field, 0..5)),
        (proptest::option::weighted(0.3, vec(any::<u8>(), 0..200)), prop::bool::weighted(0.02)),
    );
    parts.prop_map(|((step, rebooted, author), (names, kind, values), (statement, newer))| Shape {
        step,
        rebooted,
        author,
        names,
        kind,
        values,
        statement,
        newer,
    })
}

impl Shape {
    /// The entry of this shape that comes next in a chain.
    pub(crate) fn entry(&self, chain: ChainId, seq: u64, before: (Millis, BootId)) -> Entry {
        let at = before.0.wrapping_add(self.step);
        let boot = if self.rebooted { BootId([seq.to_be_bytes()[7]; 8]) } else { before.1 };
        let records = self.records(|n| derive_record(chain, seq, at, boot, n));
        let ops = encode_ops(&self.ops(records.len(), chain));
        Entry {
            seq,
            at,
            boot,
            author: self.author.map(|n| PersonId([n; 16])),
            session: if self.author.is_some() { seq } else { 0 },
            records,
            kind: self.kind,
            ops,
            statement: self.statement.clone(),
            beyond: if self.newer { vec![Value::from("new"), Value::Null] } else { Vec::new() },
        }
    }

    fn records(&self, derived: impl Fn(u8) -> RecordId) -> Vec<RecordId> {
        let (mut records, mut created) = (Vec::new(), 0);
        for name in &self.names {
            let record = match name {
                Name::Created => {
                    created += 1;
                    derived(created - 1)
                }
                Name::Common(n) => RecordId([*n; 16]),
                Name::Own(id) => RecordId(*id),
            };
            if !records.contains(&record) {
                records.push(record);
            }
        }
        records
    }

    fn ops(&self, records: usize, chain: ChainId) -> Vec<Op> {
        let Some(last) = u8::try_from(records).ok().and_then(|n| n.checked_sub(1)) else { return Vec::new() };
        let values = (0_u16..).zip(&self.values);
        values.map(|(n, (field, value, member))| op(last, 200 * n + field, value, *member, chain)).collect()
    }
}

fn op(record: u8, field: u16, value: &Value, member: Option<[u8; 16]>, chain: ChainId) -> Op {
    let (field, value) = (FieldId(field), value.clone());
    match member {
        None if field.0 % 2 == 0 => Op::Add { record, field, value },
        None => Op::Write { record, field, member: Member::Number(field.0.into()), value, cites: Vec::new() },
        Some(id) => {
            let cites = vec![Cite { chain, seq: 1, mark: [id[0]; 8] }];
            Op::Write { record, field, member: Member::Id(id), value, cites }
        }
    }
}
