//! What the projector keeps in memory of a site: all that judging the next entry leans on. It is nothing but a digest of rows
//! and of HQ's segments, and is loaded again from them whenever a transaction fails.

mod loading;
mod reading;

use std::collections::BTreeMap;
use std::sync::Arc;

use dutylog_core::base::ChainId;
use dutylog_core::log::{Certificate, Entry, EntryRef, Role, Trust};
use dutylog_core::merge::{Forks, Knowledge, Rejudge, Verdict};
use dutylog_core::records::Kind;

pub(super) use self::reading::{entries, judge_all, stored_at};
use super::chain::ChainRow;
use super::forks::branch_map;
use super::history::History;
use crate::database::Database;
use crate::ledger::{Ledger, SiteScope, Stored};
use crate::views::ViewError;

/// Where everything comes from.
#[derive(Clone)]
pub(super) struct Sources {
    pub(super) database: Database,
    pub(super) ledger: Arc<dyn Ledger>,
    /// The organisation's root key, and nothing else.
    pub(super) root: Trust,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources").field("root", &self.root).finish_non_exhaustive()
    }
}

/// What is known of a site up to a position of its log.
#[derive(Debug)]
pub(super) struct Mind {
    pub(super) scope: SiteScope,
    /// The next position to fold.
    pub(super) cursor: u64,
    pub(super) knowledge: Knowledge,
    pub(super) chains: BTreeMap<ChainId, ChainRow>,
    pub(super) history: History,
}

impl Mind {
    /// Maps the branches of a chain as far as it is folded. Says what must be folded again.
    pub(super) async fn learn_fork(
        &mut self,
        sources: &Sources,
        chain: ChainId,
        end: u64,
    ) -> Result<Option<Rejudge>, ViewError> {
        let mut segments = sources.ledger.chain(self.scope, chain, 1).await?;
        segments.retain(|s| s.place.position < end);
        let map = branch_map(&segments);
        if let Some(row) = self.chains.get_mut(&chain) {
            row.fork = map.fork();
        }
        Ok(self.knowledge.learn_fork(chain, map))
    }

    /// A chain's folded segments that end at `from` or later.
    pub(super) async fn folded(
        &self,
        sources: &Sources,
        chain: ChainId,
        from: u64,
    ) -> Result<Vec<Stored>, ViewError> {
        let mut segments = sources.ledger.chain(self.scope, chain, from).await?;
        segments.retain(|s| s.place.position < self.cursor);
        Ok(segments)
    }

    /// Whether a chain is HQ's own.
    pub(super) fn is_hq(&self, chain: ChainId) -> bool {
        self.knowledge.device(chain).is_some_and(|d| d.claims.role == Role::Headquarters)
    }

    /// The device of a segment, if its certificate is known.
    pub(super) fn device_of(&self, stored: &Stored) -> Option<Certificate> {
        self.knowledge.trust().get(stored.segment.key).cloned()
    }

    /// Learns from an entry that was judged, if anything leans on it. Says what must be judged again; none if nothing was learnt.
    pub(super) fn learn(&mut self, by: EntryRef, entry: &Entry, verdict: &Verdict) -> Option<Vec<Rejudge>> {
        let hq = self.is_hq(by.chain);
        let told = [Kind::SessionOpened, Kind::HeldReviewed].iter().any(|kind| entry.kind == kind.code());
        if !hq && !told {
            return None;
        }
        let added = match verdict {
            Verdict::Counts(plan) => Some(plan.apply(by, &BTreeMap::new(), &Forks::new()).additions),
            _ => None,
        };
        if let Some(added) = added.as_ref().filter(|_| hq) {
            self.history.learn(entry.at, added);
        }
        Some(self.knowledge.learn(by, entry.at, added.as_deref()))
    }
}
