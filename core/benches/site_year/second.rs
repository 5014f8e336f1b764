//! What the second phone recorded while it was away from the first.

use super::chance::Chance;
use super::first::{ITEMS, Writer};
use super::{Action, Actor, Kind, Value};

const COMMITS: usize = 8_000;
const EDITS: usize = 2_000;
/// The edits are in so many of the first phone's last records.
const EDITED_RECORDS: u32 = 500;

pub(super) fn actions(first: &[Action], chance: &mut Chance) -> Vec<Action> {
    let records = first.last().map_or(0, |last| last.record + 1);
    let oldest = records - EDITED_RECORDS;
    let begun = first.iter().find(|a| a.record == oldest).map_or(0, |a| a.at_ms);
    let mut actions = rounds(begun, records, chance);
    let mut now = actions.last().map_or(begun, |last| last.at_ms);
    let editable: Vec<_> = first.iter().filter(|a| a.record >= oldest && is_editable(a.kind)).collect();
    for _ in 0..EDITS {
        now += 1_000 * i64::from(chance.between(5, 90));
        actions.push(edit(editable[chance.index(editable.len())], now, chance));
    }
    actions
}

/// Rounds one after the other, the last one unfinished.
fn rounds(begun: i64, first_record: u32, chance: &mut Chance) -> Vec<Action> {
    let mut writer = Writer::new(Actor::Second, first_record, chance);
    let mut now = begun;
    while writer.actions.len() < COMMITS {
        now = writer.round(now, ITEMS);
    }
    writer.actions.truncate(COMMITS);
    writer.actions
}

/// Signatures and lines of a timeline are only ever added.
fn is_editable(kind: Kind) -> bool {
    !matches!(kind, Kind::Signature | Kind::TimelineLine)
}

/// Another value for one field of what the first phone wrote.
fn edit(written: &Action, at_ms: i64, chance: &mut Chance) -> Action {
    let mut field = written.fields[chance.index(written.fields.len())].clone();
    field.value = match field.value {
        Value::Status(status) => Value::Status((status + 1) % 3),
        Value::Reading(tenths) => Value::Reading(tenths + 1),
        Value::Text(text) => Value::Text(chance.text(text.len())),
        Value::Bytes(bytes) => Value::Bytes(chance.bytes(bytes.len())),
    };
    Action { actor: Actor::Second, record: written.record, kind: written.kind, at_ms, fields: vec![field] }
}
