//! Cookies: their names and attributes, in one place.
//!
//! Over TLS every name carries the `__Host-` prefix, which makes browsers insist on `Secure`, `Path=/` and no domain. On
//! plain HTTP, which is only allowed on loopback, the same without both.

use crate::accounts::{Role, Session};
use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// The session's token.
    Session,
    /// Tells one browser from another before anybody signed in.
    Browser,
    /// The language chosen.
    Language,
}

impl Name {
    const fn text(self) -> &'static str {
        match self {
            Self::Session => "dutylog-session",
            Self::Browser => "dutylog-browser",
            Self::Language => "dutylog-language",
        }
    }
}

/// Makes and reads cookies.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    /// Whether browsers reach us over TLS.
    pub https: bool,
}

impl Cookies {
    /// The name as it travels.
    #[must_use]
    pub fn name(self, name: Name) -> String {
        if self.https { format!("__Host-{}", name.text()) } else { name.text().to_owned() }
    }

    /// The value of a cookie; nothing when it is sent twice, since only one of the two can be ours.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, name: Name) -> Option<String> {
        let name = self.name(name);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut found = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = found.by_ref().filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
        let first = values.next();
        if values.next().is_some() { None } else { first }
    }

    /// The header that sets a cookie, until the browser is closed or for some days.
    #[must_use]
    pub fn set(self, name: Name, value: &str, days: Option<i64>) -> HeaderValue {
        let age = days.map(|days| days * 24 * 60 * 60);
        self.header(name, value, age, SameSite::Lax)
    }

    /// The header that sets the cookie of a session. An administrator's never comes along when another site leads here.
    #[must_use]
    pub fn session(self, session: &Session) -> HeaderValue {
        let strict = session.account.role == Role::Admin;
        let same_site = if strict { SameSite::Strict } else { SameSite::Lax };
        self.header(Name::Session, &session.token.text(), None, same_site)
    }

    /// The header that makes the browser forget a cookie.
    #[must_use]
    pub fn forget(self, name: Name) -> HeaderValue {
        self.header(name, "", Some(0), SameSite::Lax)
    }

    fn header(self, name: Name, value: &str, max_age_s: Option<i64>, same_site: SameSite) -> HeaderValue {
        let cookie = Cookie::build((self.name(name), value)).path("/").http_only(true).same_site(same_site);
        let mut text = cookie.secure(self.https).build().to_string();
        if let Some(seconds) = max_age_s {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        HeaderValue::from_str(&text).expect("our names and values are plain hexadecimal or tags")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_cookies_are_bound_to_the_host() {
        let text = Cookies { https: true }.set(Name::Session, "abc", None);
        assert_eq!(text, "__Host-dutylog-session=abc; HttpOnly; SameSite=Lax; Secure; Path=/");
    }

    #[test]
    fn a_cookie_sent_twice_is_none() {
        let cookies = Cookies { https: false };
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; dutylog-session=abc"));
        assert_eq!(cookies.read(&headers, Name::Session).as_deref(), Some("abc"));
        headers.append(header::COOKIE, HeaderValue::from_static("dutylog-session=evil"));
        assert_eq!(cookies.read(&headers, Name::Session), None);
    }
}
