//! What the next segment of a line is expected to say, so that only what differs is written.

use crate::base::{ChainId, Digest, KeyId, Millis, Seq, ServerSample};
use crate::log::{ClockEvidence, ConfigCite, Head, Header, Quality, SiteRoot};

/// The segments of one chain under one key within a frame, and what the last of them said.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) chain: ChainId,
    pub(super) key: KeyId,
    /// The number that the next segment should start with.
    pub(super) next: Seq,
    /// The identifier that the next segment should name as the one before.
    pub(super) prev: Option<Digest>,
    /// The claimed time of the last entry.
    pub(super) wall: Millis,
    pub(super) clock: ClockEvidence,
    pub(super) config: Option<ConfigCite>,
    pub(super) checkpoint: Option<SiteRoot>,
    pub(super) seen: Vec<(ChainId, Head)>,
}

const NO_CLOCK: ClockEvidence = ClockEvidence {
    wall: 0,
    zone: 0,
    hlc: 0,
    hlc_counter: 0,
    mono: 0,
    boot: crate::base::BootId([0; 8]),
    quality: Quality::Sampled,
    sample: None::<ServerSample>,
};

impl Line {
    pub(super) fn new(chain: ChainId, key: KeyId) -> Self {
        Self {
            chain,
            key,
            next: 1,
            prev: None,
            wall: 0,
            clock: NO_CLOCK,
            config: None,
            checkpoint: None,
            seen: Vec::new(),
        }
    }

    /// Goes on after a segment, whose last entry claims the given time.
    pub(super) fn follow(&mut self, header: &Header, last_at: Millis) {
        self.next = header.last() + 1;
        self.prev = Some(header.id());
        self.wall = last_at;
        self.clock = header.clock;
        self.config = header.config;
        self.checkpoint = header.checkpoint;
        self.seen.clone_from(&header.seen);
    }

    /// Goes on after a segment that the receiver holds.
    pub(super) fn skip(&mut self, first: Seq, count: u32) {
        self.next = first.saturating_add(count.into());
        self.prev = None;
    }
}

/// What of a header is written because it is not what the line expects.
pub(super) mod form {
    pub(crate) const FIRST: u64 = 1;
    pub(crate) const PREV: u64 = 1 << 1;
    pub(crate) const ROOT: u64 = 1 << 2;
    pub(crate) const SIGNED: u64 = 1 << 3;
    pub(crate) const ZONE: u64 = 1 << 4;
    pub(crate) const HLC: u64 = 1 << 5;
    pub(crate) const BOOT: u64 = 1 << 6;
    pub(crate) const QUALITY: u64 = 1 << 7;
    pub(crate) const SAMPLE: u64 = 1 << 8;
    pub(crate) const CONFIG: u64 = 1 << 9;
    pub(crate) const CHECKPOINT: u64 = 1 << 10;
    pub(crate) const SEEN: u64 = 1 << 11;
    pub(crate) const RAW: u64 = 1 << 12;
    pub(crate) const BEYOND: u64 = 1 << 13;
    pub(crate) const ALL: u64 = (1 << 14) - 1;
}
