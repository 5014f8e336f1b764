//! A ledger in a file, and what tests do with it: take segments in as ingest would, fold them, compare.

#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod day;

use std::path::Path;
use std::sync::Arc;

use dutylog_core::base::{Millis, SiteId};
use dutylog_core::log::{Segment, Trust};
use dutylog_core::testing::World;
use dutylog_server::database::Database;
use dutylog_server::ledger::{Appended, Ledger, MayEnter, Proven, SiteScope, SqliteLedger, append};
use dutylog_server::views::{Projector, Views};

/// Whoever may enter every site.
pub(crate) struct Everywhere;

impl MayEnter for Everywhere {
    fn may_enter(&self, _: SiteId) -> bool {
        true
    }
}

/// A server's storage over a temporary folder.
pub(crate) struct Server {
    pub(crate) database: Database,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) projector: Projector,
    pub(crate) views: Views,
    pub(crate) scope: SiteScope,
    trust: Trust,
    _folder: tempfile::TempDir,
}

impl Server {
    /// An empty server that holds the world's certificates.
    pub(crate) async fn new(world: &World) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = open(folder.path()).await;
        let ledger: Arc<dyn Ledger> = Arc::new(SqliteLedger::new(database.clone()));
        let scope = SiteScope::enter(world.site, &Everywhere).expect("everywhere");
        ledger.create_site(scope, world.org, 0).await.expect("a site");
        let root = Trust::new(world.org, world.root());
        let projector = Projector::new(database.clone(), Arc::clone(&ledger), root.clone());
        let views = Views::new(database.clone(), Arc::clone(&ledger), root);
        let server =
            Self { database, ledger, projector, views, scope, trust: world.trust(), _folder: folder };
        for certificate in &world.certificates {
            server.ledger.add_certificate(scope, &certificate.bytes).await.expect("a certificate");
        }
        server
    }

    /// Takes a segment into the ledger.
    pub(crate) async fn take(&self, segment: &Segment, now: Millis) -> Appended {
        let device = self.trust.get(segment.key).expect("a certified device");
        let org = self.trust.org;
        let proven = Proven::new(segment.clone(), org, self.scope, device).expect("a proven segment");
        let mut writer = self.ledger.begin(self.scope).await.expect("the lock");
        let appended = append(&mut *writer, &proven, now).await.expect("an answer");
        writer.commit().await.expect("a commit");
        appended
    }

    /// A projector that has just been started: it knows only what the database knows.
    pub(crate) fn restarted(&self) -> Projector {
        let root = Trust::new(self.trust.org, self.trust.root);
        Projector::new(self.database.clone(), Arc::clone(&self.ledger), root)
    }

    /// Takes segments in a minute apart, and folds them.
    pub(crate) async fn receive(&self, segments: &[Segment], start: Millis) {
        for (n, segment) in (0..).zip(segments) {
            let taken = self.take(segment, start + n * 60_000).await;
            assert!(matches!(taken, Appended::Placed(_)), "{taken:?}");
        }
        self.projector.catch_up(self.scope).await.expect("the fold");
    }
}

async fn open(folder: &Path) -> Database {
    Database::open(&folder.join("dutylog.db")).await.expect("a database")
}
