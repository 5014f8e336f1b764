//! The steps of one site in order, and what can be told from their order.

use std::collections::BTreeSet;

use dutylog_core::base::Millis;

use super::super::{Deed, Slot, Step, What};
use crate::clock::HOUR;

/// A silence worth the name.
const DAY: Millis = 24 * HOUR;

/// The steps of one site in the order of time.
pub(super) struct Course<'s>(Vec<&'s Step>);

impl<'s> Course<'s> {
    pub(super) fn of(steps: &'s [Step], site: usize) -> Self {
        Self(steps.iter().filter(|step| step.site == site).collect())
    }

    /// The deeds with the phones they are done on, counted from the first step.
    fn deeds(&self) -> impl Iterator<Item = (usize, usize, &'s Deed)> {
        self.0.iter().enumerate().filter_map(|(n, step)| match &step.what {
            What::Phone(phone, deed) => Some((n, *phone, deed)),
            _ => None,
        })
    }

    fn synced(&self, phone: usize, after: usize, before: usize) -> Option<usize> {
        let is = |what: &What| matches!(what, What::Phone(p, Deed::Sync { .. }) if *p == phone);
        (after + 1..before).find(|n| is(&self.0[*n].what))
    }

    /// One phone sent to the server, and the other fetched from it after.
    fn fetched(&self, (from, to): (usize, usize), after: usize, before: usize) -> Option<usize> {
        let sent = self.synced(from, after, before)?;
        self.synced(to, sent, before)
    }

    fn passed(&self, (from, to): (usize, usize), after: usize, before: usize) -> Option<usize> {
        let is = |what: &What| matches!(what, What::Pass { from: f, to: t } if (*f, *t) == (from, to));
        (after + 1..before).find(|n| is(&self.0[*n].what))
    }

    /// Some phone records for more than a day without reaching the server, and reaches it in the end.
    pub(super) fn has_an_outage(&self) -> bool {
        let phones: BTreeSet<usize> = self.deeds().map(|(_, phone, _)| phone).collect();
        phones.into_iter().any(|phone| {
            let reached = |(n, p, deed): (usize, usize, &Deed)| {
                (p == phone && matches!(deed, Deed::Sync { .. })).then_some(n)
            };
            let reached: Vec<usize> = self.deeds().filter_map(reached).collect();
            reached.windows(2).any(|pair| {
                let recorded = self.deeds().filter(|(n, p, _)| *p == phone && (pair[0]..pair[1]).contains(n));
                self.0[pair[1]].at - self.0[pair[0]].at > DAY && recorded.count() > 5
            })
        })
    }

    /// Somebody records while the phone's clock is wrong by more than a year.
    pub(super) fn has_a_wrong_clock(&self) -> bool {
        let moved: Vec<_> = self
            .deeds()
            .filter_map(|(n, phone, deed)| match deed {
                Deed::MoveClock(ms) if ms.abs() > 365 * DAY => Some((n, phone)),
                _ => None,
            })
            .collect();
        let recorded = |from, to, phone| {
            self.deeds().any(|(n, p, deed)| {
                p == phone && n > from && n < to && !matches!(deed, Deed::Sync { .. } | Deed::Restart)
            })
        };
        moved.windows(2).any(|pair| pair[0].1 == pair[1].1 && recorded(pair[0].0, pair[1].0, pair[0].1))
    }

    /// Two people say where one incident is, and neither has seen what the other says.
    pub(super) fn has_concurrent_edits(&self) -> bool {
        let places: Vec<(usize, usize, Slot)> = self
            .deeds()
            .filter_map(|(n, phone, deed)| match deed {
                Deed::Detail(slot, told) if told.place.is_some() => Some((n, phone, *slot)),
                _ => None,
            })
            .collect();
        let unseen = |(n, one, slot): &(usize, usize, Slot)| {
            let mut later = places.iter().filter(|(m, other, s)| m > n && other != one && s == slot);
            later.any(|(m, other, _)| {
                self.fetched((*one, *other), *n, *m).is_none()
                    && self.passed((*one, *other), *n, *m).is_none()
            })
        };
        places.iter().any(unseen)
    }

    /// The handovers that are offered and accepted: where in the course, and on which phones.
    fn handovers(&self) -> Vec<[(usize, usize); 2]> {
        let accepted = |slot| {
            self.deeds().find_map(|(n, phone, deed)| match deed {
                Deed::Accept(of, _) if *of == slot => Some((n, phone)),
                _ => None,
            })
        };
        let offered = self.deeds().filter_map(|(n, phone, deed)| match deed {
            Deed::Offer(slot, ..) => Some(((n, phone), *slot)),
            _ => None,
        });
        offered.filter_map(|(offer, slot)| Some([offer, accepted(slot)?])).collect()
    }

    /// A handover is offered and accepted on one phone.
    pub(super) fn hands_over_on_a_shared_phone(&self) -> bool {
        self.handovers().iter().any(|[(_, from), (_, to)]| from == to)
    }

    /// A handover reaches the other phone by way of the server alone.
    pub(super) fn hands_over_through_the_server(&self) -> bool {
        self.handovers().iter().any(|[(offer, from), (accept, to)]| {
            let fetched = self.fetched((*from, *to), *offer, *accept);
            from != to && fetched.is_some() && self.passed((*from, *to), *offer, *accept).is_none()
        })
    }

    /// A handover goes from phone to phone and back before either reaches the server.
    pub(super) fn hands_over_without_network(&self) -> bool {
        self.handovers().iter().any(|[(offer, from), (accept, to)]| {
            let back = self.passed((*to, *from), *accept, self.0.len());
            let apart = |end| [from, to].iter().all(|phone| self.synced(**phone, *offer, end).is_none());
            from != to && self.passed((*from, *to), *offer, *accept).is_some() && back.is_some_and(apart)
        })
    }

    /// Headquarters takes notice of an incident that a phone raised.
    pub(super) fn is_acknowledged(&self) -> bool {
        let raised =
            |slot: &Slot| self.deeds().any(|(_, _, deed)| matches!(deed, Deed::Raise(s, ..) if s == slot));
        self.0.iter().any(|step| matches!(&step.what, What::HqAcknowledges(slot) if raised(slot)))
    }
}
