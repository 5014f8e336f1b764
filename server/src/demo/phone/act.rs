//! Acting: what the core calls saved goes into the journal, and nothing else does.

use dutylog_core::base::{ChainId, DraftId, Millis, PersonId, RecordId, Seq};
use dutylog_core::capture::Action;
use dutylog_core::companion::{CompanionError, Saved};
use dutylog_core::log::EntryRef;
use dutylog_core::merge::chain_record;
use dutylog_core::records::chain::SessionEnd;

use super::{Phone, PhoneError};

impl Phone {
    /// Records an action and writes down that it was acknowledged; returns the record it created or is about.
    pub(super) fn act(&mut self, action: Action, at: Millis) -> Result<RecordId, PhoneError> {
        let now = self.watch.read(at);
        let companion = self.open()?;
        let draft = companion.new_draft();
        let saved = companion.act(draft, action.clone(), now)?;
        self.last = Some((draft, action));
        self.acknowledged(&saved, draft)?;
        saved.records.first().copied().ok_or(PhoneError::Missing("an action about nothing"))
    }

    pub(super) fn sign_in(&mut self, person: PersonId, at: Millis) -> Result<(), PhoneError> {
        let now = self.watch.read(at);
        let pin = self.pins.get(&person).cloned().ok_or(PhoneError::Missing("a PIN"))?;
        self.open()?.sign_in(person, &pin, now)?;
        self.by_itself()
    }

    pub(super) fn sign_out(&mut self, at: Millis) -> Result<(), PhoneError> {
        let now = self.watch.read(at);
        self.open()?.sign_out(SessionEnd::SignedOut, now)?;
        self.by_itself()
    }

    /// What the phone recorded on the way (its clock was moved, a session ended) is acknowledged with what followed it.
    fn acknowledged(&mut self, saved: &Saved, draft: DraftId) -> Result<(), PhoneError> {
        if saved.repeated || saved.by.seq <= self.journal.newest(saved.by.chain) {
            return Err(PhoneError::Doubled);
        }
        self.before(saved.by.chain, saved.by.seq)?;
        Ok(self.journal.write(saved.by, Some(draft))?)
    }

    /// Writes down what the phone has just recorded of itself.
    fn by_itself(&mut self) -> Result<(), PhoneError> {
        let companion = self.companion()?;
        let chain = companion.chain().ok_or(PhoneError::Missing("a chain"))?;
        self.before(chain, companion.store().newest() + 1)
    }

    /// Writes down every entry of the chain that comes before a number and is not yet: only what the phone records of itself can.
    fn before(&mut self, chain: ChainId, seq: Seq) -> Result<(), PhoneError> {
        let mut expected = self.journal.newest(chain) + 1;
        if expected == seq {
            return Ok(());
        }
        for by in self.own_entries(chain)? {
            if by.seq == expected && by.seq < seq {
                self.journal.write(by, None)?;
                expected += 1;
            }
        }
        if expected == seq { Ok(()) } else { Err(PhoneError::Unacknowledged(expected)) }
    }

    /// What a chain holds about itself, in order.
    fn own_entries(&self, chain: ChainId) -> Result<Vec<EntryRef>, PhoneError> {
        let reader = self.companion()?.store().reader();
        let entries = reader.entries(chain_record(chain)).map_err(CompanionError::from)?;
        let mut own: Vec<_> =
            entries.into_iter().map(|(_, by, _)| by).filter(|by| by.chain == chain).collect();
        own.sort_unstable();
        own.dedup();
        Ok(own)
    }
}
