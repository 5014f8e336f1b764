//! What is kept of one site, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dutylog_core::base::{ChainId, Digest, KeyId, OrgId, Seq};
use dutylog_core::log::{Head, Peaks, PublicKey};

use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, Heads, Reason, RestoreNotice, SiteState, Stored};
use crate::ledger::registry::{Code, Level, Nonce, Revocations};
use crate::ledger::row::Row;

/// One site.
#[derive(Debug, Clone)]
pub(super) struct SiteData {
    pub(super) state: SiteState,
    pub(super) rows: Vec<Arc<Row>>,
    pub(super) by_id: BTreeMap<Digest, usize>,
    pub(super) aside: BTreeMap<(Digest, Reason), Aside>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) revocations: Revocations,
    pub(super) codes: BTreeMap<Digest, (Code, Option<PublicKey>)>,
    pub(super) nonces: BTreeMap<KeyId, Nonce>,
    pub(super) budgets: BTreeMap<(KeyId, String), Level>,
    pub(super) notices: Vec<RestoreNotice>,
}

impl SiteData {
    pub(super) fn new(org: OrgId, epoch: u32) -> Self {
        Self {
            state: SiteState { org, epoch, peaks: Peaks::default(), backed_up: 0 },
            rows: Vec::new(),
            by_id: BTreeMap::new(),
            aside: BTreeMap::new(),
            certificates: Vec::new(),
            revocations: BTreeMap::new(),
            codes: BTreeMap::new(),
            nonces: BTreeMap::new(),
            budgets: BTreeMap::new(),
            notices: Vec::new(),
        }
    }

    pub(super) fn find(&self, id: &Digest) -> Result<Option<Stored>, LedgerError> {
        self.by_id.get(id).map(|at| self.rows[*at].open()).transpose()
    }

    pub(super) fn of_chain(&self, chain: ChainId) -> impl Iterator<Item = &Arc<Row>> {
        self.rows.iter().filter(move |row| row.chain == chain)
    }

    /// What awaits its body still, of every chain.
    pub(super) fn awaited(&self) -> impl Iterator<Item = (&Digest, &Aside)> {
        self.aside
            .iter()
            .filter(|((id, reason), _)| *reason == Reason::AwaitsBody && !self.by_id.contains_key(id))
            .map(|((id, _), aside)| (id, aside))
    }

    pub(super) fn last_of(&self, chain: ChainId, id: &Digest) -> Option<Seq> {
        let row = self.by_id.get(id).map(|at| &self.rows[*at]).filter(|row| row.chain == chain);
        let aside = || self.aside.get(&(*id, Reason::AwaitsBody)).map(|aside| &aside.segment.header);
        row.map(|row| row.last)
            .or_else(|| aside().filter(|header| header.chain == chain).map(|header| header.last()))
    }

    /// The ends of every branch: what nothing names as its predecessor.
    pub(super) fn heads(&self, wanted: impl Fn(ChainId) -> bool) -> Heads {
        let rows = self.rows.iter().map(|row| (row.chain, row.prev, Head { seq: row.last, segment: row.id }));
        let awaited = self.awaited().map(|(id, aside)| {
            let header = &aside.segment.header;
            (header.chain, header.prev, Head { seq: header.last(), segment: *id })
        });
        let all: Vec<_> = rows.chain(awaited).filter(|(chain, ..)| wanted(*chain)).collect();
        let named: BTreeSet<(ChainId, Digest)> = all.iter().map(|(chain, prev, _)| (*chain, *prev)).collect();
        let mut heads = Heads::new();
        for (chain, _, head) in all {
            if !named.contains(&(chain, head.segment)) {
                heads.entry(chain).or_default().push(head);
            }
        }
        heads.values_mut().for_each(|ends| ends.sort());
        heads
    }
}
