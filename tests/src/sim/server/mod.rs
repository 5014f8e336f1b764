//! The real server: its data folder, its router without a socket between, its views.

mod enrol;
mod faults;
mod intake;
mod looks;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request};
use dutylog_core::base::{Millis, PersonId, SiteId, random};
use dutylog_core::sync::HttpRequest;
use dutylog_server::keys::KeyFolder;
use dutylog_server::ledger::SiteScope;
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

    /// Who works at the site.
    #[must_use]
    pub fn crew() -> Vec<PersonId> {
        super::site::CREW.iter().map(|(person, _)| *person).collect()
    }
}
