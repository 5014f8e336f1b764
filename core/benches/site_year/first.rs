//! The year of the first phone: rounds, handovers and incidents at their hours.

use super::chance::Chance;
use super::{Action, Actor, Field, Kind, Value, YEAR_BEGINS};

const HOUR: i64 = 3_600_000;
const DAYS: u32 = 365;
const INCIDENTS: u32 = 208;
/// A round begins in each of these eight parts of a day, three hours long.
const ROUNDS_A_DAY: u32 = 8;
/// The shift is handed over at the end of these parts.
const HANDOVER_AFTER: [u32; 3] = [2, 5, 7];
/// Items of a round.
pub(super) const ITEMS: u16 = 25;

pub(super) fn year(chance: &mut Chance) -> Vec<Action> {
    let mut writer = Writer::new(Actor::First, 0, chance);
    for day in 0..DAYS {
        let incidents = (day + 1) * INCIDENTS / DAYS - day * INCIDENTS / DAYS;
        let alarmed = writer.chance.between(0, ROUNDS_A_DAY - 1);
        for part in 0..ROUNDS_A_DAY {
            let start = YEAR_BEGINS + (i64::from(day) * 24 + i64::from(part) * 3) * HOUR;
            let start = start + 1_000 * i64::from(writer.chance.between(0, 600));
            let mut end = writer.round(start, ITEMS);
            if part == alarmed && incidents > 0 {
                end = writer.incident(end);
            }
            if HANDOVER_AFTER.contains(&part) {
                writer.handover(end);
            }
        }
    }
    writer.actions
}

/// Writes records one after the other, each action 5 to 90 s after the one before.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    actor: Actor,
    next_record: u32,
    now: i64,
    pub(super) chance: &'a mut Chance,
    pub(super) actions: Vec<Action>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(actor: Actor, first_record: u32, chance: &'a mut Chance) -> Self {
        Self { actor, next_record: first_record, now: 0, chance, actions: Vec::new() }
    }

    /// A round of `items` check results from `start`; when it ended.
    pub(super) fn round(&mut self, start: i64, items: u16) -> i64 {
        self.begin(Kind::Round, start, 3);
        for item in 1..=items {
            let mut fields = vec![self.status(item)];
            if self.chance.percent(50) {
                let tenths = self.chance.between(0, 999).cast_signed();
                fields.push(Field { item, name: 1, value: Value::Reading(tenths) });
            }
            if self.chance.percent(5) {
                fields.push(self.text(item, 2, 40));
            }
            self.act(Kind::CheckResult, fields);
        }
        self.now
    }

    /// A handover from `start`: eight items, two signatures.
    fn handover(&mut self, start: i64) {
        self.begin(Kind::Handover, start, 12);
        for item in 1..=8 {
            let fields = vec![self.status(item), self.text(item, 1, 60)];
            self.act(Kind::HandoverItem, fields);
        }
        for item in 9..=10 {
            let value = Value::Bytes(self.chance.bytes(64));
            self.act(Kind::Signature, vec![Field { item, name: 0, value }]);
        }
    }

    /// An incident from `start`: twelve lines of timeline; when it ended.
    fn incident(&mut self, start: i64) -> i64 {
        self.begin(Kind::Incident, start, 10);
        for item in 1..=12 {
            let fields = vec![self.text(item, 0, 80)];
            self.act(Kind::TimelineLine, fields);
        }
        self.now
    }

    /// Begins the next record with so many fields of text.
    fn begin(&mut self, kind: Kind, start: i64, texts: u8) {
        self.now = start;
        self.next_record += 1;
        let line = |name| Field { item: 0, name, value: Value::Text(self.chance.line()) };
        let fields = (0..texts).map(line).collect();
        self.act(kind, fields);
    }

    fn act(&mut self, kind: Kind, fields: Vec<Field>) {
        self.now += 1_000 * i64::from(self.chance.between(5, 90));
        let record = self.next_record - 1;
        self.actions.push(Action { actor: self.actor, record, kind, at_ms: self.now, fields });
    }

    fn status(&mut self, item: u16) -> Field {
        let status = match self.chance.between(1, 100) {
            1..=94 => 0,
            95..=98 => 1,
            _ => 2,
        };
        Field { item, name: 0, value: Value::Status(status) }
    }

    fn text(&mut self, item: u16, name: u8, len: usize) -> Field {
        Field { item, name, value: Value::Text(self.chance.text(len)) }
    }
}
