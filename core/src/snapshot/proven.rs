//! All that a snapshot says, proven before any of it is used.

use std::collections::{BTreeMap, BTreeSet};

use super::{Row, Snapshot, SnapshotError, Told};
use crate::base::{ChainId, SiteId};
use crate::log::{Peaks, Segment, Trust, genesis};
use crate::sync::verify::{Checked, verify};
use crate::sync::{Frame, FrameError};

/// What a snapshot has in front of its records, and the segments behind them: all proven.
#[derive(Debug)]
pub struct Proven<'b> {
    /// The snapshot, whose rows are those that were signed.
    pub snapshot: Snapshot<'b>,
    /// Its bytes.
    pub document: &'b [u8],
    /// The certificates by which all of it is proven, issuers first.
    pub certificates: Vec<Vec<u8>>,
    /// How far each chain is told, in the order by which rows number them.
    pub chains: Vec<Told>,
    /// The peaks of the site's log.
    pub peaks: Peaks,
    /// The segments behind the rows.
    pub segments: Vec<Segment>,
}

impl<'b> Proven<'b> {
    /// Proves a snapshot of a site by what is trusted.
    ///
    /// # Errors
    /// [`SnapshotError`] if any of it is not what the server signed, or does not hang together.
    pub fn of(document: &'b [u8], site: SiteId, mut trust: Trust) -> Result<Self, SnapshotError> {
        let snapshot = Snapshot::open(document, site, &trust)?;
        let (mut certificates, mut chains, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
        for row in snapshot.rows() {
            match row? {
                Row::Certificate(bytes) => certificates.push(bytes),
                Row::Head(told) => chains.push(told),
                Row::Peak(peak) => hashes.push(peak),
                // The records come after all of these.
                Row::Summary(..) => break,
                Row::Cell(..) | Row::Addition(..) => return Err(SnapshotError::Damaged),
            }
        }
        certificates.retain(|bytes| trust.add(bytes).is_ok());
        let peaks = Peaks::from_parts(snapshot.claims.log.size, hashes).ok_or(SnapshotError::Damaged)?;
        let segments = segments_of(&snapshot, site, &trust)?;
        check_chains(&chains, &segments, &trust)?;
        Ok(Self { snapshot, document, certificates, chains, peaks, segments })
    }
}

/// The segments behind the rows, each proven.
fn segments_of(snapshot: &Snapshot<'_>, site: SiteId, trust: &Trust) -> Result<Vec<Segment>, SnapshotError> {
    let mut all = Vec::new();
    for frame in snapshot.frames() {
        let frame = Frame::decode(trust.org, site, frame?).map_err(|_: FrameError| SnapshotError::Damaged)?;
        for checked in verify(frame.items, trust) {
            let Checked::Good(segment) = checked else { return Err(SnapshotError::Damaged) };
            all.push(*segment);
        }
    }
    Ok(all)
}

/// Checks that the segments are of the chains that are told, up to where they are told, and that whole chains are whole.
fn check_chains(chains: &[Told], segments: &[Segment], trust: &Trust) -> Result<(), SnapshotError> {
    let told: BTreeMap<ChainId, &Told> = chains.iter().map(|told| (told.chain, told)).collect();
    let mut ids = BTreeSet::new();
    for segment in segments {
        let header = &segment.header;
        let told = told.get(&header.chain).filter(|told| told.key == segment.key);
        let told = told.ok_or(SnapshotError::Damaged)?;
        let start = || trust.get(segment.key).map(|device| genesis(device, header.site, header.chain));
        let follows = ids.contains(&header.prev) || header.first == 1 && start() == Some(header.prev);
        let within = header.last() <= told.head.seq;
        if !within || told.whole && !follows || !ids.insert(header.id()) {
            return Err(SnapshotError::Damaged);
        }
    }
    let distinct = told.len() == chains.len();
    let whole = chains.iter().filter(|told| told.whole).all(|told| ids.contains(&told.head.segment));
    if distinct && whole { Ok(()) } else { Err(SnapshotError::Damaged) }
}
