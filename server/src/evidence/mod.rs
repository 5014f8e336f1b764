//! Evidence to hand out: proofs of single entries and of forks (`core/docs/log-format.md` section 10), made from the ledger alone.

mod signers;

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::merkle::{inclusion, site_leaf};
use dutylog_core::log::{Claim, Entry, Proof, Segment, Shown, Statement, Trust};

use crate::keys::ServerKeys;
use crate::ledger::{Fork, Ledger, LedgerError, SiteScope, Stored};

/// Makes proofs.
#[derive(Debug, Clone, Copy)]
pub struct Prover<'a> {
    /// The log.
    pub ledger: &'a dyn Ledger,
    /// The key that signs receipts.
    pub keys: &'a ServerKeys,
    /// Everybody who is certified at the site.
    pub trust: &'a Trust,
    /// The site.
    pub scope: SiteScope,
}

impl Prover<'_> {
    /// The proof of one entry: that its device sealed it, and that the server holds it. None if there is no such entry. Without a mark it is
    /// the one of this number that came first.
    ///
    /// # Errors
    /// [`LedgerError`]
    pub async fn entry(
        &self,
        chain: ChainId,
        seq: Seq,
        mark: Option<[u8; 8]>,
    ) -> Result<Option<Proof>, LedgerError> {
        let segments = self.ledger.chain(self.scope, chain, seq).await?;
        let wanted = |stored: &&Stored| {
            leaf(stored, seq).is_some_and(|leaf| mark.is_none_or(|mark| leaf.mark() == mark))
        };
        let Some(stored) = segments.iter().find(wanted) else { return Ok(None) };
        let Some(shown) = shown(&segments, stored, seq) else { return Ok(None) };
        let place = stored.place;
        let ids = self.ledger.site_log(self.scope, 0, place.position + 1).await?;
        let leaves: Vec<_> = (0..).zip(&ids).map(|(at, id)| site_leaf(at, id)).collect();
        let receipt = self.keys.sign_receipt(&place.receipt(&stored.segment.header));
        let path = inclusion(&leaves, leaves.len().saturating_sub(1));
        let mut signers = vec![stored.segment.key];
        signers.extend(self.author(stored, seq));
        signers.push(self.keys.log_key());
        Ok(Some(self.proof(&signers, Claim::Entry { shown, receipt, path })))
    }

    /// The proof that a chain has forked, at the first number at which it has. None if it has not, as far as the log shows.
    ///
    /// # Errors
    /// [`LedgerError`]
    pub async fn fork(&self, chain: ChainId) -> Result<Option<Proof>, LedgerError> {
        let forks = self.ledger.forks(self.scope).await?;
        let first = forks.into_iter().filter(|fork| fork.chain == chain).min_by_key(|fork| fork.at);
        let Some(Fork { at, segment, .. }) = first else { return Ok(None) };
        let segments = self.ledger.chain(self.scope, chain, at).await?;
        let second = segments.iter().find(|stored| stored.segment.header.id() == segment);
        let differs = second.and_then(|second| leaf(second, at));
        let other = segments.iter().find(|stored| leaf(stored, at).is_some_and(|l| Some(l) != differs));
        let (Some(one), Some(two)) = (other, second) else { return Ok(None) };
        let (Some(a), Some(b)) = (shown(&segments, one, at), shown(&segments, two, at)) else {
            return Ok(None);
        };
        let signers: Vec<_> = [one, two]
            .into_iter()
            .flat_map(|stored| [Some(stored.segment.key), self.author(stored, at)])
            .flatten()
            .collect();
        Ok(Some(self.proof(&signers, Claim::Fork([a, b]))))
    }

    fn proof(&self, signers: &[KeyId], claim: Claim) -> Proof {
        Proof { org: self.keys.org(), certificates: signers::certificates(self.trust, signers), claim }
    }

    /// Whose own signature an entry carries, if it is good.
    fn author(&self, stored: &Stored, seq: Seq) -> Option<KeyId> {
        let header = &stored.segment.header;
        let bytes = stored.segment.entries.bytes().get(place_of(header.first, seq)?)?;
        let (entry, device) = (Entry::from_bytes(bytes).ok()?, self.trust.get(stored.segment.key)?);
        let carried = Statement::verify_carried(&entry, header.chain, device, self.trust).ok()?;
        Some(carried.1.id())
    }
}

fn place_of(first: Seq, seq: Seq) -> Option<usize> {
    usize::try_from(seq.checked_sub(first)?).ok()
}

/// The leaf that a segment has under a number.
fn leaf(stored: &Stored, seq: Seq) -> Option<Digest> {
    let at = place_of(stored.segment.header.first, seq)?;
    stored.segment.entries.leaves().get(at).copied()
}

/// An entry with the signature that covers it: its own segment's, or that of the first behind it that came with one.
fn shown(segments: &[Stored], stored: &Stored, seq: Seq) -> Option<Shown> {
    let mut run: Vec<Segment> = vec![stored.segment.clone()];
    while let Some(last) = run.last().filter(|segment| segment.signature.is_none()) {
        let id = last.header.id();
        let next = segments.iter().find(|stored| stored.segment.header.prev == id)?;
        run.push(next.segment.clone());
    }
    Shown::of(&run, seq)
}
