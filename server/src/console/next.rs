//! Where to go after signing in.

/// The page somebody wanted, if it is one of ours: `//host` and `/\host` would lead elsewhere.
pub(super) fn local(next: &str) -> &str {
    let ours = next.starts_with('/') && !next[1..].starts_with(['/', '\\']);
    if ours && next.bytes().all(|b| b.is_ascii_graphic()) { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_leads_elsewhere() {
        for bad in [
            "",
            "//evil.net",
            "/\\evil.net",
            "https://evil.net",
            "/a\r\nSet-Cookie: x",
            "evil",
            "/\t/evil.net",
        ] {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
        assert_eq!(local("/sites?state=late"), "/sites?state=late");
    }
}
