//! Somebody of headquarters at the console: comments on an incident, and remembers which comments were acknowledged.

use std::net::SocketAddr;
use std::path::Path;

use dutylog_core::base::{RecordId, SiteId};
use dutylog_core::records::site_plan::person_id;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};

use super::kill::scope_of;
use super::phone::Events;
use super::program::{must, open};

pub(crate) struct Reviewer {
    client: Client,
    origin: String,
    /// The page of the incident.
    page: String,
    token: String,
    said: u32,
    /// What the console answered for.
    pub(crate) acked: Vec<String>,
    events: Events,
}

/// The hidden token of a page's forms.
fn form_token(page: &str) -> String {
    let after = page.split("name=\"form_token\" value=\"").nth(1).expect("a form");
    after.split('"').next().expect("its token").to_owned()
}

fn page_of(site: SiteId, incident: RecordId) -> String {
    format!("/sites/{site}/incidents/{incident}")
}

impl Reviewer {
    /// An account is made, and somebody signs in.
    pub(crate) async fn sign_in(
        data: &Path,
        address: SocketAddr,
        incident: RecordId,
        events: Events,
    ) -> Self {
        let parts = open(data).await;
        let (person, site) = (person_id(parts.keys.org(), "B001"), scope_of(&parts).site());
        parts.database.close().await;
        let add = ["admin", "account", "add", "--name", "hq", "--role", "hq", "--person"];
        let said = must(data, &[&add[..], &[&person.to_string()]].concat());
        let password = said.trim().rsplit(' ').next().expect("a password").to_owned();
        let client = Client::builder().no_proxy().cookie_store(true).redirect(Policy::none());
        let client = client.pool_max_idle_per_host(0).build().expect("a client");
        let (origin, page) = (format!("http://{address}"), page_of(site, incident));
        let (token, said, acked) = (String::new(), 0, Vec::new());
        let mut reviewer = Self { client, origin, page, token, said, acked, events };
        reviewer.token = reviewer.token_of("/login").await;
        let fields = [("name", "hq"), ("password", password.as_str()), ("next", "/")];
        let answer = reviewer.submit("/login", &fields).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        reviewer.token = reviewer.token_of("/account").await;
        reviewer
    }

    async fn send(&self, request: RequestBuilder) -> reqwest::Result<Response> {
        self.events.happen();
        let answer = request.header("accept", "text/html").header("origin", &self.origin).send().await;
        self.events.happen();
        answer
    }

    async fn token_of(&self, path: &str) -> String {
        let answer = self.send(self.client.get(format!("{}{path}", self.origin))).await;
        form_token(&answer.expect("an answer").text().await.expect("a page"))
    }

    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Response> {
        let all: Vec<_> = [("form_token", self.token.as_str())].iter().chain(fields).copied().collect();
        let body = serde_urlencoded::to_string(all).expect("a form");
        let request = self.client.post(format!("{}{path}", self.origin)).body(body);
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// Takes notice of the incident.
    pub(crate) async fn acknowledge(&self) {
        let answer = self.submit(&self.page, &[("act", "acknowledge")]).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }

    /// Comments so many times, each time with other words. What was not answered is not said again.
    pub(crate) async fn comment(&mut self, count: u32) {
        for _ in 0..count {
            self.said += 1;
            let text = format!("请说明第 {} 项。", self.said);
            let Ok(answer) = self.submit(&self.page, &[("act", "comment"), ("text", &text)]).await else {
                continue;
            };
            match answer.status() {
                StatusCode::SEE_OTHER => self.acked.push(text),
                busy if busy.is_server_error() => (),
                other => panic!("{other} for a comment"),
            }
        }
    }

    /// Every comment that was ever attempted.
    pub(crate) fn attempted(&self) -> impl Iterator<Item = String> {
        (1..=self.said).map(|n| format!("请说明第 {n} 项。"))
    }
}
