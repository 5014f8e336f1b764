//! The real server: its data folder, its router without a socket between, its views.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request};
use dutylog_core::base::{ChainId, Digest, Millis, PersonId, Seq, SiteId, random};
use dutylog_core::log::{Certificate, Claims, PublicKey, Quality, Role, SecretKey, Segment};
use dutylog_core::sync::HttpRequest;
use dutylog_core::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled, Invitation};
use dutylog_core::testing::Author;
use dutylog_server::ingest::Outcome;
use dutylog_server::keys::KeyFolder;
use dutylog_server::ledger::{SiteScope, Stored};
use dutylog_server::shutdown::{self, Trigger};
use dutylog_server::{Config, Running, SimClock, router, serve};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

use super::Dice;
use super::folder::temporary;
use super::headquarters::Headquarters;
use super::site::START;

const ORIGIN: &str = "https://duty.example";

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A server with one site.
#[derive(Debug)]
pub struct Server {
    running: Running,
    router: Router,
    clock: Arc<SimClock>,
    scope: SiteScope,
    /// Who describes the site.
    pub hq: Headquarters,
    config: Config,
    dice: Dice,
    _data: TempDir,
    _trigger: Trigger,
    // Last: everything above may still need it while it is dropped.
    runtime: Runtime,
}

impl Server {
    /// Starts a server whose headquarters has described one site.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(mut dice: Dice) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let data = temporary();
        let mut config = Config { data_dir: data.path().to_owned(), ..Config::default() };
        config.public_origin = Some(ORIGIN.to_owned());
        config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        // Short logs have snapshots too, and snapshots bring few segments along.
        config.limits.snapshot_segments = 8;
        config.limits.snapshot_recent = Duration::from_secs(3 * 3_600);
        // Keys from the seed: what they certify is part of every chain.
        let folder = KeyFolder::at(config.key_folder());
        let mut keys = folder.open(&mut dice, START).expect("keys");
        folder.add_headquarters(&mut keys, 1, &mut dice).expect("a key of HQ");
        let clock = Arc::new(SimClock::at(START));
        let (trigger, shutdown) = shutdown::channel();
        let running =
            runtime.block_on(serve(config.clone(), Arc::clone(&clock) as _, shutdown)).expect("starts");
        let api = &running.state.api;
        let site = SiteId(random(&mut dice));
        let scope = SiteScope::enter(site, &*api.keys).expect("the server enters every site");
        runtime.block_on(api.ledger().create_site(scope, api.keys.org(), START)).expect("a site");
        let (hq, certificate) = Headquarters::new(&api.keys, site);
        runtime.block_on(api.ledger().add_certificate(scope, &certificate.bytes)).expect("added");
        let router = router(running.state.clone());
        let mut server =
            Self { running, router, clock, scope, hq, config, dice, _data: data, _trigger: trigger, runtime };
        server.publish(START);
        server
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> SiteId {
        self.scope.site()
    }

    /// Sets its clock.
    pub fn set_time(&self, now: Millis) {
        self.clock.set(now);
    }

