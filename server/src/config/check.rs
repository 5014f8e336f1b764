//! What settings must not say together.

use super::Config;

/// Settings that contradict each other or would be unsafe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Passwords would travel in the clear.
    #[error(
        "listen = {0} 可以从别的机器访问，但没有 TLS。请在前面放一个反向代理并设置 behind_tls_proxy = true，或只监听 127.0.0.1。\n\
         listen = {0} can be reached from other machines, without TLS. Put a proxy in front and set \
         behind_tls_proxy = true, or listen on 127.0.0.1 only."
    )]
    PublicWithoutTls(std::net::SocketAddr),
    /// Anybody could read how much is recorded where.
    #[error(
        "metrics.listen = {0} 可以从别的机器访问。若确实需要，请设置 metrics.remote = true；否则请监听 127.0.0.1。\n\
         metrics.listen = {0} can be reached from other machines. If that is meant, set metrics.remote = true; otherwise listen on 127.0.0.1."
    )]
    PublicMetrics(std::net::SocketAddr),
    /// Cookies and the origin check need to know the address people use.
    #[error(
        "behind_tls_proxy = true 时必须填写 public_origin，并以 https:// 开头。\n\
         With behind_tls_proxy = true, public_origin is needed and must begin with https://."
    )]
    NoPublicOrigin,
    /// Every client would seem to be the proxy, and share its limits.
    #[error(
        "behind_tls_proxy = true 时必须在 trusted_proxies 里写明代理的地址，例如 [\"127.0.0.1/32\"]。\n\
         With behind_tls_proxy = true, trusted_proxies must name the proxy's addresses, for example [\"127.0.0.1/32\"]."
    )]
    NoTrustedProxies,
    /// An origin is a scheme, a host and perhaps a port.
    #[error(
        "public_origin 应如 https://dutylog.example.org：没有路径，没有末尾的斜杠。\n\
         public_origin must look like https://dutylog.example.org: no path, no slash at the end."
    )]
    NotAnOrigin,
    /// A page needs a name at its top.
    #[error("organisation 不能为空。/ organisation must not be empty.")]
    NoOrganisation,
}

pub(super) fn check(config: &Config) -> Result<(), Invalid> {
    if !config.listen.ip().is_loopback() && !config.behind_tls_proxy {
        return Err(Invalid::PublicWithoutTls(config.listen));
    }
    if let Some(at) = config.metrics.listen.filter(|at| !at.ip().is_loopback() && !config.metrics.remote) {
        return Err(Invalid::PublicMetrics(at));
    }
    if config.public_origin.as_deref().is_some_and(|origin| !is_origin(origin)) {
        return Err(Invalid::NotAnOrigin);
    }
    let https = config.public_origin.as_deref().is_some_and(|origin| origin.starts_with("https://"));
    if config.behind_tls_proxy && !https {
        return Err(Invalid::NoPublicOrigin);
    }
    if config.behind_tls_proxy && config.trusted_proxies.is_empty() {
        return Err(Invalid::NoTrustedProxies);
    }
    if config.organisation.trim().is_empty() {
        return Err(Invalid::NoOrganisation);
    }
    Ok(())
}

/// Browsers send an origin in lower case, without a path; anything else would never match.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && host.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c))
    })
}
