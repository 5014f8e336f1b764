//! The projector: follows a site's log by its cursor and keeps the views what the fold of it comes to.
//!
//! Each page of the log is judged, folded and written in one transaction with the cursor. An entry that cannot be folded is
//! kept with its reason and never stops those behind it. The rows are a function of the log: [`Projector::rebuild`] comes to the same
//! bytes, and what does not depend on arrival (cells, additions, summaries) is the same for every order of arrival.

mod again;
mod board;
mod chain;
mod clock;
mod dump;
mod forks;
mod history;
mod mind;
mod page;
mod row;
mod state;
mod totals;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use dutylog_core::base::SiteId;
use dutylog_core::log::Trust;
use dutylog_core::merge::Knowledge;
use tokio::sync::{Mutex, watch};

use self::mind::{Mind, Sources};
use self::page::Page;
use self::state::State;
use super::ViewError;
use crate::database::Database;
use crate::ledger::{Ledger, MayEnter, SiteScope};

/// Packed bytes of a page: some thousands of entries, so that the database's writer is held for a moment only.
const PAGE_BYTES: usize = 64 * 1024;

/// Keeps the views up to date. One for the process.
#[derive(Debug)]
pub struct Projector {
    sources: Sources,
    sites: std::sync::Mutex<BTreeMap<SiteId, Arc<Site>>>,
}

/// The fold reads every site; what it writes is still asked for site by site.
struct EverySite;

impl MayEnter for EverySite {
    fn may_enter(&self, _: SiteId) -> bool {
        true
    }
}

/// One site: what is known of it, and who waits for it to get on.
#[derive(Debug)]
struct Site {
    /// Held while the site is folded. Empty before the first time and after a failure.
    mind: Mutex<Option<Mind>>,
    cursor: watch::Sender<u64>,
}

impl Projector {
    /// A projector over a ledger, trusting the organisation's root key.
    #[must_use]
    pub const fn new(database: Database, ledger: Arc<dyn Ledger>, root: Trust) -> Self {
        let sources = Sources { database, ledger, root };
        Self { sources, sites: std::sync::Mutex::new(BTreeMap::new()) }
    }

    /// Folds what the site's log has beyond the cursor. Returns the next position to fold.
    ///
    /// # Errors
    /// [`ViewError`]; what was folded before stays folded.
    pub async fn catch_up(&self, scope: SiteScope) -> Result<u64, ViewError> {
        self.fold_to(scope, u64::MAX).await
    }

    /// The same, but nothing at or behind a position.
    ///
    /// # Errors
    /// [`ViewError`]; what was folded before stays folded.
    pub async fn fold_to(&self, scope: SiteScope, end: u64) -> Result<u64, ViewError> {
        let site = self.site(scope);
        let mut held = site.mind.lock().await;
        loop {
            // Taken out: a failure leaves nothing behind that the database does not know.
            let mut mind = match held.take() {
                Some(mind) => mind,
                None => Mind::load(&self.sources, scope).await?,
            };
            let more = self.page(&mut mind, end).await?;
            let cursor = mind.cursor;
            *held = Some(mind);
            site.cursor.send_if_modified(|at| std::mem::replace(at, cursor) != cursor);
            if !more {
                return Ok(cursor);
            }
        }
    }

