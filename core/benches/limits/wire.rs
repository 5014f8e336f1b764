//! W2, the batched stream: what neighbours share is said once, then postcard, then zstd.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ratios::{Outcome, Wire};
use crate::site_year::{Action, Actor, Field, Kind, record_id};

/// Actions in one frame.
const FRAME: usize = 1_000;
/// zstd's level.
const LEVEL: i32 = 3;

/// How many bytes a run of actions takes in frames, each written by `frame` so that it can be read alone.
pub(super) fn stream_bytes(actions: &[Action], frame: fn(&[Action]) -> Outcome<Vec<u8>>) -> Outcome<usize> {
    let compressed = |actions| Ok(zstd::bulk::compress(&frame(actions)?, LEVEL)?.len());
    actions.chunks(FRAME).map(compressed).sum()
}

/// The batched stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct W2;

#[derive(Serialize)]
struct Frame<'a> {
    device: Actor,
    records: Vec<[u8; 16]>,
    begins_s: i64,
    actions: Vec<Packed<'a>>,
}

#[derive(Serialize)]
struct Packed<'a> {
    record: usize,
    kind: Kind,
    /// Since the action before.
    after_s: i64,
    fields: &'a [Field],
}

impl Wire for W2 {
    const NAME: &'static str = "W2";

    fn bytes(actions: &[Action]) -> Outcome<usize> {
        stream_bytes(actions, frame)
    }
}

fn frame(actions: &[Action]) -> Outcome<Vec<u8>> {
    let mut records = Records::default();
    let packed = actions.iter().zip(steps(actions)).map(|(action, after_s)| Packed {
        record: records.index(action.record),
        kind: action.kind,
        after_s,
        fields: &action.fields,
    });
    let packed = packed.collect();
    let (device, begins_s) = (actions[0].actor, seconds(&actions[0]));
    Ok(postcard::to_stdvec(&Frame { device, records: records.ids, begins_s, actions: packed })?)
}

/// The workload's times are whole seconds, so seconds say them exactly.
pub(super) fn seconds(action: &Action) -> i64 {
    action.at_ms / 1_000
}

/// Seconds from each action to the next, beginning with 0.
pub(super) fn steps(actions: &[Action]) -> impl Iterator<Item = i64> {
    let before = actions.iter().take(1).chain(actions);
    actions.iter().zip(before).map(|(action, before)| seconds(action) - seconds(before))
}

/// The records of one frame in order of first use.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) ids: Vec<[u8; 16]>,
    places: BTreeMap<u32, usize>,
}

impl Records {
    pub(super) fn index(&mut self, record: u32) -> usize {
        *self.places.entry(record).or_insert_with(|| {
            self.ids.push(record_id(record));
            self.ids.len() - 1
        })
    }
}
