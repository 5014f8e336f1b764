//! Sizes and times at the edge of the server.

use std::time::Duration;

/// How long and how much a client may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From connecting to the first byte.
    pub first_byte: Duration,
    /// From connecting to the end of the first request's header.
    pub first_header: Duration,
    /// From the end of one exchange to the end of the next request's header, on a connection kept open.
    pub keep_alive: Duration,
    /// Between two pieces of a request's body.
    pub body_stall: Duration,
    /// From the header to the answer's header.
    pub request: Duration,
    /// How long requests in hand may take to end when the server stops.
    pub drain: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address; whole sites sit behind one.
    pub connections_per_ip: usize,
    /// Requests at once; more are told to come back.
    pub requests: usize,
    /// Bytes of a request's header.
    pub header_bytes: usize,
    /// Fields of a request's header.
    pub header_fields: usize,
    /// Streams at once on one HTTP/2 connection.
    pub streams: u32,
    /// Bytes of a body, where a route says nothing else.
    pub body_bytes: usize,
    /// Segments of a site's log from which on a new phone gets a snapshot, and after which another one is made.
    pub snapshot_segments: u64,
    /// How far back the segments go that a snapshot brings along.
    pub snapshot_recent: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(5),
            first_header: Duration::from_secs(10),
            keep_alive: Duration::from_secs(60),
            body_stall: Duration::from_secs(15),
            request: Duration::from_secs(60),
            drain: Duration::from_secs(10),
            connections: 2_048,
            connections_per_ip: 256,
            requests: 512,
            header_bytes: 32 * 1024,
            header_fields: 64,
            streams: 64,
            body_bytes: 64 * 1024,
            snapshot_segments: 256,
            snapshot_recent: Duration::from_secs(30 * 24 * 3_600),
        }
    }
}
