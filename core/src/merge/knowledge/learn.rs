//! Learning: what an entry that is held means for the judgement of others.

use super::{Knowledge, Rejudge};
use crate::base::{ChainId, Millis};
use crate::log::{BranchMap, Certificate, EntryRef};
use crate::merge::fold::Addition;
use crate::records::FieldValue;
use crate::records::chain::{
    EPOCH_ADOPTED, EPOCH_OPENED, EntryAt, EpochOpened, FORK_REVIEWED, ForkReview, HELD_REVIEWED, HeldReview,
    SESSION_OPENED, SessionOpened, hq_chain,
};
use crate::records::config::ConfigObject;
use crate::records::security::Revocation;

impl Knowledge {
    /// Learns that an entry is held, and what it added; none if it does not count. Says what must be judged again because of it.
    ///
    /// HQ's entries are to be learnt whatever their verdict: others cite them by number.
    pub fn learn(&mut self, by: EntryRef, at: Millis, added: Option<&[Addition]>) -> Vec<Rejudge> {
        let hq = self.is_hq(by.chain);
        if hq {
            let news = self.hq.write(by.chain, by.seq, at);
            self.waiting.learnt(news);
        }
        let mut again = Vec::new();
        let Some(added) = added else {
            let taken = self.reviews.remove(by);
            again.extend(taken.iter().map(|r| Rejudge { chain: r.last.chain, from: r.first }));
            return again;
        };
        for addition in added {
            if addition.field == SESSION_OPENED.id() {
                if let Some(opened) = SessionOpened::from_value(&addition.value) {
                    self.sessions.entry((by.chain, by.seq)).or_default().insert(opened.person);
                }
            } else if addition.field == HELD_REVIEWED.id() {
                again.extend(self.learn_review(addition));
            } else if hq {
                self.learn_hq(addition, &mut again);
            }
        }
        again
    }

    fn learn_review(&mut self, addition: &Addition) -> Option<Rejudge> {
        let review = HeldReview::from_value(&addition.value)?;
        let about = Rejudge { chain: review.last.chain, from: review.first };
        self.reviews.insert(addition.by, addition.n, review).then_some(about)
    }

    fn learn_hq(&mut self, addition: &Addition, again: &mut Vec<Rejudge>) {
        let EntryRef { chain, seq, .. } = addition.by;
        if addition.field == EPOCH_OPENED.id() {
            let opened = EpochOpened::from_value(&addition.value);
            if let Some(opened) = opened.filter(|opened| self.names(chain, opened.epoch)) {
                let new = self.hq.open(chain, seq, &opened);
                self.waiting.learnt(new);
                // What the chain said about cutting off, and about what was cut off, is in force from now on.
                let sites = self.devices.keys().filter(|chain| new && !self.is_hq(**chain));
                again.extend(
                    sites.filter(|_| self.config().revokes()).map(|c| Rejudge { chain: *c, from: 1 }),
                );
            }
        } else if addition.field == EPOCH_ADOPTED.id() {
            if let Some(adopted) = EntryAt::from_value(&addition.value) {
                let new = self.hq.adopt(chain, seq, &adopted);
                self.waiting.learnt(new);
            }
        } else if addition.field == FORK_REVIEWED.id() {
            again.extend(self.freeze(addition));
        } else if let Some(object) = ConfigObject::read(addition.field, &addition.value) {
            self.learn_object(addition, object, again);
        }
    }

    /// Closes a chain that forked. HQ's own are never closed.
    fn freeze(&mut self, addition: &Addition) -> Option<Rejudge> {
        let (chain, from) = (ChainId(addition.record.0), ForkReview::from_value(&addition.value)?.seq);
        let news = self.frozen.insert(chain, from, addition.by);
        (news && !self.is_hq(chain)).then_some(Rejudge { chain, from })
    }

    /// Whether a chain is named after the epoch that it claims to be.
    fn names(&self, chain: ChainId, epoch: u32) -> bool {
        let site = self.devices.get(&chain).and_then(|device| device.claims.site);
        site.is_some_and(|site| hq_chain(site, epoch) == chain)
    }

    fn learn_object(&mut self, addition: &Addition, object: ConfigObject, again: &mut Vec<Rejudge>) {
        match &object {
            ConfigObject::Certificate(bytes) => self.prove(bytes.0.clone()),
            ConfigObject::Revocation(revocation) => self.cut(revocation, again),
            _ => {}
        }
        self.hq.insert(addition.by.chain, addition.by.seq, addition.record, object);
    }

    /// Takes in a certificate, and those that it proves in its turn. One that does not verify certifies nothing; it stays in the log as
    /// what it is.
    fn prove(&mut self, certificate: Vec<u8>) {
        self.unproven.insert(certificate);
        let known = self.trust.certificates().count();
        loop {
            let before = self.unproven.len();
            let trust = &mut self.trust;
            self.unproven.retain(|bytes| trust.add(bytes).is_err());
            if self.unproven.len() == before || self.unproven.is_empty() {
                break;
            }
        }
        self.waiting.learnt(self.trust.certificates().count() > known);
    }

    fn cut(&self, revocation: &Revocation, again: &mut Vec<Rejudge>) {
        let theirs = |device: &Certificate| device.claims.subject == revocation.subject.0;
        let device = self.devices.values().any(theirs);
        // HQ's own chain is never cut off, whatever it says of its device.
        let cut = self.devices.iter().filter(|(c, d)| !self.is_hq(**c) && (!device || theirs(d)));
        for (chain, _) in cut {
            let chain = *chain;
            let held = revocation.cut.iter().filter(|last| last.chain == chain).map(|last| last.seq);
            let fork = self.forks.get(&chain).and_then(BranchMap::fork);
            let last = held.min().unwrap_or(0);
            let from = fork.map_or(last + 1, |fork| fork.min(last + 1));
            again.push(Rejudge { chain, from });
        }
    }
}
