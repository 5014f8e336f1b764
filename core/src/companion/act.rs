//! Acting: from what a person did to an entry on the disk.

use std::collections::BTreeMap;

use super::error::CompanionError;
use super::{Companion, clock, device_key};
use crate::base::{ChainId, DeviceId, DraftId, Millis, Reading, RecordId, random};
use crate::capture::{Action, Capture, Context, Intent, MoveClock, Side};
use crate::commit::{Observed, Stamp, Stamped};
use crate::log::{ClockEvidence, ConfigCite, Entry, EntryRef, Statement};
use crate::merge::made_between;
use crate::records::Kind;
use crate::store::{self, Appended};

/// An action that is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The entry.
    pub by: EntryRef,
    /// What kind of action.
    pub kind: Kind,
    /// The records it is about; one that it created is the first.
    pub records: Vec<RecordId>,
    /// It had been saved before: this was a repetition.
    pub repeated: bool,
}

impl Companion {
    /// Records an action. When this returns, it is saved on this phone, and a kill, a dead battery or an upgrade cannot take it back.
    ///
    /// `draft` makes a repetition harmless: the same draft is never recorded twice. It ends with the draft that was kept under its name.
    ///
    /// # Errors
    /// [`CompanionError`], such as [`CompanionError::OthersDraft`]; then nothing is recorded, and what was entered is still the caller's.
    pub fn act(
        &mut self,
        draft: DraftId,
        action: impl Into<Action>,
        now: Reading,
    ) -> Result<Saved, CompanionError> {
        if let Some(saved) = self.saved_before(draft)? {
            return Ok(saved);
        }
        self.own_draft(draft)?;
        let observed = self.observe(now)?;
        let intent = self.capture(action.into(), now)?;
        let seals = intent.seals;
        let saved = self.commit(intent, Some(draft), now, &observed)?;
        if seals {
            // Saved is saved. What keeps the tail from being sealed is told by the exchange, before which it is sealed in any case.
            drop(self.close_tail());
        }
        Ok(saved)
    }

    /// Judges an action without recording it: what a form shows before "save".
    ///
    /// # Errors
    /// [`CompanionError::Rejected`]
    pub fn check(&self, action: &Action, now: Reading) -> Result<(), CompanionError> {
        self.capture(action.clone(), now).map(drop)
    }

    /// What a draft has become, if it was recorded before and only the answer was lost.
    fn saved_before(&self, draft: DraftId) -> Result<Option<Saved>, CompanionError> {
        let Some(by) = self.store.committed(draft)? else { return Ok(None) };
        let entry = self.store.entry(by)?;
        let known = entry.and_then(|e| Some((Kind::from_code(e.kind)?, e.records)));
        Ok(known.map(|(kind, records)| Saved { by, kind, records, repeated: true }))
    }