    /// Waits until everything before a position is folded, folding it if nobody else does. What lies beyond the log is not waited for.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn wait_until(&self, scope: SiteScope, position: u64) -> Result<(), ViewError> {
        if *self.site(scope).cursor.borrow() < position {
            self.catch_up(scope).await?;
        }
        Ok(())
    }

    /// Asks what is known of a site as far as it is folded.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn known<T>(
        &self,
        scope: SiteScope,
        ask: impl FnOnce(&Knowledge) -> T,
    ) -> Result<T, ViewError> {
        let site = self.site(scope);
        let mut held = site.mind.lock().await;
        let mind = match held.take() {
            Some(mind) => mind,
            None => Mind::load(&self.sources, scope).await?,
        };
        let answer = ask(&mind.knowledge);
        *held = Some(mind);
        Ok(answer)
    }

    /// Tells how far the site is folded, whenever that changes.
    #[must_use]
    pub fn subscribe(&self, scope: SiteScope) -> watch::Receiver<u64> {
        self.site(scope).cursor.subscribe()
    }

    /// Folds whatever arrives, until `stop` resolves: what others took in without folding it, as another process does. One site's trouble is
    /// logged and does not stop the others.
    pub async fn run(&self, every: std::time::Duration, stop: impl Future<Output = ()> + Send) {
        let mut tick = tokio::time::interval(every);
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                _ = tick.tick() => self.sweep().await,
            }
        }
    }

    async fn sweep(&self) {
        let sites = match self.sources.ledger.sites().await {
            Ok(sites) => sites,
            Err(error) => return tracing::error!(%error, "The list of sites could not be read"),
        };
        for scope in sites.into_iter().filter_map(|site| SiteScope::enter(site, &EverySite)) {
            if let Err(error) = self.catch_up(scope).await {
                tracing::error!(%error, site.id = %scope.site(), "A site's views could not be brought up to date");
            }
        }
    }

    /// Drops the site's rows and folds its log from the start.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn rebuild(&self, scope: SiteScope) -> Result<u64, ViewError> {
        self.restart(scope).await?;
        self.catch_up(scope).await
    }

    /// Drops the site's rows.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn restart(&self, scope: SiteScope) -> Result<(), ViewError> {
        let site = self.site(scope);
        let mut held = site.mind.lock().await;
        *held = None;
        dump::clear(&self.sources.database, scope).await?;
        site.cursor.send_replace(0);
        Ok(())
    }

    /// Every row of the site as text, in a fixed order: two holders of one log compare equal.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn dump(&self, scope: SiteScope) -> Result<String, ViewError> {
        dump::dump(&self.sources.database, scope, &dump::ALL).await
    }

    /// The rows that depend on the set of entries alone: cells, additions, and records without their times of arrival.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn dump_state(&self, scope: SiteScope) -> Result<String, ViewError> {
        dump::dump(&self.sources.database, scope, &dump::STATE).await
    }

    fn site(&self, scope: SiteScope) -> Arc<Site> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Site { mind: Mutex::new(None), cursor: watch::Sender::new(0) });
        Arc::clone(sites.entry(scope.site()).or_insert_with(new))
    }

    /// Folds one page of what lies before a position; says whether there was one.
    async fn page(&self, mind: &mut Mind, limit: u64) -> Result<bool, ViewError> {
        let mut stored = self.sources.ledger.page(mind.scope, mind.cursor, PAGE_BYTES).await?;
        stored.retain(|stored| stored.place.position < limit);
        let Some(last) = stored.last() else { return Ok(false) };
        let end = last.place.position + 1;
        let mut page = Page::judge(mind, &self.sources, &stored).await?;
        let mut forked = Vec::new();
        for chain in &page.forked {
            forked.extend(mind.learn_fork(&self.sources, *chain, end).await?);
        }
        // A cut names the branches that were held: what is on another was not.
        page.again.extend(&forked);
        self.commit(mind, &mut page, &forked, end).await?;
        mind.cursor = end;
        Ok(true)
    }

    async fn commit(
        &self,
        mind: &mut Mind,
        page: &mut Page,
        forked: &[dutylog_core::merge::Rejudge],
        end: u64,
    ) -> Result<(), ViewError> {
        let site = mind.scope.site();
        let mut tx = self.sources.database.write().await?;
        totals::move_cursor(&mut tx, site, mind.cursor, end).await?;
        write::SEGMENTS.write(&mut tx, site, &page.segments).await?;
        write::ENTRIES.write(&mut tx, site, &page.entries).await?;
        write::RECORD_ENTRIES.write(&mut tx, site, &page.index).await?;
        let mut state = State::load(&mut tx, site, &page.counting).await?;
        for counting in &page.counting {
            state.apply(counting, mind.knowledge.forks());
        }
        state.write(&mut tx, site).await?;
        let mut relabelled = BTreeSet::new();
        for again in forked {
            relabelled.extend(again::relabelled(mind, &mut tx, *again).await?);
        }
        again::settle(mind, &self.sources, &mut tx, page, relabelled, end).await?;
        self.write_chains(mind, &mut tx, page).await?;
        if page.configured {
            board::write(mind, &mut tx).await?;
        }
        totals::count(&mut tx, site).await?;
        Ok(tx.commit().await?)
    }

    async fn write_chains(
        &self,
        mind: &Mind,
        tx: &mut sqlx::SqliteConnection,
        page: &Page,
    ) -> Result<(), ViewError> {
        let touched = page.touched.iter().filter_map(|chain| Some((chain, mind.chains.get(chain)?)));
        let rows: Vec<_> = touched.map(|(chain, row)| row.binds(*chain)).collect();
        write::CHAINS.write(tx, mind.scope.site(), &rows).await?;
        let told: Vec<_> = page.told.iter().map(|(chain, seq)| vec![chain.0.into(), (*seq).into()]).collect();
        write::TOLD.write(tx, mind.scope.site(), &told).await
    }
}
