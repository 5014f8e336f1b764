//! The way in: a frame is read, its segments are handed to ingest, and what became of each is put into words.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use axum::http::StatusCode;
use dutylog_core::base::{ChainId, Digest, Seq};
use dutylog_core::log::{Receipt, Segment};
use dutylog_core::sync::serve::{Received, Unreadable};
use dutylog_core::sync::{self, Cause, Frame, Item, OutcomeKind, Request};

use crate::api::device::Device;
use crate::api::problems;
use crate::api::refused::Refused;
use crate::app::AppState;
use crate::http::Problem;
use crate::ingest::{Outcome, Refusal};
use crate::metrics::Metrics;

/// Reads the request; its segments are not judged yet, that is ingest's to do.
pub(super) async fn read(
    state: &AppState,
    device: &Device,
    body: Bytes,
) -> Result<(Received, Vec<Segment>), Refused> {
    let (org, site) = (state.api.keys.org(), device.scope.site());
    let request = Request::from_bytes(&body).map_err(|e| problems::unreadable(Unreadable::Wire(e)))?;
    let mut received = Received {
        segments: Vec::new(),
        hollow: Vec::new(),
        outcomes: Vec::new(),
        offered: BTreeMap::new(),
        request,
    };
    if received.request.frame.is_empty() {
        return Ok((received, Vec::new()));
    }
    let bytes = std::mem::take(&mut received.request.frame);
    // Off the threads that serve requests: unpacking takes its time.
    let decode = move || Frame::decode(org, site, &bytes);
    let frame = tokio::task::spawn_blocking(decode).await.map_err(|e| Problem::internal(&e))?;
    let frame = frame.map_err(|e| problems::unreadable(Unreadable::Frame(e)))?;
    learn(state, device, &frame.certificates).await?;
    let segments: Vec<Segment> = frame.items.into_iter().filter_map(segment).collect();
    received.offered = segments.iter().map(|s| (place(s), s.header.id())).collect();
    Ok((received, segments))
}

/// Only the server says "you hold this".
fn segment(item: Item) -> Option<Segment> {
    match item {
        Item::Segment(segment) => Some(*segment),
        Item::Held { .. } => None,
    }
}

fn place(segment: &Segment) -> (ChainId, Seq) {
    (segment.header.chain, segment.header.last())
}

/// Certificates that came along: a lead's provisional ones, or those a restored server lost. One that proves nothing is passed over.
async fn learn(state: &AppState, device: &Device, certificates: &[Vec<u8>]) -> Result<(), Problem> {
    let mut trust = (*device.trust).clone();
    for bytes in certificates {
        let ours = |c: &dutylog_core::log::Certificate| c.claims.site == Some(device.scope.site());
        if trust.add(bytes).is_ok_and(ours) && !device.trust.certificates().any(|c| c.bytes == *bytes) {
            state.api.ledger().add_certificate(device.scope, bytes).await?;
        }
    }
    Ok(())
}

/// Chain, first and last number, identifier and predecessor of a segment.
type Stretch = (ChainId, Seq, Seq, Digest, Digest);

/// What was pushed, and what became of it.
#[derive(Debug)]
pub(super) struct Pushed(Vec<Told>);

/// One segment.
#[derive(Debug)]
struct Told {
    chain: ChainId,
    first: Seq,
    last: Seq,
    id: Digest,
    prev: Digest,
    outcome: Outcome,
}

/// What an answer says of a push.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Of each segment that was not simply taken.
    pub(super) outcomes: Vec<sync::Outcome>,
    /// For the ends of the chains pushed.
    pub(super) receipts: Vec<(Receipt, Vec<u8>)>,
}

/// Hands the segments to ingest. All that was taken is durable when this returns.
pub(super) async fn store(
    state: &AppState,
    device: &Device,
    segments: Vec<Segment>,
) -> Result<Pushed, Refused> {
    if segments.is_empty() {
        return Ok(Pushed(Vec::new()));
    }
    let stretch = |s: &Segment| -> Stretch {
        (s.header.chain, s.header.first, s.header.last(), s.header.id(), s.header.prev)
    };
    let stretches: Vec<_> = segments.iter().map(stretch).collect();
    let strangers: Vec<Segment> = match device.epoch {
        1 => Vec::new(),
        _ => segments.iter().filter(|s| device.trust.get(s.key).is_none()).cloned().collect(),
    };
    let mut outcomes = state.api.ingest.push(device.scope, device.key, segments, device.now).await?;
    again(state, device, strangers, &mut outcomes).await?;
    if let Some(Outcome::Refused(refusal @ Refusal::TooMany { .. })) = outcomes.first() {
        return Err((*refusal).into());
    }
    count(&state.metrics, &stretches, &outcomes);
    let told = stretches.into_iter().zip(outcomes);
    let told =
        told.map(|((chain, first, last, id, prev), outcome)| Told { chain, first, last, id, prev, outcome });
    Ok(Pushed(told.collect()))
}

