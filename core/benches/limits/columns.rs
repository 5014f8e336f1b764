//! W5, the same stream as columns: like beside like, which zstd rewards.

use serde::Serialize;

use super::wire::{Records, seconds, steps, stream_bytes};
use crate::ratios::{Outcome, Wire};
use crate::site_year::{Action, Actor, Field, Kind, Value};

/// The stream as columns, readings as tenths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct W5;

#[derive(Serialize)]
struct Columns<'a> {
    device: Actor,
    begins_s: i64,
    ids: Vec<[u8; 16]>,
    records: Vec<usize>,
    kinds: Vec<Kind>,
    steps_s: Vec<i64>,
    /// How many fields each action writes.
    counts: Vec<usize>,
    items: Vec<u16>,
    names: Vec<u8>,
    values: Values<'a>,
}

#[derive(Serialize, Default)]
struct Values<'a> {
    statuses: Vec<u8>,
    tenths: Vec<i32>,
    lengths: Vec<usize>,
    texts: String,
    bytes: Vec<&'a [u8]>,
}

impl Wire for W5 {
    const NAME: &'static str = "W5";

    fn bytes(actions: &[Action]) -> Outcome<usize> {
        stream_bytes(actions, frame)
    }
}

fn frame(actions: &[Action]) -> Outcome<Vec<u8>> {
    let mut records = Records::default();
    let fields = || actions.iter().flat_map(|a| &a.fields);
    let columns = Columns {
        device: actions[0].actor,
        begins_s: seconds(&actions[0]),
        records: actions.iter().map(|a| records.index(a.record)).collect(),
        ids: records.ids,
        kinds: actions.iter().map(|a| a.kind).collect(),
        steps_s: steps(actions).collect(),
        counts: actions.iter().map(|a| a.fields.len()).collect(),
        items: fields().map(|f| f.item).collect(),
        names: fields().map(|f| f.name).collect(),
        values: values(fields()),
    };
    Ok(postcard::to_stdvec(&columns)?)
}

fn values<'a>(fields: impl Iterator<Item = &'a Field>) -> Values<'a> {
    let mut columns = Values::default();
    for field in fields {
        match &field.value {
            Value::Status(status) => columns.statuses.push(*status),
            Value::Reading(tenths) => columns.tenths.push(*tenths),
            Value::Text(text) => {
                columns.lengths.push(text.len());
                columns.texts.push_str(text);
            }
            Value::Bytes(bytes) => columns.bytes.push(bytes),
        }
    }
    columns
}
