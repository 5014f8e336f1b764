//! Reading in memory, and the few changes that concern a site as a whole.

use std::sync::PoisonError;

use dutylog_core::base::{ChainId, Digest, Millis, OrgId, Seq, SiteId};
use dutylog_core::log::SiteRoot;

use super::data::SiteData;
use super::writer::MemoryWriter;
use super::{Cell, MemoryLedger};
use crate::ledger::error::LedgerError;
use crate::ledger::model::{Aside, Fork, Heads, RestoreNotice, SiteState, Stored};
use crate::ledger::scope::SiteScope;
use crate::ledger::writer::SiteWriter;
use crate::ledger::{Answer, Ledger};

/// A position as an index; beyond the end if no vector can be so long.
fn index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Ledger for MemoryLedger {
    fn create_site(&self, scope: SiteScope, org: OrgId, _now: Millis) -> Answer<'_, ()> {
        Box::pin(async move {
            let epoch = self.epoch.lock().await;
            let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
            let cell = sites.entry(scope.site()).or_insert_with(|| Cell::new(SiteData::new(org, *epoch)));
            if cell.read().state.org == org { Ok(()) } else { Err(LedgerError::SiteExists) }
        })
    }

    fn sites(&self) -> Answer<'_, Vec<SiteId>> {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect();
        Box::pin(std::future::ready(Ok(sites)))
    }

    fn begin(&self, scope: SiteScope) -> Answer<'_, Box<dyn SiteWriter>> {
        Box::pin(async move {
            let open = self.cell(scope.site())?.open().await;
            Ok(Box::new(MemoryWriter { scope, open }) as Box<dyn SiteWriter>)
        })
    }

    fn state(&self, scope: SiteScope) -> Answer<'_, SiteState> {
        Box::pin(async move { Ok(self.read(scope)?.state.clone()) })
    }

    fn page(&self, scope: SiteScope, from: u64, max_bytes: usize) -> Answer<'_, Vec<Stored>> {
        Box::pin(async move {
            let data = self.read(scope)?;
            let mut weight = 0;
            let fits = data.rows.iter().skip(index(from)).take_while(|row| {
                let first = weight == 0;
                weight += row.weight();
                first || weight <= max_bytes
            });
            fits.map(|row| row.open()).collect()
        })
    }

    fn site_log(&self, scope: SiteScope, from: u64, to: u64) -> Answer<'_, Vec<Digest>> {
        Box::pin(async move {
            let data = self.read(scope)?;
            let count = index(to.saturating_sub(from));
            Ok(data.rows.iter().skip(index(from)).take(count).map(|row| row.id).collect())
        })
    }

    fn root_at(&self, scope: SiteScope, size: u64) -> Answer<'_, Option<SiteRoot>> {
        Box::pin(async move {
            let data = self.read(scope)?;
            Ok(match size.checked_sub(1) {
                None => Some(SiteRoot { size: 0, root: Digest::of(&[]) }),
                Some(last) => data.rows.get(index(last)).map(|row| SiteRoot { size, root: row.place.root }),
            })
        })
    }

    fn heads<'a>(&'a self, scope: SiteScope, chains: Option<&'a [ChainId]>) -> Answer<'a, Heads> {
        Box::pin(async move {
            Ok(self.read(scope)?.heads(|chain| chains.is_none_or(|wanted| wanted.contains(&chain))))
        })
    }

    fn segment(&self, scope: SiteScope, id: Digest) -> Answer<'_, Option<Stored>> {
        Box::pin(async move { self.read(scope)?.find(&id) })
    }

    fn chain(&self, scope: SiteScope, chain: ChainId, from: Seq) -> Answer<'_, Vec<Stored>> {
        Box::pin(async move {
            let data = self.read(scope)?;
            data.of_chain(chain).filter(|row| row.last >= from).map(|row| row.open()).collect()
        })
    }

    fn forks(&self, scope: SiteScope) -> Answer<'_, Vec<Fork>> {
        Box::pin(async move {
            let data = self.read(scope)?;
            let forks = data.rows.iter().filter_map(|row| {
                let at = row.fork?;
                Some(Fork { chain: row.chain, at, segment: row.id, position: row.place.position })
            });
            Ok(forks.collect())
        })
    }

    fn set_aside(&self, scope: SiteScope) -> Answer<'_, Vec<Aside>> {
        Box::pin(async move {
            let data = self.read(scope)?;
            let open = data.aside.iter().filter(|((id, _), _)| !data.by_id.contains_key(id));
            Ok(open.map(|(_, aside)| aside.clone()).collect())
        })
    }

    fn backed_up(&self, scope: SiteScope, size: u64) -> Answer<'_, ()> {
        Box::pin(self.update(scope, move |data| {
            data.state.backed_up = data.state.backed_up.max(size.min(data.state.peaks.size()));
        }))
    }

    fn restore_notices(&self, scope: SiteScope) -> Answer<'_, Vec<RestoreNotice>> {
        Box::pin(async move { Ok(self.read(scope)?.notices.clone()) })
    }

    fn epoch(&self) -> Answer<'_, u32> {
        Box::pin(async move { Ok(*self.epoch.lock().await) })
    }

    fn advance_epoch(&self, past: u32, now: Millis) -> Answer<'_, u32> {
        Box::pin(async move {
            let mut epoch = self.epoch.lock().await;
            let next = past.max(*epoch).checked_add(1).ok_or(LedgerError::OutOfRange)?;
            for cell in self.cells() {
                let mut open = cell.open().await;
                let log = open.data.state.log();
                open.data.notices.push(RestoreNotice { epoch: next, at: now, log });
                open.data.state.epoch = next;
                open.commit();
            }
            *epoch = next;
            Ok(next)
        })
    }
}
