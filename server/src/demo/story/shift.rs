//! The course of a shift: who comes, who goes, when phones report.

use super::Deed;
use super::scribe::{Scribe, Shift};
use crate::clock::{HOUR, MINUTE};
use crate::demo::world::TECHNICIAN;

impl Scribe<'_> {
    pub(super) fn duty(&mut self, shift: &Shift) {
        if shift.number == 0 {
            self.first_lead(shift);
        } else {
            let before = self.shift(shift.number - 1);
            self.hand_over(&before, shift);
        }
        self.patrol_duty(shift);
        self.lead_reports(shift);
        if let (Some(phone), true) = (self.place.technician_phone, shift.by_day) {
            self.technician_duty(shift, phone);
        }
    }

    fn first_lead(&mut self, shift: &Shift) {
        let phone = self.place.lead_phones[shift.lead];
        self.phone(shift.start - 20 * MINUTE, phone, Deed::SignIn(shift.lead));
        self.phone(shift.start - 12 * MINUTE, phone, Deed::CheckIn(shift.name.clone(), "lead"));
        self.sync(shift.start - 10 * MINUTE, phone);
    }

    fn patrol_duty(&mut self, shift: &Shift) {
        let phone = self.place.patrol_phone;
        self.phone(shift.start - 8 * MINUTE, phone, Deed::SignIn(shift.patrol));
        self.phone(shift.start - 7 * MINUTE, phone, Deed::CheckIn(shift.name.clone(), "patrol"));
        self.sync(shift.start - 6 * MINUTE, phone);
        self.rounds(shift);
        self.phone(shift.end - 12 * MINUTE, phone, Deed::CheckOut(shift.name.clone(), "patrol"));
        self.phone(shift.end - 11 * MINUTE, phone, Deed::SignOut);
        self.sync(shift.end - 10 * MINUTE, phone);
    }

    /// The lead looks what is new every other hour, never between one and two in the afternoon.
    fn lead_reports(&mut self, shift: &Shift) {
        let phone = self.place.lead_phones[shift.lead];
        for hours in [1, 3, 7, 9] {
            let at = shift.start + hours * HOUR + self.chance.between(0, 40) * MINUTE;
            self.sync(at, phone);
        }
    }

    fn technician_duty(&mut self, shift: &Shift, phone: usize) {
        let (come, go) = (shift.start + 20 * MINUTE, shift.start + 9 * HOUR);
        self.phone(come, phone, Deed::SignIn(TECHNICIAN));
        self.phone(come + MINUTE, phone, Deed::CheckIn(shift.name.clone(), "technical"));
        self.sync(come + 2 * MINUTE, phone);
        self.phone(go, phone, Deed::CheckOut(shift.name.clone(), "technical"));
        self.phone(go + MINUTE, phone, Deed::SignOut);
        self.sync(go + 2 * MINUTE, phone);
    }
}
