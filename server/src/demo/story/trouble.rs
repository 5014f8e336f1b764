//! What goes wrong: silence that ends, wrong clocks, two people who write without having seen each other.

use dutylog_core::base::Millis;
use dutylog_core::records::incident::{IncidentKind, Severity};

use super::phrases::{LEAD_PLACE, TECHNICIAN_PLACE, said};
use super::scribe::Scribe;
use super::{Deed, Told};
use crate::clock::{HOUR, MINUTE, SECOND};
use crate::demo::world::hour;

/// By how much somebody moves a clock: a year and more.
const WRONG_BY: Millis = 400 * 24 * HOUR;

impl Scribe<'_> {
    pub(super) fn troubles(&mut self) {
        self.silence_ends();
        self.lost_answer();
        for day in 0..=self.day(self.until) {
            let midnight = hour(self.first, day * 24);
            match (self.site, day % 6) {
                (1, 1) => self.conflict(midnight),
                (1, 3) => self.wrong_clock(midnight),
                _ => {}
            }
        }
    }

    /// The phone that was silent delivers all it recorded.
    fn silence_ends(&mut self) {
        for outage in self.place.outages {
            let period = outage.every_days * 24;
            let ends = (0..).map(|n| hour(self.first, n * period + outage.from_hour + outage.hours));
            for end in ends.take_while(|end| *end < self.until).collect::<Vec<_>>() {
                self.sync(end + 3 * MINUTE, outage.phone);
            }
        }
    }

    /// Whatever chance says, one answer of the first day is lost.
    fn lost_answer(&mut self) {
        let at = hour(self.first, 11) + 50 * MINUTE;
        self.phone(at, self.place.patrol_phone, Deed::Sync { lost_answer: true });
    }

    /// While everybody is at lunch the patrol phone's clock is set more than a year back; in the evening somebody mends it.
    fn wrong_clock(&mut self, midnight: Millis) {
        let phone = self.place.patrol_phone;
        self.phone(hour(midnight, 12) + 30 * MINUTE, phone, Deed::MoveClock(-WRONG_BY));
        self.phone(hour(midnight, 18) + 30 * MINUTE, phone, Deed::MoveClock(WRONG_BY));
    }

    /// Lead and technician both say where it is, each without having seen the other; later the lead settles it.
    fn conflict(&mut self, midnight: Millis) {
        let Some(technician) = self.place.technician_phone else { return };
        let lead = self.place.lead_phones[0];
        let (slot, at) = (self.slot(), hour(midnight, 13));
        let nature = said(("变压器附近有焦味", "a burnt smell near the transformers"));
        self.phone(at, technician, Deed::Raise(slot, IncidentKind::Other, Severity::Medium, None, nature));
        self.sync(at + MINUTE, technician);
        self.sync(at + 2 * MINUTE, lead);
        let told = |place| Told {
            occurred: Some(at - 5 * MINUTE),
            reporter: Some(said(("郭鹏", "Guo Peng"))),
            place: Some(said(place)),
            first_state: Some(said(("未见明火", "no open flame"))),
        };
        self.phone(at + 10 * MINUTE, lead, Deed::Detail(slot, told(LEAD_PLACE)));
        let only_place = Told { occurred: None, reporter: None, first_state: None, ..told(TECHNICIAN_PLACE) };
        self.phone(at + 12 * MINUTE, technician, Deed::Detail(slot, only_place));
        self.sync(at + 30 * MINUTE, technician);
        self.sync(at + 31 * MINUTE, lead);
        self.phone(at + 35 * MINUTE, lead, Deed::SettlePlace(slot));
        self.sync(at + 36 * MINUTE, lead);
        self.sync(at + 37 * MINUTE, technician);
        let conclusion = self.conclusion();
        self.phone(at + 50 * MINUTE + 30 * SECOND, lead, Deed::Close(slot, Box::new(conclusion)));
        self.sync(at + 52 * MINUTE, lead);
    }
}
