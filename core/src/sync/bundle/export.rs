//! Writing a bundle, and choosing what goes into it.

use std::collections::{BTreeMap, BTreeSet};

use super::{BundleError, Evidence, FRAME, MAGIC, MAX_BUNDLE, part};
use crate::base::{ChainId, Digest, OrgId, SiteId};
use crate::log::pack::put;
use crate::log::{Head, Holdings, Segment, Unsent};
use crate::sync::frame::squeeze::squeeze;
use crate::sync::frame::{Fit, FrameWriter, Signatures};

/// The segments that somebody lacks: all that follow the heads he has, or everything that no receipt covers if nothing is known
/// of him.
///
/// # Errors
/// The holder's.
pub fn lacking<H: Holdings>(
    holdings: &H,
    theirs: Option<&BTreeMap<ChainId, Vec<Head>>>,
) -> Result<Vec<Segment>, H::Error> {
    let mut starts: Vec<(ChainId, Option<Digest>)> = Vec::new();
    match theirs {
        None => {
            let after = |u: Unsent| (u.chain, u.confirmed.map(|head| head.segment));
            starts.extend(holdings.unsent()?.into_iter().map(after));
        }
        Some(theirs) => {
            for (chain, ours) in holdings.heads()? {
                let known = theirs.get(&chain).map_or(&[][..], Vec::as_slice);
                if ours.iter().any(|head| !known.contains(head)) {
                    starts.push((chain, newest_held(known, holdings)?));
                }
            }
        }
    }
    let mut segments = Vec::new();
    for (chain, after) in starts {
        follow(chain, after, holdings, &mut segments)?;
    }
    Ok(segments)
}

fn newest_held<H: Holdings>(heads: &[Head], holdings: &H) -> Result<Option<Digest>, H::Error> {
    let mut newest: Option<Head> = None;
    for head in heads {
        if holdings.segment(&head.segment)?.is_some() {
            newest = newest.max(Some(*head));
        }
    }
    Ok(newest.map(|head| head.segment))
}

/// Everything of a chain after a segment, each segment once.
fn follow<H: Holdings>(
    chain: ChainId,
    mut after: Option<Digest>,
    holdings: &H,
    segments: &mut Vec<Segment>,
) -> Result<(), H::Error> {
    let mut seen = BTreeSet::new();
    loop {
        let batch = holdings.segments_after(chain, after, FRAME)?;
        let Some(newest) = batch.last().map(|s| s.header.id()) else { return Ok(()) };
        let before = seen.len();
        segments.extend(batch.into_iter().filter(|s| seen.insert(s.header.id())));
        if seen.len() == before {
            return Ok(());
        }
        after = Some(newest);
    }
}

/// Writes a bundle.
///
/// # Errors
/// [`BundleError::TooLarge`]
pub fn export(
    org: OrgId,
    site: SiteId,
    evidence: &Evidence,
    segments: &[Segment],
) -> Result<Vec<u8>, BundleError> {
    let entries: u64 = segments.iter().map(|s| s.entries.len() as u64).sum();
    let mut out = [&MAGIC[..], &org.0, &site.0, &entries.to_be_bytes()].concat();
    part(&mut out, &squeeze(&evidence.to_bytes(), 9));
    let mut rest = segments;
    while !rest.is_empty() {
        let mut writer = FrameWriter::new(Signatures::All, None).limit(FRAME);
        let taken = rest.iter().take_while(|s| writer.segment(s) == Fit::Taken).count();
        if taken == 0 {
            return Err(BundleError::TooLarge);
        }
        part(&mut out, &writer.finish());
        rest = &rest[taken..];
    }
    put(&mut out, 0);
    let digest = Digest::of(&out);
    out.extend_from_slice(&digest.0);
    if out.len() > MAX_BUNDLE { Err(BundleError::TooLarge) } else { Ok(out) }
}
