//! Appending: how a verified segment, or a header whose body is missing, becomes part of a site's log.
//!
//! Written once, over [`SiteWriter`]; the engines only look up and store.

use std::collections::BTreeMap;

use dutylog_core::base::{Bug, Digest, KeyId, Millis, Seq, planted};
use dutylog_core::log::{Header, Held, Link, Receipt, Segment, diverges_at, link, merkle};

use super::error::LedgerError;
use super::model::{Aside, Place, Reason};
use super::proven::Proven;
use super::row::Row;
use super::writer::SiteWriter;

/// What became of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// In the log, now or since an earlier time.
    Placed(Placed),
    /// Its body is awaited; the chain goes on behind it.
    Awaited,
    /// What comes before it is not held; nothing was stored.
    Gap {
        /// The highest number held.
        have: Seq,
    },
    /// Its header contradicts itself; nothing was stored.
    Broken,
}

/// A segment of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Whether it came just now.
    pub fresh: bool,
    /// What its receipt says, once the transaction is durable.
    pub receipt: Receipt,
    /// Whether everything before it is held too. If not, a receipt would promise what is not true.
    pub complete: bool,
    /// The first number at which it differs from what was held before.
    pub fork: Option<Seq>,
}

/// Appends a verified segment. A segment that is held already changes nothing and gets the same receipt.
///
/// # Errors
/// [`LedgerError`]
pub async fn append(
    writer: &mut dyn SiteWriter,
    proven: &Proven,
    now: Millis,
) -> Result<Appended, LedgerError> {
    if let Some(stored) = writer.find(*proven.id()).await? {
        if let (None, Some(signature)) = (stored.segment.signature, proven.segment().signature) {
            writer.complete(*proven.id(), signature).await?;
        }
        return placed(writer, &stored.segment.header, stored.place, stored.fork, false).await;
    }
    let (trunk, fork) = match judge(writer, proven.segment(), proven.genesis()).await? {
        Link::Extends => (true, None),
        Link::Overlaps { to } => (false, compare(writer, proven, to).await?),
        Link::Gap { have } => return Ok(Appended::Gap { have }),
        Link::Broken | Link::Duplicate => return Ok(Appended::Broken),
    };
    let place = next_place(writer, proven.id(), now);
    if !(fork.is_some() && planted(Bug::OverwriteFork)) {
        store(writer, proven, place, trunk, fork).await?;
    }
    placed(writer, proven.header(), place, fork, true).await
}

/// Takes in a segment whose header is good and whose body is not: the chain goes on behind it, the body is asked for again.
///
/// # Errors
/// [`LedgerError`]
pub async fn append_header(
    writer: &mut dyn SiteWriter,
    segment: &Segment,
    genesis: &Digest,
    carrier: KeyId,
    now: Millis,
) -> Result<Appended, LedgerError> {
    let id = segment.header.id();
    if let Some(stored) = writer.find(id).await? {
        return placed(writer, &stored.segment.header, stored.place, stored.fork, false).await;
    }
    match judge(writer, segment, genesis).await? {
        Link::Gap { have } => Ok(Appended::Gap { have }),
        Link::Broken => Ok(Appended::Broken),
        Link::Extends | Link::Overlaps { .. } | Link::Duplicate => {
            let segment = segment.clone();
            writer.set_aside(Aside { segment, reason: Reason::AwaitsBody, carrier, received: now }).await?;
            Ok(Appended::Awaited)
        }
    }
}

async fn judge(
    writer: &mut dyn SiteWriter,
    segment: &Segment,
    genesis: &Digest,
) -> Result<Link, LedgerError> {
    let header = &segment.header;
    let prev_last = match header.prev == *genesis {
        true => Some(0),
        false => writer.last_of(header.chain, header.prev).await?,
    };
    let highest = writer.highest(header.chain).await?;
    let owner = writer.owner(header.chain).await?;
    Ok(link(header, segment.key, Held { already: false, prev_last, highest, owner }))
}

/// Where the leaves of a segment first differ from what is held under the same numbers, up to `to`.
async fn compare(writer: &mut dyn SiteWriter, proven: &Proven, to: Seq) -> Result<Option<Seq>, LedgerError> {
    let header = proven.header();
    let held = writer.overlapping(header.chain, header.first, to).await?;
    let mut leaves: BTreeMap<Seq, Vec<Digest>> = BTreeMap::new();
    for stored in &held {
        for (seq, leaf) in (stored.segment.header.first..).zip(stored.segment.leaves()) {
            leaves.entry(seq).or_default().push(leaf);
        }
    }
    let at = |seq| leaves.get(&seq).map_or(&[][..], Vec::as_slice);
    Ok(diverges_at(header.first, &proven.segment().leaves(), at))
}

fn next_place(writer: &dyn SiteWriter, id: &Digest, now: Millis) -> Place {
    let state = writer.state();
    let position = state.peaks.size();
    let root = state.peaks.clone().with(merkle::site_leaf(position, id)).root();
    Place { position, root, epoch: state.epoch, received: now }
}

async fn store(
    writer: &mut dyn SiteWriter,
    proven: &Proven,
    place: Place,
    trunk: bool,
    fork: Option<Seq>,
) -> Result<(), LedgerError> {
    let peaks = writer.state().peaks.clone().with(merkle::site_leaf(place.position, proven.id()));
    writer.push(Row::of(proven, place, trunk, fork), peaks).await
}

async fn placed(
    writer: &mut dyn SiteWriter,
    header: &Header,
    place: Place,
    fork: Option<Seq>,
    fresh: bool,
) -> Result<Appended, LedgerError> {
    let complete = !writer.awaits_before(header.chain, header.first).await?;
    Ok(Appended::Placed(Placed { fresh, receipt: place.receipt(header), complete, fork }))
}
