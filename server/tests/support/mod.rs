//! The real server on a free port, with a clock that the test moves and a browser that keeps cookies.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, reason = "shared by several test crates")]

pub mod phone;
mod site;
pub mod wire;

use std::sync::Arc;

use dutylog_core::base::PersonId;
use dutylog_server::accounts::{Added, NewAccount, Role, SiteScope};
use dutylog_server::shutdown::{self, Trigger};
use dutylog_server::{Config, Running, SimClock, serve};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tempfile::TempDir;

pub const PASSWORD: &str = "a long enough passphrase";
/// 2026-01-01 00:00 UTC.
pub const START_MS: i64 = 1_767_225_600_000;

pub struct Server {
    pub running: Running,
    pub clock: Arc<SimClock>,
    pub data: TempDir,
    _trigger: Trigger,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().expect("folder");
        let clock = Arc::new(SimClock::at(START_MS));
        let mut config = Config { data_dir: data.path().to_owned(), ..Config::default() };
        config.listen.set_port(0);
        change(&mut config);
        let (trigger, shutdown) = shutdown::channel();
        let running = serve(config, Arc::clone(&clock) as _, shutdown).await.expect("starts");
        Self { running, clock, data, _trigger: trigger }
    }

    /// A copy of the database as it is now.
    pub async fn copy(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("dutylog.sqlite");
        let copied = sqlx::query("VACUUM INTO $1").bind(file.display().to_string());
        let mut writer = self.running.state.database.write().await.expect("the writer");
        sqlx::query("COMMIT").execute(&mut *writer).await.expect("no transaction");
        copied.execute(&mut *writer).await.expect("a copy");
        sqlx::query("BEGIN").execute(&mut *writer).await.expect("a transaction");
        folder
    }

    /// Another server over the copy, with this one's keys and notes: what a restore makes of it.
    pub async fn restored(&self, copy: TempDir) -> Self {
        for folder in ["keys", "written"] {
            let (from, to) = (self.data.path().join(folder), copy.path().join(folder));
            std::fs::create_dir(&to).expect("folder");
            std::fs::set_permissions(&to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("mode");
            for file in std::fs::read_dir(&from).expect("folder") {
                let file = file.expect("file");
                std::fs::copy(file.path(), to.join(file.file_name())).expect("copied");
            }
        }
        let database = dutylog_server::database::Database::open(&copy.path().join("dutylog.sqlite")).await;
        let database = database.expect("opens");
        let ledger = dutylog_server::ledger::SqliteLedger::new(database.clone());
        dutylog_server::ledger::Ledger::advance_epoch(&ledger, 1, START_MS).await.expect("a new epoch");
        database.close().await;
        let clock = Arc::new(SimClock::at(START_MS));
        let mut config = Config { data_dir: copy.path().to_owned(), ..Config::default() };
        config.listen.set_port(0);
        let (trigger, shutdown) = shutdown::channel();
        let running = serve(config, Arc::clone(&clock) as _, shutdown).await.expect("starts");
        Self { running, clock, data: copy, _trigger: trigger }
    }

    /// A server with one account in a role; its name is the role's.
    pub async fn with_account(role: Role) -> Self {
        let server = Self::start().await;
        server.add(role.code(), role).await;
        server
    }

    pub async fn add(&self, name: &str, role: Role) {
        let new = NewAccount {
            name: name.into(),
            display_name: format!("{name} <b>\u{202e}"),
            role,
            person: PersonId([7; 16]),
            scope: SiteScope::All,
        };
        let added = self.running.state.accounts.add(new, PASSWORD.into()).await.expect("database");
        assert!(matches!(added, Added::Account(_)), "{added:?}");
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr)
    }

    pub fn browser(&self) -> Browser<'_> {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("client");
        Browser { server: self, client }
    }

    pub fn setup_token(&self) -> String {
        let file = self.running.setup_token_file.as_ref().expect("no account yet");
        std::fs::read_to_string(file).expect("readable").trim().to_owned()
    }
}

/// Reads pages, keeps cookies, does not follow redirects.
pub struct Browser<'a> {
    server: &'a Server,
    pub client: Client,
}

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub cookies: Vec<String>,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let headers = response.headers().clone();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().expect("text").to_owned();
        Self {
            status: response.status().as_u16(),
            location: headers.get("location").map(text).unwrap_or_default(),
            cookies: headers.get_all("set-cookie").iter().map(text).collect(),
            headers,
            body: response.text().await.expect("body"),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn form_token(&self) -> String {
        let mut parts = self.body.split("name=\"form_token\" value=\"");
        parts.nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }
}

impl Browser<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(self.server.url(path)).header("accept", "text/html");
        Answer::of(request.send().await.expect("answer")).await
    }

    /// Posts a form as it stands, without the hidden token.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).expect("form");
        let request = self.client.post(self.server.url(path)).header("accept", "text/html").body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Answer::of(request.send().await.expect("answer")).await
    }

    /// Opens a page and submits a form of it.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get(page).await.form_token();
        let mut all = vec![("form_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(action, &all).await
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.submit("/login", "/login", &[("name", name), ("password", password), ("next", "/account")]).await
    }
}

/// Says something on a connection of its own, and reads what there is once the answer's body is in.
pub async fn raw(server: &Server, bytes: &[u8]) -> Vec<u8> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(server.running.addr).await.expect("connects");
    stream.write_all(bytes).await.expect("sends");
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer);
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next());
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n");
        if let (Some(length), Some(head)) = (length, head)
            && answer.len() >= head + 4 + length.parse::<usize>().expect("a number")
        {
            return answer;
        }
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.expect("reads");
        assert_ne!(read, 0, "hung up early: {text}");
        answer.extend_from_slice(&piece[..read]);
    }
}
