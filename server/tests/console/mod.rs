//! Five days of duty at three sites, made by real phones over real HTTP, and browsers that look at them.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, reason = "shared by several test crates")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use dutylog_core::base::SiteId;
use dutylog_core::records::site_plan::person_id;
use dutylog_server::accounts::{Accounts, Added, NewAccount, Role, SiteScope};
use dutylog_server::app::Parts;
use dutylog_server::demo::{Demo, History, Options};
use dutylog_server::shutdown::{self, Trigger};
use dutylog_server::{Config, SystemClock};
use reqwest::Client;
use reqwest::redirect::Policy;
use scraper::{Html, Selector};
use tempfile::TempDir;

pub const PASSWORD: &str = "a long enough passphrase";

/// A server with history.
pub struct World {
    pub origin: String,
    /// The same data folder, as the command line opens it.
    pub parts: Parts,
    accounts: Accounts,
    _history: History,
    _folder: TempDir,
    _trigger: Trigger,
}

/// A page that was answered.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub location: String,
    pub body: String,
}

/// Somebody who is signed in.
pub struct Reader {
    pub origin: String,
    pub client: Client,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let (trigger, stop) = shutdown::channel();
        let options =
            Options { data: folder.path().join("demo"), days: 5, port: Some(0), seed: 42, live: false };
        let demo: Demo = Demo::start(options, stop).await.expect("starts");
        let (origin, file) = (demo.origin().to_owned(), demo.database_file());
        let folder_of = |file: &Path| file.parent().expect("a folder").to_owned();
        let config = Config { data_dir: folder_of(&file), ..Config::default() };
        let history = demo.make_history().await.expect("history");
        let parts = Parts::open(&config, Arc::new(SystemClock)).await.expect("the same folder");
        let accounts = Accounts::new(parts.database.clone(), Arc::new(SystemClock));
        Self { origin, parts, accounts, _history: history, _folder: folder, _trigger: trigger }
    }

    /// Somebody in a role who sees some sites, signed in.
    pub async fn reader(&self, name: &str, role: Role, scope: SiteScope) -> Reader {
        let new = NewAccount {
            name: name.into(),
            display_name: String::new(),
            role,
            // Somebody of headquarters whom every site of the story knows.
            person: person_id(self.parts.keys.org(), "HQ01"),
            scope,
        };
        let added = self.accounts.add(new, PASSWORD.into()).await.expect("database");
        assert!(matches!(added, Added::Account(_)), "{added:?}");
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("client");
        let reader = Reader { origin: self.origin.clone(), client };
        let token = form_token(&reader.get("/login").await.body);
        let fields = [("form_token", token.as_str()), ("name", name), ("password", PASSWORD), ("next", "/")];
        assert_eq!(reader.post("/login", &fields).await.status, 303);
        reader
    }
}

impl Reader {
    pub async fn get(&self, path: &str) -> Seen {
        let request = self.client.get(format!("{}{path}", self.origin)).header("accept", "text/html");
        Seen::of(request.send().await.expect("answer")).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body = serde_urlencoded::to_string(fields).expect("form");
        let request =
            self.client.post(format!("{}{path}", self.origin)).header("accept", "text/html").body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Seen::of(request.header("origin", &self.origin).send().await.expect("answer")).await
    }

    /// The sites of the overview, in its order.
    pub async fn sites(&self) -> Vec<String> {
        hrefs(&self.get("/").await.body, ".site h2 a")
    }
}

impl Seen {
    async fn of(response: reqwest::Response) -> Self {
        let location = response.headers().get("location").and_then(|l| l.to_str().ok()).unwrap_or_default();
        Self {
            status: response.status().as_u16(),
            location: location.to_owned(),
            body: response.text().await.expect("body"),
        }
    }
}

pub fn form_token(body: &str) -> String {
    let mut parts = body.split("name=\"form_token\" value=\"");
    parts.nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// The addresses that some links lead to, in order, none twice.
pub fn hrefs(body: &str, selector: &str) -> Vec<String> {
    let (html, selector) = (Html::parse_document(body), Selector::parse(selector).expect("a selector"));
    let mut seen = BTreeSet::new();
    let all = html.select(&selector).filter_map(|link| link.attr("href"));
    all.filter(|href| seen.insert((*href).to_owned())).map(str::to_owned).collect()
}

/// The site that an address belongs to.
pub fn site_of(address: &str) -> SiteId {
    address.split('/').nth(2).and_then(|id| id.parse().ok()).expect("a site's address")
}
