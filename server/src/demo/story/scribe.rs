//! Writes the story of one site.

use std::collections::BTreeMap;

use dutylog_core::base::Millis;
use dutylog_core::capture::ShiftName;
use dutylog_core::records::calendar::{Date, Zone};

use super::{Deed, Slot, Step, What};
use crate::clock::{HOUR, MINUTE};
use crate::demo::chance::Chance;
use crate::demo::world::{LEADS, PATROL, Place};

/// One shift of the story.
#[derive(Debug, Clone)]
pub(super) struct Shift {
    /// Counted from the first.
    pub(super) number: i64,
    /// When it starts.
    pub(super) start: Millis,
    /// When it ends.
    pub(super) end: Millis,
    /// What it is called.
    pub(super) name: ShiftName,
    /// Whether it is the day shift.
    pub(super) by_day: bool,
    /// Its lead.
    pub(super) lead: usize,
    /// Its patrol staff.
    pub(super) patrol: usize,
}

/// Writes the story of one site.
#[derive(Debug)]
pub(super) struct Scribe<'w> {
    pub(super) place: &'w Place,
    pub(super) site: usize,
    pub(super) first: Millis,
    pub(super) until: Millis,
    pub(super) chance: Chance,
    /// Where each reading stands between its limits, in thousandths.
    pub(super) drift: BTreeMap<u32, i64>,
    slots: Slot,
    steps: Vec<Step>,
}

impl<'w> Scribe<'w> {
    pub(super) fn new(place: &'w Place, site: usize, first: Millis, until: Millis, seed: u64) -> Self {
        let chance = Chance::new(seed, &place.plan.site.key);
        Self { place, site, first, until, chance, drift: BTreeMap::new(), slots: 0, steps: Vec::new() }
    }

    /// The whole story of the site; not in order.
    pub(super) fn write(mut self) -> Vec<Step> {
        let mut shift = self.shift(0);
        while shift.start - HOUR <= self.until {
            self.duty(&shift);
            shift = self.shift(shift.number + 1);
        }
        self.troubles();
        self.steps
    }

    /// A round that nobody planned, with lead and patrol staff signed in; its records are counted from `nth` thousands on.
    pub(super) fn errand(mut self, now: Millis, nth: Slot) -> Vec<Step> {
        self.slots = nth.saturating_mul(1_000);
        let shift = self.shift_at(now);
        let lead = self.place.lead_phones[shift.lead];
        self.phone(now, lead, Deed::SignIn(shift.lead));
        self.phone(now, self.place.patrol_phone, Deed::SignIn(shift.patrol));
        self.wander(now + MINUTE, shift.patrol);
        self.steps
    }

    /// A shift by its number: even ones by day.
    pub(super) fn shift(&self, number: i64) -> Shift {
        let start = self.first + 8 * HOUR + number * 12 * HOUR;
        let by_day = number % 2 == 0;
        let turn = usize::from(!by_day);
        let key = if by_day { "day" } else { "night" }.to_owned();
        let name = ShiftName { date: self.date(start), key };
        Shift { number, start, end: start + 12 * HOUR, name, by_day, lead: LEADS[turn], patrol: PATROL[turn] }
    }

    /// The shift at a time.
    pub(super) fn shift_at(&self, at: Millis) -> Shift {
        self.shift((at - self.first - 8 * HOUR).div_euclid(12 * HOUR))
    }

    /// The day of a time at the site.
    pub(super) fn date(&self, at: Millis) -> Date {
        let zone = Zone::named(&self.place.plan.site.time_zone).expect("a test resolves the plan");
        zone.date(at).expect("the story is set in our time")
    }

    /// The number of the day a time belongs to, from 0.
    pub(super) fn day(&self, at: Millis) -> i64 {
        (at - self.first).div_euclid(24 * HOUR)
    }

    pub(super) fn slot(&mut self) -> Slot {
        self.slots += 1;
        self.slots
    }

    pub(super) fn push(&mut self, at: Millis, what: What) {
        self.steps.push(Step { at, site: self.site, what });
    }

    /// Somebody does something on a phone.
    pub(super) fn phone(&mut self, at: Millis, phone: usize, deed: Deed) {
        self.push(at, What::Phone(phone, deed));
    }

    /// A phone talks with the server, if there is signal.
    pub(super) fn sync(&mut self, at: Millis, phone: usize) {
        if self.offline(phone, at).is_none() {
            let lost_answer = self.chance.in_hundred(8);
            self.phone(at, phone, Deed::Sync { lost_answer });
        }
    }

    /// Until when a phone has no signal, if it has none.
    pub(super) fn offline(&self, phone: usize, at: Millis) -> Option<Millis> {
        let outages = self.place.outages.iter().filter(|outage| outage.phone == phone);
        outages
            .filter_map(|outage| {
                let period = outage.every_days * 24 * HOUR;
                let into = (at - self.first - outage.from_hour * HOUR).rem_euclid(period);
                let begun = at >= self.first + outage.from_hour * HOUR;
                (begun && into < outage.hours * HOUR).then(|| at - into + outage.hours * HOUR)
            })
            .max()
    }

    /// The first time from `at` on when the lead on duty is not busy with a handover and all of these phones, and the lead's own, have signal.
    pub(super) fn free_lead(&self, at: Millis, phones: &[usize]) -> (Millis, usize) {
        let mut at = at;
        loop {
            let shift = self.shift_at(at);
            let lead = self.place.lead_phones[shift.lead];
            let busy = at < shift.start + 30 * MINUTE;
            let leaving = at > shift.end - HOUR;
            let soon = at + 10 * MINUTE;
            let silence = |phone| self.offline(phone, at).or_else(|| self.offline(phone, soon));
            let silent = phones.iter().chain([&lead]).filter_map(|phone| silence(*phone)).max();
            at = match silent {
                Some(end) => end + 25 * MINUTE,
                None if busy => shift.start + 31 * MINUTE,
                None if leaving => shift.end + 31 * MINUTE,
                None => return (at, lead),
            };
        }
    }
}
