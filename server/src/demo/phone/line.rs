//! A phone's connection: real HTTP.

use std::time::Duration;

use reqwest::{Client, Method};
use tokio::runtime::Handle;

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}

/// A connection that blocks the thread it is used on, as a phone's own HTTP stack does; never a thread of the runtime.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Line {
    client: Client,
    runtime: Handle,
}

impl Line {
    /// A connection that is worked on by a runtime's threads.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(in crate::demo) fn new(runtime: Handle) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(Duration::from_secs(60)).no_proxy().build()?;
        Ok(Self { client, runtime })
    }

    /// Posts a body and waits for the answer.
    pub(super) fn post(
        &self,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> reqwest::Result<Answer> {
        self.send("POST", url, headers, body)
    }

    /// Sends a request and waits for the answer.
    pub(super) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> reqwest::Result<Answer> {
        let method = if method == "GET" { Method::GET } else { Method::POST };
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        self.runtime.block_on(async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let headers = response.headers().iter();
            let headers =
                headers.filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())));
            let headers = headers.collect();
            Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
        })
    }
}