fn count(metrics: &Metrics, stretches: &[Stretch], outcomes: &[Outcome]) {
    for ((_, first, last, ..), outcome) in stretches.iter().zip(outcomes) {
        if matches!(outcome, Outcome::Taken(taken) if taken.fresh) {
            metrics.ingested(last - first + 1);
        }
        if let Some(remark) = outcome.remark() {
            metrics.remarked(remark.code());
        }
    }
}

/// A restored server may have lost certificates that HQ's own entries in this very push bring back: what was refused for want of them
/// is judged once more.
async fn again(
    state: &AppState,
    device: &Device,
    strangers: Vec<Segment>,
    outcomes: &mut [Outcome],
) -> Result<(), Refused> {
    let unknown = |outcome: &&mut Outcome| **outcome == Outcome::Refused(Refusal::UnknownDevice);
    let refused: Vec<&mut Outcome> = outcomes.iter_mut().filter(unknown).collect();
    if refused.is_empty() || refused.len() != strangers.len() {
        return Ok(());
    }
    state.desk.adopt(device.scope).await?;
    let judged = state.api.ingest.push(device.scope, device.key, strangers, device.now).await?;
    refused.into_iter().zip(judged).for_each(|(outcome, now)| *outcome = now);
    Ok(())
}

impl Pushed {
    /// Whether nothing was pushed.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The gravest remark there is on a segment.
    pub(super) fn gravest(&self) -> Option<(StatusCode, &'static str)> {
        let remarks = self.0.iter().filter_map(|told| told.outcome.remark());
        let gravest = remarks.max_by_key(status)?;
        Some((StatusCode::from_u16(status(&gravest)).ok()?, gravest.code()))
    }

    /// What an answer says of it.
    pub(super) fn said(&self) -> Said {
        Said { outcomes: self.0.iter().filter_map(Told::outcome).collect(), receipts: self.receipts() }
    }

    /// Receipts for the ends: what comes before an end, its receipt covers.
    fn receipts(&self) -> Vec<(Receipt, Vec<u8>)> {
        let taken = || self.0.iter().filter_map(Told::receipt);
        let followed: BTreeSet<Digest> = taken().map(|(told, _)| told.prev).collect();
        taken().filter(|(told, _)| !followed.contains(&told.id)).map(|(_, receipt)| receipt.clone()).collect()
    }
}

/// As a status of the whole: a segment by a stranger makes none of the device that carried it.
fn status(refusal: &Refusal) -> u16 {
    match refusal.status() {
        401 | 404 => 422,
        status => status,
    }
}

impl Told {
    fn receipt(&self) -> Option<(&Self, &(Receipt, Vec<u8>))> {
        match &self.outcome {
            Outcome::Taken(taken) => taken.receipt.as_ref().map(|receipt| (self, receipt)),
            Outcome::Refused(_) => None,
        }
    }

    fn outcome(&self) -> Option<sync::Outcome> {
        let remark = self.outcome.remark()?;
        let (first, last) = match remark {
            Refusal::Gap { have } => (0, have),
            Refusal::ForkDetected { at } => (at, self.last),
            _ => (self.first, self.last),
        };
        Some(sync::Outcome { chain: self.chain, kind: kind(&remark), first, last })
    }
}

fn kind(refusal: &Refusal) -> OutcomeKind {
    match refusal {
        Refusal::Gap { .. } => OutcomeKind::Gap,
        Refusal::ForkDetected { .. } => OutcomeKind::Fork,
        Refusal::HeldForReview { .. } | Refusal::DeviceRevoked => OutcomeKind::HeldForReview,
        Refusal::StoredOpaque { .. } | Refusal::UnknownForm => OutcomeKind::Opaque,
        Refusal::NotCanonical { .. } => OutcomeKind::Refused(Cause::NotCanonical),
        Refusal::TooDeep => OutcomeKind::Refused(Cause::TooDeep),
        Refusal::WrongSuite | Refusal::WeakKey => OutcomeKind::Refused(Cause::WrongSuite),
        Refusal::TooManyHeads => OutcomeKind::Refused(Cause::TooManyHeads),
        Refusal::BrokenLink => OutcomeKind::Refused(Cause::BrokenLink),
        Refusal::UnknownDevice => OutcomeKind::Refused(Cause::UnknownSigner),
        Refusal::NotFound => OutcomeKind::Refused(Cause::Elsewhere),
        Refusal::BadSegment { .. } | Refusal::TooMany { .. } => OutcomeKind::Refused(Cause::BadSegment),
    }
}
