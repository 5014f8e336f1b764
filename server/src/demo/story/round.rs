//! Rounds: walked, late, left out, or not walked at all.

use dutylog_core::base::Millis;
use dutylog_core::records::checklist::{Item, ItemKind, ReadingSpec, Verdict};
use dutylog_core::records::incident::{IncidentKind, Severity};
use dutylog_core::records::round::{ItemStatus, PresenceGrade};

use super::incident::Beginning;
use super::phrases::{FOUND, HIGH, NO_ROUND, SKIPS, said};
use super::scribe::{Scribe, Shift};
use super::{Deed, Slot, Window};
use crate::clock::{HOUR, MINUTE, SECOND};

/// A round as it is walked.
#[derive(Debug)]
struct Walk {
    slot: Slot,
    phone: usize,
    at: Millis,
    /// The fault that the story wants found, if it wants one.
    fault: Option<Severity>,
    /// The checkpoint that the story wants left out.
    leave_out: bool,
    /// What happens to the phone on the way.
    accident: Option<Deed>,
    patrol: usize,
}

impl Scribe<'_> {
    pub(super) fn rounds(&mut self, shift: &Shift) {
        let plan = if shift.by_day { "day" } else { "night" };
        for after in [2, 8] {
            let opens = shift.start + after * HOUR;
            // The window before dawn is the first of its own day's, the one before midnight the second.
            let number = if shift.by_day { usize::from(after == 8) } else { usize::from(after == 2) };
            let window = Window { plan, date: self.date(opens), number };
            self.round(shift, opens, window, after == 2);
        }
    }

    fn round(&mut self, shift: &Shift, opens: Millis, window: Window, first: bool) {
        let (phone, day) = (self.place.patrol_phone, self.day(opens));
        let called_off = self.site == 1 && day % 8 == 1 && !shift.by_day && first;
        let wanted = self.wanted_fault(day, shift.by_day && first);
        let quiet = wanted.is_none() && day >= 5;
        if called_off || quiet && self.chance.in_hundred(3) {
            let at = opens + self.chance.between(5, 30) * MINUTE;
            let reason = said(self.chance.pick(NO_ROUND));
            self.phone(at, phone, Deed::SkipRound(window, reason));
            self.sync(at + MINUTE, phone);
            return;
        }
        if quiet && self.chance.in_hundred(2) {
            return;
        }
        let late = quiet && self.chance.in_hundred(4);
        let delay = if late { self.chance.between(70, 110) } else { self.chance.between(2, 22) };
        let fault = wanted.or_else(|| self.chance.in_hundred(9).then_some(Severity::Low));
        let blocked = quiet && self.chance.in_hundred(3);
        let walk = Walk {
            slot: self.slot(),
            phone,
            at: opens + delay * MINUTE,
            fault,
            leave_out: blocked || self.site == 2 && day % 6 == 0 && !first,
            accident: self.accident(day, shift.by_day && first),
            patrol: shift.patrol,
        };
        let begin = Deed::Start(walk.slot, window);
        self.walk(walk, begin);
    }

    /// A round that nobody planned, on which something is found.
    pub(super) fn wander(&mut self, at: Millis, patrol: usize) {
        let slot = self.slot();
        let fault = Some(self.chance.pick(&[Severity::Low, Severity::Medium]));
        let phone = self.place.patrol_phone;
        let walk = Walk { slot, phone, at, fault, leave_out: false, accident: None, patrol };
        self.walk(walk, Deed::Wander(slot));
    }

    /// The faults that the story cannot do without.
    fn wanted_fault(&self, day: i64, first_of_day: bool) -> Option<Severity> {
        match (self.site, day % 10, first_of_day) {
            (0, 0, true) => Some(Severity::Medium),
            // Found while the valley has no signal.
            (0, 2, true) => Some(Severity::Medium),
            (2, 1, true) => Some(Severity::High),
            (1, 3, true) => Some(Severity::Medium),
            _ => None,
        }
    }

    fn accident(&self, day: i64, first_of_day: bool) -> Option<Deed> {
        match (self.site, day % 4, first_of_day) {
            (1, 2, true) => Some(Deed::Reboot),
            (0, 1, true) | (2, 3, true) => Some(Deed::Restart),
            _ => None,
        }
    }

    fn walk(&mut self, mut walk: Walk, begin: Deed) {
        let slot = walk.slot;
        self.phone(walk.at, walk.phone, begin);
        let checklist = &self.place.checklist;
        let stops = checklist.checkpoints();
        let faulty = walk.fault.map(|_| self.chance.pick(&stops));
        let others: Vec<u32> = stops.iter().copied().filter(|stop| Some(*stop) != faulty).collect();
        let left_out = (walk.leave_out && !others.is_empty()).then(|| self.chance.pick(&others));
        for (nth, stop) in stops.into_iter().enumerate() {
            walk.at += self.chance.between(90, 240) * SECOND;
            if left_out == Some(stop) {
                let reason = said(self.chance.pick(SKIPS));
                self.phone(walk.at, walk.phone, Deed::SkipCheckpoint(slot, stop, reason));
            } else {
                self.stop(&mut walk, stop, faulty == Some(stop));
            }
            if let Some(accident) = walk.accident.take_if(|_| nth == 1) {
                walk.at += MINUTE;
                self.phone(walk.at, walk.phone, accident);
                self.phone(walk.at + 30 * SECOND, walk.phone, Deed::SignIn(walk.patrol));
                walk.at += MINUTE;
            }
        }
        walk.at += MINUTE;
        self.phone(walk.at, walk.phone, Deed::SignRound(slot));
        self.sync(walk.at + MINUTE, walk.phone);
    }

    /// One checkpoint: presence first, then every item, or the readings and "the rest is normal".
    fn stop(&mut self, walk: &mut Walk, stop: u32, faulty: bool) {
        let grade = if self.chance.in_hundred(80) { PresenceGrade::Nfc } else { PresenceGrade::Typed };
        self.phone(walk.at, walk.phone, Deed::Reach(walk.slot, stop, grade));
        let place = self.place;
        let items: Vec<&Item> = place.checklist.items.iter().filter(|item| item.checkpoint == stop).collect();
        let status = items.iter().filter(|item| item.kind == ItemKind::Status).count();
        let brief = !faulty && status > 0 && self.chance.in_hundred(35);
        let fault_at = faulty.then(|| items.iter().map(|item| item.number).min()).flatten();
        for item in items {
            if brief && item.kind == ItemKind::Status {
                continue;
            }
            walk.at += self.chance.between(12, 50) * SECOND;
            self.answer(walk, item, fault_at == Some(item.number));
        }
        if brief {
            walk.at += 8 * SECOND;
            self.phone(walk.at, walk.phone, Deed::RestNormal(walk.slot, stop));
        }
    }

    fn answer(&mut self, walk: &mut Walk, item: &Item, faulty: bool) {
        let reading = match &item.kind {
            ItemKind::Status => None,
            ItemKind::Reading(spec) => Some((spec, self.reading(item.number, spec))),
        };
        let verdict = reading.map_or(Verdict::Normal, |(spec, value)| spec.limits.verdict(value));
        let (status, note) = match (faulty, verdict) {
            (true, _) => (ItemStatus::Abnormal, Some(said(self.chance.pick(FOUND)))),
            (false, Verdict::Normal) => (ItemStatus::Normal, None),
            (false, _) => (ItemStatus::Normal, Some(said(self.chance.pick(HIGH)))),
        };
        let value = reading.map(|(_, value)| value);
        self.phone(walk.at, walk.phone, Deed::Answer(walk.slot, item.number, status, value, note));
        if let Some(severity) = walk.fault.take_if(|_| faulty) {
            self.found(walk, item, severity);
        }
    }

    /// The fault becomes an incident on the spot.
    fn found(&mut self, walk: &mut Walk, item: &Item, severity: Severity) {
        walk.at += 20 * SECOND;
        let checkpoint = self.place.plan.checkpoints.iter().find(|c| c.number == item.checkpoint);
        let place = checkpoint.map(|c| format!("{} / {}", c.place.zh, c.place.en)).unwrap_or_default();
        let kind = match severity {
            Severity::High => IncidentKind::System,
            _ => self.chance.pick(&[IncidentKind::Equipment, IncidentKind::Power, IncidentKind::Water]),
        };
        self.incident(Beginning {
            at: walk.at,
            phone: walk.phone,
            kind,
            severity,
            origin: (walk.slot, item.number),
            place,
            nature: format!("{}：异常 / {}: not as it should be", item.text.zh, item.text.en),
        });
        walk.at += MINUTE;
    }

    /// A reading that wanders between its limits, and now and then beyond them.
    fn reading(&mut self, item: u32, spec: &ReadingSpec) -> i64 {
        let high = spec.limits.high_warn.or(spec.limits.high_alarm).unwrap_or(1_000);
        let low = spec.limits.low_warn.or(spec.limits.low_alarm).unwrap_or(high / 2);
        let before = self.drift.get(&item).copied().unwrap_or(500);
        let pull = (500 - before) / 12;
        let stands = (before + pull + self.chance.between(-70, 70)).clamp(80, 920);
        self.drift.insert(item, stands);
        let shown = if self.chance.in_hundred(1) { 1_000 + self.chance.between(5, 40) } else { stands };
        low + (high - low) * shown / 1_000
    }
}
