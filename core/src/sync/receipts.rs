//! Receipts on their way: without what both ends know.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::message::ShortReceipt;
use crate::base::{ChainId, Digest, OrgId, Seq, SiteId};
use crate::log::{Envelope, EnvelopeKind, Head, Receipt, SealError, SiteRoot, Trust};

/// What the reader of an answer knows that receipts leave out.
#[derive(Debug, Clone)]
pub struct Known {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The answer's epoch.
    pub epoch: u32,
    /// The segments just offered, by chain and last number.
    pub offered: BTreeMap<(ChainId, Seq), Digest>,
    /// The site's log at the end of the answer's frame.
    pub end: SiteRoot,
}

impl ShortReceipt {
    /// Shortens a receipt for an answer: `offered` says whether the phone has just offered this very segment, `end` is the
    /// site's log at the end of the answer's frame.
    ///
    /// # Errors
    /// [`SealError`] if the envelope is not one.
    pub fn shorten(
        receipt: &Receipt,
        envelope: &[u8],
        offered: bool,
        end: SiteRoot,
    ) -> Result<Self, SealError> {
        let sealed = Envelope::parse(EnvelopeKind::Receipt, envelope)?;
        Ok(Self {
            chain: receipt.chain,
            seq: receipt.head.seq,
            segment: (!offered).then_some(receipt.head.segment),
            size: receipt.log.size,
            root: (receipt.log != end).then_some(receipt.log.root),
            received: receipt.received,
            key: sealed.key,
            signature: sealed.signature,
        })
    }

    /// Rebuilds and verifies the receipt; gives it with the exact bytes that are evidence.
    ///
    /// # Errors
    /// [`SealError`]: it proves nothing.
    pub fn expand(&self, known: &Known, trust: &Trust) -> Result<(Receipt, Vec<u8>), SealError> {
        let missing = SealError::BadEnvelope("a receipt for something else");
        let offered = || known.offered.get(&(self.chain, self.seq)).copied();
        let root = || (known.end.size == self.size).then_some(known.end.root);
        let receipt = Receipt {
            site: known.site,
            epoch: known.epoch,
            chain: self.chain,
            head: Head { seq: self.seq, segment: self.segment.or_else(offered).ok_or(missing)? },
            log: SiteRoot { size: self.size, root: self.root.or_else(root).ok_or(missing)? },
            received: self.received,
        };
        let Ok(bytes) = receipt.sign(known.org, self.key, |_| Ok::<_, Infallible>(self.signature));
        Ok((Receipt::verify(&bytes, trust)?, bytes))
    }
}
