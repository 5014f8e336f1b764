//! Whoever asks, and what they are told.

use std::collections::BTreeSet;

use dutylog_core::base::RecordId;
use dutylog_core::records::security::RevocationKind;
use dutylog_server::accounts::{Role, SiteScope};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use crate::body::Body;
use crate::console::{Reader, World, form_token, site_of};
use crate::phone::Phone;
use crate::stage::Stage;

/// Whoever asks.
pub(crate) enum Caller {
    Nobody,
    Reader(Reader),
    Phone(Box<Phone>),
}

/// What they are told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    /// Whether a cookie came along.
    pub(crate) cookie: bool,
    pub(crate) body: Vec<u8>,
    /// The body without what differs from request to request.
    pub(crate) text: String,
}

fn bare() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("client")
}

impl Caller {
    /// The token that a form of theirs carries; nobody's is bound to the browser that fetched the form.
    async fn token(&self, origin: &str, client: &Client) -> String {
        match self {
            Self::Reader(reader) => form_token(&reader.get("/account").await.body),
            Self::Nobody => {
                let page = client.get(format!("{origin}/login")).header("accept", "text/html").send().await;
                form_token(&page.expect("answer").text().await.expect("a page"))
            }
            Self::Phone(_) => String::new(),
        }
    }

    /// Asks; with a body that would take effect if the caller may do what the path does.
    pub(crate) async fn ask(&self, stage: &Stage, method: &Method, row: &str, path: &str) -> Told {
        let origin = &stage.world.origin;
        let client = match self {
            Self::Reader(reader) => reader.client.clone(),
            Self::Nobody => {
                Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("client")
            }
            Self::Phone(_) => bare(),
        };
        let mut request = client.request(method.clone(), format!("{origin}{path}")).body(Vec::new());
        if *method != Method::GET {
            let token = self.token(origin, &client).await;
            let Body { bytes, kind } = Body::of(stage, self, row, path, &token).await;
            request = request.header("content-type", kind).body(bytes);
        }
        let answer = match self {
            Self::Phone(phone) => phone.send(request).await,
            _ => {
                let request = request.header("accept", "text/html").header("origin", origin);
                request.send().await.expect("answer")
            }
        };
        let told = Told::of(answer, path).await;
        if let Self::Phone(phone) = self {
            phone.heard(&told.body);
        }
        told
    }
}

impl Told {
    async fn of(answer: reqwest::Response, path: &str) -> Self {
        let header = |name| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let status = answer.status().as_u16();
        let (cookie, id) = (answer.headers().contains_key("set-cookie"), header("x-request-id"));
        // The stream of news does not end by itself; that it opens is enough.
        let endless = path.ends_with("/events") && status == 200;
        let body = if endless { Vec::new() } else { answer.bytes().await.expect("a body").to_vec() };
        let id = id.or_else(|| support_id(&body)).unwrap_or_else(|| "?".into());
        let site = path.split('/').find(|part| part.len() == 32).unwrap_or("?");
        let text =
            String::from_utf8_lossy(&body).replace(&id, "ID").replace(path, "PATH").replace(site, "SITE");
        Self { status, cookie, body, text }
    }
}

/// What a problem document calls the request: programs get no header for it.
fn support_id(body: &[u8]) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_slice(body).ok()?;
    problem["support_id"].as_str().map(str::to_owned)
}

/// Everybody of [`CALLERS`](crate::table::CALLERS), in that order.
pub(crate) async fn everybody(world: &World, own: &str, other: &str) -> Vec<Caller> {
    let only = |site: &str| SiteScope::Only(BTreeSet::from([site_of(site)]));
    let reader = async |name, role, scope| Caller::Reader(world.reader(name, role, scope).await);
    let enrolled = async |site: &str, n| Phone::enrol(world, site_of(site), n).await;
    let cut = enrolled(own, 3).await;
    let scope = dutylog_server::ledger::SiteScope::enter(site_of(own), &*world.parts.keys).expect("ours");
    let revoked = world.parts.desk.revoke(scope, None, RecordId(cut.device.0), RevocationKind::Lost).await;
    revoked.expect("revoked");
    vec![
        Caller::Nobody,
        reader("all", Role::Admin, SiteScope::All).await,
        reader("steward", Role::Admin, only(own)).await,
        reader("hq", Role::Hq, only(own)).await,
        reader("auditor", Role::Auditor, only(own)).await,
        reader("guest", Role::Hq, only(other)).await,
        Caller::Phone(Box::new(enrolled(own, 1).await)),
        Caller::Phone(Box::new(enrolled(other, 2).await)),
        Caller::Phone(Box::new(cut)),
    ]
}