    /// What bears on an action now: for the texts that are shown before they are signed, and for freezing a handover.
    ///
    /// # Errors
    /// [`CompanionError::ReadOnly`] if nothing may be added.
    pub fn context(&self, now: Reading) -> Result<Context<'_, store::Reader>, CompanionError> {
        let chain = self.store.chain().ok_or(CompanionError::ReadOnly(self.store.standing()))?;
        let knowledge = self.store.knowledge();
        Ok(Context {
            org: self.admitted.org,
            site: self.admitted.site,
            chain,
            device: self.admitted.device,
            side: Side::Site,
            config: knowledge.now(),
            person: self.signed_in(),
            now: now.wall,
            between: made_between(&self.clock.evidence(now), knowledge.newest_config_at(), now.wall),
            heard: self.heard(),
            locale: self.host.locale,
            state: self.store.reader(),
        })
    }

    /// When headquarters was last heard of, by its own clock: its newest answer, or its newest entry that another phone brought.
    fn heard(&self) -> Millis {
        let answered = self.clock.sample.map_or(Millis::MIN, |sample| sample.server);
        answered.max(self.store.knowledge().newest_config_at())
    }

    fn capture(&self, action: Action, now: Reading) -> Result<Intent, CompanionError> {
        Ok(action.capture(&self.context(now)?)?)
    }

    /// Takes in what the clocks say; seals what they would no longer cover, and records a move of the wall clock.
    ///
    /// What could not be sealed or recorded is met again at the next reading: nothing follows under clocks that were other ones.
    pub(super) fn observe(&mut self, now: Reading) -> Result<Observed, CompanionError> {
        let mut clock = self.clock;
        let observed = clock.observe(now);
        if observed.breaks {
            self.seal()?;
            if let Some(jump) = observed.jump {
                let moved = MoveClock { before: now.wall.saturating_sub(jump), after: now.wall };
                let intent = self.capture(moved.into(), now)?;
                self.commit(intent, None, now, &observed)?;
            }
        }
        self.clock = clock;
        if observed.breaks {
            clock::save(&mut self.store, &self.clock)?;
        }
        Ok(observed)
    }

    fn commit(
        &mut self,
        intent: Intent,
        draft: Option<DraftId>,
        now: Reading,
        observed: &Observed,
    ) -> Result<Saved, CompanionError> {
        if self.store.is_full() {
            self.seal()?;
        }
        let kind = intent.kind;
        let chain = self.store.chain().ok_or(CompanionError::ReadOnly(self.store.standing()))?;
        let stamped = Stamped::new(intent, self.stamp(chain, kind, now)?)?;
        let records = stamped.records().to_vec();
        let statement = stamped.statement().map(|s| self.sign_statement(&s)).transpose()?;
        let mut cells = BTreeMap::new();
        for cell in stamped.cells() {
            cells.insert(cell, self.store.register(&cell)?);
        }
        let entry = stamped.entry(&cells, statement)?;
        let appended = self.append(&entry, draft, observed.evidence)?;
        Ok(Saved { by: appended.by, kind, records, repeated: appended.repeated })
    }

    /// Appends an entry; if it begins a segment, with what that says of the phone's circumstances.
    pub(super) fn append(
        &mut self,
        entry: &Entry,
        draft: Option<DraftId>,
        clock: ClockEvidence,
    ) -> Result<Appended, CompanionError> {
        let begins = self.store.open_entries() == 0;
        let context = begins.then(|| self.circumstances(clock)).transpose()?;
        Ok(self.store.append(entry, draft, context.as_ref())?)
    }

    fn stamp(&self, chain: ChainId, kind: Kind, now: Reading) -> Result<Stamp, CompanionError> {
        let seq = self.store.newest() + 1;
        let session =
            self.session.as_ref().map_or(0, |s| if kind == Kind::SessionOpened { seq } else { s.seq });
        Ok(Stamp { chain, seq, at: now.wall, boot: now.boot, author: self.signed_in(), session })
    }

    fn sign_statement(&self, statement: &Statement) -> Result<Vec<u8>, CompanionError> {
        let session = self.session.as_ref().ok_or(CompanionError::NotSignedIn)?;
        let sign = |message: &[u8]| self.host.keys.sign(&session.key, Some(&session.guard), message);
        Ok(statement.sign(self.admitted.org, session.certificate.id(), sign)?)
    }

    /// What a segment that begins now says of the phone's circumstances.
    fn circumstances(&self, clock: ClockEvidence) -> Result<store::Context, CompanionError> {
        let config = self.store.knowledge().newest_config();
        Ok(store::Context {
            clock,
            config: config.map(|(chain, seq)| ConfigCite { chain, seq }),
            checkpoint: self.store.site_root()?,
            seen: self.store.seen()?,
        })
    }

    /// Seals the open tail, so that it can leave the phone.
    ///
    /// # Errors
    /// The key store's or the store's; the tail stays open then, and nothing is lost.
    pub fn seal(&mut self) -> Result<(), CompanionError> {
        // A chain that was begun before the phone was enrolled anew is sealed by the key it was begun with.
        let writer = self.store.writer().map_or(self.admitted.device, |c| DeviceId(c.claims.subject));
        let name = device_key(writer);
        let keys = std::sync::Arc::clone(&self.host.keys);
        self.store.seal(|message| keys.sign(&name, None, message))?;
        clock::save(&mut self.store, &self.clock)
    }

    /// Seals what is open before anything leaves or comes in. What can never be sealed stays as it is, nothing is added to it, and
    /// nothing else waits for it.
    pub(super) fn close_tail(&mut self) -> Result<(), CompanionError> {
        if self.store.open_entries() == 0 {
            return Ok(());
        }
        match self.seal() {
            Err(error) if error.seals_never() => {
                self.store.freeze();
                Ok(())
            }
            sealed => sealed,
        }
    }

    /// A new draft's identifier.
    pub fn new_draft(&mut self) -> DraftId {
        DraftId(random(&mut *self.host.entropy))
    }
}
