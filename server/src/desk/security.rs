//! Certificates and revocations: entries of HQ's chain, and what the door goes by.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, DeviceId, KeyId, PersonId, RecordId};
use dutylog_core::capture::{IssueCertificate, NamePhone, ReviewHeld, Revoke};
use dutylog_core::log::{Certificate, Claims, EntryRef, Role, Trust};
use dutylog_core::records::chain::{EntryMark, HeldDecision, PhoneNamed};
use dutylog_core::records::security::{Revocation, RevocationKind};
use dutylog_core::records::{Bytes, RecordKind, config};

use super::{Desk, DeskError};
use crate::ledger::{self, SiteScope};

impl Desk {
    /// Puts a certificate into the site's log, where every phone finds it; the door knows it first.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn certify(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        certificate: &Certificate,
    ) -> Result<EntryRef, DeskError> {
        self.certify_named(scope, by, certificate, "").await
    }

    /// The same, with what a phone says it is called, if anything.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn certify_named(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        certificate: &Certificate,
        label: &str,
    ) -> Result<EntryRef, DeskError> {
        self.0.ingest.ledger().add_certificate(scope, &certificate.bytes).await?;
        let (device, record) = (DeviceId(certificate.claims.subject), RecordId(certificate.claims.subject));
        let certificate = Bytes(certificate.bytes.clone());
        let mut actions = vec![IssueCertificate { record, certificate }.into()];
        if !label.trim().is_empty() {
            actions.push(NamePhone { named: PhoneNamed { device, label: label.trim().to_owned() } }.into());
        }
        self.act_all(scope, by, actions).await?.into_iter().next().ok_or(DeskError::Overtaken)
    }

    /// What was certified by these claims before, at whatever time; sees to it that the log has it, should that have failed.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn certified(
        &self,
        scope: SiteScope,
        claims: &Claims,
    ) -> Result<Option<Certificate>, DeskError> {
        let trust = self.0.views.trust(scope).await?;
        let same = |known: &&Certificate| Claims { issued: claims.issued, ..known.claims.clone() } == *claims;
        let Some(certificate) = trust.certificates().find(same).cloned() else { return Ok(None) };
        self.0.fold(scope).await?;
        let config = self.0.projector.known(scope, |known| known.config().clone()).await?;
        if !config.newest().certificates().any(|(_, logged)| logged.0 == certificate.bytes) {
            self.certify(scope, None, &certificate).await?;
        }
        Ok(Some(certificate))
    }

    /// Cuts a device or a person off: what the server holds of them now stands, what comes later is kept for review.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn revoke(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        subject: RecordId,
        kind: RevocationKind,
    ) -> Result<EntryRef, DeskError> {
        let (ledger, decided_at) = (self.0.ingest.ledger(), self.0.clock.now_ms());
        for key in self.device_keys(scope, subject).await? {
            ledger.revoke(scope, key, at_the_door(kind), decided_at).await?;
        }
        let cut = self.held_of(scope, subject).await?;
        let name = [&subject.0[..], &decided_at.to_be_bytes()].concat();
        let record = config::object_record(scope.site(), RecordKind::Revocation, &name);
        let revocation = Revocation { subject, kind, cut, decided_at, written_off: None };
        self.act(scope, by, Revoke { record, revocation }).await
    }

    /// The last entries held of every chain that a device wrote, or that a person may have written in.
    async fn held_of(&self, scope: SiteScope, subject: RecordId) -> Result<Vec<EntryMark>, DeskError> {
        self.0.fold(scope).await?;
        let ledger = self.0.ingest.ledger();
        let device: Vec<ChainId> =
            self.0.projector.known(scope, |known| known.chains_of(subject.0).collect()).await?;
        let mut cut = Vec::new();
        for (chain, heads) in
            ledger.heads(scope, Some(&device).filter(|d| !d.is_empty()).map(Vec::as_slice)).await?
        {
            for head in heads {
                let ends = ledger.chain(scope, chain, head.seq).await?;
                let end = ends.iter().find(|stored| stored.segment.header.id() == head.segment);
                let leaf = end.and_then(|stored| stored.segment.leaves().last().copied());
                cut.extend(leaf.map(|leaf| EntryMark { chain, seq: head.seq, mark: leaf.mark() }));
            }
        }
        Ok(cut)
    }

    /// Decides about entries that are held for review, and puts the decision on record. What a revoked phone delivered waits outside the log:
    /// accepted, it is taken in, and counts as soon as everybody who must confirm it has.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn review_held(
        &self,
        scope: SiteScope,
        by: Option<PersonId>,
        review: ReviewHeld,
    ) -> Result<EntryRef, DeskError> {
        let (first, last) = (review.first, review.last);
        let accepted = review.decision == HeldDecision::Accepted;
        let decided = self.act(scope, by, review).await?;
        let (ingest, now) = (&self.0.ingest, self.0.clock.now_ms());
        let mut aside = ingest.ledger().set_aside(scope).await?;
        aside.retain(|aside| {
            let header = &aside.segment.header;
            accepted && header.chain == last.chain && header.first <= last.seq && header.last() >= first
        });
        // A chain is taken in from its beginning.
        aside.sort_by_key(|aside| aside.segment.header.first);
        for aside in aside {
            ingest.confirm(scope, aside.segment.header.id(), now).await?;
        }
        self.0.fold(scope).await?;
        Ok(decided)
    }

    async fn device_keys(&self, scope: SiteScope, subject: RecordId) -> Result<Vec<KeyId>, DeskError> {
        let trust = self.0.views.trust(scope).await?;
        Ok(keys_of(&trust, subject).collect())
    }

    /// Makes the door go by what the log says: a restored database may have lost certificates and revocations that phones brought back.
    ///
    /// # Errors
    /// [`DeskError`]
    pub(super) async fn enforce(&self, scope: SiteScope) -> Result<(), DeskError> {
        let ledger = self.0.ingest.ledger();
        let config = self.0.projector.known(scope, |known| known.config().clone()).await?;
        let view = config.newest();
        let held = ledger.certificates(scope).await?;
        for (_, certificate) in view.certificates().filter(|(_, c)| !held.contains(&c.0)) {
            ledger.add_certificate(scope, &certificate.0).await?;
        }
        let (trust, known) = (self.0.views.trust(scope).await?, ledger.revocations(scope).await?);
        let revoked: BTreeMap<KeyId, RevocationKind> = view
            .revocations()
            .flat_map(|r| keys_of(&trust, r.subject).map(move |key| (key, r.kind)))
            .collect();
        for (key, kind) in revoked.into_iter().filter(|(key, _)| !known.contains_key(key)) {
            ledger.revoke(scope, key, at_the_door(kind), self.0.clock.now_ms()).await?;
        }
        Ok(())
    }
}

fn keys_of(trust: &Trust, subject: RecordId) -> impl Iterator<Item = KeyId> {
    let theirs = move |c: &&Certificate| c.claims.role == Role::Phone && c.claims.subject == subject.0;
    trust.certificates().filter(theirs).map(Certificate::id)
}

const fn at_the_door(kind: RevocationKind) -> ledger::RevocationKind {
    match kind {
        RevocationKind::Left => ledger::RevocationKind::Left,
        RevocationKind::Lost => ledger::RevocationKind::Lost,
        RevocationKind::Compromised => ledger::RevocationKind::Compromised,
    }
}
