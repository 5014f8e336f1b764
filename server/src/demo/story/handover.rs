//! Handing over: on one shared phone, through the server, or from phone to phone without network.

use super::phrases::{REMARKS, said};
use super::scribe::{Scribe, Shift};
use super::{Deed, What};
use crate::clock::MINUTE;

impl Scribe<'_> {
    /// From a shift to the next.
    pub(super) fn hand_over(&mut self, before: &Shift, after: &Shift) {
        let [from, to] = [before, after].map(|shift| self.place.lead_phones[shift.lead]);
        let silent = [from, to].iter().any(|phone| self.offline(*phone, after.start).is_some());
        if from == to {
            self.on_one_phone(before, after, from);
        } else if silent {
            self.pass_without_network(before, after, from, to);
        } else {
            self.through_the_server(before, after, from, to);
        }
    }

    fn on_one_phone(&mut self, before: &Shift, after: &Shift, phone: usize) {
        let (slot, start) = (self.slot(), after.start);
        self.sync(start - 32 * MINUTE, phone);
        self.phone(start - 28 * MINUTE, phone, Deed::Offer(slot, before.name.clone(), after.lead));
        self.phone(start - 20 * MINUTE, phone, Deed::SignIn(after.lead));
        let remarks = said(self.chance.pick(REMARKS));
        self.phone(start - 18 * MINUTE, phone, Deed::Accept(slot, remarks));
        self.phone(start - 12 * MINUTE, phone, Deed::CheckIn(after.name.clone(), "lead"));
        self.sync(start - 10 * MINUTE, phone);
        self.phone(start + 3 * MINUTE, phone, Deed::SignIn(before.lead));
        self.phone(start + 4 * MINUTE, phone, Deed::CheckOut(before.name.clone(), "lead"));
        self.phone(start + 5 * MINUTE, phone, Deed::SignIn(after.lead));
        self.sync(start + 6 * MINUTE, phone);
    }

    fn through_the_server(&mut self, before: &Shift, after: &Shift, from: usize, to: usize) {
        let (slot, start) = (self.slot(), after.start);
        self.phone(start - 40 * MINUTE, to, Deed::SignIn(after.lead));
        self.sync(start - 39 * MINUTE, to);
        self.sync(start - 32 * MINUTE, from);
        self.phone(start - 28 * MINUTE, from, Deed::Offer(slot, before.name.clone(), after.lead));
        self.sync(start - 27 * MINUTE, from);
        self.sync(start - 20 * MINUTE, to);
        let remarks = said(self.chance.pick(REMARKS));
        self.phone(start - 18 * MINUTE, to, Deed::Accept(slot, remarks));
        self.sync(start - 17 * MINUTE, to);
        self.phone(start - 12 * MINUTE, to, Deed::CheckIn(after.name.clone(), "lead"));
        self.sync(start - 10 * MINUTE, from);
        self.leave(before, from, start);
    }

    fn pass_without_network(&mut self, before: &Shift, after: &Shift, from: usize, to: usize) {
        let (slot, start) = (self.slot(), after.start);
        self.phone(start - 40 * MINUTE, to, Deed::SignIn(after.lead));
        self.push(start - 32 * MINUTE, What::Pass { from: to, to: from });
        self.phone(start - 28 * MINUTE, from, Deed::Offer(slot, before.name.clone(), after.lead));
        self.push(start - 26 * MINUTE, What::Pass { from, to });
        let remarks = said(self.chance.pick(REMARKS));
        self.phone(start - 18 * MINUTE, to, Deed::Accept(slot, remarks));
        self.push(start - 17 * MINUTE, What::Pass { from: to, to: from });
        self.phone(start - 12 * MINUTE, to, Deed::CheckIn(after.name.clone(), "lead"));
        self.leave(before, from, start);
    }

    fn leave(&mut self, before: &Shift, phone: usize, start: i64) {
        self.phone(start + 3 * MINUTE, phone, Deed::CheckOut(before.name.clone(), "lead"));
        self.phone(start + 4 * MINUTE, phone, Deed::SignOut);
        self.sync(start + 5 * MINUTE, phone);
    }
}
