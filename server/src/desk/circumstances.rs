//! What HQ acts under: its chain's end, what it has folded, its clock.

use dutylog_core::base::{ChainId, Digest, Millis, Reading, Seq, ServerSample};
use dutylog_core::log::{Certificate, ClockEvidence, ConfigCite, Head, Header, Quality, SiteRoot, genesis};
use dutylog_core::records::chain::hq_chain;
use dutylog_core::records::config::SiteConfig;

use super::{DeskError, Parts};
use crate::ledger::SiteScope;

/// The moment at which HQ acts.
#[derive(Debug, Clone)]
pub(super) struct Circumstances {
    pub(super) scope: SiteScope,
    pub(super) epoch: u32,
    pub(super) chain: ChainId,
    /// HQ's certificate of this epoch.
    pub(super) device: Certificate,
    /// The last number of the chain; 0 before the first entry.
    pub(super) head: Seq,
    /// The identifier of the segment that ends there.
    pub(super) prev: Digest,
    /// The configuration that is folded.
    pub(super) config: SiteConfig,
    pub(super) cites: Option<ConfigCite>,
    /// The site's log as far as it is folded.
    pub(super) folded: SiteRoot,
    pub(super) at: Millis,
    pub(super) clock: ClockEvidence,
}

impl Circumstances {
    /// How things stand, everything folded that the log has.
    pub(super) async fn of(parts: &Parts, scope: SiteScope) -> Result<Self, DeskError> {
        let cursor = parts.fold(scope).await?;
        let ledger = parts.ingest.ledger();
        let epoch = ledger.state(scope).await?.epoch;
        let chain = hq_chain(scope.site(), epoch);
        let device = parts.certificate(scope, epoch).await?;
        let written = parts.guard.read(scope.site(), epoch)?;
        let heads = ledger.heads(scope, Some(&[chain])).await?;
        let head = heads.get(&chain).and_then(|heads| heads.iter().max()).copied();
        let start = Head { seq: 0, segment: genesis(&device, scope.site(), chain) };
        let Head { seq: head, segment: prev } = head.unwrap_or(start);
        if written > head {
            return Err(DeskError::RolledBack { site: scope.site(), epoch, held: head, written });
        }
        let (config, cites) =
            parts.projector.known(scope, |known| (known.config().clone(), known.newest_config())).await?;
        let cites = cites.map(|(chain, seq)| ConfigCite { chain, seq });
        let folded = ledger.root_at(scope, cursor).await?.ok_or(DeskError::Overtaken)?;
        let at = parts.clock.now_ms();
        let clock = parts.evidence(at);
        Ok(Self { scope, epoch, chain, device, head, prev, config, cites, folded, at, clock })
    }

    /// The header of HQ's next segment.
    pub(super) fn header(&self) -> Header {
        Header {
            org: self.device.claims.org,
            site: self.scope.site(),
            chain: self.chain,
            first: self.head + 1,
            count: 0,
            prev: self.prev,
            clock: self.clock,
            config: self.cites,
            checkpoint: (self.folded.size > 0).then_some(self.folded),
            seen: Vec::new(),
            root: Digest::default(),
            beyond: Vec::new(),
        }
    }
}

impl Parts {
    /// HQ's clock is the server's, to which all others are compared.
    fn evidence(&self, at: Millis) -> ClockEvidence {
        let Reading { wall, zone, mono, boot } =
            Reading { wall: at, zone: 0, mono: at.saturating_sub(self.began).max(0), boot: self.boot };
        let sample = Some(ServerSample { server: wall, mono, rtt: 0, boot });
        ClockEvidence { wall, zone, hlc: wall, hlc_counter: 0, mono, boot, quality: Quality::Sampled, sample }
    }

    /// HQ's certificate of an epoch at a site. Those of earlier epochs are made to be known as well: a restored database may have lost them.
    async fn certificate(&self, scope: SiteScope, epoch: u32) -> Result<Certificate, DeskError> {
        let ledger = self.ingest.ledger();
        let claims = |epoch| self.keys.headquarters_claims(scope.site(), epoch);
        let mut certificates = Vec::new();
        for claims in (1..=epoch).filter_map(claims) {
            // The same every time: the key signs the same bytes alike.
            certificates.push(self.keys.certify(claims)?);
        }
        let wanted: Vec<_> = certificates.iter().map(Certificate::id).collect();
        let trust = self.ingest.trust(scope, &wanted).await?;
        for certificate in certificates.iter().filter(|c| trust.get(c.id()).is_none()) {
            ledger.add_certificate(scope, &certificate.bytes).await?;
        }
        let known = claims(epoch).ok_or(DeskError::NoKey(epoch))?;
        certificates.pop().filter(|newest| newest.claims == known).ok_or(DeskError::NoKey(epoch))
    }
}
