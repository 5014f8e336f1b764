//! Which address a request comes from.
//!
//! `X-Forwarded-For` is a claim. It is believed only from proxies we were told to trust, and read from the right: the
//! last hop was written by our own proxy, what stands left of it by whoever sent the request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word is taken.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Trusts these address ranges.
    #[must_use]
    pub fn new(ranges: &[IpNet]) -> Self {
        Self(ranges.into())
    }

    /// Whether an address is one of ours.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|range| range.contains(&ip))
    }

    /// The client's address: the peer, or behind trusted proxies the rightmost hop that is not one of them.
    #[must_use]
    pub fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.ip().to_canonical();
        let lines: Vec<&str> =
            headers.get_all(FORWARDED_FOR).iter().filter_map(|v| v.to_str().ok()).collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.contains(client) {
                break;
            }
            let Ok(next) = hop.trim().parse::<IpAddr>() else { break };
            client = next.to_canonical();
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = TrustedProxies::new(&["10.0.0.0/8".parse().expect("range")]);
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
        }
        proxies.client(SocketAddr::new(peer.parse().expect("address"), 1), &headers).to_string()
    }

    #[test]
    fn strangers_are_not_believed() {
        assert_eq!(client("203.0.113.9", &["1.1.1.1"]), "203.0.113.9");
    }

    #[test]
    fn our_proxy_is_believed_about_its_own_peer_only() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn nonsense_ends_the_search() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }
}
