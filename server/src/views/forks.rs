//! Chains that contradict themselves: their branches, and what headquarters found.

use dutylog_core::base::{ChainId, Seq};
use dutylog_core::log::{BranchMap, Label};
use dutylog_core::merge::chain_record;
use dutylog_core::records::chain::{FORK_REVIEWED, ForkReview};

use super::said::Said;
use super::timeline::Line;
use super::{ViewError, Views};
use crate::ledger::{SiteScope, branches};

/// A chain that forked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkDetail {
    /// The chain.
    pub chain: ChainId,
    /// The first number at which it differs from itself.
    pub at: Seq,
    /// Its branches, in the order of their names.
    pub branches: Vec<Branch>,
    /// What headquarters found, oldest first; with the first of them the chain is closed.
    pub reviews: Vec<Said<ForkReview>>,
}

/// One branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its name: the first 8 bytes of its first entry's leaf.
    pub label: Label,
    /// Its first number.
    pub first: Seq,
    /// Its last number.
    pub last: Seq,
    /// Its first entry, once that is folded.
    pub line: Option<Line>,
}

impl Views {
    /// A chain's fork; none if it has not forked.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn fork(&self, scope: SiteScope, chain: ChainId) -> Result<Option<ForkDetail>, ViewError> {
        let map = branches(&*self.ledger, scope, chain).await?;
        let Some(at) = map.fork() else { return Ok(None) };
        let mut told = Vec::new();
        for (label, first) in map.branches() {
            let line = self.first_of(scope, chain, first, label).await?;
            told.push(Branch { label, first, last: last(&map, label, first), line });
        }
        let record = chain_record(chain);
        let behind = self.behind(scope, record).await?;
        let held = self.record(scope, record).await?;
        let reviews = behind.added(held.map(|held| held.added(FORK_REVIEWED)).unwrap_or_default());
        Ok(Some(ForkDetail { chain, at, branches: told, reviews }))
    }

    async fn first_of(
        &self,
        scope: SiteScope,
        chain: ChainId,
        seq: Seq,
        mark: Label,
    ) -> Result<Option<Line>, ViewError> {
        let Some((position, n)) = self.find_entry(scope, chain, seq, mark).await? else { return Ok(None) };
        Ok(self.entry(scope, position, n).await?.map(|entry| entry.line))
    }
}

fn last(map: &BranchMap, label: Label, first: Seq) -> Seq {
    map.last(label).unwrap_or(first)
}
