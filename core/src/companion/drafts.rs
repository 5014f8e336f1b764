//! What somebody has typed and not yet saved: kept from moment to moment, and readable only by who typed it.

use zeroize::Zeroizing;

use super::Companion;
use super::error::CompanionError;
use crate::base::{DraftId, Hasher, Millis, PersonId, Reading};
use crate::log::Private;
use crate::records::Kind;
use crate::store::{self, StoreError};

/// Under which name the key store authenticates.
const NAME: &str = "drafts";

/// A draft, as far as whoever is signed in may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which. An action that is recorded under this identifier ends the draft.
    pub id: DraftId,
    /// Whose; none if nobody was signed in.
    pub author: Option<PersonId>,
    /// What it is to become; none if a newer version has begun it.
    pub kind: Option<Kind>,
    /// When it last changed, by the wall clock.
    pub updated: Millis,
    /// What was typed; none if it is another person's.
    pub content: Option<Vec<u8>>,
}

impl Companion {
    /// Keeps what has been typed so far. To be called while people type, every two seconds at the least. One that has become an
    /// entry is not brought back.
    ///
    /// # Errors
    /// [`CompanionError::OthersDraft`] if somebody else has begun it, or the store's.
    pub fn save_draft(
        &mut self,
        id: DraftId,
        kind: Kind,
        content: &[u8],
        now: Reading,
    ) -> Result<(), CompanionError> {
        self.own_draft(id)?;
        let mut draft = store::Draft {
            id,
            author: self.signed_in(),
            kind: kind.code(),
            updated: now.wall,
            sealed: Vec::new(),
        };
        let key = self.draft_key(draft.author)?.ok_or(CompanionError::NotSignedIn)?;
        let sealed = key.seal(&mut *self.host.entropy, &about(&draft), content);
        draft.sealed = sealed.ok_or(StoreError::TooLarge)?;
        Ok(self.store.save_draft(&draft)?)
    }

    /// All drafts on this phone, the last changed first: one's own and those that nobody signed with what was typed, others' without.
    ///
    /// # Errors
    /// The store's or the key store's.
    pub fn drafts(&self) -> Result<Vec<Draft>, CompanionError> {
        self.store.drafts()?.iter().map(|draft| self.opened(draft)).collect()
    }

    /// Throws a draft away, because its author said so.
    ///
    /// # Errors
    /// [`CompanionError::OthersDraft`] if somebody else has begun it, or the store's.
    pub fn discard_draft(&mut self, id: DraftId) -> Result<(), CompanionError> {
        self.own_draft(id)?;
        Ok(self.store.discard_draft(id)?)
    }

    /// That a draft, if it is there, is nobody else's.
    pub(super) fn own_draft(&self, id: DraftId) -> Result<(), CompanionError> {
        match self.store.author_of_draft(id)? {
            Some(author) if Some(author) != self.signed_in() => Err(CompanionError::OthersDraft),
            _ => Ok(()),
        }
    }

    fn opened(&self, draft: &store::Draft) -> Result<Draft, CompanionError> {
        // One that was sealed before its author chose another PIN cannot be opened any more.
        let key = self.draft_key(draft.author)?;
        let content = key.and_then(|key| key.open(&about(draft), &draft.sealed));
        let store::Draft { id, author, kind, updated, .. } = *draft;
        Ok(Draft { id, author, kind: Kind::from_code(kind), updated, content })
    }

    /// What seals a person's drafts: made of their stretched PIN and this installation's secret, so that neither opens them without the
    /// other. None for a person who is not signed in.
    fn draft_key(&self, author: Option<PersonId>) -> Result<Option<Private>, CompanionError> {
        let guard = match (author, &self.session) {
            (None, _) => Zeroizing::new(Vec::new()),
            (Some(person), Some(session)) if session.person == person => session.guard.clone(),
            _ => return Ok(None),
        };
        let whose = author.map_or([0; 17], |person| {
            let mut whose = [1; 17];
            whose[1..].copy_from_slice(&person.0);
            whose
        });
        let message = Zeroizing::new([&whose[..], &guard].concat());
        let secret = Zeroizing::new(self.host.keys.mac(NAME, &message)?.0);
        Ok(Some(Private::new(&secret, b"dutylog/drafts/v1")))
    }
}

/// What a sealed draft is bound to: it cannot be passed off as another's, or as another.
fn about(draft: &store::Draft) -> [u8; 32] {
    let author = draft.author.map(|person| person.0);
    let hasher = Hasher::tagged("dutylog/draft/v1").with(&draft.id.0).with(&draft.kind.to_be_bytes());
    hasher.with(&[u8::from(author.is_some())]).with(&author.unwrap_or_default()).finish().0
}
