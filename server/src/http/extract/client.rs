//! Who is at the other end of the line, before anybody signed in.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::accounts::Token;
use crate::app::AppState;
use crate::http::cookies::Name;
use crate::http::problem::{Problem, catalogue};

/// The client's address, forwarded by proxies we trust or the peer's own.
#[derive(Debug, Clone, Copy)]
pub struct ClientIp(pub IpAddr);

impl FromRequestParts<AppState> for ClientIp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().ok_or_else(catalogue::internal)?;
        Ok(Self(state.proxies.client(peer.0, &parts.headers)))
    }
}

/// What tells one browser from another, if it has been given it.
#[derive(Debug, Clone)]
pub struct Browser(pub Option<Token>);

impl FromRequestParts<AppState> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(state.cookies.read(&parts.headers, Name::Browser).as_deref().and_then(Token::parse)))
    }
}
