//! Which language to answer in: `?lang=` in the address, then the choice remembered, then what the browser prefers,
//! then Chinese. A choice in the address is remembered.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::cookies::{Cookies, Name};
use crate::i18n::Locale;

const REMEMBERED_DAYS: i64 = 365;

/// Puts the [`Locale`] among the request's extensions.
pub(crate) async fn choose(State(cookies): State<Cookies>, mut request: Request, next: Next) -> Response {
    let chosen = in_address(request.uri());
    let locale = chosen
        .or_else(|| remembered(cookies, request.headers()))
        .unwrap_or_else(|| preferred(request.headers()));
    request.extensions_mut().insert(locale);
    let mut response = next.run(request).await;
    if chosen.is_some() {
        let cookie = cookies.set(Name::Language, locale.tag(), Some(REMEMBERED_DAYS));
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn in_address(uri: &Uri) -> Option<Locale> {
    uri.query()?.split('&').find_map(|pair| Locale::of_tag(pair.strip_prefix("lang=")?))
}

fn remembered(cookies: Cookies, headers: &HeaderMap) -> Option<Locale> {
    Locale::of_tag(&cookies.read(headers, Name::Language)?)
}

fn preferred(headers: &HeaderMap) -> Locale {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.and_then(Locale::accepted).unwrap_or_default()
}
