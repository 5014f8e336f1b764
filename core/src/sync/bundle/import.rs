//! Reading a bundle: all or nothing.

use std::collections::BTreeSet;

use super::{BundleError, Evidence, MAGIC, MAX_BUNDLE, Unproven};
use crate::base::{Digest, OrgId, SiteId};
use crate::log::pack::Cursor;
use crate::log::{Arrival, Checkpoint, Receipt, Segment, Trust};
use crate::sync::frame::{Frame, FrameError, Item};
use crate::sync::verify::{Checked, verify};

/// Bytes before the parts: magic, organisation, site, number of entries.
const HEAD: usize = 8 + 16 + 16 + 8;
/// Bytes after them: the digest of all before.
const DIGEST: usize = 32;

/// What a bundle held, all of it proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The segments, to be absorbed.
    pub arrivals: Vec<Arrival>,
    /// How many entries they have.
    pub entries: u64,
    /// Certificates that were not known, issuers first.
    pub certificates: Vec<Vec<u8>>,
    /// What the server promised to whoever made the bundle: to be held against what is known here.
    pub checkpoints: Vec<(Checkpoint, Vec<u8>)>,
    /// Receipts, with their bytes.
    pub receipts: Vec<(Receipt, Vec<u8>)>,
}

/// Reads and proves a bundle against what is trusted here; all or nothing.
///
/// # Errors
/// [`BundleError`]
pub fn import(bytes: &[u8], site: SiteId, trust: &Trust) -> Result<Imported, BundleError> {
    if bytes.len() > MAX_BUNDLE {
        return Err(BundleError::TooLarge);
    }
    let all = open(bytes, trust.org, site)?;
    let parts = parts(bytes, trust.org, site, all)?;
    let Some((evidence, frames)) = parts.split_first() else { return Err(BundleError::Foreign) };
    let evidence = Evidence::from_bytes(evidence)?;
    let mut trust = trust.clone();
    let known: BTreeSet<_> = trust.certificates().map(|c| c.bytes.clone()).collect();
    let new = |c: &&Vec<u8>| !known.contains(*c);
    let proven = |c: &&Vec<u8>| trust.add(c).is_ok();
    let certificates = evidence.certificates.iter().filter(proven).filter(new).cloned().collect();
    let mut arrivals = Vec::new();
    for frame in frames {
        for checked in verify(Frame::decode(trust.org, site, frame)?.items, &trust) {
            arrivals.push(Arrival { position: None, segment: proven_segment(checked)? });
        }
    }
    let entries = arrivals.iter().map(|a| a.segment.entries.len() as u64).sum();
    if entries != all {
        return Err(BundleError::Damaged { readable: entries, all });
    }
    let checkpoints =
        evidence.checkpoints.iter().filter_map(|c| Some((Checkpoint::verify(c, &trust).ok()?, c.clone())));
    let receipts =
        evidence.receipts.iter().filter_map(|r| Some((Receipt::verify(r, &trust).ok()?, r.clone())));
    let checkpoints = checkpoints.filter(|(checkpoint, _)| checkpoint.site == site).collect();
    let receipts = receipts.filter(|(receipt, _)| receipt.site == site).collect();
    Ok(Imported { arrivals, entries, certificates, checkpoints, receipts })
}

fn proven_segment(checked: Checked) -> Result<Segment, BundleError> {
    match checked {
        Checked::Good(segment) => Ok(*segment),
        Checked::Hollow { fault, .. } | Checked::Bad(fault) => Err(BundleError::Unproven(Unproven {
            chain: fault.chain,
            first: fault.first,
            last: fault.last,
            cause: fault.cause,
        })),
        Checked::Held { .. } => Err(FrameError::Damaged("a bundle names what is not in it").into()),
    }
}

/// Checks the first bytes; says how many entries there should be.
fn open(bytes: &[u8], org: OrgId, site: SiteId) -> Result<u64, BundleError> {
    let mut head = Cursor(bytes);
    if head.fixed() != Ok(*MAGIC) {
        return Err(BundleError::Foreign);
    }
    let torn = |_| BundleError::Incomplete { readable: 0, all: 0 };
    let (made_by, made_for) = (OrgId(head.fixed().map_err(torn)?), SiteId(head.fixed().map_err(torn)?));
    let all = u64::from_be_bytes(head.fixed().map_err(torn)?);
    match () {
        () if made_by != org => Err(BundleError::OtherOrganisation),
        () if made_for != site => Err(BundleError::OtherSite),
        () => Ok(all),
    }
}

/// The parts of a whole bundle. Of one that is not whole, how much could be read.
fn parts(bytes: &[u8], org: OrgId, site: SiteId, all: u64) -> Result<Vec<&[u8]>, BundleError> {
    let mut rest = Cursor(&bytes[HEAD..]);
    let mut parts = Vec::new();
    let ended = loop {
        match rest.len() {
            Ok(0) => break true,
            Ok(len) => match rest.take(len) {
                Ok(part) => parts.push(part),
                Err(_) => break false,
            },
            Err(_) => break false,
        }
    };
    let body = bytes.len() - rest.0.len();
    if ended && rest.0.len() == DIGEST && Digest::of(&bytes[..body]).0[..] == *rest.0 {
        return Ok(parts);
    }
    let frames = parts.iter().skip(1).map_while(|part| Frame::decode(org, site, part).ok());
    let readable = frames.flat_map(|f| f.items).map(|item| match item {
        Item::Segment(segment) => segment.entries.len() as u64,
        Item::Held { .. } => 0,
    });
    let readable = readable.sum();
    let torn = !ended || rest.0.len() < DIGEST;
    Err(if torn { BundleError::Incomplete { readable, all } } else { BundleError::Damaged { readable, all } })
}
