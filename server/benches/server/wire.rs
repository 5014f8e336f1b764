//! HTTP/1.1 over one kept connection, with every byte counted, heads included. What it sends besides what the protocol asks for is
//! `host` and `content-length`, which HTTP asks for.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use dutylog_core::sync::auth::nonce_from_header;
use dutylog_core::sync::{HttpRequest, Nonce};

use crate::ratios::Outcome;

/// A connection.
pub(super) struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
    /// Bytes that went either way so far.
    pub(super) bytes: usize,
}

/// An answer.
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Got {
    /// The nonce that came in the head.
    pub(super) fn nonce(&self) -> Option<Nonce> {
        nonce_from_header(self.header("dutylog-nonce"))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

impl Wire {
    /// Connects.
    pub(super) fn to(addr: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: addr.to_string(), bytes: 0 })
    }

    /// Sends what a session wants sent.
    pub(super) fn send(&mut self, request: &HttpRequest) -> Outcome<Got> {
        let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.ask(&request.path, &headers, &request.body)
    }

    /// Posts a body of the protocol.
    pub(super) fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Outcome<Got> {
        let headers: Vec<_> =
            headers.iter().copied().chain([("content-type", "application/x-dutylog")]).collect();
        self.ask(path, &headers, body)
    }

    fn ask(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Outcome<Got> {
        let mut bytes = format!("POST {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        for (name, value) in headers {
            bytes += &format!("{name}: {value}\r\n");
        }
        bytes += &format!("content-length: {}\r\n\r\n", body.len());
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.get_mut().write_all(&bytes)?;
        self.bytes += bytes.len();
        self.read()
    }

    fn read(&mut self) -> Outcome<Got> {
        let status = self.line()?.split(' ').nth(1).ok_or("no status")?.parse()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").ok_or("no header")?;
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut got = Got { status, headers, body: Vec::new() };
        got.body = vec![0; got.header("content-length").parse().unwrap_or(0)];
        self.stream.read_exact(&mut got.body)?;
        self.bytes += got.body.len();
        Ok(got)
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.bytes += self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}
