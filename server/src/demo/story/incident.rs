//! The course of an incident: raised, told, worked on, noticed at headquarters, closed.

use dutylog_core::base::Millis;
use dutylog_core::records::incident::{IncidentKind, Severity};

use super::phrases::{
    CAUSES, COUNTERMEASURES, FOUND, HQ_COMMENTS, LINES, RESPONSIBILITY, RESULTS, TOLD_LEADER, said,
};
use super::scribe::Scribe;
use super::{Conclusion, Deed, Slot, Told, What};
use crate::clock::MINUTE;

/// How an incident begins.
#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) at: Millis,
    pub(super) phone: usize,
    pub(super) kind: IncidentKind,
    pub(super) severity: Severity,
    /// The round and item it was found at.
    pub(super) origin: (Slot, u32),
    /// Where.
    pub(super) place: String,
    /// What.
    pub(super) nature: String,
}

impl Scribe<'_> {
    /// An incident found on a round.
    pub(super) fn incident(&mut self, begun: Beginning) {
        let Beginning { at, phone, kind, severity, origin, place, nature } = begun;
        let slot = self.slot();
        self.phone(at, phone, Deed::Raise(slot, kind, severity, Some(origin), nature));
        self.phone(at + MINUTE / 4, phone, Deed::Line(slot, said(LINES[0])));
        if self.offline(phone, at).is_some() {
            self.phone(at + MINUTE / 3, phone, Deed::ByPhone(slot, said(TOLD_LEADER)));
        } else {
            self.sync(at + MINUTE / 2, phone);
        }
        let worked = self.worked_on(slot, at, phone, place);
        self.noticed(slot, worked, severity);
        self.closed(slot, worked);
    }

    /// The lead on duty tells the rest and what is being done; returns when.
    fn worked_on(&mut self, slot: Slot, at: Millis, raised_on: usize, place: String) -> Millis {
        let delay = self.chance.between(35, 70) * MINUTE;
        let (at_lead, lead) = self.free_lead(at + delay, &[raised_on]);
        if lead != raised_on {
            self.sync(at_lead - 2 * MINUTE, raised_on);
        }
        self.sync(at_lead - MINUTE, lead);
        let told = Told {
            occurred: Some(at - 10 * MINUTE),
            reporter: Some(said(("巡检员", "patrol staff"))),
            place: Some(place),
            first_state: Some(said(self.chance.pick(FOUND))),
        };
        self.phone(at_lead, lead, Deed::Detail(slot, told));
        let line = said(self.chance.pick(LINES));
        self.phone(at_lead + 4 * MINUTE, lead, Deed::Line(slot, line));
        self.sync(at_lead + 5 * MINUTE, lead);
        at_lead + 5 * MINUTE
    }

    fn noticed(&mut self, slot: Slot, known: Millis, severity: Severity) {
        if severity > Severity::Low {
            let after = self.chance.between(2, 20) * MINUTE;
            self.push(known + after, What::HqAcknowledges(slot));
        }
        // Of the first days' incidents headquarters has something to say whatever chance says.
        let early = self.day(known) < 3;
        if self.chance.in_hundred(40) || early {
            let comment = said(self.chance.pick(HQ_COMMENTS));
            self.push(known + 25 * MINUTE, What::HqComments(slot, comment));
        }
    }

    /// Most are closed within a day.
    fn closed(&mut self, slot: Slot, worked: Millis) {
        let early = self.day(worked) < 3;
        if !early && self.chance.in_hundred(8) {
            return;
        }
        let most = if early { 4 } else { 20 };
        let after = self.chance.between(60, most * 60) * MINUTE;
        let (at, lead) = self.free_lead(worked + after, &[]);
        self.sync(at - MINUTE, lead);
        let line = said(self.chance.pick(LINES));
        self.phone(at, lead, Deed::Line(slot, line));
        let conclusion = self.conclusion();
        self.phone(at + 3 * MINUTE, lead, Deed::Close(slot, Box::new(conclusion)));
        self.sync(at + 4 * MINUTE, lead);
    }

    pub(super) fn conclusion(&mut self) -> Conclusion {
        Conclusion {
            result: said(self.chance.pick(RESULTS)),
            cause: said(self.chance.pick(CAUSES)),
            responsibility: said(RESPONSIBILITY),
            countermeasure: said(self.chance.pick(COUNTERMEASURES)),
        }
    }
}
