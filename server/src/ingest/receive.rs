//! Receiving a push: judge, append under the site's lock, commit, and only then sign receipts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use dutylog_core::base::{Bug, Digest, KeyId, Millis, Seq, SiteId, planted};
use dutylog_core::log::{Receipt, SealError, Segment, Trust};
use tokio::sync::watch;

use super::admit::{self, Admission, admit_all};
use super::budget::{Budget, DROPPED_BYTES, DROPS, PUSHES};
use super::refusal::Refusal;
use crate::keys::ServerKeys;
use crate::ledger::{
    Appended, Aside, Ledger, LedgerError, Placed, Reason, Revocations, SiteScope, SiteWriter, append,
    append_header,
};

/// Why a push could not be answered. Nothing of it was taken; it can be made again.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The ledger could not answer.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A certificate of the site does not stand any more.
    #[error("a stored certificate cannot be verified: {0}")]
    Trust(#[from] SealError),
    /// The task broke off.
    #[error("receiving broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// What became of one pushed segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the log.
    Taken(Taken),
    /// It is not in the log; the refusal says whether it is kept.
    Refused(Refusal),
}

/// A segment of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Whether it came just now; a repeated push changes nothing.
    pub fresh: bool,
    /// The receipt and its envelope. None while something before it in its chain awaits its body: it would promise too much.
    pub receipt: Option<(Receipt, Vec<u8>)>,
    /// The first number at which it differs from what was held before.
    pub fork: Option<Seq>,
    /// How many entries need a newer server.
    pub opaque: u32,
}

impl Outcome {
    /// What the sender is to be told, if anything.
    #[must_use]
    pub fn remark(&self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(*refusal),
            Self::Taken(Taken { fork: Some(at), .. }) => Some(Refusal::ForkDetected { at: *at }),
            Self::Taken(Taken { opaque: entries @ 1.., .. }) => {
                Some(Refusal::StoredOpaque { entries: *entries })
            }
            Self::Taken(_) => None,
        }
    }

    /// The signed receipt, if it got one.
    #[must_use]
    pub fn receipt(&self) -> Option<&[u8]> {
        match self {
            Self::Taken(taken) => taken.receipt.as_ref().map(|(_, envelope)| &envelope[..]),
            Self::Refused(_) => None,
        }
    }
}

/// The door to the ledger; cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest {
    ledger: Arc<dyn Ledger>,
    keys: Arc<ServerKeys>,
    trusts: Arc<Mutex<BTreeMap<SiteId, Arc<Trust>>>>,
    news: watch::Sender<u64>,
}

/// An outcome whose receipt is not signed yet.
enum Verdict {
    Placed(Placed, u32),
    Refused(Refusal),
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

    /// Everything that is trusted at a site: the organisation's keys and the site's certificates. `wanted` are keys that must be
    /// looked up afresh if they are not known yet; certificates are only ever added.
    ///
    /// # Errors
    /// [`IngestError`]
    pub async fn trust(&self, scope: SiteScope, wanted: &[KeyId]) -> Result<Arc<Trust>, IngestError> {
        let known = self.trusts.lock().unwrap_or_else(PoisonError::into_inner).get(&scope.site()).cloned();
        if let Some(trust) = known.as_ref().filter(|t| wanted.iter().all(|key| t.get(*key).is_some())) {
            return Ok(Arc::clone(trust));
        }
        // What is known stays known: only what is new has to be verified.
        let mut trust = known.map_or_else(|| self.keys.trust(), |trust| Ok((*trust).clone()))?;
        let certificates = self.ledger.certificates(scope).await?;
        certificates.iter().try_for_each(|bytes| trust.add(bytes).map(drop))?;
        let trust = Arc::new(trust);
        if certificates.is_empty() {
            // Anybody may ask for a site that does not exist; nothing is remembered of it.
            return Ok(trust);
        }
        let mut trusts = self.trusts.lock().unwrap_or_else(PoisonError::into_inner);
        trusts.insert(scope.site(), Arc::clone(&trust));
        Ok(trust)
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

/// What a push costs its carrier.
fn costs(carrier: KeyId, segments: &[Segment], revoked: &Revocations) -> Vec<(Budget, i64)> {
    if !revoked.contains_key(&carrier) {
        return vec![(PUSHES, 1)];
    }
    let bytes: usize = segments.iter().flat_map(|segment| &segment.entries).map(Vec::len).sum();
    vec![(DROPS, 1), (DROPPED_BYTES, i64::try_from(bytes).unwrap_or(i64::MAX))]
}

/// Pays under the lock. Two pushes that both looked while there was room for one may both pass: the second goes into debt.
async fn pay(
    writer: &mut dyn SiteWriter,
    carrier: KeyId,
    costs: &[(Budget, i64)],
    now: Millis,
) -> Result<(), LedgerError> {
    for (budget, cost) in costs {
        let left = writer.budget(carrier, budget.name).await?;
        writer.set_budget(carrier, budget.name, budget.charge(left, *cost, now)).await?;
    }
    Ok(())
}

async fn enact(
    writer: &mut dyn SiteWriter,
    admission: Admission,
    carrier: KeyId,
    now: Millis,
) -> Result<Verdict, LedgerError> {
    match admission {
        Admission::Refuse(refusal) => Ok(Verdict::Refused(refusal)),
        Admission::SetAside { segment, reason } => put_aside(writer, *segment, reason, carrier, now).await,
        Admission::Append(proven) => {
            let opaque = u32::try_from(admit::opaque(proven.entries())).unwrap_or(u32::MAX);
            let appended = append(writer, &proven, now).await?;
            settle(writer, appended, proven.segment(), opaque, carrier, now).await
        }
        Admission::AwaitBody { segment, genesis } => {
            let appended = append_header(writer, &segment, &genesis, carrier, now).await?;
            settle(writer, appended, &segment, 0, carrier, now).await
        }
    }
}

async fn settle(
    writer: &mut dyn SiteWriter,
    appended: Appended,
    segment: &Segment,
    opaque: u32,
    carrier: KeyId,
    now: Millis,
) -> Result<Verdict, LedgerError> {
    match appended {
        Appended::Placed(placed) => Ok(Verdict::Placed(placed, opaque)),
        Appended::Gap { have } => Ok(Verdict::Refused(Refusal::Gap { have })),
        Appended::Awaited => Ok(Verdict::Refused(refusal(segment, Reason::AwaitsBody))),
        Appended::Broken => put_aside(writer, segment.clone(), Reason::BrokenLink, carrier, now).await,
    }
}

async fn put_aside(
    writer: &mut dyn SiteWriter,
    segment: Segment,
    reason: Reason,
    carrier: KeyId,
    now: Millis,
) -> Result<Verdict, LedgerError> {
    let refusal = refusal(&segment, reason);
    writer.set_aside(Aside { segment, reason, carrier, received: now }).await?;
    Ok(Verdict::Refused(refusal))
}

fn refusal(segment: &Segment, reason: Reason) -> Refusal {
    let header = &segment.header;
    Refusal::of(reason, header.first, header.last(), header.count)
}
