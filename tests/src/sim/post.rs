//! Bundles on their way from phone to phone: they arrive late, twice, or after later ones.

use std::collections::BTreeSet;

use super::Fleet;
use super::exchange::{Mail, bundle};
use super::met::Hazard;

/// The post between phones.
#[derive(Debug, Default)]
pub(super) struct Post {
    under_way: Vec<Mail>,
    sent: usize,
    /// Which bundles have arrived where.
    arrived: BTreeSet<(usize, usize)>,
}

impl Post {
    /// A bundle arrives. Says whether it does so for the first time, after one that was sent later.
    fn overtaken(&mut self, mail: &Mail) -> bool {
        let later = (mail.to, mail.number + 1)..(mail.to + 1, 0);
        self.arrived.insert((mail.to, mail.number)) && self.arrived.range(later).next().is_some()
    }
}

impl Fleet {
    /// A phone gives another a bundle; it arrives some other time.
    pub fn send(&mut self, from: usize, to: usize) {
        let Ok([giver, taker]) = self.phones.get_disjoint_mut([from, to]) else { return };
        let mail = bundle(giver, taker, self.post.sent, &mut self.dice);
        self.post.sent += 1;
        self.trace.tell(format_args!("{from} gives {to} a bundle"));
        self.post.under_way.push(mail);
    }

    /// One of the bundles under way arrives; some arrive again.
    pub fn deliver(&mut self) {
        let under_way = &mut self.post.under_way;
        if under_way.is_empty() {
            return;
        }
        let n = self.dice.below(under_way.len());
        let mail = if self.dice.percent(20) { under_way[n].clone() } else { under_way.swap_remove(n) };
        self.import(&mail);
    }

    fn import(&mut self, mail: &Mail) {
        let imported = self.phones[mail.to].app().import(&mail.bytes);
        self.trace.tell(format_args!("{} imports {imported:?}", mail.to));
        let imported = imported.expect("a bundle of this site is taken in");
        let overtaken = self.post.overtaken(mail);
        self.met.note_if(overtaken, Hazard::BundleOvertaken);
        self.met.note_if(imported.held > 0, Hazard::BundleRepeated);
        self.met.note_if(imported.pending > 0, Hazard::BundleWaited);
        self.met.note_if(!imported.forked.is_empty(), Hazard::ForkMetInBundle);
    }

    /// Bundles that never arrived.
    pub fn deliver_all(&mut self) {
        while let Some(mail) = self.post.under_way.pop() {
            self.import(&mail);
        }
    }
}
