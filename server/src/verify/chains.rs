//! Following chains: each segment is sealed by its device and names the one before it.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Segment, Trust, genesis};

/// What was seen of the chains so far.
#[derive(Debug, Default)]
pub(super) struct Chains {
    /// The last number of each segment.
    ends: BTreeMap<Digest, Seq>,
    /// The key that seals each chain.
    owners: BTreeMap<ChainId, KeyId>,
    /// Segments without a signature: proven once one that carries its own names them.
    unproven: BTreeMap<Digest, u64>,
}

impl Chains {
    /// Follows one segment.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn follow(&mut self, segment: &Segment, position: u64, trust: &Trust) -> Result<(), String> {
        let header = &segment.header;
        let device = trust.get(segment.key).ok_or("the device is not certified")?;
        segment.check_body().map_err(|error| error.to_string())?;
        match segment.signature {
            Some(_) => segment.check_seal(trust.org, header.site, device),
            None => segment.check_place(trust.org, header.site, device),
        }
        .map_err(|error| error.to_string())?;
        if *self.owners.entry(header.chain).or_insert(segment.key) != segment.key {
            return Err("another device goes on with the chain".into());
        }
        let start = genesis(device, header.site, header.chain);
        let before = if header.prev == start { Some(0) } else { self.ends.get(&header.prev).copied() };
        if before.map(|last| last + 1) != Some(header.first) {
            return Err("it does not follow what it names as the one before".into());
        }
        let id = header.id();
        self.ends.insert(id, header.last());
        self.unproven.remove(&header.prev);
        if segment.signature.is_none() {
            self.unproven.insert(id, position);
        }
        Ok(())
    }

    /// The first segment that nothing proves.
    pub(super) fn unproven(&self) -> Option<u64> {
        self.unproven.values().min().copied()
    }
}
