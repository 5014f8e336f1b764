//! Who said what: every value a page shows leads to the entry behind it, and every signature is checked again when it is shown.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, KeyId, PersonId, RecordId, Seq};
use dutylog_core::log::{EntryRef, Purpose, Statement, Trust};
use dutylog_core::merge::{Added, Written};

use super::timeline::{Filter, Line};
use super::{Mark, Times, ViewError, Views};
use crate::ledger::SiteScope;

/// How many entries a record's page looks through at most.
const MOST: u32 = 10_000;

/// A value, and the entry that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// The entry; none if it is not among those folded (a view that is being built).
    pub entry: Option<Mark>,
    /// Its identity, by which it is found for ever.
    pub by: Option<EntryRef>,
    /// Who.
    pub author: Option<PersonId>,
    /// When.
    pub times: Option<Times>,
}

/// The entries behind a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind(BTreeMap<(ChainId, Seq, [u8; 8]), Line>);

/// What checking a signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureCheck {
    /// Whether the person's own key, as certified, signed exactly this.
    pub valid: bool,
    /// The key's certificate.
    pub key: Option<KeyId>,
    /// Whether that certificate was given by the lead for the time being.
    pub provisional: bool,
    /// The digest that was signed.
    pub digest: Option<Digest>,
}

impl SignatureCheck {
    const NONE: Self = Self { valid: false, key: None, provisional: false, digest: None };

    /// The same, but valid only if it is of this digest.
    #[must_use]
    pub fn of(self, digest: Digest) -> Self {
        Self { valid: self.valid && self.digest == Some(digest), ..self }
    }
}

impl Behind {
    fn find(&self, chain: ChainId, seq: Seq, mark: [u8; 8]) -> Option<&Line> {
        self.0.get(&(chain, seq, mark))
    }

    /// The line of an entry.
    #[must_use]
    pub fn line(&self, by: EntryRef) -> Option<&Line> {
        self.find(by.chain, by.seq, by.leaf.mark())
    }

    /// All of them, oldest first by the best that is known of their times.
    #[must_use]
    pub fn lines(&self) -> Vec<&Line> {
        let mut lines: Vec<_> = self.0.values().collect();
        lines.sort_by_key(|line| line.mark);
        lines
    }

    /// Values of a field with who wrote them: several while nobody has settled them.
    #[must_use]
    pub fn written<T>(&self, written: Vec<Written<T>>) -> Vec<Said<T>> {
        let said = |w: Written<T>| {
            let line = self.find(w.version.actor.chain, w.version.seq, w.version.mark);
            said(w.value, line)
        };
        written.into_iter().map(said).collect()
    }

    /// Additions with who made them, in the order of what is known of their times.
    #[must_use]
    pub fn added<T>(&self, added: Vec<Added<T>>) -> Vec<Said<T>> {
        let mut all: Vec<_> = added.into_iter().map(|a| said(a.value, self.line(a.by))).collect();
        all.sort_by_key(|s| s.entry);
        all
    }
}

fn said<T>(value: T, line: Option<&Line>) -> Said<T> {
    Said {
        value,
        entry: line.map(|l| l.mark),
        by: line.map(|l| l.by),
        author: line.and_then(|l| l.author),
        times: line.map(|l| l.times),
    }
}

impl Views {
    /// The entries behind a record, those that do not count included.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn behind(&self, scope: SiteScope, record: RecordId) -> Result<Behind, ViewError> {
        let filter = Filter { record: Some(record), ..Filter::default() };
        let lines = self.timeline(scope, &filter, None, MOST).await?.lines;
        let key = |by: EntryRef| (by.chain, by.seq, by.leaf.mark());
        Ok(Behind(lines.into_iter().map(|line| (key(line.by), line)).collect()))
    }

    /// Checks the statement that an entry carries against the person's certificate.
    ///
    /// # Errors
    /// [`ViewError`]
    pub(super) async fn check_signature(
        &self,
        scope: SiteScope,
        trust: &Trust,
        entry: Option<Mark>,
        purpose: Purpose,
    ) -> Result<SignatureCheck, ViewError> {
        let Some(mark) = entry else { return Ok(SignatureCheck::NONE) };
        let Some((stored, entry)) = self.evidence(scope, mark).await? else {
            return Ok(SignatureCheck::NONE);
        };
        let header = &stored.segment.header;
        let Some(device) = trust.get(stored.segment.key) else { return Ok(SignatureCheck::NONE) };
        let checked = Statement::verify_carried(&entry, header.chain, device, trust);
        Ok(checked.map_or(SignatureCheck::NONE, |(statement, certificate)| SignatureCheck {
            valid: statement.purpose == purpose,
            key: Some(certificate.id()),
            provisional: certificate.claims.provisional,
            digest: Some(statement.digest),
        }))
    }
}
