//! What a phone says to the server: one signed request at a time, or a whole session.

use dutylog_core::log::KeyStore as _;
use dutylog_core::sync::auth::{Asked, nonce_from_header};
use dutylog_core::sync::{
    Failure, HttpRequest, Nonce, Report, Request, Step, SyncConfig, SyncSession, sync_path,
};
use reqwest::Method;

use super::super::Server;
use super::super::wire::{CONTENT_TYPE, Got};
use super::Phone;

impl Phone {
    pub fn session(&self) -> SyncSession {
        SyncSession::new(SyncConfig {
            org: self.trust.org,
            site: self.site,
            origin: self.origin.clone(),
            key_name: "device".into(),
            key: self.key,
            trust: self.trust.clone(),
            nonce: self.nonce,
        })
    }

    /// The header that proves who sends a body.
    pub fn authorize(&self, path: &str, body: &[u8], nonce: Nonce) -> String {
        self.authorize_as(&Method::POST, path, body, nonce)
    }

    fn authorize_as(&self, method: &Method, path: &str, body: &[u8], nonce: Nonce) -> String {
        // Whatever site the path names.
        let site = path.split('/').find_map(|part| part.parse().ok()).unwrap_or(self.site);
        let asked = Asked { method: method.as_str(), path, site, body, origin: &self.origin };
        let sign = |message: &[u8]| self.keys.sign("device", None, message);
        asked.sign(self.key, nonce, sign).expect("signed")
    }

    /// Sends a body as this phone, with a fresh nonce.
    pub async fn post(&mut self, server: &Server, path: &str, body: Vec<u8>) -> Got {
        self.ask(server, &Method::POST, path, body).await
    }

    /// Asks for something as this phone, with a fresh nonce.
    pub async fn get(&mut self, server: &Server, path: &str) -> Got {
        self.ask(server, &Method::GET, path, Vec::new()).await
    }

    async fn ask(&mut self, server: &Server, method: &Method, path: &str, body: Vec<u8>) -> Got {
        for _ in 0..2 {
            let signed = self.authorize_as(method, path, &body, self.nonce.unwrap_or_default());
            let headers = [("authorization", signed.as_str()), ("content-type", CONTENT_TYPE)];
            let got = server.ask(method.clone(), path, &headers, body.clone()).await;
            if got.header("content-type") == CONTENT_TYPE && path.ends_with("/sync") {
                self.nonce = Some(got.response().nonce);
            }
            self.nonce = nonce_from_header(got.header("dutylog-nonce")).or(self.nonce);
            if got.code() != "stale_nonce" {
                return got;
            }
        }
        panic!("the nonce stays stale");
    }

    /// Sends a request of the protocol.
    pub async fn exchange(&mut self, server: &Server, request: &Request) -> Got {
        self.post(server, &sync_path(self.site), request.to_bytes()).await
    }

    /// Runs a whole session over HTTP.
    pub async fn sync(&mut self, server: &Server) -> Report {
        let mut session = self.session();
        for _ in 0..200 {
            let now = self.now();
            match session.next(&mut self.log, &*self.keys, &mut self.dice, now).expect("a step") {
                Step::Done(report) => {
                    self.nonce = report.nonce;
                    return *report;
                }
                Step::Wait { ms } => self.wait(server, ms),
                Step::Http(request) => self.carry(server, &mut session, request).await,
            }
        }
        panic!("the session does not end: {:?}", session.report());
    }

    fn wait(&mut self, server: &Server, ms: u64) {
        let ms = i64::try_from(ms).expect("short").max(1);
        self.mono += ms;
        server.clock.advance(ms);
    }

    async fn carry(&mut self, server: &Server, session: &mut SyncSession, request: HttpRequest) {
        let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let got = server.send(&request.path, &headers, request.body).await;
        self.mono += 80;
        if got.status == 0 {
            return session.on_failure(request.id, Failure::Interrupted);
        }
        session.on_response(request.id, got.status, got.headers, got.body, self.now());
    }
}
