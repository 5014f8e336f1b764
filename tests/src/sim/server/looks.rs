//! What a server holds and shows.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, Seq, SiteId, random};
use dutylog_server::ledger::{SiteScope, Stored};

use super::super::site::START;
use super::Server;

impl Server {
    /// Folds what has arrived.
    ///
    /// # Panics
    /// If the views fail.
    pub fn fold(&self) {
        self.runtime.block_on(self.running.state.projector.catch_up(self.scope)).expect("folded");
    }

    /// The site's views as text, live and rebuilt.
    ///
    /// # Panics
    /// If the views fail.
    #[must_use]
    pub fn dumps(&self) -> [String; 2] {
        self.runtime.block_on(async {
            let live = self.running.state.projector.dump(self.scope).await.expect("dumped");
            self.running.state.projector.rebuild(self.scope).await.expect("rebuilt");
            [live, self.running.state.projector.dump(self.scope).await.expect("dumped")]
        })
    }

    /// The site's whole log.
    ///
    /// # Panics
    /// If the ledger fails.
    #[must_use]
    pub fn log(&self) -> Vec<Stored> {
        let ledger = self.running.state.api.ledger();
        let mut all: Vec<Stored> = Vec::new();
        loop {
            let page = self.runtime.block_on(ledger.page(self.scope, all.len() as u64, 1 << 20));
            let page = page.expect("a page");
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// The first number at which each forked chain differs from itself.
    ///
    /// # Panics
    /// If the ledger fails.
    #[must_use]
    pub fn forks(&self) -> BTreeMap<ChainId, Seq> {
        let forks = self.runtime.block_on(self.running.state.api.ledger().forks(self.scope));
        let mut first: BTreeMap<ChainId, Seq> = BTreeMap::new();
        for fork in forks.expect("an answer") {
            first.entry(fork.chain).and_modify(|at| *at = fork.at.min(*at)).or_insert(fork.at);
        }
        first
    }

    /// How much is kept outside the log.
    ///
    /// # Panics
    /// If the ledger fails.
    #[must_use]
    pub fn set_aside(&self) -> usize {
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.set_aside(self.scope)).expect("an answer").len()
    }

    /// Whether another site of the server shows a segment of this one.
    ///
    /// # Panics
    /// If the ledger fails.
    pub fn leaks(&mut self, id: Digest) -> bool {
        let api = &self.running.state.api;
        let other = SiteScope::enter(SiteId(random(&mut self.dice)), &*api.keys).expect("entered");
        self.runtime.block_on(async {
            api.ledger().create_site(other, api.keys.org(), START).await.expect("a site");
            api.ledger().segment(other, id).await.expect("an answer").is_some()
        })
    }

    /// The database, to be read beside the server.
    ///
    /// # Panics
    /// If it cannot be opened.
    #[must_use]
    pub fn database(&self) -> rusqlite::Connection {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        rusqlite::Connection::open_with_flags(self.config.database_file(), flags)
            .expect("the server's database")
    }
}
