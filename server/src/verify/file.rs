//! An exported file alone, held against the organisation's root key.

use dutylog_core::base::{OrgId, SiteId};
use dutylog_core::log::merkle::{Peaks, site_leaf};
use dutylog_core::log::{Proof, Proved, PublicKey, Trust};
use dutylog_core::sync::bundle::import;

use super::{Failed, Verified};

/// Verifies a proof of one entry or of a fork, from the root key alone.
///
/// # Errors
/// [`Failed::Proof`]
pub fn proof(bytes: &[u8], root: PublicKey) -> Result<Proved, Failed> {
    Ok(Proof::from_bytes(bytes)?.verify(root)?)
}

/// Verifies an exported file: every seal, every chain up to the root key, and, where it carries the server's promise, that nothing
/// is missing or in another order.
///
/// # Errors
/// [`Failed`]
pub fn file(bytes: &[u8], root: PublicKey) -> Result<Verified, Failed> {
    // Behind the eight bytes that say what it is: whose it is.
    let (org, site) = (bytes.get(8..24), bytes.get(24..40));
    let org = OrgId(org.and_then(|b| b.try_into().ok()).ok_or(Failed::Foreign)?);
    let site = SiteId(site.and_then(|b| b.try_into().ok()).ok_or(Failed::Foreign)?);
    let read = import(bytes, site, &Trust::new(org, root))?;
    let ids = read.arrivals.iter().map(|arrival| arrival.segment.header.id());
    let peaks = (0..).zip(ids).fold(Peaks::default(), |peaks, (at, id)| peaks.with(site_leaf(at, &id)));
    let promised = read.checkpoints.iter().map(|(checkpoint, _)| checkpoint.log);
    let promised: Vec<_> = promised.filter(|log| log.size == peaks.size()).collect();
    if promised.iter().any(|log| log.root != peaks.root()) {
        return Err(Failed::Root(site));
    }
    let (segments, complete) = (peaks.size(), promised.first().map(|log| log.size));
    Ok(Verified { site, segments, entries: read.entries, complete })
}
