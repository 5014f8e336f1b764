//! Where the server is reached, as browsers see it; and whether a request comes from our own pages.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, Method, header};

const FETCH_SITE: &str = "sec-fetch-site";

/// The origins our pages have. One, except on a machine of one's own, where the loopback address has several names.
#[derive(Debug, Clone)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// The configured origin, or the names of a loopback address.
    #[must_use]
    pub fn new(public: Option<&str>, bound: SocketAddr) -> Self {
        let port = bound.port();
        let names = match public {
            Some(origin) => vec![origin.to_owned()],
            None => ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("http://{host}:{port}")).into(),
        };
        Self(names.into())
    }

    /// The one to show people.
    #[must_use]
    pub fn main(&self) -> &str {
        &self.0[0]
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether browsers reach us over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.main().starts_with("https://")
    }

    /// Whether a request may change something, judged by what browsers say about the page it comes from.
    ///
    /// Our pages send no referrer, and browsers then send `Origin: null` with their forms; `Sec-Fetch-Site`, which no page
    /// can forge, tells those apart from strangers'. Programs that send neither header are not browsers and have no
    /// cookies to abuse; the form's own token stands behind this check in any case.
    #[must_use]
    pub fn allows(&self, method: &Method, headers: &HeaderMap) -> bool {
        if method.is_safe() {
            return true;
        }
        let text = |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or("?"));
        match (text(FETCH_SITE), text(header::ORIGIN.as_str())) {
            (Some(site), Some("null") | None) => site == "same-origin",
            (Some(site), Some(origin)) => site == "same-origin" && self.is_ours(origin),
            (None, Some(origin)) => self.is_ours(origin),
            (None, None) => true,
        }
    }

    fn is_ours(&self, origin: &str) -> bool {
        self.0.iter().any(|ours| ours == origin)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn allowed(method: &Method, site: Option<&'static str>, origin: Option<&'static str>) -> bool {
        let origins = Origins::new(Some("https://hq.example.org"), SocketAddr::from(([127, 0, 0, 1], 1)));
        let mut headers = HeaderMap::new();
        site.map(|site| headers.insert(FETCH_SITE, HeaderValue::from_static(site)));
        origin.map(|origin| headers.insert(header::ORIGIN, HeaderValue::from_static(origin)));
        origins.allows(method, &headers)
    }

    #[test]
    fn our_own_forms_pass() {
        assert!(allowed(&Method::POST, Some("same-origin"), Some("https://hq.example.org")));
        assert!(allowed(&Method::POST, Some("same-origin"), Some("null")));
        assert!(allowed(&Method::POST, None, Some("https://hq.example.org")));
        assert!(allowed(&Method::GET, Some("cross-site"), None));
    }

    #[test]
    fn other_pages_do_not() {
        assert!(!allowed(&Method::POST, Some("cross-site"), None));
        assert!(!allowed(&Method::POST, Some("same-site"), Some("https://hq.example.org")));
        assert!(!allowed(&Method::POST, Some("same-origin"), Some("https://evil.example.org")));
        assert!(!allowed(&Method::DELETE, None, Some("https://hq.example.org.evil.net")));
        assert!(!allowed(&Method::POST, None, Some("null")));
    }
}
