//! Receiving a push: judge, append under the site's lock, commit, and only then sign receipts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use dutylog_core::base::{Bug, Digest, KeyId, Millis, SiteId, planted};
use dutylog_core::log::{Segment, Trust};
use tokio::sync::watch;

use super::admit::{self, Admission, admit_all};
use super::cost::{costs, pay};
use super::enact::{Verdict, enact};
use super::outcome::{IngestError, Outcome, Taken};
use super::refusal::Refusal;
use crate::keys::ServerKeys;
use crate::ledger::{Aside, Ledger, Placed, Reason, Revocations, SiteScope, SiteWriter};

/// The door to the ledger; cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest {
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) keys: Arc<ServerKeys>,
    pub(super) trusts: Arc<Mutex<BTreeMap<SiteId, Arc<Trust>>>>,
    news: watch::Sender<u64>,
}

impl Ingest {
    /// A door to this ledger, with the keys that sign for it.
    #[must_use]
    pub fn new(ledger: Arc<dyn Ledger>, keys: Arc<ServerKeys>) -> Self {
        Self { ledger, keys, trusts: Arc::default(), news: watch::Sender::new(0) }
    }

    /// The ledger behind it.
    #[must_use]
    pub fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.ledger
    }

    /// Changes after every push that added to a log: a hint for those who follow by cursor.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Tells the followers that a log has grown by another way than [`Self::push`].
    pub fn announce(&self) {
        self.news.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Takes what a device brought, its own segments and other phones'. One outcome for each segment, in order; a bad one never
    /// holds up the others. All that was taken is durable before this returns.
    ///
    /// The work goes on if the caller goes away: a request cut off never leaves a push half done.
    ///
    /// # Errors
    /// [`IngestError`]; then nothing was taken.
    pub async fn push(
        &self,
        scope: SiteScope,
        carrier: KeyId,
        segments: Vec<Segment>,
        now: Millis,
    ) -> Result<Vec<Outcome>, IngestError> {
        let this = self.clone();
        tokio::spawn(async move { this.receive(scope, carrier, segments, now).await }).await?
    }

    /// Why a device may not read at this site, if it may not.
    ///
    /// # Errors
    /// [`IngestError`]
    pub async fn may_read(&self, scope: SiteScope, device: KeyId) -> Result<Option<Refusal>, IngestError> {
        Ok(admit::may_read(device, &self.ledger.revocations(scope).await?))
    }

    /// Takes into the log a segment that was held for review, once people have confirmed it. Its chain's order holds here too: what
    /// comes before it is confirmed first. None if nothing of this identifier waits for review.
    ///
    /// # Errors
    /// [`IngestError`]
    pub async fn confirm(
        &self,
        scope: SiteScope,
        id: Digest,
        now: Millis,
    ) -> Result<Option<Outcome>, IngestError> {
        let aside = self.ledger.set_aside(scope).await?;
        let waits = |aside: &Aside| aside.reason == Reason::Review && aside.segment.header.id() == id;
        let Some(Aside { segment, carrier, .. }) = aside.into_iter().find(waits) else { return Ok(None) };
        let this = self.clone();
        let confirm = async move {
            let admissions = this.judge(scope, vec![segment], Revocations::new()).await?;
            let mut writer = this.ledger.begin(scope).await?;
            let mut verdicts = Vec::new();
            for admission in admissions {
                verdicts.push(enact(&mut *writer, admission, carrier, now).await?);
            }
            this.conclude(writer, verdicts).await
        };
        Ok(tokio::spawn(confirm).await??.pop())
    }

    async fn receive(
        &self,
        scope: SiteScope,
        carrier: KeyId,
        segments: Vec<Segment>,
        now: Millis,
    ) -> Result<Vec<Outcome>, IngestError> {
        let revoked = self.ledger.revocations(scope).await?;
        let costs = costs(carrier, &segments, &revoked);
        // Looked at before the costly part, and paid under the lock.
        for (budget, cost) in &costs {
            let left = self.ledger.budget(scope, carrier, budget.name).await?;
            if let Err(retry_after_s) = budget.spend(left, *cost, now) {
                return Ok(vec![Outcome::Refused(Refusal::TooMany { retry_after_s }); segments.len()]);
            }
        }
        let (mut writer, admissions) = self.judged(scope, segments, revoked).await?;
        pay(&mut *writer, carrier, &costs, now).await?;
        let mut verdicts = Vec::with_capacity(admissions.len());
        for admission in admissions {
            verdicts.push(enact(&mut *writer, admission, carrier, now).await?);
        }
        self.conclude(writer, verdicts).await
    }

    /// Judges, and takes the site's lock. What was judged by rights that somebody cut meanwhile is judged again: under the lock nobody
    /// cuts any.
    async fn judged(
        &self,
        scope: SiteScope,
        segments: Vec<Segment>,
        mut revoked: Revocations,
    ) -> Result<(Box<dyn SiteWriter>, Vec<Admission>), IngestError> {
        loop {
            let admissions = self.judge(scope, segments.clone(), revoked.clone()).await?;
            let writer = self.ledger.begin(scope).await?;
            let now_revoked = self.ledger.revocations(scope).await?;
            if now_revoked == revoked {
                return Ok((writer, admissions));
            }
            revoked = now_revoked;
        }
    }

    /// Verifies off the threads that serve requests: signatures and hashes take their time.
    async fn judge(
        &self,
        scope: SiteScope,
        segments: Vec<Segment>,
        revoked: Revocations,
    ) -> Result<Vec<Admission>, IngestError> {
        let wanted: Vec<KeyId> = segments.iter().map(|segment| segment.key).collect();
        let trust = self.trust(scope, &wanted).await?;
        let org = self.keys.org();
        let judge = move || admit_all(segments, org, scope, &trust, &revoked);
        Ok(tokio::task::spawn_blocking(judge).await?)
    }

    /// Commits, and then signs: a receipt never says what a lost commit would make untrue.
    async fn conclude(
        &self,
        writer: Box<dyn SiteWriter>,
        verdicts: Vec<Verdict>,
    ) -> Result<Vec<Outcome>, IngestError> {
        let fresh = verdicts.iter().any(|v| matches!(v, Verdict::Placed(Placed { fresh: true, .. }, _)));
        if planted(Bug::ReceiptBeforeCommit) {
            let outcomes = verdicts.into_iter().map(|verdict| self.sign(verdict)).collect();
            tokio::spawn(writer.commit());
            return Ok(outcomes);
        }
        writer.commit().await?;
        if fresh {
            self.announce();
        }
        Ok(verdicts.into_iter().map(|verdict| self.sign(verdict)).collect())
    }

    fn sign(&self, verdict: Verdict) -> Outcome {
        match verdict {
            Verdict::Refused(refusal) => Outcome::Refused(refusal),
            Verdict::Placed(placed, opaque) => {
                let envelope = || self.keys.sign_receipt(&placed.receipt);
                let receipt = placed.complete.then(|| (placed.receipt.clone(), envelope()));
                Outcome::Taken(Taken { fresh: placed.fresh, receipt, fork: placed.fork, opaque })
            }
        }
    }
}
