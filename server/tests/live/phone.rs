//! A phone: the real core over its own database, its requests over real HTTP.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use dutylog_core::base::{BootId, Entropy, Reading};
use dutylog_core::capture::{Intake, RaiseIncident};
use dutylog_core::companion::pin::PinCost;
use dutylog_core::companion::{Companion, Enrolment, Host, Saved};
use dutylog_core::locales::Locale;
use dutylog_core::log::SoftKeys;
use dutylog_core::records::incident::IncidentKind;
use dutylog_core::store::Durability;
use dutylog_core::sync::{Failure, HttpRequest, Report, Response, ShortReceipt, Step};
use reqwest::{Client, Method};
use tempfile::TempDir;
use tokio::sync::Notify;

/// splitmix64: the same every time.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }
}

impl Entropy for Dice {
    fn fill(&mut self, buffer: &mut [u8]) {
        buffer.fill_with(|| self.roll().to_le_bytes()[0]);
    }
}

/// How many requests began or were answered, for whoever waits for the moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Events(Rc<(Cell<u64>, Notify)>);

impl Events {
    pub(crate) fn happen(&self) {
        self.0.0.set(self.0.0.get() + 1);
        self.0.1.notify_waiters();
    }

    pub(crate) fn reset(&self) {
        self.0.0.set(0);
    }

    pub(crate) async fn reach(&self, count: u64) {
        loop {
            let news = self.0.1.notified();
            if self.0.0.get() >= count {
                return;
            }
            news.await;
        }
    }
}

/// Every receipt that came over the wire, whatever became of it then.
pub(crate) type Receipts = Rc<RefCell<Vec<ShortReceipt>>>;

pub(crate) struct Phone {
    pub(crate) app: Companion,
    pub(crate) acked: Vec<Saved>,
    pub(crate) events: Events,
    pub(crate) receipts: Receipts,
    client: Client,
    wall: i64,
    n: u8,
    _folder: TempDir,
}

fn host(n: u8) -> Host {
    let keys = SoftKeys::new([n; 32], Box::new(Dice(u64::from(n))), Default::default());
    Host {
        keys: Arc::new(keys),
        entropy: Box::new(Dice(1 << 20 | u64::from(n))),
        locale: Locale::En,
        pin_cost: PinCost::SIMULATION,
        durability: Durability::Normal,
        ballast: 0,
    }
}

async fn send(
    client: &Client,
    origin: &str,
    request: &HttpRequest,
) -> reqwest::Result<(u16, Vec<(String, String)>, Vec<u8>)> {
    let method = if request.method == "GET" { Method::GET } else { Method::POST };
    let mut sent = client.request(method, format!("{origin}{}", request.path)).body(request.body.clone());
    for (name, value) in &request.headers {
        sent = sent.header(*name, value);
    }
    let answer = sent.send().await?;
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    Ok((answer.status().as_u16(), headers, answer.bytes().await?.to_vec()))
}

impl Phone {
    /// Enrols with what a QR code says.
    pub(crate) async fn enrol(invitation: &str, n: u8) -> Self {
        let client = Client::builder().no_proxy().pool_max_idle_per_host(0).build().expect("a client");
        let mut host = host(n);
        let enrolment = Enrolment::begin(invitation, "手机", &mut host).expect("an invitation");
        let request = HttpRequest {
            id: 0,
            method: "POST",
            path: Enrolment::PATH.to_owned(),
            headers: vec![("content-type", dutylog_core::sync::CONTENT_TYPE.to_owned())],
            body: enrolment.body.clone(),
        };
        let origin = enrolment.origin().to_owned();
        let (status, _, body) = send(&client, &origin, &request).await.expect("an answer");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let admitted = enrolment.finish(&body).expect("enrolled");
        let folder = tempfile::tempdir().expect("a folder");
        let app = Companion::create(folder.path(), &admitted, host).expect("a new logbook");
        let wall = 1_767_225_600_000 + i64::from(n);
        let (events, receipts) = (Events::default(), Receipts::default());
        Self { app, acked: Vec::new(), events, receipts, client, wall, n, _folder: folder }
    }

    fn now(&mut self) -> Reading {
        self.wall += 1_000;
        Reading { wall: self.wall, zone: 480, mono: self.wall, boot: BootId([self.n; 8]) }
    }

    /// Raises an incident as the device alone: what always works.
    pub(crate) fn raise(&mut self) -> Saved {
        let (draft, now) = (self.app.new_draft(), self.now());
        let incident = RaiseIncident {
            kind: IncidentKind::Other,
            severity: None,
            origin: None,
            intake: Intake::default(),
        };
        let saved = self.app.act(draft, incident, now).expect("saved");
        self.acked.push(saved.clone());
        saved
    }

    /// Talks with the server; none if the connection failed or the server asks to wait.
    pub(crate) async fn sync(&mut self) -> Option<Report> {
        let mut session = self.app.begin_sync().expect("a conversation");
        loop {
            let now = self.now();
            match self.app.sync_step(&mut session, now).expect("a step") {
                Step::Done(report) => return Some(*report),
                Step::Wait { .. } => return None,
                Step::Http(request) => {
                    let origin = self.app.admitted().origin.clone();
                    self.events.happen();
                    let Ok((status, headers, body)) = send(&self.client, &origin, &request).await else {
                        session.on_failure(request.id, Failure::NoConnection);
                        continue;
                    };
                    if let Ok(response) = Response::from_bytes(&body) {
                        self.receipts.borrow_mut().extend(response.receipts);
                    }
                    let now = self.now();
                    session.on_response(request.id, status, headers, body, now);
                    self.events.happen();
                }
            }
        }
    }

    /// Talks until there is nothing left to tell.
    pub(crate) async fn settle(&mut self) -> Report {
        self.sync().await.expect("a server that answers")
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.app.folder()
    }
}
