//! Recording again what could never be sealed: nothing that the phone once called saved stays behind.
//!
//! The entry keeps what it said, when it claimed to be and what it had seen; it gets another chain and number. What its author signed
//! with their own key named the old number, so it is kept and shown, and has to be done again.

use super::Companion;
use super::error::CompanionError;
use crate::base::{DraftId, PersonId, Seq};
use crate::log::{Cite, Entry, EntryRef, MAX_CITES, Op, encode_ops};
use crate::records::{Cell, Kind, speaks_for};
use crate::store::StoreError;

/// What was recorded, can never be sealed, and is not in the log again yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranded {
    /// Where it stood.
    pub by: EntryRef,
    /// What it says.
    pub entry: Entry,
    /// How it gets into the log again.
    pub way: WayBack,
}

/// How something stranded gets into the log again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    /// By itself, as soon as its author signs in.
    SignIn,
    /// By its author's hand: it carries their signature, or says what this version cannot repeat.
    Redo,
}

impl WayBack {
    fn of(entry: &Entry) -> Self {
        let repeatable = entry.statement.is_none() && entry.beyond.is_empty();
        if repeatable { Self::SignIn } else { Self::Redo }
    }
}

impl Companion {
    /// What was recorded, can never be sealed, and is not in the log again yet.
    ///
    /// # Errors
    /// The store's.
    pub fn stranded(&self) -> Result<Vec<Stranded>, CompanionError> {
        let stranded = self.store.stranded()?.into_iter();
        Ok(stranded.map(|(by, entry)| Stranded { by, way: WayBack::of(&entry), entry }).collect())
    }

    /// Takes note that something stranded was done again by its author: it is not waited for any more. What is not stranded is left alone.
    ///
    /// # Errors
    /// [`CompanionError::NotToRedo`] for what would still be recorded again by itself, which would be lost so; the store's.
    pub fn done_again(&mut self, by: EntryRef) -> Result<(), CompanionError> {
        match self.stranded()?.into_iter().find(|left| left.by == by).map(|left| left.way) {
            Some(WayBack::SignIn) => Err(CompanionError::NotToRedo),
            Some(WayBack::Redo) => Ok(self.store.recorded_again(by)?),
            None => Ok(()),
        }
    }

    /// Records again what whoever is signed in may: their own, and what a device may record alone.
    pub(super) fn record_again(&mut self) -> Result<(), CompanionError> {
        let Some(last) = self.clock.last else { return Ok(()) };
        for Stranded { by, entry, way } in self.stranded()? {
            if way == WayBack::Redo {
                continue;
            }
            let Some(signer) = self.signer(&entry) else { continue };
            let again = self.restated(by, entry, signer)?;
            if self.store.is_full() {
                self.seal()?;
            }
            let mut draft = DraftId::default();
            draft.0.copy_from_slice(&by.leaf.0[..16]);
            match self.append(&again, Some(draft), self.clock.evidence(last)) {
                // It stays among what has to be done again, and keeps nothing else from being recorded.
                Err(CompanionError::Store(StoreError::TooLarge)) => {}
                appended => {
                    appended?;
                    self.store.recorded_again(by)?;
                }
            }
        }
        Ok(())
    }

    /// In whose name, and in which session, an entry is recorded again; none if not now.
    fn signer(&self, entry: &Entry) -> Option<(Option<PersonId>, Seq)> {
        let kind = Kind::from_code(entry.kind)?;
        let ops = entry.operations().ok()?;
        let named = ops.iter().any(|op| {
            let (Op::Write { field, value, .. } | Op::Add { field, value, .. }) = op;
            speaks_for(*field, value).is_some()
        });
        match &self.session {
            Some(session) if entry.author == Some(session.person) => Some((entry.author, session.seq)),
            // What needs nobody waits for nobody; its author can claim it.
            _ if !kind.needs_person() && !named => Some((None, 0)),
            _ => None,
        }
    }

    /// The same entry at the end of the present chain.
    fn restated(
        &mut self,
        by: EntryRef,
        entry: Entry,
        (author, session): (Option<PersonId>, Seq),
    ) -> Result<Entry, CompanionError> {
        let mut ops = entry.operations().map_err(StoreError::from)?;
        for op in &mut ops {
            if let Op::Write { record, field, member, cites, .. } = op {
                let Some(record) = entry.records.get(usize::from(*record)).copied() else { continue };
                let cell = Cell { record, field: *field, member: *member };
                let live = self.store.register(&cell)?.cites_for(self.store.chain().unwrap_or_default());
                replaces(cites, live, by);
            }
        }
        let seq = self.store.newest() + 1;
        Ok(Entry { seq, author, session, ops: encode_ops(&ops), ..entry })
    }
}

/// In its own chain a write replaces what was there without saying so; from another it says so.
fn replaces(cites: &mut Vec<Cite>, live: Vec<Cite>, by: EntryRef) {
    cites.extend(live.into_iter().filter(|cite| cite.chain == by.chain && cite.seq < by.seq));
    cites.sort();
    cites.truncate(MAX_CITES);
}