    /// Answers a phone's request.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn carry(&self, carried: &HttpRequest) -> Answer {
        let body = Body::from(carried.body.clone());
        let request = Request::builder().method(carried.method).uri(&carried.path).body(body);
        let mut request = request.expect("a request");
        for (name, value) in &carried.headers {
            let name = axum::http::HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header's value"));
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 9))));
        self.runtime.block_on(async {
            let response = match self.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let status = response.status().as_u16();
            let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
            let headers = response.headers().iter().map(|(n, v)| (n.to_string(), text(v))).collect();
            let body = to_bytes(response.into_body(), 64 << 20).await.expect("a body");
            Answer { status, headers, body: body.to_vec() }
        })
    }

    /// What a QR code at the site says. Its code opens nothing over the network: HQ answers itself.
    pub fn invitation(&mut self, now: Millis) -> String {
        let code: [u8; 16] = random(&mut self.dice);
        let api = &self.running.state.api;
        let (org, root, site) = (api.keys.org(), api.keys.root(), self.site());
        let expires = now + 600_000;
        Invitation { org, site, root, origin: ORIGIN.to_owned(), code, expires }.to_text()
    }

    /// Certifies a phone's key, and lets the site know. HQ does it itself: it holds the pen of its chain, and the server's desk none.
    ///
    /// # Panics
    /// If the key is not proven.
    pub fn certify_phone(&mut self, asked: &[u8], now: Millis) -> Vec<u8> {
        let asked = EnrolDevice::from_bytes(asked).expect("proven");
        self.certify(Role::Phone, (asked.device.0, None), asked.key, now)
    }

    /// Certifies a person's key on a phone, and lets the site know.
    ///
    /// # Panics
    /// If the key is not proven.
    pub fn certify_person(&mut self, phone: &Certificate, asked: &[u8], now: Millis) -> Vec<u8> {
        let holder = phone.claims.subject;
        let asked = EnrolPerson::from_bytes(asked, dutylog_core::base::DeviceId(holder)).expect("proven");
        self.certify(Role::Person, (asked.person.0, Some(holder)), asked.key, now)
    }

    fn certify(
        &mut self,
        role: Role,
        (subject, holder): ([u8; 16], Option<[u8; 16]>),
        key: PublicKey,
        issued: Millis,
    ) -> Vec<u8> {
        let keys = Arc::clone(&self.running.state.api.keys);
        let (org, site) = (keys.org(), Some(self.site()));
        let claims = Claims { org, site, role, subject, holder, key, issued, provisional: false };
        let certificate = keys.certify(claims).expect("a strong key");
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.add_certificate(self.scope, &certificate.bytes)).expect("added");
        self.hq.announce(&certificate);
        let mut certificates = keys.certificates().map(<[u8]>::to_vec).to_vec();
        certificates.push(certificate.bytes);
        Enrolled { subject, certificates }.to_bytes()
    }

    /// Takes in what HQ has written.
    ///
    /// # Panics
    /// If it is refused.
    pub fn publish(&mut self, now: Millis) {
        let Some(segment) = self.hq.publish() else { return };
        let carrier = segment.key;
        for outcome in self.push(carrier, vec![segment], now) {
            assert!(matches!(outcome, Outcome::Taken(_)), "HQ is refused: {outcome:?}");
        }
    }

    /// Pushes segments as a device would, past the router.
    ///
    /// # Panics
    /// If the server cannot answer.
    pub fn push(
        &self,
        carrier: dutylog_core::base::KeyId,
        segments: Vec<Segment>,
        now: Millis,
    ) -> Vec<Outcome> {
        let push = self.running.state.api.ingest.push(self.scope, carrier, segments, now);
        self.runtime.block_on(push).expect("an answer")
    }

    /// As [`Self::push`], where the server may fail: then nothing was taken.
    #[must_use]
    pub fn try_push(&self, segments: Vec<Segment>, now: Millis) -> Option<Vec<Outcome>> {
        let carrier = segments.first()?.key;
        let push = self.running.state.api.ingest.push(self.scope, carrier, segments, now);
        self.runtime.block_on(push).ok()
    }

    /// A device that writes whatever a test wants, certified for the site.
    ///
    /// # Panics
    /// If the ledger fails.
    pub fn author(&mut self) -> Author {
        let keys = Arc::clone(&self.running.state.api.keys);
        let key = SecretKey::from_seed(random(&mut self.dice));
        let claims = Claims {
            org: keys.org(),
            site: Some(self.site()),
            role: Role::Phone,
            subject: random(&mut self.dice),
            holder: None,
            key: key.public(),
            issued: START,
            provisional: false,
        };
        let certificate = keys.certify(claims).expect("a strong key");
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.add_certificate(self.scope, &certificate.bytes)).expect("added");
        let chain = ChainId(random(&mut self.dice));
        let mut author = Author::new(keys.org(), self.site(), certificate, key, chain);
        (author.wall, author.quality) = (START, Quality::Unchecked);
        author
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

    /// Copies the database, as a backup does.
    ///
    /// # Panics
    /// If it cannot be copied.
    #[must_use]
    pub fn back_up(&self) -> TempDir {
        let folder = temporary();
        let file = folder.path().join("copy.sqlite");
        let copied = self.database().execute("VACUUM INTO ?1", [file.to_str().expect("a path in text")]);
        copied.expect("copied");
        folder
    }

    /// Puts a copy in the place of the database, and starts again in a new epoch.
    ///
    /// # Panics
    /// If it does not start.
    pub fn restore(&mut self, backup: &TempDir) {
        self.runtime.block_on(self.running.state.database.close());
        let file = self.config.database_file();
        for beside in ["-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(beside);
            // There is none if closing has folded it in.
            drop(std::fs::remove_file(name));
        }
        std::fs::copy(backup.path().join("copy.sqlite"), &file).expect("copied back");
        let (trigger, shutdown) = shutdown::channel();
        let started = serve(self.config.clone(), Arc::clone(&self.clock) as _, shutdown);
        self.running = self.runtime.block_on(started).expect("starts");
        self.router = router(self.running.state.clone());
        self._trigger = trigger;
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.advance_epoch(1, START)).expect("a new epoch");
    }

    /// From now on no segment can be committed.
    ///
    /// # Panics
    /// If the database cannot be opened.
    pub fn break_commits(&self) {
        let db = rusqlite::Connection::open(self.config.database_file()).expect("the server's database");
        let broken = "CREATE TABLE anchors (id INTEGER PRIMARY KEY);
             CREATE TABLE dangling (id INTEGER REFERENCES anchors DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER dangle AFTER INSERT ON segments BEGIN INSERT INTO dangling VALUES (1); END;";
        db.execute_batch(broken).expect("broken on purpose");
    }

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

    /// Who works at the site.
    #[must_use]
    pub fn crew() -> Vec<PersonId> {
        super::site::CREW.iter().map(|(person, _)| *person).collect()
    }
}
