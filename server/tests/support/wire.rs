//! Requests of programs, and what they got.

use reqwest::{Client, Method};

use super::Server;

pub const CONTENT_TYPE: &str = "application/x-dutylog";

/// What a request got.
#[derive(Debug, Clone)]
pub struct Got {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    pub fn code(&self) -> &str {
        self.header("dutylog-code")
    }

    pub fn problem(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a problem document")
    }

    pub fn response(&self) -> dutylog_core::sync::Response {
        dutylog_core::sync::Response::from_bytes(&self.body).expect("an answer of the protocol")
    }
}

impl Server {
    pub async fn send(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Got {
        self.ask(Method::POST, path, headers, body).await
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Got {
        let mut request = Client::new().request(method, self.url(path)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let text = |value: &reqwest::header::HeaderValue| value.to_str().expect("text").to_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Got {
            status: response.status().as_u16(),
            headers,
            body: response.bytes().await.expect("a body").to_vec(),
        }
    }
}
