//! Appending in memory.

use std::sync::Arc;

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Head, Peaks, Signature};

use super::Open;
use crate::ledger::Answer;
use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, SiteState, Stored};
use crate::ledger::registry::Level;
use crate::ledger::row::Row;
use crate::ledger::scope::SiteScope;
use crate::ledger::writer::SiteWriter;

/// A site under its lock.
#[derive(Debug)]
pub(super) struct MemoryWriter {
    pub(super) scope: SiteScope,
    pub(super) open: Open,
}

fn ready<T: Send + 'static>(answer: Result<T, LedgerError>) -> Answer<'static, T> {
    Box::pin(std::future::ready(answer))
}

impl SiteWriter for MemoryWriter {
    fn scope(&self) -> SiteScope {
        self.scope
    }

    fn state(&self) -> &SiteState {
        &self.open.data.state
    }

    fn find(&mut self, id: Digest) -> Answer<'_, Option<Stored>> {
        ready(self.open.data.find(&id))
    }

    fn last_of(&mut self, chain: ChainId, id: Digest) -> Answer<'_, Option<Seq>> {
        ready(Ok(self.open.data.last_of(chain, &id)))
    }

    fn highest(&mut self, chain: ChainId) -> Answer<'_, Seq> {
        let data = &self.open.data;
        let awaited = data.awaited().map(|(_, aside)| &aside.segment.header).filter(|h| h.chain == chain);
        let numbers = data.of_chain(chain).map(|row| row.last).chain(awaited.map(|header| header.last()));
        ready(Ok(numbers.max().unwrap_or(0)))
    }

    fn owner(&mut self, chain: ChainId) -> Answer<'_, Option<KeyId>> {
        let data = &self.open.data;
        let awaited = data.awaited().map(|(_, aside)| &aside.segment).find(|s| s.header.chain == chain);
        let key = data.of_chain(chain).next().map(|row| row.key).or(awaited.map(|segment| segment.key));
        ready(Ok(key))
    }

    fn overlapping(&mut self, chain: ChainId, from: Seq, to: Seq) -> Answer<'_, Vec<Stored>> {
        let rows = self.open.data.of_chain(chain).filter(|row| row.first <= to && row.last >= from);
        ready(rows.map(|row| row.open()).collect())
    }

    fn awaits_before(&mut self, chain: ChainId, first: Seq) -> Answer<'_, bool> {
        let mut awaited = self.open.data.awaited().map(|(_, aside)| &aside.segment.header);
        ready(Ok(awaited.any(|header| header.chain == chain && header.first < first)))
    }

    fn heads(&mut self, chain: ChainId) -> Answer<'_, Vec<Head>> {
        ready(Ok(self.open.data.heads(|c| c == chain).remove(&chain).unwrap_or_default()))
    }

    fn push(&mut self, row: Row, peaks: Peaks) -> Answer<'_, ()> {
        let data = &mut self.open.data;
        data.by_id.insert(row.id, data.rows.len());
        data.rows.push(Arc::new(row));
        data.state.peaks = peaks;
        ready(Ok(()))
    }

    fn complete(&mut self, id: Digest, signature: Signature) -> Answer<'_, ()> {
        let data = &mut self.open.data;
        if let Some(row) = data.by_id.get(&id).and_then(|at| data.rows.get_mut(*at)) {
            let row = Arc::make_mut(row);
            row.signature = row.signature.or(Some(signature.0));
        }
        ready(Ok(()))
    }

    fn set_aside(&mut self, aside: Aside) -> Answer<'_, ()> {
        let name = (aside.segment.header.id(), aside.reason);
        self.open.data.aside.entry(name).or_insert(aside);
        ready(Ok(()))
    }

    fn budget<'a>(&'a mut self, key: KeyId, what: &'a str) -> Answer<'a, Option<Level>> {
        ready(Ok(self.open.data.budgets.get(&(key, what.to_owned())).copied()))
    }

    fn set_budget<'a>(&'a mut self, key: KeyId, what: &'a str, level: Level) -> Answer<'a, ()> {
        self.open.data.budgets.insert((key, what.to_owned()), level);
        ready(Ok(()))
    }

    fn commit(self: Box<Self>) -> Answer<'static, ()> {
        self.open.commit();
        ready(Ok(()))
    }
}
