//! What the ledger knows about those who write: certificates, revocations, enrolment codes, nonces, budgets.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, KeyId, Millis, PersonId, Seq, SiteId};
use dutylog_core::log::{Header, PublicKey};

use super::Answer;
use super::scope::SiteScope;

/// Why a device was revoked; what is done with what comes later depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevocationKind {
    /// Its person left.
    Left,
    /// The phone is lost.
    Lost,
    /// The key is in wrong hands.
    Compromised,
}

impl RevocationKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Left, Self::Lost, Self::Compromised];

    /// How it is written in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Lost => "lost",
            Self::Compromised => "compromised",
        }
    }
}

/// A revoked key, and how far its chains are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Why.
    pub kind: RevocationKind,
    /// When it was decided, by the server's clock; for people to read, never to judge by.
    pub decided: Millis,
    /// The last number held of each of the key's chains when it was decided.
    pub cut: BTreeMap<ChainId, Seq>,
}

impl Revocation {
    /// Whether a segment lies behind the cut, and so was held before the decision.
    #[must_use]
    pub fn covers(&self, header: &Header) -> bool {
        self.cut.get(&header.chain).is_some_and(|last| header.last() <= *last)
    }
}

/// The revoked keys of a site.
pub type Revocations = BTreeMap<KeyId, Revocation>;

/// What an enrolment code lets its bearer enrol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Enrols {
    /// A phone.
    Phone,
    /// A person's key on a phone.
    Person(PersonId),
}

/// A one-time code, before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The digest of the code; the code itself is shown once and never stored.
    pub digest: Digest,
    /// What for.
    pub enrols: Enrols,
    /// Until when, by the server's clock.
    pub expires: Millis,
}

/// A single-use value that makes a signed request fresh.
pub use dutylog_core::sync::Nonce;

/// What is left of a budget, in thousandths of a unit, and when that was so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Thousandths of a unit.
    pub thousandths: i64,
    /// By the server's clock.
    pub at: Millis,
}

/// What devices, codes and budgets need of the place where the ledger is kept.
pub trait Registry: Send + Sync {
    /// Adds a certificate that was verified. Adding one twice is harmless.
    fn add_certificate<'a>(&'a self, scope: SiteScope, bytes: &'a [u8]) -> Answer<'a, ()>;

    /// The site's certificates in the order they were added, so that issuers come first.
    fn certificates(&self, scope: SiteScope) -> Answer<'_, Vec<Vec<u8>>>;

    /// Revokes a key, cutting its chains where they are held now. A key is revoked once; the first decision stays.
    fn revoke(&self, scope: SiteScope, key: KeyId, kind: RevocationKind, now: Millis) -> Answer<'_, ()>;

    /// The revoked keys.
    fn revocations(&self, scope: SiteScope) -> Answer<'_, Revocations>;

    /// Makes a one-time code valid.
    fn add_code(&self, scope: SiteScope, code: Code) -> Answer<'_, ()>;

    /// The site for which a code was made, whether it is still good or not.
    fn site_of_code(&self, code: Digest) -> Answer<'_, Option<SiteId>>;

    /// Uses a code up for a key. It is itself the right to enter, hence the bare site; none if there is no such code, it enrols
    /// something else, was used, or has expired: they look alike. To the key that used it, it opens again at any time: the answer
    /// may have been lost on its way.
    fn redeem<'a>(
        &'a self,
        site: SiteId,
        code: Digest,
        what: Enrols,
        key: &'a PublicKey,
        now: Millis,
    ) -> Answer<'a, Option<SiteScope>>;

    /// Puts a device's next nonce in the place of the one it presents. Says whether the presented one was the expected; the next one
    /// is set in either case, so a lost answer costs one retry and a copied request is worth nothing. A power cut may bring the one before
    /// back: a copy of the newest request is then worth what it was worth to its device, once.
    fn exchange_nonce(
        &self,
        scope: SiteScope,
        key: KeyId,
        presented: Option<Nonce>,
        next: Nonce,
    ) -> Answer<'_, bool>;

    /// What is left of a device's budget; none if it was never used.
    fn budget<'a>(&'a self, scope: SiteScope, key: KeyId, what: &'a str) -> Answer<'a, Option<Level>>;
}
